"""Orders and money in a browser: booked by taps on a phone, replayed and settled at the desk; both fit."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.orders.shop import make_shop
from tests.site.orders.test_pages import drawn, signed_in, work_for

from nongshi.market.orders import Act, State, Who
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.money import guards
from nongshi.site.money.models import Account
from nongshi.site.orders import services
from nongshi.site.orders.demo import make_track
from nongshi.site.orders.measuring import measure_by_track
from nongshi.site.orders.models import OrderRow
from nongshi.site.plans.models import PlanRow, PlanState, Season


@pytest.fixture
def books(transactional_db: None) -> Iterator[None]:
    """Nothing is ever deleted from the books, so the test's own entries go while their guards are down."""
    yield
    with connection.cursor() as cursor:
        for statement in guards.lift_sql(connection.vendor):
            cursor.execute(statement)
        cursor.execute("DELETE FROM money_entry")
        cursor.execute("DELETE FROM money_posting")
        for statement in guards.guards_sql(connection.vendor):
            cursor.execute(statement)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_order_is_booked_on_a_phone_and_settled_at_the_desk(
    browser: Any, live_server: Any, books: None, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    shop = make_shop()
    for person in (shop.farmers[0], shop.dispatcher):
        signed_in(person)
    season = Season.objects.create(
        org=shop.org, name="秋收", start_date=timezone.localdate(), horizon_days=9, head={"work_rates": []}
    )
    plan = PlanRow(org=shop.org, season=season, number=1, state=PlanState.PUBLISHED)
    plan.text = "{}"
    plan.save()
    job = drawn(shop.job())
    work_for(shop, plan, job)
    with opened(browser, live_server, user=shop.farmers[0].user, size="phone") as page:
        page.goto(f"{live_server.url}/farmer/job/{job.pk}/")
        page.get_by_text("看价格和时间").first.click()
        page.get_by_role("button", name="预订，").click()
        page.get_by_text("已预订，价格不变").wait_for()
        assert (overflow(page), small_targets(page), axe.serious(page)) == (0, [], [])
    order = OrderRow.objects.get()
    assert order.state == State.DISPATCHED
    services.act(EVERYTHING, order.pk, Act.START, side=Who.OPERATOR)
    measure_by_track(EVERYTHING, order.pk, make_track(job, timezone.now(), seed=1), width_m=2.0, generated=True)
    services.act(EVERYTHING, order.pk, Act.CONFIRM, side=Who.FARMER)
    with opened(browser, live_server, user=shop.dispatcher.user) as page:
        page.goto(f"{live_server.url}/orders/{order.pk}/")
        wait_until(page, "document.getElementById('clock').textContent !== ''")
        last = page.locator("#clock").text_content()
        page.locator("#moment").fill("100")
        assert page.locator("#clock").text_content() != last
        assert axe.serious(page) == []
        page.get_by_role("button", name="立即结算").click()
        page.get_by_text("各方收付").first.wait_for()
    order.refresh_from_db()
    assert order.state == State.SETTLED
    account = Account.objects.get(person=shop.farmers[0])
    names = ("prices", "terms", "payments", "nettings")
    places = ["/orders/", f"/orders/{order.pk}/", f"/orders/{order.pk}/sheet", "/money/"]
    places += [f"/money/account/{account.pk}/", *(f"/money/{name}/" for name in names)]
    with opened(browser, live_server, user=shop.dispatcher.user, size="phone", language="en") as page:
        for path in places:
            page.goto(live_server.url + path)
            assert (overflow(page), small_targets(page), axe.serious(page)) == (0, [], []), path
