"""Auditor: read-only, from every number back to the acts, tracks and papers it comes from."""
