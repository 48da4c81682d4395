"""API of webhooks: which there are, new ones with their secret, paused, let go on, taken back."""

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import Field

from nongshi.site.base.api_types import BodyId, Flag, Given, Id, Row, Shown
from nongshi.site.base.paging import Page, Pages, answer_json, answer_one, answer_page, check_version
from nongshi.site.feeds import webhooks
from nongshi.site.feeds.models import Delivery, DeliveryState, Webhook

router = Router(tags=["webhooks"])
MATCH = {"x-match": True}
HookId = Annotated[Id, Path()]
Kind = Annotated[str, Field(json_schema_extra={"enum": list(webhooks.KINDS)}, max_length=20)]


class WebhookOut(Row):
    """An address that is told what happens."""

    name: str
    url: str
    kinds: list[str]
    below: bool = Field(description="told of organisations below, too")
    active: bool


class WebhookIn(Given):
    """A new webhook."""

    org_id: BodyId
    name: Annotated[str, Field(min_length=1, max_length=60)]
    url: Annotated[str, Field(min_length=1, max_length=300)]
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=20)]


class WebhookMade(Schema):
    """Its signing secret, told this once."""

    id: int
    secret: str


class WebhookChange(Given):
    """Pause it, or let it go on."""

    active: Flag


class DeliveryOut(Shown):
    """One event for one webhook."""

    id: int
    webhook_id: int
    event_id: int | None
    message_id: str
    kind: str
    state: DeliveryState
    tries: int
    status: int | None = Field(description="the receiver's last answer")
    error: str
    created: datetime
    sent_at: datetime | None


@router.get("/webhooks", response=Page[WebhookOut])
def list_webhooks(request: HttpRequest, paging: Pages) -> HttpResponse:
    """Webhooks of one's organisations."""
    return answer_page(request, WebhookOut, _seen(request).order_by("pk"), paging)


@router.get("/webhooks/{webhook_id}", response=WebhookOut)
def get_webhook(request: HttpRequest, webhook_id: HookId) -> HttpResponse:
    """One webhook."""
    return answer_one(WebhookOut, _seen(request), pk=webhook_id)


@router.post("/webhooks", response={201: WebhookMade})
def add_webhook(request: HttpRequest, body: WebhookIn) -> HttpResponse:
    """A new webhook and the secret that its messages are signed with."""
    hook, secret = webhooks.make_webhook(request.scope, body.org_id, name=body.name, url=body.url, kinds=body.kinds)
    response = answer_json({"id": hook.pk, "secret": secret}, status=201)
    response.headers["Location"] = f"{request.path}/{hook.pk}"
    return response


@router.patch("/webhooks/{webhook_id}", response=WebhookOut, openapi_extra=MATCH)
def change_webhook(request: HttpRequest, webhook_id: HookId, body: WebhookChange) -> HttpResponse:
    """Pause a webhook, or let it go on."""
    rows = Webhook.objects.changed_by(request.scope).filter(gone=None)
    check_version(request, WebhookOut, rows, pk=webhook_id)
    webhooks.set_active(request.scope, webhook_id, active=body.active)
    return answer_one(WebhookOut, rows, pk=webhook_id)


@router.delete("/webhooks/{webhook_id}", response={204: None}, openapi_extra=MATCH)
def remove_webhook(request: HttpRequest, webhook_id: HookId) -> HttpResponse:
    """It is told nothing any more, and its secret is forgotten."""
    check_version(request, WebhookOut, Webhook.objects.changed_by(request.scope).filter(gone=None), pk=webhook_id)
    webhooks.take_back(request.scope, webhook_id)
    return HttpResponse(status=204)


@router.get("/webhooks/{webhook_id}/deliveries", response=Page[DeliveryOut])
def list_deliveries(request: HttpRequest, webhook_id: HookId, paging: Pages) -> HttpResponse:
    """What was sent to a webhook, newest first."""
    answer_one(WebhookOut, _seen(request), pk=webhook_id)
    return answer_page(request, DeliveryOut, Delivery.objects.filter(webhook_id=webhook_id), paging)


def _seen(request: HttpRequest) -> QuerySet[Webhook]:
    return Webhook.objects.seen_by(request.scope).filter(gone=None)
