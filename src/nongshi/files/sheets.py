"""Plain lists as CSV and Excel files, in memory; no cell of theirs is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | float | int | None
ACTIVE = ("=", "+", "-", "@", "\t", "\r")  # a sheet program would take a text that begins so for a formula


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that Excel needs.

    >>> csv_bytes(["a", "b"], [["=1+1", -2.5]]).decode("utf-8-sig")
    "a,b\\r\\n'=1+1,-2.5\\r\\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(pages: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """A workbook; each page is its title, header and rows."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        for title, header, rows in pages:
            page = book.add_worksheet(title[:31])
            page.freeze_panes(1, 0)
            page.write_row(0, 0, header, bold)
            page.set_column(0, len(header), 16)
            for line, row in enumerate(rows, start=1):
                for at, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(line, at, cell)
                    elif cell is not None:
                        page.write_number(line, at, cell)
    return out.getvalue()


def _harmless(cell: Cell) -> Cell:
    return "'" + cell if isinstance(cell, str) and cell.startswith(ACTIVE) else cell
