"""From a seat to the first paid work: how many come how far. Counts only; who they are stays where it is kept."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One person's way so far; each step has its day, None: not yet, or never."""

    trainee_id: str
    course_id: str
    licence: str
    town: str
    seated: date
    passed: date | None = None
    licensed: date | None = None
    first_paid: date | None = None  # the first work order settled and paid
    worked_before: bool = False  # had paid work of a licence before the course


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many came how far."""

    seated: int
    passed: int
    licensed: int
    paid: int
    jobs_created: int  # of the paid, who had no paid work before
    days_to_pay: float | None  # from seat to first pay, median; None: nobody yet

    def shares(self) -> dict[str, float | None]:
        """Each step over the one before it; None where nobody came so far."""
        steps = (("passed", self.seated), ("licensed", self.passed), ("paid", self.licensed))
        return {name: getattr(self, name) / before if before else None for name, before in steps}


def count(ways: Iterable[Way], *, until: date) -> Funnel:
    """The funnel as it stood on the evening of a day.

    A later step counts only where every earlier one is done and none lies before its forerunner: somebody who was paid
    before the licence was there is no success of the course.
    """
    reached = [(way, _steps(way, until)) for way in ways if way.seated <= until]
    paid = [way for way, steps in reached if steps == 3]
    days = sorted((way.first_paid - way.seated).days for way in paid if way.first_paid is not None)
    middle = len(days) // 2
    return Funnel(
        seated=len(reached),
        passed=sum(steps >= 1 for _, steps in reached),
        licensed=sum(steps >= 2 for _, steps in reached),
        paid=len(paid),
        jobs_created=sum(not way.worked_before for way in paid),
        days_to_pay=None if not days else (days[middle] + days[~middle]) / 2,
    )


def count_by(ways: Iterable[Way], of: Callable[[Way], str], *, until: date) -> Mapping[str, Funnel]:
    """The funnel of every course, town or licence, by name."""
    groups: dict[str, list[Way]] = {}
    for way in ways:
        groups.setdefault(of(way), []).append(way)
    return {name: count(mine, until=until) for name, mine in sorted(groups.items())}


def _steps(way: Way, until: date) -> int:
    """Steps done in their order by that day."""
    before, done = way.seated, 0
    for day in (way.passed, way.licensed, way.first_paid):
        if day is None or not before <= day <= until:
            break
        before, done = day, done + 1
    return done
