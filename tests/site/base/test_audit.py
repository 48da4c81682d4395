"""The log of acts in the database: sealed, exported once a day, and what is done to it behind our back is found."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.site.world import make_coop, make_person
from typer.testing import CliRunner

from nongshi.cli.main import app
from nongshi.files.audit_log import verify_file, write_audit
from nongshi.site.base import audit
from nongshi.site.base.models import Event, Seal
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log


@pytest.fixture
def acts(db: None, settings: Any, tmp_path: Path) -> list[Event]:
    settings.AUDIT = str(tmp_path / "audit")
    coop = make_coop()
    scope = Scope(person_id=make_person(coop).pk)
    made = [log("JobPosted", f"job:{i}", scope=scope, org_id=coop.pk, area_ha=i / 3, ref=f"东{i}") for i in range(9)]
    assert audit.seal(limit=4) == 4
    assert audit.seal_all() == 5
    return made


def test_what_is_sealed_is_whole_and_late_acts_come_at_the_end(acts: list[Event]) -> None:
    assert (audit.verify_database().found, audit.verify_database().acts) == (0, 9)
    assert audit.seal() == 0
    late = log("JobPosted", "job:99", scope=Scope(), org_id=None)
    assert [one.pk for one in audit.unsealed()] == [late.pk]
    assert audit.seal() == 1
    assert Seal.objects.get(seq=10).number == late.pk
    assert audit.verify_database().found == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE base_event SET name = 'JobCancelled' WHERE id = {id}",
        "UPDATE base_event SET data = '{{}}' WHERE id = {id}",
        "UPDATE base_event SET by_id = NULL WHERE id = {id}",
        "UPDATE base_event SET at = '2020-01-01 00:00:00+00:00' WHERE id = {id}",
        "DELETE FROM base_event WHERE id = {id}",
        "DELETE FROM base_seal WHERE number = {id}",
    ],
)
def test_what_is_done_behind_our_back_is_found(acts: list[Event], statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(id=acts[4].pk))
    assert audit.verify_database().found > 0


def test_a_cut_end_is_found_by_the_head_of_the_day(acts: list[Event]) -> None:
    head = audit.export_head()
    assert head is not None
    assert head.seq == 9
    assert audit.export_head() is None  # once a day
    Seal.objects.filter(seq__gt=7).delete()
    Event.objects.filter(pk__in=[one.pk for one in acts[7:]]).delete()
    found = audit.verify_database()
    assert found.faults is not None
    assert "cut" in found.faults[0]
    assert audit.verify_database(heads=[]).found == 0  # the chain alone cannot know


def test_a_person_who_is_gone_breaks_nothing(acts: list[Event]) -> None:
    acts[0].by.delete()
    assert Event.objects.get(pk=acts[0].pk).by_id is None
    assert audit.verify_database().found == 0


def test_an_exported_log_is_verified_without_the_database(acts: list[Event], tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    audit.export_head()
    write_audit(path, audit.sealed_acts())
    assert verify_file(path, audit.kept_heads()).found == 0
    heads = str(tmp_path / "audit" / audit.HEADS)
    said = CliRunner().invoke(app, ["audit", "verify", str(path), "--heads", heads, "--json"])
    assert (said.exit_code, json.loads(said.stdout)["acts"]) == (0, 9)
    path.write_text(path.read_text().replace("job:4", "job:5"))
    said = CliRunner().invoke(app, ["audit", "verify", str(path), "--json"])
    assert said.exit_code == 1
    assert json.loads(said.stdout)["found"] >= 1
