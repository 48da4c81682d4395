"""The room's default numbers are documented as they are."""

from pathlib import Path

from nongshi.agronomy import markdown_table
from nongshi.market.assumptions import order_assumptions

DOCS = Path(__file__).parents[2] / "docs" / "assumptions.md"


def test_docs_list_every_default_as_the_code_has_it() -> None:
    table = markdown_table(order_assumptions())
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/assumptions.md:\n" + table
