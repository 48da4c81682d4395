"""Every number of the training plan stands in docs/assumptions.md, as the code has it."""

from pathlib import Path

from nongshi.agronomy import markdown_table
from nongshi.people.table import room_assumptions

DOCS = Path(__file__).parents[2] / "docs" / "assumptions.md"


def test_docs_list_every_number_as_the_code_has_it() -> None:
    rows = room_assumptions()
    assert len({row.name for row in rows}) == len(rows)
    table = markdown_table(rows)
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/assumptions.md:\n" + table
