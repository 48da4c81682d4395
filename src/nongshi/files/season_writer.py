"""A Season and its weather become a season folder (docs/formats.md), whole or not at all."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from nongshi.agronomy.season_operations import default_operations
from nongshi.agronomy.weather import Daily
from nongshi.core.season import Season, SeasonOperation
from nongshi.core.units import yuan
from nongshi.files import region_rows
from nongshi.files.region_writer import csv_text, number_text, region_files, write_folder
from nongshi.files.season_head import TOML_FILE
from nongshi.files.season_rows import COLUMNS
from nongshi.files.toml_text import toml_text

WEATHER_DECIMALS = 2


def write_season(season: Season, weather: Daily | None, folder: Path) -> None:
    """Write all files; `read_season` gives the same season back. On any failure the folder stays as it was.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    stems = (*region_rows.COLUMNS, *COLUMNS, "weather", "weather_hourly")
    write_folder(season_files(season, weather), Path(folder), stems)


def season_files(season: Season, weather: Daily | None) -> dict[str, str]:
    """The text of every file by its name."""
    files = region_files(season.region)
    for stem, towns in (("machines", season.machine_town), ("operators", season.operator_town)):
        if towns:
            files[f"{stem}.csv"] = _with_towns(files[f"{stem}.csv"], towns)
    tables: dict[str, Iterable[Sequence[str]]] = {
        "towns": ((t.name, number_text(t.lon), number_text(t.lat), str(t.people)) for t in season.towns),
        "sowings": (
            (
                *(s.town, s.crop, s.variety, s.method, number_text(s.area_ha)),
                *(_day(s.sown_from), _day(s.sown_to), _day(s.reported), s.soil or ""),
            )
            for s in season.sowings
        ),
    }
    if season.stages:
        tables["stages"] = ((s.town, s.crop, s.variety, s.stage, _day(s.date), _day(s.reported)) for s in season.stages)
    if season.posted:
        tables["posted"] = (
            (p.town, p.operation, _day(p.date), number_text(p.area_ha), _day(p.reported)) for p in season.posted
        )
    if not set(season.operations) <= set(default_operations()):
        tables["season_operations"] = map(_operation_cells, season.operations)
    files |= {f"{stem}.csv": csv_text(COLUMNS[stem], rows) for stem, rows in tables.items()}
    files[TOML_FILE] = _head_text(season)
    return files if weather is None else files | {"weather.csv": weather_text(weather)}


def weather_text(weather: Daily) -> str:
    """weather.csv: a row a day, only columns that were measured."""
    columns = weather.columns()
    days = [str(day) for day in weather.dates]
    cells = [[number_text(round(float(v), WEATHER_DECIMALS)) for v in values] for values in columns.values()]
    return csv_text(("date", *columns), zip(days, *cells, strict=True))


def _head_text(season: Season) -> str:
    own: dict[str, object] = {
        "first_day": season.first_day.isoformat(),
        "weeks": season.weeks,
        "today": season.today.isoformat(),
        "scenarios": season.scenarios,
        "seed": season.seed,
        "lat": round(season.lat, 6),
    }
    if season.hire:
        own["hire"] = {
            one.machine_class: {"machines": one.machines, "price_yuan_h": yuan(one.price_fen_h)} for one in season.hire
        }
    return toml_text(own | {key: value for key, value in season.extra.items() if key not in own})


def _operation_cells(row: SeasonOperation) -> tuple[str, ...]:
    return (
        *(row.operation, row.crop, row.method or "", row.stage, number_text(row.after_d), number_text(row.window_d)),
        *(f"{yuan(row.delay_fen_ha_d):.2f}", f"{yuan(row.value_fen_ha):.2f}", row.machine_class),
        *(number_text(row.wet_t_ha), number_text(row.share)),
    )


def _with_towns(table: str, towns: Mapping[str, str]) -> str:
    """A table of ids with the column `town` behind it."""
    head, *rows = csv.reader(io.StringIO(table, newline=""))
    at = head.index("id")
    return csv_text((*head, "town"), ((*row, towns.get(row[at], "")) for row in rows))


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
