"""Published field trials in DSSAT's formats: when they were sown, flowered and ripened, and their weather.

Only what phenology needs is read: treatments, planting (with the age of seedlings), observed ADAT and MDAT, and daily
temperatures. Formats: DSSAT v4 vol. 2, Hoogenboom et al. 1999: fixed headers that begin with `@`, -99 is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from nongshi.agronomy.weather import Daily, Floats
from nongshi.agronomy.weather_fill import fill
from nongshi.core.errors import BadInput

MISSING = -99.0
AFTER_D = 90  # days of weather behind a trial's ripeness that are kept, so that a late run can end

_Site = tuple[float, dict[date, tuple[float, float, float]]]  # lowest, highest, rain


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One treatment of one trial, with the weather of its place from the year before on."""

    site: str
    name: str
    variety: str
    sown: date
    transplanted: date | None
    heading: date | None
    maturity: date
    lat: float
    first_day: date
    tmean: Floats


def read_trials(folder: Path, *, crop: str) -> list[Trial]:
    """All treatments with a day of maturity below `folder`/`crop` (Rice or Wheat), with weather of `folder`/Weather.

    Raises:
        BadInput: no trial, or a trial without weather.
    """
    weather: dict[str, _Site] = {}
    trials = []
    for path in sorted((folder / crop).glob("*.??X")):
        seen = path.with_suffix(path.suffix[:3] + "A")
        if not seen.exists():
            continue
        for site, trial in _trials_of(path, seen):
            if site not in weather:
                weather[site] = _read_site(folder / "Weather", site)
            trials.append(_with_weather(site, trial, weather[site]))
    if not trials:
        raise BadInput(f"no trial with days of maturity below {folder / crop}")
    return trials


def _trials_of(path: Path, seen: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    tables = _tables(path)
    site = next(row["WSTA"][:4] for row in tables if "WSTA" in row)
    plantings = {row["P"]: row for row in tables if "PDATE" in row}
    names = {row["C"]: row["CNAME"] for row in tables if "INGENO" in row}
    treatments = {row["N"]: row for row in tables if "TNAME" in row and "CU" in row}
    for row in _tables(seen):
        treatment = treatments[row["TRNO"]]
        planting = plantings[treatment["MP"]]
        planted = _yyddd(int(planting["PDATE"]))
        age = float(planting["PAGE"])
        moved = planting["PLME"] == "T" and age > 0
        sown = planted - timedelta(days=int(age)) if moved else planted
        heading, maturity = _day_after(sown, row.get("ADAT")), _day_after(sown, row.get("MDAT"))
        if maturity is not None:
            yield (
                site,
                {
                    "name": f"{path.stem} {treatment['N']}",
                    "variety": names[treatment["CU"]],
                    "sown": sown,
                    "transplanted": planted if moved else None,
                    "heading": heading,
                    "maturity": maturity,
                },
            )


def _tables(path: Path) -> list[dict[str, str]]:
    """Every row below a header line, by the header's names."""
    rows: list[dict[str, str]] = []
    header: list[str] = []
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.startswith("@"):
            header = line[1:].split()
        elif not line.strip() or line[0] in "*!":
            header = [] if line.startswith("*") else header
        elif header:
            rows.append(_row(header, line.split()))
    return rows


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    """Cells by name; a name with dots behind it (else the last) is a text and takes the cells too many."""
    text = next((i for i, name in enumerate(header) if name.endswith("....")), len(header) - 1)
    more = len(cells) - len(header)
    if more > 0:
        cells = [*cells[:text], " ".join(cells[text : text + more + 1]), *cells[text + more + 1 :]]
    return {name.rstrip("."): cell for name, cell in zip(header, cells, strict=False)}


def _yyddd(code: int) -> date:
    year, number = divmod(code, 1000)
    return date(1900 + year if year > 30 else 2000 + year, 1, 1) + timedelta(days=number - 1)


def _day_after(sown: date, text: str | None) -> date | None:
    """An observed day of the year, three digits or five, as the first such day after sowing."""
    code = int(float(text)) if text else int(MISSING)
    if code <= 0:
        return None
    if code > 366:
        return _yyddd(code)
    day = date(sown.year, 1, 1) + timedelta(days=code - 1)
    return day if day > sown else date(sown.year + 1, 1, 1) + timedelta(days=code - 1)


def _read_site(folder: Path, site: str) -> _Site:
    """Latitude, and lowest and highest temperature and rain of each measured day of all years of a site."""
    days: dict[date, tuple[float, float, float]] = {}
    lat = float("nan")
    for path in sorted(folder.glob(f"{site}*.WTH")):
        for row in _tables(path):
            if "LAT" in row:
                lat = float(row["LAT"])
            elif row.get("DATE", "").isdigit() and "TMIN" in row:
                low, high = float(row["TMIN"]), float(row["TMAX"])
                rain = float(row.get("RAIN", MISSING))
                if MISSING < low <= high:
                    days[_yyddd(int(row["DATE"]))] = (low, high, rain if rain >= 0 else float("nan"))
    return lat, days


def read_site(folder: Path, site: str) -> tuple[float, Daily]:
    """Latitude and all measured years of a site, gaps filled; rain where it was measured.

    Raises:
        BadInput: nothing of that site.
    """
    lat, days = _read_site(folder, site)
    if not days:
        raise BadInput(f"no weather of {site} in {folder}")
    low, high, rain = np.array([days[day] for day in sorted(days)]).T
    return lat, fill(np.array(sorted(days), dtype="datetime64[D]"), {"tmin_c": low, "tmax_c": high, "rain_mm": rain})


def _with_weather(site: str, trial: dict[str, Any], weather: _Site) -> Trial:
    """The trial with its own season's days; a season with holes is filled as any other weather."""
    lat, measured = weather
    sown, ripe = trial["sown"], trial["maturity"]
    days = [day for day in sorted(measured) if sown <= day <= ripe + timedelta(days=AFTER_D)]
    if not days or days[0] > sown or days[-1] < ripe:
        raise BadInput(f"the weather of {site} does not hold the season of {trial['name']}, {sown} to {ripe}")
    low, high, _ = np.array([measured[day] for day in days]).T
    dates = np.array(days, dtype="datetime64[D]")
    daily = fill(dates, {"tmin_c": low, "tmax_c": high, "rain_mm": np.zeros(len(dates))})
    return Trial(site=site, lat=lat, first_day=daily.first_day, tmean=daily.tmean_c, **trial)
