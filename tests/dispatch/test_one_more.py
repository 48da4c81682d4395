"""What one more machine, operator or dryer brings: never less than nothing, and what is short helps most."""

from dataclasses import replace

import pytest

from nongshi.core.region import Region
from nongshi.dispatch.one_more import OneMore, list_one_more
from nongshi.dispatch.run import solve
from nongshi.synthetic import make_region


def found(region: Region) -> dict[tuple[str, str], OneMore]:
    plan = solve(region, iterations=6000)
    rows = list_one_more(region, plan, iterations_per_job=20)
    assert [row.gain_fen for row in rows] == sorted((row.gain_fen for row in rows), reverse=True)
    return {(row.kind, row.id): row for row in rows}


def harvest(seed: int, *, dryers: bool = False) -> Region:
    return make_region(
        fields=40, machines=None, load=1.2, season="rice-harvest", seed=seed, chains=False, dryers=dryers
    )


@pytest.mark.parametrize("dryers", [False, True])
def test_the_same_plan_gives_the_same_answer_and_no_loss(dryers: bool) -> None:
    region = harvest(3, dryers=dryers)
    rows = found(region)
    assert rows == found(region)
    assert all(row.gain_fen >= 0 for row in rows.values())
    assert any(row.gain_fen > 0 for row in rows.values())
    assert ("dryer" in {kind for kind, _ in rows}) == dryers


def test_without_operators_to_spare_a_machine_alone_brings_less_than_with_one() -> None:
    rows = found(harvest(4))
    pairs = [(row, rows["machine_operator", name]) for (kind, name), row in rows.items() if kind == "machine"]
    assert pairs
    assert sum(alone.gain_fen for alone, _ in pairs) < sum(both.gain_fen for _, both in pairs)


def test_where_dryers_throttle_the_harvest_one_more_dryer_brings_much() -> None:
    region = harvest(5, dryers=True)
    tight = replace(region, dryers=tuple(replace(one, t_day=one.t_day * 0.2, hold_t=0.0) for one in region.dryers))
    helped = {row.kind: row.gain_fen for row in found(tight).values() if row.kind == "dryer"}
    loose = {row.kind: row.gain_fen for row in found(region).values() if row.kind == "dryer"}
    assert helped["dryer"] > loose["dryer"]
    assert helped["dryer"] > 0


def test_a_plan_without_a_bound_has_no_prices() -> None:
    region = harvest(6)
    plan = replace(solve(region, iterations=2000), bound=None)
    rows = list_one_more(region, plan, iterations_per_job=5)
    assert rows
    assert all(row.price_fen is None for row in rows)
