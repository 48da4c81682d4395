"""Weather by day, as rooms pass it on: arrays of equal length, no gaps, and sentences about what was filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import BadInput

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

NEEDED = ("tmin_c", "tmax_c", "rain_mm")
OPTIONAL = ("wind_m_s", "dew_point_c", "sun_h", "pressure_hpa")


class Said(NamedTuple):
    """One sentence that whoever looks at a forecast must read, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """One place's weather, day after day without a gap; columns that nobody measured are None.

    >>> two = Daily(dates=np.array(["2027-05-01", "2027-05-02"], dtype="datetime64[D]"), tmin_c=np.array([12.0, 13.0]),
    ...     tmax_c=np.array([20.0, 25.0]), rain_mm=np.array([0.0, 4.5]))
    >>> two.tmean_c.tolist(), two.first_day.isoformat(), len(two)
    ([16.0, 19.0], '2027-05-01', 2)
    """

    dates: Dates  # datetime64[D], each the day after the one before
    tmin_c: Floats
    tmax_c: Floats
    rain_mm: Floats
    wind_m_s: Floats | None = None  # mean of the day
    dew_point_c: Floats | None = None  # mean of the day
    sun_h: Floats | None = None
    pressure_hpa: Floats | None = None  # mean of the day, at sea level
    said: tuple[Said, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse gaps, numbers that are none, and nights warmer than their days."""
        days = len(self.dates)
        if days == 0 or (np.diff(self.dates.astype("datetime64[D]").astype(np.int64)) != 1).any():
            raise BadInput("weather must have a day at least, and each day must follow the one before")
        for name, values in self.columns().items():
            if values.shape != (days,) or not np.isfinite(values).all():
                raise BadInput(f"{name} must be {days} finite numbers; fill gaps first")
        if (self.tmin_c > self.tmax_c).any():
            raise BadInput("tmin_c above tmax_c on some day; exchange the two")
        if (self.rain_mm < 0).any():
            raise BadInput("rain_mm below zero on some day")

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def tmean_c(self) -> Floats:
        """Half of coldest and warmest, as development counts it."""
        mean: Floats = (self.tmin_c + self.tmax_c) / 2
        return mean

    @property
    def first_day(self) -> date:
        """The date of the first day."""
        return _as_date(self.dates[0])

    @property
    def last_day(self) -> date:
        """The date of the last day."""
        return _as_date(self.dates[-1])

    def columns(self) -> dict[str, Floats]:
        """The measured columns by name."""
        values = {name: getattr(self, name) for name in (*NEEDED, *OPTIONAL)}
        return {name: array for name, array in values.items() if array is not None}

    def index(self, day: date) -> int:
        """The column of a date; it may lie outside the weather."""
        return int((np.datetime64(day, "D") - self.dates[0]) / np.timedelta64(1, "D"))

    def between(self, first: date, last: date) -> "Daily":
        """The days from `first` to `last`, both included, as far as they are there."""
        keep = (self.dates >= np.datetime64(first, "D")) & (self.dates <= np.datetime64(last, "D"))
        return self.where(keep)

    def where(self, keep: NDArray[np.bool_]) -> "Daily":
        """The days that are kept; they must follow each other."""
        kept: dict[str, Any] = {name: array[keep] for name, array in self.columns().items()}
        return replace(self, dates=self.dates[keep], **kept)

    def known_on(self, today: date) -> "Daily":
        """What was known on the morning of `today`: all days before it, nothing of later ones."""
        if today <= self.first_day:
            raise BadInput(f"no weather is known before {today}; the series begins on {self.first_day}")
        return self.where(self.dates < np.datetime64(today, "D"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherRows:
    """Many possible weathers of the same days, (rows, days) each: scenarios, or the same season of several years."""

    dates: Dates  # (days,)
    tmin_c: Floats
    tmax_c: Floats
    rain_mm: Floats
    wind_m_s: Floats | None = None
    dew_point_c: Floats | None = None

    def __post_init__(self) -> None:
        """Refuse rows of different shapes."""
        shapes = {name: getattr(self, name).shape for name in NEEDED}
        if len(set(shapes.values())) > 1 or self.tmin_c.ndim != 2 or self.tmin_c.shape[1] != len(self.dates):
            raise BadInput(f"rows of weather must all be (rows, {len(self.dates)}), got {shapes}")

    @property
    def tmean_c(self) -> Floats:
        """Half of coldest and warmest, (rows, days)."""
        mean: Floats = (self.tmin_c + self.tmax_c) / 2
        return mean

    @property
    def first_day(self) -> date:
        """The date of the first day."""
        return _as_date(self.dates[0])

    @classmethod
    def of(cls, daily: Daily) -> "WeatherRows":
        """One measured series as a single row."""
        given = daily.columns()
        rows: dict[str, Any] = {
            name: given[name][None] for name in (*NEEDED, "wind_m_s", "dew_point_c") if name in given
        }
        return cls(dates=daily.dates, **rows)


def year_of_each(dates: Dates) -> NDArray[np.int64]:
    """The year of each date."""
    return dates.astype("datetime64[Y]").astype(np.int64) + 1970


def month_of_each(dates: Dates) -> NDArray[np.int64]:
    """The month of each date, 0 to 11."""
    return dates.astype("datetime64[M]").astype(np.int64) % 12


def join(parts: Sequence[Daily]) -> Daily:
    """Series that follow each other, as one; only columns that all of them have."""
    names = set.intersection(*(set(part.columns()) for part in parts))
    said = tuple(dict.fromkeys(line for part in parts for line in part.said))
    columns = {name: np.concatenate([part.columns()[name] for part in parts]) for name in names}
    return Daily(dates=np.concatenate([part.dates for part in parts]), said=said, **columns)


def _as_date(day: np.datetime64) -> date:
    found: date = day.astype("datetime64[D]").item()
    return found
