"""Whatever is sent as a list: named faults or a preview, never a crash."""

import io
import json
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.site.world import make_coop

from nongshi.core.errors import BadInput
from nongshi.site.register.columns import LISTS
from nongshi.site.register.importing import make_preview
from nongshi.site.register.outlines import parse_outline
from nongshi.site.seasons import packing

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = st.one_of(
    st.text(max_size=12), st.sampled_from(["=1+1", "2026-02-30", "1e999", "nan", "-1", "是", "S:2029-01-01"])
)
HEADS = st.lists(
    st.sampled_from(sorted({c.zh for k in LISTS.values() for c in k.columns} | {"x", "", "ref"})), max_size=8
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "features", "geometry", "properties", "coordinates", "编号", "id"]), inner
        )
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(sorted(LISTS))


@pytest.fixture
def org(db: None) -> Any:
    return make_coop()


def looked_at(org: Any, name: str, data: bytes) -> None:
    preview = make_preview(LISTS[name], org, "x", data)
    assert all(fault.problem and fault.mend for fault in preview.faults)
    assert preview.faults or all(line.ref for line in preview.lines)


@QUICK
@given(name=NAMES, data=st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_any_bytes(org: Any, name: str, data: bytes) -> None:
    looked_at(org, name, data)


@QUICK
@given(name=NAMES, heads=HEADS, rows=st.lists(st.lists(CELLS, max_size=9), max_size=5), shape=st.sampled_from("cx"))
def test_any_table(org: Any, name: str, heads: list[str], rows: list[list[str]], shape: str) -> None:
    if shape == "c":
        text = "\n".join(",".join(row) for row in [heads, *rows])
        looked_at(org, name, text.encode("utf-8", "surrogatepass"))
        return
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for at, row in enumerate([heads, *rows]):
            for column, cell in enumerate(row):
                page.write_string(at, column, "".join(c for c in cell if c.isprintable()))
    looked_at(org, name, buffer.getvalue())


@QUICK
@given(name=NAMES, features=st.lists(JSON, max_size=4), whole=JSON, wrapped=st.booleans())
def test_any_geojson(org: Any, name: str, features: list[Any], whole: Any, wrapped: bool) -> None:
    document = {"type": "FeatureCollection", "features": features} if wrapped else [whole]
    looked_at(org, name, json.dumps(document).encode())


@QUICK
@given(text=st.text(max_size=60) | JSON.map(json.dumps))
def test_any_outline(text: str) -> None:
    try:
        found = parse_outline(text)
    except BadInput:
        return
    assert found is None or found.is_valid


@QUICK
@given(data=st.binary(max_size=400).map(lambda tail: b"PK\x03\x04" + tail) | st.binary(max_size=100))
def test_any_zip(tmp_path_factory: Any, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("zip")
    try:
        packing.unpack(data, folder)
    except BadInput:
        return
