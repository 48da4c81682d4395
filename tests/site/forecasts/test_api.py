"""Forecasts and what-ifs asked for by the API: started as runs, every wrong case refused by name."""

from typing import Any

import pytest
from tests.site.api.conftest import Caller
from tests.site.forecasts.conftest import packed

from nongshi.site.forecasts import making
from nongshi.site.forecasts.models import Forecast, SeasonFolder, WhatIf
from nongshi.site.work.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(coop: Any, scope: Any) -> Caller:
    """The district's officer at the API."""
    return Caller(coop.parent.roles.get().person)


def test_a_kept_folder_is_forecast_by_a_run(coop: Any, scope: Any, officer: Caller) -> None:
    folder = making.keep_folder(scope, coop.parent_id, "season.zip", packed())
    (listed,) = officer.get("/season-folders").json()["rows"]
    assert (listed["id"], listed["generated"]) == (folder.pk, True)
    answer = officer.post(f"/season-folders/{folder.pk}/forecasts", {})
    run = Run.objects.get()
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/runs/{run.pk}")
    assert run.given == {"folder": folder.pk, "by": scope.person_id}


def test_cases_are_kept_as_the_worker_reads_them(officer: Caller, forecast: Forecast) -> None:
    cases = [
        {"name": "more", "changes": [{"kind": "machines", "machine_class": "combine-full", "count": 3}]},
        {"name": "other", "changes": [
            {"kind": "variety", "from_variety": "late-japonica", "to_variety": "early-japonica", "share": 0.2},
            {"kind": "rain", "week": 2},
        ]},
    ]  # fmt: skip
    kept = [cases[0], {"name": "other", "changes": [
        {"kind": "variety", "from": "late-japonica", "to": "early-japonica", "share": 0.2}, {"kind": "rain", "week": 2},
    ]}]  # fmt: skip
    answer = officer.post(f"/forecasts/{forecast.pk}/whatifs", {"name": "two", "cases": cases})
    row = WhatIf.objects.get()
    assert (answer.status_code, answer.json()["id"], row.cases) == (202, row.run_id, kept)
    shown = officer.get(f"/whatifs/{row.pk}").json()
    assert (shown["forecast_id"], shown["result"], shown["shared"]) == (forecast.pk, {}, False)
    seen = officer.ask("POST", f"/whatifs/{row.pk}/share", {"shared": True}, If_Match=shown["etag"])
    assert (seen.status_code, seen.json()["shared"]) == (200, True)
    assert officer.ask("DELETE", f"/whatifs/{row.pk}", None, If_Match=seen.json()["etag"]).status_code == 204
    assert not WhatIf.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "drought"}, "drought"),
        ({"kind": "machines", "count": 3}, "missing: machine_class"),
        ({"kind": "alone", "week": 1}, "too many: week"),
        ({"kind": "rain", "week": "two"}, "week"),
        ({"kind": "rain", "day": 2}, "day"),
    ],
)
def test_a_wrong_case_is_refused_by_name(officer: Caller, forecast: Forecast, change: Any, said: str) -> None:
    body = {"name": "one", "cases": [{"name": "one", "changes": [change]}]}
    answer = officer.post(f"/forecasts/{forecast.pk}/whatifs", body)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not WhatIf.objects.exists()
    assert not SeasonFolder.objects.exclude(pk=forecast.folder_id).exists()
