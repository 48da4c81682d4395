"""The calendar of the varieties as seasons to fit to, on measured weather."""

from datetime import date, timedelta

from nongshi.agronomy.phenology_fit import Seen
from nongshi.agronomy.varieties import Variety
from nongshi.agronomy.weather import Daily, Floats

LAT = 30.9


def target_seasons(variety: Variety, weather: Daily, *, tmean: Floats | None = None) -> list[Seen]:
    """Each target sowing in each year that the weather holds to the end, as if it had been watched."""
    warmth = weather.tmean_c if tmean is None else tmean
    seasons = []
    for year in range(weather.first_day.year, weather.last_day.year + 1):
        for target in variety.targets:
            sown = date(year, *target.sown)
            ripe = sown + timedelta(days=target.maturity_d)
            if sown < weather.first_day or ripe + timedelta(days=15) > weather.last_day:
                continue
            heading = None if target.heading_d is None else sown + timedelta(days=target.heading_d)
            seasons.append(
                Seen(
                    sown=sown, heading=heading, maturity=ripe, lat=LAT, first_day=weather.first_day, tmean=warmth
                )
            )  # fmt: skip
    return seasons
