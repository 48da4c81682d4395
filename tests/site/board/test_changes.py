"""A draft is changed step by step: exactly as offered, undone and done again, never over somebody else's change."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client
from tests.site.board.conftest import signed_in

from nongshi import api
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.plans import drafts, services
from nongshi.site.plans.models import PlanRow, PlanStep


def said(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    raw = gzip.decompress(answer.content) if answer.headers.get("Content-Encoding") == "gzip" else answer.content
    found: dict[str, Any] = json.loads(raw)
    return found


def ask(client: Client, plan: PlanRow, name: str, **body: Any) -> Any:
    return client.post(f"/board/plan/{plan.pk}/{name}", body, content_type="application/json")


def board_of(client: Client, plan: PlanRow) -> dict[str, Any]:
    return said(client.get(f"/board/plan/{plan.pk}/data"))


def a_move(client: Client, plan: PlanRow) -> tuple[str, str, int]:
    """(job, machine, yuan) of the first planned job that another machine could take."""
    board = board_of(client, plan)
    for machine, job, *_ in board["stops"]:
        job_id = board["jobs"][job][0]
        offers = said(ask(client, plan, "places", job=job_id))["offers"]
        others = {m: offer for m, offer in offers.items() if int(m) != machine}
        if others:
            m, offer = next(iter(others.items()))
            return job_id, board["machines"][int(m)][0], offer[0]
    pytest.fail("no job can go anywhere else")


def test_the_board_holds_the_whole_plan(client: Client, plan: PlanRow) -> None:
    board, whole = board_of(client, plan), services.plan_of(plan)
    assert len(board["stops"]) == sum(len(route.stops) for route in whole.routes)
    assert len(board["unserved"]) == plan.jobs_unserved
    assert board["figures"]["value_fen"] == plan.objective_fen
    first, stop = board["stops"][0], whole.routes[0].stops[0]
    midnight = stop.start.replace(hour=0, minute=0)
    days = (stop.start.date() - plan.season.start_date).days
    assert first[5] == days * 1440 + round((stop.start - midnight).total_seconds() / 60)
    assert board["machines"][first[0]][0] == whole.routes[0].machine_id


def test_who_has_the_plan_already_is_told_so(client: Client, plan: PlanRow) -> None:
    first = client.get(f"/board/plan/{plan.pk}/data")
    again = client.get(f"/board/plan/{plan.pk}/data", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_machine_answers_with_a_cost_or_a_reason(client: Client, plan: PlanRow) -> None:
    board = board_of(client, plan)
    answer = said(ask(client, plan, "places", job=board["jobs"][0][0]))
    told = {int(m) for m in (*answer["offers"], *answer["cannot"])}
    assert told == set(range(len(board["machines"])))
    assert all(answer["cannot"].values())


def test_a_job_is_moved_at_the_cost_that_was_told_and_the_plan_holds(client: Client, plan: PlanRow) -> None:
    job_id, machine_id, yuan = a_move(client, plan)
    before = plan.objective_fen
    board = said(ask(client, plan, "change", do="move", version=plan.version, jobs=[job_id], machine=machine_id))
    plan.refresh_from_db()
    assert board["plan"]["version"] == plan.version == 2
    assert abs(plan.objective_fen - before - yuan * 100) <= 100
    on = [r.machine_id for r in services.plan_of(plan).routes for s in r.stops if s.job_id == job_id]
    assert set(on) == {machine_id}
    loaded = drafts.load(plan)
    assert api.check_plan(loaded.region, loaded.plan).ok


def test_a_change_is_undone_and_done_again(client: Client, plan: PlanRow) -> None:
    before = plan.text
    job_id, machine_id, _ = a_move(client, plan)
    said(ask(client, plan, "change", do="move", version=1, jobs=[job_id], machine=machine_id))
    plan.refresh_from_db()
    moved = plan.text
    assert moved != before
    said(ask(client, plan, "change", do="undo", version=2))
    plan.refresh_from_db()
    assert plan.text == before
    said(ask(client, plan, "change", do="redo", version=3))
    plan.refresh_from_db()
    assert plan.text == moved
    assert (len(plan.undo), plan.redo) == (1, [])
    assert ask(client, plan, "change", do="redo", version=4).status_code == 400


def test_a_second_dispatcher_does_not_overwrite_the_first(client: Client, plan: PlanRow) -> None:
    other = signed_in("dispatcher")
    job_id, machine_id, _ = a_move(client, plan)
    said(ask(client, plan, "change", do="drop", version=1, jobs=[job_id]))
    late = ask(other, plan, "change", do="move", version=1, jobs=[job_id], machine=machine_id)
    assert late.status_code == 409
    plan.refresh_from_db()
    assert job_id in {out.job_id for out in services.plan_of(plan).unserved}
    told = said(other.get(f"/board/plan/{plan.pk}/pulse?version=1"))
    assert told["version"] == 2
    assert told["history"]["undo"][0]["by"]


def test_a_pinned_job_stays_where_it_is_and_nothing_pushes_it(client: Client, plan: PlanRow) -> None:
    job_id, machine_id, _ = a_move(client, plan)
    said(ask(client, plan, "change", do="pin", version=1, jobs=[job_id]))
    refused = ask(client, plan, "change", do="move", version=2, jobs=[job_id], machine=machine_id)
    assert refused.status_code == 400
    assert "pinned" in refused.content.decode()
    spans = {(s.start, s.end) for r in services.plan_of(plan).routes for s in r.stops if s.job_id == job_id}
    board = board_of(client, plan)
    mine = next(m for m, j, *_ in board["stops"] if board["jobs"][j][0] == job_id)
    moved = 0
    for job in [job[0] for job in board["jobs"] if job[0] != job_id][:12]:
        if str(mine) in said(ask(client, plan, "places", job=job))["offers"]:
            version = PlanRow.objects.get(pk=plan.pk).version
            name = board["machines"][mine][0]
            said(ask(client, plan, "change", do="move", version=version, jobs=[job], machine=name))
            moved += 1
    plan.refresh_from_db()
    assert moved > 0
    assert {(s.start, s.end) for r in services.plan_of(plan).routes for s in r.stops if s.job_id == job_id} == spans
    said(ask(client, plan, "change", do="unpin", version=plan.version, jobs=[job_id]))


def test_nothing_new_begins_in_frozen_time(client: Client, plan: PlanRow) -> None:
    day = plan.season.start_date.isoformat()
    until = f"{day[:8]}{int(day[8:]) + 1:02d}T12:00" if int(day[8:]) < 27 else f"{day}T20:00"
    board = said(ask(client, plan, "change", do="freeze", version=1, until=until))
    limit = board["pins"]["until"]
    for job in board["jobs"][:20]:
        offers = said(ask(client, plan, "places", job=job[0]))["offers"]
        assert all(offer[2] >= limit for offer in offers.values())


def test_steps_kept_to_be_undone_are_bounded(client: Client, plan: PlanRow, monkeypatch: pytest.MonkeyPatch) -> None:
    from nongshi.site.plans import edits

    monkeypatch.setattr(edits, "UNDO_MAX", 3)
    job_id = board_of(client, plan)["jobs"][0][0]
    for version in range(1, 8):
        do = "pin" if version % 2 else "unpin"
        edits.pin_jobs(EVERYTHING, plan.pk, version, [job_id], on=do == "pin")
    plan.refresh_from_db()
    assert len(plan.undo) == PlanStep.objects.count() == 3


@pytest.mark.parametrize("body", [{}, {"version": "1"}, {"version": 1, "do": "fly"}, {"version": 1, "do": "move"}])
def test_words_that_cannot_be_right_are_named(client: Client, plan: PlanRow, body: dict[str, Any]) -> None:
    answer = ask(client, plan, "change", **body)
    assert answer.status_code == 422
    assert client.post(f"/board/plan/{plan.pk}/change", b"no", content_type="application/json").status_code == 422
