"""The clock beside PCSE's, by day. PCSE (EUPL) is no part of the project: docs/phenology.md says how to run this."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.agronomy.drawn_crops import CROPS, SOWN_FROM, draw_crop, draw_weather

from nongshi.agronomy.crop_parameters import CropParameters, Knots
from nongshi.agronomy.day_length import Floats
from nongshi.agronomy.phenology import stages

CASES, DAYS = 250, 420


@pytest.mark.oracle("pcse")
def test_random_runs_reach_every_stage_on_the_day_that_pcse_says() -> None:
    """250 runs over crop, variety, sowing, place and year; PCSE stamps the morning after our day."""
    rng = np.random.default_rng(20261127)
    reached, different = np.zeros(3, dtype=int), []
    for case in range(CASES):
        crop = CROPS[case % len(CROPS)]
        sown_on = date(int(rng.integers(1990, 2030)), 1, 1) + timedelta(days=SOWN_FROM[crop] + int(rng.integers(0, 50)))
        variety, lat = draw_crop(crop, rng), float(rng.uniform(20, 40))
        weather = draw_weather(sown_on, DAYS + 5, rng)
        run = stages(variety, [0], weather[:DAYS], lat, first_day=sown_on)
        ours = [int(x[0, 0]) for x in (run.emergence, run.heading, run.maturity)]
        theirs = [-1 if on is None else (on - sown_on).days - 1 for on in pcse_days(variety, sown_on, weather, lat)]
        reached += np.array(theirs) >= 0
        if ours != theirs:
            different.append((case, crop, ours, theirs))
    assert different == []
    assert reached.min() > CASES * 0.8  # otherwise little was compared


def pcse_days(crop: CropParameters, sown_on: date, weather: Floats, lat: float) -> list[date | None]:
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
