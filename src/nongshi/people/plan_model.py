"""Which courses open, and how many of each town sit in them: a mixed integer program (docs/training.md).

Whole are the courses and the numbers of people by course and town. Who of a town it is makes no difference to the
shortage unless somebody comes late or leaves early; so the people's own columns may be fractions, for with those
numbers fixed they are a flow, whose corners are whole. Scenarios are gone too: worth is concave (worth.py).
"""

from collections.abc import Mapping
from datetime import date

import numpy as np

from nongshi.agronomy.licence_rules import covers
from nongshi.core.errors import NongshiError
from nongshi.core.training import Training
from nongshi.people.plan_columns import YUAN, Columns, enrolled, make_groups, usual
from nongshi.people.plan_tight import tighten
from nongshi.people.program import Floats, Program
from nongshi.people.worth import Need, Worth

PIECES_MAX = 16  # of each need; more make the program slower and no better (assumption)
THRIFT = 1e-4  # a yuan is not spent that removes less than so much shortage (assumption)
WHOLE = 1e-4  # a column nearer to a whole number than this is one
HEAD = 0.001  # in thousands of yuan: a seat is worth sparing even where it costs nothing


def make_columns(
    training: Training,
    worth: Worth,
    wishes: Mapping[str, tuple[str, ...]],
    *,
    margin: Mapping[str, int] | None = None,
) -> Columns:
    """The whole program."""
    c = Columns()
    c.groups = make_groups(training, worth, wishes)
    for course in training.courses:
        c.opens[course.id] = c.program.column(most=1.0, whole=True)
    _people(c, training)
    _courses(c, training)
    _clashes(c, training)
    _fairness(c, training, margin or {})
    _gain(c, training, worth)
    tighten(c, training, worth)
    return c


def thrift_fen(training: Training) -> float:
    """By how much the program's value lies below the shortage removed, at most."""
    return THRIFT * (training.budget_fen + HEAD * YUAN * len(training.trainees))


def _people(c: Columns, training: Training) -> None:
    """Everybody in one course at most; the usual ones of a town are counted by course."""
    usual: dict[tuple[str, str], dict[int, float]] = {}
    most: dict[tuple[str, str], int] = {}
    seats = {course.id: course.seats for course in training.courses}
    for g, group in enumerate(c.groups):
        size = len(group.members)
        for course in group.wishes:
            odd = course in group.unusual
            column = c.program.column(most=min(size, seats[course]), whole=odd)
            c.person[g, course] = column
            if odd:
                c.people.setdefault(course, {}).setdefault(group.town, []).append(column)
                c.program.row({column: 1.0, c.opens[course]: -min(size, seats[course])}, high=0.0)
            else:
                usual.setdefault((course, group.town), {})[column] = 1.0
                most[course, group.town] = most.get((course, group.town), 0) + size
        c.flow[len(c.program.low)] = group.town
        c.program.row({c.person[g, course]: 1.0 for course in group.wishes}, high=size)
    for (course, town), entries in usual.items():
        limit = min(seats[course], most[course, town])
        c.town[course, town] = c.program.column(most=limit, whole=True)
        c.people.setdefault(course, {}).setdefault(town, []).append(c.town[course, town])
        c.flow[len(c.program.low)] = town
        c.program.row(entries | {c.town[course, town]: -1.0}, low=0.0, high=0.0)
        c.program.row({c.town[course, town]: 1.0, c.opens[course]: -limit}, high=0.0)


def _courses(c: Columns, training: Training) -> None:
    """Minimum, seats and budget."""
    spent: dict[int, float] = {}
    for course in training.courses:
        people, opens = enrolled(c, course.id), c.opens[course.id]
        if not people:
            c.program.row({opens: 1.0}, high=0.0)
            continue
        c.program.gain[opens] -= THRIFT * course.fixed_fen / YUAN
        for column in people:
            c.program.gain[column] -= THRIFT * (course.head_fen / YUAN + HEAD)
        c.program.row(people | {opens: -course.seats}, high=0.0)
        c.program.row(people | {opens: -course.minimum}, low=0.0)
        spent[opens] = course.fixed_fen / YUAN
        spent |= dict.fromkeys(people, course.head_fen / YUAN)
    c.program.row(spent, high=training.budget_fen / YUAN)


def _clashes(c: Columns, training: Training) -> None:
    """A trainer and a venue hold one course at a time: on the first day of each course, of all that run then."""
    for at in cliques(training):
        c.program.row({c.opens[course]: 1.0 for course in at}, high=1.0)


def cliques(training: Training) -> list[tuple[str, ...]]:
    """Sets of courses of which at most one can be held."""
    found: set[tuple[str, ...]] = set()
    for of in ("trainer_id", "venue_id"):
        for first in training.courses:
            at = sorted(
                other.id
                for other in training.courses
                if getattr(other, of) == getattr(first, of) and other.start <= first.start <= other.end
            )
            if len(at) > 1:
                found.add(tuple(at))
    return sorted(one for one in found if not any(set(one) < set(other) for other in found))


def _fairness(c: Columns, training: Training, margin: Mapping[str, int]) -> None:
    """A town's seats over all seats is at least `fairness` of its people's share, or everybody it has is in.

    `margin`: so many seats more than that, where matching is known to lose some.
    """
    everybody = {column: 1.0 for course in training.courses for column in enrolled(c, course.id)}
    if not everybody or training.fairness <= 0.0:
        return
    most_people = most_enrolled(training)
    total = _counted(c, everybody, most_people)
    for town, share in training.people_share().items():
        wanted = training.fairness * share
        able = sum(len(group.members) for group in c.groups if group.town == town)
        if wanted <= 0.0 or not able:
            continue
        mine = {column: 1.0 for course in training.courses for column in enrolled(c, course.id, town)}
        entries = {_counted(c, mine, able): 1.0, total: -wanted}
        if able < wanted * most_people:
            c.short[town] = c.program.column(most=1.0, whole=True)
            entries[c.short[town]] = wanted * most_people + margin.get(town, 0)
            _all_in(c, town)
        c.program.row(entries, low=float(margin.get(town, 0)))


def _counted(c: Columns, people: Mapping[int, float], most: int) -> int:
    """A whole column that counts these people: with it the solver sees that a share of 10.2 seats means 11."""
    column = c.program.column(most=most, whole=True)
    c.totals.append(column)
    c.program.row({**people, column: -1.0}, low=0.0, high=0.0)
    return column


def _all_in(c: Columns, town: str) -> None:
    """Where the town's column is 1, everybody of it who may take an open course is in one."""
    for g, group in enumerate(c.groups):
        if group.town != town:
            continue
        people = {c.person[g, course]: 1.0 for course in group.wishes}
        size = float(len(group.members))
        for course in group.wishes:
            c.program.row(people | {c.opens[course]: -size, c.short[town]: -size}, low=-size)


def most_enrolled(training: Training) -> int:
    """People whom the budget and the seats could hold at most; cheap, never too low."""
    wanting = sum(bool(trainee.wishes) for trainee in training.trainees)
    seats = sum(course.seats for course in training.courses)
    cheapest = min((course.head_fen + course.fixed_fen / course.seats for course in training.courses), default=0)
    paid = int(training.budget_fen / cheapest) if cheapest > 0 else wanting
    return min(wanting, seats, paid)


def _gain(c: Columns, training: Training, worth: Worth) -> None:
    """Graduates fill the pieces of every need, the dearest first by themselves, for slopes fall."""
    supply: dict[tuple[str, date, str], dict[int, float]] = {}
    for course in training.courses:
        for town in worth.weeks:
            counted = c.town.get((course.id, town))
            if counted is not None:
                for week, share in worth.weights(course, usual(town)).items():
                    supply.setdefault((town, week, course.licence), {})[counted] = share
    for (g, course_id), column in c.person.items():
        group = c.groups[g]
        if course_id in group.unusual:
            course = worth.course[course_id]
            for week, share in worth.weights(course, group.example).items():
                supply.setdefault((group.town, week, course.licence), {})[column] = share
    here: dict[tuple[str, date], dict[str, dict[int, float]]] = {}
    for (town, week, name), entries in supply.items():
        here.setdefault((town, week), {})[name] = entries
    for place, needs in worth.at.items():
        for licence, columns in _gain_at(c.program, needs, here.get(place, {})).items():
            c.gained.setdefault((place[0], licence), []).extend(columns)


def _gain_at(program: Program, needs: list[Need], supply: Mapping[str, Mapping[int, float]]) -> dict[str, list[int]]:
    """One town and week: who may serve more than one licence is split between them. Columns of the pieces by need."""
    gained: dict[str, list[int]] = {}
    into: dict[str, dict[int, float]] = {}
    for licence, entries in supply.items():
        served = [need.licence for need in needs if need.licence in covers(licence)]
        if len(served) == 1:
            here = into.setdefault(served[0], {})
            for column, share in entries.items():
                here[column] = here.get(column, 0.0) + share
        elif served:
            parts = [program.column() for _ in served]
            program.row(dict(entries) | dict.fromkeys(parts, -1.0), low=0.0)
            for name, part in zip(served, parts, strict=True):
                into.setdefault(name, {})[part] = 1.0
    for need in (each.coarse(PIECES_MAX) for each in needs):
        if need.licence in into:
            pieces = {
                program.column(gain=float(slope) / YUAN, most=float(length)): -1.0
                for slope, length in zip(need.slope_fen, need.length, strict=True)
            }
            gained[need.licence] = list(pieces)
            program.row(into[need.licence] | pieces, low=0.0)
    return gained


def whole_people(c: Columns, column: Floats) -> Floats:
    """The same courses and numbers with nobody in parts: a flow, which has a whole answer."""
    people = set(c.person.values())
    off = max((abs(column[p] - round(float(column[p]))) for p in people), default=0.0)
    if off < WHOLE:
        return column
    odd = {p for (g, course), p in c.person.items() if course in c.groups[g].unusual}
    fixed = {p: float(round(float(column[p]))) for p in (*c.opens.values(), *c.town.values(), *odd, *c.short.values())}
    found = c.program.solve(fixed=fixed, whole=people).column
    if found is None:
        raise NongshiError("the plan's numbers of people fit no persons; a fault of ours, please report it")
    return found


def read_people(c: Columns, column: np.ndarray) -> list[tuple[str, str]]:
    """(trainee, course) of a solution whose numbers by course and town are whole; rounded to the nearest whole."""
    pairs = []
    for g, group in enumerate(c.groups):
        members = list(group.members)
        for course in group.wishes:
            count = round(float(column[c.person[g, course]]))
            pairs += [(members.pop(), course) for _ in range(count)]
    return pairs
