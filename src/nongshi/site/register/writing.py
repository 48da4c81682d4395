"""Lists as files: XLSX, CSV (UTF-8 with mark) and GeoJSON, and the empty template of each list."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import shapely
import xlsxwriter

from nongshi.files.sheets import guard
from nongshi.site.register.cells import write_cell
from nongshi.site.register.columns import ListKind

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
}
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
WIDTH = 16


def table_of(kind: ListKind, rows: Iterable[Any], twice: frozenset[str], *, english: bool) -> list[list[str]]:
    """Header and cells of a list, as texts."""
    heads = [column.name if english else column.zh for column in kind.written]
    return [heads, *([write_cell(column, row, twice) for column in kind.written] for row in rows)]


def write_list(kind: ListKind, rows: Iterable[Any], shape: str, twice: frozenset[str], *, english: bool) -> bytes:
    """A list as a file's bytes; `shape` is a key of FORMATS."""
    if shape == "geojson":
        return geojson_bytes(kind, rows, twice)
    cells = table_of(kind, rows, twice, english=english)
    return csv_bytes(cells) if shape == "csv" else xlsx_bytes(kind.zh, cells)


def template_of(kind: ListKind, shape: str, *, english: bool) -> bytes:
    """The header and one row that shows how cells are written."""
    heads = [column.name if english else column.zh for column in kind.taken]
    cells = [heads, [column.example for column in kind.taken]]
    return csv_bytes(cells) if shape == "csv" else xlsx_bytes(kind.zh, cells)


def csv_bytes(cells: Sequence[Sequence[str]]) -> bytes:
    """CSV as Excel in China opens it: UTF-8 with its mark."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([guard(cell) for cell in row] for row in cells)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def xlsx_bytes(title: str, cells: Sequence[Sequence[str]]) -> bytes:
    """One sheet; every cell is a text, none a formula."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN) as book:
        page = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "bg_color": "#123F2D", "font_color": "#FFFFFF", "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        page.set_column(0, max(0, len(cells[0]) - 1), WIDTH, text)
        for at, row in enumerate(cells):
            for column, cell in enumerate(row):
                page.write_string(at, column, guard(cell), head if at == 0 else text)
        page.freeze_panes(1, 1)
    return buffer.getvalue()


def geojson_bytes(kind: ListKind, rows: Iterable[Any], twice: frozenset[str]) -> bytes:
    """Outlines where there are any, points elsewhere."""
    features = [
        {
            "type": "Feature",
            "id": row.ref,
            "geometry": _geometry(kind, row),
            "properties": {column.name: write_cell(column, row, twice) for column in kind.columns},
        }
        for row in rows
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False).encode()


def _geometry(kind: ListKind, row: Any) -> Any:
    outline = row.geometry if kind.outlined else None
    if outline is not None:
        return json.loads(shapely.to_geojson(outline))
    lon, lat = kind.point
    return {"type": "Point", "coordinates": [getattr(row, lon), getattr(row, lat)]} if lon else None
