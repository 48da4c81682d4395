"""docs/assumptions.md lists what measuring worked area puts in, as the code has it."""

from pathlib import Path

from nongshi.agronomy import markdown_table
from nongshi.tracks.area_assumptions import area_assumptions

DOCS = Path(__file__).parents[2] / "docs" / "assumptions.md"


def test_docs_list_every_number_of_worked_area() -> None:
    table = markdown_table(area_assumptions())
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/assumptions.md:\n" + table
