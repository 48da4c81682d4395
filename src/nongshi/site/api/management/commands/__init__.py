"""Commands of the API: `fill_for_bench`."""
