"""The table that gives items of position reports their names and units; rows of one's own replace and extend it.

Items of the standard, items that makers added, and items of farm machines (depth, width, work switch) all stand in one
editable table, items.csv beside this file; docs/jt808.md tells how to write rows.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808.item_rows import COLUMNS, ItemRow, Value, row_of
from nongshi.tracks.jt808.position import PositionReport


class ItemTable:
    """Rows by vendor and path. A vendor's rows of a path stand in place of the common rows of that path.

    >>> table = standard_items()
    >>> report = PositionReport(0, 3, 30.8, 121.2, 4, 6.5, 90, bytes.fromhex("261101073000"), bytes.fromhex("310e"))
    >>> table.values(report)["ignition"]
    True
    >>> table.write({"depth_cm": 22.5, "working": True}, vendor="agri")
    {224: b'\\x00\\xe1', 226: b'\\x01'}
    """

    __slots__ = ("_by_vendor", "rows")

    def __init__(self, rows: Iterable[ItemRow]) -> None:
        self.rows = tuple(rows)
        self._by_vendor: dict[str, dict[str, tuple[ItemRow, ...]]] = {"": _grouped(self.rows, "")}

    @property
    def vendors(self) -> tuple[str, ...]:
        """Vendors that have rows of their own."""
        return tuple(sorted({row.vendor for row in self.rows} - {""}))

    def extended(self, rows: Iterable[ItemRow]) -> "ItemTable":
        """A table in which these rows stand in place of all rows of the same vendor and path."""
        new = tuple(rows)
        replaced = {(row.vendor, row.path) for row in new}
        return ItemTable([row for row in self.rows if (row.vendor, row.path) not in replaced] + list(new))

    def values(self, report: PositionReport, vendor: str = "") -> dict[str, Value]:
        """Everything the table can name in a report: items, alarm bits, status bits."""
        rows = self._rows(vendor)
        found: dict[str, Value] = {}
        for path, bits in (("status", report.status), ("alarm", report.alarm)):
            self._read(path, bits.to_bytes(4, "big"), rows, found)
        extra, at = report.extra, 0
        while at + 2 <= len(extra):
            stop = at + 2 + extra[at + 1]
            path = f"{extra[at]:02x}"
            if any(row.type.endswith(" to the end") for row in rows.get(path, ())):
                stop = len(extra)
            if stop > len(extra):
                break
            self._read(path, extra[at + 2 : stop], rows, found)
            at = stop
        return found

    def passed_through(self, kind: int, content: bytes, vendor: str = "") -> dict[str, Value]:
        """What the table can name in a 0x0900 of that kind: rows whose path is `0900/` and the kind."""
        found: dict[str, Value] = {}
        self._read(f"0900/{kind:02x}", content, self._rows(vendor), found)
        return found

    def write(self, values: Mapping[str, Value], vendor: str = "") -> dict[int, bytes]:
        """Items that hold these values, one each.

        Raises:
            BadInput: a name that has no row of one byte of id, or a value that does not fit.
        """
        rows = {row.name: row for some in self._rows(vendor).values() for row in some if len(row.path) == 2}
        unknown = sorted(set(values) - set(rows))
        if unknown:
            raise BadInput(f"the item table has no row for {', '.join(unknown)}")
        return {int(rows[name].path, 16): rows[name].write(value) for name, value in values.items()}

    def _rows(self, vendor: str) -> dict[str, tuple[ItemRow, ...]]:
        vendor = vendor.lower()
        found = self._by_vendor.get(vendor)
        if found is None:
            own = _grouped(self.rows, vendor)
            if not own:
                return self._by_vendor[""]
            found = self._by_vendor[vendor] = self._by_vendor[""] | own
        return found

    def _read(self, path: str, item: bytes, rows: Mapping[str, tuple[ItemRow, ...]], found: dict[str, Value]) -> None:
        for row in rows.get(path, ()):
            if not row.is_nest:
                found |= row.read(item)
            elif row.fits(len(item)):
                for inner, value in row.nested(item):
                    self._read(inner, value, rows, found)


def _grouped(rows: Iterable[ItemRow], vendor: str) -> dict[str, tuple[ItemRow, ...]]:
    found: dict[str, tuple[ItemRow, ...]] = {}
    for row in rows:
        if row.vendor == vendor:
            found[row.path] = (*found.get(row.path, ()), row)
    return found


def parse_items(text: str) -> tuple[ItemRow, ...]:
    """Rows from the text of a table: first line the columns, no commas inside cells, columns may be left out.

    >>> row, = parse_items("vendor,path,name,type,scale,unit\\nacme,e5,depth_cm,u16,0.1,cm\\n")
    >>> row.read(bytes.fromhex("00e1"))
    {'depth_cm': 22.5}

    Raises:
        BadInput: an unknown column, or a cell that means nothing; names its row.
    """
    lines = [line.rstrip("\r") for line in text.lstrip("\ufeff").split("\n")]
    columns = [column.strip() for column in lines[0].split(",")]
    strange = sorted(set(columns) - set(COLUMNS))
    if strange or not {"path", "name", "type"} <= set(columns):
        raise BadInput(f"row 1: columns of an item table are {', '.join(COLUMNS)}; got {', '.join(columns)}")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = dict(zip(columns, (cell.strip() for cell in line.split(",")), strict=False))
        try:
            rows.append(row_of({column: cells.get(column, "") for column in COLUMNS}))
        except BadInput as fault:
            raise BadInput(f"row {number}: {fault}") from fault
    return tuple(rows)


@cache
def standard_items() -> ItemTable:
    """The table that comes with the package."""
    return ItemTable(parse_items(files("nongshi.tracks.jt808").joinpath("items.csv").read_text(encoding="utf-8")))
