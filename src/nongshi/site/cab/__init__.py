"""Cab: an operator's own work on the phone, for a whole day without a connection, with hours, pay and papers."""
