"""The clock beside PCSE's (EUPL, not a dependency), by day, where somebody has installed it beside the project."""

from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any

import numpy as np

from nongshi.agronomy.crop_parameters import CropParameters, Knots
from nongshi.agronomy.day_length import Floats
from nongshi.agronomy.phenology import stages
from nongshi.bench.phenology_cases import CROPS, SOWN_FROM, draw_crop, draw_weather

DAYS = 420


def compare_pcse(cases: int, *, seed: int) -> dict[str, Any]:
    """Random runs over crop, variety, sowing, place and year: how many reach every stage on PCSE's day.

    PCSE stamps a stage on the morning after our day. Without PCSE: only the reason why nothing was compared.
    """
    if find_spec("pcse") is None:
        return {"skipped": "pcse is no part of this project and not installed; docs/phenology.md says how to run it"}
    rng = np.random.default_rng(seed)
    ripe, different = 0, []
    for case in range(cases):
        crop = CROPS[case % len(CROPS)]
        sown_on = date(int(rng.integers(1990, 2030)), 1, 1) + timedelta(days=SOWN_FROM[crop] + int(rng.integers(0, 50)))
        variety, lat = draw_crop(crop, rng), float(rng.uniform(20, 40))
        weather = draw_weather(sown_on, DAYS + 5, rng)
        run = stages(variety, [0], weather[:DAYS], lat, first_day=sown_on)
        ours = [int(x[0, 0]) for x in (run.emergence, run.heading, run.maturity)]
        theirs = [-1 if on is None else (on - sown_on).days - 1 for on in pcse_days(variety, sown_on, weather, lat)]
        ripe += theirs[2] >= 0
        if ours != theirs:
            different.append({"case": case, "crop": crop, "ours": ours, "theirs": theirs})
    return {"cases": cases, "equal": cases - len(different), "ripe": ripe, "different": different}


def pcse_days(crop: CropParameters, sown_on: date, weather: Floats, lat: float) -> list[date | None]:
    """Days of emergence, heading and maturity as PCSE's phenology of WOFOST 7.2 has them."""
    from pcse.base import MultiCropDataProvider, ParameterProvider, WeatherDataContainer, WeatherDataProvider
    from pcse.models import Wofost72_Phenology

    class Weather(WeatherDataProvider):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            for i, warmth in enumerate(weather):
                day = sown_on + timedelta(days=i)
                rest = {"IRRAD": 1e7, "VAP": 10.0, "WIND": 2.0, "RAIN": 0.0, "E0": 0.1, "ES0": 0.1, "ET0": 0.1}
                near = {"TEMP": warmth, "TMIN": warmth - 4, "TMAX": warmth + 4}
                row = WeatherDataContainer(LAT=lat, LON=120.0, ELEV=5.0, DAY=day, **near, **rest)
                self._store_WeatherDataContainer(row, day)

    class Crop(MultiCropDataProvider, dict):  # type: ignore[misc,type-arg]
        def __init__(self) -> None:
            MultiCropDataProvider.__init__(self)
            dict.__init__(self, pcse_parameters(crop))

        def set_active_crop(self, *named: str) -> None: ...

    crop_end, end = sown_on + timedelta(days=DAYS), sown_on + timedelta(days=len(weather) - 1)
    calendar: dict[str, Any] = {
        "crop_name": "x", "variety_name": "x", "crop_start_date": sown_on, "crop_start_type": "sowing",
        "crop_end_date": crop_end, "crop_end_type": "earliest", "max_duration": 1000,
    }  # fmt: skip
    agro = [{sown_on: {"CropCalendar": calendar, "TimedEvents": None, "StateEvents": None}}, {end: None}]
    model = Wofost72_Phenology(ParameterProvider(cropdata=Crop(), soildata={}, sitedata={}), Weather(), agro)
    model.run_till_terminate()
    summary = model.get_summary_output()[0]
    return [summary["DOE"], summary["DOA"], summary["DOM"]]


def pcse_parameters(crop: CropParameters) -> dict[str, Any]:
    """Our parameters under PCSE's names."""

    def flat(knots: Knots) -> list[float]:
        return [number for knot in knots for number in knot]

    named: dict[str, Any] = {
        "TSUMEM": crop.emergence_c_d, "TBASEM": crop.emergence_base_c, "TEFFMX": crop.emergence_top_c,
        "TSUM1": crop.heading_c_d, "TSUM2": crop.ripening_c_d, "DTSMTB": flat(crop.warm), "DVSI": 0.0, "DVSEND": 2.0,
        "IDSL": 2 if crop.cold_full_d is not None else 1 if crop.day_full_h is not None else 0,
        "DLO": crop.day_full_h or 1.0, "DLC": crop.day_critical_h or 0.0,
    }  # fmt: skip
    if crop.cold_full_d is not None:
        named |= {"VERNSAT": crop.cold_full_d, "VERNBASE": crop.cold_base_d, "VERNRTB": flat(crop.cold)}
        named["VERNDVS"] = crop.cold_until
    return named
