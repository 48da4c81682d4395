"""From a region to a plan: bound, roster, routes, better bound, reasons. The room is entered here."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from nongshi.core.errors import BadUsage, NotFound
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.dispatch import engines
from nongshi.dispatch.bound import Bounding, make_bound
from nongshi.dispatch.engines.edd import plan_edd, simple_roster
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.fairness import measure_waits, wait_wishes
from nongshi.dispatch.lots import assign_lots
from nongshi.dispatch.parts import ITERATIONS_PER_JOB, Pool, solve_parts
from nongshi.dispatch.problem import Ints, Problem, make_problem
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.search import Budget, Progress, search
from nongshi.dispatch.solution import Solution, make_plan, price_solution, release_idle
from nongshi.dispatch.tidy import tidy_crew
from nongshi.dispatch.together import plan_together
from nongshi.dispatch.warm import smallest_problem
from nongshi.geo.roads import Roads

ENGINES = ("own", "ortools", "pyvrp", "edd", "nearest")
BOUND_STEPS_FIRST = 40  # enough for prices that put the operators where they are wanted
BOUND_STEPS_LAST = 60  # more steps gain less than 0.1 % (docs/benchmarks.md)
FAIR_SHARE = 0.06  # of a search, last: for small and remote fields, or for cooling (assumption)
FAIR_TURNS, FAIR_ROUNDS, FAIR_HOT_SHARE = 3, 3, 0.001  # assumptions: the price doubles twice, little is melted
BOUND_JOBS_MAX = 5000  # more jobs than this in pieces get no bound: it is proven in one process (assumption)
END_SHARE = 0.98  # of a CPU budget: the rest is for timing and pricing the plan
BOUND_SHARE_FIRST = 0.15  # of a CPU budget: no step of the first bound begins later (assumption)
BOUND_SHARE_MAX = 0.35  # of a CPU budget, kept for the last bound at most (assumption)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a progress bar shows."""

    phase: str  # bound, search, proof
    share: float  # 0..1 of the whole budget
    cpu_s: float
    iterations: int
    best_fen: float | None
    bound_fen: float | None


def solve(
    region: Region,
    *,
    cpu_s: float | None = 30.0,
    iterations: int | None = None,
    seed: int = 1,
    engine: str = "own",
    on_step: Callable[[Step], None] | None = None,
    roads: Roads | None = None,
    pool: Pool | None = None,
) -> Plan:
    """Plan a region and prove how far from the best the plan can be.

    Give CPU seconds or iterations. With iterations the same seed gives the same plan, byte for byte, and `cpu_s`
    of the plan is None. Compiling on a first run is not counted. With a pool the region is planned in fixed pieces by
    fixed steps: the same plan however many workers the pool has.

    Raises:
        NotPlannable: the region has chains or dryers and the engine does not know them.
        NotFound: no such engine.
        MissingExtra: the engine's package is not installed.
    """
    if engine not in (*ENGINES, "ortools-warm"):
        raise NotFound(f"no engine {engine}; there are {', '.join(ENGINES)}")
    problem = make_problem(region, roads)
    if pool is not None:
        return _solve_in_parts(problem, pool, iterations, seed)
    if iterations is not None:
        cpu_s = None
    _warm_up(engine)
    run = _Run(problem, cpu_s, iterations, seed, on_step)
    solution = release_idle(problem, run.solution(engine))
    unserved = explain_unserved(problem, solution)
    bounding = run.proof(solution)
    plan = make_plan(
        problem,
        solution,
        engine=engine,
        seed=seed,
        cpu_s=None if cpu_s is None else round(run.used_s, 3),
        iterations=None if cpu_s is not None else iterations,
        bound=bounding.bound,
        unserved=unserved,
    )
    return with_extras(problem, solution, plan)


def with_extras(problem: Problem, solution: Solution, plan: Plan) -> Plan:
    """The plan with how long fields wait, and which dryer takes which grain."""
    lots = assign_lots(problem.region, plan) if problem.dries else ()
    return replace(plan, lots=lots, extra={"waits": asdict(measure_waits(problem, solution))})


def _solve_in_parts(problem: Problem, pool: Pool, iterations: int | None, seed: int) -> Plan:
    """Piece by piece; a bound only where one process can prove it."""
    jobs = len(problem.job_first)
    per_job = ITERATIONS_PER_JOB if iterations is None else iterations / max(1, jobs)
    solution = solve_parts(problem, None, iterations_per_job=per_job, seed=seed, pool=pool)
    solution = tidy_crew(problem, release_idle(problem, solution))
    bound = None
    if jobs <= BOUND_JOBS_MAX:
        bound = make_bound(problem, steps=BOUND_STEPS_LAST, target_fen=price_solution(problem, solution)).bound
    plan = make_plan(
        problem,
        solution,
        engine="own",
        seed=seed,
        cpu_s=None,
        iterations=round(per_job * jobs),
        bound=bound,
        unserved=explain_unserved(problem, solution),
    )
    return with_extras(problem, solution, plan)


def _warm_up(engine: str) -> None:
    """Compile, or load what an earlier run compiled, before any budget starts."""
    run = _Run(smallest_problem(), None, 1, 1, None, bound_steps=(1, 1))
    run.proof(run.solution("own" if engine == "own" else "edd"))  # a reference engine compiles no more than edd


class _Run:
    """One run of one engine, with its budget and its bound."""

    def __init__(
        self,
        problem: Problem,
        cpu_s: float | None,
        iterations: int | None,
        seed: int,
        on_step: Callable[[Step], None] | None,
        bound_steps: tuple[int, int] = (BOUND_STEPS_FIRST, BOUND_STEPS_LAST),
    ) -> None:
        self.problem, self.cpu_s, self.iterations, self.seed, self.on_step = problem, cpu_s, iterations, seed, on_step
        self.bound_steps = bound_steps
        self.began_s = time.process_time()
        self._tell("bound", 0.0)
        self.bounding: Bounding = make_bound(
            problem, steps=bound_steps[0], cpu_s_max=None if cpu_s is None else BOUND_SHARE_FIRST * cpu_s
        )
        self.bound_s = self.used_s

    @property
    def used_s(self) -> float:
        """CPU seconds since the run began."""
        return time.process_time() - self.began_s

    def solution(self, engine: str) -> Solution:
        """What the engine makes of the problem in its part of the budget."""
        if engine == "edd":
            return plan_edd(self.problem, simple_roster(self.problem), seed=self.seed)
        if engine == "nearest":
            return engines.run_engine(self.problem, engine, simple_roster(self.problem), 0.0, self.seed)
        crew = make_roster(self.problem, self.bounding.day_price_fen)
        if engine == "own":
            return self._own(crew, Budget(None if self.cpu_s is None else self._search_cpu_s(), self.iterations))
        if self.cpu_s is None:
            raise BadUsage(f"engine {engine} stops by CPU seconds, not by iterations; give --cpu-s")
        return engines.run_engine(self.problem, engine, crew, self._search_cpu_s(), self.seed)

    def proof(self, solution: Solution) -> Bounding:
        """A tighter bound, now that the plan's value is known."""
        value_fen = price_solution(self.problem, solution)
        self._tell("proof", 0.9, value_fen)
        left_s = None if self.cpu_s is None else max(0.0, END_SHARE * self.cpu_s - self.used_s)
        return make_bound(
            self.problem,
            steps=self.bound_steps[1],
            target_fen=value_fen,
            start=self.bounding,
            cpu_s_max=left_s,
        )

    def _own(self, crew: Ints, budget: Budget) -> Solution:
        """Crews and routes together.

        The last part of the budget is kept for small and remote fields, should they wait too long.
        """
        problem = self.problem
        main, last = budget.split(1.0 - FAIR_SHARE)
        found = plan_together(problem, crew, budget=main, seed=self.seed, on_step=self._on_progress)
        turns = last.split_even(FAIR_TURNS)
        for turn, part in enumerate(turns):
            wishes = wait_wishes(problem, measure_waits(problem, found), turn)
            priced, seed = replace(problem, wishes=wishes), self.seed + turn
            found = search(priced, found, budget=part, seed=seed, hot_share=FAIR_HOT_SHARE, rounds=FAIR_ROUNDS)
        return tidy_crew(problem, found)

    def _on_progress(self, progress: Progress) -> None:
        self._tell("search", 0.15 + 0.75 * progress.share, progress.worth_fen, progress.iterations)

    def _tell(self, phase: str, share: float, best_fen: float | None = None, iterations: int = 0) -> None:
        if self.on_step is None:
            return
        bounding = getattr(self, "bounding", None)
        self.on_step(
            Step(
                phase=phase,
                share=share,
                cpu_s=self.used_s,
                iterations=iterations,
                best_fen=best_fen,
                bound_fen=None if bounding is None else bounding.bound.bound_fen,
            )
        )

    def _search_cpu_s(self) -> float:
        """What the first bound left, less what the last one will take (steps cost alike)."""
        assert self.cpu_s is not None
        last_s = self.bound_s * self.bound_steps[1] / self.bound_steps[0]
        return max(0.1, END_SHARE * self.cpu_s - self.bound_s - min(last_s, BOUND_SHARE_MAX * self.cpu_s))
