"""A list as it was sent (XLSX, CSV of any common encoding, GeoJSON): rows by our column names, or what is wrong."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.validation import explain_validity

from nongshi.core.said import say
from nongshi.files.decode import UnknownEncoding, decode
from nongshi.files.faults import Faults
from nongshi.files.rows import Row
from nongshi.files.sheets import unguard
from nongshi.site.register.columns import ListKind, bare

ROWS_MAX = 50_000  # assumption: a district's fields
BYTES_MAX = 20 * 2**20
UNPACKED_MAX = 200 * 2**20  # an Excel file unpacked; more is no list
CELL_MAX = 2_000
SEPARATORS = ",;\t"
IGNORED = frozenset({"area_ha", "org", "computed_ha", "generated"})  # said by our own files, decided elsewhere


@dataclass(frozen=True, slots=True)
class Given:
    """One row of a file."""

    number: int  # 1 is the header of a table; the feature's number in GeoJSON
    row: Row
    geometry: Any | None = None


@dataclass(frozen=True, slots=True)
class GivenList:
    """All rows of a file, and which columns it has."""

    columns: frozenset[str]
    rows: tuple[Given, ...]
    with_outlines: bool = False


def read_list(kind: ListKind, file: str, data: bytes, faults: Faults) -> GivenList:
    """The rows of a file; what is wrong with it as a whole, or with a row, is noted and the rest is read."""
    if len(data) > BYTES_MAX:
        faults.add(file, say("is larger than %(value)s MB", value=BYTES_MAX // 2**20), "send it in parts")
        return GivenList(frozenset(), ())
    if data[:4] == b"PK\x03\x04":
        return _from_cells(kind, file, _sheet(file, data, faults), faults)
    try:
        text = decode(data)
    except UnknownEncoding as error:
        faults.add(file, str(error), "save it again as .xlsx, or as 'CSV UTF-8'")
        return GivenList(frozenset(), ())
    if text.lstrip()[:1] in ("{", "["):
        return _from_geojson(kind, file, text, faults)
    return _from_cells(kind, file, _csv(kind, file, text, faults), faults)


def _csv(kind: ListKind, file: str, text: str, faults: Faults) -> list[list[str]]:
    first = text.partition("\n")[0]
    separator = max(
        SEPARATORS, key=lambda sign: sum(kind.find(cell.strip('"\r ')) is not None for cell in first.split(sign))
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        mend = 'look for a lone double quote in or above that line; inside a quoted cell write it twice ("")'
        faults.add(file, say("line %(line_num)s is no CSV: %(error)s", line_num=reader.line_num, error=error), mend)
        return []


def _sheet(file: str, data: bytes, faults: Faults) -> list[list[str]]:
    mend = "save it again as .xlsx, or as 'CSV UTF-8'"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        faults.add(file, say("is no Excel file that can be read: %(error)s", error=error), mend)
        return []
    if unpacked > UNPACKED_MAX:
        faults.add(
            file, say("is larger than %(value)s MB when unpacked", value=UNPACKED_MAX // 2**20), "send it in parts"
        )
        return []
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=ROWS_MAX + 2)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of its Rust code is no Exception
        faults.add(file, say("is no Excel file that can be read: %(value)s", value=str(error)[:120]), mend)
        return []
    return [[_cell_text(cell) for cell in row] for row in rows]


def _cell_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _from_cells(kind: ListKind, file: str, cells: Sequence[Sequence[str]], faults: Faults) -> GivenList:
    if not cells or not any(cell.strip() for cell in cells[0]):
        if not len(faults):
            faults.add(file, "the file is empty", "its first row must name the columns; load the template", row=1)
        return GivenList(frozenset(), ())
    names = _header(kind, file, cells[0], faults)
    if names is None:
        return GivenList(frozenset(), ())
    if len(cells) > ROWS_MAX + 1:
        faults.add(file, say("has more than %(most)s rows", most=ROWS_MAX), "send it in parts")
        return GivenList(frozenset(), ())
    rows = []
    for number, given in enumerate(cells[1:], start=2):
        said = [unguard(cell.strip()) for cell in given]
        if not any(said):
            continue
        row = Row(file, number, {name: cell for name, cell in zip(names, said, strict=False) if name}, faults)
        beyond = [cell for cell in said[len(names) :] if cell]
        if beyond:
            row.fault(None, "the row has more cells than the header", "put a text with a comma into double quotes")
        rows.append(Given(number, row))
    return GivenList(frozenset(filter(None, names)), tuple(rows))


def _header(kind: ListKind, file: str, heads: Sequence[str], faults: Faults) -> list[str] | None:
    names = []
    for head in heads:
        found = kind.find(head)
        said = head.strip()
        if found is None and said and said.lower() not in IGNORED and said not in ("组织", "面积（公顷）"):
            known = ", ".join(column.zh for column in kind.columns)
            faults.add(
                file,
                "we know no such column",
                say("delete or rename it; we know: %(known)s", known=known),
                row=1,
                column=said[:40],
            )
        names.append(found.name if found and found.only != "out" else "")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    for name in twice:
        faults.add(file, "the column stands twice", "delete or rename one of the two", row=1, column=name)
    lacking = kind.key_needed and "ref" not in names
    if lacking:
        faults.add(file, "the column is missing", "add the column 编号 (ref); load the template", row=1, column="ref")
    return None if twice or lacking else names


def _from_geojson(kind: ListKind, file: str, text: str, faults: Faults) -> GivenList:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        faults.add(
            file, say("is no JSON: %(value)s", value=str(error)[:80]), "save it again as GeoJSON from the map program"
        )
        return GivenList(frozenset(), ())
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        faults.add(file, "is no GeoJSON FeatureCollection", "save all rows as one FeatureCollection")
        return GivenList(frozenset(), ())
    if len(features) > ROWS_MAX:
        faults.add(file, say("has more than %(most)s rows", most=ROWS_MAX), "send it in parts")
        return GivenList(frozenset(), ())
    rows, columns, unknown, by_name = [], set(), set(), kind.by_name
    for number, feature in enumerate(features, start=1):
        feature = feature if isinstance(feature, dict) else {}
        properties = feature.get("properties")
        given: dict[str, str] = {}
        for name, value in (properties if isinstance(properties, dict) else {}).items():
            column = by_name.get(bare(str(name)))
            if column is not None and column.only == "out":
                continue
            if column is not None:
                given[column.name] = _property(value)
            elif str(name).lower() not in IGNORED:
                unknown.add(str(name)[:40])
        if "ref" not in given and isinstance(feature.get("id"), str | int):
            given["ref"] = str(feature["id"])
        geometry = feature.get("geometry")
        row = Row(file, number, given, faults)
        found = _geometry(kind, row, geometry) if geometry is not None else None
        if found is not None and found.geom_type == "Point" and kind.point[0]:
            given[kind.point[0]], given[kind.point[1]] = f"{found.x:.7f}", f"{found.y:.7f}"
            found = None
        elif found is not None and "gate_lon" not in given and kind.outlined:
            inside = found.representative_point()
            given["gate_lon"], given["gate_lat"] = f"{inside.x:.7f}", f"{inside.y:.7f}"
        elif found is None and not row.sound and kind.point[0]:  # one fault is enough: the place is not missing, too
            given.setdefault(kind.point[0], "0")
            given.setdefault(kind.point[1], "0")
        columns |= set(given)
        rows.append(Given(number, row, found))
    for name in sorted(unknown)[:20]:
        known = ", ".join(column.name for column in kind.columns)
        faults.add(
            file, "we know no such column", say("delete or rename it; we know: %(known)s", known=known), column=name
        )
    return GivenList(frozenset(columns), tuple(rows), with_outlines=kind.outlined)


def _property(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == value and abs(value) < 1e15 and value.is_integer():
        return str(int(value))
    return str(value).strip()[:CELL_MAX]


def _geometry(kind: ListKind, row: Row, given: Any) -> Any | None:
    """The outline or point of a feature; says where an outline crosses itself."""
    wanted = ("Polygon", "MultiPolygon", "Point") if kind.outlined else ("Point",)
    try:
        found = shape(given)
        points = shapely.get_coordinates(found)
    except Exception as error:  # whatever shapely says of what is no geometry
        row.fault(
            "geometry",
            say("is no geometry: %(value)s", value=str(error)[:80]),
            "save it again from the map program",
            value="",
        )
        return None
    if found.geom_type not in wanted or found.is_empty:
        row.fault(
            "geometry",
            say("is a %(geom_type)s", geom_type=found.geom_type),
            say("it must be: %(wanted)s", wanted=", ".join(wanted)),
            value=found.geom_type,
        )
        return None
    if not (abs(points[:, 0]).max() <= 180 and abs(points[:, 1]).max() <= 90):
        row.fault("geometry", "a point is not on Earth", "write longitude first, then latitude, in degrees", value="")
        return None
    if not found.is_valid:
        where = explain_validity(found)
        row.fault(
            "geometry",
            say("the outline crosses itself: %(where)s", where=where),
            "mend the outline at that point",
            value="",
        )
        return None
    return found
