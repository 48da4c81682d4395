"""Nongshi 农时: the right machine, with a licensed operator, onto the right field inside its farming window."""
