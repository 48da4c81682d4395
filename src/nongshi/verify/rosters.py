"""Every way to crew a tiny region, for the exhaustive solver."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from nongshi.core.errors import NotPlannable
from nongshi.core.plan import Crew
from nongshi.core.region import Region
from nongshi.core.times import days
from nongshi.verify.rules import Hours, crew_fault

ROSTERS_MAX = 20_000  # about a minute of CPU; assumption
Shift = tuple[float, float] | None


class TooLarge(NotPlannable):
    """A region that cannot be enumerated in seconds."""

    code = "too_large"

    def __init__(self, region: Region, what: str, found: int, most: int) -> None:
        super().__init__(f"{region.name} has {found} {what}; the exhaustive solver takes at most {most}")


@dataclass(frozen=True, slots=True)
class DayCrews:
    """One choice of crews for a day: what it gives each machine, and who."""

    shifts: tuple[Shift, ...]
    crews: tuple[Crew, ...]


def list_rosters(region: Region, *, prune: bool) -> list[tuple[DayCrews, ...]]:
    """Every way to crew the horizon, equal ones once; with `prune` without those that another one contains."""
    by_day, count = [], 1
    for day in days(region.start_date, region.horizon_days):
        options: dict[tuple[Shift, ...], DayCrews] = {}
        for crews in _list_crews(region, day, 0, frozenset()):
            shifts = {crew.machine_id: shift for crew, shift in crews}
            row = tuple(shifts.get(machine.id) for machine in region.machines)
            options.setdefault(row, DayCrews(row, tuple(crew for crew, _ in crews)))
        kept = [o for o in options.values() if not (prune and any(_contains(p, o) for p in options.values()))]
        by_day.append(kept)
        count *= len(kept)
        if count > ROSTERS_MAX:
            raise TooLarge(region, "or more rosters", count, ROSTERS_MAX)
    return list(product(*by_day))


def _list_crews(
    region: Region, day: date, m: int, busy: frozenset[str]
) -> Iterator[tuple[tuple[Crew, tuple[float, float]], ...]]:
    """All crews of one day for the machines from number m on, with the shifts they give."""
    if m == len(region.machines):
        yield ()
        return
    yield from _list_crews(region, day, m + 1, busy)
    machine, hours = region.machines[m], Hours(region)
    for operator in region.operators:
        crew = Crew(date=day, machine_id=machine.id, operator_id=operator.id)
        shift = hours.shift(machine, day, operator)
        if operator.id in busy or shift is None or crew_fault(region, crew) is not None:
            continue
        for rest in _list_crews(region, day, m + 1, busy | {operator.id}):
            yield ((crew, shift), *rest)


def _contains(larger: DayCrews, smaller: DayCrews) -> bool:
    """Whether one choice gives each machine at least the other's day, and is another one."""
    pairs = list(zip(larger.shifts, smaller.shifts, strict=True))
    return larger.shifts != smaller.shifts and all(
        b is None or (a is not None and a[0] <= b[0] and a[1] >= b[1]) for a, b in pairs
    )
