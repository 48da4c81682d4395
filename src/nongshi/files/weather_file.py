"""Rain as it was measured: hourly or daily tables of any station, read to millimetres a day."""

from collections import defaultdict
from datetime import date
from pathlib import Path

from nongshi.core.errors import NotFound
from nongshi.files.faults import Faults
from nongshi.files.rows import Row
from nongshi.files.tables import read_table

HOURLY, DAILY = ("year", "month", "day", "hour", "precipitation"), ("date", "rain_mm")
MISSING = ("", "NA", "NaN", "nan")
HOURS_MIN = 12  # a day with fewer measured hours is not known (assumption)
MOST_MM = 2000.0  # more on one day has never been measured (1,825 mm, Foc-Foc 1966, WMO)


def read_rain(path: Path) -> dict[date, float]:
    """Millimetres of rain by day; days with too few measured hours are left out.

    Columns `date,rain_mm`, or hourly `year,month,day,hour,precipitation`; other columns are not looked at.

    Raises:
        NotFound: there is no such file.
        BadFiles: a missing column, or a cell that is no day or no amount; with row and mend.
    """
    if not path.is_file():
        raise NotFound(f"{path} is not a file; name a table with the columns {', '.join(DAILY)}")
    tried = [(Faults(), columns) for columns in (DAILY, HOURLY)]
    tables = [read_table(path.parent, path.stem, columns, faults) for faults, columns in tried]
    if tables == [None, None]:
        tried[0][0].check()  # neither fits: told by the shorter header
    hourly = tables[0] is None
    (faults, columns), table = tried[hourly], tables[hourly]
    assert table is not None
    fallen: dict[date, float] = defaultdict(float)
    hours: dict[date, int] = defaultdict(int)
    for row in table.rows:
        day = _day(row) if hourly else row.day("date")
        if row.cell(columns[-1]) in MISSING:
            continue
        amount = row.number(columns[-1], least=0.0, most=MOST_MM)
        if day is not None:
            fallen[day] += amount
            hours[day] += 1
    faults.check()
    return {day: mm for day, mm in sorted(fallen.items()) if not hourly or hours[day] >= HOURS_MIN}


def _day(row: Row) -> date | None:
    numbers = [row.number(name, least=1, most=9999) for name in HOURLY[:3]]
    try:
        return date(*(int(number) for number in numbers))
    except ValueError:
        row.fault("day", "no such day", "give a year, a month from 1 to 12 and a day of that month")
        return None
