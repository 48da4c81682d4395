"""Every list leaves in every format and comes back without changing anything; what was changed in it is found."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.site.world import make_person

from nongshi.files.sheets import guard, unguard
from nongshi.site.base.models import User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.register import drafts, importing
from nongshi.site.register.columns import LISTS
from nongshi.site.register.importing import make_preview, names_twice, rows_of
from nongshi.site.register.models import Draft, Dryer, Field, Licence, Machine, Operator, Yard
from nongshi.site.register.writing import template_of, write_list

SHAPES = ("xlsx", "csv", "geojson")


@pytest.fixture
def full(demo: Any) -> Any:
    """The demo's cooperative with something in every list and every kind of cell."""
    org = demo.org
    person = make_person(org, RoleKind.FARMER, name="张三")
    make_person(org, RoleKind.FARMER, name="张三")
    Field.objects.filter(org=org).update(grower=person, crop="rice", hazards='=HYPERLINK("http://x")', variety="-1+1")
    Machine.objects.create(org=org, ref="M9", machine_class="combine-full", yard_lon=121.1234567, yard_lat=30.8)
    driver = Operator.objects.create(org=org, ref="O9", person=make_person(org, RoleKind.OPERATOR, name="李 #四"))
    Licence.objects.create(operator=driver, licence_class="S", valid_until=date(2030, 1, 1))
    Yard.objects.create(org=org, ref="Y1", name="机库", lon=121.1, lat=30.8)
    Dryer.objects.create(
        org=org, ref="D9", lon=121.1, lat=30.8, t_day=60, hold_t=20, down=[["2026-11-01", "2026-11-02"]]
    )
    Machine.objects.filter(org=org).update(
        inspected_until=date(2027, 1, 2), down=[["2026-11-01T08:00", "2026-11-01T12:00"]], width_m=2.05
    )
    Operator.objects.filter(org=org).update(off_days=["2026-11-05"], shared=True)
    return org


def exported(name: str, org: Any, shape: str, *, english: bool = False) -> bytes:
    kind = LISTS[name]
    rows = list(rows_of(kind, kind.model.objects.filter(org=org)))
    assert rows
    return write_list(kind, rows, shape, names_twice([org.pk]), english=english)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_comes_back_as_it_left_changes_nothing(full: Any, name: str, shape: str) -> None:
    for english in (False, True):
        data = exported(name, full, shape, english=english)
        preview = make_preview(LISTS[name], full, f"x.{shape}", data)
        assert preview.faults == ()
        assert {line.state for line in preview.lines} == {"same"}, [line.cells for line in preview.lines][:2]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", LISTS)
def test_a_list_makes_the_same_rows_in_an_organisation_that_has_none(full: Any, name: str, shape: str) -> None:
    from tests.site.world import make_coop

    other, kind = make_coop("elsewhere"), LISTS[name]
    Field.objects.filter(org=full).update(grower=None)
    Operator.objects.filter(ref="O9").update(person=make_person(full, RoleKind.OPERATOR, name="赵六"))
    data = exported(name, full, shape)
    preview = make_preview(kind, other, f"x.{shape}", data)
    assert preview.faults == (), preview.faults[:3]
    importing.keep(kind, other, preview)
    again = make_preview(kind, other, f"x.{shape}", data)
    assert {line.state for line in again.lines} == {"same"}, again.lines[0].cells
    assert kind.model.objects.filter(org=other).count() == kind.model.objects.filter(org=full).count()


def test_a_changed_cell_is_shown_old_and_new_and_raises_the_version(full: Any) -> None:
    first = Field.objects.filter(org=full).order_by("ref").first()
    assert first is not None
    data = f"编号,名称,面积\n{first.ref},新名字,12.5\n".encode("gbk")
    preview = make_preview(LISTS["fields"], full, "改.csv", data)
    assert preview.faults == ()
    (line,) = preview.lines
    assert line.state == "changed"
    assert next((c.name, old, new) for c, old, new in line.cells if c) == ("name", first.name, "新名字")
    importing.keep(LISTS["fields"], full, preview)
    now = Field.objects.get(pk=first.pk)
    assert (now.name, now.version) == ("新名字", first.version + 1)
    assert now.area_ha == pytest.approx(12.5 / 15)
    assert now.grower_id == first.grower_id


def test_faults_are_told_by_row_and_column_and_nothing_is_written(full: Any) -> None:
    data = "编号,机型,停放经度,停放纬度,年检有效期至\nM-1,飞机,121.1,30.8,\nM-2,combine-full,999,30.8,明天\n".encode()
    before = Machine.objects.count()
    preview = make_preview(LISTS["machines"], full, "m.csv", data)
    assert {(f.row, f.column) for f in preview.faults} == {
        (2, "machine_class"), (3, "yard_lon"), (3, "inspected_until"),
    }  # fmt: skip
    assert not preview.may_be_taken
    with pytest.raises(Exception, match="no code that we know"):
        importing.keep(LISTS["machines"], full, preview)
    assert Machine.objects.count() == before


def test_an_import_that_dies_half_way_leaves_nothing(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"N{i},地{i},10,121.1,30.8,新人{i}\n" for i in range(5))
    data = f"编号,名称,面积,田口经度,入口纬度,种植户\n{rows}".encode()
    first = Field.objects.filter(org=full).order_by("ref").first()
    assert first is not None
    data += f"{first.ref},改了,10,121.1,30.8,\n".encode()
    preview = make_preview(LISTS["fields"], full, "n.csv", data)
    assert (preview.count("new"), preview.count("changed")) == (5, 1)

    def dies(share: float, _words: str) -> None:
        if share >= 0.95:
            raise MemoryError

    with pytest.raises(MemoryError):
        importing.keep(LISTS["fields"], full, preview, dies)
    assert not Field.objects.filter(org=full, ref__startswith="N", name__startswith="地").exists()
    assert not User.objects.filter(person__name="新人0").exists()


def test_formulas_are_made_harmless_and_come_back(full: Any) -> None:
    text = exported("fields", full, "csv").decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text
    assert ',"=HYPERLINK' not in text
    for risky in ("=1+1", "+1-1a", "-x", "@a", "\tb", "'=1"):
        assert unguard(guard(risky)) == risky
        assert guard(risky).startswith("'")
    assert guard("-1.5") == "-1.5"


def test_the_template_is_read_as_it_is(coop: Any) -> None:
    for name, kind in LISTS.items():
        for shape in ("xlsx", "csv"):
            preview = make_preview(kind, coop, f"t.{shape}", template_of(kind, shape, english=False))
            assert preview.faults == (), (name, preview.faults)
            assert len(preview.lines) == 1


def test_an_outline_that_crosses_itself_is_refused_with_the_place(full: Any) -> None:
    bow = [[[121.0, 30.0], [121.2, 30.2], [121.2, 30.0], [121.0, 30.2], [121.0, 30.0]]]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": bow},
        "properties": {"编号": "X", "名称": "X", "面积": 3},
    }
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    (fault,) = make_preview(LISTS["fields"], full, "x.geojson", data).faults
    assert "121.1 30.1" in fault.problem


def test_a_file_is_taken_over_once_and_only_as_it_was_shown(full: Any) -> None:
    dispatcher = User.objects.get(username="dispatcher").person
    scope = scope_of(dispatcher)
    data = "编号,名称,经度,纬度\nYX,新库,121.1,30.8\n".encode()
    draft = drafts.keep_draft(scope, "yards", full.pk, "y.csv", data)
    agreed = drafts.seen_counts(drafts.summary_of(drafts.preview_of(draft)))
    Yard.objects.create(org=full, ref="YX", name="别人加的", lon=121.1, lat=30.8)
    from nongshi.site.base.faults import Outdated

    with pytest.raises(Outdated):
        drafts.take_over(scope, draft.pk, agreed)
    agreed = drafts.seen_counts(drafts.summary_of(drafts.preview_of(draft)))
    assert drafts.take_over(scope, draft.pk, agreed) == {"new": 0, "changed": 1, "same": 0}
    with pytest.raises(Exception, match="before"):
        drafts.take_over(scope, draft.pk, agreed)
    assert Yard.objects.get(org=full, ref="YX").name == "新库"


def test_a_large_file_goes_by_the_worker(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from nongshi.site.work.models import Run
    from nongshi.site.work.services import claim, work

    monkeypatch.setattr(drafts, "BY_WORKER_BYTES", 100)
    scope = scope_of(User.objects.get(username="dispatcher").person)
    rows = "".join(f"W{i},库{i},121.1,30.8\n" for i in range(50))
    draft = drafts.keep_draft(scope, "yards", full.pk, "y.csv", f"编号,名称,经度,纬度\n{rows}".encode())
    run = claim(draft.run_id or 0)
    assert run is not None
    work(run)
    kept = Draft.objects.get(pk=draft.pk)
    assert kept.summary["counts"] == {"new": 50, "changed": 0, "same": 0}
    started = drafts.take_over(scope, draft.pk, drafts.seen_counts(kept.summary))
    assert isinstance(started, Run)
    taken = claim(started.pk)
    assert taken is not None
    assert work(taken).state == "done"
    assert Yard.objects.filter(org=full, ref__startswith="W").count() == 50


def test_the_whole_way_by_pages(full: Any) -> None:
    client = Client()
    client.force_login(User.objects.get(username="dispatcher"))
    file = io.BytesIO("编号,名称,经度,纬度\nYP,页面库,121.1,30.8\n".encode())
    file.name = "y.csv"
    sent = client.post("/register/yards/import/", {"org": full.pk, "file": file})
    assert sent.status_code == 302, sent.content.decode()[:500]
    page = client.get(sent.headers["Location"])
    assert page.context["summary"]["counts"]["new"] == 1
    assert not Yard.objects.filter(ref="YP").exists()
    client.post(f"{sent.headers['Location']}take/", {"agreed": page.context["agreed"]})
    assert Yard.objects.filter(ref="YP", org=full).exists()
    for shape in SHAPES:
        answer = client.get(f"/register/yards/export.{shape}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_licences_come_by_their_class_and_keep_their_photo(full: Any) -> None:
    operator = Operator.objects.filter(org=full, licences__isnull=False).first()
    assert operator is not None
    licence = operator.licences.first()
    Licence.objects.filter(pk=licence.pk).update(photo="licences/x.jpg")
    data = f"编号,驾驶证\n{operator.ref},{licence.licence_class}:2031-01-01; 轮式拖拉机:2030-02-02\n".encode()
    preview = make_preview(LISTS["operators"], full, "o.csv", data)
    assert preview.faults == ()
    importing.keep(LISTS["operators"], full, preview)
    held = {one.licence_class: one for one in operator.licences.all()}
    assert held[licence.licence_class].photo.name == "licences/x.jpg"
    assert held["G1"].valid_until == date(2030, 2, 2)
