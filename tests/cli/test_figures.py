from dataclasses import replace

import pytest
from tests.cli import drawn

from nongshi.cli.figures import exit_code, figures, plan_answer, print_comparison, ratios
from nongshi.cli.options import Lang
from nongshi.core.plan import Plan


def driven(plan: Plan, km: float) -> Plan:
    return replace(plan, totals=replace(plan.totals, km=km))


def test_english_counts_hectares_and_chinese_mu() -> None:
    plan = driven(drawn.plan(drawn.region(), served=2), km=3.0)
    assert (figures(plan, Lang.EN)["area"], figures(plan, Lang.EN)["km_per_area"]) == ("2.0", "1.50")
    assert (figures(plan, Lang.ZH)["area"], figures(plan, Lang.ZH)["km_per_area"]) == ("30.0", "10.00")


def test_a_plan_of_counted_steps_shows_steps_not_seconds() -> None:
    shown = figures(drawn.plan(drawn.region(), served=2, cpu_s=None), Lang.EN)
    assert shown["iterations"] == "100"
    assert "cpu_s" not in shown


def test_what_is_unknown_is_shown_as_unknown() -> None:
    plan = replace(drawn.plan(drawn.region(), served=0), bound=None)
    shown = figures(plan, Lang.EN)
    assert (shown["bound"], shown["gap"], shown["km_per_area"]) == ("-", "-", "-")
    assert plan_answer(plan)["bound_yuan"] is None


def test_ratios_are_ours_over_theirs_and_nothing_over_nothing_is_none() -> None:
    region = drawn.region()
    ours, theirs = driven(drawn.plan(region, served=2), km=3.0), driven(drawn.plan(region, served=1), km=2.0)
    over = ratios(ours, theirs)
    assert over["value"] == 2.0
    assert over["km"] == 1.5
    assert over["km_per_area"] == 0.75
    assert over["loss"] is None


@pytest.mark.parametrize(("jobs", "served", "code"), [(2, 2, 0), (2, 1, 3), (2, 0, 4), (0, 0, 0)])
def test_the_exit_code_says_how_much_is_served(jobs: int, served: int, code: int) -> None:
    assert exit_code(drawn.plan(drawn.region(jobs), served=served)) == code


def test_the_comparison_shows_both_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    region = drawn.region()
    print_comparison(drawn.plan(region, served=2), drawn.plan(region, served=1), Lang.ZH)
    out = capsys.readouterr().out
    assert "电话调度" in out
    assert "2 / 2 项" in out
    assert "2.000" in out
