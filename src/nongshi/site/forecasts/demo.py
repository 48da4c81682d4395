"""The demo's season ahead: a generated season folder as it is known today, forecast by the worker; marked generated."""

import io
import tempfile
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from nongshi import api
from nongshi.core.season import Season, Sowing
from nongshi.site.base.models import Org
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.forecasts.models import SeasonFolder
from nongshi.site.forecasts.services import FORECAST_KIND
from nongshi.site.work.models import Run
from nongshi.site.work.services import start

REGION = "沪浙五镇"
SEED = 7
SCENARIOS = 100  # assumption: two minutes on a busy machine at most
LOAD = 1.3  # fewer machines than fields ask for, so that something is short
OPERATORS_PER_MACHINE = 0.7
NEXT_FROM = (5, 1)  # from May on the season to be looked forward to is the next year's


def keep_season(org: Org, today: date | None = None) -> SeasonFolder:
    """A generated season of five towns for a district, next spring to autumn, as it is known today."""
    today = today or date.today()
    year = today.year + int((today.month, today.day) >= NEXT_FROM)
    found = api.make_season(
        towns=5, year=year, seed=SEED, scenarios=SCENARIOS, load=LOAD, operators_per_machine=OPERATORS_PER_MACHINE
    )
    found = replace(found, season=_as_planned(found.season, today))
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "season"
        api.write_season(found, folder)
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(folder.iterdir()):
                packed.write(path, f"season/{path.name}")
    name = "五镇来季（生成数据）"
    return SeasonFolder.objects.create(org=org, name=name, data=buffer.getvalue(), generated=True)


def start_forecast(folder: SeasonFolder) -> Run:
    """Have the worker forecast it."""
    return start(FORECAST_KIND, {"folder": folder.pk}, scope=EVERYTHING, org_id=folder.org_id)


def _as_planned(season: Season, today: date) -> Season:
    """The season on a day before it: areas are those that growers mean to sow; days that are not there yet, unknown."""

    def planned(sowing: Sowing) -> Sowing:
        sown = sowing.sown_to is not None and sowing.sown_to <= today
        days = (sowing.sown_from, sowing.sown_to) if sown else (None, None)
        return replace(sowing, sown_from=days[0], sown_to=days[1], reported=min(sowing.reported, today))

    return replace(
        season,
        region=replace(season.region, name=REGION),
        today=today,
        sowings=tuple(planned(sowing) for sowing in season.sowings),
        stages=tuple(one for one in season.stages if one.reported <= today),
        posted=tuple(one for one in season.posted if one.reported <= today),
    )
