"""API of forecasts and what-ifs: listed, looked at, kept, made by the worker, taken away."""

import json
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.forecast.whatif_cases import KINDS, change_of
from nongshi.site.base.api_types import BodyId, Day, Flag, Given, Id, Number, Row, Text80, Whole
from nongshi.site.base.etag import etag_of
from nongshi.site.base.paging import JSON, Page, Pages, answer_one, answer_page, check_version, once_each
from nongshi.site.forecasts import making, services
from nongshi.site.forecasts.models import Forecast, SeasonFolder, Source, WhatIf
from nongshi.site.seasons import services as seasons
from nongshi.site.work.api import RunOut, answer_started

router = Router(tags=["forecasts"])
ForecastId = Annotated[Id, Path()]
FolderId = Annotated[Id, Path()]
WhatIfId = Annotated[Id, Path()]
SeasonId = Annotated[Id, Path()]
MATCH = {"x-match": True}
CHANGES_MAX = 8


class ForecastOut(Row):
    """A forecast and what it is listed by; its numbers are in its file."""

    region: str
    as_of: date = Field(description="nothing known later was read")
    first_day: date
    weeks: int
    scenarios: int
    generated: bool
    source: Source


class ForecastIn(Given):
    """A season.json as `nongshi season` writes it."""

    org_id: BodyId
    document: dict[str, Any] = Field(description="nongshi-season/1; every wrong place is named")


class FolderOut(Row):
    """A season folder that forecasts are made of."""

    name: str
    generated: bool


class WhatIfOut(Row):
    """Cases asked of a forecast, and what came of them."""

    forecast_id: int
    name: str
    cases: list[dict[str, Any]] = Field(description="as asked: name and changes")
    result: dict[str, Any] = Field(description="nongshi-whatif/1 with intervals; empty until the run is done")
    run_id: int | None
    shared: bool = Field(description="shown to all who see the forecast")


class ChangeIn(Given):
    """One thing that is otherwise; which values a kind takes is said there."""

    kind: Annotated[str, Field(json_schema_extra={"enum": sorted(KINDS)})] = Field(
        description="; ".join(f"{kind}: {', '.join(names) or 'nothing'}" for kind, names in KINDS.items())
    )
    machine_class: Text80 | None = None
    licence: Text80 | None = None
    count: Whole | None = None
    town: Text80 | None = Field(default=None, description="without: spread over all towns")
    t_day: Number | None = Field(default=None, description="tonnes a day that dryers take more")
    crop: Text80 | None = None
    days: Number | None = None
    from_variety: Text80 | None = Field(default=None, description="its value `from`")
    to_variety: Text80 | None = Field(default=None, description="its value `to`")
    share: Number | None = None
    week: Whole | None = Field(default=None, description="of the forecast, from 0")

    def change(self) -> dict[str, Any]:
        """As it is kept.

        Raises:
            BadInput: a kind that there is not, or not its values.
        """
        given = {name.removesuffix("_variety"): value for name, value in self.dict().items() if value is not None}
        return change_of(given).as_dict()


class CaseIn(Given):
    """What is otherwise together."""

    name: Text80
    changes: list[ChangeIn] = Field(min_length=1, max_length=CHANGES_MAX)


class WhatIfIn(Given):
    """Cases that are compared with the forecast."""

    name: Text80
    cases: list[CaseIn] = Field(min_length=1, max_length=making.CASES_MAX)


class SharedIn(Given):
    """Who sees it."""

    shared: Flag


class ForecastFilter(Schema):
    """Which forecasts."""

    org_id: Id | None = None
    as_of_from: Day | None = None


@router.get("/forecasts", response=Page[ForecastOut])
def list_forecasts(request: HttpRequest, which: Annotated[ForecastFilter, Query()], paging: Pages) -> HttpResponse:
    """Forecasts in sight, the newest first: one's own organisation's, those above and below."""
    given = {"org_id": which.org_id, "as_of__gte": which.as_of_from}
    rows = once_each(Forecast.objects.seen_by(request.scope)).filter(
        **{name: value for name, value in given.items() if value is not None}
    )
    return answer_page(request, ForecastOut, rows, paging)


@router.get("/forecasts/{forecast_id}", response=ForecastOut)
def get_forecast(request: HttpRequest, forecast_id: ForecastId) -> HttpResponse:
    """One forecast."""
    return answer_one(ForecastOut, Forecast.objects.seen_by(request.scope), pk=forecast_id)


@router.get("/forecasts/{forecast_id}/season.json", response=dict[str, Any])
def get_forecast_file(request: HttpRequest, forecast_id: ForecastId) -> HttpResponse:
    """All its numbers, as they were kept."""
    row = Forecast.objects.get_seen(request.scope, pk=forecast_id)
    body = row.text.encode()
    response = HttpResponse(body, content_type=JSON)
    response.headers["ETag"] = etag_of(body, row.version)
    return response


@router.post("/forecasts", response={201: ForecastOut})
def keep_forecast(request: HttpRequest, body: ForecastIn) -> HttpResponse:
    """Keep a forecast that was made elsewhere, once it is checked."""
    text = json.dumps(body.document, ensure_ascii=False)
    row = services.keep(request.scope, body.org_id, text, file_name="document", source=Source.API)
    response = answer_one(ForecastOut, Forecast.objects.seen_by(request.scope), status=201, pk=row.pk)
    response.headers["Location"] = f"{request.path}/{row.pk}"
    return response


@router.delete("/forecasts/{forecast_id}", response={204: None}, openapi_extra=MATCH)
def remove_forecast(request: HttpRequest, forecast_id: ForecastId) -> HttpResponse:
    """Take a forecast away, with the what-ifs asked of it."""
    check_version(request, ForecastOut, Forecast.objects.changed_by(request.scope), pk=forecast_id)
    services.remove(request.scope, forecast_id)
    return HttpResponse(status=204)


@router.post("/seasons/{season_id}/forecasts", response={202: RunOut})
def forecast_season(request: HttpRequest, season_id: SeasonId) -> HttpResponse:
    """Have a season that is planned here forecast by the worker; the run's result names the forecast."""
    season, data = seasons.folder_of(request.scope, season_id)
    folder = making.keep_folder(request.scope, season.org_id, str(season), data)
    return answer_started(request, making.start_forecast(request.scope, folder.pk).pk)


@router.get("/season-folders", response=Page[FolderOut])
def list_season_folders(request: HttpRequest, paging: Pages) -> HttpResponse:
    """Season folders of one's own organisations, newest first."""
    return answer_page(request, FolderOut, once_each(SeasonFolder.objects.changed_by(request.scope)), paging)


@router.post("/season-folders/{folder_id}/forecasts", response={202: RunOut})
def forecast_folder(request: HttpRequest, folder_id: FolderId) -> HttpResponse:
    """Have a kept season folder forecast anew by the worker; the run's result names the forecast."""
    return answer_started(request, making.start_forecast(request.scope, folder_id).pk)


@router.get("/whatifs", response=Page[WhatIfOut])
def list_whatifs(request: HttpRequest, paging: Pages) -> HttpResponse:
    """What-ifs in sight, newest first: one's own organisation's, and those that were shared."""
    return answer_page(request, WhatIfOut, once_each(WhatIf.objects.seen_by(request.scope)), paging)


@router.get("/whatifs/{whatif_id}", response=WhatIfOut)
def get_whatif(request: HttpRequest, whatif_id: WhatIfId) -> HttpResponse:
    """One what-if with its result."""
    return answer_one(WhatIfOut, WhatIf.objects.seen_by(request.scope), pk=whatif_id)


@router.post("/forecasts/{forecast_id}/whatifs", response={202: RunOut})
def ask_whatif(request: HttpRequest, forecast_id: ForecastId, body: WhatIfIn) -> HttpResponse:
    """Have cases compared with a forecast by the worker; the run's result names the what-if."""
    cases = [{"name": one.name, "changes": [change.change() for change in one.changes]} for one in body.cases]
    found = making.start_whatif(request.scope, forecast_id, body.name, cases)
    assert found.run_id is not None
    return answer_started(request, found.run_id)


@router.post("/whatifs/{whatif_id}/share", response=WhatIfOut, openapi_extra=MATCH)
def share_whatif(request: HttpRequest, whatif_id: WhatIfId, body: SharedIn) -> HttpResponse:
    """Show a what-if to all who see its forecast, or not any more."""
    check_version(request, WhatIfOut, WhatIf.objects.changed_by(request.scope), pk=whatif_id)
    making.share(request.scope, whatif_id, shared=body.shared)
    return get_whatif(request, whatif_id)


@router.delete("/whatifs/{whatif_id}", response={204: None}, openapi_extra=MATCH)
def remove_whatif(request: HttpRequest, whatif_id: WhatIfId) -> HttpResponse:
    """Take a what-if away."""
    check_version(request, WhatIfOut, WhatIf.objects.changed_by(request.scope), pk=whatif_id)
    making.remove_whatif(request.scope, whatif_id)
    return HttpResponse(status=204)
