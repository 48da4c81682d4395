"""Owner: what one's machines did, earned and drove empty, what is due, and which work nearby has no machine yet."""
