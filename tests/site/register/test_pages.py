"""The register's pages: who sees and changes what, nothing overwritten, nothing lost, both languages."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadInput
from nongshi.site.base.models import Event, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.models import FieldJob
from nongshi.site.register import codes
from nongshi.site.register.columns import LISTS
from nongshi.site.register.models import CodeTable, Field, Lending, Licence, Machine, Operator, Yard
from nongshi.site.register.outlines import CrossesItself, area_ha_of, differs, overlaps_of, parse_outline

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
SQUARE = {"type": "Polygon", "coordinates": [[[121, 30], [121.001, 30], [121.001, 30.001], [121, 30.001], [121, 30]]]}


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def rows(coop: Any) -> dict[str, Any]:
    """A row in each list."""
    person = make_person(coop, RoleKind.OPERATOR, name="机手甲")
    field = Field(org=coop, ref="F1", name="一号田", area_ha=1.05, gate_lon=121, gate_lat=30)
    field.set_geometry(parse_outline(json.dumps(SQUARE))).save()
    return {
        "fields": field,
        "machines": Machine.objects.create(org=coop, ref="M1", machine_class="combine-full", yard_lon=121, yard_lat=30),
        "operators": Operator.objects.create(org=coop, ref="O1", person=person),
        "yards": Yard.objects.create(org=coop, ref="Y1", name="机库", lon=121, lat=30),
    }


@pytest.fixture
def chief(coop: Any) -> Client:
    return client_of(make_person(coop, RoleKind.DISPATCHER, login="chief", name="调度"))


def test_every_page_is_in_both_languages(chief: Client, rows: dict[str, Any]) -> None:
    for name in LISTS:
        for page in ("", "new/", "import/", "?q=nothing", "?use=out"):
            assert leftovers(chief, f"/register/{name}/{page}") == [], (name, page)
    for name, row in rows.items():
        assert leftovers(chief, f"/register/{name}/{row.pk}/") == []
        assert leftovers(chief, f"/register/{name}/{row.pk}/change/") == []
    assert leftovers(chief, "/register/lendings/") == []
    assert leftovers(chief, "/register/codes/") == []
    for table in CodeTable.objects.all():
        assert leftovers(chief, f"/register/codes/{table.pk}/") == [], table


def test_faults_of_a_file_are_told_in_both_languages(chief: Client, coop: Any) -> None:
    data = "编号,名称,经度,纬度,奇怪\nY1,,121.1,x,1\nY1,a,500,30,\n".encode()
    sent = chief.post("/register/yards/import/", {"org": coop.pk, "file": SimpleUploadedFile("y.csv", data)})
    page = sent.headers["Location"]
    assert leftovers(chief, page) == []
    chief.cookies["django_language"] = "zh-hans"
    shown = chief.get(page).content.decode()
    assert "不是数字" in shown
    assert "没有这样的列" in shown
    assert "与第 2 行重复" in shown


def test_other_roles_are_refused_and_strangers_see_no_row(coop: Any, rows: dict[str, Any]) -> None:
    farmer = client_of(make_person(coop, RoleKind.FARMER, login="f"))
    clerk = client_of(make_person(coop, RoleKind.CLERK, login="c"))
    stranger = client_of(make_person(make_coop("elsewhere"), RoleKind.DISPATCHER, login="s"))
    auditor = client_of(make_person(coop.parent, RoleKind.AUDITOR, login="a"))
    for name, row in rows.items():
        page = f"/register/{name}/{row.pk}/"
        assert farmer.get(page).status_code == 403
        assert clerk.get(page).status_code == (200 if name == "fields" else 403)
        assert stranger.get(page).status_code == 404
        assert stranger.post(f"{page}out/", {"version": 1}).status_code == 404
        assert auditor.get(page).status_code == 200
        assert auditor.get(f"{page}change/").status_code == 404
        assert auditor.post(f"{page}out/", {"version": 1}).status_code == 404
        assert auditor.get(f"/register/{name}/import/").status_code == 403
        assert auditor.get(f"/register/{name}/new/").status_code == 403
    assert stranger.get("/register/fields/export.csv").content.count(b"\n") == 1


def test_a_change_keeps_what_was_typed_when_somebody_was_faster(chief: Client, rows: dict[str, Any]) -> None:
    yard = rows["yards"]
    said = {"ref": "Y1", "lon": "121", "lat": "30", "version": "1"}
    assert chief.post(f"/register/yards/{yard.pk}/change/", said | {"name": "新库"}).status_code == 302
    second = chief.post(f"/register/yards/{yard.pk}/change/", said | {"name": "旧库"})
    assert second.status_code == 409
    assert second.context["form"]["name"].value() == "旧库"
    assert [(mine, theirs) for _, mine, theirs in second.context["others"]] == [("旧库", "新库")]
    again = said | {"name": "旧库", "version": second.context["form"]["version"].value()}
    assert chief.post(f"/register/yards/{yard.pk}/change/", again).status_code == 302
    yard.refresh_from_db()
    assert (yard.name, yard.version) == ("旧库", 3)


def test_a_wrong_form_keeps_what_was_typed(chief: Client, rows: dict[str, Any]) -> None:
    answer = chief.post("/register/yards/new/", {"ref": "Y1", "name": "另一个", "lon": "500", "lat": "30"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"ref", "lon"}
    assert answer.context["form"]["name"].value() == "另一个"


def test_a_field_is_drawn_and_a_crossing_outline_is_refused_with_its_place(chief: Client, coop: Any) -> None:
    said = {"ref": "F9", "name": "画的田", "area_mu": "15", "gate_lon": "121", "gate_lat": "30"}
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    answer = chief.post("/register/fields/new/", said | {"shape": json.dumps(bow)})
    assert answer.status_code == 422
    assert answer.context["fault_at"] == [1.0, 1.0]
    assert chief.post("/register/fields/new/", said | {"shape": json.dumps(SQUARE)}).status_code == 302
    field = Field.objects.get(ref="F9")
    assert field.area_ha == 1.0
    assert field.geometry.equals(parse_outline(json.dumps(SQUARE)))
    judged = chief.post(
        "/register/judge", json.dumps({"shape": json.dumps(bow), "org": coop.pk}), content_type="application/json"
    )
    assert judged.json()["at"] == [1.0, 1.0]


def test_areas_are_true_and_neighbours_are_told(rows: dict[str, Any], coop: Any) -> None:
    outline = parse_outline(json.dumps(SQUARE))
    east_m, north_m = 96.49, 110.85  # of a thousandth of a degree at 30 N, WGS 84
    assert area_ha_of(outline) == pytest.approx(east_m * north_m / 10_000, rel=1e-3)
    (found,) = overlaps_of(outline, coop)
    assert found.field == rows["fields"]
    assert found.area_ha == pytest.approx(area_ha_of(outline))
    assert overlaps_of(outline, coop, but=rows["fields"].pk) == []
    assert differs(1.0, 1.2)
    assert not differs(1.0, 1.09)
    with pytest.raises(CrossesItself):
        parse_outline('{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}')


def test_what_others_need_is_kept_out_of_use_and_the_rest_goes(chief: Client, rows: dict[str, Any], coop: Any) -> None:
    field, yard = rows["fields"], rows["yards"]
    now = field.created
    FieldJob.objects.create(
        org=coop, ref="J", field=field, operation="rice_harvest", area_ha=1, open=now, due=now, close=now,
        value_fen=1, loss_curve="rice",
    )  # fmt: skip
    shown = chief.get(f"/register/fields/{field.pk}/")
    assert [count for _, count in shown.context["hangs"]] == [1]
    assert chief.post(f"/register/fields/{field.pk}/out/", {"version": 9}).status_code == 409
    chief.post(f"/register/fields/{field.pk}/out/", {"version": field.version})
    field.refresh_from_db()
    assert field.out_since is not None
    assert chief.get("/register/fields/").context["page"].paginator.count == 0
    chief.post(f"/register/fields/{field.pk}/back/", {"version": field.version})
    field.refresh_from_db()
    assert field.out_since is None
    chief.post(f"/register/yards/{yard.pk}/out/", {"version": yard.version})
    assert not Yard.objects.exists()
    assert Event.objects.filter(name="RowDeleted").count() == 1


def test_a_machine_says_which_paper_is_missing(chief: Client, rows: dict[str, Any]) -> None:
    machine, today = rows["machines"], date.today()
    for name in ("inspected_until", "insured_until", "permit_until"):
        setattr(machine, name, today + timedelta(days=100))
    machine.oversize_until = today - timedelta(days=1)
    machine.save()
    context = chief.get(f"/register/machines/{machine.pk}/").context
    assert [paper.state for paper in context["papers"]] == ["ok", "ok", "ok", "bad"]
    assert context["missing"] == ["oversize"]
    assert chief.post(f"/register/machines/{machine.pk}/implements/", {"implement-name": "割台"}).status_code == 422
    said = {"implement-name": "割台", "implement-width_m": "2.05"}
    assert chief.post(f"/register/machines/{machine.pk}/implements/", said).status_code == 302
    tool = machine.implements.get()
    chief.post(f"/register/machines/{machine.pk}/implements/{tool.pk}/drop/")
    assert not machine.implements.exists()


def test_a_photo_is_judged_by_its_bytes_and_seen_by_few(
    chief: Client, rows: dict[str, Any], coop: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    operator = rows["operators"]
    page = f"/register/operators/{operator.pk}/licences/"
    said = {"licence-licence_class": "S", "licence-valid_until": "2030-01-01"}
    evil = SimpleUploadedFile("x.png", b"<html><script>", content_type="image/png")
    assert chief.post(page, said | {"licence-photo": evil}).status_code == 422
    assert not Licence.objects.exists()
    photo = SimpleUploadedFile("../../evil.html", PNG, content_type="text/html")
    assert chief.post(page, said | {"licence-photo": photo}).status_code == 302
    licence = Licence.objects.get()
    assert licence.photo.name.startswith("licences/")
    assert licence.photo.name.endswith(".png")
    shown = chief.get(f"{page}{licence.pk}/photo")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/png")
    clerk = client_of(make_person(coop, RoleKind.CLERK, login="c"))
    assert clerk.get(f"{page}{licence.pk}/photo").status_code == 403
    far = client_of(make_person(make_coop("elsewhere"), RoleKind.DISPATCHER, login="d"))
    assert far.get(f"{page}{licence.pk}/photo").status_code == 404


def test_what_is_lent_is_seen_by_both_sides_and_taken_back(chief: Client, rows: dict[str, Any], coop: Any) -> None:
    other = make_coop("elsewhere")
    theirs = client_of(make_person(other, RoleKind.DISPATCHER, login="d"))
    machine, today = rows["machines"], date.today()
    said = {"which": f"machine:{machine.pk}", "to": other.pk, "since": today, "until": today + timedelta(days=3)}
    assert theirs.get(f"/register/machines/{machine.pk}/").status_code == 404
    assert chief.post("/register/lendings/new/", said).status_code == 302
    assert chief.post("/register/lendings/new/", said).status_code == 422
    assert theirs.get(f"/register/machines/{machine.pk}/").status_code == 200
    assert theirs.get(f"/register/machines/{machine.pk}/change/").status_code == 404
    lending = Lending.objects.get()
    assert list(theirs.get("/register/lendings/").context["borrowed"]) == [lending]
    assert theirs.post(f"/register/lendings/{lending.pk}/back/").status_code == 404
    assert leftovers(theirs, "/register/lendings/") == []
    chief.post(f"/register/lendings/{lending.pk}/back/")
    assert theirs.get(f"/register/machines/{machine.pk}/").status_code == 404


def test_code_tables_come_once_and_local_codes_are_understood(coop: Any) -> None:
    before = CodeTable.objects.count()
    assert codes.keep_tables() == 1  # areas, which come with the first organisations
    assert codes.keep_tables() == 0
    assert CodeTable.objects.count() == before + 1
    assert all(table.source and table.since for table in CodeTable.objects.all())
    officer = make_person(coop.parent, RoleKind.OFFICER, login="o")
    table = codes.newest_table("machine_class")
    assert table is not None
    first, second = table.codes.order_by("code")[:2]
    client = client_of(officer)
    page = f"/register/codes/{table.pk}/"
    assert client.post(page, {f"local-{first.pk}": "JS-01", f"local-{second.pk}": "JS-01"}).status_code == 422
    assert client.post(page, {f"local-{first.pk}": "JS-01"}).status_code == 302
    assert dict(codes.names_of("machine_class", coop))["js-01"] == first.code
    assert dict(codes.names_of("machine_class", coop))[first.name.lower()] == first.code
    assert "JS-01" in client.get(f"{page}export.csv").content.decode()
    with pytest.raises(BadInput):
        codes.set_local(scope_of(officer), coop.parent, table, {first.pk: second.code})
    clerk = client_of(make_person(coop, RoleKind.CLERK, login="c"))
    assert clerk.post(page, {f"local-{first.pk}": "X"}).status_code == 403


def test_a_newer_edition_stands_beside_the_older(db: None) -> None:
    table = CodeTable.objects.get(name="operation")
    newer = CodeTable.objects.create(name="operation", edition="2099", source="x", since=date(2099, 1, 1))
    assert codes.newest_table("operation") == newer
    codes.keep_tables()
    assert CodeTable.objects.filter(name="operation").count() == 2
    assert table.codes.exists()


def test_search_filter_sort_and_pages(chief: Client, coop: Any) -> None:
    Field.objects.bulk_create(
        Field(org=coop, ref=f"F{i:03}", name=f"田{i}", area_ha=i + 1, gate_lon=121, gate_lat=30) for i in range(45)
    )
    assert len(chief.get("/register/fields/").context["rows"]) == 30
    assert len(chief.get("/register/fields/?page=2").context["rows"]) == 15
    assert chief.get("/register/fields/?q=F007").context["page"].paginator.count == 1
    largest = chief.get("/register/fields/?sort=-area_mu").context["rows"][0]["row"]
    assert largest.ref == "F044"
    assert chief.get("/register/fields/export.csv?q=F007").content.count(b"\n") == 2
    assert chief.get("/register/nothing/").status_code == 404
    assert User.objects.filter(username="chief").exists()
