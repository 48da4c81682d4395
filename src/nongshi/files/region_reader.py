"""A region folder becomes a Region, or a list of everything that is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nongshi.core.region import Job, Region
from nongshi.files.faults import Faults
from nongshi.files.outlines import FILE as FIELDS_FILE
from nongshi.files.outlines import read_fields
from nongshi.files.region_checks import check_after, check_unique, make_curves
from nongshi.files.region_head import TOML_FILE, read_head
from nongshi.files.region_rows import (
    COLUMNS,
    KEYS,
    LICENCES,
    OPTIONAL,
    Ids,
    make_class,
    make_dryer,
    make_job,
    make_machine,
    make_operator,
    make_rate,
    make_workday,
)
from nongshi.files.rows import Row
from nongshi.files.tables import Table, read_table

FILE_ORDER = (TOML_FILE, FIELDS_FILE, *(f"{stem}.{ending}" for stem in COLUMNS for ending in ("csv", "xlsx")))
_Noun = TypeVar("_Noun")


def read_region(folder: Path) -> Region:
    """Read and check a whole region folder (docs/formats.md, section 1).

    Raises:
        BadFiles: all that is wrong, by file and row; the first 50 are told.
    """
    folder, faults = Path(folder), Faults()
    if not folder.is_dir():
        faults.add(folder.name, "there is no such folder", "give the folder that holds region.toml", value=folder)
        faults.check()
    region = _Reader(folder, faults).region()
    faults.check(file_order=FILE_ORDER)
    return region


class _Reader:
    """Reads the tables in the order in which they refer to each other."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        self._folder, self._faults = folder, faults

    def region(self) -> Region:
        """All nouns; not to be used before the faults are checked."""
        head = read_head(self._folder, self._faults)
        tz = head.tz
        fields, field_ids = read_fields(self._folder, self._faults)
        classes, class_ids = self._nouns("machine_classes", make_class)
        licences = LICENCES | {c.licence for c in classes if c.licence}
        curve_table, curve_ids = self._table("loss_curves")
        return Region(
            name=head.name,
            zone=tz.key,
            start_date=head.start_date,
            horizon_days=head.horizon_days,
            detour=head.detour,
            synthetic=head.synthetic,
            extra=head.extra,
            fields=fields,
            machine_classes=classes,
            loss_curves=() if curve_table is None else make_curves(curve_table),
            work_rates=self._nouns("work_rates", lambda row: make_rate(row, classes=class_ids))[0],
            machines=self._nouns("machines", lambda row: make_machine(row, classes=class_ids, tz=tz))[0],
            operators=self._nouns("operators", lambda row: make_operator(row, licences=licences))[0],
            workdays=self._nouns("workdays", lambda row: make_workday(row, classes=class_ids))[0],
            jobs=self._jobs(lambda row: make_job(row, fields=field_ids, curves=curve_ids, tz=tz)),
            dryers=self._nouns("dryers", make_dryer, needed=False)[0],
        )

    def _table(self, stem: str, *, needed: bool = True) -> tuple[Table | None, Ids]:
        """A table without double rows, and the ids in its first key column, those of faulty rows as well."""
        columns = [column for column in COLUMNS[stem] if column not in OPTIONAL]
        table = read_table(self._folder, stem, columns, self._faults, needed=needed)
        return table, None if table is None else check_unique(table, KEYS.get(stem, ("id",)))

    def _nouns(self, stem: str, make: Callable[[Row], _Noun], *, needed: bool = True) -> tuple[tuple[_Noun, ...], Ids]:
        table, ids = self._table(stem, needed=needed)
        return () if table is None else _make_sound(table, make), ids

    def _jobs(self, make: Callable[[Row], Job]) -> tuple[Job, ...]:
        table, _ = self._table("jobs")
        if table is None:
            return ()
        jobs = _make_sound(table, make)
        check_after(table, {job.id: job for job in jobs})
        return jobs


def _make_sound(table: Table, make: Callable[[Row], _Noun]) -> tuple[_Noun, ...]:
    """The nouns of all rows that have no fault."""
    made = ((make(row), row) for row in table.rows)
    return tuple(noun for noun, row in made if row.sound)
