"""The default numbers of cab and owner are documented as they are."""

from pathlib import Path

import pytest

from nongshi.agronomy import OPERATIONS, markdown_table
from nongshi.site.cab.assumptions import PAY_FEN_HA, cab_assumptions
from nongshi.site.owner.assumptions import owner_assumptions

DOCS = Path(__file__).parents[3] / "docs" / "site-cab.md"


@pytest.mark.parametrize("rows", [cab_assumptions(), owner_assumptions()], ids=["cab", "owner"])
def test_docs_list_every_default_as_the_code_has_it(rows: object) -> None:
    table = markdown_table(rows)
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/site-cab.md:\n" + table


def test_rates_are_for_operations_that_there_are() -> None:
    assert set(PAY_FEN_HA) <= set(OPERATIONS)
