"""People: who belongs to an organisation, what they are there, how they come in, and how that is taken back."""
