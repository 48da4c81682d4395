"""A small generated season as a zip, and a forecast made of it in this process."""

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.site.world import make_person

from nongshi import api
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.forecasts import making
from nongshi.site.forecasts.models import Forecast

WEEKS, SCENARIOS = 6, 10


@cache
def packed() -> bytes:
    """A generated season of two towns and few weeks, as the zip of its folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "season"
        api.write_season(api.make_season(towns=2, weeks=WEEKS, scenarios=SCENARIOS, seed=3, load=1.4), folder)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
            for path in sorted(folder.iterdir()):
                zipped.write(path, f"season/{path.name}")
    return buffer.getvalue()


@pytest.fixture
def scope(coop: Any) -> Any:
    """The district's officer."""
    return scope_of(make_person(coop.parent, RoleKind.OFFICER, login="officer"))


@pytest.fixture
def forecast(coop: Any, scope: Any) -> Forecast:
    """A forecast made here, in this process."""
    return making.make_now(making.keep_folder(scope, coop.parent_id, "season.zip", packed()))
