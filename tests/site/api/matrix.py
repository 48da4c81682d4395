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
from tests.site.forecasts import drawn

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
    row: str = ""  # of a list: the row that it must hold; else the one that is called as the resource
    own: bool = False  # only rows that name the person are reached, so here nobody's
    at_home: bool = False  # the row is the district's own, where officers and auditors hold their role
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


def _course(side: Side) -> dict[str, Any]:
    days = {"start": _day(9), "end": _day(10)}
    return {"org_id": side.org.pk, "ref": "NEW", "licence_class": "S", "town": "new", "seats": 5, **days}


LEARNERS = frozenset({RoleKind.TRAINEE, RoleKind.OPERATOR})
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


BANK_LIST = "date,amount_yuan,name,remark,ref\n2026-11-01,1,a,b,c\n"
SIDES = frozenset({RoleKind.CLERK, RoleKind.DISPATCHER})  # who speaks for the cooperative


def _priced(org_id: int) -> dict[str, Any]:
    return {"org_id": org_id, "operation": "rice_harvest", "since": _day(3), "per_ha_fen": 90_000}


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
    "get_code_table": Entry(own=True, path={"pk": "no_table"}),  # tables are everybody's: one that is not there
    "list_codes": Entry(own=True, path={"pk": "no_table"}),
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
    "list_orders": Entry(needs=see(R.ORDER)),
    "get_order": Entry(needs=see(R.ORDER), path={"order_id": "order"}),
    "list_moves": Entry(needs=see(R.ORDER), path={"order_id": "order"}),
    "get_settlement": Entry(needs=see(R.ORDER), path={"order_id": "order"}),
    "get_track": Entry(needs=see(R.ORDER), path={"order_id": "order"}),
    "list_ratings": Entry(),  # of owners whose orders are in sight; no row, so no page either
    "begin_order": Entry(needs=change(R.JOB), body=lambda side: {"job_id": side.job.pk}),
    "quote_order": Entry(needs=change(R.ORDER), path={"order_id": "draft"}, body=lambda side: {}, only=SIDES),
    "book_order": Entry(needs=change(R.ORDER), path={"order_id": "order"}, only=SIDES),
    "wait_for_place": Entry(needs=change(R.ORDER), path={"order_id": "draft"}, only=SIDES),
    "act_order": Entry(
        needs=change(R.ORDER), path={"order_id": "order"}, body=lambda side: {"act": "cancel"}, only=SIDES
    ),
    "measure_order": Entry(
        needs=change(R.ORDER), path={"order_id": "worked"}, body=lambda side: {"area_ha": 1.0}, only=SIDES
    ),
    "list_prices": Entry(needs=see(R.ORG), row="price"),
    "add_price": Entry(needs=change(R.ACCOUNT), body=lambda side: _priced(side.org.pk)),
    "list_caps": Entry(needs=see(R.ORG), row="cap"),
    "add_cap": Entry(
        needs=change(R.ORG),
        body=lambda side: _priced(side.org.parent_id) | {"minimum_fen": 1},
        at_home=True,
        only=frozenset({RoleKind.OFFICER}),
    ),
    "list_terms": Entry(needs=see(R.ORG), row="terms"),
    "add_terms": Entry(needs=change(R.ACCOUNT), body=lambda side: {"org_id": side.org.pk, "since": _day(3)}),
    "list_accounts": Entry(needs=see(R.ACCOUNT)),
    "get_account": Entry(needs=see(R.ACCOUNT), path={"account_id": "account"}),
    "list_lines": Entry(
        needs=see(R.ACCOUNT), path={"account_id": "account"}, query=lambda side: f"first={_day(-3)}&last={_day(0)}"
    ),
    "close_statement": Entry(
        needs=change(R.ACCOUNT),
        path={"account_id": "account"},
        body=lambda side: {"first": _day(-3), "last": _day(-2)},
    ),
    "list_statements": Entry(needs=see(R.ACCOUNT), row="statement"),
    "get_statement": Entry(needs=see(R.ACCOUNT), path={"statement_id": "statement"}),
    "list_payments": Entry(needs=see(R.ACCOUNT), row="payment"),
    "get_payment": Entry(needs=see(R.ACCOUNT), path={"payment_id": "payment"}),
    "ask_payment": Entry(needs=change(R.ACCOUNT), path={"account_id": "account"}),
    "report_payment": Entry(
        needs=change(R.ACCOUNT), path={"payment_id": "payment"}, body=lambda side: {"amount_fen": 90_000}
    ),
    "read_bank_list": Entry(
        needs=change(R.ACCOUNT), body=lambda side: {"org_id": side.org.pk, "text": BANK_LIST, "take": True}
    ),
    "list_nettings": Entry(needs=see(R.ACCOUNT), row="netting"),
    "get_netting": Entry(needs=see(R.ACCOUNT), path={"netting_id": "netting"}),
    "propose_netting": Entry(needs=change(R.ACCOUNT), body=lambda side: {"org_id": side.org.pk}),
    "drop_netting": Entry(needs=change(R.ACCOUNT), path={"netting_id": "netting"}),
    "agree_transfer": Entry(needs=see(R.ACCOUNT), path={"transfer_id": "transfer"}, body=lambda side: {}),
    "pay_transfer": Entry(needs=change(R.ACCOUNT), path={"transfer_id": "transfer"}),
    "get_payment_file": Entry(needs=change(R.ACCOUNT), path={"netting_id": "netting"}),
    "list_seasons": Entry(needs=see(R.SEASON)),
    "get_season": Entry(needs=see(R.SEASON), path={"season_id": "season"}),
    "list_members": Entry(needs=see(R.SEASON), path={"season_id": "season"}),
    "add_season": Entry(
        needs=see(R.SEASON),
        body=lambda side: {
            "name": "new",
            "org_id": side.org.pk,
            "start_date": _day(300),
            "operations": ["rice_harvest"],
        },
        only=frozenset({RoleKind.DISPATCHER, RoleKind.OFFICER}),
    ),
    "set_member": Entry(
        needs=change(R.SEASON), path={"season_id": "season", "org_id": "org"}, body=lambda side: {"agreed": True}
    ),
    "list_season_facts": Entry(needs=change(R.SEASON), path={"season_id": "season"}),
    "take_back_season_fact": Entry(
        own=True, path={"season_id": "season"}, body=lambda side: {"key": "none", "why": "mine"}
    ),
    "start_plan": Entry(needs=change(R.SEASON), path={"season_id": "season"}, body=lambda side: {"cpu_s": 1.0}),
    "list_plans": Entry(needs=see(R.PLAN)),
    "get_plan": Entry(needs=see(R.PLAN), path={"plan_id": "plan"}),
    "get_plan_file": Entry(needs=see(R.PLAN), path={"plan_id": "plan"}),
    "publish_plan": Entry(needs=change(R.PLAN), path={"plan_id": "plan"}),
    "list_work_orders": Entry(needs=see(R.WORK_ORDER)),
    "get_work_order": Entry(needs=see(R.WORK_ORDER), path={"order_id": "work_order"}),
    "list_reports": Entry(),  # of work orders in sight; tests/site/api/test_reports.py
    "get_report": Entry(needs=see(R.WORK_ORDER), path={"report_id": "report"}),
    "report_work": Entry(  # an operator's phone may speak of an order that a colleague has now: kept, flagged
        path={"order_id": "work_order"},
        body=lambda side: {"key": f"matrix-{side.org.pk}", "kind": "start", "at": timezone.now().isoformat()},
        only=frozenset({RoleKind.DISPATCHER, RoleKind.OPERATOR}),
    ),
    "clear_report": Entry(needs=change(R.WORK_ORDER), path={"report_id": "report"}),
    "list_webhooks": Entry(needs=see(R.WEBHOOK)),
    "get_webhook": Entry(needs=see(R.WEBHOOK), path={"webhook_id": "webhook"}),
    "list_deliveries": Entry(needs=see(R.WEBHOOK), path={"webhook_id": "webhook"}),
    "add_webhook": Entry(
        needs=change(R.WEBHOOK),
        body=lambda side: {"org_id": side.org.pk, "name": "x", "url": "https://example.org/", "kinds": ["job"]},
    ),
    "change_webhook": Entry(
        needs=change(R.WEBHOOK), path={"webhook_id": "webhook"}, body=lambda side: {"active": False}
    ),
    "remove_webhook": Entry(needs=change(R.WEBHOOK), path={"webhook_id": "webhook"}),
    "list_runs": Entry(needs=see(R.RUN)),
    "get_run": Entry(needs=see(R.RUN), path={"run_id": "run"}),
    "cancel_run": Entry(needs=change(R.RUN), path={"run_id": "run"}),
    "list_notices": Entry(needs=see(R.NOTICE)),
    "get_notice": Entry(needs=see(R.NOTICE), path={"notice_id": "notice"}),
    "read_notice": Entry(own=True, path={"notice_id": "notice"}),
    "list_forecasts": Entry(needs=see(R.FORECAST)),
    "get_forecast": Entry(needs=see(R.FORECAST), path={"forecast_id": "forecast"}),
    "get_forecast_file": Entry(needs=see(R.FORECAST), path={"forecast_id": "forecast"}),
    "keep_forecast": Entry(
        needs=change(R.FORECAST), body=lambda side: {"org_id": side.org.pk, "document": drawn.document()}
    ),
    "remove_forecast": Entry(needs=change(R.FORECAST), path={"forecast_id": "forecast"}),
    "forecast_season": Entry(needs=change(R.SEASON) + change(R.FORECAST), path={"season_id": "season"}),
    "list_season_folders": Entry(needs=change(R.FORECAST), row="folder"),
    "forecast_folder": Entry(needs=change(R.FORECAST), path={"folder_id": "folder"}),
    "list_whatifs": Entry(needs=see(R.FORECAST), row="whatif"),
    "get_whatif": Entry(needs=see(R.FORECAST), path={"whatif_id": "whatif"}),
    "ask_whatif": Entry(
        needs=change(R.FORECAST),
        path={"forecast_id": "forecast"},
        body=lambda side: {"name": "new", "cases": [{"name": "alone", "changes": [{"kind": "alone"}]}]},
    ),
    "share_whatif": Entry(needs=change(R.FORECAST), path={"whatif_id": "whatif"}, body=lambda side: {"shared": False}),
    "remove_whatif": Entry(needs=change(R.FORECAST), path={"whatif_id": "whatif"}),
    "list_courses": Entry(needs=see(R.COURSE)),
    "get_course": Entry(needs=see(R.COURSE), path={"course_id": "course"}),
    "add_course": Entry(needs=change(R.COURSE), body=_course),
    "change_course": Entry(needs=change(R.COURSE), path={"course_id": "course"}, body=lambda side: {"seats": 9}),
    "open_course": Entry(needs=change(R.COURSE), path={"course_id": "course"}),
    "cancel_course": Entry(needs=change(R.COURSE), path={"course_id": "course"}),
    "list_enrolments": Entry(needs=see(R.ENROLMENT)),
    "get_enrolment": Entry(needs=see(R.ENROLMENT), path={"enrolment_id": "enrolment"}),
    "wish_for_course": Entry(needs=see(R.COURSE), body=lambda side: {"course_id": side.course.pk}, only=LEARNERS),
    "withdraw_enrolment": Entry(needs=change(R.ENROLMENT), path={"enrolment_id": "enrolment"}),
    "give_seat": Entry(needs=change(R.ENROLMENT), path={"enrolment_id": "enrolment"}),
    "refuse_seat": Entry(
        needs=change(R.ENROLMENT), path={"enrolment_id": "enrolment"}, body=lambda side: {"why": "full"}
    ),
    "keep_result": Entry(
        needs=change(R.ENROLMENT), path={"enrolment_id": "enrolment"}, body=lambda side: {"passed": True}
    ),
    "list_vacancies": Entry(needs=see(R.VACANCY)),
    "get_vacancy": Entry(needs=see(R.VACANCY), path={"vacancy_id": "vacancy"}),
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page or form: how its address is filled, and what is sent to it."""

    path: Mapping[str, str | Callable[[Side], Any]] = field(default_factory=dict)  # row's name, or a function
    query: Callable[[Side], str] | None = None
    form: Callable[[Side], Any] | None = None  # sent by POST, too
    names_orgs: bool = False  # names of organisations to choose from may be shown: to lend to, to plan with
    why_open: str = ""  # a reason instead: the page shows no organisation's rows


PLAIN = Page(why_open="shows nobody's rows")
VERSION = {"version": "1"}


NAMES_ORGS = frozenset({"register:lendings", "register:lend", "seasons:home", "seasons:invite", "seasons:make"})


def _drawn(lines: str) -> dict[str, Page]:
    """Pages, one a line: `name`, path parameters as `key=row of the side` or `key:word`, then what is sent by POST."""
    found = {}
    for line in lines.split("\n"):
        name, *words = line.split() or [""]
        if not name:
            continue
        at = words.index("POST") if "POST" in words else len(words)
        path: dict[str, Any] = {}
        for word in words[:at]:
            if "=" in word:
                key, _, row = word.partition("=")
                path[key] = row
            else:
                key, _, value = word.partition(":")
                path[key] = lambda side, value=value: int(value) if value.isdecimal() else value
        sent = dict(word.split("=", 1) for word in words[at + 1 :])
        form = (lambda side, sent=sent: sent) if "POST" in words else None
        found[name] = Page(path=path, form=form, names_orgs=name in NAMES_ORGS)
    return found


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
    "cab:worker": PLAIN,
    "feeds:live": Page(why_open="a stream without end; tests/site/feeds/test_live.py holds its filter to seen_by"),
    "feeds:ogc": PLAIN,
    "feeds:ogc_api": PLAIN,
    "feeds:ogc_page": PLAIN,
    "feeds:ogc_conformance": PLAIN,
    **_drawn("""
        board:data plan_id=plan
        board:outlines plan_id=plan
        board:pulse plan_id=plan
        board:places plan_id=plan POST job=OTHERMARK-J
        board:why plan_id=plan POST job=OTHERMARK-J
        board:change plan_id=plan POST what=drop version=1 jobs=OTHERMARK-J
        board:table plan_id=plan
        board:draft plan_id=plan POST
        board:title plan_id=plan POST title=mine version=1
        board:disrupt plan_id=plan what:rain POST
        board:changes plan_id=plan
        board:compare plan_id=plan
        board:sheets plan_id=plan
        board:sheets_pdf plan_id=plan
        board:send_sheets plan_id=plan POST version=1
        board:run run_id=run
        farmer:new_field POST
        farmer:quote POST
        farmer:shapes
        farmer:read POST
        farmer:job job_id=job
        farmer:cancel job_id=job POST
        farmer:confirm job_id=done POST stars=1
        farmer:dispute job_id=done POST why=area
        farmer:picture job_id=done
        farmer:ask_price job_id=job POST
        farmer:book job_id=job POST version=1
        farmer:wait job_id=job POST
        farmer:missed job_id=job POST version=1
        orders:home
        orders:begin job_id=job POST
        orders:one order_id=order
        orders:sheet order_id=order
        orders:picture order_id=order
        orders:track order_id=order
        orders:quote order_id=draft POST
        orders:book order_id=order POST version=1
        orders:wait order_id=draft POST
        orders:act order_id=order POST what=cancel version=1
        orders:measure order_id=worked POST area=1
        orders:fuel order_id=order POST fuel=1 version=1
        money:home
        money:account account_id=account
        money:close account_id=account POST first=2026-01-01 last=2026-01-02
        money:ask account_id=account POST
        money:bank_account account_id=account POST holder=me number=1234567
        money:statement statement_id=statement
        money:statement_file statement_id=statement kind:xlsx
        money:prices POST
        money:caps POST
        money:terms POST
        money:nettings POST
        money:netting netting_id=netting
        money:drop netting_id=netting POST
        money:payment_file netting_id=netting kind:csv
        money:agree transfer_id=transfer POST
        money:transfer_paid transfer_id=transfer POST
        money:payments
        money:bank POST text=OTHERMARK
        money:payment payment_id=payment
        money:sandbox payment_id=payment POST
        clerk:grid
        clerk:read POST text=OTHERMARK
        clerk:check POST rows=[]
        clerk:post POST rows=[]
        clerk:answer ask_id:1 POST
        clerk:jobs
        clerk:csv
        clerk:xlsx
        clerk:link person_id=person POST
        cab:cards
        cab:hours
        cab:me
        cab:consent POST
        cab:send POST kind=start key=0123456789
        cab:token
        cab:photo report_id:1
        owner:home
        owner:machine machine_id=machine
        owner:nearby machine_id=machine
        owner:offer machine_id=machine job_id=job POST
        owner:month year:2026 month:11
        register:home
        register:near
        register:judge POST
        register:lendings
        register:lend POST
        register:take_back pk=lending POST
        register:codes
        register:code_table pk:1
        register:export_codes pk:1 shape:csv
        register:draft pk:1
        register:take pk:1 POST
        register:add_licence pk=operator POST licence_class=S valid_until=2030-01-01
        register:drop_licence pk=operator licence=licence POST
        register:photo pk=operator licence=licence
        register:add_implement pk=machine POST name=mine width_m=2
        register:drop_implement pk=machine implement:1 POST
        register:list list_name:fields
        register:new list_name:machines POST
        register:upload list_name:fields POST
        register:export list_name:machines shape:csv
        register:template list_name:fields shape:csv
        register:row list_name:fields pk=field
        register:change list_name:machines pk=machine POST version=1 ref=mine
        register:out list_name:operators pk=operator POST version=1
        register:back list_name:dryers pk=dryer POST version=1
        people:home
        people:new POST
        people:appoint POST
        people:begin POST
        people:org POST
        people:take pk:1 POST
        people:one pk=person
        people:change pk=person POST name=mine
        people:set_id pk=person POST number=11010519491231002X
        people:give pk=person POST kind=dispatcher
        people:link pk=person POST purpose=cab
        people:login pk=person POST
        people:revoke pk=person link:1 POST
        people:shut_out pk=person POST
        people:merge pk=person POST
        people:erase pk=person POST name=mine
        seasons:home
        seasons:make POST
        seasons:facts pk=season
        seasons:take_back_fact pk=season POST key=none why=mine
        seasons:upload POST
        seasons:look pk:1
        seasons:take pk:1 POST
        seasons:folder pk=season
        seasons:invite pk=season POST
        seasons:agree pk=season org=org POST
        seasons:drop pk=season org=org POST
        officer:home
        officer:wall
        officer:reports
        officer:make POST
        officer:settings POST
        officer:kept report_id:1
        officer:open code:othermark kind:csv
        officer:places season_id=season
        officer:report season_id=season days:1
        officer:export season_id=season kind:csv
        auditor:home
        auditor:acts_csv
        auditor:jobs
        auditor:job job_id=job
        auditor:plans
        auditor:plan plan_id=plan
        auditor:machines
        auditor:machine machine_id=machine
        auditor:sample
        auditor:photo order_id=work_order
        forecasts:home
        forecasts:kept
        forecasts:send POST
        forecasts:one pk=forecast
        forecasts:document pk=forecast
        forecasts:report pk=forecast
        forecasts:remove pk=forecast POST
        forecasts:ask pk=forecast POST name=mine alone=on
        forecasts:whatif pk=whatif
        forecasts:share pk=whatif POST shared=yes
        forecasts:remove_whatif pk=whatif POST
        forecasts:make pk=folder POST
        forecasts:from_season pk=season POST
        forecasts:run pk=run
        forecasts:stop pk=run POST
        training:home
        training:new POST
        training:plan POST
        training:make POST org=1 budget=1000
        training:run pk=run
        training:renewals
        training:jobs
        training:one pk=course
        training:change pk=course POST version=1 seats=9
        training:open pk=course POST version=1
        training:cancel pk=course POST version=1
        training:add pk=course POST name=mine
        training:attendance pk=course POST
        training:results pk=course POST
        training:give pk=enrolment POST
        training:refuse pk=enrolment POST why=full
        training:link pk=enrolment POST
        training:certificate pk=certificate
        training:revoke pk=certificate POST
        training:check code:no-such-code
        training:vacancies
        training:offer POST places=1 pay=60 town=OTHERMARK licence=S start=2026-11-02
        training:close pk=vacancy POST
        training:decide pk=answer POST taken=yes
        trainee:home
        trainee:wish pk=course POST
        trainee:back pk=enrolment POST
        trainee:yes pk=vacancy POST
        trainee:take_back pk=answer POST
        feeds:home POST
        feeds:revoke_calendar pk:1 POST
        feeds:calendar secret:no-such-secret
        feeds:new_webhook POST
        feeds:webhook pk=webhook
        feeds:test_webhook pk=webhook POST
        feeds:activate_webhook pk=webhook POST
        feeds:revoke_webhook pk=webhook POST
        feeds:send_again pk:1 POST
        feeds:notices
        feeds:count_notices
        feeds:read_notices POST
        feeds:ogc_collections
        feeds:ogc_collection name:fields
        feeds:ogc_items name:jobs
        feeds:ogc_item name:machines number=machine
    """),
}
# Whole packages whose pages are not ours: the administration is for superusers, the rest for one's own login.
PACKAGES = ("admin:", "account_", "mfa_", "socialaccount_", "usersessions_", "openid_connect_", "set_language", "api:")
