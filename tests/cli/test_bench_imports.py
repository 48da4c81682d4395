"""`nongshi bench imports`: a few rows, as many as were asked for, new and then changed."""

import json

from typer.testing import CliRunner

from nongshi.cli.main import app


def test_a_few_rows_are_looked_at_and_taken_over() -> None:
    answer = CliRunner().invoke(app, ["bench", "imports", "--rows", "12", "--lists", "machines", "--json"])
    assert answer.exit_code == 0, answer.output
    first, second = json.loads(answer.stdout)["runs"]
    assert (first["new"], first["changed"]) == (12, 0)
    assert (second["new"], second["changed"]) == (0, 12)
    assert first["peak_mb"] > 0


def test_a_list_that_there_is_not_is_refused_with_those_there_are() -> None:
    answer = CliRunner().invoke(app, ["bench", "imports", "--lists", "clouds"])
    assert answer.exit_code == 5
    assert "machines" in answer.output
