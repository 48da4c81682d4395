"""A line finds its plot or offers a choice; neighbours with a common day make a round; work follows the season."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from nongshi.agronomy import OPERATIONS
from nongshi.market import Plot, Want, match, pool, suggest_works
from nongshi.market.pool import M_PER_DEGREE

DAY = date(2026, 11, 28)


def plot(id: int, grower: str, name: str, area_ha: float, place: str = "廊下村", phone: str = "") -> Plot:
    number = {"张三": 1, "李四": 2, "王五": 3}.get(grower)
    return Plot(id=id, grower_id=number, grower=grower, phone=phone, name=name, place=place, area_ha=area_ha)


PLOTS = [
    plot(1, "张三", "东塘田", 0.8),
    plot(2, "张三", "西塘田", 1.2, phone="13800001111"),
    plot(3, "李四", "东塘田", 0.5, place="中华村"),
    plot(4, "王五", "南圩", 2.0, place="中华村"),
]


def found(**said: Any) -> tuple[int | None, list[int]]:
    matched = match(PLOTS, **({"grower": "", "phone": "", "place": "", "area_ha": None} | said))
    return (matched.plot.id if matched.plot else None), [one.id for one in matched.choices]


def test_grower_and_name_of_the_field_are_enough() -> None:
    assert found(grower="张三", place="东塘田")[0] == 1


def test_of_several_fields_of_a_grower_the_area_decides() -> None:
    assert found(grower="张三", area_ha=1.2)[0] == 2
    assert found(grower="张三", area_ha=0.95) == (None, [1, 2])


def test_a_grower_with_one_field_needs_no_more() -> None:
    assert found(grower="王五")[0] == 4


def test_a_name_that_two_growers_fields_carry_is_a_choice() -> None:
    assert found(place="东塘田") == (None, [1, 3])
    assert found(place="中华村", area_ha=2.0)[0] == 4


def test_an_unknown_grower_finds_nothing_though_the_place_is_known() -> None:
    assert found(grower="赵六", place="东塘田") == (None, [])


def test_a_phone_finds_its_grower() -> None:
    assert found(phone="13800001111")[0] == 2


def test_called_by_surname_is_a_choice_or_the_one() -> None:
    assert found(grower="王师傅")[0] == 4
    assert set(found(grower="张师傅")[1]) == {1, 2}


def want(id: str, east_m: float, **more: Any) -> Want:
    x = 121.0 + east_m / (M_PER_DEGREE * 0.858)
    ground = box(x, 30.8, x + 0.0004, 30.8004)
    given = {"operation": "rice_harvest", "since": DAY, "until": DAY + timedelta(days=3), "area_ha": 1.0} | more
    return Want(id=id, ground=ground, **given)


def test_neighbours_with_common_days_make_a_round() -> None:
    wants = [want("a", 0), want("b", 60, since=DAY + timedelta(days=2)), want("c", 5000)]
    (one,) = pool(wants)
    assert (one.ids, one.area_ha) == (("a", "b"), 2.0)
    assert (one.since, one.until) == (DAY + timedelta(days=2), DAY + timedelta(days=3))


def test_other_work_or_no_common_day_makes_none() -> None:
    late = DAY + timedelta(days=9)
    assert pool([want("a", 0), want("b", 60, operation="bale")]) == []
    assert pool([want("a", 0), want("b", 60, since=late, until=late)]) == []
    assert pool([]) == []


def test_a_round_does_not_outgrow_what_a_machine_can_do() -> None:
    rounds = pool([want(str(n), 60.0 * n, area_ha=4.0) for n in range(10)], area_max_ha=12.0)
    assert all(one.area_ha <= 12.0 for one in rounds)
    assert len(rounds) >= 3


@given(
    st.lists(
        st.tuples(st.floats(0, 600), st.integers(0, 9), st.integers(0, 5), st.sampled_from(["bale", "spray"])),
        max_size=25,
    )
)
def test_no_job_is_in_two_rounds_and_every_round_has_a_day_for_all(drawn: list[tuple[float, int, int, str]]) -> None:
    wants = {
        str(n): want(
            str(n),
            east,
            since=DAY + timedelta(days=first),
            until=DAY + timedelta(days=first + days),
            operation=operation,
        )
        for n, (east, first, days, operation) in enumerate(drawn)
    }
    rounds = pool(list(wants.values()))
    named = [name for one in rounds for name in one.ids]
    assert len(named) == len(set(named))
    for one in rounds:
        assert len(one.ids) >= 2
        assert one.since <= one.until
        assert all(wants[name].since <= one.since and one.until <= wants[name].until for name in one.ids)
        assert {wants[name].operation for name in one.ids} == {one.operation}


def test_fields_without_an_outline_are_pooled_by_their_gates() -> None:
    near = replace(want("a", 0), ground=Point(121.0, 30.8))
    assert pool([near, replace(near, id="b")])[0].ids == ("a", "b")


@pytest.mark.parametrize("month", range(1, 13))
def test_every_work_is_offered_the_usual_first(month: int) -> None:
    works = suggest_works(month)
    assert sorted(works) == sorted(OPERATIONS)


def test_what_no_machine_does_comes_last_and_the_crop_counts() -> None:
    assert suggest_works(11, doable=["wheat_sow"])[0] == "wheat_sow"
    assert suggest_works(5, crop="油菜")[0] == "rape_harvest"
    assert suggest_works(11, had=["rice_harvest"]).index("rice_harvest") > 1
