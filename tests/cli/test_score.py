"""`nongshi score`: one machine at its field, jobs of an hour worth 1,000 yuan each, 10 yuan an hour to do."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Say


@pytest.fixture
def hand(folder: Path) -> Path:
    """J2 before J1, by hand."""
    path = folder.parent / "hand.csv"
    path.write_text("machine_id,job_id,operator_id\nM1,J2,P1\nM1,J1,P1\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("lang", "words"), [("en", "1,980 yuan"), ("zh", "1,980")])
def test_a_table_by_hand_is_worth_what_one_reckons_in_the_head(
    lang: str, words: str, say: Say, folder: Path, hand: Path
) -> None:
    said = say("score", folder, hand, "--lang", lang)
    assert (said.code, said.err) == (0, "")
    assert words in said.out


def test_it_speaks_the_language_asked_for(say: Say, folder: Path, hand: Path) -> None:
    english, chinese = (say("score", folder, hand, "--lang", lang).out for lang in ("en", "zh"))

    def has_chinese(told: str) -> bool:
        return any("\u4e00" <= letter <= "\u9fff" for letter in told)

    assert has_chinese(chinese)
    assert not has_chinese(english.replace("廊下镇", ""))


def test_a_plan_that_was_written_is_worth_what_check_says(say: Say, folder: Path, sound: Path) -> None:
    checked, scored = (say(name, folder, sound, "--json").answer for name in ("check", "score"))
    assert {key: scored[key] for key in checked} == checked
    assert scored["figures"]


def test_out_writes_the_timed_plan_which_then_passes_check(say: Say, folder: Path, hand: Path) -> None:
    out = folder.parent / "timed.json"
    assert say("score", folder, hand, "--out", out).code == 0
    stops = json.loads(out.read_text())["routes"][0]["stops"]
    assert [(stop["job_id"], stop["start"]) for stop in stops] == [
        ("J2", "2026-11-01T08:00:00"),
        ("J1", "2026-11-01T09:00:00"),
    ]
    assert say("check", folder, out).code == 0


def test_a_plan_that_breaks_rules_is_scored_all_the_same_with_exit_code_1(say: Say, folder: Path, broken: Path) -> None:
    said = say("score", folder, broken, "--json")
    assert said.code == 1
    assert not said.answer["ok"]
    assert any("J2" in breach["where"] for breach in said.answer["breaches"])


@pytest.mark.parametrize(
    ("row", "column"), [("M7,J1,P1", "machine_id"), ("M1,J9,P1", "job_id"), ("M1,J1,P9", "operator_id")]
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_unknown_id_is_named_by_file_row_and_column(
    row: str, column: str, lang: str, say: Say, folder: Path, hand: Path
) -> None:
    hand.write_text(f"machine_id,job_id,operator_id\nM1,J2,P1\n{row}\n", encoding="utf-8")
    said = say("score", folder, hand, "--lang", lang)
    assert said.code == 5
    assert all(word in said.err for word in ("hand.csv", "3", column))
    (fault,) = say("score", folder, hand, "--json").answer["faults"]
    assert (fault["file"], fault["row"], fault["column"]) == ("hand.csv", 3, column)


def test_a_bad_time_in_a_plan_file_is_named_by_its_place(say: Say, folder: Path, sound: Path) -> None:
    document = json.loads(sound.read_text())
    document["routes"][0]["stops"][0]["start"] = "half past eight"
    sound.write_text(json.dumps(document))
    said = say("score", folder, sound, "--json")
    assert said.code == 5
    (fault,) = said.answer["faults"]
    assert fault["column"] == "$.routes[0].stops[0].start"
    assert fault["value"] == "half past eight"


def test_faults_write_nothing(say: Say, folder: Path, hand: Path) -> None:
    out = folder.parent / "timed.json"
    hand.write_text("machine_id,job_id\nM7,J1\n", encoding="utf-8")
    assert say("score", folder, hand, "--out", out).code == 5
    assert not out.exists()


@pytest.mark.parametrize("name", ["nothing.csv", "nothing.json"])
def test_a_file_that_is_not_there_is_exit_code_2(name: str, say: Say, folder: Path) -> None:
    said = say("score", folder, folder.parent / name, "--json")
    assert (said.code, said.answer["error"]) == (2, "not_found")
    assert name in said.answer["message"]
