"""Erasing takes the person and leaves the books: balanced, sealed, and nowhere a name, telephone or ID number."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from tests.site.orders.shop import Shop, make_shop
from tests.site.orders.test_orders import booked, worked

from nongshi.core.errors import BadUsage, NotFound
from nongshi.market.orders import Act
from nongshi.site.base import audit
from nongshi.site.base.models import Person, User
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import make_link, make_token
from nongshi.site.jobs.models import JobStatus
from nongshi.site.money.models import AccountKind
from nongshi.site.money.services import account_of, balance, check_books, post
from nongshi.site.orders import services
from nongshi.site.orders.checks import check_places
from nongshi.site.orders.models import Settlement
from nongshi.site.people import erasing

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
