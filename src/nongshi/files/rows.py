"""One row of a table: asks for a cell as what it must be, and notes a fault where it is not.

A faulty cell gives a stand-in of the right type, so that the rest of the row is still looked at; a row that
is not `sound` makes no noun. Plain functions and not pydantic models: half the time, and the words are ours.
"""

import math
import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from nongshi.core.said import Said, say
from nongshi.core.times import midnight
from nongshi.core.units import fen
from nongshi.files.faults import Faults

NUMBER_MAX = 1e9  # assumption: no area, rate, distance or sum of money of one row comes near it
YEAR_MIN, YEAR_MAX = 1970, 2199  # assumption: anything else is a slip of the keyboard
KNOWN_SHOWN_MAX = 12
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DAY = r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
_MOMENT = re.compile(_DAY + r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?", re.ASCII)
_BOOLS = {"true": True, "1": True, "yes": True, "是": True, "false": False, "0": False, "no": False, "否": False}
_STAND_IN_DAY = date(2000, 1, 1)


class Row:
    """Cells by column name, and where they stand."""

    __slots__ = ("_cells", "_faults", "bad", "file", "number_in_file")

    def __init__(self, file: str, number_in_file: int, cells: dict[str, str], faults: Faults) -> None:
        self.file, self.number_in_file = file, number_in_file
        self._cells, self._faults = cells, faults
        self.bad: set[str | None] = set()  # columns with a fault

    @property
    def sound(self) -> bool:
        """Whether nothing was wrong so far."""
        return not self.bad

    def fault(self, column: str | None, problem: str, mend: str, *, value: object = None) -> None:
        """Note a fault in this row; the cell's own text is the value unless another is given."""
        self.bad.add(column)
        shown = self._cells.get(column) if value is None and column is not None else value
        self._faults.add(self.file, problem, mend, row=self.number_in_file, column=column, value=shown)

    def has(self, column: str) -> bool:
        """Whether the cell is there and not empty."""
        return bool(self._cells.get(column))

    def cell(self, column: str) -> str:
        """The cell's text, empty where it is not given."""
        return self._cells.get(column, "")

    def text(self, column: str) -> str:
        """A text that must be given."""
        text = self._cells.get(column, "")
        if not text:
            self.fault(column, "the cell is empty", say("fill in %(column)s", column=column), value="")
        return text

    def known(self, column: str, ids: Collection[str] | None, where: str) -> str:
        """A reference that must stand in `where`; not looked up where that file could not be read (None)."""
        text = self.text(column)
        if text and ids is not None and text not in ids:
            mend = say("correct it, or add %(text)s to %(where)s", text=text, where=where)
            if 0 < len(ids) <= KNOWN_SHOWN_MAX:
                few = ", ".join(sorted(ids))
                mend = say(
                    "correct it, or add %(text)s to %(where)s (it has: %(few)s)", text=text, where=where, few=few
                )
            self.fault(column, say("%(text)s does not stand in %(where)s", text=text, where=where), mend)
        return text

    def number(
        self,
        column: str,
        *,
        above: float | None = None,
        least: float | None = None,
        most: float = NUMBER_MAX,
        default: float | None = None,
    ) -> float:
        """A finite number within its limits, `above` excluded, `least` and `most` included."""
        text = self._cells.get(column, "")
        if not text and default is not None:
            return default
        if not self._is_number(column, text):
            return 1.0
        number = float(text)
        if (above is not None and number <= above) or (least is not None and number < least) or number > most:
            self.fault(column, _range_words(above, least, most), say("correct %(column)s", column=column))
        return number

    def money_fen(self, column: str, *, default: int | None = None) -> int:
        """Yuan of at most 2 decimals and not below zero, as whole fen."""
        text = self._cells.get(column, "")
        if not text and default is not None:
            return default
        if not self._is_number(column, text):
            return 0
        yuan = Decimal(text)
        if not 0 <= yuan <= NUMBER_MAX:
            self.fault(
                column,
                say("money must be 0 or more and at most %(number_max)s yuan", number_max=f"{NUMBER_MAX:g}"),
                say("correct %(column)s", column=column),
            )
            return 0
        try:
            return fen(yuan)
        except ValueError:
            self.fault(column, "money has more than 2 decimals", "round it to the fen, such as 12.34")
            return 0

    def _is_number(self, column: str, text: str) -> bool:
        """Whether the text is a plain finite number; says what it is where it is not."""
        if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return True
        if not text:
            self.fault(column, "the cell is empty", say("fill in %(column)s as a number", column=column), value="")
        elif "," in text or "，" in text:
            self.fault(
                column, "is no plain number", "write a point before decimals and nothing between thousands: 1234.5"
            )
        elif text.lower().lstrip("+-") in ("nan", "inf", "infinity") or _NUMBER.fullmatch(text):
            self.fault(
                column, "is not a finite number", say("fill in %(column)s as a number such as 1.5", column=column)
            )
        else:
            self.fault(column, "is not a number", "write digits only, such as 1.5, without a unit")
        return False

    def flag(self, column: str) -> bool:
        """true/false, 1/0, yes/no or 是/否."""
        text = self.text(column)
        if text and text.lower() not in _BOOLS:
            self.fault(column, "is neither true nor false", "write true or false (or 1/0, yes/no, 是/否)")
        return _BOOLS.get(text.lower(), False)

    def day(self, column: str) -> date:
        """A date; a time of 00:00 behind it, as Excel adds, is nothing."""
        text = self.text(column)
        parsed = _parse(text)
        if text and (parsed is None or (isinstance(parsed, datetime) and parsed.time() != time(0))):
            self.fault(column, "is not a date", "write it as YYYY-MM-DD, such as 2026-11-03")
            return _STAND_IN_DAY
        if isinstance(parsed, datetime):
            return parsed.date()
        return parsed or _STAND_IN_DAY

    def moment(self, column: str, tz: ZoneInfo, *, bare: int | None = None) -> datetime:
        """A local wall time; a bare date means its midnight plus `bare` days, or is a fault where that is None."""
        text = self.text(column)
        parsed = _parse(text)
        if isinstance(parsed, datetime):
            return parsed.replace(tzinfo=tz)
        if parsed is not None and bare is not None:
            return midnight(parsed + timedelta(days=bare), tz)
        if text:
            problem = "is not a date and time" if parsed is None else "has no time of day"
            self.fault(
                column, problem, "write local time as YYYY-MM-DDTHH:MM, such as 2026-11-03T07:00, without offset"
            )
        return midnight(_STAND_IN_DAY, tz)

    def clock(self, column: str) -> time | None:
        """A time of day, or None where the cell is empty."""
        text = self.cell(column)
        match = _CLOCK.fullmatch(text)
        if match and int(match[1]) < 24 and int(match[2]) < 60:
            return time(int(match[1]), int(match[2]))
        if text:
            self.fault(column, "is not a time of day", "write it as HH:MM, from 00:00 to 23:59")
        return None


def _range_words(above: float | None, least: float | None, most: float) -> Said:
    """What a number out of its limits must be."""
    if above is not None:
        return say("must be above %(above)s and at most %(most)s", above=f"{above:g}", most=f"{most:g}")
    if least is not None:
        return say("must be %(least)s or more and at most %(most)s", least=f"{least:g}", most=f"{most:g}")
    return say("must be at most %(most)s", most=f"{most:g}")


@lru_cache(maxsize=16_384)
def _parse(text: str) -> date | datetime | None:
    """A date, or a datetime where a time stands behind it; None for anything else. Dates repeat, hence the cache."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (None if part is None else int(part) for part in match.groups())
    if not YEAR_MIN <= (year or 0) <= YEAR_MAX:
        return None
    try:
        if hour is None:
            return date(year or 0, month or 0, day or 0)
        return datetime(year or 0, month or 0, day or 0, hour, minute or 0, second or 0)
    except ValueError:
        return None


def parse_day(text: str) -> date | None:
    """A bare date, or None."""
    parsed = _parse(text)
    return None if isinstance(parsed, datetime) else parsed


def parse_moment(text: str) -> datetime | None:
    """A date and time without zone, or None."""
    parsed = _parse(text)
    return parsed if isinstance(parsed, datetime) else None
