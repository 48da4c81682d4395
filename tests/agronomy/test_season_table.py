"""Every default of the season ahead says where it comes from, and docs/assumptions.md says the same."""

from pathlib import Path

from nongshi.agronomy import markdown_table
from nongshi.agronomy.operations import OPERATIONS
from nongshi.agronomy.season_table import season_assumptions
from nongshi.agronomy.varieties import DEFAULT_VARIETY, VARIETIES
from nongshi.agronomy.workable_table import WORKABLE

DOCS = Path(__file__).parents[2] / "docs" / "assumptions.md"


def test_docs_list_every_default_as_the_code_has_it() -> None:
    table = markdown_table(season_assumptions())
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/assumptions.md:\n" + table


def test_names_are_unique() -> None:
    names = [row.name for row in season_assumptions()]
    assert len(set(names)) == len(names)


def test_tables_know_each_other() -> None:
    assert set(WORKABLE) == set(OPERATIONS)
    assert {VARIETIES[name].crop: name for name in DEFAULT_VARIETY.values()} == dict(DEFAULT_VARIETY)
