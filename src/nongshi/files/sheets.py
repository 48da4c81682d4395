"""Plain lists as CSV and Excel files, in memory; no cell of theirs is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | float | int | None
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a sheet program would take a text that begins so for a formula


def guard(text: str) -> str:
    """A text that no sheet program runs: an apostrophe before what could be a formula; plain numbers stay.

    >>> guard("=1+1"), guard("-2.5"), unguard(guard("'=x"))
    ("'=1+1", '-2.5', "'=x")
    """
    if not text.startswith((*RISKY, "'")):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def unguard(text: str) -> str:
    """The text as it was before `guard`."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*RISKY, "'")) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that Excel needs.

    >>> csv_bytes(["a", "b"], [["=1+1", -2.5]]).decode("utf-8-sig")
    "a,b\\r\\n'=1+1,-2.5\\r\\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
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
                        page.write_string(line, at, guard(cell))
                    elif cell is not None:
                        page.write_number(line, at, cell)
    return out.getvalue()
