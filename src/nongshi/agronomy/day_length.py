"""How long a day is to a plant: from the sun four degrees below the horizon to the same in the evening."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TWILIGHT_DEG = -4.0  # plants see light until the sun stands so low (Goudriaan & van Laar 1994, table 3.1)
TILT_DEG = 23.45


def day_numbers(first_day: date, days: int) -> NDArray[np.int64]:
    """Day of the year, from 1, of `days` days from `first_day` on."""
    begin = np.datetime64(first_day, "D")
    all_days = begin + np.arange(days)
    return numbers_of(all_days)


def numbers_of(dates: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Day of the year, from 1, of each date."""
    years = dates.astype("datetime64[Y]").astype("datetime64[D]")
    numbers: NDArray[np.int64] = (dates.astype("datetime64[D]") - years).astype(np.int64) + 1
    return numbers


def photoperiod_h(day_of_year: NDArray[np.int64], lat: float | Floats, *, sun_deg: float = TWILIGHT_DEG) -> Floats:
    """Hours with the sun above `sun_deg`, (days,), or (places, days) for `lat` (places, 1); 0 and 24 near the poles.

    Source: Goudriaan & van Laar 1994, Modelling Potential Crop Growth Processes, chapter 3: declination by a cosine
    with its least 10 days before the year ends.

    >>> photoperiod_h(np.array([172, 355]), 30.8).round(2).tolist()
    [14.71, 10.69]
    """
    declination = -np.arcsin(np.sin(np.radians(TILT_DEG)) * np.cos(2 * np.pi * (day_of_year + 10.0) / 365.0))
    high = np.sin(np.radians(lat)) * np.sin(declination)
    wide = np.cos(np.radians(lat)) * np.cos(declination)
    share = np.clip((high - np.sin(np.radians(sun_deg))) / wide, -1.0, 1.0)
    hours: Floats = 12.0 * (1.0 + 2.0 * np.arcsin(share) / np.pi)
    return hours
