"""Plans: seasons that towns plan together, plans as drafts and published, work orders, notices.

Nouns: Season, PlanRow, WorkOrder, Notice. What a plan is decides :mod:`nongshi.dispatch`; here it is kept and given
out.
"""
