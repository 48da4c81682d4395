"""Every default says where it comes from, and docs/assumptions.md says the same."""

import itertools
import json
from pathlib import Path

import pytest

from nongshi.agronomy import (
    LICENCE_CLASSES,
    LOSS_CURVES,
    MACHINE_CLASSES,
    OPERATIONS,
    WORK_RATES,
    Assumption,
    LossDefault,
    assumptions,
    markdown_table,
)
from nongshi.core.errors import BadInput
from nongshi.synthetic import SEASONS, generator_assumptions

DOCS = Path(__file__).parents[2] / "docs" / "assumptions.md"


def test_docs_list_every_default_as_the_code_has_it() -> None:
    rain = tuple(row for season in SEASONS.values() for row in season.rain)
    table = markdown_table(assumptions() + generator_assumptions(rain=rain))
    assert table in DOCS.read_text(encoding="utf-8"), "put this table into docs/assumptions.md:\n" + table


def test_names_are_unique_and_rows_are_json() -> None:
    rows = [row.as_dict() for row in assumptions()]
    assert len({row["name"] for row in rows}) == len(rows)
    assert json.loads(json.dumps(rows)) == rows


def test_a_choice_of_machines_and_operations_lists_only_their_rows() -> None:
    names = {row.name for row in assumptions(machine_classes=["uav"], operations=["spray"])}
    assert names == {
        "price.spray",
        "machine.uav.road_km_h",
        "machine.uav.load_min",
        "machine.uav.cost_yuan_km",
        "machine.uav.cost_yuan_h",
        "rate.uav.spray",
        "loss.spray",
        "licence.UAV.valid",
    }


def test_a_default_without_a_source_is_refused() -> None:
    with pytest.raises(BadInput, match="no source"):
        Assumption(name="x", value=1.0, unit="h", source=" ", date="2026-11-23")


def test_tables_know_each_other() -> None:
    assert {operation.loss_curve for operation in OPERATIONS.values()} <= set(LOSS_CURVES)
    assert {m.licence for m in MACHINE_CLASSES.values() if m.licence} <= set(LICENCE_CLASSES)
    assert {machine_class for machine_class, _ in WORK_RATES} == set(MACHINE_CLASSES)
    assert {operation for _, operation in WORK_RATES} == set(OPERATIONS)


@pytest.mark.parametrize("curve", LOSS_CURVES.values(), ids=lambda curve: curve.id)
def test_losses_start_at_nothing_rise_and_are_convex(curve: LossDefault) -> None:
    shares = [curve.curve().share(day / 4) for day in range(17)]
    steps = [late - early for early, late in itertools.pairwise(shares)]
    assert shares[0] == 0
    assert min(steps) > 0
    assert all(late >= early - 1e-12 for early, late in itertools.pairwise(steps))


def test_a_concave_curve_is_refused_because_the_bound_would_not_hold() -> None:
    with pytest.raises(BadInput, match="convex"):
        LossDefault(
            id="x",
            name_zh="x",
            name_en="x",
            knots=((0.0, 0.0), (1.0, 0.5), (2.0, 0.6)),
            source="assumption",
            date="2026-11-23",
        )
