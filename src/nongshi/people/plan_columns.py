"""What the program of the training plan counts: courses, people by course and town, groups that nothing tells apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nongshi.core.training import Course, Trainee, Training
from nongshi.people.program import Program
from nongshi.people.worth import Worth

YUAN = 100_000.0  # the program counts in thousands of yuan: coefficients near 1


@dataclass(frozen=True, slots=True)
class Group:
    """People whom no course and no week tells apart."""

    town: str
    members: tuple[str, ...]  # trainee ids
    wishes: tuple[str, ...]  # courses they want and may take
    unusual: frozenset[str]  # of these, where they are at work on other days than most
    example: Trainee


@dataclass(slots=True)
class Columns:
    """Where the program keeps what."""

    program: Program = field(default_factory=Program)
    opens: dict[str, int] = field(default_factory=dict)  # course
    town: dict[tuple[str, str], int] = field(default_factory=dict)  # course, town -> people, of usual availability
    person: dict[tuple[int, str], int] = field(default_factory=dict)  # group, course
    people: dict[str, dict[str, list[int]]] = field(default_factory=dict)  # course -> town -> columns that count
    groups: list[Group] = field(default_factory=list)
    gained: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # town, licence -> pieces of all weeks
    flow: dict[int, str] = field(default_factory=dict)  # rows that say which persons make up a town's numbers -> town
    totals: list[int] = field(default_factory=list)  # people of a town, and of all, in any course
    short: dict[str, int] = field(default_factory=dict)  # town of too few -> all who may take an open course are in


def make_groups(training: Training, worth: Worth, wishes: Mapping[str, tuple[str, ...]]) -> list[Group]:
    """Trainees by town, wishes that are open to them and days at work."""
    found: dict[tuple[object, ...], list[Trainee]] = {}
    unusual: dict[tuple[object, ...], frozenset[str]] = {}
    for trainee in training.trainees:
        mine = tuple(sorted(wishes[trainee.id]))
        if not mine:
            continue
        odd = {c: worth.weights(worth.course[c], trainee) for c in mine if _is_unusual(worth, worth.course[c], trainee)}
        key = (trainee.town, mine, tuple(sorted((c, tuple(sorted(w.items()))) for c, w in odd.items())))
        found.setdefault(key, []).append(trainee)
        unusual[key] = frozenset(odd)
    return [
        Group(
            members[0].town,
            tuple(m.id for m in members),
            tuple(sorted(wishes[members[0].id])),
            unusual[key],
            members[0],
        )
        for key, members in found.items()
    ]


def _is_unusual(worth: Worth, course: Course, trainee: Trainee) -> bool:
    if trainee.available_from is None and trainee.available_to is None:
        return False
    return worth.weights(course, trainee) != worth.weights(course, usual(trainee.town))


def usual(town: str) -> Trainee:
    """Somebody of a town who is always there."""
    return Trainee(id="", town=town, licences={}, wishes=())


def enrolled(c: Columns, course_id: str, town: str | None = None) -> dict[int, float]:
    """Entries that count who is enrolled in a course, of one town or of all."""
    places = [place for place in c.people.get(course_id, {}) if town in (None, place)]
    return {column: 1.0 for place in places for column in c.people[course_id][place]}
