"""API of forecasts: listed, looked at, kept, taken away."""

import json
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.site.base.api_types import BodyId, Day, Given, Id, Row
from nongshi.site.base.etag import etag_of
from nongshi.site.base.paging import JSON, Page, Pages, answer_one, answer_page, check_version, once_each
from nongshi.site.forecasts import services
from nongshi.site.forecasts.models import Forecast, Source

router = Router(tags=["forecasts"])
ForecastId = Annotated[Id, Path()]


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


@router.delete("/forecasts/{forecast_id}", response={204: None}, openapi_extra={"x-match": True})
def remove_forecast(request: HttpRequest, forecast_id: ForecastId) -> HttpResponse:
    """Take a forecast away, with the what-ifs asked of it."""
    check_version(request, ForecastOut, Forecast.objects.changed_by(request.scope), pk=forecast_id)
    services.remove(request.scope, forecast_id)
    return HttpResponse(status=204)
