"""season.toml: which weeks, what day it is, how many scenarios, which machines may be hired."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nongshi.core.region import Region
from nongshi.core.season import Hire
from nongshi.core.units import FEN_PER_YUAN
from nongshi.files.faults import Faults
from nongshi.files.rows import parse_day
from nongshi.files.tables import read_text

TOML_FILE = "season.toml"
SCENARIOS_DEFAULT = 200
SCENARIOS_MIN, SCENARIOS_MAX = 10, 2000  # assumption: fewer say nothing of 10 and 90 %, more take minutes
WEEKS_MAX = 60
OWN_KEYS = ("first_day", "weeks", "today", "scenarios", "seed", "lat", "hire")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The values of season.toml; stand-ins where a fault was noted."""

    first_day: date
    weeks: int
    today: date
    scenarios: int
    seed: int
    lat: float | None
    hire: tuple[Hire, ...]
    extra: Mapping[str, Any]

    def check_hire(self, region: Region, faults: Faults) -> None:
        """Note classes to hire that the region does not know."""
        for one in self.hire:
            if one.machine_class not in region.class_of:
                mend = "correct it, or add the class to machine_classes.csv with its rates"
                faults.add(TOML_FILE, "is no machine class", mend, column="hire", value=one.machine_class)


def read_head(folder: Path, faults: Faults) -> Head:
    """Read season.toml; keys of others are kept."""
    text = read_text(folder / TOML_FILE, faults)
    values: dict[str, Any] | None = None
    if text is not None:
        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            faults.add(TOML_FILE, f"is no TOML: {error}", 'write lines such as: first_day = "2027-05-01"')
    keys = _Keys(values, faults)
    first_day = keys.day("first_day", None)
    return Head(
        first_day=first_day,
        weeks=keys.whole("weeks", 1, WEEKS_MAX, None),
        today=keys.day("today", first_day),
        scenarios=keys.whole("scenarios", SCENARIOS_MIN, SCENARIOS_MAX, SCENARIOS_DEFAULT),
        seed=keys.whole("seed", 0, 2**31 - 1, 1),
        lat=keys.lat(),
        hire=keys.hire(),
        extra={key: value for key, value in (values or {}).items() if key not in OWN_KEYS},
    )


class _Keys:
    """Asks for each key as what it must be; silent where the file itself was unusable (None)."""

    def __init__(self, values: Mapping[str, Any] | None, faults: Faults) -> None:
        self._silent, self._values, self._faults = values is None, values or {}, faults

    def _fault(self, key: str, problem: str, mend: str, *, value: Any = None) -> None:
        if not self._silent:
            shown = self._values.get(key) if value is None else value
            self._faults.add(TOML_FILE, problem, mend, column=key, value=shown)

    def day(self, key: str, default: date | None) -> date:
        value = self._values.get(key)
        if value is None and default is not None:
            return default
        day = parse_day(value.strip()) if isinstance(value, str) else value
        if isinstance(day, date) and not isinstance(day, datetime):
            return day
        self._fault(key, "is not a date", f'write: {key} = "2027-05-01"')
        return date(2000, 1, 1)

    def whole(self, key: str, least: int, most: int, default: int | None) -> int:
        value = self._values.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._fault(key, f"must be a whole number from {least} to {most}", f"write: {key} = {default or least}")
        return least

    def lat(self) -> float | None:
        value = self._values.get("lat")
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and -66 <= value <= 66:
            return float(value)
        self._fault("lat", "must be a latitude in degrees between the polar circles", "write: lat = 30.8")
        return None

    def hire(self) -> tuple[Hire, ...]:
        """Tables such as [hire.combine-full] with `machines` and `price_yuan_h`."""
        tables = self._values.get("hire", {})
        if not isinstance(tables, Mapping):
            self._fault(
                "hire", "must be a table for each class", "write: [hire.combine-full] and below it machines = 5"
            )
            return ()
        found = []
        for name, table in tables.items():
            numbers = [table.get(key) if isinstance(table, Mapping) else None for key in ("machines", "price_yuan_h")]
            if not all(isinstance(n, int | float) and not isinstance(n, bool) and 0 <= n <= 1e6 for n in numbers):
                mend = "write below it: machines = 5 and price_yuan_h = 200"
                self._fault("hire", f"[hire.{name}] needs machines and price_yuan_h of 0 or more", mend, value=table)
                continue
            machines, price = (float(n) for n in numbers if n is not None)
            found.append(Hire(machine_class=name, machines=machines, price_fen_h=round(price * FEN_PER_YUAN)))
        return tuple(found)
