"""API of seasons: made, agreed to, what has happened in them and taking that back; on the router of plans."""

from datetime import time
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Schema
from pydantic import Field

from nongshi.core.errors import NotFound
from nongshi.site.base.api_types import BodyId, Day, Flag, Given, Id, Text80, Text300, Whole
from nongshi.site.base.paging import answer_json, answer_one, check_version
from nongshi.site.jobs.api import Operation
from nongshi.site.plans.api import SeasonId, SeasonOut, router
from nongshi.site.plans.facts_back import list_facts, take_back_fact
from nongshi.site.plans.models import Season
from nongshi.site.seasons import services
from nongshi.site.seasons.assumptions import DAYS, DAYS_MAX, WORK_END, WORK_START
from nongshi.site.seasons.making import SeasonWish, make_season

__all__ = ["router"]
Clock = Annotated[time, Field(description="local time, HH:MM")]


class SeasonIn(Given):
    """Days and work that organisations plan together; each asked one joins by its own word."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    org_id: BodyId = Field(description="leads the season")
    start_date: Day
    horizon_days: Annotated[Whole, Field(ge=1, le=DAYS_MAX)] = DAYS
    operations: Annotated[list[Operation], Field(min_length=1)]
    member_ids: Annotated[list[BodyId], Field(max_length=200)] = []
    work_start: Clock = WORK_START
    work_end: Clock = WORK_END


class Word(Given):
    """An organisation's own word."""

    agreed: Flag


class FactOut(Schema):
    """Something that has happened in a season; every plan takes it into account."""

    key: str
    kind: str = Field(description="down, off, dryers, area or out")
    what: str = Field(description="from/to, a day, or hectares")
    ids: list[str] = Field(description="machines, operators, dryers or jobs, as plan.json names them")
    said_by: int | None
    said_at: str


class FactsOut(Schema):
    """What a season remembers, and what was taken back."""

    version: int
    facts: list[FactOut]
    taken_back: list[dict[str, Any]]


class TakingBack(Given):
    """A fact that was a mistake."""

    key: Text300
    only: Text80 = Field(default="", description="for one machine, operator, dryer or job; else for all")
    why: Annotated[str, Field(min_length=1, max_length=300)]


@router.post("/seasons", response={201: SeasonOut}, openapi_extra={"x-right": "plan"})
def add_season(request: HttpRequest, body: SeasonIn) -> HttpResponse:
    """A season from the register's own fields, machines, operators and jobs."""
    said = body.dict()
    row = make_season(request.scope, SeasonWish(lead_id=said.pop("org_id"), **said))
    response = answer_one(SeasonOut, Season.objects.seen_by(request.scope), status=201, pk=row.pk)
    response.headers["Location"] = f"{request.path}/{row.pk}"
    return response


@router.put("/seasons/{season_id}/members/{org_id}", response=dict[str, Any], openapi_extra={"x-right": "plan"})
def set_member(request: HttpRequest, season_id: SeasonId, org_id: Annotated[Id, Path()], body: Word) -> HttpResponse:
    """An organisation's own word: plan with the others, or not any more."""
    services.set_agreed(request.scope, season_id, org_id, agreed=body.agreed)
    return answer_json({"org_id": org_id, "agreed": body.agreed})


@router.get("/seasons/{season_id}/facts", response=FactsOut)
def list_season_facts(request: HttpRequest, season_id: SeasonId) -> HttpResponse:
    """Rain, breakdowns, days off, other areas and jobs taken out that a season remembers; for whoever leads it."""
    season = Season.objects.get_changed(request.scope, pk=season_id)
    return _answer_facts(season)


@router.post(
    "/seasons/{season_id}/facts/take-back", response=FactsOut, openapi_extra={"x-right": "plan", "x-match": True}
)
def take_back_season_fact(request: HttpRequest, season_id: SeasonId, body: TakingBack) -> HttpResponse:
    """Take a fact back that was a mistake; it stays in the record with who and why."""
    version = check_version(request, SeasonOut, Season.objects.changed_by(request.scope), pk=season_id)
    said = body.dict()
    if not any(one.key == said["key"] for one in list_facts(Season.objects.get_changed(request.scope, pk=season_id))):
        raise NotFound("the season remembers no such fact")
    season = take_back_fact(request.scope, season_id, said.pop("key"), version=version, **said)
    return _answer_facts(season)


def _answer_facts(season: Season) -> HttpResponse:
    facts = [
        {"key": f.key, "kind": f.kind, "what": f.what, "ids": list(f.ids), "said_by": f.by, "said_at": f.at}
        for f in list_facts(season)
    ]
    return answer_json({"version": season.version, "facts": facts, "taken_back": season.head.get("facts_back", [])})
