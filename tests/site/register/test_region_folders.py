"""Region folders and seasons: in and out without loss, all or nothing, and no zip that does harm."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi import api
from nongshi.core.errors import BadFiles, BadInput
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import Season, SeasonMember
from nongshi.site.plans.regions import season_rows, to_region
from nongshi.site.register.models import Field, Machine
from nongshi.site.seasons import packing, services


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def test_a_written_season_is_read_as_the_region_it_was(demo: Season, tmp_path: Path) -> None:
    scope = scope_of(User.objects.get(username="dispatcher").person)
    _, data = services.folder_of(scope, demo.pk)
    packing.unpack(data, tmp_path)
    assert api.read_region(tmp_path) == to_region(season_rows(demo))


def test_a_folder_comes_in_as_register_jobs_and_season_and_goes_out_again(coop: Any, tmp_path: Path) -> None:
    region = api.make_region(fields=12, load=1.0, season="rice-harvest", seed=3, dryers=True)
    data = packing.pack(region, tmp_path / "out")
    chief = make_person(coop, RoleKind.DISPATCHER, login="chief")
    client = Client()
    client.force_login(chief.user, backend="django.contrib.auth.backends.ModelBackend")
    assert leftovers(client, "/seasons/") == []
    assert leftovers(client, "/seasons/folder/") == []
    sent = client.post("/seasons/folder/", {"org": coop.pk, "file": SimpleUploadedFile("r.zip", data)})
    assert sent.status_code == 302
    assert leftovers(client, sent.headers["Location"]) == []
    page = client.get(sent.headers["Location"])
    assert page.context["found"].new["fields"] == 12
    assert Field.objects.count() == 0
    assert client.post(f"{sent.headers['Location']}take/").status_code == 302
    season = Season.objects.get()
    assert (Field.objects.count(), FieldJob.objects.count()) == (12, len(region.jobs))
    back = to_region(season_rows(season))
    assert {job.id for job in back.jobs} == {job.id for job in region.jobs}
    assert {m.id for m in back.machines} == {m.id for m in region.machines}
    assert client.get(f"/seasons/{season.pk}/folder.zip").status_code == 200
    assert client.post(f"{sent.headers['Location']}take/").status_code == 400


def test_a_take_over_that_dies_leaves_nothing(coop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region = api.make_region(fields=6, load=1.0, season="rice-harvest", seed=3)
    scope = scope_of(make_person(coop, RoleKind.DISPATCHER))
    draft = services.keep_folder(scope, coop.pk, "r.zip", packing.pack(region, tmp_path / "out"))
    monkeypatch.setattr(services, "head_of", lambda region: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.take_over(scope, draft.pk)
    assert not Field.objects.exists()
    assert not FieldJob.objects.exists()
    assert not Machine.objects.exists()


def test_jobs_that_are_there_are_named_and_fields_are_used_again(coop: Any, tmp_path: Path) -> None:
    region = api.make_region(fields=6, load=1.0, season="rice-harvest", seed=3)
    scope = scope_of(make_person(coop, RoleKind.DISPATCHER))
    data = packing.pack(region, tmp_path / "out")
    services.take_over(scope, services.keep_folder(scope, coop.pk, "r.zip", data).pk)
    again = services.keep_folder(scope, coop.pk, "r.zip", data)
    found = services.look(again)
    assert found.known["fields"] == 6
    assert {fault.column for fault in found.faults} == {"id"}
    with pytest.raises(BadFiles):
        services.take_over(scope, again.pk)
    FieldJob.objects.all().delete()
    services.take_over(scope, again.pk)
    assert Field.objects.count() == 6


@pytest.mark.parametrize("name", ["../region.toml", "/region.toml", "a/../../region.toml", "..\\region.toml"])
def test_a_zip_writes_nowhere_else(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    packing.unpack(zipped({name: b"x", "jobs.csv": b"y", "evil.sh": b"z"}), inside)
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {"jobs.csv", "region.toml"}
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {inside}


def test_zips_that_are_too_much_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "UNPACKED_MAX", 1000)
    with pytest.raises(BadInput, match="no region folder"):
        packing.unpack(zipped({"jobs.csv": b"0" * 5000}), tmp_path)
    with pytest.raises(BadInput, match="twice"):
        packing.unpack(zipped({"a/region.toml": b"x", "b/region.toml": b"y"}), tmp_path)
    with pytest.raises(BadInput, match="more than"):
        packing.unpack(zipped({f"{n}.csv": b"" for n in range(packing.ENTRIES_MAX + 1)}), tmp_path)
    for data in (b"", b"PK\x03\x04", b"hello", zipped({"jobs.csv": b"1" * 900})[:-30]):
        with pytest.raises(BadInput):
            packing.unpack(data, tmp_path)


def test_an_organisation_joins_by_its_own_word(demo: Season) -> None:
    lead = scope_of(User.objects.get(username="dispatcher").person)
    other = make_coop("elsewhere")
    theirs = scope_of(make_person(other, RoleKind.DISPATCHER))
    services.invite(lead, demo.pk, other.pk)
    member = SeasonMember.objects.get(season=demo, org=other)
    assert not member.agreed
    with pytest.raises(Forbidden):
        services.set_agreed(lead, demo.pk, other.pk, agreed=True)
    services.set_agreed(theirs, demo.pk, other.pk, agreed=True)
    member.refresh_from_db()
    assert member.agreed
    services.set_agreed(theirs, demo.pk, other.pk, agreed=False)
    with pytest.raises(Exception, match="no season"):
        services.folder_of(theirs, demo.pk)


def test_what_is_out_of_use_is_not_planned(demo: Season) -> None:
    machine = season_rows(demo).machines[0]
    Machine.objects.filter(pk=machine.pk).update(out_since="2026-01-01")
    assert machine.pk not in {one.pk for one in season_rows(demo).machines}
