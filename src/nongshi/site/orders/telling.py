"""What the two sides are told of an order's moves; written with the move itself, so that none is forgotten."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from nongshi.market.orders import Act
from nongshi.site.base.models import Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.orders.models import OrderRow
from nongshi.site.plans.models import Notice

WORDS: dict[Act, tuple[str, str]] = {
    Act.BOOK: ("已预订：{when}，{price} 元。", "booked for {when}, {price} yuan."),
    Act.DISPATCH: ("机手已派出，{when}到田。", "the machine is sent; it comes at {when}."),
    Act.RECALL: ("派工已撤回，预订仍有效：{when}。", "the machine was called back; the booking for {when} stands."),
    Act.MEASURE: ("已测得 {area} 亩，请核对。", "{area} mu were measured; please look."),
    Act.CONFIRM: ("面积已确认。", "the area is accepted."),
    Act.DISPUTE: ("面积有异议，待双方核对。", "the area is disputed; both sides look at it."),
    Act.AGREE: ("一方已提出面积 {area} 亩。", "one side names {area} mu."),
    Act.DECIDE: ("第三方已裁定面积 {area} 亩。", "a third person decided on {area} mu."),
    Act.SETTLE: ("已结算。", "it is settled."),
    Act.CANCEL: ("预订已取消。", "the booking is called off."),
    Act.MISS: ("已记录未到场。", "a no-show was written down."),
}


def tell_farmer(order: OrderRow, what: Act) -> None:
    """Tell the grower."""
    if order.job.grower_id is not None:
        Notice.objects.create(**notices_to(order, what, [order.job.grower_id])[0])


def tell_coop(order: OrderRow, what: Act) -> None:
    """Tell the cooperative's dispatchers."""
    Notice.objects.bulk_create(Notice(**told) for told in notices_to(order, what, dispatchers_of(order.org_id)))


def notices_to(order: OrderRow, what: Act, people: Iterable[int]) -> list[dict[str, Any]]:
    """What people are told of a move, as rows of notices."""
    text, text_en = _said(order, WORDS[what])
    return [_notice(order, pk, text, text_en) for pk in people]


def tell_offer(order: OrderRow) -> None:
    """Tell somebody who waited that a place is held for them."""
    words = (
        "有空出的机位：{when}，为您保留到 {until}。",
        "a place came free at {when}; it is held for you until {until}.",
    )
    if order.job.grower_id is not None:
        Notice.objects.create(**_notice(order, order.job.grower_id, *_said(order, words)))


def tell_lost(order: OrderRow) -> None:
    """Tell both sides that the plan gave an order's hours to others."""
    words = (
        "原定 {when} 的机位在新计划中已排给他人，合作社会与您联系。",
        "the hours at {when} went to others in a new plan; your cooperative will call you.",
    )
    text, text_en = _said(order, words)
    people = set(dispatchers_of(order.org_id)) | ({order.job.grower_id} - {None})
    Notice.objects.bulk_create(Notice(**_notice(order, pk, text, text_en)) for pk in sorted(people))


def dispatchers_of(org_id: int) -> list[int]:
    """Who is told for a cooperative."""
    people = Person.objects.filter(roles__org_id=org_id, roles__kind=RoleKind.DISPATCHER).distinct()
    return list(people.values_list("pk", flat=True))


def _said(order: OrderRow, words: tuple[str, str]) -> tuple[str, str]:
    area_ha = order.agreed_ha if order.agreed_ha is not None else order.measured_ha
    values = {
        "when": _hour(order.start) if "{when}" in words[0] else "",
        "until": _hour(order.held_until) if "{until}" in words[0] else "",
        "price": f"{order.price_fen / 100:.2f}",
        "area": f"{(area_ha or 0) * 15:.2f}",
    }
    field = str(order.job.field)
    return f"{field}：{words[0].format(**values)}", f"{field}: {words[1].format(**values)}"


def _hour(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}" if moment else ""


def _notice(order: OrderRow, person_id: int, text: str, text_en: str) -> dict[str, Any]:
    return {"org_id": order.org_id, "person_id": person_id, "about": order.about, "text": text, "text_en": text_en}
