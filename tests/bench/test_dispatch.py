import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nongshi.bench.dispatch import bench_dispatch, default_cpu_s, run_alone
from nongshi.core.errors import BadInput


def test_one_small_region_gives_figures_tables_and_a_plot(tmp_path: Path) -> None:
    said: list[str] = []
    figures = bench_dispatch([20], [1.0], [1], ["edd", "nearest"], tmp_path, on_step=said.append, show=False)
    row = figures["cases"][0]["engines"]["edd"]
    assert row["accepted"]
    assert row["to_edd"] == 1.0
    assert row["value_yuan"] > 0
    assert 0 < row["served_share"] <= 1
    assert row["rss_mb"] > 10
    assert json.loads((tmp_path / "dispatch.json").read_text("utf-8")) == figures
    assert "| 20 | 1 | nearest |" in (tmp_path / "dispatch.md").read_text("utf-8")
    dots = ElementTree.parse(tmp_path / "dispatch.svg").findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(dots) == 2  # no bound without our own engine: ratios only
    assert len(said) == 2


@pytest.mark.parametrize(
    ("fields", "cpu_s"), [(10, 5.0), (60, 5.0), (300, 8.0), (1000, 15.0), (2000, 25.0), (3000, 35.0)]
)
def test_cpu_seconds_follow_the_size(fields: int, cpu_s: float) -> None:
    assert default_cpu_s(fields) == cpu_s


def test_an_unknown_engine_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="magic"):
        bench_dispatch([20], [1.0], [1], ["magic"], tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_child_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(RuntimeError, match=r"fields"):
        run_alone(fields=-5, load=1.0, seed=1, engine="edd", cpu_s=1.0)
