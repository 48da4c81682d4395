"""API of who there is: oneself, organisations, people with their roles, and the log of acts."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.site.base.api_types import Flag, Given, Id, Moment, Row, Shown, Text20
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Event, Org, OrgKind, Person, Role
from nongshi.site.base.paging import Page, Pages, answer_json, answer_one, answer_page, check_version
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log

router = Router(tags=["people"])
ALL_RIGHTS = ("plan", "read", "write")
PersonId = Annotated[Id, Path()]


class RoleOut(Schema):
    """A role held in an organisation."""

    person_id: int
    org_id: int
    kind: RoleKind
    since: str | None
    until: str | None


class Me(Schema):
    """Who asks, and what this key or session may do."""

    id: int
    name: str
    org_id: int
    language: str
    rights: list[str] = Field(description="of the key; all of them for a session")
    roles: list[RoleOut]
    sees: dict[str, list[int]] = Field(description="by kind of row: organisations all of whose rows are in sight")
    changes: dict[str, list[int]] = Field(description="by kind of row: organisations all of whose rows may be changed")


class OrgOut(Shown):
    """A province, district, town, cooperative or farm."""

    id: int
    kind: OrgKind
    parent_id: int | None
    code: str
    name: str
    name_en: str
    generated: bool


class PersonOut(Row):
    """Somebody of an organisation; ID numbers are never told."""

    name: str
    phone: str
    language: str
    tracks_consent_at: datetime | None
    generated: bool


class PersonChange(Given):
    """What may be changed of a person."""

    phone: Text20 | None = None
    language: Literal["zh-hans", "en"] | None = None
    consents: Flag | None = Field(default=None, description="to positions of the machine being kept; own word only")


class EventOut(Shown):
    """One act."""

    id: int
    at: datetime
    org_id: int | None
    by_id: int | None
    name: str
    about: str
    data: dict[str, Any]


class EventFilter(Schema):
    """Which acts."""

    name: Annotated[str, Field(max_length=40)] | None = None
    about: Annotated[str, Field(max_length=60)] | None = Field(default=None, examples=["job:12"])
    since: Moment | None = None


@router.get("/me", response=Me)
def get_me(request: HttpRequest) -> HttpResponse:
    """Who I am and what I reach."""
    scope: Scope = request.scope
    person: Person = request.person
    roles = Role.objects.filter(person_id=person.pk).order_by("pk")
    rights = sorted(scope.token_rights) if scope.token_rights is not None else [*ALL_RIGHTS]
    return answer_json(
        {
            "id": person.pk,
            "name": person.name,
            "org_id": person.org_id,
            "language": person.language,
            "rights": rights,
            "roles": _roles(roles),
            "sees": _reach(scope, change=False),
            "changes": _reach(scope, change=True),
        }
    )


@router.get("/orgs", response=Page[OrgOut])
def list_orgs(request: HttpRequest, paging: Pages) -> HttpResponse:
    """Organisations in sight."""
    return answer_page(request, OrgOut, _orgs(request.scope), paging)


@router.get("/orgs/{org_id}", response=OrgOut)
def get_org(request: HttpRequest, org_id: Annotated[Id, Path()]) -> HttpResponse:
    """One organisation."""
    return answer_one(OrgOut, _orgs(request.scope), pk=org_id)


@router.get("/people", response=Page[PersonOut])
def list_people(request: HttpRequest, paging: Pages) -> HttpResponse:
    """People in sight."""
    return answer_page(request, PersonOut, Person.objects.seen_by(request.scope), paging)


@router.get("/people/{person_id}", response=PersonOut)
def get_person(request: HttpRequest, person_id: PersonId) -> HttpResponse:
    """One person."""
    return answer_one(PersonOut, Person.objects.seen_by(request.scope), pk=person_id)


@router.patch("/people/{person_id}", response=PersonOut, openapi_extra={"x-match": True})
def change_person(request: HttpRequest, person_id: PersonId, body: PersonChange) -> HttpResponse:
    """Change phone, language or consent."""
    scope: Scope = request.scope
    rows = Person.objects.changed_by(scope)
    check_version(request, PersonOut, rows, pk=person_id)
    person = rows.get(pk=person_id)
    given = body.dict(exclude_unset=True)
    if given.get("consents") is not None:
        if person.pk != scope.person_id:
            raise Forbidden("consent is everybody's own word; the person has to say it")
        person.tracks_consent_at = timezone.now() if given["consents"] else None
    for name in ("phone", "language"):
        if given.get(name) is not None:
            setattr(person, name, given[name])
    person.version += 1
    person.save()
    log("PersonChanged", f"person:{person.pk}", scope=scope, org_id=person.org_id, columns=sorted(given))
    return answer_one(PersonOut, rows, pk=person_id)


@router.get("/people/{person_id}/roles", response=list[RoleOut])
def list_roles(request: HttpRequest, person_id: PersonId) -> HttpResponse:
    """A person's roles in organisations in sight, and all of one's own."""
    scope: Scope = request.scope
    person = Person.objects.get_seen(scope, pk=person_id)
    roles = Role.objects.filter(person_id=person.pk).order_by("pk")
    if person.pk != scope.person_id:
        roles = roles.filter(org_id__in=scope.orgs(Resource.PERSON))
    return answer_json(_roles(roles))


@router.get("/events", response=Page[EventOut], tags=["events"])
def list_events(request: HttpRequest, which: Annotated[EventFilter, Query()], paging: Pages) -> HttpResponse:
    """Acts of organisations whose log is in sight, newest first."""
    rows = Event.objects.filter(org_id__in=request.scope.orgs(Resource.EVENT))
    if which.name is not None:
        rows = rows.filter(name=which.name)
    if which.about is not None:
        rows = rows.filter(about=which.about)
    if which.since is not None:
        rows = rows.filter(at__gte=which.since)
    return answer_page(request, EventOut, rows, paging)


def _orgs(scope: Scope) -> QuerySet:
    seen = scope.orgs(Resource.ORG) | scope.own_in(Resource.ORG)
    return Org.objects.filter(pk__in=seen)


def _roles(roles: QuerySet) -> list[dict[str, Any]]:
    return list(roles.values("person_id", "org_id", "kind", "since", "until"))


def _reach(scope: Scope, *, change: bool) -> dict[str, list[int]]:
    found = {resource.value: sorted(scope.orgs(resource, change=change)) for resource in Resource}
    return {name: org_ids for name, org_ids in found.items() if org_ids}
