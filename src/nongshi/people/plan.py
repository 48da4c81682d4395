"""The training plan: which courses open and for how many of each town; beside it what people would have chosen."""

import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nongshi.agronomy.licence_rules import LICENCE_RULES, LicenceRule
from nongshi.core.season import OperatorShortage
from nongshi.core.training import Course, Training
from nongshi.people.eligible import open_wishes
from nongshi.people.plan_columns import YUAN, Columns
from nongshi.people.plan_model import make_columns, read_people, thrift_fen, whole_people
from nongshi.people.program import Solved
from nongshi.people.worth import Worth

GAP = 0.005  # relative gap at which the plan is good enough (assumption)
ROUGH = 0.001  # gap at which a program that leaves people in parts has said what it can (assumption)
FIRST_SHARE, FILL_SHARE, COUNT_SHARE, LAST_SHARE = 0.7, 0.25, 0.7, 0.1  # of the CPU time (assumption), see _solve
CPU_S = 60.0  # CPU seconds after which the best plan found is taken (assumption)
FEN_FREE = 1.0  # a bound below a fen says that there is nothing to remove
Pairs = tuple[tuple[str, str], ...]  # (trainee, course)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the model promises; who really sits there is decided by the matching."""

    pairs: Pairs  # one way to fill the seats that reaches `removed_fen`
    removed_fen: float  # expected shortage removed
    bound_fen: float  # no plan removes more
    cost_fen: int
    short_towns: tuple[str, ...] = ()  # cannot reach their share even with everybody who may take an open course

    @property
    def gap(self) -> float:
        """How much more the best plan could remove at most, relative to this one's; inf: this one removes nothing."""
        more_fen = self.bound_fen - self.removed_fen
        if self.removed_fen > 0:
            return max(0.0, more_fen) / self.removed_fen
        return 0.0 if more_fen <= FEN_FREE else math.inf

    def counts(self) -> dict[str, int]:
        """Course -> people, where it opens."""
        return dict(Counter(course for _, course in self.pairs))


def make_plan(
    training: Training,
    shortage: Iterable[OperatorShortage],
    *,
    gap: float = GAP,
    cpu_s: float = CPU_S,
    seed: int = 0,
    rules: Mapping[str, LicenceRule] = LICENCE_RULES,
    worth: Worth | None = None,
    margin: Mapping[str, int] | None = None,
) -> Plan:
    """The plan that removes most expected shortage within the budget; fair between towns.

    Args:
        training: courses, trainees, budget, fairness.
        shortage: what is lacking; weeks, towns and licences in any order.
        gap: relative, at which it is enough.
        cpu_s: CPU seconds, after which the best found counts.
        seed: of HiGHS.
        rules: of the licence classes.
        worth: of the same training and shortage, where it is at hand.
        margin: town -> seats more than its share, where matching is known to lose some.

    Raises:
        NongshiError: HiGHS failed.
    """
    worth = Worth(training, shortage, rules) if worth is None else worth
    wishes = open_wishes(training, rules)
    columns = make_columns(training, worth, wishes, margin=margin)
    solved = _solve(columns, gap, cpu_s, seed)
    pairs = () if solved.column is None else tuple(read_people(columns, whole_people(columns, solved.column)))
    return Plan(
        pairs=pairs,
        removed_fen=worth.removed_fen(pairs),
        bound_fen=solved.bound * YUAN + thrift_fen(training) if solved.bound * YUAN > FEN_FREE else 0.0,
        cost_fen=cost_fen(training, pairs),
        short_towns=tuple(
            town for town, column in columns.short.items() if solved.column is not None and solved.column[column] > 0.5
        ),
    )


def _solve(c: Columns, gap: float, cpu_s: float, seed: int) -> Solved:
    """Courses whole; then also how many a town and all of them send; each time the people with those courses fixed.

    The first asks for numbers by course and town only, not for the persons behind them.
    Fewer whole columns and rows never remove less, so each program's bound holds for the plan. At last all at once.
    """
    if not c.opens:
        return Solved(None, 0.0, 0.0)
    clock = _Clock(cpu_s)
    courses, rough = {*c.opens.values(), *c.short.values()}, max(gap / 4, ROUGH)
    nobody = [row for row, town in c.flow.items() if town not in c.short]
    best, tried = Solved(None, 0.0, math.inf), set[tuple[int, ...]]()
    for share, whole, free in ((FIRST_SHARE, courses, nobody), (COUNT_SHARE, courses | set(c.totals), [])):
        chosen = c.program.solve(
            gap=rough, cpu_s=clock.part_s(share), seed=seed, whole=whole, free=free, plain=True, hint=best.column
        )
        best = replace(best, bound=min(best.bound, chosen.bound))
        if chosen.column is not None:
            opened = {column: round(float(chosen.column[column])) for column in c.opens.values()}
            if tuple(opened.values()) not in tried:
                tried.add(tuple(opened.values()))
                filled = c.program.solve(gap=gap / 10, cpu_s=clock.fill_s(), seed=seed, fixed=opened)
                best = _better(best, filled)
        if _near(best, gap) or (best.column is not None and clock.left_s() <= LAST_SHARE * cpu_s):
            return best
    last = c.program.solve(gap=gap, cpu_s=clock.part_s(1.0), seed=seed, hint=best.column)
    return replace(_better(best, last), bound=min(best.bound, last.bound))


@dataclass(slots=True)
class _Clock:
    """CPU seconds that are left, and what a step may have of them."""

    cpu_s: float
    began_s: float = field(default_factory=time.process_time)

    def left_s(self) -> float:
        return self.cpu_s - (time.process_time() - self.began_s)

    def part_s(self, share: float) -> float:
        return share * max(1.0, self.left_s())

    def fill_s(self) -> float:
        """A share of all the time, for there is more to prove than to fill; what is left where that is less."""
        return max(0.5, min(self.left_s(), FILL_SHARE * self.cpu_s))


def _better(best: Solved, found: Solved) -> Solved:
    """The better solution, with the first one's bound."""
    if found.column is None or (best.column is not None and found.value <= best.value):
        return best
    return Solved(found.column, found.value, best.bound)


def _near(best: Solved, gap: float) -> bool:
    return best.column is not None and best.bound - best.value <= gap * best.value


def cost_fen(training: Training, pairs: Iterable[tuple[str, str]]) -> int:
    """What the courses of these pairs cost."""
    counts = Counter(course for _, course in pairs)
    return sum(course.cost_fen(counts[course.id]) for course in training.courses if counts[course.id])


def fill_most_wanted(training: Training, rules: Mapping[str, LicenceRule] = LICENCE_RULES) -> Pairs:
    """What is done without a forecast: open the most wanted courses while the money lasts, seat people by rank of wish.

    A course that clashes with one opened before, or that finds too few people still free, is passed over; what is left
    goes to the next, down to the last course, and seats that the money does not reach stay empty.
    """
    wishes = open_wishes(training, rules)
    wanted = Counter(course for mine in wishes.values() for course in mine)
    left_fen, seated, opened = training.budget_fen, dict[str, str](), list[Course]()
    for course in sorted(training.courses, key=lambda c: (-wanted[c.id], c.id)):
        if any(clash(course, other) for other in opened):
            continue
        free = [t for t, mine in sorted(wishes.items()) if course.id in mine and t not in seated]
        free.sort(key=lambda t: wishes[t].index(course.id))
        paid = (left_fen - course.fixed_fen) // course.head_fen if course.head_fen else course.seats
        count = min(course.seats, len(free), paid) if left_fen >= course.fixed_fen else 0
        if count >= course.minimum:
            seated |= dict.fromkeys(free[:count], course.id)
            opened.append(course)
            left_fen -= course.cost_fen(count)
    return tuple(seated.items())


def clash(one: Course, other: Course) -> bool:
    """Whether the two ask for the same trainer or venue on the same day."""
    same = one.trainer_id == other.trainer_id or one.venue_id == other.venue_id
    return same and one.start <= other.end and other.start <= one.end
