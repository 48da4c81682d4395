import pytest

from nongshi.core.errors import (
    FAULTS_SHOWN_MAX,
    BadFiles,
    BadInput,
    BadUsage,
    Fault,
    MissingExtra,
    NongshiError,
    NotFound,
    NotPlannable,
    PlanBroken,
)


def fault(row: int | None = 3, column: str | None = "area_ha", value: str | None = "-1") -> Fault:
    return Fault(file="jobs.csv", row=row, column=column, value=value, problem="not positive", mend="give the area")


def test_a_fault_names_file_row_column_value_and_mend() -> None:
    assert str(fault()) == "jobs.csv, row 3, column area_ha: not positive (value: '-1'); give the area"


def test_a_fault_of_a_whole_file_names_neither_row_nor_column_nor_value() -> None:
    assert str(fault(None, None, None)) == "jobs.csv: not positive; give the area"


def test_fifty_faults_are_all_shown() -> None:
    error = BadFiles([fault(row) for row in range(2, 2 + FAULTS_SHOWN_MAX)])
    assert str(error).startswith("50 fault(s) in the data\njobs.csv, row 2, ")
    assert "more" not in str(error)


def test_of_more_faults_fifty_are_shown_and_the_others_counted() -> None:
    error = BadFiles([fault(row) for row in range(2, 73)])
    lines = str(error).splitlines()

    assert len(error.faults) == FAULTS_SHOWN_MAX
    assert lines[0] == "71 fault(s) in the data"
    assert lines[-1] == "... and 21 more"
    assert len(lines) == 1 + FAULTS_SHOWN_MAX + 1


def test_faults_found_but_not_kept_are_counted_too() -> None:
    assert str(BadFiles([fault()], found=1000)).endswith("\n... and 999 more")


def test_a_missing_extra_says_how_to_install_it() -> None:
    assert str(MissingExtra("ortools", extra="bench")).endswith("pip install 'nongshi[bench]'")


def test_a_broken_plan_shows_ten_breaches_and_counts_all() -> None:
    error = PlanBroken([f"breach {i}" for i in range(12)])
    assert "breaks 12 rule(s)" in str(error)
    assert "breach 9" in str(error)
    assert "breach 10" not in str(error)
    assert len(error.breaches) == 12


@pytest.mark.parametrize(
    ("error", "exit_code", "code"),
    [
        (NongshiError, 1, "error"),
        (BadInput, 5, "bad_input"),
        (BadFiles, 5, "bad_files"),
        (NotFound, 2, "not_found"),
        (BadUsage, 2, "bad_usage"),
        (NotPlannable, 4, "not_plannable"),
        (MissingExtra, 2, "missing_extra"),
        (PlanBroken, 1, "plan_broken"),
    ],
)
def test_each_error_has_its_documented_exit_code_and_name(error, exit_code, code) -> None:
    assert (error.exit_code, error.code) == (exit_code, code)
    assert issubclass(error, NongshiError)
