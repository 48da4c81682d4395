"""Tags of the owner's desk."""
