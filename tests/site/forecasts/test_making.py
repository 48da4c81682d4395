"""Forecasts and what-ifs made by the worker from a real (generated) season folder, in a process of their own."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.site.forecasts.conftest import WEEKS, packed
from tests.site.world import make_person

from nongshi.core.errors import BadFiles, BadInput, BadUsage
from nongshi.site.base.models import User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.forecasts import cases, making
from nongshi.site.forecasts.models import Forecast, SeasonFolder, WhatIf
from nongshi.site.work import services as work
from nongshi.site.work.models import Run, RunState

pytestmark = pytest.mark.django_db


@contextmanager
def done(run: Run) -> Iterator[Run]:
    """The run as the worker leaves it."""
    claimed = work.claim(run.pk)
    assert claimed is not None
    yield work.work(claimed)


def test_a_folder_sent_by_the_page_is_forecast_by_the_worker_and_shown(coop: Any, scope: Any) -> None:
    client = Client()
    client.force_login(coop.parent.roles.get().person.user)
    file = SimpleUploadedFile("season.zip", packed())
    answer = client.post("/ahead/kept/send/", {"org": coop.parent_id, "file": file})
    run = Run.objects.get()
    assert answer["Location"] == f"/ahead/run/{run.pk}/"
    with done(run) as ended:
        assert (ended.state, ended.fault) == (RunState.DONE, "")
    row = Forecast.objects.get()
    assert (row.weeks, row.generated, row.folder) == (WEEKS, True, SeasonFolder.objects.get())
    assert row.doc.demand
    assert client.get(f"/ahead/run/{run.pk}/")["Location"] == f"/ahead/{row.pk}/"
    assert client.get(f"/ahead/{row.pk}/").status_code == 200
    assert client.get(f"/ahead/{row.pk}/report.pdf").content.startswith(b"%PDF")


def test_a_folder_with_faults_is_told_by_file_and_nothing_is_kept(coop: Any, scope: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed())) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith("sowings.csv"):
                data = data.replace(b"rice", b"rye", 1)
            new.writestr(entry, data)
    with pytest.raises(BadFiles) as fault:
        making.keep_folder(scope, coop.parent_id, "season.zip", buffer.getvalue())
    assert any(one.file == "sowings.csv" for one in fault.value.faults)
    assert not SeasonFolder.objects.exists()


def test_cancelling_ends_the_process_and_keeps_nothing(coop: Any, scope: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    row = making.keep_folder(scope, coop.parent_id, "season.zip", packed())
    run = making.start_forecast(scope, row.pk)
    seen: list[int] = []
    claimed = work.claim(run.pk)
    assert claimed is not None

    def step(share: float, words: str) -> None:
        seen.append(len(seen))
        raise work.Stopped("the run was cancelled")

    begun = time.process_time()
    with pytest.raises(work.Stopped):
        making.make_forecast(claimed.given, step)
    assert seen == [0]
    assert time.process_time() - begun < 20
    assert not Forecast.objects.exists()


def test_a_fault_of_the_computation_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"season\.toml"):
        making.in_child("forecast", tmp_path, {}, lambda share, words: None)


def test_cases_are_worked_out_side_by_side_and_shared_by_word_only(coop: Any, scope: Any, forecast: Forecast) -> None:
    form = cases.CasesForm(
        {"name": "多两台", "machines": "on", "machines_class": "combine-full", "machines_count": "40", "alone": "on",
         "together": "on"}, doc=forecast.doc,
    )  # fmt: skip
    assert form.is_valid(), form.errors
    found = making.start_whatif(scope, forecast.pk, "多两台", form.cases())
    with done(Run.objects.get(pk=found.run_id)) as ended:
        assert (ended.state, ended.fault) == (RunState.DONE, "")
    row = WhatIf.objects.get()
    assert row.doc is not None
    assert [case.name for case in row.doc.cases] == ["machines", "alone", "together"]
    more, alone, _ = row.doc.cases
    assert more.difference_yuan.p50 <= 1e-6  # more machines never lose more
    assert alone.difference_yuan.p50 >= -1e-6  # nor does helping each other
    owner = scope_of(make_person(coop, RoleKind.OWNER))
    assert not WhatIf.objects.seen_by(owner).exists()
    making.share(scope, row.pk, shared=True)
    assert WhatIf.objects.seen_by(owner).get() == row


def test_a_season_planned_here_is_forecast_from_its_register_and_jobs(demo: Any) -> None:
    client = Client()
    client.force_login(User.objects.get(username="dispatcher"))
    answer = client.post(f"/ahead/seasons/{demo.pk}/make/")
    run = Run.objects.get(kind="season_forecast")
    assert answer["Location"] == f"/ahead/run/{run.pk}/"
    with done(run) as ended:
        assert (ended.state, ended.fault) == (RunState.DONE, "")
    row = Forecast.objects.get()
    assert row.org == demo.org
    assert row.doc.said
    assert any(one.operation == "rice_harvest" for one in row.doc.demand)


def test_a_forecast_that_came_as_a_file_is_not_asked(coop: Any, scope: Any, forecast: Forecast) -> None:
    from tests.site.forecasts import drawn

    from nongshi.site.forecasts import services

    row = services.keep(scope, coop.parent_id, drawn.text(date.today()))
    with pytest.raises(BadUsage, match="season folder"):
        making.start_whatif(scope, row.pk, "x", [{"name": "alone", "changes": [{"kind": "alone"}]}])


def test_pages_of_a_real_forecast_and_its_whatif_say_no_text_in_the_other_language(
    coop: Any, scope: Any, forecast: Forecast
) -> None:
    from tests.site.texts import leftovers

    base = {"p10": 1.0, "p50": 2.0, "p90": 3.0, "mean": 2.0}
    row = WhatIf.objects.create(
        org=coop.parent, forecast=forecast, name="雨",
        cases=[{"name": "rain", "changes": [{"kind": "rain", "week": 1}]}],
        result={
            "format": "nongshi-whatif/1", "base": {"loss_yuan": base},
            "cases": [{"name": "rain", "changes": [], "totals": {"loss_yuan": base}, "difference_yuan": base}],
        },
    )  # fmt: skip
    client = Client()
    client.force_login(coop.parent.roles.get().person.user)
    found = []
    for path in (f"/ahead/{forecast.pk}/", f"/ahead/{forecast.pk}/ask/", f"/ahead/whatif/{row.pk}/", "/ahead/kept/"):
        found += leftovers(client, path)
    assert found == []


def test_the_document_reads_back_as_it_was_kept(forecast: Forecast) -> None:
    assert json.loads(forecast.text)["format"] == "nongshi-season/1"
    assert forecast.doc.region == json.loads(forecast.text)["region"]
