"""Graduates in the simulator: who passes is drawn once, nobody works before the licence, and a season loses less."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nongshi.core.region import Region
from nongshi.core.training import Training
from nongshi.people.train import train
from nongshi.simulate import HAZARDS, POLICIES, simulate
from nongshi.simulate.training import how_short, shortage_of, with_graduates
from nongshi.simulate.truth import draw_truth
from nongshi.synthetic import make_region
from nongshi.synthetic.towns import FIVE_TOWNS
from nongshi.synthetic.training import make_training

CENTRES = {town.name: (town.lon, town.lat) for town in FIVE_TOWNS}


def region(ratio: float = 0.5, load: float = 1.6) -> Region:
    return make_region(fields=120, machines=None, load=load, season="rice-harvest", seed=3, operators_per_machine=ratio)


@pytest.fixture(scope="module")
def short() -> Region:
    return region()


@pytest.fixture(scope="module")
def courses(short: Region) -> Training:
    return make_training(trainees=60, courses=8, seed=3, weeks=6, first_day=short.start_date - timedelta(days=28))


def test_a_region_with_operators_enough_lacks_none() -> None:
    assert shortage_of(region(ratio=2.0, load=0.5), CENTRES) == ()


def test_towns_share_what_lacks_by_their_idle_machines(short: Region) -> None:
    rows = shortage_of(short, CENTRES)
    assert rows
    for row in rows:
        of_licence = [one for one in rows if (one.licence, one.week) == (row.licence, row.week)]
        whole, idle = sum(one.mean_h for one in of_licence), sum(one.idle_machines for one in of_licence)
        assert row.mean_h / whole == pytest.approx(row.idle_machines / idle)


def test_the_forecast_of_what_lacks_does_not_know_when_it_rains(short: Region) -> None:
    """Days are drawn from the whole season: with its days in another order the same hours lack."""
    last = short.horizon_days - 1
    turned = replace(
        short,
        workdays=tuple(
            replace(w, date=short.start_date + timedelta(days=last - (w.date - short.start_date).days))
            for w in short.workdays
        ),
    )
    one, other = (sum(r.mean_h for r in shortage_of(each, CENTRES, scenarios=400)) for each in (short, turned))
    assert one == pytest.approx(other, rel=0.1)


def test_graduates_are_drawn_by_the_seed_and_work_from_their_licence_on(short: Region, courses: Training) -> None:
    pairs = [(t.id, t.wishes[0]) for t in courses.trainees]
    one, same, other = (with_graduates(short, courses, pairs, CENTRES, seed=s) for s in (1, 1, 2))
    assert one == same
    assert {o.id for o in one.operators} != {o.id for o in other.operators}
    assert one.operators[: len(short.operators)] == short.operators
    new = one.operators[len(short.operators) :]
    assert 0 < len(new) == how_short(short, one).graduates < len(pairs)
    end = {c.id: c.end for c in courses.courses}
    for operator in new:
        last = end[dict(pairs)[operator.id.removeprefix("new-")]]
        calendar = [short.start_date + timedelta(days=d) for d in range(short.horizon_days)]
        assert all(day in operator.off_days for day in calendar if day <= last)
        assert any(day not in operator.off_days for day in calendar)


def test_more_enrolled_never_change_who_of_the_others_passes(short: Region, courses: Training) -> None:
    pairs = [(t.id, t.wishes[0]) for t in courses.trainees]
    some, all_ = (with_graduates(short, courses, p, CENTRES, seed=1) for p in (pairs[:20], pairs))
    assert {o.id for o in some.operators} <= {o.id for o in all_.operators}


def test_a_season_with_the_plan_carried_out_loses_less(short: Region, courses: Training) -> None:
    found = train(courses, shortage_of(short, CENTRES), cpu_s=20.0)
    trained = with_graduates(short, courses, found.seats.pairs, CENTRES, seed=3)
    before, after = (
        simulate(one, POLICIES["edd"], draw_truth(one, 3, HAZARDS), HAZARDS, seed=3) for one in (short, trained)
    )
    assert after.lost_fen < before.lost_fen
