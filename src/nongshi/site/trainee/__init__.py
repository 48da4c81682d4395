"""Trainee: one's own courses, wishes in two taps, the answer and why, the certificate; and work that waits."""
