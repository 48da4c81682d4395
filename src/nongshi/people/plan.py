"""The training plan: which courses open and for how many of each town; beside it what people would have chosen."""

import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nongshi.agronomy.licence_rules import LICENCE_RULES, LicenceRule
from nongshi.core.season import OperatorShortage
from nongshi.core.training import Course, Training
from nongshi.people.eligible import open_wishes
from nongshi.people.plan_columns import YUAN, Columns
from nongshi.people.plan_model import make_columns, read_people, thrift_fen, whole_people
from nongshi.people.program import Solved
from nongshi.people.worth import Worth

GAP = 0.005  # relative gap at which the plan is good enough (assumption)
FIRST_SHARE, FILL_SHARE, LAST_SHARE = (
    0.7,
    0.5,
    0.25,
)  # of the CPU time left: courses, people, all at once (assumption)
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
    """First the courses alone whole, then the people in them; all at once where that leaves too wide a gap.

    With fractions of people allowed no less can be removed, so the first program's bound holds for the plan.
    """
    if not c.opens:
        return Solved(None, 0.0, 0.0)
    began_s = time.process_time()
    first = c.program.solve(gap=gap / 4, cpu_s=FIRST_SHARE * cpu_s, seed=seed, whole=set(c.opens.values()), plain=True)
    filled = first
    if first.column is not None:
        chosen = {column: round(float(first.column[column])) for column in c.opens.values()}
        left_s = cpu_s - (time.process_time() - began_s)
        filled = c.program.solve(gap=gap / 10, cpu_s=FILL_SHARE * max(1.0, left_s), seed=seed, fixed=chosen)
    left_s = cpu_s - (time.process_time() - began_s)
    near = first.bound - filled.value <= gap * filled.value
    if filled.column is not None and (near or left_s <= LAST_SHARE * cpu_s):
        return Solved(filled.column, filled.value, first.bound)
    last = c.program.solve(gap=gap, cpu_s=max(1.0, left_s), seed=seed, hint=filled.column)
    best = last if last.column is not None and last.value >= filled.value else filled
    return Solved(best.column, best.value, min(first.bound, last.bound))


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
