"""A Region becomes a region folder (docs/formats.md, section 1), whole or not at all."""

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.core.region import Dryer, Field, Job, Machine, MachineClass, Operator, Polygon, Region
from nongshi.core.times import wall
from nongshi.core.units import FEN_PER_YUAN
from nongshi.files.decode import encode
from nongshi.files.outlines import FILE as FIELDS_FILE
from nongshi.files.region_head import TOML_FILE
from nongshi.files.region_rows import COLUMNS
from nongshi.files.toml_text import toml_text
from nongshi.files.whole import write_whole

DEGREE_DECIMALS = 7  # 1 cm


def write_region(region: Region, folder: Path) -> None:
    """Write all files; other files of the folder stay, tables that the region has not (dryers, .xlsx) go.

    `read_region` gives the same region back where its positions have at most 7 decimals, its times no fractions
    of a second, and its texts no blanks around them. On any failure the folder stays as it was.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    write_folder(region_files(region), Path(folder), COLUMNS)


def write_folder(texts: Mapping[str, str], folder: Path, stems: Iterable[str]) -> None:
    """Put all `texts` (by file name) into a folder in one step; stale tables of these `stems` go.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as name:
        fresh, aside = Path(name) / "fresh", Path(name) / "aside"
        fresh.mkdir()
        aside.mkdir()
        for file, text in texts.items():
            write_whole(fresh / file, encode(text))
        if folder.exists():
            _exchange(fresh, folder, aside, stems)
        else:
            os.replace(fresh, folder)


def region_files(region: Region) -> dict[str, str]:
    """The text of every file by its name."""
    tables: dict[str, Iterable[Sequence[str]]] = {
        "machine_classes": map(_class_cells, region.machine_classes),
        "loss_curves": (
            (c.id, number_text(day), number_text(share))
            for c in region.loss_curves
            for day, share in zip(c.days_late, c.loss_share, strict=True)
        ),
        "work_rates": ((r.machine_class, r.operation, number_text(r.rate_ha_h), r.source) for r in region.work_rates),
        "machines": (_machine_cells(machine, region.tz) for machine in region.machines),
        "operators": map(_operator_cells, region.operators),
        "workdays": ((w.date.isoformat(), w.machine_class, _clock(w.start), _clock(w.end)) for w in region.workdays),
        "jobs": (_job_cells(job, region.tz) for job in region.jobs),
    }
    if region.dryers:
        tables["dryers"] = map(_dryer_cells, region.dryers)
    files = {TOML_FILE: _head_text(region), FIELDS_FILE: _fields_text(region.fields)}
    return files | {f"{stem}.csv": csv_text(COLUMNS[stem], rows) for stem, rows in tables.items()}


def _exchange(fresh: Path, folder: Path, aside: Path, stems: Iterable[str]) -> None:
    """Put the fresh files into a folder that is there; on failure put the old ones back."""
    stale = [f"{stem}.{ending}" for stem in stems for ending in ("csv", "xlsx")]
    names = sorted({path.name for path in fresh.iterdir()} | {name for name in stale if (folder / name).exists()})
    try:
        for name in names:
            if (folder / name).exists():
                shutil.copy2(folder / name, aside / name)
        for name in names:
            if (fresh / name).exists():
                os.replace(fresh / name, folder / name)
            else:
                (folder / name).unlink()
    except BaseException:
        for name in names:
            if (aside / name).exists():
                os.replace(aside / name, folder / name)
            elif not (fresh / name).exists():
                (folder / name).unlink(missing_ok=True)
        raise


def _head_text(region: Region) -> str:
    own = {
        "name": region.name,
        "timezone": region.zone,
        "start_date": region.start_date.isoformat(),
        "horizon_days": region.horizon_days,
        "detour": region.detour,
        "synthetic": region.synthetic,
    }
    return toml_text(own | {key: value for key, value in region.extra.items() if key not in own})


def _fields_text(fields: Iterable[Field]) -> str:
    """One feature a line, so that a comparison of two versions shows the field that changed."""
    lines = ",\n".join(
        json.dumps(_feature(field), ensure_ascii=False, separators=(",", ":"), allow_nan=False) for field in fields
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _feature(field: Field) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": field.id,
        "name": field.name,
        "place": field.place,
        "grower_id": field.grower_id,
        **({} if field.area_ha is None else {"area": field.area_ha}),
        "gate_lon": round(field.gate_lon, DEGREE_DECIMALS),
        "gate_lat": round(field.gate_lat, DEGREE_DECIMALS),
    }
    polygons = [_rings(polygon) for polygon in field.polygons]
    one = len(polygons) == 1
    geometry = {"type": "Polygon" if one else "MultiPolygon", "coordinates": polygons[0] if one else polygons}
    return {"type": "Feature", "id": field.id, "properties": properties | dict(field.extra), "geometry": geometry}


def _rings(polygon: Polygon) -> list[list[list[float]]]:
    return [[[round(lon, DEGREE_DECIMALS), round(lat, DEGREE_DECIMALS)] for lon, lat in ring] for ring in polygon]


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its header, comma-separated."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _class_cells(c: MachineClass) -> tuple[str, ...]:
    costs = _yuan(c.cost_fen_km), _yuan(c.cost_fen_h)
    return (c.id, c.name, c.licence or "", number_text(c.road_km_h), number_text(c.load_min), *costs)


def _machine_cells(m: Machine, tz: ZoneInfo) -> tuple[str, ...]:
    place = _degrees(m.yard_lon), _degrees(m.yard_lat)
    times = _moment(m.available_from, tz), _moment(m.available_to, tz)
    down = ";".join(f"{_moment(since, tz)}/{_moment(until, tz)}" for since, until in m.down)
    return (m.id, m.machine_class, m.owner_id, *place, *times, down)


def _dryer_cells(d: Dryer) -> tuple[str, ...]:
    down = ";".join(f"{first.isoformat()}/{last.isoformat()}" for first, last in d.down)
    return (d.id, *map(number_text, (d.lon, d.lat, d.t_day, d.hold_t)), down)


def _operator_cells(o: Operator) -> tuple[str, ...]:
    licences = ";".join(f"{name}:{last_day.isoformat()}" for name, last_day in o.licences.items())
    off_days = ";".join(day.isoformat() for day in sorted(o.off_days))
    return (o.id, o.owner_id, licences, number_text(o.hours_max), off_days, "true" if o.shared else "false")


def _job_cells(job: Job, tz: ZoneInfo) -> tuple[str, ...]:
    window = _moment(job.open, tz), _moment(job.due, tz), _moment(job.close, tz)
    asked = (
        job.id,
        job.field_id,
        job.operation,
        number_text(job.area_ha),
        *window,
        _yuan(job.value_fen),
        job.loss_curve,
    )
    after = job.after_job_id or "", number_text(job.after_h) if job.after_h else ""
    return (*asked, number_text(job.part_max_ha), *after, number_text(job.wet_t))


def number_text(value: float | None) -> str:
    """The shortest text that reads as the same number; empty for none."""
    return "" if value is None else repr(float(value)).removesuffix(".0")


def _degrees(value: float) -> str:
    return number_text(round(value, DEGREE_DECIMALS))


def _yuan(amount_fen: int) -> str:
    whole, rest = divmod(amount_fen, FEN_PER_YUAN)
    return f"{whole}.{rest:02d}"


def _moment(moment: datetime | None, tz: ZoneInfo) -> str:
    return "" if moment is None else wall(moment.astimezone(tz), seconds=moment.second != 0)


def _clock(at: time | None) -> str:
    return "" if at is None else at.strftime("%H:%M")
