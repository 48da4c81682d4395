"""The clerk's grid: read, checked cell by cell, priced, posted all or none, once; the list, downloads and links."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Event, Person, SignedLink
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.templatetags.site import yuan
from nongshi.site.jobs.assumptions import price_range_fen
from nongshi.site.jobs.models import FieldJob
from nongshi.site.register.models import Field


@pytest.fixture
def clerk(coop: Any) -> Any:
    return make_person(coop, RoleKind.CLERK, name="村办", login="c")


@pytest.fixture
def client(clerk: Any) -> Client:
    found = Client()
    found.force_login(clerk.user)
    return found


@pytest.fixture
def fields(coop: Any) -> list[Field]:
    growers = [make_person(coop, RoleKind.FARMER, name=name) for name in ("张三", "李四")]
    return [
        Field.objects.create(
            org=coop, ref=f"F{n}", name=f"东塘{n}号田", place="万春村", grower=growers[n % 2], area_ha=1 + n / 10,
            gate_lon=121.2 + n / 5000, gate_lat=30.8,
        )
        for n in range(4)
    ]  # fmt: skip


def ask(client: Client, what: str, **body: Any) -> Any:
    return client.post(
        f"/clerk/{what}", json.dumps(body), content_type="application/json", HTTP_ACCEPT="application/json"
    )


def row(field: Field | None = None, **more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    said = {"operation": "rice_harvest", "since": today.isoformat(), "until": (today + timedelta(days=3)).isoformat()}
    return said | ({"field_id": field.pk} if field else {}) | more


def post(client: Client, rows: list[dict[str, Any]], key: str = "key-of-a-test", **more: Any) -> Any:
    return ask(client, "post", key=key, rows=rows, **({"how": "wechat"} | more))


def test_text_becomes_rows_with_their_fields_and_doubts(client: Client, fields: list[Field]) -> None:
    rows = ask(client, "read", text="张三 东塘2号田 收割 明天\n李四 12亩左右 明天\n赵六 西塘 5亩 打捆 明天").json()[
        "rows"
    ]
    assert [one["field_id"] for one in rows] == [fields[2].pk, None, None]
    assert rows[0]["doubts"] == []
    assert {one["cell"] for one in rows[1]["doubts"]} == {"area", "work"}
    assert [one["id"] for one in rows[1]["choices"]] == [fields[1].pk, fields[3].pk]


def test_each_fault_stands_beside_its_cell(client: Client, fields: list[Field]) -> None:
    wrong = [
        row(fields[0], operation="dance"),
        row(fields[0], area_ha=9),
        row(fields[0], area_ha="x"),
        row(fields[0], since="", until=""),
        row(fields[0], until="2020-01-01"),
        row(fields[0], since="2099-01-01"),
        row(grower="赵六", place="西塘"),
        row(grower="李四"),
        row(place="nowhere"),
        row(new=True),
    ]
    checked = ask(client, "check", rows=wrong, quote=True).json()
    cells = [{one["cell"] for one in shown["faults"]} for shown in checked["rows"]]
    assert cells[:7] == [{"work"}, {"area"}, {"area"}, {"since", "until"}, {"until"}, {"until"}, {"grower"}]
    assert cells[7:] == [{"field"}, {"field"}, {"grower", "field", "area"}]
    assert checked["faults"] == len(wrong)


def test_prices_are_summed_and_work_asked_for_twice_is_told(client: Client, fields: list[Field]) -> None:
    checked = ask(client, "check", rows=[row(fields[0]), row(fields[1]), row(fields[0])], quote=True).json()
    assert [bool(one["price"]) for one in checked["rows"]] == [True, True, True]
    each = [price_range_fen("rice_harvest", field.area_ha) for field in (*fields[:2], fields[0])]
    assert checked["price"] == " – ".join(yuan(sum(ends)) for ends in zip(*each, strict=True))
    assert [len(one["doubts"]) for one in checked["rows"]] == [0, 0, 1]
    post(client, [row(fields[0])])
    again = ask(client, "check", rows=[row(fields[0])]).json()
    assert FieldJob.objects.get().ref in again["rows"][0]["doubts"][0]["words"]


def test_all_are_posted_with_who_said_so_or_none(client: Client, clerk: Any, fields: list[Field]) -> None:
    answer = post(client, [row(fields[0]), row(fields[1], area_ha=99)])
    assert (answer.status_code, FieldJob.objects.count()) == (422, 0)
    assert answer.json()["rows"][1]["faults"][0]["cell"] == "area"
    answer = post(client, [row(fields[0]), row(fields[1])], how="")
    assert (answer.status_code, answer.json()["how"], FieldJob.objects.count()) == (422, False, 0)
    answer = post(client, [row(fields[0], pool="r1"), row(fields[1], pool="r1"), {}])
    assert answer.status_code == 201
    jobs = FieldJob.objects.order_by("pk")
    assert [job.said_by for job in jobs] == ["微信：张三", "微信：李四"]
    assert {(job.posted_by_id, job.pool) for job in jobs} == {(clerk.pk, "r1")}
    assert Event.objects.filter(name="JobPosted", data__said_by="微信：张三").count() == 1


def test_the_same_grid_sent_twice_is_posted_once(client: Client, fields: list[Field]) -> None:
    first, second = post(client, [row(fields[0])]), post(client, [row(fields[0])])
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["jobs"] == second.json()["jobs"]
    assert FieldJob.objects.count() == 1
    assert post(client, [row(fields[1])]).status_code == 400


def test_new_growers_and_fields_are_made_in_the_same_go(client: Client, coop: Any, fields: list[Field]) -> None:
    new = {"grower": "赵六", "phone": "13800001111", "place": "万春村西塘", "area_ha": 0.8, "new": True}
    assert post(client, [row(**new), row(**new, operation="bale") | {"operation": "bale"}]).status_code == 201
    field = Field.objects.get(name="万春村西塘")
    assert (field.grower.name, field.grower.phone, field.place, field.org_id) == (
        "赵六",
        "13800001111",
        "万春村",
        coop.pk,
    )
    assert field.gate_lon == pytest.approx(121.2 + 1.5 / 5000)
    assert set(field.jobs.values_list("operation", flat=True)) == {"rice_harvest", "bale"}
    assert Person.objects.filter(name="赵六").count() == 1
    bad = post(client, [row(**(new | {"place": "别处"})), row(fields[0], area_ha=50)], key="another-key")
    assert (bad.status_code, Field.objects.filter(name="别处").count()) == (422, 0)


def test_neighbours_are_offered_as_a_round_until_they_are_pooled(client: Client, fields: list[Field]) -> None:
    rows = [row(one) for one in fields[:3]]
    (one,) = ask(client, "check", rows=rows).json()["rounds"]
    assert (one["rows"], len(one["names"])) == ([0, 1, 2], 3)
    assert ask(client, "check", rows=[one | {"pool": "r"} for one in rows]).json()["rounds"] == []


def test_others_fields_are_out_of_reach(client: Client, fields: list[Field]) -> None:
    elsewhere = make_coop("elsewhere")
    other = Field.objects.create(org=elsewhere, ref="X", name="远田", area_ha=1, gate_lon=121, gate_lat=30)
    assert post(client, [row(other)]).status_code == 422
    assert ask(client, "read", text="远田 收割 明天").json()["rows"][0]["field_id"] is None
    stranger = make_person(elsewhere, RoleKind.CLERK, login="d")
    theirs = Client()
    theirs.force_login(stranger.user)
    post(client, [row(fields[0])])
    assert theirs.get("/clerk/jobs/").context["rows"] == []
    assert theirs.post(f"/clerk/link/{fields[0].grower_id}").status_code == 404


@pytest.mark.parametrize("body", ["", "[]", "{", '{"rows": 3}', '{"rows": [3]}', '{"rows": [null]}', "[" * 9000])
def test_a_request_that_no_page_sends_is_refused_with_words(client: Client, body: str) -> None:
    for what in ("check", "post"):
        answer = client.post(f"/clerk/{what}", body, content_type="application/json", HTTP_ACCEPT="application/json")
        assert answer.status_code == 422
        assert answer.json()["detail"]


def test_odd_values_in_cells_are_faults_not_crashes(client: Client, fields: list[Field]) -> None:
    odd: list[Any] = [None, 1, -1, 1e300, "1e999", "nan", [], {}, True, "\x00", "9" * 400, "0001-01-01", "9999-12-31"]
    for name in ("field_id", "area_ha", "since", "until", "operation", "grower", "place", "new", "pool"):
        rows = [row(fields[0], **{name: value}) for value in odd]
        assert ask(client, "check", rows=rows, quote=True).status_code == 200, name


def test_the_list_is_narrowed_and_taken_home(client: Client, fields: list[Field]) -> None:
    post(client, [row(fields[0], note="=1+1"), row(fields[1], operation="bale")])
    assert len(client.get("/clerk/jobs/").context["rows"]) == 2
    assert len(client.get("/clerk/jobs/", {"q": "张三", "status": "posted", "place": "万春村"}).context["rows"]) == 1
    assert client.get("/clerk/jobs/", {"day": "2026-12-01"}).context["rows"] == []
    assert client.get("/clerk/jobs/", {"day": "x", "status": "y", "posted": "z"}).status_code == 200
    text = client.get("/clerk/jobs.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 3
    assert {line[2] for line in lines[1:]} == {"张三", "李四"}
    assert "'=1+1" in {line[15] for line in lines}
    book = zipfile.ZipFile(io.BytesIO(client.get("/clerk/jobs.xlsx", {"q": "张三"}).content))
    assert "张三" in book.read("xl/sharedStrings.xml").decode()
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_link_lets_a_farmer_in_and_nobody_with_more_rights(
    client: Client, coop: Any, clerk: Any, fields: list[Field]
) -> None:
    answer = client.post(f"/clerk/link/{fields[0].grower_id}")
    assert answer.status_code == 200
    secret = answer.context["url"].rpartition("/l/")[2]
    assert Client().get(f"/l/{secret}", follow=True).redirect_chain[-1][0] == "/farmer/"
    both = make_person(coop, RoleKind.FARMER, RoleKind.DISPATCHER, name="王五")
    assert client.post(f"/clerk/link/{both.pk}").status_code == 403
    assert client.post(f"/clerk/link/{clerk.pk}").status_code == 403
    assert SignedLink.objects.count() == 1


def test_pages_speak_one_language_and_refuse_others(client: Client, fields: list[Field]) -> None:
    post(client, [row(fields[0])])
    allowed = frozenset({"Excel", "WPS", "Tab", "Ctrl", "D"})
    for path in ("/clerk/", "/clerk/jobs/"):
        assert leftovers(client, path, allowed=allowed) == []
        assert Client().get(path).status_code == 403
