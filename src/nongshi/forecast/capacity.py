"""Machines and operators of a region folder as pools of towns, or of owners where nobody shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from nongshi.agronomy import LICENCE_CLASSES
from nongshi.core.region import Machine, Operator
from nongshi.core.season import Season
from nongshi.forecast.arrays import Crew, Fleet, Floats, Works
from nongshi.forecast.travel import moves, nearest_town

OPERATOR_DAY_H = 10.0  # docs/formats.md: hours_max of an operator who does not say; others count as part of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the axes of the arrays stand for."""

    towns: tuple[str, ...]
    operations: tuple[str, ...]
    classes: tuple[str, ...]
    licences: tuple[str, ...]  # entry 0 is "": none asked


def names_of(season: Season) -> Names:
    """Axes of a season, in the order of its tables."""
    asked = [kind.licence for kind in season.region.machine_classes if kind.licence]
    return Names(
        towns=tuple(town.name for town in season.towns),
        operations=tuple(dict.fromkeys(row.operation for row in season.operations)),
        classes=tuple(kind.id for kind in season.region.machine_classes),
        licences=("", *dict.fromkeys(asked)),
    )


def make_works(season: Season) -> Works:
    """What holds for each operation; the folder's reader refuses rows of one operation that differ in it."""
    first = {row.operation: row for row in reversed(season.operations)}
    rows = [first[name] for name in names_of(season).operations]
    wet = {row.operation: max(r.wet_t_ha for r in season.operations if r.operation == row.operation) for row in rows}
    return Works(
        window_d=np.array([row.window_d for row in rows]),
        delay_fen_ha_d=np.array([float(row.delay_fen_ha_d) for row in rows]),
        value_fen_ha=np.array([float(row.value_fen_ha) for row in rows]),
        wet_t_ha=np.array([wet[row.operation] for row in rows]),
    )


def make_fleet(season: Season, edges: Sequence[int], *, sharing: bool = True) -> Fleet:
    """The fleet in periods; `edges` are days after the season's first day.

    With `sharing`, a town's machines go to towns near by and its shared operators drive any machine of the town.
    Operators who drive for one owner alone count as far as that owner has machines for them. Without, every owner
    works alone and at home.
    """
    return _Fleet(season, edges, sharing).fleet()


class _Fleet:
    def __init__(self, season: Season, edges: Sequence[int], sharing: bool) -> None:
        self.season, self.region, self.sharing = season, season.region, sharing
        self.names = names_of(season)
        self.edges = np.array(edges, float)
        self.machine_town = towns_of_machines(season)
        self.operator_town = towns_of_operators(season, self.machine_town)
        self.pools = self._pools()

    def _pools(self) -> dict[tuple[str, str], int]:
        """(town, owner) -> number; owner "" is a whole town, or what a town without anybody might get."""
        towns = self.names.towns
        if self.sharing:
            return {(town, ""): n for n, town in enumerate(towns)}
        owners = {(self.machine_town[m.id], m.owner_id) for m in self.region.machines}
        owners |= {(self.operator_town[o.id], o.owner_id) for o in self.region.operators}
        order = {town: n for n, town in enumerate(towns)}
        empty = {(town, "") for town in towns if town not in {t for t, _ in owners}}
        return {pool: n for n, pool in enumerate(sorted(owners | empty, key=lambda p: (order[p[0]], p[1])))}

    def _pool(self, town: str, owner: str) -> int:
        return self.pools[town, "" if self.sharing else owner]

    def fleet(self) -> Fleet:
        season, region, names = self.season, self.region, self.names
        town_number = {town: n for n, town in enumerate(names.towns)}
        kinds = {name: n for n, name in enumerate(names.classes)}
        machines = np.zeros((len(self.pools), len(self.edges) - 1, len(kinds)))
        for machine in region.machines:
            pool = self._pool(self.machine_town[machine.id], machine.owner_id)
            machines[pool, :, kinds[machine.machine_class]] += self._presence(machine)
        rates = np.zeros((len(kinds), len(names.operations)))
        for n, operation in enumerate(names.operations):
            for name, k in kinds.items():
                rates[k, n] = region.rate_ha_h.get((name, operation), 0.0)
        share, fen = moves(season, sharing=self.sharing)
        dryer_t_d = sum(self._dryer_t_d(), np.zeros(len(self.edges) - 1))
        hire = {one.machine_class: one for one in season.hire}
        return Fleet(
            pool_town=np.array([town_number[town] for town, _ in self.pools]),
            machines=machines,
            crews=self._crews(),
            class_licence=np.array([names.licences.index(kind.licence or "") for kind in region.machine_classes]),
            rate_ha_h=rates,
            work_share=share,
            move_fen_h=fen,
            dryer_t_d=dryer_t_d if region.dryers else np.zeros(0),
            hold_t=sum(dryer.hold_t for dryer in region.dryers),
            hire_machines=np.array([hire[name].machines if name in hire else 0.0 for name in names.classes]),
            hire_fen_h=np.array([float(hire[name].price_fen_h) if name in hire else 0.0 for name in names.classes]),
        )

    def _presence(self, machine: Machine) -> Floats:
        """(t,) share of each period that the machine is there and not known to be broken."""
        first = datetime.combine(self.season.first_day, datetime.min.time(), tzinfo=self.region.tz)

        def day(moment: datetime | None, otherwise: float) -> float:
            return otherwise if moment is None else (moment - first) / timedelta(days=1)

        low, high = day(machine.available_from, -np.inf), day(machine.available_to, np.inf)
        there = _overlap(self.edges, low, high)
        for begin, end in machine.down:
            there = there - _overlap(self.edges, max(low, day(begin, 0.0)), min(high, day(end, 0.0)))
        return np.asarray(np.maximum(there, 0.0))

    def _dryer_t_d(self) -> list[Floats]:
        found = []
        for dryer in self.region.dryers:
            works = np.ones(len(self.edges) - 1)
            for first, last in dryer.down:
                low = (first - self.season.first_day).days
                works = works - _overlap(self.edges, low, (last - self.season.first_day).days + 1)
            found.append(dryer.t_day * np.maximum(works, 0.0))
        return found

    def _crews(self) -> tuple[Crew, ...]:
        """Operators by pool and licences; those tied to one owner no more than that owner's machines can use."""
        counts: dict[tuple[int, frozenset[int]], Floats] = {}
        tied: dict[tuple[str, str], list[tuple[frozenset[int], Floats]]] = {}
        for operator in self.region.operators:
            town = self.operator_town[operator.id]
            held, there = self._held(operator), self._operator_presence(operator)
            for licences, share in held:
                if operator.shared or not self.sharing:
                    key = self._pool(town, operator.owner_id), licences
                    counts[key] = counts.get(key, np.zeros(len(there))) + there * share
                else:
                    tied.setdefault((town, operator.owner_id), []).append((licences, there * share))
        for (town, owner), people in tied.items():
            asked = self._asked(town, owner)
            for (licences, count), used in zip(people, _within(people, asked), strict=True):
                key = self._pool(town, ""), licences
                counts[key] = counts.get(key, np.zeros(len(count))) + used
        return tuple(
            Crew(pool=pool, licences=held, count=count) for (pool, held), count in sorted(counts.items(), key=_key)
        )

    def _asked(self, town: str, owner: str) -> Mapping[int, float]:
        """Licence -> machines of one owner in one town that ask for it."""
        asked: dict[int, float] = {}
        for machine in self.region.machines:
            if machine.owner_id == owner and self.machine_town[machine.id] == town:
                one = self.names.licences.index(self.region.class_of[machine.machine_class].licence or "")
                asked[one] = asked.get(one, 0.0) + 1.0
        return asked

    def _held(self, operator: Operator) -> list[tuple[frozenset[int], Floats]]:
        """Sets of licences the operator holds one after another, as some run out, and the share of each period."""
        known = {name: last for name, last in _with_included(operator.licences).items() if name in self.names.licences}
        ends = sorted({(last - self.season.first_day).days + 1.0 for last in known.values()})
        spans = zip([-np.inf, *ends], [*ends, np.inf], strict=True)
        found = []
        for low, high in spans:
            licences = frozenset(
                self.names.licences.index(name)
                for name, last in known.items()
                if (last - self.season.first_day).days + 1.0 >= high
            )
            share = _overlap(self.edges, low, high)
            if share.any():
                found.append((licences, share))
        return found

    def _operator_presence(self, operator: Operator) -> Floats:
        """(t,) operators that a person counts as: days off taken off, short days as part of a day."""
        there = np.ones(len(self.edges) - 1)
        for day in operator.off_days:
            low = (day - self.season.first_day).days
            there = there - _overlap(self.edges, low, low + 1)
        return np.asarray(np.maximum(there, 0.0) * min(1.0, operator.hours_max / OPERATOR_DAY_H))


def towns_of_machines(season: Season) -> dict[str, str]:
    """The town of each machine: as given, else the one whose centre is nearest to its yard."""
    places = [(machine.yard_lon, machine.yard_lat) for machine in season.region.machines]
    near = nearest_town(season, places)
    return {m.id: season.machine_town.get(m.id, town) for m, town in zip(season.region.machines, near, strict=True)}


def towns_of_operators(season: Season, machine_town: Mapping[str, str]) -> dict[str, str]:
    """The town of each operator: as given, else where the owner has most machines, else the first town."""
    of_owner: dict[str, list[str]] = {}
    for machine in season.region.machines:
        of_owner.setdefault(machine.owner_id, []).append(machine_town[machine.id])
    usual = {owner: max(sorted(set(towns)), key=towns.count) for owner, towns in of_owner.items()}
    given = season.operator_town
    return {o.id: given.get(o.id) or usual.get(o.owner_id, season.towns[0].name) for o in season.region.operators}


def _with_included(licences: Mapping[str, date]) -> dict[str, date]:
    """Licences held, and those they include, each with its last day."""
    held = dict(licences)
    for name, last in licences.items():
        for inner in LICENCE_CLASSES[name].includes if name in LICENCE_CLASSES else ():
            held[inner] = max(last, held.get(inner, last))
    return held


def _within(people: Sequence[tuple[frozenset[int], Floats]], asked: Mapping[int, float]) -> list[Floats]:
    """Of people tied to one owner, no more than the machines they may drive; those with few licences first."""
    left = dict(asked)
    used: dict[int, Floats] = {}
    for n in sorted(range(len(people)), key=lambda n: len(people[n][0])):
        licences, count = people[n]
        room = sum((left.get(one, 0.0) for one in (0, *licences)), 0.0)
        used[n] = np.minimum(count, room)
        taken = float(used[n].max(initial=0.0))
        for one in sorted((0, *licences), key=lambda one: one == 0):
            part = min(taken, left.get(one, 0.0))
            left[one] = left.get(one, 0.0) - part
            taken -= part
    return [used[n] for n in range(len(people))]


def _overlap(edges: Floats, low: float, high: float) -> Floats:
    """(t,) share of each period that lies between two days."""
    return np.asarray(np.maximum(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0.0) / np.diff(edges))


def _key(item: tuple[tuple[int, frozenset[int]], Floats]) -> tuple[int, list[int]]:
    return item[0][0], sorted(item[0][1])
