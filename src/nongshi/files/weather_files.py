"""Weather files of a region: by day or by hour, any encoding or separator, each cell that cannot be named."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from nongshi.agronomy.weather import NEEDED, OPTIONAL, Daily
from nongshi.agronomy.weather_fill import fill
from nongshi.agronomy.weather_hourly import Hourly
from nongshi.core.errors import BadInput, NotFound
from nongshi.files.faults import Faults
from nongshi.files.rows import Row
from nongshi.files.tables import Table, read_table
from nongshi.files.weather_services import FORMS, WeatherForm, find_form

_ZONE = ZoneInfo("UTC")  # hours are the station's own wall time; no zone is looked at
MISSING = ("", "NA", "na", "NaN", "nan", "-", "null", "-999", "-9999", "-999.0", "-99", "-99.9")
# What has never been measured on earth, with a little room (WMO archive of extremes): more is a slip.
LIMITS: dict[str, tuple[float, float]] = {
    "tmin_c": (-90.0, 50.0),
    "tmax_c": (-90.0, 60.0),
    "temp_c": (-90.0, 60.0),
    "rain_mm": (0.0, 2000.0),
    "wind_m_s": (0.0, 115.0),
    "dew_point_c": (-90.0, 36.0),
    "sun_h": (0.0, 24.0),
    "pressure_hpa": (850.0, 1090.0),
}
DAILY = ("date", *NEEDED)
HOURLY = ("time", "temp_c", "rain_mm")
HOURLY_OPTIONAL = ("dew_point_c", "wind_m_s", "pressure_hpa")
SPLIT_TIME = ("year", "month", "day", "hour")  # how public hourly tables write `time`
SPLIT_NAMES = {"temp_c": "temp", "dew_point_c": "dewp", "rain_mm": "precipitation", "pressure_hpa": "pres"}


def read_weather(folder: Path) -> Daily | None:
    """`weather.csv` or `weather_hourly.csv` of a region folder, gaps filled and said; None where there is neither.

    Raises:
        BadFiles: cells that cannot be, with file, row, column and mend.
        BadInput: both files, or too few measured days.
    """
    by_service = [path for path in (folder / "weather.json",) if path.exists()]
    by_day = by_service + [folder / f"weather{end}" for end in (".csv", ".xlsx") if (folder / f"weather{end}").exists()]
    by_hour = [
        folder / f"weather_hourly{end}" for end in (".csv", ".xlsx") if (folder / f"weather_hourly{end}").exists()
    ]
    if len(both := by_day + by_hour) > 1:
        raise BadInput(f"{both[0].name} and {both[1].name} both lie in {folder.name}; keep one of the two")
    if by_hour:
        return read_hourly(by_hour[0]).daily()
    return read_daily(by_day[0]) if by_day else None


def read_daily(path: Path) -> Daily:
    """A table with date, tmin_c, tmax_c, rain_mm, and wind_m_s, dew_point_c, sun_h, pressure_hpa where known.

    Or a file as a weather service hands it out (`weather_services.FORMS`).

    Raises:
        NotFound, BadFiles, BadInput: as `read_weather`.
    """
    if path.suffix in (".csv", ".json") and path.is_file():
        text = path.read_bytes().decode("utf-8-sig", errors="replace")  # services write no other; ours may be GBK
        form = find_form(text)
        if form is not None:
            return _read_service(path, text, form)
        if path.suffix == ".json":
            known = ", ".join(form.name for form in FORMS)
            raise BadInput(f"{path.name} is of no form that is known ({known}); or give weather.csv")
    faults, table = _table(path, DAILY)
    names = [*NEEDED, *(name for name in OPTIONAL if name in table.columns)]
    days: dict[date, dict[str, float]] = {}
    for row in table.rows:
        day, values = row.day("date"), {name: _value(row, name) for name in names}
        if values["tmin_c"] > values["tmax_c"]:
            row.fault("tmin_c", "the night is warmer than the day", "exchange tmin_c and tmax_c, or correct one")
        if day in days:
            row.fault("date", "the day stands twice", "delete one of the two rows")
        days[day] = values
    faults.check()
    if not days:
        raise BadInput(f"{path.name} has no days; give one row a day under the header {', '.join(DAILY)}")
    dates = np.array(sorted(days), dtype="datetime64[D]")
    return fill(dates, {name: np.array([days[day][name] for day in sorted(days)]) for name in names})


def _read_service(path: Path, text: str, form: WeatherForm) -> Daily:
    """A service's days, checked by the same limits as our own."""
    faults, days = Faults(), dict[date, dict[str, float]]()
    for entry, day, ours, theirs, value, times, plus in form.cells(path.name, text, faults):
        if day is None:
            faults.add(path.name, "has a day that is no date", "download it again", row=entry, column=theirs)
            continue
        number = _service_number(path.name, entry, theirs, value, faults)
        if number is not None:
            number = number * times + plus
            least, most = LIMITS[ours]
            if not least <= number <= most:
                mend = f"correct it, or empty it so that it is filled; {ours} lies from {least:g} to {most:g}"
                faults.add(path.name, "cannot be", mend, row=entry, column=theirs, value=value)
            days.setdefault(day, {})[ours] = number
    faults.check()
    names = {name for values in days.values() for name in values}
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise BadInput(
            f"{path.name} ({form.name}) has nothing for {', '.join(missing)}; download these daily values, too"
        )
    order = sorted(days)
    columns = {name: np.array([days[day].get(name, float("nan")) for day in order]) for name in sorted(names)}
    for i in np.flatnonzero(columns["tmin_c"] > columns["tmax_c"]):
        faults.add(
            path.name, f"the night of {order[i]} is warmer than the day", "correct one of the two, or empty both"
        )
    faults.check()
    return fill(np.array(order, dtype="datetime64[D]"), columns)


def _service_number(file: str, entry: int, theirs: str, value: object, faults: Faults) -> float | None:
    if value is None or str(value).strip() in MISSING:
        return None
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        faults.add(file, "is not a number", "correct or empty it", row=entry, column=theirs, value=value)
        return None
    return number


def read_hourly(path: Path) -> Hourly:
    """A table with time, temp_c, rain_mm (or year, month, day, hour, TEMP, precipitation), local time; hours may lack.

    Raises:
        NotFound, BadFiles, BadInput: as `read_weather`.
    """
    split = _has_split_time(path)
    wanted = (*SPLIT_TIME, SPLIT_NAMES["temp_c"], SPLIT_NAMES["rain_mm"]) if split else HOURLY
    faults, table = _table(path, wanted)
    called = {name: SPLIT_NAMES.get(name, name) if split else name for name in (*HOURLY[1:], *HOURLY_OPTIONAL)}
    called = {name: column for name, column in called.items() if column in table.columns}
    hours: dict[tuple[date, int], dict[str, float]] = {}
    for row in table.rows:
        moment = _split_moment(row) if split else _moment(row)
        values = {name: _value(row, column, LIMITS[name]) for name, column in called.items()}
        if moment in hours:
            row.fault("hour" if split else "time", "the hour stands twice", "delete one of the two rows")
        if moment is not None:
            hours[moment] = values
    faults.check()
    if not hours:
        raise BadInput(f"{path.name} has no hours; give one row an hour under the header {', '.join(HOURLY)}")
    first, last = min(day for day, _ in hours), max(day for day, _ in hours)
    days = (last - first).days + 1
    arrays = {name: np.full((days, 24), np.nan) for name in called}
    for (day, hour), values in hours.items():
        for name, value in values.items():
            arrays[name][(day - first).days, hour] = value
    return Hourly(first_day=np.datetime64(first, "D"), **arrays)


def _table(path: Path, columns: tuple[str, ...]) -> tuple[Faults, Table]:
    if not path.is_file():
        raise NotFound(f"{path} is not a file; name a table with the columns {', '.join(columns)}")
    faults = Faults()
    table = read_table(path.parent, path.stem, columns, faults)
    faults.check()
    assert table is not None  # else a fault was noted
    return faults, table


def _has_split_time(path: Path) -> bool:
    """Whether the header writes the time as year, month, day, hour."""
    if path.suffix != ".csv" or not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.readline().decode("utf-8", errors="replace").lower()
    return all(name in header for name in SPLIT_TIME)


def _value(row: Row, column: str, limits: tuple[float, float] | None = None) -> float:
    """A number, NaN where it was not measured."""
    if row.cell(column) in MISSING:
        return float("nan")
    least, most = limits or LIMITS[column]
    return row.number(column, least=least, most=most)


def _moment(row: Row) -> tuple[date, int] | None:
    moment = row.moment("time", _ZONE)
    return None if "time" in row.bad else (moment.date(), moment.hour)


def _split_moment(row: Row) -> tuple[date, int] | None:
    year, month, day, hour = (
        int(row.number(name, least=least, most=most))
        for name, least, most in (("year", 1800, 2200), ("month", 1, 12), ("day", 1, 31), ("hour", 0, 24))
    )
    if row.bad & set(SPLIT_TIME):
        return None
    try:
        moment = date(year, month, day)
    except ValueError:
        row.fault("day", "no such day", "give a day that the month has")
        return None
    return (moment + timedelta(days=1), 0) if hour == 24 else (moment, hour)
