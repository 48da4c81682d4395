"""What pages count of a forecast: people lacking, one layer by town and week, fans of demand, prices. No queries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nongshi.site.forecasts.season_json import OperatorShort, Price, SeasonDoc, Spread

ZERO = Spread(p10=0.0, p50=0.0, p90=0.0)
LAYERS = ("operators", "machines", "demand")


@dataclass(frozen=True, slots=True)
class Lack:
    """How many licensed people a town lacks in a week: hours short by the hours that one can work."""

    town: str
    week: int
    start: date
    licence: str
    hours: Spread
    people: tuple[float, float, float]  # p10, p50, p90
    price_yuan_h: float
    idle_machines: float

    @property
    def count(self) -> int:
        """As many whole people as the middle of the scenarios lacks."""
        return round(self.people[1])

    @property
    def sure(self) -> bool:
        """Whether somebody is lacking more often than not."""
        return self.count >= 1

    @property
    def low(self) -> int:
        """In one year of ten it is no more than that."""
        return round(self.people[0])

    @property
    def high(self) -> int:
        """In one year of ten it is more than that."""
        return round(self.people[2])


@dataclass(frozen=True, slots=True)
class Layer:
    """One kind of number by town and week, as map and table show it."""

    what: str  # one of LAYERS
    of: str  # licence, machine class or operation
    unit: str  # people, h, ha
    towns: tuple[str, ...]
    weeks: tuple[date, ...]
    cells: tuple[tuple[Spread, ...], ...]  # [town][week]

    @property
    def top(self) -> float:
        """The largest middle."""
        return max((cell.p50 for row in self.cells for cell in row), default=0.0)

    @property
    def first_week(self) -> int:
        """The week with the largest sum of middles: where a reader begins to look."""
        sums = [sum(row[week].p50 for row in self.cells) for week in range(len(self.weeks))]
        return max(range(len(sums)), key=sums.__getitem__, default=0)


def lack_of(row: OperatorShort) -> Lack:
    """Hours short as people; where nobody can work in that week (rain all over) people cannot be said: none."""
    per_h = row.operator_h
    people = tuple(hours / per_h if per_h > 0 else 0.0 for hours in (row.short_h.p10, row.short_h.p50, row.short_h.p90))
    return Lack(
        town=row.town, week=row.week, start=row.start, licence=row.licence, hours=row.short_h,
        people=(people[0], people[1], people[2]), price_yuan_h=row.price_yuan_h, idle_machines=row.idle_machines,
    )  # fmt: skip


def lacks(doc: SeasonDoc, since: date | None = None) -> list[Lack]:
    """Towns and weeks that lack whole people, from a day on: first those that do more often than not, the most first.

    Behind them stand those that lack somebody in more than one year of ten only (`sure` is false).
    """
    found = [lack_of(row) for row in doc.operator_shortage]
    return _in_order(one for one in found if one.high >= 1 and _ahead(one, since))


def _ahead(one: Lack, since: date | None) -> bool:
    return since is None or one.start + timedelta(days=6) >= since


def _in_order(found: Iterable[Lack]) -> list[Lack]:
    return sorted(found, key=lambda one: (not one.sure, -one.people[1], -one.people[2], one.start, one.town))


def region_lacks(doc: SeasonDoc, since: date | None = None) -> list[Lack]:
    """The same for all towns together: from the sums of each scenario, so that the interval is that of the sum.

    Where the document keeps no scenarios a week is left out: middles of towns do not add up to a middle.
    """
    groups: dict[tuple[str, int], list[OperatorShort]] = {}
    for row in doc.operator_shortage:
        groups.setdefault((row.licence, row.week), []).append(row)
    found = []
    for (licence, week), rows in groups.items():
        lengths = {len(row.short_h_scenarios) for row in rows}
        if len(lengths) != 1 or 0 in lengths:
            continue
        sums = [sum(hours) for hours in zip(*(row.short_h_scenarios for row in rows), strict=True)]
        per_h = sum(row.operator_h for row in rows) / len(rows)
        hours = Spread(p10=quantile(sums, 0.1), p50=quantile(sums, 0.5), p90=quantile(sums, 0.9))
        if per_h <= 0:
            continue
        people = (hours.p10 / per_h, hours.p50 / per_h, hours.p90 / per_h)
        start = rows[0].start
        price = max(row.price_yuan_h for row in rows)
        idle = sum(row.idle_machines for row in rows)
        found.append(Lack(doc.region, week, start, licence, hours, people, price, idle))
    return _in_order(one for one in found if one.high >= 1 and _ahead(one, since))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies, linear between them.

    >>> quantile([4.0, 0.0, 2.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def choices(doc: SeasonDoc) -> dict[str, list[str]]:
    """What may be shown, by layer: licences, machine classes, operations; only what has numbers."""
    return {
        "operators": sorted({row.licence for row in doc.operator_shortage}),
        "machines": sorted({row.machine_class for row in doc.shortage}),
        "demand": [one.id for one in doc.operations if any(row.operation == one.id for row in doc.demand)],
    }


def layer(doc: SeasonDoc, what: str, of: str) -> Layer:
    """One layer; machine-hours of several operations of a class are shown for the worst of them."""
    weeks = range(doc.weeks)
    towns = tuple(one.town for one in doc.towns)
    cells = {(town, week): ZERO for town in towns for week in weeks}
    for town, week, value in _rows(doc, what, of):
        if value.p50 >= cells[town, week].p50:
            cells[town, week] = value
    unit = {"operators": "people", "machines": "h", "demand": "ha"}[what]
    starts = tuple(doc.start_of(week) for week in weeks)
    return Layer(what, of, unit, towns, starts, tuple(tuple(cells[town, week] for week in weeks) for town in towns))


def _rows(doc: SeasonDoc, what: str, of: str) -> Iterable[tuple[str, int, Spread]]:
    if what == "operators":
        for row in doc.operator_shortage:
            if row.licence == of:
                low, middle, high = lack_of(row).people
                yield row.town, row.week, Spread(p10=low, p50=middle, p90=high)
    elif what == "machines":
        yield from ((row.town, row.week, row.short_h) for row in doc.shortage if row.machine_class == of)
    else:
        yield from ((row.town, row.week, row.area_ha) for row in doc.demand if row.operation == of)


def fan(doc: SeasonDoc, operation: str, town: str) -> list[tuple[date, Spread]]:
    """Area that an operation asks for in a town, week by week; a week without a row asks for none."""
    rows = {row.week: row.area_ha for row in doc.demand if row.operation == operation and row.town == town}
    return [(doc.start_of(week), rows.get(week, ZERO)) for week in range(doc.weeks)]


def busiest_town(doc: SeasonDoc, operation: str) -> str:
    """The town that asks for most of an operation."""
    sums: dict[str, float] = {one.town: 0.0 for one in doc.towns}
    for row in doc.demand:
        if row.operation == operation:
            sums[row.town] += row.area_ha.p50
    return max(sums, key=sums.__getitem__)


def best_prices(doc: SeasonDoc, count: int) -> list[Price]:
    """Where one more hour is worth most, by what it is of: the best week of each town and class."""
    best: dict[tuple[str, str, str], Price] = {}
    key: Callable[[Price], Any] = lambda one: (one.what, one.town, one.kind)  # noqa: E731 - said once, used twice
    for row in doc.prices:
        if row.yuan_h > 0 and (key(row) not in best or row.yuan_h > best[key(row)].yuan_h):
            best[key(row)] = row
    return sorted(best.values(), key=lambda one: -one.yuan_h)[:count]
