"""A season day by day: same seed same season, nothing known too early, nothing worked twice."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from nongshi.core.errors import NotFound
from nongshi.core.region import Region
from nongshi.core.times import midnight
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.solution import Solution, price_solution
from nongshi.simulate.compare import compare_policies, summarise
from nongshi.simulate.field_day import FieldDay
from nongshi.simulate.hazards import CALM, HAZARDS, SOURCES, Hazards, hazard_rows
from nongshi.simulate.policies import POLICIES, edd
from nongshi.simulate.season import simulate
from nongshi.simulate.standing import Standing, morning_region
from nongshi.simulate.truth import draw_truth, usual_hours
from nongshi.synthetic import make_region
from nongshi.verify.rules import loss_share

ROUGH = replace(HAZARDS, breakdown_share=0.2, no_show_share=0.2, late_call_share=0.5)


def small(seed: int = 5, *, chains: bool = False, dryers: bool = False, season: str = "rice-harvest") -> Region:
    return make_region(fields=30, machines=None, load=1.0, season=season, seed=seed, chains=chains, dryers=dryers)


def always_dry(region: Region) -> Region:
    """Usual hours on every day, so that a calm season is the region's own."""
    hours = usual_hours(region)
    rows = []
    for row in region.workdays:
        usual = hours[row.machine_class]
        rows.append(row if usual is None else replace(row, start=usual[0], end=usual[1]))
    return replace(region, workdays=tuple(rows))


def live(region: Region, hazards: Hazards, seed: int, policy: str = "edd") -> tuple[Standing, list[Region]]:
    """A season's standing in the end, and what every morning knew."""
    standing, truth, mornings = Standing.of(region), draw_truth(region, seed, hazards), []
    for day in range(region.horizon_days):
        known = morning_region(standing, truth, hazards, day)
        mornings.append(known)
        if known.jobs:
            problem = make_problem(known)
            FieldDay(standing, problem, POLICIES[policy](problem, seed), truth, hazards, day).run()
    return standing, mornings


@pytest.mark.parametrize("policy", list(POLICIES))
def test_the_same_seed_gives_the_same_season(policy: str) -> None:
    region = small()
    truth = draw_truth(region, 3, ROUGH)
    once, again = (simulate(region, POLICIES[policy], truth, ROUGH, seed=2) for _ in range(2))
    assert once == again
    assert once.worked_ha > 0


def test_where_nothing_goes_wrong_a_plan_comes_true() -> None:
    region = always_dry(small())
    problem = make_problem(region)
    first: list[Solution] = []

    def stick(known: Problem, seed: int) -> Solution:
        """The first morning's plan and nothing but it."""
        if not first:
            first.append(edd(known, seed))
            return first[0]
        number = {job.id: j for j, job in enumerate(known.region.jobs)}
        part_of = {(int(j), int(no)): p for p, (j, no) in enumerate(zip(known.part_job, known.part_no, strict=True))}
        routes = []
        for route in first[0].routes:
            keys = [(problem.region.jobs[problem.part_job[p]].id, int(problem.part_no[p])) for p in route]
            left = [(number[job_id], no) for job_id, no in keys if job_id in number]
            routes.append(tuple(part_of[key] for key in left if key in part_of))
        today = region.horizon_days - known.region.horizon_days
        return Solution(crew=first[0].crew[:, today:], routes=tuple(routes))

    whole = [replace(job, part_max_ha=None) for job in region.jobs]
    region = replace(region, jobs=tuple(whole))
    problem = make_problem(region)
    result = simulate(region, stick, draw_truth(region, 1, CALM), CALM)
    planned_fen = price_solution(problem, first[0])
    earned_fen = sum(job.value_fen for job in region.jobs) - result.lost_fen - result.cost_fen
    assert earned_fen == pytest.approx(planned_fen, rel=0.02)  # a field over night is counted at the end of each day


@pytest.mark.parametrize(("chains", "dryers", "season"), [
    (False, False, "rice-harvest"), (True, False, "may-turnround"), (True, True, "rice-harvest"),
])  # fmt: skip
def test_what_is_worked_keeps_the_rules(chains: bool, dryers: bool, season: str) -> None:
    region = small(7, chains=chains, dryers=dryers, season=season)
    standing, _ = live(region, ROUGH, 4)
    number = {job.id: j for j, job in enumerate(region.jobs)}
    by_machine: dict[str, list[tuple[float, float]]] = {}
    worked_ha = np.zeros(len(region.jobs))
    for machine_id, job_id, start_s, end_s, area_ha in standing.stops:
        job = region.jobs[number[job_id]]
        by_machine.setdefault(machine_id, []).append((start_s, end_s))
        worked_ha[number[job_id]] += area_ha
        assert start_s >= standing.seconds(job.open) - 1e-6
        if job.after_job_id is not None:
            assert start_s >= standing.ended_s[number[job.after_job_id]] + job.after_h * 3600 - 1.0
    for spans in by_machine.values():
        assert all(a[1] <= b[0] + 1e-6 for a, b in zip(sorted(spans), sorted(spans)[1:], strict=False))
    areas_ha = np.array([job.area_ha for job in region.jobs])
    assert (worked_ha <= areas_ha + 1e-6).all()
    assert standing.stops
    np.testing.assert_allclose(areas_ha - worked_ha, standing.left_ha, atol=1e-5)
    if dryers:
        assert 0.0 <= standing.held_t <= sum(dryer.hold_t for dryer in region.dryers) + 1e-6


def test_money_is_counted_as_the_verifier_counts_it() -> None:
    region = small(9)
    standing, _ = live(region, ROUGH, 2)
    earned = late = 0.0
    for _, job_id, _, end_s, area_ha in standing.stops:
        job = region.job_of[job_id]
        share = loss_share(region.curve_of[job.loss_curve], end_s - standing.seconds(job.due))
        earned += job.value_fen * area_ha / job.area_ha
        late += job.value_fen * area_ha / job.area_ha * share
    assert standing.earned_fen == pytest.approx(earned)
    assert standing.late_fen == pytest.approx(late)
    assert earned > 0


def test_nobody_knows_what_comes() -> None:
    region, seed = small(11), 6
    truth = draw_truth(region, seed, ROUGH)
    _, mornings = live(region, ROUGH, seed)
    called = {job.id: int(day) for job, day in zip(region.jobs, truth.called_d, strict=True)}
    assert max(called.values()) > 0
    broke = 0
    for day, known in enumerate(mornings):
        assert all(called[job.id] <= day for job in known.jobs)
        now = midnight(region.start_date + timedelta(days=day), region.tz)
        for m, machine in enumerate(known.machines):
            news = [span for span in machine.down if span not in region.machines[m].down]
            assert all(since < now < until for since, until in news)
            broke += len(news)
    assert broke > 0


def test_the_future_does_not_reach_back() -> None:
    region, seed = small(13), 8
    truth = draw_truth(region, seed, ROUGH)
    other = draw_truth(region, seed + 1, ROUGH)
    cut = 4  # days that both share
    mixed = replace(
        truth,
        breaks_s=np.concatenate([truth.breaks_s[:, :cut], other.breaks_s[:, cut:]], axis=1),
        repaired_s=np.concatenate([truth.repaired_s[:, :cut], other.repaired_s[:, cut:]], axis=1),
        absent=np.concatenate([truth.absent[:, :cut], other.absent[:, cut:]], axis=1),
    )
    assert not np.array_equal(mixed.breaks_s, truth.breaks_s)
    results = [simulate(region, edd, each, ROUGH, days=cut) for each in (truth, mixed)]
    assert results[0] == results[1]


def test_a_broken_machine_does_not_work() -> None:
    region, seed = small(15), 3
    truth = draw_truth(region, seed, ROUGH)
    standing, _ = live(region, ROUGH, seed)
    machines = {machine.id: m for m, machine in enumerate(region.machines)}
    breaks = int(np.isfinite(truth.breaks_s).sum())
    assert breaks > 0
    for machine_id, _, start_s, end_s, _ in standing.stops:
        m = machines[machine_id]
        for since_s, until_s in zip(truth.breaks_s[m], truth.repaired_s[m], strict=True):
            day_end_s = (since_s // 86400 + 1) * 86400 if np.isfinite(since_s) else since_s
            assert not since_s + 1e-6 < end_s < min(until_s, day_end_s) or end_s <= since_s + 1e-6
            assert not since_s <= start_s < min(until_s, day_end_s)


def test_policies_live_through_the_same_seasons_and_are_compared_with_the_phone() -> None:
    rows = compare_policies(lambda _: small(17), ["nearest"], [1, 2], hazards=ROUGH)
    assert [(row.seed, row.policy) for row in rows] == [(1, "nearest"), (1, "edd"), (2, "nearest"), (2, "edd")]
    found = {one.policy: one for one in summarise(rows)}
    lost = {name: sum(r.result.lost_fen for r in rows if r.policy == name) for name in found}
    assert found["edd"].lost_ratio == 1.0
    assert found["nearest"].lost_ratio == pytest.approx(lost["nearest"] / lost["edd"])
    with pytest.raises(NotFound, match="no policy guess; there are own, edd, nearest, bidding"):
        compare_policies(lambda _: small(17), ["guess"], [1])


def test_every_hazard_says_where_it_comes_from() -> None:
    assert {row.name.removeprefix("hazard.") for row in hazard_rows()} == set(SOURCES)
