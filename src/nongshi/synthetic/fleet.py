"""Cooperatives, their machines and the people who may drive them; people are short, licences run out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from nongshi.agronomy import MACHINE_CLASSES
from nongshi.core.region import Machine, Operator
from nongshi.core.times import days, local
from nongshi.synthetic.defaults import DOUBLE_SHARE, EXPIRING_SHARE, SHARED_SHARE, VISITING_SHARE
from nongshi.synthetic.seasons import Season

OWNERS_MIN, OWNERS_MAX = 2, 15
VISITING_CLASS_MIN = 4  # a class of fewer machines has no visitors, so that it is never away as a whole
LICENCE_DAYS_MAX = 6 * 365
HOURS = (8.0, 9.0, 10.0, 11.0)
HOURS_SHARES = (0.1, 0.2, 0.5, 0.2)


def class_counts(season: Season, group: str, count: int) -> dict[str, int]:
    """Machines of each class of a group: largest remainders, every total kept."""
    shares = season.class_shares[group]
    exact = {name: share * count for name, share in shares.items()}
    found = {name: int(value) for name, value in exact.items()}
    rest = sorted(exact, key=lambda name: found[name] - exact[name])
    for name in rest[: count - sum(found.values())]:
        found[name] += 1
    return {name: n for name, n in found.items() if n}


def make_machines(
    rng: np.random.Generator,
    season: Season,
    counts: Mapping[str, int],
    *,
    yards: Sequence[tuple[float, float]],
    tz: ZoneInfo,
) -> tuple[Machine, ...]:
    """The machines of every group; owner Cxx sleeps in the xx-th yard, wrapping round."""
    total = sum(counts.values())
    owners = min(total, max(OWNERS_MIN, min(OWNERS_MAX, round(2 * total**0.5))))
    machines: list[Machine] = []
    for group, count in counts.items():
        for name, n in class_counts(season, group, count).items():
            for _ in range(n):
                owner = int(rng.integers(owners))
                visiting = rng.random() < VISITING_SHARE and n >= VISITING_CLASS_MIN
                since, until = _stay(rng, season, tz) if visiting else (None, None)
                lon, lat = yards[owner % len(yards)]
                machines.append(
                    Machine(
                        id=f"M{len(machines) + 1:03d}",
                        machine_class=name,
                        owner_id=f"C{owner + 1:02d}",
                        yard_lon=lon,
                        yard_lat=lat,
                        available_from=since,
                        available_to=until,
                    )
                )
    return tuple(machines)


def _stay(rng: np.random.Generator, season: Season, tz: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """A visitor comes a few days late or goes a few days early."""
    away_d = int(rng.integers(1, 4))
    if rng.random() < 0.5:
        return local(season.start_date + timedelta(days=away_d), time(7, 0), tz), None
    return None, local(season.start_date + timedelta(days=season.days - 1 - away_d), time(17, 30), tz)


def make_operators(
    rng: np.random.Generator, season: Season, machines: Sequence[Machine], *, operators_per_machine: float
) -> tuple[Operator, ...]:
    """People for each licence, at least one; the first of each is shared, never off and licensed to the end."""
    by_licence: dict[str | None, list[Machine]] = {}
    for machine in machines:
        by_licence.setdefault(MACHINE_CLASSES[machine.machine_class].licence, []).append(machine)
    operators: list[Operator] = []
    for licence, driven in by_licence.items():
        seats = [driven[i] for i in rng.permutation(len(driven))]
        for number in range(max(1, round(operators_per_machine * len(driven)))):
            operators.append(
                Operator(
                    id=f"P{len(operators) + 1:03d}",
                    owner_id=seats[number % len(seats)].owner_id,
                    licences=_licences(rng, season, licence, first=number == 0),
                    hours_max=float(rng.choice(HOURS, p=HOURS_SHARES)),
                    off_days=frozenset() if number == 0 else _off_days(rng, season),
                    shared=bool(rng.random() < SHARED_SHARE) or number == 0,
                )
            )
    return tuple(operators)


def _licences(rng: np.random.Generator, season: Season, licence: str | None, *, first: bool) -> dict[str, date]:
    """The licence that the seat needs; combine drivers often hold G1 as well."""
    if licence is None:
        return {}
    expiring = rng.random() < EXPIRING_SHARE and not first
    held = {licence: _last_day(rng, season, expiring=bool(expiring))}
    if licence in ("S", "R") and rng.random() < DOUBLE_SHARE:
        held["G1"] = _last_day(rng, season, expiring=False)
    return held


def _last_day(rng: np.random.Generator, season: Season, *, expiring: bool) -> date:
    low, high = (2, season.days - 1) if expiring else (season.days + 30, LICENCE_DAYS_MAX)
    return season.start_date + timedelta(days=int(rng.integers(low, high)))


def _off_days(rng: np.random.Generator, season: Season) -> frozenset[date]:
    count = int(rng.choice(3, p=(0.45, 0.35, 0.2)))
    picked = rng.choice(season.days, size=count, replace=False)
    calendar = days(season.start_date, season.days)
    return frozenset(calendar[int(i)] for i in picked)
