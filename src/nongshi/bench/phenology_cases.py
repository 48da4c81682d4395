"""Random varieties and weather of the four crops, for comparisons by day."""

from datetime import date, timedelta

import numpy as np

from nongshi.agronomy.crop_parameters import CropParameters
from nongshi.agronomy.day_length import Floats

CROPS = ("rice", "wheat", "rapeseed", "barley")
SOWN_FROM = {"rice": 100, "wheat": 280, "rapeseed": 255, "barley": 285}  # day of the year


def draw_crop(crop: str, rng: np.random.Generator) -> CropParameters:
    """A variety that could be, far wider than any that is sown."""
    short_day = crop == "rice" and rng.random() < 0.6
    long_day = crop != "rice" and rng.random() < 0.7
    cold = crop in ("wheat", "barley") and rng.random() < 0.8
    base = float(rng.uniform(6, 11)) if crop == "rice" else float(rng.uniform(-1, 4))
    full = float(rng.uniform(12, 13.5)) if short_day else float(rng.uniform(13, 17)) if long_day else None
    critical = None if full is None else full + float(rng.uniform(2, 5)) * (1 if short_day else -1)
    return CropParameters(
        emergence_c_d=float(rng.uniform(50, 130)),
        emergence_base_c=base,
        emergence_top_c=float(rng.uniform(25, 35)),
        heading_c_d=float(rng.uniform(500, 1300)),
        ripening_c_d=float(rng.uniform(400, 900)),
        warm=((base, 0.0), (float(rng.uniform(24, 31)), float(rng.uniform(15, 25))), (45.0, 20.0)),
        day_full_h=full,
        day_critical_h=critical,
        cold_full_d=float(rng.uniform(20, 60)) if cold else None,
        cold_base_d=float(rng.uniform(0, 10)),
        cold=((-4.0, 0.0), (3.0, 1.0), (8.0, 1.0), (17.0, 0.0)) if cold else (),
        cold_until=float(rng.uniform(0.2, 0.6)),
    )


def draw_weather(first_day: date, days: int, rng: np.random.Generator) -> Floats:
    """Daily mean temperature like that of the lower Yangtze, or up to 8 degrees off."""
    number = np.array([(first_day + timedelta(days=i)).timetuple().tm_yday for i in range(days)])
    cycle: Floats = 16.5 + rng.uniform(-8, 4) - rng.uniform(9, 13) * np.cos(2 * np.pi * (number - 25) / 365)
    return cycle + rng.normal(0, 2.5, days)
