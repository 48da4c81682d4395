"""Clerk: many jobs at once for many people, typed, pasted or read from free text, with a record of who said so."""
