"""Labelled tracks from the sheets that research groups publish: xlsx files or zips of them, dirt and all."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import BadInput, NotFound
from nongshi.geo.track import Track, make_track

COLUMNS = {
    "time": ("time", "时间"),
    "lon": ("longitude", "lon", "经度"),
    "lat": ("latitude", "lat", "纬度"),
    "label": ("tags", "tag", "label", "标记"),
}
TIME = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})")
Rows = Sequence[Sequence[object]]
DAY_S = 86_400.0
STRAY_DAYS = 30.0  # assumption 2026-11-26: a sheet is one outing; what lies further from its middle is a broken clock


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelledTrack:
    """One file: a track and what a person called each fix, 1 field and 0 road."""

    name: str
    track: Track
    field: NDArray[np.int8]  # (n,)
    rows_dropped: int  # rows without a place, a time, a label, or that said a moment twice


def read_labelled(folder: Path) -> list[LabelledTrack]:
    """Every labelled sheet under a folder, inside zips too, by name.

    Raises:
        NotFound: no labelled sheet is there.
    """
    found = [make_labelled(name, rows) for name, rows in _sheets(folder)]
    if not found:
        raise NotFound(f"no labelled sheet (.xlsx, or .zip of them) under {folder}")
    return sorted(found, key=lambda one: one.name)


def make_labelled(name: str, rows: Rows) -> LabelledTrack:
    """A sheet's rows, header first, cleaned: years mended, order restored, doubles and unreadable rows dropped."""
    places = _places(name, rows[0] if rows else [])
    cells = [_row(row, places) for row in rows[1:]]
    table = np.array([row for row in cells if row is not None], dtype=np.float64).reshape(-1, 4)
    table = table[table[:, 0] != 0] if len(table) else table
    table[:, 0] = mend_times(table[:, 0])
    _, first = np.unique(table[:, 0], return_index=True)
    kept = table[first]
    return LabelledTrack(
        name=name,
        track=make_track(name, kept[:, 0], kept[:, 1], kept[:, 2]),
        field=kept[:, 3].astype(np.int8),
        rows_dropped=len(rows) - 1 - len(kept),
    )


def mend_times(time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Times that lie months from the sheet's middle get the day of the sound row nearest to them in the file.

    The hour of such a row is sound (the year alone is wrong), so it is kept.
    """
    if not len(time_s):
        return time_s
    stray = np.abs(time_s - np.median(time_s)) > STRAY_DAYS * DAY_S
    sound = np.flatnonzero(~stray)
    if not stray.any() or not len(sound):
        return time_s
    mended = time_s.copy()
    for i in np.flatnonzero(stray):
        near = time_s[sound[np.abs(sound - i).argmin()]]
        by_hour = time_s[i] % DAY_S + DAY_S * np.array([-1, 0, 1]) + near // DAY_S * DAY_S
        mended[i] = by_hour[np.abs(by_hour - near).argmin()]
    return mended


def _sheets(folder: Path) -> Iterator[tuple[str, Rows]]:
    from python_calamine import CalamineWorkbook

    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xlsx":
            yield path.stem, CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                for inner in sorted(name for name in packed.namelist() if name.endswith(".xlsx")):
                    book = CalamineWorkbook.from_filelike(BytesIO(packed.read(inner)))
                    yield Path(inner).stem, book.get_sheet_by_index(0).to_python()


def _places(name: str, header: Sequence[object]) -> list[int]:
    heads = [str(cell).strip().lower() for cell in header]
    places = []
    for column, names in COLUMNS.items():
        at = [heads.index(one) for one in names if one in heads]
        if not at:
            raise BadInput(f"{name}: no column {column} ({', '.join(names)}) in {heads}")
        places.append(at[0])
    return places


def _row(row: Sequence[object], places: list[int]) -> tuple[float, float, float, float] | None:
    """Time, longitude, latitude, label; None where one cannot be read."""
    try:
        time, lon, lat, label = (row[at] for at in places)
        lon_deg, lat_deg, said = float(str(lon)), float(str(lat)), float(str(label))
        stamp = time if isinstance(time, datetime) else _moment(str(time))
    except (ValueError, IndexError):
        return None
    if said not in (0.0, 1.0) or not (0 < abs(lon_deg) <= 180 and 0 < abs(lat_deg) <= 90):
        return None
    return stamp.replace(tzinfo=UTC).timestamp(), lon_deg, lat_deg, said


def _moment(words: str) -> datetime:
    match = TIME.match(words.strip())
    if match is None:
        raise ValueError(words)
    return datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]
