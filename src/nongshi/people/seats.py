"""Who sits in the courses that open: the plan's numbers are handed out by stable matching, each answer with its reason.

A course takes as many as the plan counted, and keeps them aside by town as the plan counted. Priority is what the
person's first hours are worth at home (shortage prices of town and licence over the weeks left); equal ones are decided
by the lottery. A course that ends up below its minimum is dropped and all are matched again: a heuristic, for with such
minima a best answer is hard to find (Biro and McBride 2014, arXiv 1408.6878), and only within one round are honest
wishes proven safe.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from nongshi.agronomy.licence_rules import LICENCE_RULES, LicenceRule
from nongshi.core.training import Training
from nongshi.people.audit import blocking_pairs
from nongshi.people.eligible import open_wishes
from nongshi.people.matching import Market, match
from nongshi.people.plan import Pairs
from nongshi.people.worth import Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The last round of matching, and what was dropped before it."""

    given: Mapping[str, str]  # trainee -> course
    market: Market
    dropped: tuple[tuple[str, int], ...] = ()  # course, people it had found; the first dropped first

    @property
    def pairs(self) -> Pairs:
        """(trainee, course), by trainee."""
        return tuple(sorted(self.given.items()))

    def blocking(self) -> list[tuple[str, str]]:
        """Pairs that would rather have each other, counted by code that shares nothing with the matching."""
        return blocking_pairs(
            wishes=self.market.wishes,
            seats=self.market.seats,
            priority=self.market.priority,
            lottery_seed=self.market.lottery_seed,
            given=self.given,
            group=self.market.group,
            aside=self.market.aside,
        )


def make_market(
    training: Training, worth: Worth, pairs: Pairs, rules: Mapping[str, LicenceRule] = LICENCE_RULES
) -> Market:
    """The courses of a plan with its numbers, and everybody who wants and may take them."""
    town = {trainee.id: trainee.town for trainee in training.trainees}
    seats = Counter(course for _, course in pairs)
    wishes = {who: tuple(c for c in mine if c in seats) for who, mine in open_wishes(training, rules).items()}
    return Market(
        wishes=wishes,
        seats=dict(seats),
        priority={
            (who, c): round(worth.first_fen(worth.course[c], worth.trainee[who]))
            for who, mine in wishes.items()
            for c in mine
        },
        lottery_seed=training.lottery_seed,
        group=town,
        aside=dict(Counter((course, town[who]) for who, course in pairs)),
    )


def give_seats(training: Training, market: Market) -> Seats:
    """Match; drop the course that is furthest below its minimum, and match again until none is."""
    minimum = {course.id: course.minimum for course in training.courses}
    dropped: list[tuple[str, int]] = []
    while True:
        given = match(market)
        count = Counter(given.values())
        low = [course for course in market.seats if count[course] < minimum[course]]
        if not low:
            return Seats(given=given, market=market, dropped=tuple(dropped))
        worst = min(low, key=lambda course: (count[course] / minimum[course], course))
        dropped.append((worst, count[worst]))
        market = without(market, worst)


def without(market: Market, place: str) -> Market:
    """The market without one place."""
    return replace(
        market,
        wishes={who: tuple(c for c in mine if c != place) for who, mine in market.wishes.items()},
        seats={c: n for c, n in market.seats.items() if c != place},
        aside={key: n for key, n in market.aside.items() if key[0] != place},
    )
