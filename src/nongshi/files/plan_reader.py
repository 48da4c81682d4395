"""A plan file becomes a Plan, or a list of everything in it that is not as docs/formats.md says.

Whether the plan keeps the rules of farming is for `nongshi.verify`; here only its form is judged, and whether
its objective and gap follow from its own sums, for the nouns have no place for a number that contradicts them.
"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.core.errors import NotFound
from nongshi.core.plan import Bound, Crew, LicencePrice, MachinePrice, Plan, Reason, Route, Stop, Totals, Unserved
from nongshi.core.times import midnight, parse_wall
from nongshi.core.units import FEN_PER_YUAN
from nongshi.files.faults import Faults
from nongshi.files.plan_files import FORMAT
from nongshi.files.rows import parse_day
from nongshi.files.tables import read_text

SUM_SLACK_FEN = 50.0  # docs/formats.md, section 2: 0.5 yuan or one part in 100,000
SUM_SLACK_SHARE = 1e-5
_OWN = ("format", "region", "engine", "seed", "cpu_s", "iterations", "objective_yuan", "bound_yuan", "bound_method")
_OWN_KEYS = frozenset((*_OWN, "gap", "totals", "prices", "crews", "routes", "unserved"))


def read_plan(path: Path, tz: ZoneInfo) -> Plan:
    """Read a plan file; its times are wall times of `tz`, the region's zone. Unknown keys are kept in `extra`.

    Raises:
        NotFound: there is no such file.
        BadFiles: all that is wrong, `column` naming the place as a JSON path.
    """
    path = Path(path)
    if not path.exists():
        raise NotFound(f"there is no plan file {path}; make one with: nongshi plan")
    faults = Faults()
    text = read_text(path, faults)
    faults.check()
    try:
        document = json.loads(text or "")
    except (json.JSONDecodeError, RecursionError) as error:
        faults.add(path.name, f"is no JSON: {error}", "make the plan again; the file may have been cut off")
    else:
        plan = _plan(_Node(path.name, "$", document, faults), tz)
    faults.check()
    return plan


class _Node:
    """A place in the document; asks for its keys as what they must be, and notes where they are not."""

    def __init__(self, file: str, path: str, value: Any, faults: Faults) -> None:
        self._file, self._path, self._faults = file, path, faults
        self.keys: Mapping[str, Any] = value if isinstance(value, dict) else {}
        self.usable = isinstance(value, dict)
        if not self.usable:
            faults.add(file, "is not an object", "write it in braces: {...}", column=path, value=value)

    def fault(self, key: str, problem: str, mend: str) -> None:
        value = self.keys.get(key)
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        if self.usable:
            self._faults.add(self._file, problem, mend, column=f"{self._path}.{key}", value=shown)

    def _has(self, key: str) -> bool:
        if key not in self.keys:
            self.fault(key, "the key is missing", f"add {key} as docs/formats.md says, or make the plan again")
        return key in self.keys

    def text(self, key: str, *, default: str | None = None) -> str:
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
        if not self._has(key):
            return 0.0
        value = self.keys[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            self.fault(key, "is not a finite number", "write a number such as 1.5, without quotes")
            return 0.0
        if least is not None and value < least:
            self.fault(key, f"must be {least:g} or more", f"correct {key}")
        return float(value)

    def whole(self, key: str, *, least: int | None = None) -> int:
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

    def given(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self.keys.get(key) is not None

    def day(self, key: str) -> date:
        day = parse_day(text) if (text := self.text(key)) else date.min
        if day is None:
            self.fault(key, "is not a date", "write it as YYYY-MM-DD, such as 2026-11-03")
        return day or date.min

    def moment(self, key: str, tz: ZoneInfo) -> datetime:
        text = self.text(key)
        try:
            return parse_wall(text, tz) if len(text) >= len("2026-11-03T07:00") else _refuse(text)
        except ValueError:
            if text:
                self.fault(key, "is not a local time", "write YYYY-MM-DDTHH:MM:SS, without offset")
            return midnight(date(2000, 1, 1), tz)

    def node(self, key: str) -> "_Node":
        value = self.keys[key] if self.usable and self._has(key) else None
        if value is None:
            return _Silent(self._file, self._path, {}, self._faults)
        return _Node(self._file, f"{self._path}.{key}", value, self._faults)

    def nodes(self, key: str, *, needed: bool = True) -> Iterator["_Node"]:
        if not needed and key not in self.keys:
            return
        value = self.keys[key] if self._has(key) else []
        if not isinstance(value, list):
            self.fault(key, "is not a list", "write it in brackets: [...]")
            return
        for i, item in enumerate(value):
            yield _Node(self._file, f"{self._path}.{key}[{i}]", item, self._faults)


class _Silent(_Node):
    """Stands in for a place that is not there, so that its absence is told once and not for each of its keys."""

    def fault(self, key: str, problem: str, mend: str) -> None:
        return


def _refuse(text: str) -> datetime:
    raise ValueError(text)


def _is_finite(value: int | float) -> bool:
    """An integer beyond the range of a float counts as infinite."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
