"""Webhooks: who makes and takes back one, and the rows that an event leaves for those that want it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.live_rows import ABOUT
from nongshi.site.base.models import Event, Org
from nongshi.site.base.rights import Reach, Resource, RoleKind, reach
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.feeds import guard, signing
from nongshi.site.feeds.models import Delivery, DeliveryState, Webhook

# Kinds of events, by the word before the colon of `about`. What is not here (people, their ways in) never goes out.
KINDS: Mapping[str, Any] = {
    "job": _("field jobs: posted, called off, confirmed, disputed"),
    "plan": _("plans: made, put in force"),
    "order": _("work orders: begun, done, problems"),
    "season": _("seasons"),
    "run": _("long work: begun, ended"),
    "field": _("fields of the register"),
    "machine": _("machines of the register"),
    "operator": _("operators of the register"),
    "lending": _("lending"),
}
# What of an event's data goes along: nothing that could name a person.
DATA_KEYS = frozenset(
    {"operation", "number", "state", "kind", "orders", "season", "plan", "version", "area_ha", "part"}
)
HOOKS_MAX = 20  # of an organisation
MAKERS = (RoleKind.DISPATCHER, RoleKind.OFFICER)
TEST = "test"


def list_orgs(scope: Scope) -> Any:
    """Organisations whose webhooks this person looks after."""
    return Org.objects.filter(pk__in=scope.orgs(Resource.WEBHOOK, change=True))


def make_webhook(scope: Scope, org_id: int, *, name: str, url: str, kinds: Sequence[str]) -> tuple[Webhook, str]:
    """A webhook and its signing secret; the secret is told this once.

    Raises:
        Forbidden: another organisation's.
        BadInput: an address that nothing is posted to, a kind that is not there, or too many of them.
    """
    if not scope.may(Resource.WEBHOOK, org_id, change=True):
        raise Forbidden(f"organisation {org_id}: only its dispatchers and officers may have a webhook there")
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise BadInput(f"kinds of events {', '.join(unknown) or 'are missing'}; there is: {', '.join(KINDS)}")
    guard.check_url(url)
    if Webhook.objects.filter(org_id=org_id, gone=None).count() >= HOOKS_MAX:
        raise BadInput(f"there are {HOOKS_MAX} webhooks already; take one back first")
    secret = signing.new_secret()
    with transaction.atomic():
        hook = Webhook.objects.create(
            org_id=org_id,
            name=name,
            url=url,
            kinds=sorted(set(kinds)),
            below=org_id in scope.orgs_as(RoleKind.OFFICER),
            made_by_id=scope.person_id,
        )
        hook.set_secret(secret)
        hook.save(update_fields=["secret_sealed"])
        log("WebhookMade", f"webhook:{hook.pk}", scope=scope, org_id=org_id)
    return hook, secret


def set_active(scope: Scope, pk: int, *, active: bool) -> Webhook:
    """Pause a webhook, or let it go on; what happens meanwhile is not told later."""
    hook = Webhook.objects.get_changed(scope, pk=pk, gone=None)
    hook.active, hook.version = active, hook.version + 1
    hook.save(update_fields=["active", "version", "changed"])
    log("WebhookResumed" if active else "WebhookPaused", f"webhook:{pk}", scope=scope, org_id=hook.org_id)
    return hook


def take_back(scope: Scope, pk: int) -> None:
    """A webhook is told nothing any more; its secret is forgotten, its deliveries are given up."""
    hook = Webhook.objects.get_changed(scope, pk=pk, gone=None)
    hook.active, hook.gone, hook.secret_sealed, hook.version = False, timezone.now(), "", hook.version + 1
    hook.save()
    hook.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DEAD, error="taken back")
    log("WebhookRevoked", f"webhook:{pk}", scope=scope, org_id=hook.org_id)


def send_test(scope: Scope, pk: int) -> Delivery:
    """Have a test message sent."""
    hook = Webhook.objects.get_changed(scope, pk=pk, gone=None)
    body = {"type": TEST, "timestamp": timezone.now().isoformat(), "data": {"org": hook.org_id}}
    return _delivery(hook, None, TEST, body)


def send_again(scope: Scope, delivery_id: int) -> Delivery:
    """Have a delivery sent once more, under the same id.

    Raises:
        NotFound: none in reach.
        BadUsage: it is waiting anyway, or its webhook is paused or gone.
    """
    delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_id).first()
    if delivery is None or not scope.may(Resource.WEBHOOK, delivery.webhook.org_id, change=True):
        raise NotFound(f"no delivery {delivery_id}")
    if not delivery.webhook.active:
        raise BadUsage(f"webhook {delivery.webhook} is paused or taken back; let it go on first")
    if delivery.state == DeliveryState.WAITING:
        raise BadUsage("it is waiting to be sent anyway")
    delivery.state, delivery.tries, delivery.next_try = DeliveryState.WAITING, 0, timezone.now()
    delivery.error, delivery.status = "", None
    delivery.save()
    return delivery


def leave_deliveries(event: Event) -> list[Delivery]:
    """The rows that an event leaves, in its own transaction: both are kept, or neither."""
    return leave_all_deliveries([event])


def leave_all_deliveries(events: Sequence[Event]) -> list[Delivery]:
    """As `leave_deliveries`, of many events; the webhooks are read once."""
    told = [event for event in events if event.about.partition(":")[0] in KINDS and event.org_id is not None]
    if not told:
        return []
    wanted = Q(org_id__in={event.org_id for event in told}) | Q(below=True)
    hooks = list(Webhook.objects.filter(wanted, active=True).select_related("org"))
    return [one for event in told for one in _leave(event, hooks)] if hooks else []


def _leave(event: Event, hooks: Sequence[Webhook]) -> list[Delivery]:
    kind = str(event.about).partition(":")[0]
    hooks = [hook for hook in hooks if hook.below or hook.org_id == event.org_id]
    wanted = [hook for hook in hooks if kind in hook.kinds and _may_know(hook, event, kind)]
    body = body_of(event) if wanted else {}
    return [_delivery(hook, event, event.name, body) for hook in wanted]


def _may_know(hook: Webhook, event: Event, kind: str) -> bool:
    """Whether the role that looks after the webhook sees rows of this kind there."""
    far = reach(RoleKind.OFFICER if hook.below else RoleKind.DISPATCHER, ABOUT[kind][0], change=False)
    if hook.org_id == event.org_id:
        return far >= Reach.ORG
    return far == Reach.TREE and event.org.path.startswith(hook.org.path)


def body_of(event: Event) -> dict[str, Any]:
    """What is told of an event: ids and codes, no names."""
    data = {key: value for key, value in event.data.items() if key in DATA_KEYS}
    ids = {"event": event.pk, "about": event.about, "org": event.org_id, "by": event.by_id}
    return {"type": event.name, "timestamp": event.at.isoformat(), "data": ids | data}


def _delivery(hook: Webhook, event: Event | None, kind: str, body: Mapping[str, Any]) -> Delivery:
    return Delivery.objects.create(
        webhook=hook, event=event, kind=kind, message_id=f"msg_{uuid4().hex}", body=json.dumps(body, ensure_ascii=False)
    )
