"""Tags of orders."""
