"""Growers and fields that a clerk makes on the way, while jobs are posted."""

from uuid import uuid4

from django.db.models import Avg

from nongshi.core.errors import BadInput
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Person, Role
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.clerk.rows import GridRow
from nongshi.site.register.models import Field


def make_field(scope: Scope, row: GridRow, org_id: int) -> Field:
    """A field without an outline, in the middle of its village's fields until somebody draws it; its grower with it.

    Raises:
        Forbidden: this person enters no fields or growers there.
        BadInput: there is no field near which it could lie.
    """
    for resource in (Resource.FIELD, Resource.PERSON):
        if not scope.may(resource, org_id, change=True):
            raise Forbidden("growers and fields of this organisation are entered by its clerks and dispatchers")
    lon, lat = place_near(row.place, org_id)
    grower = find_grower(row, org_id) or _make_grower(scope, row, org_id)
    found = Field.objects.create(
        org_id=org_id,
        ref=uuid4().hex,
        name=row.place,
        place=village_of(row.place, org_id),
        grower=grower,
        area_ha=row.area_ha or 0.0,
        gate_lon=lon,
        gate_lat=lat,
    )
    found.ref = f"V{found.pk}"
    found.save(update_fields=["ref"])
    log("FieldEntered", f"field:{found.pk}", scope=scope, org_id=org_id, by_clerk=True)
    return found


def find_grower(row: GridRow, org_id: int) -> Person | None:
    """The one farmer of that name there; of several the one with that phone."""
    named = Person.objects.filter(org_id=org_id, name=row.grower, roles__kind=RoleKind.FARMER).distinct()
    if row.phone:
        named = named.filter(phone__in=(row.phone, ""))
    people = list(named[:2])
    return people[0] if len(people) == 1 else None


def village_of(place: str, org_id: int) -> str:
    """The village that the words name, as the register writes it; empty where it knows none of them."""
    known = Field.objects.filter(org_id=org_id).exclude(place="").values_list("place", flat=True).distinct()
    return max((one for one in known if one in place), key=len, default="")


def _make_grower(scope: Scope, row: GridRow, org_id: int) -> Person:
    person = Person.objects.create(org_id=org_id, name=row.grower, phone=row.phone)
    Role.objects.create(person=person, org_id=org_id, kind=RoleKind.FARMER)
    log("PersonEntered", f"person:{person.pk}", scope=scope, org_id=org_id, role=RoleKind.FARMER)
    return person


def place_near(place: str, org_id: int) -> tuple[float, float]:
    """The middle of the village's fields, else of all of the organisation's."""
    fields = Field.objects.filter(org_id=org_id)
    village = village_of(place, org_id)
    for rows in ([fields.filter(place=village)] if village else []) + [fields]:
        middle = rows.aggregate(lon=Avg("gate_lon"), lat=Avg("gate_lat"))
        if middle["lon"] is not None:
            return float(middle["lon"]), float(middle["lat"])
    raise BadInput("the register has no field yet near which a new one could lie; enter the first one with a map")
