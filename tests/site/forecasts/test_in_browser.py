"""The season ahead in a browser, on a desk and a phone: the slider moves map and words; nothing serious is wrong."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.forecasts import drawn
from tests.site.world import make_coop, make_person

from nongshi.site.base.rights import RoleKind
from nongshi.site.forecasts import services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = "document.getElementById('ahead-said').textContent"


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_the_slider_moves_the_week_and_the_page_is_sound(
    browser: Any, live_server: Any, size: str, language: str
) -> None:
    district = make_coop().parent
    officer = make_person(district, RoleKind.OFFICER, login="officer")
    services.keep_everywhere(district, drawn.text(date.today() + timedelta(days=10)))
    with opened(browser, live_server, user=officer.user, size=size, language=language) as page:
        page.goto(f"{live_server.url}/ahead/")
        wait_until(page, "document.querySelector('#ahead-heat canvas') && document.querySelector('#ahead-fan canvas')")
        wait_until(page, "document.getElementById('jobs-created') !== null")
        assert "廊下 2 (0–4)" in page.evaluate(SAID)
        page.locator("#ahead-week").press("ArrowRight")
        wait_until(page, f"{SAID} === ''")
        page.locator("#ahead-week").press("ArrowLeft")
        wait_until(page, f"{SAID}.includes('廊下 2')")
        with page.expect_navigation():
            page.locator("#ahead-show").select_option("demand:rice_harvest")
        wait_until(page, f"{SAID}.includes('廊下')")
        assert overflow(page) == 0
        if size == "phone":
            assert small_targets(page) == []
        assert axe.serious(page) == []
