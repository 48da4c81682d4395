"""Seats of a plan, and the plan made again where matching left a town below its share.

People who would rather sit elsewhere leave seats that were counted for their town. The plan is then made again with
as many seats more for that town as it fell short by: a heuristic, for another plan may lose others. The fairest round
counts, and of those that are alike the one that removes most.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from nongshi.agronomy.licence_rules import LICENCE_RULES, LicenceRule
from nongshi.core.training import Training
from nongshi.people.eligible import open_wishes
from nongshi.people.plan import CPU_S, GAP, Plan, make_plan
from nongshi.people.seats import Seats, give_seats, make_market
from nongshi.people.worth import Worth

AGAIN_MAX = 2  # plans made again (assumption)
AGAIN_SHARE = 0.5  # of the first plan's CPU time for each of them (assumption)


def settle(
    training: Training,
    worth: Worth,
    plan: Plan,
    *,
    gap: float = GAP,
    cpu_s: float = CPU_S,
    seed: int = 0,
    rules: Mapping[str, LicenceRule] = LICENCE_RULES,
) -> tuple[Plan, Seats]:
    """The plan that was seated, with the first one's bound, and its seats; arguments as of make_plan."""
    margin: dict[str, int] = {}
    first, best = plan, (plan, give_seats(training, make_market(training, worth, plan.pairs, rules)))
    now = best
    for _ in range(AGAIN_MAX):
        lost = missing(training, *now, rules)
        if not lost:
            break
        margin = {town: margin.get(town, 0) + lost.get(town, 0) for town in margin | lost}
        again = make_plan(
            training, (), gap=gap, cpu_s=AGAIN_SHARE * cpu_s, seed=seed, rules=rules, worth=worth, margin=margin
        )
        if not again.pairs:
            break
        again = replace(again, bound_fen=first.bound_fen)
        now = (again, give_seats(training, make_market(training, worth, again.pairs, rules)))
        if _rank(training, worth, *now, rules) < _rank(training, worth, *best, rules):
            best = now
    return best


def missing(
    training: Training, plan: Plan, seats: Seats, rules: Mapping[str, LicenceRule] = LICENCE_RULES
) -> dict[str, int]:
    """Town -> seats below its share after matching; not those that are too few for it."""
    town = {trainee.id: trainee.town for trainee in training.trainees}
    seated = Counter(town[who] for who in seats.given)
    able = {town[who] for who, wishes in open_wishes(training, rules).items() if wishes}
    wanted = {
        name: training.fairness * share * len(seats.given)
        for name, share in training.people_share().items()
        if name in able and name not in plan.short_towns
    }
    return {name: math.ceil(most - seated[name] - 1e-9) for name, most in wanted.items() if seated[name] < most - 1e-9}


def _rank(
    training: Training, worth: Worth, plan: Plan, seats: Seats, rules: Mapping[str, LicenceRule]
) -> tuple[int, float]:
    """The smaller, the better: seats that towns lack, then what is removed."""
    return sum(missing(training, plan, seats, rules).values()), -worth.removed_fen(seats.pairs)
