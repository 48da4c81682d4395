"""The default numbers of training are documented as they are."""

from pathlib import Path

from nongshi.agronomy import markdown_table
from nongshi.site.training.assumptions import training_assumptions

DOCS = Path(__file__).parents[3] / "docs" / "assumptions.md"


def test_docs_list_every_default_as_the_code_has_it() -> None:
    table = markdown_table(training_assumptions())
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/assumptions.md:\n" + table
