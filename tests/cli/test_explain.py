from pathlib import Path

from tests.cli.conftest import Say


def test_a_served_job_is_explained_in_both_languages(say: Say, folder: Path, sound: Path) -> None:
    english, chinese = (say("explain", folder, sound, "J1", "--lang", lang) for lang in ("en", "zh"))
    assert (english.code, chinese.code) == (0, 0)
    assert "with P1 works it from 11-01 08:00 to 11-01 09:00" in english.out
    assert "由 M1（履带收割机）作业，机手 P1" in chinese.out


def test_a_job_left_out_tells_what_would_free_it(say: Say, folder: Path, sound: Path) -> None:
    """J2 is left out though there is time: the plan says so itself."""
    answer = say("explain", folder, sound, "J2", "--json").answer
    assert answer["served"] is False
    assert answer["frees"][0]["kind"] == "free_now"
    assert "990.00" in answer["frees"][0]["en"]
    assert answer["instead"][0]["machine_id"] == "M1"


def test_an_unknown_job_is_exit_code_2(say: Say, folder: Path, sound: Path) -> None:
    said = say("explain", folder, sound, "J9", "--json")
    assert said.code == 2
    assert "J9" in said.answer["message"]
