import tomllib
from pathlib import Path

import pytest
from tests.cli.conftest import Say

from nongshi import api


def test_a_generated_region_can_be_read_and_is_marked(say: Say, tmp_path: Path) -> None:
    said = say("generate", tmp_path / "region", "--fields", "20", "--seed", "3", "--json")
    assert said.code == 0
    region = api.read_region(tmp_path / "region")
    assert region.synthetic
    assert (len(region.fields), len(region.jobs)) == (20, said.answer["jobs"])


def test_the_same_seed_gives_the_same_bytes(say: Say, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert say("generate", tmp_path / name, "--fields", "12", "--seed", "5").code == 0
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


def test_the_number_of_machines_is_kept(say: Say, tmp_path: Path) -> None:
    said = say("generate", tmp_path / "region", "--fields", "40", "--machines", "6", "--json")
    assert said.answer["machines"] == 6


def test_chains_and_dryers_are_in_the_folder_when_asked_for(say: Say, tmp_path: Path) -> None:
    said = say("generate", tmp_path / "region", "--fields", "30", "--season", "may-turnround", "--chains", "--dryers")
    assert said.code == 0
    region = api.read_region(tmp_path / "region")
    assert region.dryers
    assert any(job.after_job_id for job in region.jobs)


def test_real_data_is_never_written_over(say: Say, tmp_path: Path) -> None:
    head = tmp_path / "region" / "region.toml"
    head.parent.mkdir()
    head.write_text('name = "my farm"\n')
    said = say("generate", head.parent, "--fields", "10")
    assert said.code == 2
    assert "not a generated region" in said.err
    assert head.read_text() == 'name = "my farm"\n'


def test_generated_data_may_be_replaced(say: Say, tmp_path: Path) -> None:
    assert say("generate", tmp_path / "region", "--fields", "10", "--dryers").code == 0
    assert say("generate", tmp_path / "region", "--fields", "15").code == 0
    assert len(api.read_region(tmp_path / "region").fields) == 15
    assert not api.read_region(tmp_path / "region").dryers
    assert tomllib.loads((tmp_path / "region" / "region.toml").read_text())["synthetic"] is True


@pytest.mark.parametrize(
    "words",
    [
        ("--fields", "4"),
        ("--machines", "1"),
        ("--load", "0"),
        ("--load", "nan"),
        ("--operators-per-machine", "-1"),
        ("--season", "winter"),
    ],
)
def test_wrong_options_are_exit_code_2_and_write_nothing(words: tuple[str, ...], say: Say, tmp_path: Path) -> None:
    assert say("generate", tmp_path / "region", *words).code == 2
    assert not (tmp_path / "region").exists()


def test_a_missing_parent_is_exit_code_2(say: Say, tmp_path: Path) -> None:
    assert say("generate", tmp_path / "nowhere" / "region").code == 2
