"""Every number of the season's forecast stands in docs/assumptions.md, as the code has it."""

from pathlib import Path

from nongshi.agronomy import markdown_table
from nongshi.agronomy.season_operations import operation_assumptions
from nongshi.forecast.table import room_assumptions
from nongshi.synthetic.season_assumptions import season_world_assumptions

DOCS = Path(__file__).parents[2] / "docs" / "assumptions.md"


def test_docs_list_every_number_as_the_code_has_it() -> None:
    rows = (*operation_assumptions(), *room_assumptions(), *season_world_assumptions())
    assert len({row.name for row in rows}) == len(rows)
    table = markdown_table(rows)
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/assumptions.md:\n" + table
