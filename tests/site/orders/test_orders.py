"""An order's way from quote to money, and what is refused on it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.site.orders.shop import Shop
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadUsage, NotFound
from nongshi.core.measured import WorkMeasured
from nongshi.market.orders import Act, Says, State, Who
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import JobStatus
from nongshi.site.money.models import AccountKind, CapRow, Posting, PriceRow
from nongshi.site.money.services import account_of, balance, balances, check_books
from nongshi.site.orders import services
from nongshi.site.orders.models import OrderMove, OrderRow, Place, Settlement
from nongshi.site.plans.models import Notice


def measured(worked_ha: float = 1.01, *, sure: bool = True) -> WorkMeasured:
    why = {} if sure else {"why": "width unknown", "why_zh": "幅宽不明"}
    return WorkMeasured(
        worked_ha=worked_ha, low_ha=worked_ha * 0.99, high_ha=worked_ha * 1.01, overlap_ha=0.02, skip_ha=0.0,
        travelled_ha=worked_ha, fixes=900, auto_settle=sure, **why,
    )  # fmt: skip


def booked(shop: Shop, number: int = 0, farmer: Any = None) -> OrderRow:
    farmer = farmer or shop.farmers[0]
    order = services.open_order(shop.scope(farmer), shop.job(farmer).pk)
    services.quote(shop.scope(farmer), order.pk, [shop.spot(number)], now=shop.now)
    return services.book(shop.scope(farmer), order.pk, now=shop.now)


def worked(shop: Shop, **more: Any) -> OrderRow:
    order, coop = booked(shop), shop.scope(shop.dispatcher)
    services.act(coop, order.pk, Act.DISPATCH, now=shop.now)
    services.act(shop.scope(shop.driver), order.pk, Act.START, now=shop.now)
    return services.measure(coop, order.pk, measured(**more), now=shop.now)


def test_from_quote_to_money(shop: Shop) -> None:
    order = worked(shop)
    assert (order.state, order.by_itself) == (State.MEASURED, True)
    assert services.tick(shop.now + timedelta(hours=47))["confirm"] == 0
    assert services.tick(shop.now + timedelta(hours=48)) == {"lapse": 0, "confirm": 1, "settle": 1}
    assert services.tick(shop.now + timedelta(hours=49)) == {"lapse": 0, "confirm": 0, "settle": 0}
    order.refresh_from_db()
    order.job.refresh_from_db()
    assert (order.state, order.job.status) == (State.SETTLED, JobStatus.CONFIRMED)
    sheet = Settlement.objects.get(order=order)
    assert sheet.total_fen == round(order.price_fen * 1.01)
    assert sum(fen for _, fen in sheet.parties) == 0
    farmer = account_of(shop.org.pk, AccountKind.FARMER, shop.farmers[0].pk)
    assert balance(farmer.pk) == -sheet.total_fen
    assert sum(balances(shop.org.pk).values()) == 0
    assert check_books() == []
    acts = list(OrderMove.objects.filter(order=order).values_list("act", flat=True))
    assert acts == ["quote", "book", "dispatch", "start", "measure", "confirm", "settle"]
    told = Notice.objects.filter(person=shop.farmers[0], about=order.about)
    assert told.count() == 4  # booked, sent, measured, settled
    assert any(f"{order.price_fen / 100:.2f} yuan" in one.text_en for one in told)


def test_a_held_place_is_nobody_elses_until_it_lapses(shop: Shop) -> None:
    first, second = (services.open_order(shop.scope(f), shop.job(f).pk) for f in shop.farmers[:2])
    services.quote(shop.scope(shop.farmers[0]), first.pk, [shop.spot()], now=shop.now)
    with pytest.raises(services.Gone):
        services.quote(shop.scope(shop.farmers[1]), second.pk, [shop.spot()], now=shop.now)
    later = shop.now + timedelta(minutes=16)
    services.quote(shop.scope(shop.farmers[1]), second.pk, [shop.spot()], now=later)
    with pytest.raises(BadUsage, match="is draft"):
        services.book(shop.scope(shop.farmers[0]), first.pk, now=later)
    services.book(shop.scope(shop.farmers[1]), second.pk, now=later)
    assert [place.order_id for place in Place.objects.all()] == [second.pk]


def test_a_hold_that_is_over_is_told_honestly(shop: Shop) -> None:
    farmer = shop.scope(shop.farmers[0])
    order = services.open_order(farmer, shop.job().pk)
    services.quote(farmer, order.pk, [shop.spot()], now=shop.now)
    with pytest.raises(services.Gone, match="gone"):
        services.book(farmer, order.pk, now=shop.now + timedelta(minutes=16))


def test_the_next_free_place_is_taken_where_the_first_is_gone(shop: Shop) -> None:
    booked(shop, 0)
    farmer = shop.farmers[1]
    order = services.open_order(shop.scope(farmer), shop.job(farmer).pk)
    order = services.quote(shop.scope(farmer), order.pk, [shop.spot(0), shop.spot(1)], now=shop.now)
    assert order.start == shop.spot(1).start


def test_asking_again_for_the_same_place_keeps_it(shop: Shop) -> None:
    farmer = shop.scope(shop.farmers[0])
    order = services.open_order(farmer, shop.job().pk)
    for _ in range(2):
        order = services.quote(farmer, order.pk, [shop.spot()], now=shop.now)
    assert (order.state, Place.objects.count()) == (State.QUOTED, 1)


def test_a_freed_place_goes_to_whoever_waits_longest_and_fits(shop: Shop) -> None:
    order = booked(shop)
    too_large = services.open_order(shop.scope(shop.farmers[1]), shop.job(shop.farmers[1], area_ha=1.04).pk)
    waits = services.open_order(shop.scope(shop.farmers[2]), shop.job(shop.farmers[2]).pk)
    services.wait(shop.scope(shop.farmers[1]), too_large.pk)
    services.wait(shop.scope(shop.farmers[2]), waits.pk)
    services.act(shop.scope(shop.farmers[0]), order.pk, Act.CANCEL, now=shop.now)
    waits.refresh_from_db()
    assert (waits.state, waits.start) == (State.QUOTED, shop.spot().start)
    assert waits.held_until == shop.now + timedelta(minutes=120)
    assert Notice.objects.filter(person=shop.farmers[2], about=waits.about).exists()
    services.book(shop.scope(shop.farmers[2]), waits.pk, now=shop.now)
    with pytest.raises(BadUsage, match="can wait"):
        services.wait(shop.scope(shop.farmers[2]), waits.pk)


@pytest.mark.parametrize(("hours", "share"), [(49, 0.0), (13, 0.1), (3, 0.3)])
def test_calling_off_costs_by_the_notice_given(shop: Shop, hours: int, share: float) -> None:
    order = booked(shop)
    services.act(shop.scope(shop.farmers[0]), order.pk, Act.CANCEL, now=shop.spot().start - timedelta(hours=hours))
    farmer = account_of(shop.org.pk, AccountKind.FARMER, shop.farmers[0].pk)
    assert balance(farmer.pk) == -round(order.price_fen * share)
    order.job.refresh_from_db()
    assert order.job.status == JobStatus.CANCELLED
    assert not Place.objects.exists()


def test_a_machine_that_did_not_come_is_paid_by_the_cooperative(shop: Shop) -> None:
    order = booked(shop)
    services.act(shop.scope(shop.farmers[0]), order.pk, Act.MISS, now=shop.spot().start + timedelta(hours=1))
    farmer = account_of(shop.org.pk, AccountKind.FARMER, shop.farmers[0].pk)
    assert balance(farmer.pk) == round(order.price_fen / 2)
    order.job.refresh_from_db()
    assert order.job.status == JobStatus.POSTED  # the work is wanted still


def test_a_job_called_off_may_be_ordered_again_only_when_posted_again(shop: Shop) -> None:
    order = booked(shop)
    services.act(shop.scope(shop.farmers[0]), order.pk, Act.CANCEL, now=shop.now)
    with pytest.raises(BadUsage, match="post it again"):
        services.open_order(shop.scope(shop.farmers[0]), order.job_id)


def test_an_area_outside_the_tolerance_waits_for_both_sides(shop: Shop) -> None:
    order = worked(shop, worked_ha=1.05)
    farmer, coop = shop.scope(shop.farmers[0]), shop.scope(shop.dispatcher)
    services.tick(shop.now + timedelta(days=9))
    with pytest.raises(BadUsage, match="both sides"):
        services.act(farmer, order.pk, Act.CONFIRM)
    services.act(coop, order.pk, Act.AGREE, says=Says(area_ha=1.02))
    order = services.act(farmer, order.pk, Act.AGREE, says=Says(area_ha=1.02))
    assert (order.state, order.agreed_ha) == (State.CONFIRMED, 1.02)


def test_a_dispute_is_decided_by_the_district_only(shop: Shop) -> None:
    order = worked(shop, sure=False)
    services.act(shop.scope(shop.farmers[0]), order.pk, Act.DISPUTE, note="田埂外不算")
    officer = make_person(shop.org.parent, RoleKind.OFFICER, name="农办")
    stranger = make_person(make_coop("other").parent, RoleKind.OFFICER, name="外区")
    with pytest.raises(Forbidden):
        services.act(shop.scope(shop.dispatcher), order.pk, Act.DECIDE)
    with pytest.raises(NotFound):
        services.act(shop.scope(stranger), order.pk, Act.DECIDE)
    order = services.act(shop.scope(officer), order.pk, Act.DECIDE, says=Says(area_ha=0.95))
    assert (order.state, order.agreed_ha) == (State.CONFIRMED, 0.95)


def test_another_organisations_order_is_not_there(shop: Shop) -> None:
    order = booked(shop)
    other = make_person(make_coop("other"), RoleKind.DISPATCHER)
    for scope in (shop.scope(other), shop.scope(shop.farmers[1])):
        with pytest.raises(NotFound):
            services.act(scope, order.pk, Act.CANCEL)
        assert not OrderRow.objects.seen_by(scope).exists()


def test_an_old_version_overwrites_nothing(shop: Shop) -> None:
    order = booked(shop)
    with pytest.raises(Outdated):
        services.act(shop.scope(shop.farmers[0]), order.pk, Act.CANCEL, order.version - 1)


def test_nobody_speaks_as_the_clock(shop: Shop) -> None:
    order = worked(shop)
    with pytest.raises(Forbidden):
        services.act(
            shop.scope(shop.dispatcher), order.pk, Act.CONFIRM, side=Who.CLOCK, now=shop.now + timedelta(days=9)
        )


def test_a_price_shown_rises_only_with_the_farmers_word(shop: Shop) -> None:
    farmer = shop.scope(shop.farmers[0])
    order = services.open_order(farmer, shop.job().pk)
    shown = services.quote(farmer, order.pk, [shop.spot()], now=shop.now).price_fen
    lodged = frozenset({"lodged"})
    again = services.quote(farmer, order.pk, [shop.spot()], conditions=lodged, now=shop.now)
    assert again.price_fen == shown
    agreed = services.quote(farmer, order.pk, [shop.spot()], conditions=lodged, yes_to_more=True, now=shop.now)
    assert agreed.price_fen == round(shown * 1.3)


def test_the_cooperatives_own_price_and_the_districts_cap_are_in_force(shop: Shop) -> None:
    terms = {"operation": "rice_harvest", "since": shop.now.date(), "minimum_fen": 0}
    PriceRow.objects.create(
        org=shop.org, per_ha_fen=200_000, small_ha=0.0, small_share=0.0, near_km=99.0, km_fen=0, **terms
    )
    assert booked(shop, 0).price_fen == 200_000
    CapRow.objects.create(org=shop.org.parent, per_ha_fen=180_000, **terms)
    order = booked(shop, 1)
    assert (order.price_fen, order.price[-1]) == (180_000, ["cap", -20_000])


def test_an_order_is_settled_once_even_when_asked_twice(shop: Shop) -> None:
    order = worked(shop)
    services.act(shop.scope(shop.farmers[0]), order.pk, Act.CONFIRM)
    services.act(shop.scope(shop.dispatcher), order.pk, Act.SETTLE)
    with pytest.raises(BadUsage):
        services.act(EVERYTHING, order.pk, Act.SETTLE)
    assert Posting.objects.filter(about=order.about).count() == 1


def test_hours_that_a_plan_gave_away_are_not_booked(shop: Shop) -> None:
    """Found by the state machine: the quote stood, its place was another's, and the booking had no hours at all."""
    farmer = shop.scope(shop.farmers[0])
    order = services.open_order(farmer, shop.job().pk)
    services.quote(farmer, order.pk, [shop.spot()], now=shop.now)
    Place.objects.filter(order=order).delete()  # as following.follow_published does for who only held them
    with pytest.raises(services.Gone):
        services.book(farmer, order.pk, now=shop.now)
    order.refresh_from_db()
    assert order.state == State.QUOTED
