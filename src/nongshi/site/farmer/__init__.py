"""Farmer: somebody's own jobs, and when who comes. It shows; posting follows. Knows jobs and work orders."""
