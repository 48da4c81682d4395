"""An order from quote to settled through pages: farmer, dispatcher and cab, one table of moves behind all of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.orders.shop import Shop
from tests.site.texts import leftovers
from tests.site.world import make_person

from nongshi.market.orders import Act, State
from nongshi.site.base.models import Person, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.money.models import Payment, TermsRow
from nongshi.site.money.services import check_books
from nongshi.site.orders import following, services
from nongshi.site.orders.demo import make_track
from nongshi.site.orders.measuring import measure_by_track
from nongshi.site.orders.models import OrderMove, OrderRow, OrderTrack, Place
from nongshi.site.plans.models import Notice, OrderState, PlanRow, PlanState, Season, WorkOrder
from nongshi.site.plans.reports import report_work


def signed_in(person: Person) -> Client:
    if person.user is None:
        person.user = User.objects.create(username=f"u{person.pk}")
        person.save()
    client = Client()
    client.force_login(person.user)
    return client


@pytest.fixture
def plan(shop: Shop) -> PlanRow:
    """A plan in force without any work in it."""
    season = Season.objects.create(
        org=shop.org, name="秋收", start_date=timezone.localdate(), horizon_days=9, head={"work_rates": []}
    )
    row = PlanRow(org=shop.org, season=season, number=1, state=PlanState.PUBLISHED)
    row.text = "{}"
    row.save()
    return row


def work_for(shop: Shop, plan: PlanRow, job: FieldJob, number: int = 0, machine: int = 0) -> WorkOrder:
    """The plan gives a job the number-th hours of a machine."""
    spot = shop.spot(number, machine)
    return WorkOrder.objects.create(
        org=shop.org, plan=plan, job=job, machine=shop.machines[machine], operator=shop.operators[machine],
        area_ha=job.area_ha, start=spot.start, end=spot.end,
    )  # fmt: skip


def drawn(job: FieldJob) -> FieldJob:
    """The job's field as a strip of one hectare: 200 by 50 m."""
    from shapely import box

    lon, lat = 121.2, 30.8
    job.field.set_geometry(box(lon, lat, lon + 200 / 95_700, lat + 50 / 111_000)).save()
    return job


def test_an_order_goes_from_quote_to_settled_through_pages(
    shop: Shop, plan: PlanRow, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    job, farmer = drawn(shop.job()), signed_in(shop.farmers[0])
    coop = signed_in(shop.dispatcher)
    work = work_for(shop, plan, job)
    page = f"/farmer/job/{job.pk}/"
    assert farmer.post(f"{page}price", {"conditions": ["lodged"]}).status_code == 302
    order = OrderRow.objects.get()
    assert (order.state, order.start, order.conditions) == (State.QUOTED, work.start, ["lodged"])
    shown = farmer.get(page).content.decode()
    assert "1,950.00" in shown or "1950.00" in shown  # 1 ha at 1,500 yuan, 30 % for lodged crop
    assert farmer.post(f"{page}book", {"version": order.version}).status_code == 302
    order.refresh_from_db()
    assert order.state == State.DISPATCHED  # the plan in force has it at these hours already
    driver = shop.scope(shop.driver)
    now = timezone.now()
    for kind in ("start", "done"):
        report_work(driver, work.pk, key=f"{kind}-0123456789", kind=kind, at=now)
    order.refresh_from_db()
    assert order.state == State.IN_WORK
    with_track = measure_by_track(EVERYTHING, order.pk, make_track(job, now, seed=1), width_m=2.0, generated=True)
    assert with_track.state == State.MEASURED
    assert with_track.measured["width_m"] == 2.0
    assert with_track.by_itself, with_track.measured
    assert OrderTrack.objects.get(order=order).fixes[0][0] == 0
    job.refresh_from_db()
    assert job.picture
    assert job.status == JobStatus.DONE
    answer = farmer.post(f"{page}confirm", {"version": job.version, "stars": "4"})
    assert answer.status_code == 302
    job.refresh_from_db()
    assert (job.status, job.stars) == (JobStatus.CONFIRMED, 4)
    order.refresh_from_db()
    one = f"/orders/{order.pk}/"
    assert coop.post(f"{one}fuel", {"fuel": "50", "version": order.version}).status_code == 302
    order.refresh_from_db()
    assert coop.post(f"{one}act", {"what": "settle", "version": order.version}).status_code == 302
    order.refresh_from_db()
    assert order.state == State.SETTLED
    assert dict(order.settlement.parties)["coop"] > dict(order.settlement.price)["area"] * 0.1
    assert sum(fen for _, fen in order.settlement.parties) == 0
    acts = list(OrderMove.objects.values_list("act", "side"))
    assert acts == [
        ("quote", "farmer"), ("book", "farmer"), ("dispatch", "coop"), ("start", "operator"), ("measure", "clock"),
        ("confirm", "farmer"), ("settle", "coop"),
    ]  # fmt: skip
    assert check_books() == []
    for client in (farmer, coop):
        for path in (one, f"{one}sheet"):
            assert leftovers(client, path, allowed=frozenset({"CSV", "GPX"})) == []
    assert farmer.get(f"{one}track.json").json()["fixes"]
    assert leftovers(farmer, page) == []
    assert leftovers(coop, "/orders/?group=done&q=N") == []


def test_a_place_that_is_gone_is_said_and_the_job_may_wait(shop: Shop, plan: PlanRow) -> None:
    job, farmer = shop.job(), signed_in(shop.farmers[0])
    work_for(shop, plan, job)
    other = services.open_order(EVERYTHING, shop.job(shop.farmers[1]).pk)
    services.quote(EVERYTHING, other.pk, [shop.spot()])
    page = f"/farmer/job/{job.pk}/"
    told = farmer.post(f"{page}price", follow=True).content.decode()
    assert "没有空机位" in told
    order = OrderRow.objects.get(job=job)
    assert order.state == State.DRAFT
    assert farmer.post(f"{page}wait").status_code == 302
    services.act(EVERYTHING, other.pk, Act.CANCEL)
    order.refresh_from_db()
    assert order.state == State.QUOTED  # the freed place was offered to who waits
    assert farmer.post(f"{page}book", {"version": order.version}).status_code == 302
    order.refresh_from_db()
    assert order.state == State.DISPATCHED


def test_publishing_sends_booked_orders_out_at_the_plans_hours(shop: Shop, plan: PlanRow) -> None:
    orders = [services.open_order(EVERYTHING, shop.job(one).pk) for one in shop.farmers[:2]]
    for number, order in enumerate(orders):
        services.quote(EVERYTHING, order.pk, [shop.spot(number)])
        services.book(EVERYTHING, order.pk)
    swapped = [work_for(shop, plan, order.job, 1 - number) for number, order in enumerate(orders)]
    told = following.follow_published(EVERYTHING, [], swapped)
    assert told == {order.job_id for order in orders}
    for order, work in zip(orders, swapped, strict=True):
        order.refresh_from_db()
        assert (order.state, order.start, order.end) == (State.DISPATCHED, work.start, work.end)
        assert [place.start for place in order.places.all()] == [work.start]
    again = following.follow_published(EVERYTHING, swapped, [])
    assert again == set()
    orders[0].refresh_from_db()
    assert orders[0].state == State.BOOKED  # left out: called back, its hours are its own while they are free


def test_who_loses_hours_to_a_new_plan_is_told(shop: Shop, plan: PlanRow) -> None:
    order = services.open_order(EVERYTHING, shop.job().pk)
    services.quote(EVERYTHING, order.pk, [shop.spot()])
    services.book(EVERYTHING, order.pk)
    other = work_for(shop, plan, shop.job(shop.farmers[1]))
    following.follow_published(EVERYTHING, [], [other])
    assert not Place.objects.filter(order=order).exists()
    assert Notice.objects.filter(person=shop.farmers[0], text__contains="已排给他人").exists()
    assert Notice.objects.filter(person=shop.dispatcher, text__contains="已排给他人").exists()
    assert "notice bad" in signed_in(shop.dispatcher).get(f"/orders/{order.pk}/").content.decode()


def test_a_dispute_by_the_farmer_is_decided_on_the_orders_page(shop: Shop, plan: PlanRow) -> None:
    order = services.open_order(EVERYTHING, shop.job().pk)
    services.quote(EVERYTHING, order.pk, [shop.spot()])
    services.book(EVERYTHING, order.pk)
    coop, farmer = signed_in(shop.dispatcher), signed_in(shop.farmers[0])
    one = f"/orders/{order.pk}/"
    for what in ("dispatch", "start"):
        order.refresh_from_db()
        assert coop.post(f"{one}act", {"what": what, "version": order.version}).status_code == 302
    assert coop.post(f"{one}measure", {"area": "0"}).status_code == 422
    assert coop.post(f"{one}measure", {"area": "15"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.by_itself, order.measured_ha) == (State.MEASURED, False, 1.0)
    job = order.job
    job.refresh_from_db()
    said = {"version": job.version, "why": "area", "words": "沟不算"}
    assert farmer.post(f"/farmer/job/{job.pk}/dispute", said).status_code == 302
    order.refresh_from_db()
    assert order.state == State.DISPUTED
    job.refresh_from_db()
    assert "沟不算" in job.dispute
    officer = signed_in(make_person(shop.org.parent, RoleKind.OFFICER, name="农办"))
    assert leftovers(officer, one) == []
    officer.cookies["django_language"] = "zh-hans"  # areas are said in mu
    assert farmer.post(f"{one}act", {"what": "decide", "area": "14"}).status_code == 403
    assert officer.post(f"{one}act", {"what": "decide", "area": "14", "version": order.version}).status_code == 302
    order.refresh_from_db()
    assert (order.state, round(order.agreed_ha, 4)) == (State.CONFIRMED, round(14 / 15, 4))


def test_the_cooperative_writes_down_a_farmers_word_but_never_a_yes(shop: Shop) -> None:
    order = services.open_order(EVERYTHING, shop.job().pk)
    services.quote(EVERYTHING, order.pk, [shop.spot()])
    coop = signed_in(shop.dispatcher)
    said = {"what": "agree", "said_by": "农户", "area": "1"}
    assert coop.post(f"/orders/{order.pk}/act", said).status_code == 403
    assert coop.post(f"/orders/{order.pk}/act", said | {"what": "cancel"}).status_code == 302
    last = OrderMove.objects.filter(order=order).last()
    assert (last.act, last.side, last.by_id) == ("cancel", "farmer", shop.dispatcher.pk)


def test_a_deposit_is_asked_for_at_booking_and_counts_for_the_bill(shop: Shop) -> None:
    TermsRow.objects.create(
        org=shop.org, since=timezone.localdate(), coop_share=0.1, wage="hectare", wage_fen=1, deposit_share=0.2,
        notice=[[48, 0], [0, 0.3]], no_show_share=0.5,
    )  # fmt: skip
    order = services.open_order(EVERYTHING, shop.job().pk)
    services.quote(EVERYTHING, order.pk, [shop.spot()])
    order = services.book(EVERYTHING, order.pk)
    asked = Payment.objects.get(about=order.about)
    assert asked.amount_fen == round(order.price_fen * 0.2)


def test_the_worker_lets_time_do_its_part(shop: Shop) -> None:
    import threading

    from nongshi.site.orders import clock
    from nongshi.site.work.services import BESIDE

    assert clock.run_clock in BESIDE
    order = services.open_order(EVERYTHING, shop.job().pk)
    services.quote(EVERYTHING, order.pk, [shop.spot()], now=timezone.now() - timedelta(hours=1))
    stop = threading.Event()
    stop.set()
    closed: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock.connections, "close_all", lambda: closed.append(1))
        clock.run_clock(stop)  # one look, then it returns
    order.refresh_from_db()
    assert (order.state, closed) == (State.DRAFT, [1])


def test_one_order_that_cannot_be_settled_does_not_hold_up_the_others(shop: Shop) -> None:
    orders = []
    for number, farmer in enumerate(shop.farmers[:2]):
        order = services.open_order(EVERYTHING, shop.job(farmer).pk)
        services.quote(EVERYTHING, order.pk, [shop.spot(number)])
        services.book(EVERYTHING, order.pk)
        OrderRow.objects.filter(pk=order.pk).update(state=State.CONFIRMED, agreed_ha=1.0, measured_ha=1.0)
        orders.append(order)
    FieldJob.objects.filter(pk=orders[0].job_id).update(grower=None)  # nobody would pay
    assert services.tick()["settle"] == 1
    assert OrderRow.objects.get(pk=orders[1].pk).state == State.SETTLED
    assert WorkOrder.objects.filter(state=OrderState.ISSUED).count() == 0
