"""Feeds: what other programs take without our API: OGC features, calendars; and what is sent out: webhooks, notices."""
