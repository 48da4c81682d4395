"""Files as weather services hand them out: a port, and one class for each form. Nothing here asks a network.

A form says whether a text is its own, and gives days and columns in our names and units; cells are checked by the same
limits as our own tables. Another service is another class in FORMS.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Protocol

from nongshi.files.faults import Faults
from nongshi.files.rows import parse_day

Cell = tuple[int, date | None, str, str, object, float, float]  # entry, day, ours, theirs, value, times, plus


class WeatherForm(Protocol):
    """One service's form of file."""

    name: str

    def fits(self, text: str) -> bool:
        """Whether the text is of this form."""
        ...

    def cells(self, file: str, text: str, faults: Faults) -> Iterator[Cell]:
        """Every value with its entry in the file, day, our column, the service's name for it, and our unit's factor."""
        ...


OPEN_METEO = {
    "temperature_2m_min": "tmin_c",
    "temperature_2m_max": "tmax_c",
    "precipitation_sum": "rain_mm",
    "wind_speed_10m_mean": "wind_m_s",
    "dew_point_2m_mean": "dew_point_c",
    "sunshine_duration": "sun_h",
    "pressure_msl_mean": "pressure_hpa",
}
# unit as the service writes it -> (times, plus) to ours
UNITS: dict[str, dict[str, tuple[float, float]]] = {
    "tmin_c": {"°C": (1.0, 0.0), "°F": (5 / 9, -160 / 9)},
    "tmax_c": {"°C": (1.0, 0.0), "°F": (5 / 9, -160 / 9)},
    "dew_point_c": {"°C": (1.0, 0.0), "°F": (5 / 9, -160 / 9)},
    "rain_mm": {"mm": (1.0, 0.0), "inch": (25.4, 0.0)},
    "wind_m_s": {"m/s": (1.0, 0.0), "km/h": (1 / 3.6, 0.0), "mp/h": (0.44704, 0.0), "kn": (0.514444, 0.0)},
    "sun_h": {"s": (1 / 3600, 0.0), "h": (1.0, 0.0)},
    "pressure_hpa": {"hPa": (1.0, 0.0)},
}


class OpenMeteoJson:
    """`daily` and `daily_units` of Open-Meteo's answer, times as dates."""

    name = "Open-Meteo JSON"

    def fits(self, text: str) -> bool:
        """A JSON object with `daily` in it."""
        return text.lstrip().startswith("{") and '"daily"' in text and '"daily_units"' in text

    def cells(self, file: str, text: str, faults: Faults) -> Iterator[Cell]:
        """As WeatherForm."""
        answer = _json(file, text, faults)
        daily, units = answer.get("daily"), answer.get("daily_units")
        if not isinstance(daily, dict) or not isinstance(units, dict) or not isinstance(daily.get("time"), list):
            faults.add(file, "has no daily.time", "download it again with daily values")
            return
        days = [parse_day(str(text)) for text in daily["time"]]
        for theirs, ours in OPEN_METEO.items():
            scale = _scale(file, theirs, ours, units.get(theirs), faults) if theirs in daily else None
            if scale is None:
                continue
            values = daily[theirs]
            if not isinstance(values, list) or len(values) != len(days):
                faults.add(file, f"has not one value a day for {theirs}", "download it again", column=theirs)
                continue
            for i, value in enumerate(values):
                yield i + 1, days[i], ours, theirs, value, *scale


class OpenMeteoCsv:
    """Open-Meteo's CSV: a table of the place, an empty line, then `time,temperature_2m_max (°C),...`."""

    name = "Open-Meteo CSV"

    def fits(self, text: str) -> bool:
        """Begins with the table of the place."""
        return text.startswith("latitude,longitude,elevation,utc_offset_seconds")

    def cells(self, file: str, text: str, faults: Faults) -> Iterator[Cell]:
        """As WeatherForm."""
        lines = text.splitlines()
        begin = next((i for i, line in enumerate(lines) if line.startswith("time,")), None)
        if begin is None:
            faults.add(file, "has no row that begins with time", "download it again with daily values")
            return
        found: dict[int, tuple[str, str, float, float]] = {}
        for place, head in enumerate(lines[begin].split(",")):
            match = re.fullmatch(r"(\w+) \((.+)\)", head.strip())
            ours = OPEN_METEO.get(match[1]) if match else None
            if match and ours:
                scale = _scale(file, match[1], ours, match[2], faults)
                if scale is not None:
                    found[place] = (ours, match[1], *scale)
        for number, line in enumerate(lines[begin + 1 :], start=begin + 2):
            cells = line.split(",")
            if not line.strip():
                return  # a table of hours may follow
            for place, (ours, theirs, times, plus) in found.items():
                value = cells[place] if place < len(cells) else ""
                yield number, parse_day(cells[0]), ours, theirs, value, times, plus


POWER = {
    "T2M_MIN": ("tmin_c", 1.0),
    "T2M_MAX": ("tmax_c", 1.0),
    "PRECTOTCORR": ("rain_mm", 1.0),
    "PRECTOT": ("rain_mm", 1.0),
    "WS10M": ("wind_m_s", 1.0),
    "T2MDEW": ("dew_point_c", 1.0),
    "PSL": ("pressure_hpa", 10.0),  # kPa
}
POWER_MISSING = -999.0


class NasaPowerJson:
    """NASA POWER's daily JSON: parameter -> YYYYMMDD -> value, -999 where it is missing."""

    name = "NASA POWER JSON"

    def fits(self, text: str) -> bool:
        """A JSON object with `parameter` and one of POWER's names."""
        return text.lstrip().startswith("{") and '"parameter"' in text and '"T2M_M' in text

    def cells(self, file: str, text: str, faults: Faults) -> Iterator[Cell]:
        """As WeatherForm."""
        properties = _json(file, text, faults).get("properties")
        parameters = properties.get("parameter") if isinstance(properties, dict) else None
        if not isinstance(parameters, dict):
            faults.add(file, "has no properties.parameter", "download it again as JSON, daily")
            return
        for theirs, (ours, times) in POWER.items():
            for i, (code, value) in enumerate(parameters.get(theirs, {}).items()):
                day = parse_day(f"{code[:4]}-{code[4:6]}-{code[6:]}")
                yield i + 1, day, ours, theirs, None if value == POWER_MISSING else value, times, 0.0


class NasaPowerCsv:
    """NASA POWER's CSV: a header block, then YEAR,DOY (or YEAR,MO,DY) and the parameters."""

    name = "NASA POWER CSV"

    def fits(self, text: str) -> bool:
        """Begins with POWER's header block, or with its columns where that was cut off."""
        return "-END HEADER-" in text[:20_000] or text.startswith(("YEAR,DOY,", "YEAR,MO,DY,"))

    def cells(self, file: str, text: str, faults: Faults) -> Iterator[Cell]:
        """As WeatherForm."""
        lines = text.splitlines()
        begin = next((i for i, line in enumerate(lines) if line.startswith(("YEAR,DOY", "YEAR,MO,DY"))), None)
        if begin is None:
            faults.add(file, "has no row that begins with YEAR,DOY or YEAR,MO,DY", "download it again as CSV, daily")
            return
        names = lines[begin].split(",")
        for number, line in enumerate(lines[begin + 1 :], start=begin + 2):
            if not line.strip():
                continue
            cells = dict(zip(names, line.split(","), strict=False))
            day = _power_day(cells)
            for theirs, (ours, times) in POWER.items():
                if theirs in cells:
                    value = cells[theirs].strip()
                    missing = value in ("-999", "-999.0", "-999.00")
                    yield number, day, ours, theirs, None if missing else value, times, 0.0


FORMS: tuple[WeatherForm, ...] = (OpenMeteoJson(), OpenMeteoCsv(), NasaPowerJson(), NasaPowerCsv())


def find_form(text: str) -> WeatherForm | None:
    """The service's form that a text has; None where it is none of them."""
    return next((form for form in FORMS if form.fits(text)), None)


def _json(file: str, text: str, faults: Faults) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError as error:
        faults.add(file, f"is no JSON: {error}", "download it again")
        return {}
    return answer if isinstance(answer, dict) else {}


def _scale(file: str, theirs: str, ours: str, unit: object, faults: Faults) -> tuple[float, float] | None:
    scale = UNITS[ours].get(str(unit))
    if scale is None:
        known = ", ".join(UNITS[ours])
        faults.add(file, "has a unit that is not known", f"download it in one of: {known}", column=theirs, value=unit)
    return scale


def _power_day(cells: dict[str, str]) -> date | None:
    try:
        year = int(cells["YEAR"])
        if "DOY" in cells:
            number = int(cells["DOY"])
            day = date(year, 1, 1) + timedelta(days=number - 1)
            return day if day.year == year and number >= 1 else None
        return date(year, int(cells["MO"]), int(cells["DY"]))
    except (KeyError, ValueError):
        return None
