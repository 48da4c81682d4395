"""Every class has its rules, every rule its source, and docs/assumptions.md says the same."""

from pathlib import Path

from nongshi.agronomy import LICENCE_CLASSES, markdown_table
from nongshi.agronomy.licence_rules import LICENCE_RULES, UNITS, covers, licence_rules

DOCS = Path(__file__).parents[2] / "docs" / "assumptions.md"


def test_docs_list_every_number_as_the_code_has_it() -> None:
    table = markdown_table(licence_rules())
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/assumptions.md:\n" + table


def test_every_class_has_a_rule_and_every_column_a_source() -> None:
    assert set(LICENCE_RULES) == set(LICENCE_CLASSES)
    for rule in LICENCE_RULES.values():
        assert set(rule.sources) == set(UNITS)
        assert rule.valid_years == LICENCE_CLASSES[rule.licence].valid_years


def test_licences_that_include_others_never_overlap_otherwise() -> None:
    """What lets worth be counted by the dearest piece first: one set holds the other, or they share nothing."""
    for one in LICENCE_CLASSES:
        for other in LICENCE_CLASSES:
            a, b = set(covers(one)), set(covers(other))
            assert a <= b or b <= a or not a & b
