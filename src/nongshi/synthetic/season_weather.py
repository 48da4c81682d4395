"""Made-up daily weather: one draw of the default climate, without the width that stands for not knowing a place."""

from dataclasses import replace
from datetime import date

from nongshi.agronomy.climate import WIDER, default_generator
from nongshi.agronomy.weather import Daily


def make_weather(seed: int, first_day: date, days: int) -> Daily:
    """Days of made-up weather; the same seed gives the same days."""
    wide = default_generator()
    generator = replace(wide, swing_c=wide.swing_c / WIDER, slow_c=wide.slow_c / WIDER)
    drawn = generator.years(1, seed=seed, first_day=first_day, days=days)
    columns = {name: getattr(drawn, name) for name in ("tmin_c", "tmax_c", "rain_mm", "wind_m_s", "dew_point_c")}
    return Daily(
        dates=drawn.dates, **{name: values[0].round(1) for name, values in columns.items() if values is not None}
    )
