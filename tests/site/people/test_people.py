"""People: who may give what, what opens by it, and how it is taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Event, Org, OrgKind, Person, Role, SignedLink, User
from nongshi.site.base.rights import Reach, Resource, RoleKind, reach
from nongshi.site.base.services import scope_of
from nongshi.site.people import services
from nongshi.site.people.giving import APPOINTS, GIVES, may_give, may_manage
from nongshi.site.people.numbers import clean_id, clean_phone, masked_phone
from nongshi.site.register.models import Field

RIGHT_ID = "11010519491231002X"


@pytest.fixture
def chief(coop: Org) -> Any:
    """The cooperative's dispatcher, signed in."""
    person = make_person(coop, RoleKind.DISPATCHER, name="调度", login="chief")
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    client.person = person
    return client


def test_nobody_gives_more_than_their_own_rights_reach() -> None:
    for giver, kinds in GIVES.items():
        for kind in kinds:
            for resource in Resource:
                for change in (False, True):
                    mine, theirs = reach(giver, resource, change=change), reach(kind, resource, change=change)
                    least = max(mine, Reach.SELF)  # rows of one's own are everybody's to have
                    assert theirs <= least, (giver, kind, resource, change)
    assert {kind for kinds in APPOINTS.values() for kind in kinds} == {RoleKind.DISPATCHER}


@pytest.mark.parametrize("giver", RoleKind)
def test_each_role_gives_what_the_table_says_and_elsewhere_nothing(coop: Org, giver: RoleKind) -> None:
    other = make_coop("elsewhere")
    at = coop.parent if giver in (RoleKind.OFFICER, RoleKind.AUDITOR) else coop
    assert at is not None
    scope = scope_of(make_person(at, giver))
    assert may_give(scope, at) == GIVES.get(giver, frozenset())
    assert may_give(scope, other) == frozenset()
    if giver == RoleKind.OFFICER:
        assert may_give(scope, coop) == {RoleKind.DISPATCHER}
    target = make_person(coop, name="目标")
    for kind in RoleKind:
        if kind in may_give(scope, coop):
            services.give_role(scope, target, coop, kind)
        else:
            with pytest.raises(Forbidden):
                services.give_role(scope, target, coop, kind)


def test_a_clerk_makes_no_link_for_somebody_with_more_rights(coop: Org) -> None:
    clerk = scope_of(make_person(coop, RoleKind.CLERK))
    both = make_person(coop, RoleKind.FARMER, RoleKind.DISPATCHER, name="又是调度")
    chief = make_person(coop, RoleKind.FARMER, login="root", name="管理员")
    User.objects.filter(pk=chief.user_id).update(is_superuser=True)
    chief.refresh_from_db()
    elsewhere = make_person(coop, RoleKind.FARMER, name="两处")
    Role.objects.create(person=elsewhere, org=make_coop("elsewhere"), kind=RoleKind.FARMER)
    for person in (both, chief, elsewhere):
        person = Person.objects.get(pk=person.pk)
        assert not may_manage(clerk, person)
        for act in (
            lambda p=person: services.invite(clerk, p.pk, RoleKind.FARMER, 30),
            lambda p=person: services.make_login(clerk, p.pk),
            lambda p=person: services.shut_out(clerk, p.pk),
            lambda p=person: services.change_person(clerk, p.pk, p.version, "x", ""),
        ):
            with pytest.raises(Forbidden):
                act()
    assert SignedLink.objects.count() == 0


def test_a_person_is_added_gets_a_card_and_it_opens_their_page(chief: Any, coop: Org) -> None:
    answer = chief.post(
        "/people/new/", {"org": coop.pk, "name": "李四", "phone": "+86 138 1234 5678", "roles": ["farmer"]}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    person = Person.objects.get(name="李四")
    assert person.phone == "13812345678"
    card = chief.post(f"/people/{person.pk}/link/", {"kind": "farmer", "days": 30})
    secret = card.context["url"].rpartition("/l/")[2]
    phone = Client()
    assert phone.get(f"/l/{secret}").headers["Location"] == "/farmer/"
    assert phone.get("/farmer/").status_code == 200
    assert secret.encode() not in chief.get(f"/people/{person.pk}/").content
    chief.post(f"/people/{person.pk}/out/")
    assert phone.get("/farmer/").status_code == 403
    assert Client().get(f"/l/{secret}").status_code == 404


def test_a_login_begins_by_a_code_that_works_once(chief: Any, coop: Org) -> None:
    person = make_person(coop, RoleKind.CLERK, name="文书")
    card = chief.post(f"/people/{person.pk}/login/")
    login, code = card.context["login"], card.context["code"]
    said = {"login": login, "code": code, "password": "paddy-rice-2026"}
    browser = Client()
    assert browser.post("/people/begin/", said | {"code": "WRONG"}).status_code == 422
    assert browser.post("/people/begin/", said | {"password": "1"}).status_code == 422
    assert browser.post("/people/begin/", said).status_code == 302
    assert browser.get("/people/").status_code == 200
    assert Client().post("/people/begin/", said).status_code == 422
    assert Client().get(f"/l/first/{login}/{code}").status_code == 404
    assert code not in str(list(Event.objects.values_list("data", flat=True)))
    chief.post(f"/people/{person.pk}/out/")
    assert browser.get("/people/").status_code == 403


def test_roles_begin_and_end_by_their_days(coop: Org) -> None:
    chief, person = scope_of(make_person(coop, RoleKind.DISPATCHER)), make_person(coop, name="临时")
    today = date.today()
    services.give_role(chief, person, coop, RoleKind.CLERK, today + timedelta(days=2), today + timedelta(days=5))
    assert not scope_of(person).has(RoleKind.CLERK)
    assert scope_of(person, today + timedelta(days=3)).has(RoleKind.CLERK)
    with pytest.raises(BadInput):
        services.give_role(chief, person, coop, RoleKind.CLERK, today, today - timedelta(days=1))


def test_the_last_dispatcher_stays(chief: Any, coop: Org) -> None:
    scope = scope_of(chief.person)
    role = chief.person.roles.get()
    with pytest.raises(BadUsage):
        services.take_role(scope, role.pk)
    other = make_person(coop, name="第二", login="")
    services.give_role(scope, other, coop, RoleKind.DISPATCHER)
    services.take_role(scope, role.pk)
    assert not Role.objects.filter(pk=role.pk).exists()


def test_an_officer_appoints_in_the_tree_and_nowhere_else(coop: Org) -> None:
    officer = make_person(coop.parent, RoleKind.OFFICER, login="officer1")
    client = Client()
    client.force_login(officer.user, backend="django.contrib.auth.backends.ModelBackend")
    far = make_coop("elsewhere")
    assert client.post("/people/appoint/", {"org": far.pk, "name": "外人"}).status_code == 422
    answer = client.post("/people/appoint/", {"org": coop.pk, "name": "新调度"})
    assert answer.status_code == 200
    assert Role.objects.filter(person__name="新调度", org=coop, kind=RoleKind.DISPATCHER).exists()
    with pytest.raises(Forbidden):
        services.appoint(scope_of(officer), Org.objects.create(kind=OrgKind.TOWN, code="t", name="t"), "x", "")
    with pytest.raises(NotFound):
        services.take_role(scope_of(officer), make_person(far, RoleKind.DISPATCHER).roles.get().pk)


def test_id_numbers_are_checked_kept_encrypted_and_shown_masked(chief: Any, coop: Org) -> None:
    person = make_person(coop, RoleKind.FARMER, name="王五")
    assert chief.post(f"/people/{person.pk}/id/", {"number": "110105194912310021"}).status_code == 422
    assert chief.post(f"/people/{person.pk}/id/", {"number": RIGHT_ID.lower()}).status_code == 302
    person.refresh_from_db()
    assert person.id_number == RIGHT_ID
    assert RIGHT_ID not in person.id_sealed
    page = chief.get(f"/people/{person.pk}/").content.decode()
    assert RIGHT_ID not in page
    assert "110*" in page


@pytest.mark.parametrize("wrong", ["123", "110105194912310020", "1101051949123100２X", "A" * 18])
def test_wrong_id_numbers_are_refused(wrong: str) -> None:
    with pytest.raises(BadInput):
        clean_id(wrong)


def test_phones_are_read_as_people_write_them() -> None:
    assert clean_phone("138-1234 5678") == "13812345678"
    assert clean_phone("") == ""
    assert clean_phone("+1 650 253 0000") == "+16502530000"
    assert clean_phone("021-5732 1234").startswith("021")
    assert masked_phone("13812345678") == "138****5678"
    for wrong in ("12", "你好", "999999999999999"):
        with pytest.raises(BadInput):
            clean_phone(wrong)


def test_two_entries_of_one_person_become_one(coop: Org) -> None:
    chief = scope_of(make_person(coop, RoleKind.DISPATCHER))
    keep, gone = make_person(coop, RoleKind.FARMER, name="赵六"), make_person(coop, RoleKind.FARMER, name="赵六（旧）")
    gone.set_id_number(RIGHT_ID)
    gone.save()
    field = Field.objects.create(org=coop, ref="F1", name="f", area_ha=1, gate_lon=121, gate_lat=30, grower=gone)
    services.invite(chief, gone.pk, RoleKind.FARMER, 30)
    services.merge(chief, keep.pk, gone.pk)
    field.refresh_from_db()
    assert field.grower_id == keep.pk
    assert Person.objects.get(pk=keep.pk).id_number == RIGHT_ID
    assert keep.roles.count() == 1
    assert not Person.objects.filter(pk=gone.pk).exists()
    assert not SignedLink.objects.exists()


def test_two_who_change_the_same_person_do_not_overwrite_each_other(chief: Any, coop: Org) -> None:
    person = make_person(coop, RoleKind.FARMER, name="甲")
    said = {"version": person.version, "phone": "13812345678"}
    assert chief.post(f"/people/{person.pk}/change/", said | {"name": "乙"}).status_code == 302
    second = chief.post(f"/people/{person.pk}/change/", said | {"name": "丙"})
    assert second.status_code == 409
    assert second.context["form"]["name"].value() == "丙"
    assert second.context["theirs"].name == "乙"


def test_pages_are_in_both_languages_and_not_for_everybody(chief: Any, coop: Org) -> None:
    person = make_person(coop, RoleKind.FARMER, RoleKind.OPERATOR, name="张三")
    for page in ("/people/", "/people/new/", f"/people/{person.pk}/", "/people/org/", "/people/begin/"):
        assert leftovers(chief, page) == [], page
    farmer = make_person(coop, RoleKind.FARMER, login="f")
    other = Client()
    other.force_login(farmer.user, backend="django.contrib.auth.backends.ModelBackend")
    for page in ("/people/", "/people/new/", f"/people/{person.pk}/", "/people/org/", "/people/appoint/"):
        assert other.get(page).status_code == 403, page
    far = make_person(make_coop("elsewhere"), RoleKind.DISPATCHER, login="far")
    other.force_login(far.user, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(f"/people/{person.pk}/").status_code == 404
    assert other.post(f"/people/{person.pk}/link/", {"kind": "farmer", "days": 30}).status_code == 404


def test_the_organisation_says_whom_operators_ring_up(chief: Any, coop: Org) -> None:
    answer = chief.post("/people/org/", {"org": coop.pk, "name": "新名", "name_en": "", "phone": "13812345678"})
    assert answer.status_code == 302
    coop.refresh_from_db()
    assert (coop.name, coop.phone) == ("新名", "13812345678")


def test_a_provider_of_logins_that_the_settings_name_shows_on_the_sign_in_page(db: None, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {"provider_id": "district", "name": "金山统一认证", "client_id": "a", "secret": "b",
                 "settings": {"server_url": "https://id.example"}}
            ]
        }
    }  # fmt: skip
    assert "金山统一认证" in Client().get("/accounts/login/").content.decode()
