"""Rows that no whole solution needs and every fractional one feels: they make the program's bound tight."""

import numpy as np

from nongshi.agronomy.licence_rules import covers
from nongshi.agronomy.licences import LICENCE_CLASSES
from nongshi.core.training import Course, Training
from nongshi.people.plan_columns import YUAN, Columns, enrolled, usual
from nongshi.people.worth import Worth, alone_fen

LINES_MAX = 8  # of each course and town; more tighten no further (assumption)


def tighten(c: Columns, training: Training, worth: Worth) -> None:
    """A course of which a share opens brings that share of what it would bring alone: valid, for worth is concave.

    Together courses never bring more than the sum of each alone; alone, m people of a town bring at most worth(m), and
    with the course's own column z that is z x worth(m / z) (its perspective), which says the same where z is 0 or 1.
    """
    alone: dict[tuple[str, frozenset[str]], dict[int, float]] = {}
    for course in training.courses:
        for town in worth.weeks:
            people = enrolled(c, course.id, town)
            if not people:
                continue
            most = round(sum(c.program.most[column] for column in people))
            value = _alone(worth, course, town, min(course.seats, most))
            theta = c.program.column()
            alone.setdefault((town, _kin(course.licence)), {})[theta] = -1.0
            for k in _knots(value):
                slope = value[k + 1] - value[k]
                c.program.row(
                    {theta: 1.0, c.opens[course.id]: -(value[k] - slope * k)} | dict.fromkeys(people, -slope), high=0.0
                )
    gains: dict[tuple[str, frozenset[str]], dict[int, float]] = {}
    for (town, licence), columns in c.gained.items():
        gains.setdefault((town, _kin(licence)), {}).update({p: c.program.gain[p] for p in columns})
    for key, entries in gains.items():
        c.program.row(entries | alone.get(key, {}), high=0.0)


def _kin(licence: str) -> frozenset[str]:
    """Licences that stand in for each other, one way or the other."""
    return frozenset(name for name in {licence, *LICENCE_CLASSES} if set(covers(name)) & set(covers(licence)))


def _alone(worth: Worth, course: Course, town: str, most: int) -> list[float]:
    """What 0, 1, ... people of a town bring by one course alone, in the program's money."""
    value = np.zeros(most + 1)
    for week, share in worth.weights(course, usual(town)).items():
        value += alone_fen(worth.at[town, week], course.licence, share * np.arange(most + 1, dtype=np.float64))
    return [float(fen) / YUAN for fen in value]


def _knots(value: list[float]) -> list[int]:
    """The pieces whose line is told, every one where there are few."""
    steps = range(len(value) - 1)
    return [k for k in steps if k % max(1, len(steps) // LINES_MAX) == 0]
