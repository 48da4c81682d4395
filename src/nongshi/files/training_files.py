"""courses.csv, trainees.csv, wishes.csv and training.toml become a Training, or a list of all that is wrong."""

import csv
import io
import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from nongshi.agronomy.licence_rules import FAIRNESS, LICENCE_RULES
from nongshi.core.training import Course, Trainee, Training
from nongshi.core.units import FEN_PER_YUAN, fen
from nongshi.files.decode import encode
from nongshi.files.faults import Faults
from nongshi.files.region_checks import check_unique
from nongshi.files.region_rows import LICENCES, read_licences
from nongshi.files.rows import Row
from nongshi.files.tables import Table, read_table, read_text
from nongshi.files.toml_text import toml_text
from nongshi.files.whole import write_whole
from nongshi.people.eligible import MEND, refusal

TOML_FILE = "training.toml"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "courses": (
        *("id", "licence", "start", "end", "trainer", "venue", "town", "seats", "minimum", "fixed_yuan", "head_yuan"),
        *("pass_share", "needs"),
    ),
    "trainees": ("id", "town", "licences", "born", "fit", "from", "to"),
    "wishes": ("trainee_id", "rank", "course_id"),
    "towns": ("town", "lon", "lat", "people"),
}
OPTIONAL = frozenset({"pass_share", "needs", "licences", "born", "fit", "from", "to", "lon", "lat"})
KEYS = {"wishes": ("trainee_id", "course_id"), "towns": ("town",)}
DAYS_MAX = 366  # of one course (assumption)
BORN_MIN = 1900
SEATS_MAX = 1000  # of one course (assumption)
FILE_ORDER = (TOML_FILE, *(f"{stem}.{ending}" for stem in COLUMNS for ending in ("csv", "xlsx")))


def read_training(folder: Path) -> Training:
    """Read and check the training tables of a folder (docs/formats.md).

    Raises:
        BadFiles: all that is wrong, by file and row; the first 50 are told.
    """
    faults = Faults()
    head = _head(Path(folder), faults)
    tables = {stem: _table(Path(folder), stem, faults, needed=stem != "towns") for stem in COLUMNS}
    courses = [_course(row) for row in _rows(tables["courses"])]
    people = {
        row.cell("town"): int(row.number("people", least=0)) for row in _rows(tables["towns"]) if row.has("people")
    }
    course_ids = None if tables["courses"] is None else {row.cell("id") for row in tables["courses"].rows}
    trainees = [_trainee(row) for row in _rows(tables["trainees"])]
    trainee_ids = None if tables["trainees"] is None else {row.cell("id") for row in tables["trainees"].rows}
    wishes = _wishes(_rows(tables["wishes"]), trainee_ids, course_ids)
    _check_takers(list(zip(_rows(tables["courses"]), courses, strict=True)), [t for t in trainees if t is not None])
    faults.check(file_order=FILE_ORDER)
    persons = tuple(replace(t, wishes=wishes.get(t.id, ())) for t in trainees if t is not None)
    made = tuple(course for course in courses if course is not None)
    return Training(courses=made, trainees=persons, people=people, **head)


def write_training(training: Training, folder: Path) -> None:
    """Write the tables; each file whole or not at all, other files of the folder stay.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    for name, text in training_files(training).items():
        write_whole(Path(folder) / name, encode(text))


def training_files(training: Training) -> dict[str, str]:
    """The text of every file by its name."""
    head: dict[str, Any] = {
        "budget_yuan": training.budget_fen / FEN_PER_YUAN,
        "fairness": training.fairness,
        "lottery_seed": training.lottery_seed,
        "synthetic": training.synthetic,
    }
    if training.retention is not None:
        head["retention"] = training.retention
    wishes = [(t.id, str(rank), wish) for t in training.trainees for rank, wish in enumerate(t.wishes, start=1)]
    return {
        TOML_FILE: toml_text(head),
        "courses.csv": _csv(COLUMNS["courses"], [_course_cells(course) for course in training.courses]),
        "trainees.csv": _csv(COLUMNS["trainees"], [_trainee_cells(trainee) for trainee in training.trainees]),
        "wishes.csv": _csv(COLUMNS["wishes"], wishes),
    }


def _table(folder: Path, stem: str, faults: Faults, *, needed: bool) -> Table | None:
    columns = [column for column in COLUMNS[stem] if column not in OPTIONAL]
    table = read_table(folder, stem, columns, faults, needed=needed)
    if table is not None:
        check_unique(table, KEYS.get(stem, ("id",)))
    return table


def _rows(table: Table | None) -> tuple[Row, ...]:
    return () if table is None else table.rows


def _course(row: Row) -> Course | None:
    licence = row.text("licence")
    if licence and licence not in LICENCES:
        row.fault("licence", f"{licence} is no known licence class", f"known are {', '.join(sorted(LICENCES))}")
    start, end = row.day("start"), row.day("end")
    if not row.bad & {"start", "end"}:
        if end < start:
            row.fault("end", f"lies before start ({row.cell('start')})", "swap the two, or correct the wrong one")
        elif (end - start).days > DAYS_MAX:
            row.fault("end", f"the course would last {(end - start).days + 1} days", "correct start or end")
    seats, minimum = _whole(row, "seats", least=1), _whole(row, "minimum", least=1)
    if not row.bad & {"seats", "minimum"} and minimum > seats:
        row.fault("minimum", f"is more than the {seats} seats", "write at most as many as there are seats")
    rule = LICENCE_RULES.get(licence)
    usual = rule.pass_share if rule else None
    values = {
        "id": row.text("id"),
        "licence": licence,
        "start": start,
        "end": end,
        "trainer_id": row.text("trainer"),
        "venue_id": row.text("venue"),
        "town": row.text("town"),
        "seats": seats,
        "minimum": minimum,
        "fixed_fen": row.money_fen("fixed_yuan"),
        "head_fen": row.money_fen("head_yuan"),
        "pass_share": row.number("pass_share", above=0, most=1, default=usual),
        "needs": _needs(row),
    }
    return Course(**values) if row.sound else None  # type: ignore[arg-type]


def _check_takers(courses: Sequence[tuple[Row, Course | None]], trainees: Sequence[Trainee]) -> None:
    """Some course has somebody who may take it, wished for or not; a plan names those that have none, and goes on."""
    found = []
    for row, course in courses:
        reasons = [None] if course is None else [refusal(trainee, course) for trainee in trainees]
        told = [reason.en for reason in reasons if reason is not None]
        if not reasons or len(told) < len(reasons):
            return
        found.append((row, course, max(told, key=told.count)))
    for row, course, common in found:
        if course is not None:
            problem = f"nobody in trainees.csv may take {course.id}, for instance because the person {common}"
            row.fault("id", problem, MEND.en)


def _whole(row: Row, column: str, *, least: int) -> int:
    number = row.number(column, least=least, most=SEATS_MAX)
    if column not in row.bad and number != int(number):
        row.fault(column, "is no whole number", "write a whole number of people")
    return int(number)


def _needs(row: Row) -> tuple[str, ...]:
    needs = tuple(part.strip() for part in row.cell("needs").replace("；", ";").split(";") if part.strip())
    for need in needs:
        if need not in LICENCES:
            row.fault("needs", f"{need} is no known licence class", f"known are {', '.join(sorted(LICENCES))}")
    return needs


def _trainee(row: Row) -> Trainee | None:
    since, until = (row.day(column) if row.has(column) else None for column in ("from", "to"))
    if since and until and until < since and not row.bad & {"from", "to"}:
        row.fault("to", f"lies before from ({row.cell('from')})", "swap the two, or correct the wrong one")
    born = _born(row) if row.has("born") else None
    values = {
        "id": row.text("id"),
        "town": row.text("town"),
        "licences": read_licences(row, LICENCES),
        "wishes": (),
        "born": born,
        "fit": row.flag("fit") if row.has("fit") else None,
        "available_from": since,
        "available_to": until,
    }
    return Trainee(**values) if row.sound else None  # type: ignore[arg-type]


def _born(row: Row) -> date | None:
    """A day of birth; earlier than any day that other tables know."""
    try:
        born = date.fromisoformat(row.cell("born").replace("/", "-"))
    except ValueError:
        born = None
    if born is None or born.year < BORN_MIN:
        row.fault("born", "is no day of birth", "write it as YYYY-MM-DD, such as 1975-03-09, or leave it empty")
    return born


def _wishes(
    rows: Sequence[Row], trainees: Collection[str] | None, courses: Collection[str] | None
) -> dict[str, tuple[str, ...]]:
    """Wishes by trainee, sorted by rank; two of one rank leave it open which is wanted more."""
    found: dict[str, dict[float, str]] = {}
    for row in rows:
        who = row.known("trainee_id", trainees, "trainees.csv")
        course = row.known("course_id", courses, "courses.csv")
        rank = row.number("rank", least=1)
        if rank in found.setdefault(who, {}):
            row.fault("rank", f"{who} has two wishes of this rank", "number the wishes 1, 2, 3 and so on")
        found[who][rank] = course
    return {who: tuple(mine[rank] for rank in sorted(mine)) for who, mine in found.items()}


def _head(folder: Path, faults: Faults) -> dict[str, Any]:
    text = read_text(folder / TOML_FILE, faults)
    try:
        values = tomllib.loads(text or "")
    except (ValueError, RecursionError) as error:
        faults.add(TOML_FILE, f"is no TOML: {error}", "write lines such as: budget_yuan = 300000")
        return {}
    if text is None:
        return {}
    seed = values.get("lottery_seed")
    if not isinstance(seed, str) or not seed:
        mend = 'write a text that was published before the wishes were closed: lottery_seed = "2026-03-01 06 12 33"'
        faults.add(TOML_FILE, "there is no seed for the lottery", mend, column="lottery_seed", value=seed)
    return {
        "budget_fen": _budget(values, faults),
        "fairness": _share(values, "fairness", faults, default=float(FAIRNESS.value)),
        "retention": _share(values, "retention", faults, default=None),
        "lottery_seed": seed or "-",
        "synthetic": values.get("synthetic", False) is True,
    }


def _budget(values: Mapping[str, Any], faults: Faults) -> int:
    value = values.get("budget_yuan")
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= 1e9:
        return fen(Decimal(str(round(value, 2))))
    faults.add(TOML_FILE, "must be an amount of yuan", "write: budget_yuan = 300000", column="budget_yuan", value=value)
    return 0


def _share(values: Mapping[str, Any], key: str, faults: Faults, *, default: float | None) -> float | None:
    value = values.get(key, default)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1):
        return value
    if key == "fairness" and value == 0:
        return 0.0
    faults.add(TOML_FILE, "must be a share from 0 to 1", f"write: {key} = 0.85", column=key, value=value)
    return default


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _course_cells(c: Course) -> tuple[str, ...]:
    money = (f"{c.fixed_fen / FEN_PER_YUAN:.2f}", f"{c.head_fen / FEN_PER_YUAN:.2f}")
    days, places = (c.start.isoformat(), c.end.isoformat()), (c.trainer_id, c.venue_id, c.town)
    return (
        c.id,
        c.licence,
        *days,
        *places,
        str(c.seats),
        str(c.minimum),
        *money,
        repr(c.pass_share),
        ";".join(c.needs),
    )


def _trainee_cells(t: Trainee) -> tuple[str, ...]:
    licences = ";".join(f"{name}:{last.isoformat()}" for name, last in t.licences.items())
    fit = "" if t.fit is None else "true" if t.fit else "false"
    return (t.id, t.town, licences, _day(t.born), fit, _day(t.available_from), _day(t.available_to))


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
