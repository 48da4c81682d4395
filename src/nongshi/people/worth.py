"""What graduates are worth: a concave, piecewise linear number of fen by town, week and licence.

Of the hours lacking in a scenario, `g` operators more cover min(lacking, g x hours of one, hours of idle machines).
The mean over the scenarios is a concave function of `g`, so scenarios are counted once and for all here and neither
the model nor the audit meets them again. Price: that of the shortage, a mean over the scenarios.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy.licence_rules import LICENCE_RULES, RETENTION, LicenceRule, covers
from nongshi.core.season import OperatorShortage
from nongshi.core.training import Course, Trainee, Training

Floats = NDArray[np.float64]
WEEK_D = 7
DATE_MAX = date.max


@dataclass(frozen=True, slots=True)
class Need:
    """One town, week and licence: what operators more would be worth there and then."""

    town: str
    week_start: date
    licence: str
    length: Floats  # (k,) operators for which a slope holds
    slope_fen: Floats  # (k,) fen an operator for the whole week, falling

    def value_fen(self, operators: float) -> float:
        """Expected shortage that so many operators remove."""
        before = np.cumsum(self.length) - self.length
        return float(self.slope_fen @ np.clip(operators - before, 0.0, self.length))

    def coarse(self, most: int) -> "Need":
        """A need of at most so many pieces that is nowhere worth less: the lines of some of the pieces, and the top."""
        if len(self.length) <= most:
            return self
        picked = np.unique(np.linspace(0, len(self.length) - 1, most).round().astype(int))
        slope = np.append(self.slope_fen[picked], 0.0)
        begins = (np.cumsum(self.length) - self.length)[picked]
        value = np.append(
            np.array([self.value_fen(float(x)) for x in begins]) - slope[:-1] * begins, self.value_fen(np.inf)
        )
        meets = np.diff(value) / -np.diff(slope)  # where each line meets the next
        return Need(self.town, self.week_start, self.licence, np.diff(meets, prepend=0.0), slope[:-1])


Place = tuple[str, date]  # town, first day of the week
Supply = Mapping[str, float]  # licence -> expected operators


def make_needs(shortage: Iterable[OperatorShortage]) -> tuple[Need, ...]:
    """Needs that are worth anything, in the order of town, week and licence."""
    found = (_need(row) for row in shortage)
    return tuple(sorted((need for need in found if need.length.size), key=lambda n: (n.town, n.week_start, n.licence)))


def _need(row: OperatorShortage) -> Need:
    hours = row.operator_h
    covered = np.minimum(np.array(row.short_h, float), row.idle_machines * hours)
    knots = np.unique(covered[covered > 0])
    if not hours > 0 or not row.price_fen_h > 0 or not knots.size:
        return Need(row.town, row.week_start, row.licence, np.zeros(0), np.zeros(0))
    still = np.array([np.count_nonzero(covered >= knot) for knot in knots]) / len(covered)
    return Need(
        row.town, row.week_start, row.licence, np.diff(knots, prepend=0.0) / hours, still * (row.price_fen_h * hours)
    )


def at_work_share(course: Course, trainee: Trainee, week_start: date, rules: Mapping[str, LicenceRule]) -> float:
    """Share of the week's days on which the person can work with the new licence."""
    first, last = work_days(course, trainee, rules)
    since, until = max(first, week_start), min(last, week_start + timedelta(days=WEEK_D - 1))
    return max(0, (until - since).days + 1) / WEEK_D


def work_days(course: Course, trainee: Trainee, rules: Mapping[str, LicenceRule]) -> tuple[date, date]:
    """First and last day of work with the new licence."""
    rule = rules.get(course.licence)
    ready = course.end + timedelta(days=1 + (rule.issue_days if rule else 0))
    return max(ready, trainee.available_from or ready), trainee.available_to or DATE_MAX


class Worth:
    """Expected shortage removed by who is enrolled where; the one function that plans and audits are measured by."""

    def __init__(
        self,
        training: Training,
        shortage: Iterable[OperatorShortage],
        rules: Mapping[str, LicenceRule] = LICENCE_RULES,
    ) -> None:
        self.training, self.rules = training, rules
        self.needs = make_needs(shortage)
        self.course = {course.id: course for course in training.courses}
        self.trainee = {trainee.id: trainee for trainee in training.trainees}
        self.retention = float(RETENTION.value) if training.retention is None else training.retention
        self._weights: dict[tuple[object, ...], dict[date, float]] = {}
        self.at: dict[Place, list[Need]] = {}
        for need in self.needs:
            self.at.setdefault((need.town, need.week_start), []).append(need)
        self.weeks: dict[str, list[date]] = {}
        for town, week in self.at:
            self.weeks.setdefault(town, []).append(week)

    def weights(self, course: Course, trainee: Trainee) -> Mapping[date, float]:
        """Week -> expected operators from one person enrolled: passes, stays, has the licence, is there."""
        key = (course.id, trainee.town, trainee.available_from, trainee.available_to)
        if key not in self._weights:
            part = course.pass_share * self.retention
            shares = {w: at_work_share(course, trainee, w, self.rules) for w in self.weeks.get(trainee.town, ())}
            self._weights[key] = {week: part * share for week, share in shares.items() if share > 0}
        return self._weights[key]

    def removed_fen(self, enrolled: Iterable[tuple[str, str]]) -> float:
        """Expected shortage removed by pairs (trainee, course), in fen."""
        supply: dict[Place, dict[str, float]] = {}
        for trainee_id, course_id in enrolled:
            trainee, course = self.trainee[trainee_id], self.course[course_id]
            for week, share in self.weights(course, trainee).items():
                here = supply.setdefault((trainee.town, week), {})
                here[course.licence] = here.get(course.licence, 0.0) + share
        return sum(place_value_fen(self.at[place], here) for place, here in supply.items())

    def first_fen(self, course: Course, trainee: Trainee) -> float:
        """Priority: what the first hours of this person are worth at home, over the weeks left after the course."""
        total = 0.0
        for week, share in self.weights(course, trainee).items():
            slopes = [float(n.slope_fen[0]) for n in self.at[trainee.town, week] if n.licence in covers(course.licence)]
            total += share * max(slopes, default=0.0)
        return total


def place_value_fen(needs: Sequence[Need], supply: Supply) -> float:
    """The most that a town's graduates are worth in a week, each hour at one machine.

    Dearest piece first, and graduates of the narrowest licence first: that is the optimum, for the sets that graduates
    can serve form a polymatroid (one licence includes another, and no two overlap otherwise).
    """
    left = dict(supply)
    givers = sorted(left, key=lambda name: (len(covers(name)), name))
    value = 0.0
    for slope, length, licence in _pieces(needs, givers):
        for giver in givers:
            if licence in covers(giver) and length > 0:
                taken = min(length, left[giver])
                left[giver] -= taken
                length -= taken
                value += taken * slope
    return value


def alone_fen(needs: Sequence[Need], licence: str, operators: Floats) -> Floats:
    """What numbers of graduates of one licence are worth in a town's week if nobody else comes; like `operators`."""
    pieces = _pieces(needs, (licence,))
    slope = np.array([piece[0] for piece in pieces], float)
    length = np.array([piece[1] for piece in pieces], float)
    before = np.cumsum(length) - length
    return np.asarray(np.clip(operators[:, None] - before, 0.0, length) @ slope, float)


def _pieces(needs: Sequence[Need], givers: Sequence[str]) -> list[tuple[float, float, str]]:
    """(fen an operator, operators, licence) of what these licences can serve, the dearest first."""
    served = {name for giver in givers for name in covers(giver)}
    pieces = [
        (slope, length, need.licence)
        for need in needs
        if need.licence in served
        for slope, length in zip(need.slope_fen.tolist(), need.length.tolist(), strict=True)
    ]
    return sorted(pieces, key=lambda piece: -piece[0])
