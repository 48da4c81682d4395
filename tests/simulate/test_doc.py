"""docs/simulate.md shows the table of hazards as it is in the code."""

from pathlib import Path

from nongshi.agronomy import markdown_table
from nongshi.simulate.hazards import hazard_rows

DOC = Path(__file__).parents[2] / "docs" / "simulate.md"


def test_the_documented_hazards_are_those_of_the_code() -> None:
    assert markdown_table(hazard_rows()) in DOC.read_text(encoding="utf-8")
