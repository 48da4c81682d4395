"""The matrix of rights: what every operation of the API speaks of, and every page.

A new operation or page without an entry fails `test_matrix.py`. To add one: name it, say by which row its path
parameters are filled, and (operations) which rights it takes. `own` rows must be reached by exactly those roles whose
rights say so, rows of the `other` cooperative by nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.site.api.two import Side

from nongshi.site.base.rights import Resource, RoleKind

R = Resource
Right = tuple[Resource, bool]  # (kind of row, to be changed)


def see(resource: Resource) -> tuple[Right, ...]:
    """The right to look."""
    return ((resource, False),)


def change(resource: Resource) -> tuple[Right, ...]:
    """The right to change."""
    return ((resource, True),)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One operation of the API."""

    needs: tuple[Right, ...] = ()  # none: everybody with a login
    path: Mapping[str, str] = field(default_factory=dict)  # path parameter -> row of the side: {"job_id": "job"}
    query: Callable[[Side], str] | None = None
    body: Callable[[Side], Any] | None = None
    own: bool = False  # only rows that name the person are reached, so here nobody's
    only: frozenset[RoleKind] | None = None  # where the service asks for more than the rights


def _day(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def _point(side: Side, ref: str) -> dict[str, Any]:
    return {"org_id": side.org.pk, "ref": ref, "name": ref, "lon": 121.2, "lat": 30.8}


def _wish(side: Side) -> dict[str, Any]:
    return {"field_id": side.field.pk, "operation": "rice_harvest", "since": _day(0), "until": _day(3)}


def _field(side: Side) -> dict[str, Any]:
    gate = {"gate_lon": 121.2, "gate_lat": 30.8, "grower_id": side.person.pk}
    return {"org_id": side.org.pk, "ref": "NEW", "name": "new", "area_ha": 1.0, **gate}


def _machine(side: Side) -> dict[str, Any]:
    yard = {"yard_lon": 121.2, "yard_lat": 30.8}
    return {"org_id": side.org.pk, "ref": "NEW", "machine_class": "combine-s", "owner_id": side.person.pk, **yard}


def _lending(side: Side) -> dict[str, Any]:
    days = {"since": _day(0), "until": _day(2)}
    return {"org_id": side.org.pk, "to_id": side.third.pk, "what": "machine", "machine_id": side.machine.pk, **days}


NEW: Mapping[str, Callable[[Side], Any]] = {
    "field": _field,
    "machine": _machine,
    "operator": lambda side: {"org_id": side.org.pk, "ref": "NEW", "person_id": side.person.pk},
    "dryer": lambda side: {**_point(side, "NEW"), "t_day": 60.0, "hold_t": 9.0},
    "yard": lambda side: _point(side, "NEW"),
    "lending": _lending,
}
CHANGED: Mapping[str, Any] = {"lending": {"until": _day(5)}}


def _register() -> dict[str, Entry]:
    found = {}
    for one, new in NEW.items():
        resource, at = Resource(one), {"pk": one}
        changed = CHANGED.get(one, {"ref": "RENAMED"})
        found[f"list_{one}s"] = Entry(needs=see(resource))
        found[f"get_{one}"] = Entry(needs=see(resource), path=at)
        found[f"add_{one}"] = Entry(needs=change(resource), body=new)
        found[f"change_{one}"] = Entry(needs=change(resource), path=at, body=lambda side, given=changed: given)
        found[f"remove_{one}"] = Entry(needs=change(resource), path=at)
    return found


API: Mapping[str, Entry] = {
    **_register(),
    "get_me": Entry(),
    "list_orgs": Entry(needs=see(R.ORG)),
    "get_org": Entry(needs=see(R.ORG), path={"org_id": "org"}),
    "list_people": Entry(needs=see(R.PERSON)),
    "get_person": Entry(needs=see(R.PERSON), path={"person_id": "person"}),
    "change_person": Entry(
        needs=change(R.PERSON), path={"person_id": "person"}, body=lambda side: {"phone": "13900000000"}
    ),
    "list_roles": Entry(needs=see(R.PERSON), path={"person_id": "person"}),
    "list_events": Entry(needs=see(R.EVENT)),
    "list_code_tables": Entry(),
    "get_code_table": Entry(own=True, path={"pk": "season"}),  # no table is there; tables are everybody's
    "list_codes": Entry(own=True, path={"pk": "season"}),
    "list_jobs": Entry(needs=see(R.JOB)),
    "get_job": Entry(needs=see(R.JOB), path={"job_id": "job"}),
    "post_job": Entry(needs=(*see(R.FIELD), *change(R.JOB)), body=_wish),
    "cancel_job": Entry(needs=change(R.JOB), path={"job_id": "job"}),
    "confirm_job": Entry(needs=change(R.JOB), path={"job_id": "done"}, body=lambda side: {"stars": 5}),
    "dispute_job": Entry(needs=change(R.JOB), path={"job_id": "done"}, body=lambda side: {"why": "rows left"}),
    "quote_job": Entry(needs=see(R.JOB), path={"job_id": "job"}),
    "quote_field": Entry(
        needs=(*see(R.FIELD), *change(R.JOB)),
        path={"field_id": "field"},
        query=lambda side: f"operation=rice_harvest&since={_day(0)}&until={_day(3)}",
    ),
    "list_seasons": Entry(needs=see(R.SEASON)),
    "get_season": Entry(needs=see(R.SEASON), path={"season_id": "season"}),
    "list_members": Entry(needs=see(R.SEASON), path={"season_id": "season"}),
    "start_plan": Entry(needs=change(R.SEASON), path={"season_id": "season"}, body=lambda side: {"cpu_s": 1.0}),
    "list_plans": Entry(needs=see(R.PLAN)),
    "get_plan": Entry(needs=see(R.PLAN), path={"plan_id": "plan"}),
    "get_plan_file": Entry(needs=see(R.PLAN), path={"plan_id": "plan"}),
    "publish_plan": Entry(needs=change(R.PLAN), path={"plan_id": "plan"}),
    "list_work_orders": Entry(needs=see(R.WORK_ORDER)),
    "get_work_order": Entry(needs=see(R.WORK_ORDER), path={"order_id": "work_order"}),
    "list_runs": Entry(needs=see(R.RUN)),
    "get_run": Entry(needs=see(R.RUN), path={"run_id": "run"}),
    "cancel_run": Entry(needs=change(R.RUN), path={"run_id": "run"}),
    "list_notices": Entry(needs=see(R.NOTICE)),
    "get_notice": Entry(needs=see(R.NOTICE), path={"notice_id": "notice"}),
    "read_notice": Entry(own=True, path={"notice_id": "notice"}),
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page or form: how its address is filled, and what is sent to it."""

    path: Mapping[str, str | Callable[[Side], Any]] = field(default_factory=dict)  # row's name, or a function
    query: Callable[[Side], str] | None = None
    form: Callable[[Side], Any] | None = None  # sent by POST, too
    why_open: str = ""  # a reason instead: the page shows no organisation's rows


PLAIN = Page(why_open="shows nobody's rows")
VERSION = {"version": "1"}
PAGES: Mapping[str, Page] = {
    # the frame: one's own person only
    "base:home": Page(),
    "base:access": Page(),
    "base:follow": Page(path={"secret": lambda side: "no-such-secret"}),
    "base:link_help": PLAIN,
    "base:revoke": Page(path={"what": lambda side: "token", "pk": lambda side: 1}, form=lambda side: {}),
    "base:language": Page(form=lambda side: {"language": "en"}),
    "base:sign_out": Page(why_open="ends the session"),
    "base:health": PLAIN,
    "farmer:home": Page(),
    "cab:today": Page(),
    "board:home": Page(),
    "board:one": Page(path={"plan_id": "plan"}),
    "board:make": Page(path={"season_id": "season"}, form=lambda side: {}),
    "board:publish": Page(path={"plan_id": "plan"}, form=lambda side: VERSION),
}
# Whole packages whose pages are not ours: the administration is for superusers, the rest for one's own login.
PACKAGES = ("admin:", "account_", "mfa_", "socialaccount_", "usersessions_", "openid_connect_", "set_language", "api:")
