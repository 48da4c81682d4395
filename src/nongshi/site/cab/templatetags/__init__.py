"""Tags of the cab."""
