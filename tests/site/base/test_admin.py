"""The administration opens for every kind of row, and takes lists in whole or not at all."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from tablib import Dataset
from tests.site.world import make_coop

from nongshi.site.base.models import User
from nongshi.site.register.models import Machine
from nongshi.site.register.resources import MachineResource

HEADERS = ("org", "ref", "machine_class", "yard_lon", "yard_lat")
OURS = [model for model in admin.site._registry if model.__module__.startswith("nongshi")]


@pytest.fixture
def chief(db: None) -> Any:
    return User.objects.create_superuser("chief", password="x")


def test_every_list_of_rows_opens(client: Client, chief: Any, demo: Any) -> None:
    client.force_login(chief, backend="django.contrib.auth.backends.ModelBackend")
    assert len(OURS) > 15
    for model in OURS:
        name = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(name).status_code == 200, name
        first = model._default_manager.first()
        if first is not None:
            assert client.get(f"{name}{first.pk}/change/").status_code == 200, name


@pytest.mark.parametrize("name", ["event", "apitoken", "signedlink"])
def test_nobody_writes_records_by_hand(client: Client, chief: Any, name: str) -> None:
    client.force_login(chief, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/admin/base/{name}/add/").status_code == 403


def test_a_list_of_machines_comes_in_and_goes_out_the_same(db: None) -> None:
    make_coop()
    rows = Dataset(
        ("langxia", "M1", "combine", 121.2, 30.8), ("langxia", "M2", "tractor", 121.3, 30.9), headers=HEADERS
    )
    assert not MachineResource().import_data(rows).has_errors()
    out = MachineResource().export().dict
    assert [(row["org"], row["ref"], row["machine_class"]) for row in out] == [
        ("langxia", "M1", "combine"),
        ("langxia", "M2", "tractor"),
    ]


def test_one_bad_row_keeps_all_out_and_is_named(db: None) -> None:
    make_coop()
    rows = Dataset(("langxia", "M1", "combine", 121.2, 30.8), ("langxia", "M2", "tractor", 999, 30.9), headers=HEADERS)
    result = MachineResource().import_data(rows)
    assert result.has_validation_errors()
    assert [row.number for row in result.invalid_rows] == [2]
    assert not Machine.objects.exists()


def test_a_changed_row_gets_a_new_version(db: None) -> None:
    make_coop()
    first = Dataset(("langxia", "M1", "combine", 121.2, 30.8), headers=HEADERS)
    MachineResource().import_data(first)
    MachineResource().import_data(Dataset(("langxia", "M1", "combine", 121.25, 30.8), headers=HEADERS))
    assert Machine.objects.get().version == 2
