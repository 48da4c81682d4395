from typing import Any

import pytest

from nongshi.bench.figures import summarise, with_ratios


def row(value: float, bound: float | None = None, km: float = 10.0) -> dict[str, Any]:
    return {
        "value_yuan": value, "bound_yuan": bound, "km": km, "area_ha": 10.0, "wanted_ha": 20.0,
        "accepted": True, "cpu_s": 1.0, "rss_mb": 100.0,
    }  # fmt: skip


def case(load: float, **rows: dict[str, Any]) -> dict[str, Any]:
    return with_ratios({"fields": 60, "load": load, "seed": 1, "cpu_s": 5.0, "engines": rows})


def test_the_common_bound_is_the_least_and_the_best_reference_the_greatest() -> None:
    drawn = case(
        1.0,
        own=row(110.0, 121.0, km=5.0),
        edd=row(100.0),
        ortools=row(88.0, 130.0),
        pyvrp=row(100.0, 125.0),
    )
    own = drawn["engines"]["own"]
    assert drawn["bound_yuan"] == 121.0
    assert own["gap"] == pytest.approx(0.1)
    assert own["to_edd"] == own["to_best_reference"] == pytest.approx(1.1)
    assert own["km_ha_to_edd"] == pytest.approx(0.5)
    assert drawn["engines"]["edd"]["gap"] == pytest.approx(0.21)


def test_a_target_missed_says_so_and_one_not_measured_says_nothing() -> None:
    drawn = {"cases": [case(1.0, own=row(101.0, 121.0), edd=row(100.0), pyvrp=row(102.0, 121.0))]}
    met = {line["what"]: line["met"] for line in summarise(drawn)}
    assert met["plans accepted by the verifier"] is True
    assert met["value to the phone dispatcher, load 1.0 and above, mean"] is False
    assert met["the same, least"] is False
    assert met["gap at load 0.6, mean"] is None


def test_a_refused_plan_is_never_counted_as_accepted() -> None:
    drawn = {"cases": [case(1.0, edd={**row(1.0), "accepted": False}, nearest=row(1.0))]}
    line = summarise(drawn)[0]
    assert (line["measured"], line["met"]) == (1, False)


def test_a_weak_phone_dispatcher_does_not_flatter_us_where_the_nearest_field_is_better() -> None:
    own = case(1.0, own=row(110.0), edd=row(80.0), nearest=row(100.0))["engines"]["own"]
    assert own["to_best_rule"] == pytest.approx(1.1)
