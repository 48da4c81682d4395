"""Erasing takes the person and leaves the books: balanced, sealed, and nowhere a name, telephone or ID number."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Q
from django.test import Client
from tests.site.orders.shop import Shop, make_shop
from tests.site.orders.test_orders import booked, worked
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadUsage, NotFound
from nongshi.market.orders import Act
from nongshi.site.base import audit
from nongshi.site.base.models import Person, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import make_link, make_token
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.money.models import Account, AccountKind, Netting, NettingTransfer
from nongshi.site.money.services import account_of, balance, check_books, post
from nongshi.site.orders import services
from nongshi.site.orders.checks import check_places
from nongshi.site.orders.models import Settlement
from nongshi.site.people import erasing
from nongshi.site.plans.models import Report

NAME, PHONE, NUMBER = "欧阳金丝雀", "13800001234", "310116197001011234"


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


def traces(words: tuple[str, ...]) -> list[str]:
    """Tables in which one of the words stands, in any text or JSON."""
    found = []
    for model in apps.get_models():
        within = Q(pk__in=[])
        for field in model._meta.concrete_fields:
            if field.get_internal_type() in ("CharField", "TextField", "EmailField"):
                for word in words:
                    within |= Q(**{f"{field.name}__contains": word})
        in_json = [field.name for field in model._meta.concrete_fields if field.get_internal_type() == "JSONField"]
        told = any(word in str(value) for row in model._base_manager.values_list(*in_json) for value in row
                   for word in words) if in_json else False  # fmt: skip
        if told or model._base_manager.filter(within).exists():
            found.append(model._meta.label)
    return found


def settled(shop: Shop) -> Person:
    """A farmer whose order is settled and paid, who is written about here and there."""
    farmer = shop.farmers[0]
    farmer.name, farmer.phone, farmer.user = NAME, PHONE, User.objects.create(username=PHONE)
    farmer.set_id_number(NUMBER)
    farmer.save()
    make_link(farmer, "farmer")
    make_token(farmer, "phone", ["read"])
    order = worked(shop)
    services.tick(shop.now + timedelta(hours=48))
    order.refresh_from_db()
    order.moves.filter(act=Act.BOOK).update(note=f"{NAME} 来电 {PHONE}")
    order.job.field.name = f"{NAME}北田"
    order.job.field.save()
    account, bank = account_of(shop.org.pk, AccountKind.FARMER, farmer.pk), account_of(shop.org.pk, AccountKind.BANK)
    owed = balance(account.pk)
    post("test:1", "payment", {account.pk: -owed, bank.pk: owed})
    return farmer


def test_the_person_goes_and_the_books_stay(shop: Shop) -> None:
    farmer = settled(shop)
    assert {"base.Person", "orders.OrderMove", "register.Field"} <= set(traces((NAME, PHONE, NUMBER)))
    sheets = list(Settlement.objects.values_list("order", "total_fen", "parties"))
    audit.seal_all()
    counts = erasing.erase(EVERYTHING, farmer.pk)
    assert (counts["logins"], counts["links"], counts["tokens"], counts["roles"]) == (1, 1, 1, 1)
    assert traces((NAME, PHONE, NUMBER)) == []
    farmer = Person.objects.get(pk=farmer.pk)
    assert (farmer.id_sealed, farmer.id_digest, farmer.user, farmer.tracks_consent_at) == ("", "", None, None)
    assert list(Settlement.objects.values_list("order", "total_fen", "parties")) == sheets
    assert (check_books(), check_places()) == ([], [])
    audit.seal_all()
    assert audit.verify_database(heads=[]).found == 0
    with pytest.raises(NotFound):
        erasing.find_person(farmer.pk)


def test_what_was_written_by_hand_and_what_reports_showed_goes(shop: Shop, settings: Any, tmp_path: Path) -> None:
    """Holder of a bank account, word by telephone, the administration's own notes; a photo and where they stood."""
    settings.MEDIA_ROOT = tmp_path
    farmer, admin = settled(shop), User.objects.create(username="admin", is_superuser=True)
    driver = make_person(shop.org, RoleKind.OPERATOR, name="另一位机手")
    account = account_of(shop.org.pk, AccountKind.FARMER, farmer.pk)
    Account.objects.filter(pk=account.pk).update(holder=NAME, bank_code="103100000001")
    FieldJob.objects.filter(grower=farmer).update(said_by=f"电话：{NAME}")
    coop = account_of(shop.org.pk, AccountKind.COOP)
    netting = Netting.objects.create(org=shop.org, accounts=2)
    said = {"by": None, "at": "2026-11-01", "said_by": NAME}
    NettingTransfer.objects.create(netting=netting, payer=account, payee=coop, amount_fen=1, agreed={account.pk: said})
    LogEntry.objects.create(
        user=admin, content_type=ContentType.objects.get_for_model(Person), object_id=str(farmer.pk), object_repr=NAME,
        action_flag=CHANGE,
    )  # fmt: skip
    report = Report.objects.create(
        key="k1", by=driver, kind="problem", at=shop.now, photo=ContentFile(b"jpeg", name="face.jpg"),
        data={"what": "other", "words": "在老王家门口", "lon": 121.2, "lat": 30.8},
    )  # fmt: skip
    assert {"money.Account", "jobs.FieldJob", "admin.LogEntry", "money.NettingTransfer"} <= set(traces((NAME,)))
    erasing.erase(EVERYTHING, farmer.pk)
    assert traces((NAME, PHONE, NUMBER)) == []
    assert Account.objects.get(pk=account.pk).bank_code == ""
    erasing.erase(EVERYTHING, driver.pk)
    report.refresh_from_db()
    assert (bool(report.photo), report.data) == (False, {"what": "other"})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nobody_is_erased_in_the_middle_of_things_and_all_of_them_are_named(shop: Shop) -> None:
    order = booked(shop)
    farmer = shop.farmers[0]
    account, coop = account_of(shop.org.pk, AccountKind.FARMER, farmer.pk), account_of(shop.org.pk, AccountKind.COOP)
    post("test:1", "fee", {account.pk: -100, coop.pk: 100})
    with pytest.raises(BadUsage) as fault:
        erasing.erase(EVERYTHING, farmer.pk)
    assert f"order {order.pk}" in str(fault.value)
    assert order.job.ref in str(fault.value)
    assert "not even (-100 fen)" in str(fault.value)
    assert Person.objects.get(pk=farmer.pk).name == farmer.name


def test_somebody_elses_name_is_left_alone(shop: Shop) -> None:
    farmer, other = settled(shop), shop.job(shop.farmers[1], note=f"{NAME} 的邻居", status=JobStatus.DONE)
    erasing.erase(EVERYTHING, farmer.pk)
    other.refresh_from_db()
    assert NAME in other.note  # another person's job: whoever wrote it mends it


def test_another_cooperative_cannot_erase(shop: Shop, django_user_model: Any) -> None:
    with pytest.raises(NotFound):
        erasing.erase(shop.scope(shop.farmers[1]), shop.farmers[0].pk)


@pytest.fixture
def chief(shop: Shop) -> Client:
    """The cooperative's dispatcher, signed in."""
    return signed_in(make_person(shop.org, RoleKind.DISPATCHER, name="管人的", login="chief"))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_dispatcher_erases_by_writing_the_name_once_more(shop: Shop, chief: Client) -> None:
    farmer = settled(shop)
    page = f"/people/{farmer.pk}/erase/"
    assert page in chief.get(f"/people/{farmer.pk}/").content.decode()
    assert chief.get(page).status_code == 200
    assert chief.post(page, {"name": "欧阳"}).status_code == 422
    assert Person.objects.get(pk=farmer.pk).name == NAME
    assert chief.post(page, {"name": f" {NAME} "}).headers["Location"] == "/people/"
    assert traces((NAME, PHONE, NUMBER)) == []
    assert chief.get(page).status_code == 404
    assert page not in chief.get(f"/people/{farmer.pk}/").content.decode()


def test_what_is_in_the_way_is_named_and_nothing_goes(shop: Shop, chief: Client) -> None:
    order, farmer = booked(shop), shop.farmers[0]
    account, coop = account_of(shop.org.pk, AccountKind.FARMER, farmer.pk), account_of(shop.org.pk, AccountKind.COOP)
    post("test:1", "fee", {account.pk: -100, coop.pk: 100})
    answer = chief.get(f"/people/{farmer.pk}/erase/")
    body = answer.content.decode()
    assert f"/orders/{order.pk}/" in body
    assert f"/money/account/{account.pk}/" in body
    assert order.job.ref in body
    assert chief.post(f"/people/{farmer.pk}/erase/", {"name": farmer.name}).status_code == 409
    assert Person.objects.get(pk=farmer.pk).name == farmer.name


def test_nobody_else_erases_and_nobody_themselves(shop: Shop, chief: Client) -> None:
    farmer, me = shop.farmers[0], Person.objects.get(user__username="chief")
    elsewhere = make_coop("elsewhere")
    everybody = [
        signed_in(make_person(org, kind, name=f"{kind}{number}", login=f"{kind}{number}"))
        for number, (org, kind) in enumerate([
            *((shop.org, kind) for kind in RoleKind if kind not in (RoleKind.DISPATCHER, RoleKind.OFFICER)),
            (shop.org.parent, RoleKind.OFFICER), (elsewhere, RoleKind.DISPATCHER),
        ])
    ]  # fmt: skip
    for client in everybody:
        for said in ({}, {"name": farmer.name}):
            answer = client.post(f"/people/{farmer.pk}/erase/", said)
            assert answer.status_code in (403, 404), answer.status_code
    trainer = Person.objects.get(name__startswith="trainer")
    for person in (me, trainer):
        assert chief.post(f"/people/{person.pk}/erase/", {"name": person.name}).status_code == 403
    assert not Person.objects.filter(name__startswith="已删除").exists()


def test_the_page_is_in_both_languages(shop: Shop, chief: Client) -> None:
    booked(shop)
    for pk in (shop.farmers[0].pk, shop.farmers[1].pk):
        assert leftovers(chief, f"/people/{pk}/erase/") == []
