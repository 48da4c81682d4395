"""OGC API Features: the documents, who gets what, pages, filters, faults."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.feeds.land import make_field, make_job, make_machine, signed_in
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.gateway.store import PositionStore
from nongshi.geo.track import make_track
from nongshi.site.base.models import Org, OrgKind
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import make_token
from nongshi.site.feeds import positions
from nongshi.site.feeds.ogc_query import LIMIT_MAX
from nongshi.site.feeds.ogc_rows import COLLECTIONS
from nongshi.site.register.models import Field, Machine

ROOT = "/feeds/ogc"


@pytest.fixture
def coop(db: None) -> Org:
    return make_coop()


@pytest.fixture
def client(coop: Org) -> Client:
    return signed_in(make_person(coop, RoleKind.DISPATCHER, login="li"))


def got(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(f"{ROOT}{path}", headers=headers)
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def ids(client: Client, path: str) -> list[int]:
    return [one["id"] for one in got(client, path)["features"]]


def test_documents_lead_from_one_to_the_next(client: Client, coop: Org) -> None:
    field = make_field(coop)
    landing = got(client, "/")
    links = {one["rel"]: one["href"].partition(ROOT)[2] for one in landing["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    for rel in ("service-desc", "conformance", "data"):
        got(client, links[rel])
    (fields,) = [one for one in got(client, links["data"])["collections"] if one["id"] == "fields"]
    assert fields["extent"]["spatial"]["bbox"] == [[121.2, 30.8, 121.2, 30.8]]
    items = next(one for one in fields["links"] if one["rel"] == "items")
    (feature,) = got(client, items["href"].partition(ROOT)[2])["features"]
    assert feature == {k: v for k, v in got(client, f"/collections/fields/items/{field.pk}").items() if k != "links"}


def test_media_types_are_those_of_the_standard(client: Client, coop: Org) -> None:
    field = make_field(coop)
    for path, kind in (
        ("/", "application/json"),
        ("/api", "application/vnd.oai.openapi+json;version=3.0"),
        ("/collections/fields/items", "application/geo+json"),
        (f"/collections/fields/items/{field.pk}", "application/geo+json"),
    ):
        assert client.get(ROOT + path).headers["Content-Type"] == kind


def test_nobody_gets_features_without_a_key_that_may_read(client: Client, coop: Org) -> None:
    field, person = make_field(coop), make_person(coop, RoleKind.CLERK)
    answer = Client().get(f"{ROOT}/collections/fields/items")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="nongshi"')
    assert answer.headers["Content-Type"] == "application/problem+json"
    items = "/collections/fields/items"
    read, write = make_token(person, "gis", ["read"]), make_token(person, "other", ["write"])
    found = got(Client(), items, authorization=f"Bearer {read}")
    assert [one["id"] for one in found["features"]] == [field.pk]
    got(Client(), items, 403, authorization=f"Bearer {write}")
    got(Client(), items, 401, authorization="Bearer nst_wrong")
    got(client, items, 401, authorization="Bearer nst_wrong")  # a key that does not hold is not passed over


def test_rows_of_others_are_neither_listed_nor_found(client: Client, coop: Org) -> None:
    other = make_coop("elsewhere")
    mine, theirs = make_field(coop), make_field(other, "F9")
    assert ids(client, "/collections/fields/items") == [mine.pk]
    got(client, f"/collections/fields/items/{theirs.pk}", 404)
    farmer = make_person(coop, RoleKind.FARMER, login="zhang")
    own = make_field(coop, "F2", grower=farmer)
    assert ids(signed_in(farmer), "/collections/fields/items") == [own.pk]
    officer = make_person(coop.parent, RoleKind.OFFICER, login="officer")
    assert ids(signed_in(officer), "/collections/fields/items") == [mine.pk, own.pk]


def test_pages_hold_each_feature_once_and_lead_on_and_back(client: Client, coop: Org) -> None:
    rows = [make_field(coop, f"F{n}") for n in range(7)]
    found, path, pages = [], "/collections/fields/items?limit=3&crop=rice", 0
    while path:
        page = got(client, path)
        assert page["numberMatched"] == 7
        assert page["numberReturned"] == len(page["features"])
        found += [one["id"] for one in page["features"]]
        links = {one["rel"]: one["href"].partition(ROOT)[2] for one in page["links"]}
        assert ("prev" in links) == (pages > 0)
        path, pages = links.get("next", ""), pages + 1
    assert found == [row.pk for row in rows]
    assert pages == 3
    assert ids(client, "/collections/fields/items?offset=100") == []


def test_twenty_thousand_fields_come_in_pages(client: Client, coop: Org) -> None:
    one = make_field(coop)
    values = {f.name: getattr(one, f.name) for f in Field._meta.fields if f.name not in ("id", "ref")}
    Field.objects.bulk_create([Field(**values, ref=f"N{n}") for n in range(20_000)], batch_size=2_000)
    page = got(client, f"/collections/fields/items?limit=100000&offset={20_001 - LIMIT_MAX}")
    assert (page["numberMatched"], page["numberReturned"]) == (20_001, LIMIT_MAX)
    assert "next" not in {link["rel"] for link in page["links"]}


def test_a_box_finds_what_meets_it(client: Client, coop: Org) -> None:
    near, far = make_field(coop, "F1", lon=121.2), make_field(coop, "F2", lon=121.5)
    gate = Field.objects.create(org=coop, ref="F3", name="无边界", area_ha=1, gate_lon=121.2, gate_lat=30.8)
    job = make_job(near)
    assert ids(client, "/collections/fields/items?bbox=121.1,30.7,121.3,30.9") == [near.pk, gate.pk]
    assert ids(client, "/collections/fields/items?bbox=121.1,30.7,0,121.6,30.9,10") == [near.pk, far.pk, gate.pk]
    assert ids(client, "/collections/fields/items?bbox=170,30,121.3,31") == [near.pk, gate.pk]
    assert ids(client, "/collections/jobs/items?bbox=121.1,30.7,121.3,30.9") == [job.pk]
    assert ids(client, "/collections/jobs/items?bbox=121.4,30.7,121.6,30.9") == []


def test_a_time_finds_jobs_whose_window_meets_it(client: Client, coop: Org) -> None:
    field, at = make_field(coop), timezone.now().replace(microsecond=0)
    soon, late = make_job(field, open_at=at), make_job(field, "J2", open_at=at + timedelta(days=20))
    items = "/collections/jobs/items?datetime="
    stamp = at.isoformat().replace("+00:00", "Z")
    assert ids(client, items + stamp) == [soon.pk]
    assert ids(client, f"{items}../{stamp}") == [soon.pk]
    assert ids(client, f"{items}{stamp}/..") == [soon.pk, late.pk]
    assert ids(client, f"{items}{(at + timedelta(days=21)).date()}") == [late.pk]
    assert ids(client, f"/collections/fields/items?datetime={stamp}") == [field.pk]


def test_filters_are_properties(client: Client, coop: Org) -> None:
    town = Org.objects.create(kind=OrgKind.TOWN, code="langxia-town", name="廊下镇", parent=coop.parent)
    coop.parent = town
    coop.save()
    rice, wheat = make_field(coop, "F1"), make_field(coop, "F2")
    Field.objects.filter(pk=wheat.pk).update(crop="wheat")
    done, posted = make_job(rice, "J1", status="done"), make_job(rice, "J2", urgent=True)
    for path, wanted in (
        ("fields/items?crop=wheat", [wheat.pk]),
        ("fields/items?town=廊下镇&crop=rice", [rice.pk]),
        ("fields/items?town=吕巷镇", []),
        ("jobs/items?status=done", [done.pk]),
        ("jobs/items?operation=rice_harvest&urgent=true", [posted.pk]),
        (f"jobs/items?field={wheat.pk}", []),
    ):
        assert ids(client, f"/collections/{path}") == wanted, path
    assert got(client, "/collections/fields/items")["features"][0]["properties"]["town"] == "廊下镇"


@pytest.mark.parametrize(
    "query",
    [
        "colour=red", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=121,31,122,30", "bbox=nan,1,2,3", "bbox=inf,0,1,1",
        "datetime=tomorrow", "datetime=2026-11-30/2026-11-01", "datetime=2026-11-30T00:00:00", "limit=0", "limit=x",
        "offset=-1", "status=finished", "urgent=perhaps", "field=x", "f=html", "datetime=%00", "operation=a%00b",
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_right_is_named(client: Client, query: str) -> None:
    fault = got(client, f"/collections/jobs/items?{query}", 400)
    assert fault["status"] == 400
    assert fault["detail"]


def test_what_is_not_there_is_a_problem_document(client: Client) -> None:
    for path in (
        "/collections/cows",
        "/collections/cows/items",
        "/collections/fields/items/77",
        "/collections/fields/items/99999999999999999999",
    ):
        assert got(client, path, 404)["type"] == "urn:nongshi:not_found"


def test_what_did_not_change_is_not_sent_again(client: Client, coop: Org) -> None:
    field, path = make_field(coop), f"{ROOT}/collections/fields/items"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    Field.objects.filter(pk=field.pk).update(crop="wheat")  # no change of `changed`
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_outlines_are_rounded_and_name_nobody(client: Client, coop: Org) -> None:
    farmer = make_person(coop, RoleKind.FARMER, name="张三丰")
    field = make_field(coop, lon=121.123456789, grower=farmer)
    feature = got(client, f"/collections/fields/items/{field.pk}")
    numbers = [number for point in feature["geometry"]["coordinates"][0] for number in point]
    assert all(number == round(number, 7) for number in numbers)
    assert "张三丰" not in json.dumps(feature, ensure_ascii=False)


def test_a_machine_stands_at_its_yard_until_its_terminal_reported(
    client: Client, coop: Org, tmp_path: Any, settings: Any
) -> None:
    machine = make_machine(coop, terminal="013912345678")
    (yard,) = got(client, "/collections/machines/items")["features"]
    assert (yard["properties"]["position_source"], yard["geometry"]["coordinates"]) == ("yard", [121.21, 30.81])
    store = PositionStore(tmp_path)
    store.insert_track(make_track(machine.terminal, [1_790_000_000.0], [121.5], [30.5]))
    settings.POSITIONS = str(tmp_path)
    (seen,) = got(client, "/collections/machines/items")["features"]
    assert (seen["properties"]["position_source"], seen["geometry"]["coordinates"]) == ("terminal", [121.5, 30.5])
    assert seen["properties"]["position_at"].startswith("2026-")
    assert ids(client, "/collections/machines/items?bbox=121.4,30.4,121.6,30.6") == [machine.pk]
    assert ids(client, "/collections/machines/items?bbox=121.2,30.8,121.3,30.9") == []
    assert positions.find_places(Machine.objects.all())[machine.pk].lon == 121.5
    store.close()


def test_the_page_for_people_speaks_both_languages(client: Client) -> None:
    assert leftovers(client, f"{ROOT}/page") == []


def test_other_methods_are_refused_as_such(coop: Org) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/", "/conformance", "/collections/fields/items"):
        answer = strict.post(ROOT + path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD"), path


def test_the_description_names_every_parameter(client: Client) -> None:
    paths = got(client, "/api")["paths"]
    assert paths["/"]["get"]["security"] == []
    for name, one in COLLECTIONS.items():
        named = {said["name"] for said in paths[f"/collections/{name}/items"]["get"]["parameters"]}
        assert named == {"bbox", "datetime", "limit", "offset", *one.filters}
