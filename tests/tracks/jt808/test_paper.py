"""docs/jt808.md: its examples run, and it names every message."""

import doctest
from pathlib import Path

import pytest

from nongshi.tracks.jt808 import MESSAGES
from nongshi.tracks.jt808.item_rows import COLUMNS

PAPER = Path(__file__).resolve().parents[3] / "docs" / "jt808.md"
TEXT = PAPER.read_text(encoding="utf-8")


def test_every_example_of_the_paper_is_true() -> None:
    found = doctest.testfile(str(PAPER), module_relative=False, encoding="utf-8")
    assert (found.failed, found.attempted > 50) == (0, True)


@pytest.mark.parametrize("message_id", MESSAGES, ids=hex)
def test_every_message_stands_in_the_paper(message_id: int) -> None:
    assert f"0x{message_id:04X}" in TEXT
    assert f"`{MESSAGES[message_id].__name__}`" in TEXT


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_the_item_table_stands_in_the_paper(column: str) -> None:
    assert f"`{column}`" in TEXT
