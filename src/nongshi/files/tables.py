"""Tables as people save them: CSV of any common encoding and separator, or the first sheet of an Excel file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from nongshi.core.said import say
from nongshi.files.decode import UnknownEncoding, decode
from nongshi.files.faults import Faults
from nongshi.files.rows import Row

SEPARATORS = ",;\t"
MEND_ENCODING = "save it again as 'CSV UTF-8'"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by column name (lower case, no stray spaces); its file's name is what faults are told by."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(folder: Path, stem: str, columns: Sequence[str], faults: Faults, *, needed: bool = True) -> Table | None:
    """Read `stem`.csv or `stem`.xlsx; None where it is absent or unusable, which `faults` then says.

    Args:
        folder: where the table lies.
        stem: file name without its ending.
        columns: names that must be in the header; more may be.
        faults: gathers what is wrong.
        needed: whether its absence is a fault.
    """
    path = _find(folder, stem, faults, needed=needed)
    if path is None:
        return None
    if path.suffix == ".xlsx":
        cells = _read_sheet(path, faults)
    else:
        text = read_text(path, faults)
        cells = None if text is None else _split(path.name, text, columns, faults)
    return None if cells is None else _make_table(path.name, cells, columns, faults)


def read_columns(
    path: Path, text: str, columns: Sequence[str], faults: Faults
) -> tuple[dict[str, list[str]], list[int]] | None:
    """Long tables by column instead of by row: (texts by column name, row numbers); None where unusable.

    Much quicker than rows where there are millions of them; blank rows are left out, short ones filled up.
    """
    cells = _split(path.name, text, columns, faults)
    names = None if cells is None else _header(path.name, cells, columns, faults)
    if cells is None or names is None:
        return None
    width = len(names)
    numbers, kept = [], []
    for number, row in enumerate(cells[1:], start=2):
        if any(row):
            numbers.append(number)
            kept.append(row if len(row) == width else (row + [""] * width)[:width])
    by_column = zip(*kept, strict=True) if kept else ((),) * width
    return {name: list(column) for name, column in zip(names, by_column, strict=True) if name}, numbers


def read_text(path: Path, faults: Faults) -> str | None:
    """A file's text whatever its encoding; None where it cannot be read, which `faults` then says."""
    try:
        return decode(path.read_bytes())
    except FileNotFoundError:
        faults.add(
            path.name,
            "the file is missing",
            say("put %(name)s into the folder %(name2)s", name=path.name, name2=path.parent.name),
        )
    except UnknownEncoding as error:
        faults.add(path.name, str(error), MEND_ENCODING)
    except OSError as error:
        faults.add(
            path.name,
            say("cannot be read: %(strerror)s", strerror=error.strerror),
            "check that it is a file and that you may read it",
        )
    return None


def _find(folder: Path, stem: str, faults: Faults, *, needed: bool) -> Path | None:
    """Where the table lies; two of one name leave it open which is meant."""
    plain, sheet = folder / f"{stem}.csv", folder / f"{stem}.xlsx"
    if plain.exists() and sheet.exists():
        faults.add(
            plain.name,
            say("%(name)s lies beside it", name=sheet.name),
            "keep one of the two, so that it is clear which counts",
        )
        return None
    if plain.exists() or sheet.exists():
        return plain if plain.exists() else sheet
    if needed:
        faults.add(
            plain.name,
            "the file is missing",
            say("put %(name)s (or %(name2)s) into the folder", name=plain.name, name2=sheet.name),
        )
    return None


def _split(file: str, text: str, columns: Sequence[str], faults: Faults) -> list[list[str]] | None:
    """Cells of a CSV text, by the separator that finds most of the columns in the header."""
    header = text.partition("\n")[0]

    def known(separator: str) -> int:
        return len(set(columns) & {_name(cell.strip('"\r')) for cell in header.split(separator)})

    separator = max(SEPARATORS, key=known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        mend = 'look for a lone double quote in or above that line; inside a quoted cell write it twice ("")'
        faults.add(file, say("line %(line_num)s is no CSV: %(error)s", line_num=reader.line_num, error=error), mend)
        return None


def _read_sheet(path: Path, faults: Faults) -> list[list[str]] | None:
    """Cells of an Excel file's first sheet, as the texts that a CSV would hold."""
    import python_calamine  # only who brings Excel files waits for it

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        faults.add(
            path.name,
            say("is no Excel file that can be read: %(error)s", error=error),
            "save it again as .xlsx, or as 'CSV UTF-8'",
        )
        return None
    return [[_cell_text(cell) for cell in row] for row in rows]


def _cell_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _make_table(file: str, cells: list[list[str]], columns: Sequence[str], faults: Faults) -> Table | None:
    """Name the cells by the header; None where a needed column is missing, for then no row can be right."""
    names = _header(file, cells, columns, faults)
    if names is None:
        return None
    rows = (_make_row(file, number, names, row, faults) for number, row in enumerate(cells[1:], start=2))
    return Table(file, names, tuple(row for row in rows if row is not None))


def _header(file: str, cells: list[list[str]], columns: Sequence[str], faults: Faults) -> tuple[str, ...] | None:
    """The names of the columns; None where a needed one is missing or one stands twice."""
    names = tuple(_name(cell) for cell in cells[0]) if cells else ()
    if not any(names):
        faults.add(
            file,
            "the file is empty",
            say("its first row must name the columns: %(columns)s", columns=", ".join(columns)),
            row=1,
        )
        return None
    twice = sorted({name for name in names if name and names.count(name) > 1})
    missing = [name for name in columns if name not in names]
    for name in twice:
        faults.add(file, "the column stands twice", "delete or rename one of the two", row=1, column=name)
    for name in missing:
        mend = say(
            "add the column %(name)s; the header has: %(names)s", name=name, names=", ".join(filter(None, names))
        )
        faults.add(file, "the column is missing", mend, row=1, column=name)
    return None if missing or twice else names


def _make_row(file: str, number: int, names: tuple[str, ...], cells: list[str], faults: Faults) -> Row | None:
    """One row; None where it is blank."""
    stripped = [cell.strip() for cell in cells]
    if not any(stripped):
        return None
    row = Row(file, number, dict(zip(names, stripped, strict=False)), faults)
    beyond = [cell for cell in stripped[len(names) :] if cell]
    if beyond:
        problem = say("the row has %(count)s cells, the header %(count2)s", count=len(stripped), count2=len(names))
        row.fault(
            None, problem, "put a text that holds a comma into double quotes, or name the column", value=beyond[0]
        )
    return row


def _name(cell: str) -> str:
    return cell.strip().lower()
