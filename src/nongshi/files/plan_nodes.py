"""Asks a JSON document for its values as what they must be, and notes by JSON path where they are not."""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.core.units import FEN_PER_YUAN
from nongshi.files.faults import Faults
from nongshi.files.rows import parse_day, parse_moment

NUMBER_MAX = 1e12  # assumption: no sum of a plan comes near it


class Node:
    """A place in the document; asks for its keys as what they must be, and notes where they are not."""

    def __init__(self, file: str, path: str, value: Any, faults: Faults) -> None:
        self._file, self._path, self._faults = file, path, faults
        self.keys: Mapping[str, Any] = value if isinstance(value, dict) else {}
        self.usable = isinstance(value, dict)  # where not, its keys are not asked for one by one
        if not self.usable:
            faults.add(file, "is not an object", "write it in braces: {...}", column=path, value=value)

    def fault(self, key: str, problem: str, mend: str) -> None:
        """Note a fault at a key."""
        value = self.keys.get(key)
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        if self.usable:
            self._faults.add(self._file, problem, mend, column=f"{self._path}.{key}", value=shown)

    def _has(self, key: str) -> bool:
        if key not in self.keys:
            self.fault(key, "the key is missing", f"add {key} as docs/formats.md says")
        return key in self.keys

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text; empty only where it has a default."""
        if default is not None and self.keys.get(key) is None:
            return default
        if not self._has(key):
            return ""
        value = self.keys[key]
        if not isinstance(value, str) or (not value and default is None):
            self.fault(key, "is not a text", "write it in double quotes")
            return ""
        return value

    def number(self, key: str, *, least: float | None = 0) -> float:
        """A finite number, not below `least`."""
        if not self._has(key):
            return 0.0
        value = self.keys[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            self.fault(key, "is not a finite number", "write a number such as 1.5, without quotes")
            return 0.0
        if (least is not None and value < least) or abs(value) > NUMBER_MAX:
            limit = "" if least is None else f"{least:g} or more and "
            self.fault(key, f"must be {limit}at most {NUMBER_MAX:g}", f"correct {key}")
            return 0.0
        return float(value)

    def whole(self, key: str, *, least: int | None = None) -> int:
        """A whole number, not below `least`."""
        if not self._has(key):
            return 0
        value = self.keys[key]
        if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
            limit = "" if least is None else f" of {least} or more"
            self.fault(key, f"is not a whole number{limit}", "write a number such as 1, without quotes or point")
            return least or 0
        return value

    def fen(self, key: str, *, least: float | None = 0) -> float:
        """Yuan as whole fen: the file's precision."""
        return round(self.number(key, least=least) * FEN_PER_YUAN) + 0.0

    def number_or_none(self, key: str, *, least: float | None = 0) -> float | None:
        """As `number`, or None where the key is there and null."""
        if key in self.keys and self.keys[key] is None:
            return None
        return self.number(key, least=least)

    @property
    def fault_count(self) -> int:
        """How many faults are noted so far, wherever they stand."""
        return len(self._faults)

    def given(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self.keys.get(key) is not None

    def day(self, key: str) -> date:
        """A date."""
        day = parse_day(text) if (text := self.text(key)) else date.min
        if day is None:
            self.fault(key, "is not a date", "write it as YYYY-MM-DD, such as 2026-11-03")
        return day or date.min

    def moment(self, key: str, tz: ZoneInfo) -> datetime:
        """A local wall time of the zone."""
        text = self.text(key)
        moment = parse_moment(text)
        if moment is None and text:
            self.fault(key, "is not a local time", "write YYYY-MM-DDTHH:MM:SS, without offset")
        return (moment or datetime(2000, 1, 1)).replace(tzinfo=tz)

    def node(self, key: str, *, needed: bool = True) -> "Node":
        """The object behind a key; a silent stand-in where it is missing."""
        if (needed and self._has(key)) or key in self.keys:
            return Node(self._file, f"{self._path}.{key}", self.keys[key], self._faults)
        silent = Node(self._file, f"{self._path}.{key}", {}, self._faults)
        silent.usable = False
        return silent

    def nodes(self, key: str, *, needed: bool = True) -> Iterator["Node"]:
        """The objects of the list behind a key."""
        if not needed and key not in self.keys:
            return
        value = self.keys[key] if self._has(key) else []
        if not isinstance(value, list):
            self.fault(key, "is not a list", "write it in brackets: [...]")
            return
        for i, item in enumerate(value):
            yield Node(self._file, f"{self._path}.{key}[{i}]", item, self._faults)


def _is_finite(value: int | float) -> bool:
    """An integer beyond the range of a float counts as infinite."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
