"""Pages of calendars, webhooks and messages: who reaches them, both languages, what was typed, no broken layout."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.feeds.land import make_field, make_job, make_machine, make_operator, make_order, make_plan, signed_in
from tests.site.serving import served
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.site.base.context import find_url
from nongshi.site.base.desks import desks_for
from nongshi.site.base.models import Event, Person, SignedLink, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import log, make_link, scope_of
from nongshi.site.feeds import calendars, deliveries, posting, webhooks
from nongshi.site.feeds.live_views import look_again
from nongshi.site.feeds.models import CalendarFeed, Webhook
from nongshi.site.plans.models import Notice

URL = "https://erp.example.org/hooks/nongshi"
LISTEN = """() => {
  window.heard = []; window.last = 0;
  window.listen = (url) => { window.line = nongshi.stream(url, {
    ready: () => window.heard.push("ready"),
    event: (one) => { window.last = one.id; window.heard.push(`${one.name} ${one.about}`); },
  }); };
  window.listen("/feeds/live");
}"""
LISTEN_AGAIN = "window.listen(`/feeds/live?last=${window.last}`)"


class Desk:
    """A dispatcher with a webhook that was told something, and a farmer with messages."""

    def __init__(self) -> None:
        self.coop = make_coop()
        self.dispatcher = make_person(self.coop, RoleKind.DISPATCHER, name="李四", login="li")
        self.farmer = make_person(self.coop, RoleKind.FARMER, name="张三", login="zhang")
        self.machine, self.operator = make_machine(self.coop), make_operator(self.coop)
        self.job = make_job(make_field(self.coop, grower=self.farmer))
        make_order(make_plan(self.coop), self.job, self.machine, self.operator)
        scope = scope_of(self.dispatcher)
        self.hook, _ = webhooks.make_webhook(scope, self.coop.pk, name="ERP", url=URL, kinds=["job", "plan"])
        for number, answer in enumerate((posting.Answer(200), posting.Answer(500, "busy"), posting.Answer(error="no"))):
            log("JobPosted", f"job:{number}", scope=EVERYTHING, org_id=self.coop.pk)
            delivery = deliveries.claim(self.hook.pk)
            assert delivery is not None
            deliveries.keep_answer(delivery, answer)
        for text in ("改到周四", "明天到田"):
            Notice.objects.create(
                org=self.coop, person=self.farmer, about="job:1", text=text, text_en="now Thursday, 9:00"
            )

    @property
    def pages(self) -> list[tuple[Person, str]]:
        staff = ["/feeds/", "/feeds/webhooks/new", f"/feeds/webhooks/{self.hook.pk}/", "/feeds/ogc/page", "/access"]
        return [
            *((self.dispatcher, path) for path in staff),
            (self.farmer, "/feeds/"),
            (self.farmer, "/feeds/notices/"),
        ]


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def test_every_page_speaks_both_languages(desk: Desk) -> None:
    for person, path in desk.pages:
        assert leftovers(signed_in(person), path) == [], path


def test_empty_pages_speak_both_languages_too(db: None) -> None:
    coop = make_coop()
    for kind in RoleKind:
        client = signed_in(make_person(coop, kind, login=kind))
        for path in ("/feeds/", "/feeds/notices/"):
            assert leftovers(client, path) == [], (kind, path)


def test_strangers_are_refused(desk: Desk) -> None:
    hook = f"/feeds/webhooks/{desk.hook.pk}/"
    for path in ("/feeds/", "/feeds/notices/", "/feeds/webhooks/new", hook):
        assert Client().get(path).status_code == 403, path
    assert signed_in(desk.farmer).get("/feeds/webhooks/new").status_code == 403
    other = signed_in(make_person(make_coop("elsewhere"), RoleKind.DISPATCHER, login="d2"))
    assert other.get(hook).status_code == 404
    for name in ("test", "revoke", "active"):
        assert other.post(f"{hook}{name}").status_code == 404
    assert other.post(f"/feeds/deliveries/{desk.hook.deliveries.first().pk}/again").status_code == 404
    desk.hook.refresh_from_db()
    assert desk.hook.active


def test_a_farmer_makes_a_calendar_opens_it_and_takes_it_back(desk: Desk) -> None:
    client = signed_in(desk.farmer)
    page = client.post("/feeds/", {"what": "farmer", "days": 200}).content.decode()
    (address,) = set(re.findall(r"http://[^\s\"<]+\.ics", page))
    assert address.partition("//")[2].partition("/")[2] in page.replace("webcal:", "")
    calendar = Client().get(address[address.index("/feeds/") :])
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in calendar.content
    assert address not in client.get("/feeds/").content.decode()  # shown once
    feed = CalendarFeed.objects.get()
    assert client.post(f"/feeds/calendars/{feed.pk}/revoke", follow=True).status_code == 200
    assert Client().get(address[address.index("/feeds/") :]).status_code == 404


def test_who_came_by_a_link_without_a_password_has_calendars_and_messages(desk: Desk) -> None:
    client, secret = Client(), make_link(desk.farmer, "farmer")
    client.get(f"/l/{secret}")
    assert client.get("/feeds/notices/").context["unread"] == 2
    assert client.post("/feeds/", {"what": "farmer", "days": 200}).context["made"] is not None
    request = RequestFactory().get("/feeds/live")
    request.session, request.user = client.session, AnonymousUser()
    assert look_again(request) == scope_of(desk.farmer)
    SignedLink.objects.update(revoked=timezone.now())
    assert look_again(request) is None
    assert client.get("/feeds/").status_code == 403


def test_a_dispatcher_finds_the_calendars_of_others_apart_from_the_own(desk: Desk) -> None:
    client = signed_in(desk.dispatcher)
    client.post("/feeds/", {"what": f"machine:{desk.machine.pk}", "days": 30})
    signed_in(desk.farmer).post("/feeds/", {"what": "farmer", "days": 30})
    shown = client.get("/feeds/").context
    assert [one.kind for one in shown["mine"]] == ["machine"]
    assert [one.kind for one in shown["others"]] == ["farmer"]
    assert leftovers(client, "/feeds/") == []
    assert list(signed_in(desk.farmer).get("/feeds/").context["others"]) == []


def test_what_cannot_be_made_is_answered_in_the_form(desk: Desk) -> None:
    client = signed_in(desk.farmer)
    answer = client.post("/feeds/", {"what": f"machine:{desk.machine.pk}", "days": 200})
    assert answer.status_code == 422
    assert CalendarFeed.objects.count() == 0


def test_a_wrong_address_keeps_what_was_typed(desk: Desk) -> None:
    said = {"org": desk.coop.pk, "name": "我的系统", "url": "https://10.0.0.1/x", "kinds": ["job"]}
    answer = signed_in(desk.dispatcher).post("/feeds/webhooks/new", said)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="我的系统"' in text
    assert 'value="https://10.0.0.1/x"' in text
    assert Webhook.objects.count() == 1


def test_a_webhook_is_made_its_secret_shown_once_and_taken_back(desk: Desk) -> None:
    client = signed_in(desk.dispatcher)
    said = {"org": desk.coop.pk, "name": "新", "url": URL, "kinds": ["job", "order"]}
    page = client.post("/feeds/webhooks/new", said)
    hook = Webhook.objects.get(name="新")
    assert hook.secret in page.content.decode()
    where = f"/feeds/webhooks/{hook.pk}/"
    assert hook.secret not in client.get(where).content.decode()
    client.post(f"{where}test")
    client.post(f"{where}active", {"active": "0"})
    hook.refresh_from_db()
    assert (hook.deliveries.count(), hook.active) == (1, False)
    client.post(f"{where}revoke")
    assert client.get(where).status_code == 404
    names = list(Event.objects.filter(about=f"webhook:{hook.pk}").order_by("pk").values_list("name", flat=True))
    assert names == ["WebhookMade", "WebhookPaused", "WebhookRevoked"]


def test_another_organisations_webhook_cannot_be_posted_for(desk: Desk) -> None:
    other = make_coop("elsewhere")
    said = {"org": other.pk, "name": "x", "url": URL, "kinds": ["job"]}
    assert signed_in(desk.dispatcher).post("/feeds/webhooks/new", said).status_code == 422
    assert Webhook.objects.filter(org=other).count() == 0


def test_the_list_tells_what_was_given_up_and_maps_are_for_those_who_see_some(desk: Desk) -> None:
    desk.hook.deliveries.filter(status=500).update(state="dead")
    shown = signed_in(desk.dispatcher).get("/feeds/").context
    assert [(one.dead, one.active) for one in shown["webhooks"]] == [(1, True)]
    auditor = make_person(desk.coop, RoleKind.AUDITOR, login="auditor")
    pages = [signed_in(one).get("/feeds/").context for one in (desk.dispatcher, auditor, desk.farmer)]
    assert [page["maps"] for page in pages] == [True, True, False]
    assert [page["looks_after"] for page in pages] == [True, False, False]


def test_deliveries_are_listed_by_state(desk: Desk) -> None:
    client, where = signed_in(desk.dispatcher), f"/feeds/webhooks/{desk.hook.pk}/"
    assert len(client.get(where).context["page"]) == 3
    assert [one.status for one in client.get(f"{where}?state=sent").context["page"]] == [200]
    assert len(client.get(f"{where}?state=nonsense&page=99").context["page"]) == 3


def test_messages_are_marked_as_read_one_by_one_and_all(desk: Desk) -> None:
    client = signed_in(desk.farmer)
    assert client.get("/feeds/notices/count").json() == {"unread": 2}
    client.post("/feeds/notices/read", {"pk": Notice.objects.first().pk})
    assert client.get("/feeds/notices/count").json() == {"unread": 1}
    client.post("/feeds/notices/read")
    assert client.get("/feeds/notices/count").json() == {"unread": 0}
    english = signed_in(desk.farmer)
    english.cookies["django_language"] = "en"
    assert "now Thursday" in english.get("/feeds/notices/").content.decode()


def test_the_page_of_ways_in_leads_here(desk: Desk) -> None:
    assert reverse("feeds:home") in signed_in(desk.farmer).get("/access").content.decode()


def test_the_administration_shows_neither_secrets_nor_digests(desk: Desk) -> None:
    feed, _ = calendars.make_calendar(scope_of(desk.farmer), "farmer", days=30)
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    for name, pk in (("webhook", desk.hook.pk), ("calendarfeed", feed.pk), ("delivery", 0), ("sending", 0)):
        assert client.get(f"/admin/feeds/{name}/").status_code == 200
        if pk:
            text = client.get(f"/admin/feeds/{name}/{pk}/change/").content.decode()
            assert str(desk.farmer if name == "calendarfeed" else desk.hook) in text
            assert not any(secret in text for secret in (desk.hook.secret, desk.hook.secret_sealed, feed.digest))


@pytest.fixture
def shown(transactional_db: None) -> Desk:
    return Desk()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("desk", "zh"), ("phone", "zh"), ("phone", "en")])
def test_pages_fit_and_can_be_used_by_everybody(
    browser: Any, live_server: Any, shown: Desk, size: str, language: str
) -> None:
    for person, path in shown.pages:
        with opened(browser, live_server, user=person.user, size=size, language=language) as page:
            page.goto(live_server.url + path)
            assert overflow(page) == 0, path
            assert axe.serious(page) == [], path
            assert page.locator("h1").count() == 1, path
            if size == "phone":
                assert small_targets(page) == [], path


def test_every_desk_has_a_bell_and_the_page_of_nobody_has_none(demo: Any) -> None:
    rung = 0
    for kind in RoleKind:
        person = Person.objects.get(user__username=kind.value)
        Notice.objects.create(org=person.org, person=person, about="job:1", text="改到周四")
        client = signed_in(person)
        for desk in desks_for(scope_of(person)):
            if (url := find_url(desk)) is not None:
                page = client.get(url, follow=True).content.decode()
                assert 'data-bell="1"' in page, url
                rung += 1
    assert rung >= 8
    assert "data-bell" not in Client().get("/").content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_the_bell_counts_messages_as_they_come_and_are_read(
    browser: Any, live_server: Any, shown: Desk, size: str, language: str
) -> None:
    def tell(text: str) -> None:
        Notice.objects.create(org=shown.coop, person=shown.farmer, about="job:1", text=text, text_en=text)

    with opened(browser, live_server, user=shown.farmer.user, size=size, language=language) as page:
        page.goto(f"{live_server.url}/feeds/")
        bell = page.locator("[data-bell]")
        assert bell.locator("b").inner_text() == "2"
        tell("now Friday")
        wait_until(page, "document.querySelector('[data-bell] b').textContent === '3'")
        assert "3" in (bell.get_attribute("aria-label") or "")
        assert "3" in bell.locator("[role=status]").inner_text()
        page.evaluate("nongshi.toast('x', 'bad')")
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []  # bell and the toast's button, too
        bell.click()
        page.wait_for_url("**/feeds/notices/")
        tell("now Saturday")  # the list is told, too
        wait_until(page, "document.querySelectorAll('main li.item').length === 4")
        assert page.locator("main li.item.late").count() == 4
        page.locator("main .actions form button, main .page-head form button").first.click()
        wait_until(page, "document.querySelectorAll('main li.item.late').length === 0")
        assert page.locator("[data-bell] b").is_hidden()
        assert axe.serious(page) == []
    assert Notice.objects.filter(read_at=None).count() == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_a_calendar_is_made_and_taken_back_in_the_browser(
    browser: Any, live_server: Any, shown: Desk, size: str, language: str
) -> None:
    with opened(browser, live_server, user=shown.dispatcher.user, size=size, language=language) as page:
        page.goto(f"{live_server.url}/feeds/")
        page.locator("main details > summary").click()
        page.locator("select[name=what]").select_option(f"machine:{shown.machine.pk}")
        page.locator("main details form button.primary").click()
        page.locator("svg.qr").wait_for()
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []
        page.locator("main li form button.danger").first.click()
        page.locator("dialog[open] button.primary").click()
        page.locator("main > .notice.success").wait_for()
        assert page.locator("main li form").count() == 0
    assert CalendarFeed.objects.get().revoked is not None


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "zh")])
def test_a_webhook_is_made_in_the_browser(
    browser: Any, live_server: Any, shown: Desk, size: str, language: str
) -> None:
    expected = ("422",)
    with opened(
        browser, live_server, user=shown.dispatcher.user, size=size, language=language, expected=expected
    ) as page:
        page.goto(f"{live_server.url}/feeds/webhooks/new")
        page.fill("input[name=name]", "系统")
        page.fill(
            "input[name=url]", "http://erp.example.org/a-long-address-that-somebody-pasted-from-elsewhere/0123456789"
        )
        page.locator("main form button.primary").click()
        page.locator(".field.wrong").first.wait_for()
        assert overflow(page) == 0
        assert axe.serious(page) == []
        page.fill("input[name=url]", URL)
        page.locator("input[name=kinds]").first.check()
        page.locator("main form button.primary").click()
        page.locator("code").wait_for()
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []
        page.locator("main form button.primary").click()
        page.locator("table").wait_for()
    assert Webhook.objects.get(name="系统").deliveries.count() == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_page_hears_of_what_happens_as_it_happens(browser: Any, shown: Desk) -> None:
    """`nongshi.stream` on the real server, and on again after a break without loss or doubling."""
    with served() as url:
        place = SimpleNamespace(url=url)
        with opened(browser, place, user=shown.dispatcher.user) as page:
            page.goto(f"{url}/feeds/notices/")
            page.evaluate(LISTEN)
            wait_until(page, "window.heard.includes('ready')")
            log("JobPosted", f"job:{shown.job.pk}", scope=EVERYTHING, org_id=shown.coop.pk)
            wait_until(page, "window.heard.length === 2")
            page.evaluate("window.line.close()")
            log("JobCancelled", f"job:{shown.job.pk}", scope=EVERYTHING, org_id=shown.coop.pk)
            page.evaluate(LISTEN_AGAIN)
            wait_until(page, "window.heard.length === 4")
            heard = [one for one in page.evaluate("window.heard") if one != "ready"]
            assert heard == [f"JobPosted job:{shown.job.pk}", f"JobCancelled job:{shown.job.pk}"]
            page.evaluate("window.line.close()")
