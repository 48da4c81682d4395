"""Ways in without a password, and taking them back."""

from typing import Any

import pytest
from django.test import Client
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import ApiToken, Event, SignedLink
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import find_token, make_link, make_token
from nongshi.site.base.views import LINKS_A_MIN

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def farmer(coop: Any) -> Any:
    return make_person(coop, RoleKind.FARMER, name="李四")


def test_a_link_opens_the_pages_of_its_person(client: Client, farmer: Any) -> None:
    answer = client.get(f"/l/{make_link(farmer, 'farmer')}")
    assert answer.status_code == 302
    assert "李四" in client.get("/access").content.decode()
    assert Event.objects.filter(name="LinkFollowed", by=farmer).count() == 1


def test_a_link_speaks_the_language_of_its_person(client: Client, coop: Any) -> None:
    person = make_person(coop, RoleKind.FARMER, language="en")
    client.get(f"/l/{make_link(person, 'farmer')}")
    assert '<html lang="en">' in client.get("/access").content.decode()


def test_a_link_that_is_not_ours_opens_nothing(client: Client, coop: Any) -> None:
    assert client.get("/l/nothing").status_code == 404
    assert client.get("/access").status_code == 302


def test_a_link_taken_back_ends_the_sessions_that_came_by_it(client: Client, farmer: Any) -> None:
    client.get(f"/l/{make_link(farmer, 'farmer')}")
    link = SignedLink.objects.get(person=farmer)
    client.post(f"/access/link/{link.pk}/revoke")
    assert client.get("/access").status_code == 302


def test_a_link_of_somebody_else_ends_the_login_on_this_device(client: Client, coop: Any, farmer: Any) -> None:
    client.force_login(make_person(coop, RoleKind.CLERK, login="clerk", name="王五").user, backend=BACKEND)
    client.get(f"/l/{make_link(farmer, 'farmer')}")
    page = client.get("/access").content.decode()
    assert "李四" in page
    assert "王五" not in page


def test_links_cannot_be_guessed_at_speed(client: Client, coop: Any) -> None:
    answers = [client.get(f"/l/guess{i}").status_code for i in range(LINKS_A_MIN + 5)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_a_pasted_link_is_followed_and_a_wrong_one_keeps_what_was_typed(client: Client, farmer: Any) -> None:
    secret = make_link(farmer, "farmer")
    answer = client.post("/link", {"link": f" http://testserver/l/{secret} "})
    assert answer.headers["Location"] == f"/l/{secret}"
    wrong = client.post("/link", {"link": "http://testserver/x"})
    assert wrong.status_code == 422
    assert 'value="http://testserver/x"' in wrong.content.decode()


def test_signing_out_ends_a_session_that_came_by_a_link(client: Client, farmer: Any) -> None:
    client.get(f"/l/{make_link(farmer, 'farmer')}")
    client.post("/sign-out")
    assert client.get("/access").status_code == 302


def test_a_new_key_is_shown_once(client: Client, coop: Any) -> None:
    client.force_login(make_person(coop, login="zhang").user, backend=BACKEND)
    page = client.post("/access", {"name": "sheet", "rights": ["read"], "days": "30"}).content.decode()
    secret = page.split("<code data-text>")[1].split("<")[0]
    token = find_token(secret)
    assert token is not None
    assert (token.name, token.rights) == ("sheet", "read")
    assert secret not in client.get("/access").content.decode()


def test_a_key_without_a_name_is_not_made(client: Client, coop: Any) -> None:
    client.force_login(make_person(coop, login="zhang").user, backend=BACKEND)
    answer = client.post("/access", {"name": "", "rights": ["read"], "days": "30"})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_whoever_came_by_a_link_makes_no_keys(client: Client, farmer: Any) -> None:
    client.get(f"/l/{make_link(farmer, 'farmer')}")
    client.post("/access", {"name": "sheet", "rights": ["read"], "days": "30"})
    assert not ApiToken.objects.exists()


def test_a_key_taken_back_opens_nothing(client: Client, coop: Any) -> None:
    person = make_person(coop, login="zhang")
    secret = make_token(person, "sheet", ["read"])
    client.force_login(person.user, backend=BACKEND)
    client.post(f"/access/token/{ApiToken.objects.get().pk}/revoke")
    assert find_token(secret) is None


@pytest.mark.parametrize("what", ["token", "link"])
def test_nobody_takes_back_what_is_somebody_elses(client: Client, coop: Any, what: str) -> None:
    other = make_person(make_coop("lvxiang"), login="other")
    make_token(other, "theirs", ["read"])
    make_link(other, "farmer")
    client.force_login(make_person(coop, login="zhang").user, backend=BACKEND)
    model = {"token": ApiToken, "link": SignedLink}[what]
    assert client.post(f"/access/{what}/{model.objects.get().pk}/revoke").status_code == 404
    assert model.objects.filter(revoked=None).count() == 1


def test_another_device_is_signed_out_from_here(coop: Any) -> None:
    from allauth.usersessions.models import UserSession

    person = make_person(coop, login="zhang")
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(person.user, backend=BACKEND)
        assert client.get("/access").status_code == 200
    other = UserSession.objects.get(session_key=there.session.session_key)
    here.post(f"/access/session/{other.pk}/revoke")
    assert there.get("/access").status_code == 302
    assert here.get("/access").status_code == 200


def test_a_question_writes_nothing_until_its_session_is_a_minute_older_or_comes_from_elsewhere(
    coop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Noting the session at every request made a writer of whoever only read."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from nongshi.site.base import sign_in

    client = Client()
    client.force_login(make_person(coop, login="zhang").user, backend=BACKEND)

    def noted(device: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/access", HTTP_USER_AGENT=device).status_code == 200
        return sum(" usersessions_" in one["sql"].replace('"', " ") and "UPDATE" in one["sql"] for one in asked)

    noted("tractor")
    assert noted("tractor") == 0
    assert noted("phone") == 1
    monkeypatch.setattr(sign_in, "ACTIVITY_S", 0.0)
    assert noted("tractor") == 1
