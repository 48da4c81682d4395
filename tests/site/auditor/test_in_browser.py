"""The auditor's way in a browser: from the log to a job, to its plan and machine; a sample is drawn."""

from typing import Any

import pytest
from tests.site import axe
from tests.site.auditor.conftest import fill
from tests.site.browsing import opened, overflow, small_targets

from nongshi.site.base.models import User


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("desk", "en"), ("phone", "zh"), ("phone", "en")])
def test_an_auditor_goes_from_an_act_to_its_papers(browser: Any, live_server: Any, size: str, language: str) -> None:
    from nongshi.site.demo import make_demo

    audited = fill(make_demo(fields=20)[0])
    user = User.objects.get(username="auditor")

    def sound(page: Any) -> None:
        assert overflow(page) == 0, page.url
        assert axe.serious(page) == [], page.url
        if size == "phone":
            assert small_targets(page) == [], page.url

    with opened(browser, live_server, user=user, size=size, language=language, expected=("422",)) as page:
        page.goto(f"{live_server.url}/auditor/")
        page.select_option("[name=act]", "JobPosted")
        page.click("main form button")
        assert "act=JobPosted" in page.url
        assert page.locator("table.acts tbody tr").count() == 1
        sound(page)
        page.click(f"a[href='/auditor/job/{audited.job.pk}/']")
        sound(page)
        page.locator(f"a[href='/auditor/machine/{audited.order.machine_id}/']").first.click()
        sound(page)
        page.goto(f"{live_server.url}/auditor/plan/{audited.plan.pk}/")
        sound(page)
        for place in ("jobs/", "plans/", "machines/"):
            page.goto(f"{live_server.url}/auditor/{place}")
            sound(page)
        page.goto(f"{live_server.url}/auditor/sample/?since={audited.order.start:%Y-%m-%d}&until=2099-01-01")
        page.fill("[name=seed]", "11")
        page.click("main form button")
        assert page.locator(f"a[href='/auditor/job/{audited.job.pk}/']").is_visible()
        sound(page)
        page.goto(f"{live_server.url}/auditor/?since=2026-11-02&until=2026-11-01")
        assert page.input_value("[name=since]") == "2026-11-02"
        sound(page)
