"""Site: the web desks and the API over all other rooms; one Django project, one app per desk.

Every app has the same file names: models (what is kept), services (load, one call into a room, save, one event),
api and views (translate, never decide), admin, templates. Which rows somebody may see or change is decided in one
place, :mod:`nongshi.site.base.rights`; every query goes through it. Entry: `nongshi serve`, `nongshi manage`.
How to plan, measure or price it does not know: the rooms below do.
"""
