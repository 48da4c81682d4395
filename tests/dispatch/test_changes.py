"""Day 1 is worked by M1 (A 9-11, B 11-13, C 13-15) and M2 (E 9-13, F 13-15), day 2 by M1 (D 8-10)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.dispatch import drawn
from tests.dispatch.drawn import moment
from tests.dispatch.test_events import DAY, JOBS, MACHINES, OPERATORS, WORKDAYS, down, drawn_plan

from nongshi.core.events import Event, Events, JobCancelled, MachineArrived, OperatorIll, Rain, UrgentJob
from nongshi.core.plan import Crew, Plan, Reason, Route, Stop, Unserved
from nongshi.core.region import Region
from nongshi.dispatch.changes import Change, Kind, Role, list_calls, list_changes


@pytest.fixture
def region() -> Region:
    return drawn.region(JOBS, MACHINES, OPERATORS, WORKDAYS, days=3)


def changes(region: Region, after: Plan, *events: Event, region_after: Region | None = None) -> tuple[Change, ...]:
    told = Events(now=moment("1T06:00"), events=events)
    return list_changes(region, drawn_plan(region), region_after or region, after, told)


def moved(plan: Plan, job_id: str, machine_id: str | None, later_h: float = 0.0) -> Plan:
    """The plan with a job on another machine or later, or (None) left out."""
    found: list[Stop] = []
    routes = []
    for route in plan.routes:
        found += [stop for stop in route.stops if stop.job_id == job_id]
        routes.append(replace(route, stops=tuple(stop for stop in route.stops if stop.job_id != job_id)))
    if machine_id is None:
        out = Unserved(job_id=job_id, reason=Reason.NO_CAPACITY, text="busy", text_zh="忙")
        return replace(plan, routes=tuple(routes), unserved=(*plan.unserved, out))
    shift = timedelta(hours=later_h)
    stops = [replace(s, **{n: getattr(s, n) + shift for n in ("depart", "arrive", "start", "end")}) for s in found]
    routes = [
        Route(machine_id=r.machine_id, stops=tuple(sorted((*r.stops, *stops), key=lambda s: s.start)))
        if r.machine_id == machine_id
        else r
        for r in routes
    ]
    return replace(plan, routes=tuple(routes))


def test_the_same_plan_changes_nothing_for_anybody(region: Region) -> None:
    assert changes(region, drawn_plan(region)) == ()


@pytest.mark.parametrize(
    ("machine_id", "later_h", "kinds"),
    [
        ("M1", 0.5, []),
        ("M1", 0.6, [Kind.HOUR]),
        ("M1", 24, [Kind.DAY]),
        ("M2", 0, [Kind.MACHINE, Kind.OPERATOR]),
        ("M2", 2, [Kind.MACHINE, Kind.HOUR, Kind.OPERATOR]),
        (None, 0, [Kind.UNSERVED]),
    ],
)
def test_what_is_different_is_named(region: Region, machine_id: str | None, later_h: float, kinds: list[Kind]) -> None:
    found = changes(region, moved(drawn_plan(region), "C", machine_id, later_h))
    assert [kind for change in found for kind in change.kinds] == kinds
    assert [change.job_id for change in found] == ["C"] * bool(kinds)


def test_another_operator_alone_is_no_call_to_the_grower(region: Region) -> None:
    plan = drawn_plan(region)
    crews = tuple(replace(crew, operator_id="P2") if crew.date > DAY else crew for crew in plan.crews)
    (change,) = changes(
        region, replace(plan, crews=crews), OperatorIll(operator_id="P1", first=DAY, last=DAY + timedelta(1))
    )
    assert (change.job_id, change.kinds) == ("D", (Kind.OPERATOR,))
    assert [(person.role, person.id) for person in change.call] == [(Role.OPERATOR, "P1"), (Role.OPERATOR, "P2")]
    assert "P1" in change.reason.en
    assert "P1" in change.reason.zh


def test_parts_in_a_row_are_one_visit_as_is_the_whole_job(region: Region) -> None:
    plan = drawn_plan(region)
    parts = []
    for stop in plan.routes[1].stops:
        if stop.job_id == "E":
            middle = moment("1T11:00")
            parts += [replace(stop, area_ha=2.0, end=middle), replace(stop, part=2, area_ha=2.0, start=middle)]
        else:
            parts.append(stop)
    assert changes(region, replace(plan, routes=(plan.routes[0], Route(machine_id="M2", stops=tuple(parts))))) == ()


@pytest.mark.parametrize(
    ("event", "word"),
    [
        (down("M1", "1T12:00", "1T18:00"), "M1 is broken until"),
        (Rain(since=moment("1T13:30"), until=moment("1T16:00")), "rain"),
        (OperatorIll(operator_id="P1", first=DAY, last=DAY), "operator P1 is ill"),
        (JobCancelled(job_id="C"), "cancelled"),
        (down("M2", "1T12:00", "1T18:00"), "busy"),
    ],
)
def test_the_event_that_caused_it_is_the_reason(region: Region, event: Event, word: str) -> None:
    (change,) = changes(region, moved(drawn_plan(region), "C", None), event)
    assert word in change.reason.en
    assert change.reason.zh != change.reason.en


def test_who_makes_room_is_told_for_whom(region: Region) -> None:
    """B comes from M1 to M2 and takes the afternoon that F had."""
    plan = moved(moved(drawn_plan(region), "B", "M2", 2), "F", "M2", 2)
    found = {change.job_id: change for change in changes(region, plan, down("M1", "1T10:30", "1T12:00"))}
    assert "M1 is broken" in found["B"].reason.en
    assert found["F"].reason.en == "to make room for B"


def test_a_cancelled_job_takes_its_follower_along(region: Region) -> None:
    jobs = tuple(replace(job, after_job_id="C") if job.id == "D" else job for job in region.jobs)
    before = replace(region, jobs=jobs)
    after = replace(region, jobs=tuple(job for job in jobs if job.id not in "CD"))
    plan = moved(moved(drawn_plan(region), "C", None), "D", None)
    told = Events(now=moment("1T06:00"), events=(JobCancelled(job_id="C"),))
    found = list_changes(before, drawn_plan(before), after, replace(plan, unserved=()), told)
    assert [(change.job_id, change.kind) for change in found] == [("C", Kind.CANCELLED), ("D", Kind.CANCELLED)]
    assert "job C before it" in found[1].reason.en


def test_new_machines_and_urgent_jobs_give_their_own_reason(region: Region) -> None:
    urgent = replace(region.job_of["A"], id="U")
    machine = replace(region.machines[0], id="M9", owner_id="O9")
    after = replace(region, jobs=(*region.jobs, urgent), machines=(*region.machines, machine))
    plan = drawn_plan(region)
    stop = plan.routes[0].stops[0]
    other = replace(plan.routes[0].stops[2])
    routes = (
        replace(plan.routes[0], stops=tuple(s for s in plan.routes[0].stops if s.job_id != "C")),
        plan.routes[1],
        Route(machine_id="M9", stops=(replace(stop, job_id="U"), other)),
    )
    crews = (*plan.crews, Crew(date=DAY, machine_id="M9", operator_id="P1"))
    events = (UrgentJob(job=urgent), MachineArrived(machine=machine))
    found = changes(region, replace(plan, routes=routes, crews=crews), *events, region_after=after)
    reasons = {change.job_id: change.reason.en for change in found}
    assert reasons == {"U": "a new urgent job", "C": "M9 has arrived and takes it"}


def test_each_person_is_called_once_and_the_first_hour_first(region: Region) -> None:
    plan = moved(moved(drawn_plan(region), "D", "M1", 5), "C", "M2", 3)
    calls = list_calls(changes(region, plan))
    told = {(call.person.role, call.person.id): [change.job_id for change in call.changes] for call in calls}
    assert told == {
        (Role.GROWER, "G"): ["C", "D"],
        (Role.OWNER, "O"): ["C", "D"],
        (Role.OPERATOR, "P1"): ["C", "D"],
        (Role.OPERATOR, "P2"): ["C"],
    }
    assert next(call.person.place for call in calls if call.person.role is Role.GROWER) == "drawn"
