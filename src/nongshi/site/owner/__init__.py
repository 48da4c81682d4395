"""Owner: what one's machines did, earned and drove empty, and what is due."""
