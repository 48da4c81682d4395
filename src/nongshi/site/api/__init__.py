"""API: joins the `api.py` of every app under /api/v1; the machinery that all of them use is the base's."""
