"""The owner's figures against rows made by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.site.cab.day import at
from tests.site.owner.fleet import Fleet, yesterday

from nongshi.site.owner.figures import Figures, available_h, by_week, sum_of
from nongshi.site.owner.services import machine_row, orders_of, own_machines, papers
from nongshi.site.plans.models import OrderState
from nongshi.site.register.models import Machine

TZ = ZoneInfo("Asia/Shanghai")
DAYS = [
    {"date": "2026-11-02", "machine_class": "*", "start": "07:00:00", "end": "17:00:00"},
    {"date": "2026-11-03", "machine_class": "*", "start": "07:00:00", "end": "17:00:00"},
    {"date": "2026-11-03", "machine_class": "combine-full", "start": "09:00:00", "end": "15:00:00"},
    {"date": "2026-11-04", "machine_class": "combine-full", "start": None, "end": None},
    {"date": "2026-11-04", "machine_class": "*", "start": "07:00:00", "end": "17:00:00"},
]


def moment(day: int, hour: float) -> datetime:
    return datetime(2026, 11, day, tzinfo=TZ) + timedelta(hours=hour)


FIRST, LAST = moment(1, 0), moment(30, 0)


def hours(machine: Machine, since: datetime = FIRST, until: datetime = LAST) -> float:
    return available_h(machine, DAYS, TZ, since, until)


def test_hours_possible_are_those_of_the_class_else_of_all() -> None:
    assert hours(Machine(machine_class="tractor-large")) == 30.0
    assert hours(Machine(machine_class="combine-full")) == 10.0 + 6.0 + 0.0


def test_hours_in_which_a_machine_is_broken_or_away_do_not_count() -> None:
    down = [["2026-11-02T16:00", "2026-11-03T08:00"], ["2026-11-02T15:00", "2026-11-02T16:30"]]
    assert hours(Machine(machine_class="tractor-large", down=down)) == 30.0 - 2.0 - 1.0
    here = Machine(machine_class="tractor-large", available_from=moment(2, 12), available_to=moment(3, 9))
    assert hours(here) == 5.0 + 2.0
    assert hours(Machine(machine_class="tractor-large"), until=moment(2, 9)) == 2.0


@given(since=st.floats(0, 96), length=st.floats(0, 96), cut=st.floats(0, 1))
def test_hours_of_two_spans_that_meet_are_those_of_the_whole(since: float, length: float, cut: float) -> None:
    machine = Machine(machine_class="tractor-large", down=[["2026-11-02T10:00", "2026-11-02T11:30"]])
    begin, end = moment(2, since), moment(2, since + length)
    middle = begin + (end - begin) * cut
    whole = hours(machine, begin, end)
    assert hours(machine, begin, middle) + hours(machine, middle, end) == pytest.approx(whole, abs=1e-6)


@pytest.mark.django_db
def test_a_machines_figures_are_those_of_its_orders() -> None:
    fleet = Fleet()
    fleet.add_done(0, yesterday(8), yesterday(10.5), area_ha=2.0, km=3.0)
    fleet.add_done(1, yesterday(11), yesterday(12.5), area_ha=1.0, km=2.0)
    fleet.add_planned(2, at(8, 1), 4.0, area_ha=3.0, km=4.0)
    fleet.add_planned(3, at(8, 1), 4.0, area_ha=9.0, state=OrderState.WITHDRAWN)
    fleet.add_done(4, yesterday(8), yesterday(9), area_ha=5.0, machine=fleet.second)
    orders = [order for order in orders_of(fleet.scope, own_machines(fleet.scope)) if order.machine == fleet.first]
    sums = sum_of(orders)
    assert sums == Figures(
        done_ha=3.0, done_h=4.0, done_fen=450000, done_km=5.0, work_km=15.0, planned_ha=3.0, planned_h=4.0,
        planned_fen=450000, planned_km=4.0, orders_done=2, orders_planned=1,
    )  # fmt: skip
    assert sums.empty_share == 0.25  # 5 km of road, 3 ha / 2 m = 15 km in the field
    row = machine_row(fleet.first, orders, fleet.season, at(12))
    assert (row.use.worked_h, row.use.available_h) == (4.0, 35.0)  # three days and five hours
    assert (row.plan.worked_h, row.plan.available_h) == (8.0, 100.0)
    assert row.plan.share == 0.08


@pytest.mark.django_db
def test_weeks_begin_on_monday_and_have_no_gaps() -> None:
    fleet = Fleet()
    fleet.add_done(0, moment(1, 22), moment(1, 23.5), area_ha=1.0)  # a Sunday
    fleet.add_done(1, moment(2, 0.5), moment(2, 1), area_ha=2.0)  # a Monday, still Sunday by UTC
    fleet.add_planned(2, moment(18, 8), 2.0, area_ha=4.0)
    weeks = by_week(orders_of(fleet.scope, own_machines(fleet.scope)), TZ)
    shown: list[Any] = [(str(monday), found.done_ha, found.planned_ha) for monday, found in weeks]
    assert shown == [("2026-10-26", 1.0, 0), ("2026-11-02", 2.0, 0), ("2026-11-09", 0, 0), ("2026-11-16", 0, 4.0)]


def test_papers_are_over_soon_well_or_not_entered() -> None:
    today = datetime(2026, 11, 27, tzinfo=UTC).date()
    machine = Machine(
        inspected_until=today - timedelta(days=1), insured_until=today + timedelta(days=60),
        upkeep_due=today + timedelta(days=61),
    )  # fmt: skip
    states = {one.what: one.state for one in papers(machine, today)}
    assert states == {"inspection": "bad", "insurance": "late", "permit": "none", "oversize": "none", "upkeep": "ok"}
