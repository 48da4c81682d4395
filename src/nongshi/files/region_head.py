"""region.toml: what holds for the whole region."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nongshi.core.said import say
from nongshi.files.faults import Faults
from nongshi.files.rows import parse_day
from nongshi.files.tables import read_text

TOML_FILE = "region.toml"
ZONE_DEFAULT = "Asia/Shanghai"  # docs/formats.md, as the next
DETOUR_DEFAULT = 1.3
DETOUR_MAX = 10.0  # assumption: no road net makes ten kilometres of one
HORIZON_DAYS_MAX = 400  # assumption: a year, and the harvest at both of its ends
OWN_KEYS = ("name", "timezone", "start_date", "horizon_days", "detour", "synthetic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The nouns of region.toml; stand-ins where a fault was noted."""

    name: str
    tz: ZoneInfo
    start_date: date
    horizon_days: int
    detour: float
    synthetic: bool
    extra: Mapping[str, Any]


def read_head(folder: Path, faults: Faults) -> Head:
    """Read region.toml; tables and keys of others are kept in `extra`."""
    text = read_text(folder / TOML_FILE, faults)
    values: dict[str, Any] | None = None
    if text is not None:
        try:
            values = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            faults.add(TOML_FILE, say("is no TOML: %(error)s", error=error), 'write lines such as: name = "my-region"')
    keys = _Keys(values, faults)
    return Head(
        name=keys.name(),
        tz=keys.zone(),
        start_date=keys.start_date(),
        horizon_days=keys.horizon_days(),
        detour=keys.detour(),
        synthetic=keys.synthetic(),
        extra={key: value for key, value in (values or {}).items() if key not in OWN_KEYS},
    )


class _Keys:
    """Asks for each key as what it must be; silent where the file itself was unusable (None)."""

    def __init__(self, values: Mapping[str, Any] | None, faults: Faults) -> None:
        self._silent, self._values, self._faults = values is None, values or {}, faults

    def _fault(self, key: str, problem: str, mend: str) -> None:
        if not self._silent:
            shown = self._values.get(key)
            self._faults.add(TOML_FILE, problem, mend, column=key, value=shown)

    def name(self) -> str:
        value = self._values.get("name")
        if not isinstance(value, str) or not value.strip():
            self._fault("name", "the region has no name", 'write: name = "my-region"')
            return ""
        return value.strip()

    def zone(self) -> ZoneInfo:
        value = self._values.get("timezone", ZONE_DEFAULT)
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, TypeError, ValueError, OSError):
            self._fault("timezone", "is no known time zone", 'write an IANA name: timezone = "Asia/Shanghai"')
            return ZoneInfo(ZONE_DEFAULT)

    def start_date(self) -> date:
        value = self._values.get("start_date")
        day = parse_day(value.strip()) if isinstance(value, str) else value
        if isinstance(day, date) and not isinstance(day, datetime):
            return day
        self._fault("start_date", "is not a date", 'write: start_date = "2026-11-01"')
        return date(2000, 1, 1)

    def horizon_days(self) -> int:
        value = self._values.get("horizon_days")
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= HORIZON_DAYS_MAX:
            return value
        problem = say("must be a whole number from 1 to %(horizon_days_max)s", horizon_days_max=HORIZON_DAYS_MAX)
        self._fault("horizon_days", problem, "write how many days are planned: horizon_days = 14")
        return 1

    def detour(self) -> float:
        value = self._values.get("detour", DETOUR_DEFAULT)
        sound = isinstance(value, int | float) and not isinstance(value, bool)
        if sound and 1 <= value <= DETOUR_MAX:
            return float(value)
        problem = say(
            "must be a number from 1 to %(detour_max)s: road km per straight km", detour_max=f"{DETOUR_MAX:g}"
        )
        self._fault("detour", problem, say("write: detour = %(detour_default)s", detour_default=DETOUR_DEFAULT))
        return DETOUR_DEFAULT

    def synthetic(self) -> bool:
        value = self._values.get("synthetic", False)
        if not isinstance(value, bool):
            self._fault("synthetic", "must be true or false", "write: synthetic = true where anything is generated")
        return bool(value)
