"""Shortage and what-if of a made-up season: laws that must hold whatever the season is."""

from dataclasses import replace

import numpy as np
import pytest

from nongshi.core.errors import BadInput
from nongshi.forecast.ahead import Kept, look_ahead
from nongshi.forecast.answer import season_answer
from nongshi.forecast.backlog_model import WAIT_SHARE
from nongshi.forecast.shortage import Shortage, days_shortage, make_shortage, operator_shortages
from nongshi.forecast.whatif import compare_cases
from nongshi.forecast.whatif_cases import Case, check_change, default_cases, make_change
from nongshi.synthetic.season_world import MadeSeason


@pytest.fixture(scope="module")
def short(made: MadeSeason) -> Shortage:
    return make_shortage(look_ahead(made.season, made.weather), rolled=3, priced=6)


def test_parts_of_the_cost_add_up(short: Shortage) -> None:
    assert sum(short.shares_fen.values()) == pytest.approx(short.cost_fen)
    lost = short.shares_fen["late"] + short.shares_fen["given_up"]
    assert short.loss_fen.sum(axis=(1, 2, 3)) == pytest.approx(lost, rel=1e-3, abs=1e4)


def test_no_more_is_short_than_was_released(short: Shortage) -> None:
    released = short.wanted.released_ha.sum(axis=2)
    assert (short.short_ha.sum(axis=2) <= released + 1e-3).all()


def test_operators_lack_only_where_work_is_short_and_machines_stand(short: Shortage) -> None:
    found = operator_shortages(short)
    assert found  # the season is made with too few people
    for one in found:
        assert one.licence in short.ahead.names.licences
        assert max(one.short_h) <= short.short_h.sum(axis=(1, 2, 3)).max()
        assert one.idle_machines > 0


def test_the_answer_has_every_part_and_is_in_order(short: Shortage) -> None:
    answer = season_answer(short, days=days_shortage(short.ahead))
    assert answer["format"] == "nongshi-season/1"
    assert answer["days"]
    assert answer["totals"]["foresight_ratio"] >= 1 - 2 * WAIT_SHARE
    for row in (*answer["demand"], *answer["whole"]):
        assert row["area_ha"]["p10"] <= row["area_ha"]["p50"] <= row["area_ha"]["p90"]
    for row in answer["operator_shortage"]:
        assert len(row["short_h_scenarios"]) == answer["scenarios"]
    assert {row["what"] for row in answer["prices"]} <= {"machine", "operator", "dryer"}


def test_more_is_never_worse_and_alone_never_better(made: MadeSeason) -> None:
    cases = [
        Case(name="machines", changes=(make_change("machines", ("combine-full", 4)),)),
        Case(name="operators", changes=(make_change("operators", ("S", 4)),)),
        Case(name="alone", changes=(make_change("alone", ()),)),
        Case(name="rain", changes=(make_change("rain", (4,)),)),
        Case(name="nothing", changes=()),
    ]
    answer = compare_cases(made.season, made.weather, cases, scenarios=12)
    apart = {case["name"]: case["difference_yuan"] for case in answer["cases"]}
    slack = WAIT_SHARE * answer["base"]["loss_yuan"]["mean"] + 1.0
    assert apart["machines"]["p90"] <= slack
    assert apart["operators"]["p90"] <= slack
    assert apart["alone"]["p10"] >= -slack
    assert apart["rain"]["p10"] >= -slack
    assert apart["nothing"] == {"p10": 0.0, "p50": 0.0, "p90": 0.0, "mean": 0.0}


def test_fewer_operators_are_taken_from_those_who_hold_the_licence(made: MadeSeason) -> None:
    case = Case(name="fewer", changes=(make_change("operators", ("S", -6)),))
    answer = compare_cases(made.season, made.weather, [case], scenarios=12)
    assert answer["cases"][0]["difference_yuan"]["mean"] > 0


def test_the_usual_cases_fit_the_season(made: MadeSeason) -> None:
    cases = default_cases(made.season)
    assert len({case.name for case in cases}) == len(cases) >= 6
    for case in cases:
        for change in case.changes:
            check_change(change, made.season)


def test_sowing_that_is_done_is_not_moved(made: MadeSeason) -> None:
    """Wheat stands since autumn: nobody can sow it earlier."""
    case = Case(name="earlier", changes=(make_change("earlier", ("wheat", 10)),))
    season = replace(made.season, sowings=tuple(s for s in made.season.sowings if s.reported <= made.season.today))
    standing = replace(season, sowings=tuple(s for s in season.sowings if s.sown_to and s.sown_to < season.today))
    answer = compare_cases(standing, made.weather, [case], scenarios=12)
    assert answer["cases"][0]["difference_yuan"]["mean"] == 0


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("machines", ("tank", 1), "no machine_class"),
        ("operators", ("Z", 1), "no licence"),
        ("operators", ("S", "many"), "must be a number"),
        ("rain", (99,), "week must be"),
        ("variety", ("late-japonica", "barley", 0.5), "another crop"),
        ("machines", ("combine-full",), "takes machine_class"),
        ("flood", (), "no kind of change"),
    ],
)
def test_a_change_that_cannot_be_is_refused_by_name(
    made: MadeSeason, kind: str, values: tuple[object, ...], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        check_change(make_change(kind, values), made.season)


def test_nothing_sown_nothing_short(made: MadeSeason) -> None:
    found = make_shortage(look_ahead(replace(made.season, sowings=(), posted=()), made.weather), rolled=2)
    assert not found.cost_fen.any()
    assert not np.any(found.short_ha)
    assert operator_shortages(found) == ()
    assert season_answer(found)["totals"]["foresight_ratio"] == 1.0


def test_what_cases_share_is_the_same_as_computed_alone(made: MadeSeason) -> None:
    kept, earlier = Kept(), replace(made.season, sowings=made.season.sowings[1:])
    for season in (made.season, earlier, made.season):
        shared = look_ahead(season, made.weather, scenarios=12, kept=kept)
        alone = look_ahead(season, made.weather, scenarios=12)
        assert np.array_equal(shared.demand.released_ha, alone.demand.released_ha)
        assert np.array_equal(shared.hours.operation_h, alone.hours.operation_h)
