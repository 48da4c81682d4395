"""The training tables: what is written is read back the same, and what is wrong is told at once with its mend."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.core.errors import BadFiles
from nongshi.files.training_files import read_training, training_files, write_training
from nongshi.people.eligible import courses_for_nobody
from nongshi.synthetic.training import make_training

COURSES = "id,licence,start,end,trainer,venue,town,seats,minimum,fixed_yuan,head_yuan,pass_share,needs\n"
GOOD = {
    "courses.csv": COURSES + "K1,S,2026-05-04,2026-05-17,王,一号场,廊下镇,20,8,12000,1500,,\n",
    "trainees.csv": "id,town,licences,born,fit,from,to\nL1,廊下镇,G1:2030-01-01,1990-05-01,true,,\n",
    "wishes.csv": "trainee_id,rank,course_id\nL1,1,K1\n",
    "training.toml": 'budget_yuan = 100000\nlottery_seed = "06 12 33"\n',
}


def written(folder: Path, **files: str) -> Path:
    for name, text in (GOOD | {name.replace("__", "."): text for name, text in files.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, **files: str) -> list[str]:
    with pytest.raises(BadFiles) as caught:
        read_training(written(folder, **files))
    return [str(fault) for fault in caught.value.faults]


@given(seed=st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_what_is_written_is_read_back_the_same(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("training")
    made = make_training(trainees=30, courses=6, seed=seed)
    write_training(made, folder)
    (folder / "towns.csv").write_text("town,people\n" + "".join(f"{t},{n}\n" for t, n in made.people.items()))
    assert read_training(folder) == made


def test_defaults_are_the_tables(tmp_path: Path) -> None:
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    read = read_training(tmp_path)
    assert (read.courses[0].pass_share, read.fairness, read.retention) == (0.8, 0.85, None)
    assert read.trainees[0].wishes == ("K1",)


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        courses__csv=COURSES
        + "K1,Z9,2026-05-17,2026-05-04,王,一号场,廊下镇,5,8,12000,1500.999,1.5,Q\n"
        + "K1,S,2026-05-04,2026-05-17,王,场,镇,2.5,1,1,1,,\n",
        trainees__csv="id,town,licences,from,to\nL1,廊下镇,G1,2026-05-02,2026-05-01\nL2,,,,\n",
        wishes__csv="trainee_id,rank,course_id\nL1,1,K9\nL9,1,K1\nL1,1,K1\n",
        training__toml='budget_yuan = "viel"\nfairness = 2\n',
    )
    text = "\n".join(told)
    for piece in (
        "training.toml, column budget_yuan: must be an amount of yuan",
        "training.toml, column fairness: must be a share",
        "training.toml, column lottery_seed: there is no seed for the lottery",
        "courses.csv, row 2, column licence: Z9 is no known licence class",
        "courses.csv, row 2, column end: lies before start",
        "courses.csv, row 2, column minimum: is more than the 5 seats",
        "courses.csv, row 2, column head_yuan: money has more than 2 decimals",
        "courses.csv, row 2, column pass_share",
        "courses.csv, row 2, column needs: Q is no known licence class",
        "courses.csv, row 3, column id: stands in row 2 already",
        "courses.csv, row 3, column seats: is no whole number",
        "trainees.csv, row 2, column licences: cannot read 'G1'",
        "trainees.csv, row 2, column to: lies before from",
        "trainees.csv, row 3, column town: the cell is empty",
        "wishes.csv, row 2, column course_id: K9 does not stand in courses.csv",
        "wishes.csv, row 3, column trainee_id: L9 does not stand in trainees.csv",
        "wishes.csv, row 4, column rank: L1 has two wishes of this rank",
    ):
        assert piece in text
    assert all("; " in line for line in told)


NOBODY = "K2,G2,2026-05-04,2026-05-17,李,二号场,廊下镇,20,8,12000,1500,,L\n"


def test_a_course_that_nobody_may_take_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = written(tmp_path, courses__csv=GOOD["courses.csv"] + NOBODY)
    case = read_training(folder)
    assert [course.id for course in case.courses] == ["K1", "K2"]
    assert courses_for_nobody(case).keys() == {"K2"}


def test_where_nobody_may_take_any_course_each_is_named_with_its_mend(tmp_path: Path) -> None:
    head = GOOD["courses.csv"].splitlines(keepends=True)[0]
    wishes = GOOD["wishes.csv"].replace("K1", "K2")
    told = faults(tmp_path, courses__csv=head + NOBODY + NOBODY.replace("K2", "K3"), wishes__csv=wishes)
    assert len(told) == 2
    assert told[0].startswith("courses.csv, row 2, column id: nobody in trainees.csv may take K2")
    assert "must hold L before" in told[0]
    assert told[1].startswith("courses.csv, row 3, column id: nobody in trainees.csv may take K3")
    assert all("delete the course" in line for line in told)


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(BadFiles) as caught:
        read_training(tmp_path)
    missing = {fault.file for fault in caught.value.faults}
    assert missing == {"training.toml", "courses.csv", "trainees.csv", "wishes.csv"}


def test_the_same_training_gives_the_same_text() -> None:
    one, two = (training_files(make_training(trainees=10, courses=4, seed=3)) for _ in range(2))
    assert one == two
