"""Cab: an operator's own work, in order. So far it shows; reports and work without a connection follow."""
