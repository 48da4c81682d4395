"""Weather by hour: what it was measured in, put together to days."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy.weather import Daily, Floats
from nongshi.agronomy.weather_fill import fill
from nongshi.core.errors import BadInput

HOURS_MIN = 12  # assumption: a day with fewer measured hours is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Hourly:
    """Whole days of 24 hours in local time; NaN is not measured.

    A reading of hour h stands for the hour that begins then.
    """

    first_day: np.datetime64
    temp_c: Floats  # (days, 24), as the others
    rain_mm: Floats
    dew_point_c: Floats | None = None
    wind_m_s: Floats | None = None
    pressure_hpa: Floats | None = None

    def __post_init__(self) -> None:
        """Refuse what is not whole days."""
        if self.temp_c.ndim != 2 or self.temp_c.shape[1] != 24 or self.temp_c.shape != self.rain_mm.shape:
            raise BadInput(f"hourly weather must be (days, 24), got {self.temp_c.shape} and {self.rain_mm.shape}")

    def daily(self) -> Daily:
        """By day: least and most of temperature, sum of rain, means of the rest; gaps filled, and said so."""
        dates = self.first_day.astype("datetime64[D]") + np.arange(len(self.temp_c))
        columns = {
            "tmin_c": _of_day(self.temp_c, np.nanmin),
            "tmax_c": _of_day(self.temp_c, np.nanmax),
            "rain_mm": _of_day(self.rain_mm, np.nansum),
        }
        for name in ("dew_point_c", "wind_m_s", "pressure_hpa"):
            values = getattr(self, name)
            if values is not None:
                columns[name] = _of_day(values, np.nanmean)
        return fill(dates, columns)

    def known_rain(self) -> NDArray[np.bool_]:
        """Days whose rain was measured in every hour, (days,)."""
        known: NDArray[np.bool_] = np.all(np.isfinite(self.rain_mm), axis=1)
        return known


def _of_day(values: Floats, how: object) -> Floats:
    known = np.isfinite(values).sum(axis=1) >= HOURS_MIN
    result = np.full(len(values), np.nan)
    result[known] = how(values[known], axis=1)  # type: ignore[operator]
    return result
