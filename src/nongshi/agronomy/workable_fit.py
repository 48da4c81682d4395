"""What an operation can stand, fitted to days on which it was logged as worked or idle."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from nongshi.agronomy.simplex import least
from nongshi.agronomy.soil_water import wetness
from nongshi.agronomy.weather import Daily, Floats
from nongshi.agronomy.workable import falls, get_needs
from nongshi.agronomy.workable_table import DEFAULT_SOIL, Needs, Soil
from nongshi.core.errors import BadInput

DAYS_MIN = 20  # assumption: fewer logged days say less than the table
PRIOR_DAYS = 10.0  # assumption: the table's numbers weigh as so many logged days
PRIOR_SD = np.array([0.1, 0.1, 1.0, 3.0])  # soil free, soil stop minus free, rain free, rain stop minus free


def fit_needs(
    operation: str | Needs,
    weather: Daily,
    worked: ArrayLike,
    soil: str | Soil = DEFAULT_SOIL,
    *,
    lat: float = 30.9,
    steps: int = 200,
) -> Needs:
    """The operation's limits of soil and rain under which its logged days are told best; the rest stays as it was.

    Args:
        operation: where the search begins, and what few days are held to.
        weather: the days of the log.
        worked: (days,) 1 worked, 0 idle because of the weather, NaN not logged or idle for another reason.
        soil: the soil of the fields.
        lat: latitude in degrees.
        steps: steps of the search.

    Raises:
        BadInput: fewer than DAYS_MIN logged days, or a log of another length.
    """
    needs, log = get_needs(operation), np.asarray(worked, dtype=np.float64)
    if log.shape != (len(weather),):
        raise BadInput(f"the log has {log.shape} days, the weather {len(weather)}; give one entry a day")
    known = np.isfinite(log)
    if known.sum() < DAYS_MIN:
        raise BadInput(f"{int(known.sum())} logged days are too few to fit to; give {DAYS_MIN} or more")
    full, rain = wetness(weather, lat=lat, soil=soil)[0], weather.rain_mm
    start = np.array([needs.soil_free, needs.soil_stop - needs.soil_free, needs.rain_free_mm,
                      needs.rain_stop_mm - needs.rain_free_mm])  # fmt: skip

    def loss(off: Floats) -> float:
        free, soil_wide, rain_free, rain_wide = start + off * PRIOR_SD
        if soil_wide < 0.01 or rain_free < 0 or rain_wide < 0.1 or not 0 < free < 1.2:
            return float("inf")
        share = falls(full, free, free + soil_wide) * falls(rain, rain_free, rain_free + rain_wide)
        return float(((share - log)[known] ** 2).sum() + PRIOR_DAYS * 0.1 * (off**2).sum())

    free, soil_wide, rain_free, rain_wide = start + least(loss, np.zeros(4), steps) * PRIOR_SD
    return replace(
        needs,
        soil_free=float(free),
        soil_stop=float(free + soil_wide),
        rain_free_mm=float(rain_free),
        rain_stop_mm=float(rain_free + rain_wide),
        source=f"fitted to {int(known.sum())} logged days, from: {needs.source}",
    )
