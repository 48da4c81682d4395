"""What the bench of provinces reckons, and one small run of it."""

import json
from pathlib import Path

import pytest

from nongshi.bench.scale import bench_scale, summarise
from nongshi.bench.scale_child import makespan_s, shares
from nongshi.cli.bench import ITERATIONS_PER_JOB
from nongshi.core.errors import BadInput
from nongshi.dispatch import parts


def test_tasks_go_to_the_worker_that_is_free_first() -> None:
    assert makespan_s([1.0, 1.0, 1.0, 3.0], 2) == 4.0
    assert makespan_s([1.0, 1.0, 1.0, 3.0], 1) == 6.0
    assert makespan_s([], 8) == 0.0


def test_what_is_serial_and_the_longest_piece_limit_the_speed_up() -> None:
    found = shares([[1.0] * 8, [2.0] + [1.0] * 6], serial_s=4.0)
    assert found["serial_share"] == pytest.approx(0.2)
    assert found["longest_piece_s"] == 2.0
    assert found["speed_up"]["8"] == pytest.approx(20 / (4 + 1 + 2))


def test_a_plan_that_differs_or_breaks_rules_misses_its_target() -> None:
    row = {"cpu_ms_job": 5.0, "rss_mb": 300.0, "worker_rss_mb": 200.0, "same_plan": True, "accepted": True}
    assert all(line["met"] for line in summarise([row, row | {"accepted": None}]))
    missed = summarise([row | {"cpu_ms_job": 13.0, "rss_mb": 1600.0, "same_plan": False, "accepted": False}])
    assert not any(line["met"] for line in missed)


def test_one_and_two_workers_make_the_same_plan_of_a_small_province(tmp_path: Path) -> None:
    figures = bench_scale([400], [1, 2], seed=3, iterations_per_job=2, out=tmp_path, show=False)
    assert [row["same_plan"] for row in figures["runs"]] == [True, True]
    assert figures["runs"][0]["accepted"] is True
    assert figures["runs"][0]["cpu_s"] > 0
    assert json.loads((tmp_path / "scale.json").read_text(encoding="utf-8"))["runs"] == figures["runs"]


def test_nothing_to_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nothing to run"):
        bench_scale([], [1], iterations_per_job=1, out=tmp_path)


def test_the_command_spends_what_the_planner_does() -> None:
    assert ITERATIONS_PER_JOB == parts.ITERATIONS_PER_JOB
