import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from tests.cli import drawn
from tests.cli.drawn import FakePlanner

import nongshi
from nongshi import api
from nongshi.core import plan as core_plan
from nongshi.core.errors import BadFiles, BadInput, MissingExtra, NotFound, PlanBroken


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> FakePlanner:
    fake = FakePlanner()
    monkeypatch.setattr(import_module("nongshi.dispatch.run"), "solve", fake)
    return fake


def test_importing_nongshi_loads_nothing_heavy() -> None:
    """The package is imported by every command, also by --help."""
    code = "import nongshi, sys; print(sorted({'numpy', 'numba', 'pydantic', 'rich', 'shapely'} & sys.modules.keys()))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"


def test_every_name_that_the_package_promises_is_there() -> None:
    for name in nongshi.__all__:
        assert getattr(nongshi, name) is getattr(api, name)
    assert nongshi.__version__.count(".") == 2


def test_a_name_that_the_package_does_not_promise_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        nongshi.no_such_name  # noqa: B018


def test_checking_a_plan_does_not_load_the_planner() -> None:
    """Reading and checking 3,000 fields must not wait for a compiler to load."""
    code = (
        "import sys; from nongshi import api; from tests.cli import drawn; region = drawn.region();"
        "print(api.check_plan(region, drawn.plan(region, served=2)).ok, 'numba' in sys.modules)"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["True", "False"]


def test_solving_gives_a_plan_with_methods(planner: FakePlanner) -> None:
    plan = api.solve(drawn.region())
    assert isinstance(plan, api.Plan)
    assert plan.objective_fen == 2 * (drawn.JOB_FEN - drawn.HOUR_FEN)
    assert plan.gap == 0.0


def test_iterations_leave_the_clock_out(planner: FakePlanner) -> None:
    """A plan that depended on seconds could not be made again."""
    api.solve(drawn.region(), iterations=7, seed=3)
    assert (planner.calls[0].cpu_s, planner.calls[0].iterations, planner.calls[0].seed) == (None, 7, 3)


def test_a_plan_that_breaks_a_rule_never_leaves(planner: FakePlanner) -> None:
    planner.hour = 17  # the second job would end at 19:00, an hour after its close
    with pytest.raises(PlanBroken, match="J2"):
        api.solve(drawn.region())


@pytest.mark.parametrize("cpu_s", [0.0, -1.0, float("nan"), float("inf")])
def test_a_budget_of_seconds_is_a_number_above_zero(cpu_s: float, planner: FakePlanner) -> None:
    with pytest.raises(BadInput, match="cpu_s"):
        api.solve(drawn.region(), cpu_s=cpu_s)
    assert not planner.calls


def test_a_budget_of_steps_is_at_least_one(planner: FakePlanner) -> None:
    with pytest.raises(BadInput, match="iterations"):
        api.solve(drawn.region(), iterations=0)


def test_the_table_has_one_row_a_stop_with_the_days_operator() -> None:
    region = drawn.region()
    frame = api.with_methods(drawn.plan(region, served=2)).to_frame()
    assert frame["job_id"].tolist() == ["J1", "J2"]
    assert frame["operator_id"].tolist() == ["P1", "P1"]
    assert frame["end"].tolist() == [drawn.at(9), drawn.at(10)]


def test_the_table_of_an_empty_plan_has_its_columns() -> None:
    frame = api.with_methods(drawn.plan(drawn.region(), served=0)).to_frame()
    assert len(frame) == 0
    assert "start" in frame.columns


def test_without_pandas_the_table_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match=r"nongshi\[frame\]"):
        api.with_methods(drawn.plan(drawn.region(), served=1)).to_frame()


def test_a_notebook_shows_names_as_text_not_as_markup() -> None:
    plan = replace(drawn.plan(drawn.region(), served=1), region="<script>alert(1)</script>")
    html = api.with_methods(plan)._repr_html_()
    assert "<script>" not in html
    assert "1 of 2" in html
    assert "990 yuan" in html


def test_a_saved_plan_is_read_back_the_same(tmp_path: Path) -> None:
    region = drawn.region()
    plan = api.with_methods(drawn.plan(region, served=1))
    plan.save(tmp_path / "plan.json")
    again = api.read_plan(tmp_path / "plan.json", region)
    assert isinstance(again, api.Plan)
    assert again == plan


def test_a_written_region_is_read_back_the_same(tmp_path: Path) -> None:
    region = drawn.region()
    api.write_region(region, tmp_path / "region")
    assert api.read_region(tmp_path / "region").jobs == region.jobs


def test_a_missing_folder_is_not_found_rather_than_bad_data(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"region\.toml"):
        api.read_region(tmp_path / "nowhere")


def test_an_empty_folder_is_bad_data(tmp_path: Path) -> None:
    with pytest.raises(BadFiles):
        api.read_region(tmp_path)


def test_a_missing_plan_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="plan"):
        api.read_plan(tmp_path / "plan.json", drawn.region())


def test_a_plan_with_methods_still_is_the_core_noun() -> None:
    assert issubclass(api.Plan, core_plan.Plan)
