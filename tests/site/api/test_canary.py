"""An ID number that is in the database shows up nowhere: no page, no answer, no fault, no log, no export, no backup."""

import logging
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from tests.site.api.conftest import Caller
from tests.site.api.matrix import API, PAGES
from tests.site.api.test_matrix import _opened, ask
from tests.site.api.two import make_two, undone
from tests.site.orders import processes

from nongshi.core.errors import NongshiError
from nongshi.files.audit_log import write_audit
from nongshi.site.backup import copy_sqlite_hashed
from nongshi.site.base import audit
from nongshi.site.base.crypt import decrypt
from nongshi.site.base.models import Person
from nongshi.site.base.rights import RoleKind

NUMBER = "310116197001011234"


@pytest.fixture
def canaries(db: Any, settings: Any) -> Any:
    """Two cooperatives all of whose people have this ID number."""
    settings.API_RATE = 10**9
    own, other = make_two()
    for person in Person.objects.all():
        person.set_id_number(NUMBER)
        person.save()
    return own, other


@pytest.mark.parametrize("kind", [RoleKind.DISPATCHER, RoleKind.AUDITOR, RoleKind.FARMER])
def test_no_page_and_no_answer_tells_it(canaries: Any, kind: RoleKind, caplog: pytest.LogCaptureFixture) -> None:
    own, _ = canaries
    caplog.set_level(logging.DEBUG)
    caller, client, told = Caller(own.people[kind]), Client(raise_request_exception=False), []
    client.force_login(own.people[kind].user)
    for name in API:
        with undone():
            told += [name] * (NUMBER.encode() in ask(caller, name, own).content)
    for name, page in PAGES.items():
        if not page.why_open:
            told += [name for body in _opened(client, name, page, own) if NUMBER.encode() in body]
    assert told == []
    assert NUMBER not in caplog.text


def test_no_fault_tells_it(canaries: Any) -> None:
    own, _ = canaries
    person = own.people[RoleKind.FARMER]
    with pytest.raises(NongshiError) as fault:
        decrypt(Person.objects.get(pk=person.pk).id_sealed, bound_to="another row")
    assert NUMBER not in str(fault.value)


def test_no_export_tells_it(canaries: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit.seal_all()
    write_audit(tmp_path / "log.jsonl", audit.sealed_acts())
    assert NUMBER not in (tmp_path / "log.jsonl").read_text()
    call_command("dumpdata")
    said = capsys.readouterr().out
    assert "id_sealed" in said
    assert NUMBER not in said


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a dump of PostgreSQL holds the same columns, packed")
@pytest.mark.django_db(transaction=True)
def test_no_backup_tells_it(tmp_path: Path) -> None:
    with processes.shared_database(tmp_path):
        make_two()
        for person in Person.objects.all():
            person.set_id_number(NUMBER)
            person.name = "金丝雀"
            person.save()
        connection.close()
        copy_sqlite_hashed(Path(connection.settings_dict["NAME"]), tmp_path)
        with tarfile.open(tmp_path / "packed.tar", "w") as packed:
            packed.add(tmp_path / "db.sqlite3", "db.sqlite3")
        kept = (tmp_path / "packed.tar").read_bytes()
        assert "金丝雀".encode() in kept  # what is written in clear would be found so
        assert NUMBER.encode() not in kept
