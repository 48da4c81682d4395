"""A season folder becomes a Season and its weather, or a list of everything that is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from nongshi.agronomy.season_operations import default_operations
from nongshi.agronomy.weather import Daily
from nongshi.core.errors import BadFiles, BadInput
from nongshi.core.region import Region
from nongshi.core.season import Season, SeasonOperation, Town
from nongshi.files import region_reader
from nongshi.files.faults import Faults
from nongshi.files.region_checks import check_unique
from nongshi.files.rows import Row
from nongshi.files.season_head import TOML_FILE, Head, read_head
from nongshi.files.season_plain import season_of_region
from nongshi.files.season_rows import (
    COLUMNS,
    KEYS,
    OPTIONAL,
    Ids,
    make_operation,
    make_posted,
    make_sowing,
    make_stage,
    make_town,
)
from nongshi.files.tables import Table, read_table
from nongshi.files.weather_files import read_weather

OWN_ORDER = (TOML_FILE, *(f"{stem}.{ending}" for stem in COLUMNS for ending in ("csv", "xlsx")), "weather.csv")
FILE_ORDER = (*region_reader.FILE_ORDER, *OWN_ORDER)
OPERATION_WIDE = ("window_d", "loss_yuan_ha_d", "value_yuan_ha")  # the same in all rows of an operation
_Noun = TypeVar("_Noun")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonFolder:
    """What stands in a season folder."""

    season: Season
    weather: Daily | None  # as measured, gaps filled and said; None: the forecast says that it lacks


def read_season(folder: Path) -> SeasonFolder:
    """Read and check a whole season folder, or a plain region folder as a season (docs/formats.md).

    Raises:
        BadFiles: all that is wrong in the region's files and the season's, by file and row.
    """
    folder, faults = Path(folder), Faults()
    region = _region(folder, faults)
    weather = _weather(folder, faults)
    season = _plain(folder, region) or _Reader(folder, faults, region).season()
    faults.check(file_order=FILE_ORDER)
    if season is None:  # a broken part was told above
        raise BadInput("the season folder could not be read")
    return SeasonFolder(season=season, weather=weather)


def _region(folder: Path, faults: Faults) -> Region | None:
    try:
        return region_reader.read_region(folder)
    except BadFiles as fault:
        faults.take(fault.faults)
        return None


def _plain(folder: Path, region: Region | None) -> Season | None:
    """The season of a region folder that says nothing of a season."""
    own = [TOML_FILE, *(f"{stem}.{ending}" for stem in ("towns", "sowings") for ending in ("csv", "xlsx"))]
    if region is None or any((folder / name).exists() for name in own):
        return None
    return season_of_region(region)


def _weather(folder: Path, faults: Faults) -> Daily | None:
    try:
        weather = read_weather(folder)
    except BadFiles as fault:
        faults.take(fault.faults)
        return None
    except BadInput as fault:
        faults.add("weather.csv", str(fault), "correct the weather file")
        return None
    return weather


class _Reader:
    """Reads the tables in the order in which they refer to each other."""

    def __init__(self, folder: Path, faults: Faults, region: Region | None) -> None:
        self._folder, self._faults, self._region = folder, faults, region

    def season(self) -> Season | None:
        """All nouns; None where the region itself is broken."""
        head = read_head(self._folder, self._faults)
        towns, town_ids = self._nouns("towns", make_town)
        operations = self._operations()
        rated = set() if self._region is None else {operation for _, operation in self._region.rate_ha_h}
        ids = rated | {row.operation for row in operations}  # posted work that no sowing asks for is no fault
        sowings, _ = self._nouns("sowings", lambda row: make_sowing(row, towns=town_ids))
        stages, _ = self._nouns("stages", lambda row: make_stage(row, towns=town_ids), needed=False)
        posted, _ = self._nouns("posted", lambda row: make_posted(row, towns=town_ids, operations=ids), needed=False)
        if town_ids is not None and not towns and not len(self._faults):
            self._faults.add("towns.csv", "has no town", "give every town a row")
        given = {stem: self._towns_of(stem, town_ids) for stem in ("machines", "operators")}
        if self._region is None or not towns:
            return None
        head.check_hire(self._region, self._faults)
        return Season(
            region=self._region,
            first_day=head.first_day,
            weeks=head.weeks,
            today=head.today,
            scenarios=head.scenarios,
            seed=head.seed,
            lat=_latitude(head, towns),
            towns=towns,
            sowings=sowings,
            operations=operations,
            stages=stages,
            posted=posted,
            machine_town=given["machines"],
            operator_town=given["operators"],
            hire=head.hire,
            extra=head.extra,
        )

    def _operations(self) -> tuple[SeasonOperation, ...]:
        """The folder's own table, or the default one as far as the region has machines for it."""
        region = self._region
        classes = None if region is None else region.class_of
        rated = None if region is None else {operation for _, operation in region.rate_ha_h}
        table = self._table("season_operations", needed=False)
        if table is None:
            return tuple(
                row
                for row in default_operations()
                if rated is None or classes is None or (row.operation in rated and row.machine_class in classes)
            )
        rows = _make_sound(table, lambda row: make_operation(row, classes=classes, rated=rated))
        first: dict[str, Row] = {}
        for row in table.rows:
            other = first.setdefault(row.cell("operation"), row)
            for column in OPERATION_WIDE:
                if row.cell(column) != other.cell(column):
                    problem = f"differs from row {other.number_in_file} of the same operation ({other.cell(column)})"
                    row.fault(column, problem, "give an operation one window and one loss, or another name")
        return rows

    def _towns_of(self, stem: str, towns: Ids) -> dict[str, str]:
        """Ids whose row in machines.csv or operators.csv names a town."""
        quiet = Faults()  # the region's reader has told what is wrong with the table itself
        table = read_table(self._folder, stem, ("id",), quiet)
        if table is None or "town" not in table.columns:
            return {}
        named = [row for row in table.rows if row.has("town")]
        for row in named:
            if towns is not None and row.cell("town") not in towns:
                mend = f"correct it, or leave it empty for the nearest (it has: {', '.join(sorted(towns))})"
                problem = f"{row.cell('town')} does not stand in towns.csv"
                self._faults.add(table.file, problem, mend, row=row.number_in_file, column="town")
        return {row.cell("id"): row.cell("town") for row in named}

    def _table(self, stem: str, *, needed: bool = True) -> Table | None:
        columns = [column for column in COLUMNS[stem] if column not in OPTIONAL.get(stem, frozenset())]
        table = read_table(self._folder, stem, columns, self._faults, needed=needed)
        if table is not None and stem in KEYS:
            check_unique(table, KEYS[stem])
        return table

    def _nouns(self, stem: str, make: Callable[[Row], _Noun], *, needed: bool = True) -> tuple[tuple[_Noun, ...], Ids]:
        table = self._table(stem, needed=needed)
        if table is None:
            return (), None
        return _make_sound(table, make), {row.cell("town") for row in table.rows if row.has("town")}


def _make_sound(table: Table, make: Callable[[Row], _Noun]) -> tuple[_Noun, ...]:
    made = [(make(row), row) for row in table.rows]
    return tuple(noun for noun, row in made if row.sound)


def _latitude(head: Head, towns: tuple[Town, ...]) -> float:
    return head.lat if head.lat is not None else sum(town.lat for town in towns) / len(towns)
