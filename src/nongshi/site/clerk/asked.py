"""Fields that growers say are missing: asked for by the grower, entered or refused by a clerk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from nongshi.core.errors import BadUsage, NotFound
from nongshi.site.base.models import Event
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.clerk.making import place_near, village_of
from nongshi.site.plans.models import Notice
from nongshi.site.register.models import Field

ASKED, ANSWERED = "FieldAsked", "FieldAnswered"
ASKS_MAX = 5  # open ones of one grower: more is a mistake
SHOWN_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a grower says of a field that the register lacks; the pin may be unknown."""

    name: str
    area_ha: float
    lon: float | None = None
    lat: float | None = None


def ask_field(scope: Scope, ask: Ask) -> None:
    """Write down that a field is missing; a clerk of the grower's organisation finds it on the grid's page.

    Raises:
        BadUsage: this grower waits for several answers already.
        NotFound: the person is no grower anywhere.
    """
    org_id = next(iter(sorted(scope.orgs_as(RoleKind.FARMER))), None)
    if org_id is None or scope.person_id is None:
        raise NotFound("no organisation in which this person is a farmer")
    if sum(one.by_id == scope.person_id for one in open_asks([org_id])) >= ASKS_MAX:
        raise BadUsage(f"{ASKS_MAX} fields are waiting for your clerk already; wait for the answer")
    values = {"field": ask.name, "area_ha": ask.area_ha, "lon": ask.lon, "lat": ask.lat}
    log(ASKED, f"person:{scope.person_id}", scope=scope, org_id=org_id, **values)


def open_asks(org_ids: Sequence[int] | frozenset[int]) -> list[Event]:
    """What is not answered yet, oldest first."""
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    asked = Event.objects.filter(org_id__in=org_ids, name=ASKED, at__gte=since).select_related("by").order_by("pk")
    answered = set(Event.objects.filter(org_id__in=org_ids, name=ANSWERED).values_list("about", flat=True))
    return [one for one in asked if f"ask:{one.pk}" not in answered and one.by_id is not None]


def answer(scope: Scope, ask_id: int, *, enter: bool) -> Field | None:
    """Enter the field or refuse it, once, and tell the grower.

    Raises:
        NotFound: no such question in reach, or somebody answered it.
    """
    org_ids = scope.orgs(Resource.FIELD, change=True)
    with transaction.atomic():
        ask = Event.objects.select_for_update(of=("self",)).filter(pk=ask_id, name=ASKED, org_id__in=org_ids).first()
        if ask is None or ask.org_id is None or ask.pk not in {one.pk for one in open_asks([ask.org_id])}:
            raise NotFound(f"no open question {ask_id}; somebody may have answered it")
        made = _enter(ask) if enter else None
        log(ANSWERED, f"ask:{ask.pk}", scope=scope, org_id=ask.org_id, entered=enter)
        name = ask.data["field"]
        text, text_en = (
            (f"田块“{name}”已登记，可以约机器了。", f"Your field {name} is entered; you can ask for work on it.")
            if enter
            else (
                f"田块“{name}”没有登记，请问村里的办事员。",
                f"Your field {name} was not entered; ask your village clerk.",
            )
        )
        Notice.objects.create(org_id=ask.org_id, person_id=ask.by_id, about=f"ask:{ask.pk}", text=text, text_en=text_en)
    return made


def _enter(ask: Event) -> Field:
    said, org_id = ask.data, int(ask.org_id or 0)
    pinned = said.get("lon") is not None and said.get("lat") is not None
    lon, lat = (said["lon"], said["lat"]) if pinned else place_near(said["field"], org_id)
    made = Field.objects.create(
        org_id=org_id, ref=uuid4().hex, name=said["field"], place=village_of(said["field"], org_id),
        grower_id=ask.by_id, area_ha=said["area_ha"], gate_lon=lon, gate_lat=lat,
    )  # fmt: skip
    made.ref = f"V{made.pk}"
    made.save(update_fields=["ref"])
    return made
