"""Tags of money."""
