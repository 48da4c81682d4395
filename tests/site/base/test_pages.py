"""The pages of no desk: they answer, in both languages, with their headers."""

from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import translation
from tests.site.texts import foreign, leftovers
from tests.site.world import make_person

from nongshi.core.errors import BadFiles, BadInput, BadUsage, Fault, NongshiError, NotFound, NotPlannable, PlanBroken
from nongshi.site.base import views
from nongshi.site.base.csp import policy
from nongshi.site.base.fault_words import fault_context
from nongshi.site.base.faults import Forbidden, Outdated, TooMany
from nongshi.site.base.middleware import ScopeMiddleware
from nongshi.site.base.rights import RoleKind

SITE = Path(views.__file__).parents[1]
TEMPLATES = sorted(str(path.relative_to(path.parents[len(path.parts) - path.parts.index("templates") - 2]))
                   for path in SITE.glob("*/templates/**/*.html"))  # fmt: skip
OPEN_PAGES = (
    "/",
    "/link",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
    "/accounts/signup/",
)
OWN_PAGES = ("/", "/access", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/")
FAULTS = (
    NotFound("no job 7"), Forbidden("not yours"), Outdated("plan 3"), TooMany(9), BadUsage("no"), BadInput("no"),
    NotPlannable("no"), PlanBroken(["late"]), NongshiError("no"),
    BadFiles([Fault(file="jobs.csv", row=3, column="area", value="x", problem="no number", mend="write a number")]),
)  # fmt: skip


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_read(name: str) -> None:
    get_template(name)


@pytest.mark.django_db
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_open_pages_are_whole_in_both_languages(client: Client, path: str) -> None:
    assert leftovers(client, path) == []


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_of_somebody_signed_in_are_whole_in_both_languages(client: Client, coop: Any, path: str) -> None:
    client.force_login(make_person(coop, login="zhang").user, backend="django.contrib.auth.backends.ModelBackend")
    assert leftovers(client, path) == []


@pytest.mark.django_db
def test_an_address_that_is_not_there_says_so_in_both_languages(client: Client) -> None:
    assert leftovers(client, "/nowhere", status=404) == []


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_named_fault_has_its_page(client: Client, fault: NongshiError, language: str) -> None:
    request = client.get("/").wsgi_request
    with translation.override(language):
        answer = ScopeMiddleware(lambda _: None).process_exception(request, fault)  # type: ignore[arg-type, return-value]
    assert answer is not None
    assert answer.status_code >= 400
    assert foreign(answer.content.decode(), language[:2]) == []


@pytest.mark.django_db
def test_a_script_gets_the_fault_as_json(client: Client) -> None:
    request = client.get("/", headers={"accept": "application/json"}).wsgi_request
    answer = ScopeMiddleware(lambda _: None).process_exception(request, TooMany(9))  # type: ignore[arg-type, return-value]
    assert answer is not None
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "9"


def test_a_fault_of_the_code_is_no_fault_of_ours_to_name() -> None:
    request = RequestFactory().get("/")
    assert ScopeMiddleware(lambda _: None).process_exception(request, ValueError("x")) is None  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_a_broken_site_needs_no_database(language: str) -> None:
    with translation.override(language):
        answer = views.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert foreign(answer.content.decode(), language[:2]) == []


def test_bad_files_are_shown_row_by_row() -> None:
    assert len(fault_context(FAULTS[-1])["faults"]) == 1


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words(coop: Any) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-out")
    assert answer.status_code == 403
    assert "没有改动任何数据" in answer.content.decode()


@pytest.mark.django_db
def test_pages_forbid_what_comes_from_elsewhere(client: Client) -> None:
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "script-src 'self'; style-src 'self'; " in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]


def test_tiles_of_another_host_are_images_only() -> None:
    rules = policy("https://t.example.org/{z}/{x}/{y}.png").split("; ")
    assert [rule for rule in rules if "example" in rule] == ["img-src 'self' data: blob: https://t.example.org"]


@pytest.mark.django_db
def test_the_site_says_that_it_is_well(client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)


@pytest.mark.django_db
def test_a_stranger_is_welcomed_and_shown_both_ways_in(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "/accounts/login/" in page
    assert "/link" in page


def test_a_role_without_a_desk_of_its_own_gets_a_page_and_not_an_error(client: Client, coop: Any) -> None:
    person = make_person(coop, RoleKind.BUYER, login="buyer")
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").status_code == 200


def test_the_language_chosen_is_remembered(client: Client, coop: Any) -> None:
    person = make_person(coop, login="zhang")
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/language", {"language": "en", "next": "/access"})
    assert answer.headers["Location"] == "/access"
    assert client.get("/access").content.decode().count('<html lang="en">') == 1
    person.refresh_from_db()
    assert person.language == "en"


def test_a_language_that_is_not_ours_changes_nothing(client: Client, coop: Any) -> None:
    person = make_person(coop, login="zhang")
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/language", {"language": "xx", "next": "https://elsewhere.example/"})
    person.refresh_from_db()
    assert person.language == "zh-hans"


@pytest.mark.django_db
def test_wrong_sign_in_keeps_the_name_and_names_the_fault(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "nobody", "password": "x"})
    page = answer.content.decode()
    assert 'value="nobody"' in page
    assert "notice error" in page
