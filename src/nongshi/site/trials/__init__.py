"""Trials: orders and money measured and attacked on a database of their own; `nongshi bench orders` runs them.

They stand here and not in `bench` because they work inside the site: its services, its transactions, its processes.
"""
