"""The frame of pages in a browser: layout, thumbs, readers of screens, no other host, and what base.js promises."""

import json
from typing import Any

import pytest
from django.urls import reverse
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.world import make_coop, make_person

from nongshi.site.base.rights import RoleKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("/", "/link", "/accounts/login/", "/nowhere", "/access", "/accounts/password/change/", "/accounts/2fa/")
MISSING = ("404",)
ADD_BUTTON = """() => {
  const button = document.createElement("button");
  button.id = "b";
  button.setAttribute("hx-post", "/access/token/77/revoke");
  document.querySelector("main").append(button);
  htmx.process(button);
}"""


@pytest.fixture
def user(transactional_db: None) -> Any:
    return make_person(make_coop(), RoleKind.TRAINER, login="zhang").user


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_pages_fit_and_can_be_used_by_everybody(
    browser: Any, live_server: Any, user: Any, size: str, language: str
) -> None:
    for path in PAGES:
        signed_in = None if path in ("/link", "/accounts/login/") else user
        with opened(browser, live_server, user=signed_in, size=size, language=language, expected=MISSING) as page:
            page.goto(live_server.url + path)
            assert overflow(page) == 0, path
            assert axe.serious(page) == [], path
            assert page.locator("h1").count() == 1, path
            if size == "phone":
                assert small_targets(page) == [], path


def test_pages_fit_the_phone_in_chinese_too(browser: Any, live_server: Any, user: Any) -> None:
    with opened(browser, live_server, user=user, size="phone", expected=MISSING) as page:
        for path in PAGES:
            page.goto(live_server.url + path)
            assert overflow(page) == 0, path


def test_axe_finds_what_keeps_people_out(browser: Any, live_server: Any, user: Any) -> None:
    with opened(browser, live_server) as page:
        page.goto(live_server.url)
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><button></button>')")
        assert len(axe.serious(page)) == 2


def test_a_page_that_is_too_wide_is_noticed(browser: Any, live_server: Any) -> None:
    with opened(browser, live_server, size="phone") as page:
        page.goto(live_server.url)
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<div id=w>x</div>')")
        page.evaluate("document.getElementById('w').style.width = '500px'")
        assert overflow(page) > 0


def test_another_host_that_is_asked_is_noticed(browser: Any, live_server: Any) -> None:
    def ask() -> None:
        with opened(browser, live_server, expected=("Content Security", "ERR_")) as page:
            page.goto(live_server.url)
            page.evaluate("location.href = 'http://elsewhere.invalid/'")
            page.wait_for_timeout(300)

    with pytest.raises(AssertionError, match="another host"):
        ask()


def test_the_policy_stops_a_script_that_was_smuggled_in(browser: Any, live_server: Any) -> None:
    with opened(browser, live_server, expected=("Content Security",)) as page:
        page.goto(live_server.url)
        page.evaluate(
            "const s = document.createElement('script'); s.textContent = 'window.bad = 1'; document.body.append(s)"
        )
        assert page.evaluate("window.bad === undefined")


def test_signing_in_and_out_by_hand(browser: Any, live_server: Any, user: Any) -> None:
    user.set_password("harvest-in-time")
    user.save()
    with opened(browser, live_server, size="phone") as page:
        page.goto(f"{live_server.url}{reverse('account_login')}")
        page.fill("[name=login]", "zhang")
        page.fill("[name=password]", "harvest-in-time")
        page.click("form .primary")
        page.click("details.menu > summary")
        page.click("text=退出")
        assert page.locator("a:has-text('登录')").count() > 0


def test_the_language_is_switched_on_the_spot(browser: Any, live_server: Any, user: Any) -> None:
    with opened(browser, live_server, user=user) as page:
        page.goto(f"{live_server.url}/access")
        page.click("button:has-text('English')")
        assert page.locator("h1").inner_text() == "Sessions, links and keys"
        assert page.url.endswith("/access")


def test_a_question_is_asked_before_something_is_taken_back(browser: Any, live_server: Any, user: Any) -> None:
    from nongshi.site.base.models import ApiToken
    from nongshi.site.base.services import make_token

    make_token(user.person, "sheet", ["read"])
    with opened(browser, live_server, user=user) as page:
        page.goto(f"{live_server.url}/access")
        page.click("section:has(#h-keys) button:has-text('收回')")
        page.click("dialog button:has-text('取消')")
        assert ApiToken.objects.filter(revoked=None).exists()
        page.click("section:has(#h-keys) button:has-text('收回')")
        assert axe.serious(page) == []
        page.click("dialog button.danger")
        page.wait_for_selector("text=没有密钥")
        assert not ApiToken.objects.filter(revoked=None).exists()


def test_a_toast_shows_and_goes_when_it_is_closed(browser: Any, live_server: Any) -> None:
    with opened(browser, live_server, size="phone") as page:
        page.goto(live_server.url)
        page.evaluate("nongshi.toast('一切都好', 'bad')")
        assert page.locator(".toast").inner_text().startswith("一切都好")
        assert axe.serious(page) == []
        page.click(".toast button")
        assert page.locator(".toast").count() == 0


def test_htmx_sends_the_token_and_says_what_failed(browser: Any, live_server: Any, user: Any) -> None:
    with opened(browser, live_server, user=user, expected=("404", "htmx", "Response Status")) as page:
        page.goto(f"{live_server.url}/access")
        page.evaluate(ADD_BUTTON)
        with page.expect_request("**/access/token/77/revoke") as sent:
            page.evaluate("document.getElementById('b').click()")
        assert sent.value.headers["x-csrftoken"]
        page.wait_for_selector(".toast.bad")
        assert "不存在" in page.locator(".toast").inner_text()


def test_a_script_asks_with_its_token_and_gets_faults_in_words(browser: Any, live_server: Any, user: Any) -> None:
    with opened(browser, live_server, user=user, expected=("404",)) as page:
        page.goto(f"{live_server.url}/access")
        status = page.evaluate("nongshi.fetchJson('/access/token/77/revoke', {method: 'POST'}).catch(f => f.status)")
        assert status == 404


def test_without_a_connection_the_page_says_so(browser: Any, live_server: Any) -> None:
    with opened(browser, live_server, size="phone") as page:
        page.goto(live_server.url)
        assert not page.locator(".offline-note").is_visible()
        page.context.set_offline(True)
        page.wait_for_selector(".offline-note", state="visible")


def test_a_stream_that_breaks_is_taken_up_where_it_was(browser: Any, live_server: Any) -> None:
    with opened(browser, live_server, expected=("ERR_", "Failed to load")) as page:
        asked: list[str] = []

        def answer(route: Any) -> None:
            asked.append(route.request.url)
            said = json.dumps({"n": len(asked)})
            body = f"id: {len(asked)}\nevent: moved\ndata: {said}\n\n"
            route.fulfill(status=200, content_type="text/event-stream", body=body)

        page.route("**/stream*", answer)
        page.goto(live_server.url)
        page.evaluate("window.heard = []; window.line = nongshi.stream('/stream', {moved: (d) => heard.push(d.n)})")
        wait_until(page, "heard.length >= 2")
        page.evaluate("line.close()")
        assert page.evaluate("heard.slice(0, 2)") == [1, 2]
        assert asked[1].endswith("?last=1")
