"""Who may take which course, and what the others are told."""

from datetime import date

import pytest
from tests.people.drawn import course, trainee, training

from nongshi.people.eligible import courses_for_nobody, open_wishes, refusal

END = date(2030, 1, 1)


@pytest.mark.parametrize(
    ("person", "wanted", "told"),
    [
        ({"licences": {"S": END}}, {}, "holds S already"),
        ({"licences": {"S": date(2026, 5, 16)}}, {}, None),  # ends before the examination
        ({"licences": {"G2": END}}, {"licence": "G1"}, "holds G1 already"),
        ({"licences": {"G1": END}}, {"licence": "G2"}, None),
        ({"born": date(2008, 5, 18)}, {}, "is under 18 at the examination"),
        ({"born": date(2008, 5, 17)}, {}, None),
        ({"born": date(1955, 5, 17)}, {}, "is over 70 at the examination"),
        ({"born": date(1955, 5, 18)}, {}, None),
        ({"fit": False}, {}, "does not meet the conditions of health"),
        ({"available_from": date(2026, 5, 5)}, {}, "is away between 2026-05-04 and 2026-05-17"),
        ({"available_to": date(2026, 5, 16)}, {}, "is away between 2026-05-04 and 2026-05-17"),
        ({}, {"needs": ("G1",)}, "must hold G1 before"),
        ({"licences": {"G2": END}}, {"needs": ("G1",)}, None),
    ],
)
def test_rules(person: dict[str, object], wanted: dict[str, object], told: str | None) -> None:
    found = refusal(trainee("P", **person), course("K", **wanted))  # type: ignore[arg-type]
    assert (found.en if found else None) == told
    assert found is None or found.zh


def test_only_wishes_that_are_open_are_kept_in_their_order() -> None:
    case = training([course("K0", needs=("L",)), course("K1"), course("K2")], [trainee("P", "K2", "K0", "K1")])
    assert open_wishes(case) == {"P": ("K2", "K1")}


def test_a_course_for_nobody_is_found_whether_wished_or_not() -> None:
    case = training([course("K0", needs=("L",)), course("K1")], [trainee("P", "K1"), trainee("Q")])
    assert {name: said.en for name, said in courses_for_nobody(case).items()} == {"K0": "must hold L before"}
