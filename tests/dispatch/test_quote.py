"""The compiled quotes against the readable ones, and both against the plan that accepting them makes."""

from dataclasses import replace

import numpy as np
import pytest
from tests.dispatch import drawn

from nongshi import verify
from nongshi.core.errors import BadInput, NotFound
from nongshi.core.plan import Unserved
from nongshi.core.region import Dryer, Field, Job, Region
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.from_plan import solution_of
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.quote import Offer, Quoter
from nongshi.dispatch.quote_plain import PlainOffer, PlainQuoter
from nongshi.dispatch.solution import WAIT_MARGIN_S, Solution, make_plan, price_solution, release_idle
from nongshi.synthetic import make_region

KINDS = {
    "plain": {},
    "chains": {"season": "may-turnround", "chains": True},
    "dryers": {"dryers": True},
    "both": {"season": "may-turnround", "chains": True, "dryers": True},
}


def some_region(kind: str, seed: int) -> Region:
    return make_region(fields=16, machines=4, load=1.0, **({"season": "rice-harvest", "seed": seed} | KINDS[kind]))


def accept(quoter: Quoter, plain: PlainQuoter, job: Job, offer: PlainOffer, crew_new: Offer) -> Solution:
    """The solution in which an unserved job of the region stands where a plain offer says."""
    problem, before, m = quoter.problem, quoter.solution, offer.machine
    j = [one.id for one in problem.region.jobs].index(job.id)
    parts = list(range(int(problem.job_first[j]), int(problem.job_first[j] + problem.job_parts[j])))
    route = [*before.routes[m][: offer.position], *parts, *before.routes[m][offer.position :]]
    stops = plain.routes[m].copy()
    stops[offer.position : offer.position] = plain._new_stops(m, job, None)
    walked = plain.walk(m, stops, plain.wet_t.copy())
    assert walked is not None
    end_day = before.end_day.copy() if before.end_day is not None else np.full(len(problem.part_job), -1, np.int64)
    for part, day, (_, end_s) in zip(route, walked.days, walked.spans_s, strict=True):
        waited = abs(end_s - problem.day_start_s[m, day] - WAIT_MARGIN_S) < 1e-3
        end_day[part] = day if waited and problem.part_wet_t[part] > 0 else -1
    crew = before.crew.copy()
    for one in crew_new.crew_new:
        d = problem.dates.index(one.date)
        crew[m, d] = [o.id for o in problem.region.operators].index(one.operator_id)
    routes = tuple(tuple(route) if i == m else r for i, r in enumerate(before.routes))
    return Solution(crew=crew, routes=routes, end_day=end_day)


def offer_at(quoter: Quoter, job: Job, plain: PlainOffer) -> Offer:
    """The compiled offer of the same position."""
    wanted = quoter.wanted(job)
    assert wanted is not None
    return quoter._offers(wanted, [(plain.machine, plain.position)])[0]


def filled(kind: str, seed: int, share: float = 0.7) -> tuple[Quoter, list[Job]]:
    """A plan that grew by accepting offers picked by chance, and the jobs that it leaves out."""
    problem = make_problem(some_region(kind, seed))
    rng = np.random.default_rng(seed)
    crew = drawn.random_crew(problem, rng)
    quoter = Quoter.of(problem, release_idle(problem, Solution(crew=crew, routes=((),) * len(crew))))
    left = []
    for i in rng.permutation(len(problem.region.jobs)):
        job = problem.region.jobs[i]
        plain = PlainQuoter.beside(quoter)
        offers = plain.offers(job)
        if not offers or rng.random() > share:
            left.append(job)
            continue
        one = offers[int(rng.integers(min(3, len(offers))))]
        quoter.quote(job)
        after = accept(quoter, plain, job, one, offer_at(quoter, job, one))
        gained_fen = price_solution(problem, after) - price_solution(problem, quoter.solution)
        assert gained_fen == pytest.approx(one.gain_fen, abs=0.01)
        quoter = Quoter.of(problem, after)
    return quoter, left


def new_job(job: Job, region: Region, seed: int) -> Job:
    """Somebody else's like that, on a field by chance, that waits for nobody."""
    rng = np.random.default_rng(seed)
    field = region.fields[int(rng.integers(len(region.fields)))]
    return replace(
        job, id="new", field_id=field.id, area_ha=job.area_ha * float(rng.uniform(0.3, 1.5)), after_job_id=None
    )


def plan_of(quoter: Quoter) -> object:
    problem, solution = quoter.problem, quoter.solution
    unserved: tuple[Unserved, ...] = explain_unserved(problem, solution)
    return make_plan(problem, solution, engine="own", seed=1, cpu_s=None, iterations=1, bound=None, unserved=unserved)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_compiled_and_plain_quotes_agree_and_plans_that_take_them_keep_the_rules(kind: str, seed: int) -> None:
    """Every offer of every job left out and of a new one, and what they would displace: to the fen and the second."""
    quoter, left = filled(kind, seed)
    plain = PlainQuoter.beside(quoter)
    region = quoter.problem.region
    verdict = verify.check_plan(region, plan_of(quoter))
    assert verdict.ok, verdict.breaches
    compared = 0
    for job in [*left, *(new_job(job, region, i) for i, job in enumerate(region.jobs[:8]))]:
        quote = quoter.quote(job, offers_max=10_000)
        whole = [offer for offer in quote.offers if len(offer.pieces) == 1 and offer.pieces[0].parts == job.parts]
        expected = plain.offers(job)
        assert len(whole) == len(expected)
        for ours, theirs in zip(whole, expected, strict=True):
            assert ours.gain_fen == pytest.approx(theirs.gain_fen, abs=0.01)
        best = {}
        for one in expected:
            best.setdefault((one.machine, one.position), one)
        for (machine, position), one in best.items():
            ours = offer_at(quoter, job, one)
            assert ours.gain_fen == pytest.approx(one.gain_fen, abs=0.01), (machine, position)
            assert ours.km == pytest.approx(one.km, abs=1e-6)
            origin_s = quoter.problem.origin.timestamp()
            assert ours.pieces[0].start.timestamp() - origin_s == pytest.approx(one.start_s, abs=0.51)
            assert ours.pieces[0].end.timestamp() - origin_s == pytest.approx(one.end_s, abs=0.51)
        room = plain.displacement(job)
        found = quoter._displacement(quoter.wanted(job)) if quoter.wanted(job) is not None else None
        assert (found is None) == (room is None)
        if found is not None and room is not None:
            assert found.net_fen == pytest.approx(room.gain_fen, abs=0.01)
        compared += len(whole) + (found is not None)
    assert compared > 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_read_back_is_the_same_solution(kind: str) -> None:
    quoter, _ = filled(kind, 5)
    plan = plan_of(quoter)
    again = solution_of(quoter.problem, plan)
    assert again.routes == quoter.solution.routes
    assert (again.crew == quoter.solution.crew).all()
    assert price_solution(quoter.problem, again) == pytest.approx(
        price_solution(quoter.problem, quoter.solution), abs=1
    )


TWO_JOBS = """
job  km  ha  open     due      close    yuan
A    10   3  1T08:00  1T18:00  1T18:00  1000
B    30   2  1T08:00  1T18:00  1T18:00  2000
"""
ONE_DAY = """
day  class  start  end
1    *      08:00  18:00
"""


def drawn_quoter(jobs: str = TWO_JOBS, served: tuple[int, ...] = (0,), **tables: str) -> tuple[Quoter, Problem]:
    problem = make_problem(drawn.region(jobs, workdays=ONE_DAY, days=1, **tables))
    return Quoter.of(problem, Solution(crew=np.zeros((1, 1), np.int64), routes=(served,))), problem


def test_the_best_offer_says_when_with_whom_and_for_how_much() -> None:
    """A is left at 12:00, B is 20 km on: 1.5 h. 2,000 - 20 km x 1 yuan - 2 h x 5 yuan."""
    quoter, problem = drawn_quoter()
    offer = quoter.quote(problem.region.jobs[1]).offers[0]
    piece = offer.pieces[0]
    assert (piece.machine_id, piece.operator_id, piece.after_job_id, piece.before_job_id) == ("M1", "P1", "A", None)
    assert (piece.start, piece.end) == (drawn.moment("1T13:30"), drawn.moment("1T15:30"))
    assert offer.gain_fen == pytest.approx(197_000)
    assert offer.km == pytest.approx(20)


def test_where_nothing_fits_the_cheapest_job_to_displace_is_named() -> None:
    """8 h of A leave no room for B; without A, B comes 30 km from the yard: 2,000 - 30 - 10 against 1,000 - 10 - 40."""
    quoter, problem = drawn_quoter(TWO_JOBS.replace("10   3", "10   8"))
    quote = quoter.quote(problem.region.jobs[1])
    assert quote.offers == ()
    assert quote.displacement is not None
    assert quote.displacement.job_ids == ("A",)
    assert quote.displacement.lost_fen == pytest.approx(95_000)
    assert quote.displacement.net_fen == pytest.approx(196_000 - 95_000)


def test_an_idle_operator_is_called_in_behind_the_last_stop() -> None:
    problem = make_problem(drawn.region(TWO_JOBS, workdays=ONE_DAY, days=1))
    quoter = Quoter.of(problem, Solution(crew=np.full((1, 1), -1, np.int64), routes=((),)))
    offer = quoter.quote(problem.region.jobs[1]).offers[0]
    assert [(crew.machine_id, crew.operator_id) for crew in offer.crew_new] == [("M1", "P1")]


def test_a_job_in_parts_is_split_over_two_machines_where_one_has_no_time() -> None:
    machines = drawn.MACHINES + "M2       combine  O       0\n"
    operators = drawn.OPERATORS + "P2        O      S:2030-01-01\n"
    jobs = "job  km  ha  open  due  close  yuan\nA 10 16 1T08:00 1T18:00 1T18:00 9000 part_max_ha=8\n"
    problem = make_problem(drawn.region(jobs, machines, operators, ONE_DAY, days=1))
    quoter = Quoter.of(problem, Solution(crew=np.array([[0], [1]]), routes=((), ())))
    offer = quoter.quote(problem.region.jobs[0]).offers[0]
    assert sorted(piece.machine_id for piece in offer.pieces) == ["M1", "M2"]
    assert offer.gain_fen == pytest.approx(900_000 - 2 * 1000 - 16 * 500)
    assert quoter.quote(problem.region.jobs[0]).offers[0] == offer  # the board stands as before


@pytest.mark.parametrize(("pause_h", "before_a"), [(None, True), (1.0, False)])
def test_what_others_wait_for_is_not_pushed(pause_h: float | None, before_a: bool) -> None:
    """B before A ends A at 16:30 and C at 17:30: possible, unless C is planned at 13:00, an hour after A's end."""
    region = drawn.region(TWO_JOBS + "C 10 1 1T08:00 1T18:00 1T18:00 500\n", workdays=ONE_DAY, days=1)
    c = region.jobs[2]
    c = c if pause_h is None else replace(c, after_job_id="A", after_h=pause_h)
    problem = make_problem(replace(region, jobs=(*region.jobs[:2], c)))
    quoter = Quoter.of(problem, Solution(crew=np.zeros((1, 1), np.int64), routes=((0, 2),)))
    afters = {offer.pieces[0].after_job_id for offer in quoter.quote(region.jobs[1]).offers}
    assert (None in afters) == before_a
    assert "C" in afters


def test_wet_grain_that_finds_no_dryer_is_no_offer() -> None:
    region = drawn.region(TWO_JOBS, workdays=ONE_DAY, days=1)
    dryer = Dryer(id="D", lon=121.0, lat=30.0, t_day=10.0, hold_t=0.0)
    jobs = tuple(replace(job, wet_t=6.0) for job in region.jobs)
    problem = make_problem(replace(region, jobs=jobs, dryers=(dryer,)))
    quoter = Quoter.of(problem, Solution(crew=np.zeros((1, 1), np.int64), routes=((0,),)))
    assert quoter.quote(jobs[1]).offers == ()
    assert quoter.quote(replace(jobs[1], wet_t=4.0 - 1e-5)).offers


def test_a_field_of_its_own_may_come_with_the_job() -> None:
    quoter, problem = drawn_quoter()
    job = replace(problem.region.jobs[1], id="X", field_id="elsewhere")
    with pytest.raises(NotFound, match="elsewhere"):
        quoter.quote(job)
    old = problem.region.field_of["F30"]
    field = Field(**{name: getattr(old, name) for name in old.__slots__} | {"id": "elsewhere"})
    assert quoter.quote(job, field).offers[0].gain_fen == pytest.approx(197_000)


def test_a_served_job_is_not_quoted_again() -> None:
    quoter, problem = drawn_quoter()
    with pytest.raises(BadInput, match="serves it already"):
        quoter.quote(problem.region.jobs[0])
