"""Beside the board: drafts, publishing, disruptions, comparing, day sheets; and who may do none of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.site.board.conftest import signed_in
from tests.site.board.test_changes import a_move, ask, board_of, said
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi import api
from nongshi.site.base.models import Org
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans import drafts, replans, services
from nongshi.site.plans.models import Notice, PlanRow, PlanState, Season, WorkOrder
from nongshi.site.register.models import Field
from nongshi.site.work.models import Run

GETS = (
    "", "data", "outlines", "pulse", "table/", "why?job={job}", "publish/", "compare/", "sheets/", "sheets.pdf",
    "changes/", "disrupt/rain/", "disrupt/breakdown/", "disrupt/illness/", "disrupt/overrun/", "disrupt/urgent/",
    "disrupt/noshow/",
)  # fmt: skip
LEADS_ONLY = ("why", "publish", "changes", "disrupt")
POSTS = ("places", "change", "draft/", "title/", "publish/", "sheets/send/", "disrupt/rain/")


def made_anew(plan: PlanRow, *events: dict[str, Any], mode: str = "bounded") -> PlanRow:
    given = {"plan": plan.pk, "events": list(events), "mode": mode, "iterations": 60, "title": "again"}
    result = replans.make_replan(given, lambda share, words: None)
    return PlanRow.objects.get(pk=result["plan"])


def first_stop(plan: PlanRow) -> tuple[str, Any]:
    route = services.plan_of(plan).routes[0]
    return route.machine_id, route.stops[0]


@pytest.mark.parametrize("path", GETS)
def test_who_leads_sees_every_page_in_both_languages(client: Client, plan: PlanRow, path: str) -> None:
    job = board_of(client, plan)["jobs"][0][0]
    url = f"/board/plan/{plan.pk}/{path.format(job=job)}"
    assert client.get(url).status_code == 200
    if path == "" or path.endswith("/"):
        assert leftovers(client, url) == []


@pytest.mark.parametrize("path", GETS)
def test_a_member_sees_its_part_and_none_of_what_the_leader_decides(member: Client, plan: PlanRow, path: str) -> None:
    answer = member.get(f"/board/plan/{plan.pk}/{path.format(job='x')}")
    assert answer.status_code == (404 if path.startswith(LEADS_ONLY) else 200)


@pytest.mark.parametrize("path", POSTS)
def test_a_member_changes_nothing(member: Client, plan: PlanRow, path: str) -> None:
    before = (PlanRow.objects.count(), plan.version, Notice.objects.count(), Run.objects.count())
    body = {"version": plan.version, "do": "undo", "job": "x", "day": str(plan.season.start_date)}
    answer = member.post(f"/board/plan/{plan.pk}/{path}", body, content_type="application/json")
    assert answer.status_code == 404
    plan.refresh_from_db()
    assert (PlanRow.objects.count(), plan.version, Notice.objects.count(), Run.objects.count()) == before


@pytest.mark.parametrize("path", [*GETS, *POSTS])
def test_strangers_and_other_roles_get_nothing(plan: PlanRow, path: str) -> None:
    stranger = make_person(make_coop("elsewhere"), RoleKind.DISPATCHER, login="stranger")
    url = f"/board/plan/{plan.pk}/{path.format(job='x')}"
    other = Client()
    other.force_login(stranger.user)
    for somebody, status in ((other, 404), (signed_in("farmer"), 403), (Client(), 403)):
        if path in POSTS:
            assert somebody.post(url, {"version": 1}, content_type="application/json").status_code == status
        if path in GETS:
            assert somebody.get(url).status_code == status


def test_a_member_sees_own_machines_and_jobs_only(member: Client, plan: PlanRow) -> None:
    org = Org.objects.get(code="lvxiang-coop")
    board, loaded = board_of(member, plan), drafts.load(plan)
    assert board["jobs"]
    machines = [loaded.rows.machine_of[one[0]] for one in board["machines"]]
    own = {m for m, machine in enumerate(machines) if machine.org_id == org.pk}
    jobs = [loaded.rows.job_of[one[0]] for one in board["jobs"]]
    for machine, job, *_ in board["stops"]:
        assert machine in own or jobs[job].org_id == org.pk
    for job, *_ in board["unserved"]:
        assert jobs[job].org_id == org.pk
    assert {machine for machine, *_ in board["crews"]} <= own


def test_publishing_shows_before_whom_it_will_tell_and_tells_just_those(client: Client, plan: PlanRow) -> None:
    shown = client.get(f"/board/plan/{plan.pk}/publish/").context
    assert (shown["breaches"], Notice.objects.count()) == ((), 0)
    assert client.post(f"/board/plan/{plan.pk}/publish/", {"version": 1}).status_code == 302
    assert Notice.objects.count() == shown["count"] > 0
    assert WorkOrder.objects.count() == shown["orders"]


def test_an_unchanged_copy_tells_nobody_and_a_moved_job_its_grower(client: Client, plan: PlanRow) -> None:
    services.publish(EVERYTHING, plan.pk, plan.version)
    answer = client.post(f"/board/plan/{plan.pk}/draft/", {"title": "试一试"})
    copy = PlanRow.objects.get(state=PlanState.DRAFT)
    assert answer.url == f"/board/plan/{copy.pk}/"
    assert client.get(f"/board/plan/{copy.pk}/publish/").context["count"] == 0
    board = board_of(client, copy)
    job = max(board["stops"], key=lambda stop: stop[5])[1]
    said(ask(client, copy, "change", do="drop", version=1, jobs=[board["jobs"][job][0]]))
    told = client.get(f"/board/plan/{copy.pk}/publish/").context["told"]
    names = {board["jobs"][job][11]} | {board["jobs"][one[1]][11] for one in board["stops"]}
    assert len(told) >= 1
    assert {str(one["person"]) for one in told} <= names


def test_a_breakdown_makes_a_draft_that_keeps_every_rule_and_lists_its_changes(client: Client, plan: PlanRow) -> None:
    machine_id, stop = first_stop(plan)
    day = stop.start.date()
    event = {"kind": "machine_down", "machine_id": machine_id, "from": f"{day}T00:00", "to": f"{day}T23:30"}
    made = made_anew(plan, event)
    assert (made.state, made.made_from_id) == (PlanState.DRAFT, plan.pk)
    loaded = drafts.load(made)
    assert api.check_plan(loaded.region, loaded.plan).ok
    on = [s for r in loaded.plan.routes if r.machine_id == machine_id for s in r.stops]
    assert all(s.start.date() != day for s in on)
    shown = client.get(f"/board/plan/{made.pk}/changes/").context
    assert stop.job_id in {change["job"].ref for change in shown["changes"]}
    assert shown["calls"]
    assert leftovers(client, f"/board/plan/{made.pk}/changes/") == []
    down = drafts.load(made).region.machine_of[machine_id].down
    assert len(down) == 1
    assert not Season.objects.get().head["facts"]["out"]


def test_what_has_happened_holds_for_older_plans_too(client: Client, plan: PlanRow) -> None:
    machine_id, stop = first_stop(plan)
    day = stop.start.date()
    made_anew(plan, {"kind": "machine_down", "machine_id": machine_id, "from": f"{day}T00:00", "to": f"{day}T23:30"})
    drafts._kept.clear()
    assert client.get(f"/board/plan/{plan.pk}/").status_code == 200
    assert client.get(f"/board/plan/{plan.pk}/publish/").context["breaches"]
    assert client.post(f"/board/plan/{plan.pk}/publish/", {"version": plan.version}).status_code == 500


@pytest.mark.parametrize("mode", ["keep", "free"])
def test_rain_moves_what_would_have_begun_in_it(plan: PlanRow, mode: str) -> None:
    _, stop = first_stop(plan)
    since = stop.start.replace(tzinfo=None, second=0) - timedelta(hours=1)
    event = {"kind": "rain", "from": since.isoformat(), "to": (since + timedelta(hours=9)).isoformat()}
    made = made_anew(plan, event, mode=mode)
    until = (since + timedelta(hours=9)).replace(tzinfo=stop.start.tzinfo)
    begun = [s.start for r in services.plan_of(made).routes for s in r.stops]
    assert not [start for start in begun if stop.start <= start < until]


def test_a_pinned_job_is_still_there_after_a_replan(client: Client, plan: PlanRow) -> None:
    machine_id, stop = first_stop(plan)
    last = services.plan_of(plan).routes[-1].stops[0]
    said(ask(client, plan, "change", do="pin", version=1, jobs=[last.job_id]))
    plan.refresh_from_db()
    day = stop.start.date()
    if services.plan_of(plan).routes[-1].machine_id == machine_id:
        pytest.fail("one machine only")
    made = made_anew(plan, {"kind": "operator_ill", "operator_id": services.plan_of(plan).crews[0].operator_id,
                            "from": str(day), "to": str(day)}, mode="free")  # fmt: skip
    spans = {(s.start, s.end) for r in services.plan_of(made).routes for s in r.stops if s.job_id == last.job_id}
    assert spans == {
        (s.start, s.end) for r in services.plan_of(plan).routes for s in r.stops if s.job_id == last.job_id
    }


def test_the_forms_say_what_is_wrong_and_keep_what_was_typed(client: Client, plan: PlanRow) -> None:
    day = plan.season.start_date
    body = {"since": f"{day}T10:00", "until": f"{day}T08:00", "machine_class": "", "mode": "keep"}
    answer = client.post(f"/board/plan/{plan.pk}/disrupt/rain/", body)
    assert answer.status_code == 422
    assert f"{day}T08:00" in answer.content.decode()
    assert Run.objects.count() == 0


@pytest.mark.parametrize("what", ["breakdown", "illness", "rain", "overrun", "noshow", "urgent"])
def test_every_button_starts_a_replan_that_ends_in_a_draft(client: Client, plan: PlanRow, what: str) -> None:
    machine_id, stop = first_stop(plan)
    day = stop.start.date()
    crew = services.plan_of(plan).crews[0]
    field = Field.objects.filter(org_id=plan.org_id).first()
    body = {
        "breakdown": {"machine": machine_id, "since": f"{day}T00:00", "until": f"{day}T20:00"},
        "illness": {"operator": crew.operator_id, "since": str(crew.date), "until": str(crew.date)},
        "rain": {"since": f"{day}T00:00", "until": f"{day}T12:00", "machine_class": ""},
        "overrun": {"job": stop.job_id, "hours": "1.5"},
        "noshow": {"who": "grower", "job": stop.job_id},
        "urgent": {"field": str(field.pk), "operation": "spray", "since": str(day), "until": str(day)},
    }[what]
    if what == "urgent":
        body["operation"] = FieldJob.objects.first().operation
    answer = client.post(f"/board/plan/{plan.pk}/disrupt/{what}/", {**body, "mode": "bounded"})
    assert answer.status_code == 302, answer.context["form"].errors
    run = Run.objects.get(kind="replan")
    assert client.get(answer.url).status_code == 200
    replans.make_replan({**run.given, "iterations": 60}, lambda share, words: None)
    made = PlanRow.objects.order_by("-number").first()
    assert made.made_from_id == plan.pk
    loaded = drafts.load(made)
    assert api.check_plan(loaded.region, loaded.plan).ok
    if what == "urgent":
        assert FieldJob.objects.filter(urgent=True).count() == 1


def test_two_plans_are_compared_in_figures_towns_and_jobs(client: Client, plan: PlanRow) -> None:
    client.post(f"/board/plan/{plan.pk}/draft/")
    copy = PlanRow.objects.exclude(pk=plan.pk).get()
    job_id, machine_id, _ = a_move(client, copy)
    said(ask(client, copy, "change", do="move", version=1, jobs=[job_id], machine=machine_id))
    url = f"/board/plan/{copy.pk}/compare/?with={plan.pk}"
    shown = client.get(url).context
    assert shown["figures"][0]["a"] != shown["figures"][0]["b"]
    assert shown["moved_count"] >= 1
    assert len(shown["towns"]) == 5
    assert leftovers(client, url) == []


def test_a_member_compares_sums_but_not_other_peoples_jobs(member: Client, client: Client, plan: PlanRow) -> None:
    client.post(f"/board/plan/{plan.pk}/draft/")
    shown = member.get(f"/board/plan/{plan.pk}/compare/").context
    assert shown["figures"]
    assert "moved" not in shown


def test_day_sheets_print_one_machines_day_and_are_sent_once_a_person(client: Client, plan: PlanRow) -> None:
    shown = client.get(f"/board/plan/{plan.pk}/sheets/").context
    day, sheets = shown["day"], shown["sheets"]
    assert sheets
    pdf = client.get(f"/board/plan/{plan.pk}/sheets.pdf?day={day}&machine={sheets[0].machine_id}")
    assert pdf.content.startswith(b"%PDF")
    whole = client.get(f"/board/plan/{plan.pk}/sheets.pdf")
    assert len(whole.content) > len(pdf.content)
    assert client.post(f"/board/plan/{plan.pk}/sheets/send/", {"day": str(day)}).status_code == 302
    told = Notice.objects.filter(about__startswith="sheet:")
    assert told.count() == len({sheet.operator.person_id for sheet in sheets if sheet.operator})
    assert all(notice.text and notice.text_en for notice in told)
    assert client.get(f"/board/plan/{plan.pk}/sheets/?day=2020-01-01").status_code == 404


def test_orders_in_work_are_told_by_the_pulse(client: Client, plan: PlanRow) -> None:
    services.publish(EVERYTHING, plan.pk, plan.version)
    order = WorkOrder.objects.first()
    WorkOrder.objects.filter(pk=order.pk).update(state="started")
    told = said(client.get(f"/board/plan/{plan.pk}/pulse"))
    assert [order.job_id, order.part, "started", ""] in told["orders"]


def test_a_job_in_work_stays_and_a_done_one_does_not_break_publishing(client: Client, plan: PlanRow) -> None:
    services.publish(EVERYTHING, plan.pk, plan.version)
    order = WorkOrder.objects.order_by("start").first()
    WorkOrder.objects.filter(job=order.job).update(state="done")
    FieldJob.objects.filter(pk=order.job_id).update(status="done", changed=datetime.now().astimezone())
    client.post(f"/board/plan/{plan.pk}/draft/")
    copy = PlanRow.objects.get(state=PlanState.DRAFT)
    refused = ask(client, copy, "change", do="drop", version=1, jobs=[order.job.ref])
    assert refused.status_code == 400
    assert "begun" in refused.content.decode()
    assert client.post(f"/board/plan/{copy.pk}/publish/", {"version": 1}).status_code == 302
    assert (
        WorkOrder.objects.filter(job=order.job).exclude(state="withdrawn").count()
        == order.job.orders.filter(state="done").count()
    )


def test_a_job_posted_since_shows_as_left_out_and_can_be_put_in(client: Client, plan: PlanRow) -> None:
    old = FieldJob.objects.filter(org_id=plan.org_id, after=None).first()
    FieldJob.objects.create(
        org=old.org, ref="NEW1", field=old.field, operation=old.operation, area_ha=old.area_ha / 2, open=old.open,
        due=old.due, close=old.close, value_fen=old.value_fen, loss_curve=old.loss_curve,
    )  # fmt: skip
    drafts._kept.clear()
    board = board_of(client, plan)
    assert "NEW1" in {board["jobs"][one[0]][0] for one in board["unserved"]}
    offers = said(ask(client, plan, "places", job="NEW1"))["offers"]
    if not offers:
        pytest.fail("nobody can take it")
    machine = board["machines"][int(next(iter(offers)))][0]
    after = said(ask(client, plan, "change", do="move", version=1, jobs=["NEW1"], machine=machine))
    assert "NEW1" not in {after["jobs"][one[0]][0] for one in after["unserved"]}
