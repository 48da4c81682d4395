"""An auditor's one command: sample bundles are written, verified beside each other, held ones named."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nongshi.cli.main import app


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("claims")
    done = CliRunner().invoke(app, ["claim", "sample", str(made), "--honest", "8", "--planted", "5", "--seed", "3"])
    assert done.exit_code == 0, done.output
    return made


def test_planted_claims_are_held_and_written_on_the_map(folder: Path, tmp_path: Path) -> None:
    bundles = sorted(map(str, folder.glob("*.zip")))
    arguments = [*bundles, "--trust", str(folder / "trusted.txt"), "--map", str(tmp_path / "map.geojson"), "--json"]
    done = CliRunner().invoke(app, ["claim", "verify", *arguments])
    assert done.exit_code == 1
    rows = {row["claim"]: row for row in json.loads(done.stdout)["claims"]}
    planted = set(json.loads((folder / "planted.json").read_text()))
    held = {claim for claim, row in rows.items() if row["held"]}
    assert len(planted & held) >= 4
    assert len(held - planted) <= 1
    shown = json.loads((tmp_path / "map.geojson").read_text())
    assert {feature["id"] for feature in shown["features"]} == set(rows)


def test_a_stranger_s_signature_is_told_and_the_table_speaks_both_languages(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("")
    bundle = str(next(iter(sorted(folder.glob("*.zip")))))
    for lang, words in (("zh", "签名"), ("en", "trusted")):
        done = CliRunner().invoke(
            app, ["claim", "verify", bundle, "--trust", str(tmp_path / "none.txt"), "--lang", lang]
        )
        assert done.exit_code == 1
        assert words in done.stdout


def test_a_key_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "key"
    made = CliRunner().invoke(app, ["claim", "key", str(file)])
    assert made.exit_code == 0
    assert len(bytes.fromhex(made.stdout.strip())) == 32
    assert file.stat().st_mode & 0o077 == 0
    assert CliRunner().invoke(app, ["claim", "key", str(file)]).exit_code == 2
