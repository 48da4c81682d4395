"""Long work in the worker: a forecast or a what-if from a kept season folder, in a process that can be stopped."""

import json
import multiprocessing
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from nongshi.core.errors import BadFiles, BadInput, BadUsage, NongshiError
from nongshi.files.season_reader import FILE_ORDER, read_season
from nongshi.site.base.scope import EVERYTHING, Scope
from nongshi.site.base.services import log
from nongshi.site.forecasts import child, services
from nongshi.site.forecasts.models import Forecast, SeasonFolder, Source, WhatIf
from nongshi.site.forecasts.season_json import WhatIfDoc, read_document
from nongshi.site.forecasts.services import FORECAST_KIND, WAITING_MAX, WHATIF_KIND, check_may
from nongshi.site.seasons.packing import unpack
from nongshi.site.work.models import Run
from nongshi.site.work.services import Step, kind, start

POLL_S = 1.0  # how often the worker looks whether it is to stop
PATIENCE_S = 5.0  # for a process that was told to end
CASES_MAX = 8  # assumption: more do not fit side by side
WEATHER_FILES = ("weather.csv", "weather_hourly.csv")


class ChildDied(NongshiError):
    """The process that computed ended without an answer: out of memory, or killed."""

    code = "child_died"

    def __init__(self) -> None:
        super().__init__("the computation ended without an answer (out of memory?); try fewer scenarios or towns")


def in_child(task: str, folder: Path, given: Mapping[str, Any], step: Step) -> str:
    """Have a task done in a process of its own; its JSON text. A run that is cancelled ends the process at once.

    Raises:
        NongshiError: what the task named.
        Stopped: somebody cancelled the run.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=child.main, args=(theirs, task, str(folder), dict(given)), daemon=True)
    process.start()
    theirs.close()
    share, words = 0.0, ""
    try:
        while True:
            step(share, words)
            if not ours.poll(POLL_S):
                continue
            try:
                what, *rest = ours.recv()
            except EOFError as gone:
                raise ChildDied from gone
            if what == "step":
                share, words = rest
            elif what == "fault":
                raise BadInput(rest[0])
            else:
                return str(rest[0])
    finally:
        process.terminate()
        process.join(PATIENCE_S)
        ours.close()


def keep_folder(scope: Scope, org_id: int, name: str, data: bytes) -> SeasonFolder:
    """Keep a season folder, once it was read as a whole.

    Raises:
        BadFiles: all that is wrong in it, by file and row.
        Forbidden: another organisation's.
    """
    check_may(scope, org_id)
    with tempfile.TemporaryDirectory() as place:
        folder = _unpacked(data, Path(place))
        season = read_season(folder).season
    with transaction.atomic():
        row = SeasonFolder.objects.create(
            org_id=org_id, name=season.region.name or name, data=data, generated=season.region.synthetic,
            by_id=scope.person_id,
        )  # fmt: skip
        log("SeasonFolderKept", f"org:{org_id}", scope=scope, org_id=org_id, folder=row.pk)
    return row


def start_forecast(scope: Scope, folder_id: int) -> Run:
    """Have a season folder forecast by the worker.

    Raises:
        BadUsage: enough is waiting already.
    """
    row = SeasonFolder.objects.defer("data").get_changed(scope, pk=folder_id)
    _check_waiting(row.org_id)
    return start(FORECAST_KIND, {"folder": row.pk, "by": scope.person_id}, scope=scope, org_id=row.org_id)


@kind(FORECAST_KIND)
def make_forecast(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Forecast a kept season folder, and keep what comes of it."""
    row = SeasonFolder.objects.get(pk=given["folder"])
    with tempfile.TemporaryDirectory() as place:
        text = in_child("forecast", _unpacked(bytes(row.data), Path(place)), given, step)
    by = Scope(person_id=given.get("by"), everything=True)
    kept = services.keep(by, row.org_id, text, source=Source.WORKER, folder=row)
    return {"forecast": kept.pk}


def start_whatif(scope: Scope, forecast_id: int, name: str, cases: list[dict[str, Any]]) -> WhatIf:
    """Have cases compared with a forecast's season by the worker.

    Raises:
        BadUsage: the forecast came as a file without its folder, or enough is waiting already.
        BadInput: no case, or too many.
    """
    row = Forecast.objects.select_related("folder").defer("packed").get_changed(scope, pk=forecast_id)
    if row.folder is None:
        raise BadUsage("this forecast came without its season folder; send the folder, then ask of its forecast")
    if not 1 <= len(cases) <= CASES_MAX:
        raise BadInput(f"choose 1 to {CASES_MAX} cases")
    _check_waiting(row.org_id)
    with transaction.atomic():
        found = WhatIf.objects.create(
            org_id=row.org_id, forecast=row, name=name, cases=cases, by_id=scope.person_id
        )  # fmt: skip
        run = start(WHATIF_KIND, {"whatif": found.pk}, scope=scope, org_id=row.org_id)
        found.run_id = run.pk
        found.save()
        log("WhatIfAsked", f"forecast:{row.pk}", scope=scope, org_id=row.org_id, cases=len(cases))
    return found


@kind(WHATIF_KIND)
def make_whatif(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Work a what-if out, and keep its result."""
    row = WhatIf.objects.select_related("forecast__folder").get(pk=given["whatif"])
    folder = row.forecast.folder
    if folder is None:
        raise BadUsage("the season folder was taken away meanwhile; send it again")
    with tempfile.TemporaryDirectory() as place:
        text = in_child("whatif", _unpacked(bytes(folder.data), Path(place)), {"cases": row.cases}, step)
    row.result = read_document(text, WhatIfDoc, "whatif.json").model_dump(mode="json")
    row.version += 1
    row.save()
    return {"whatif": row.pk}


def share(scope: Scope, pk: int, *, shared: bool) -> WhatIf:
    """Show a what-if to all who see its forecast, or not any more."""
    with transaction.atomic():
        row = WhatIf.objects.select_for_update(of=("self",)).get_changed(scope, pk=pk)
        row.shared, row.version = shared, row.version + 1
        row.save()
        log("WhatIfShared", f"forecast:{row.forecast_id}", scope=scope, org_id=row.org_id, shared=shared)
    return row


def remove_whatif(scope: Scope, pk: int) -> int:
    """Take a what-if away; its forecast's number."""
    row = WhatIf.objects.get_changed(scope, pk=pk)
    forecast_id = row.forecast_id
    with transaction.atomic():
        log("WhatIfRemoved", f"forecast:{forecast_id}", scope=scope, org_id=row.org_id)
        row.delete()
    return forecast_id


def make_now(folder: SeasonFolder, **given: Any) -> Forecast:
    """Forecast a folder at once, in this process: for the demo and tests."""
    with tempfile.TemporaryDirectory() as place:
        answer = child.forecast(_unpacked(bytes(folder.data), Path(place)), given, lambda share, words: None)
    text = json.dumps(answer, ensure_ascii=False, default=str)
    return services.keep(EVERYTHING, folder.org_id, text, source=Source.WORKER, folder=folder)


def _unpacked(data: bytes, place: Path) -> Path:
    folder = place / "season"
    folder.mkdir()
    unpack(data, folder, (*FILE_ORDER, *WEATHER_FILES))
    if not any(folder.iterdir()):
        raise BadFiles([services.fault_of("season.toml", "the zip holds no season folder", "pack the folder itself")])
    return folder


def _check_waiting(org_id: int) -> None:
    if services.waiting(org_id) >= WAITING_MAX:
        raise BadUsage("forecasts are being made already; wait for them first")
