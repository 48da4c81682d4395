"""`nongshi bench board`: its season is as large as was asked; the whole runs in a browser."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from nongshi.cli.main import app


def test_a_season_of_the_wanted_size_is_sound() -> None:
    from nongshi.site.board.management.commands.make_board_season import sized_region

    region = sized_region(60, 8, 6, 1)
    assert (len(region.machines), region.horizon_days) == (8, 6)
    assert 0 < len(region.jobs) <= 60
    assert all(job.after_job_id is None or job.after_job_id in region.job_of for job in region.jobs)
    assert all(job.field_id in region.field_of for job in region.jobs)


@pytest.mark.browser
def test_a_small_board_is_measured() -> None:
    if shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed")
    options = ["--jobs", "40", "--machines", "8", "--days", "5", "--cpu-s", "0.3", "--drags", "3", "--loads", "1"]
    answer = CliRunner().invoke(app, ["bench", "board", "--json", *options])
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    assert said["drags"] == 3
    assert said["rows_answered"] > 0
    assert 0 < said["bytes_sent"] < 600_000
    assert said["usable_ms"] > 0
