"""Base: organisations, people and their roles, who may see what, and the pages and answers that all desks share.

Nouns: Org, Person, Role, Scope, Event. Every query of every desk goes through :mod:`nongshi.site.base.rights` and
:class:`nongshi.site.base.rows.OrgRow`. Must not know jobs, machines or plans.
"""
