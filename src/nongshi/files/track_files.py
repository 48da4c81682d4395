"""Track files: CSV of fixes (docs/formats.md, Tracks), a row a fix, any order, doubles allowed, perhaps gzip."""

import csv
import gzip
import io
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import NotFound
from nongshi.files.decode import UnknownEncoding, decode
from nongshi.files.faults import Faults
from nongshi.files.tables import MEND_ENCODING, read_columns
from nongshi.files.whole import write_whole
from nongshi.geo.track import NO, UNKNOWN, YES, Track, make_track

NEEDED = ("device_id", "time", "lon", "lat")
OPTIONAL = ("speed_km_h", "course_deg", "working", "state", "depth_cm")
FAULTS_MAX = 200  # more of one file help nobody
SPEED_KM_H_MAX = 2000.0  # assumption: above it is no speed of anything that carries a terminal
MOMENT_MEND = "write it as ISO 8601 with its offset, such as 2026-11-05T07:30:00+08:00"
_FLAGS = {"": UNKNOWN, "1": YES, "0": NO, "1.0": YES, "0.0": NO, "true": YES, "false": NO}
DEGREE_DECIMALS = 8

Column = list[str]
Floats = NDArray[np.float64]


def read_tracks(path: Path) -> list[Track]:
    """The tracks of a file, one a device in the order of their first row; sorted by time, doubles dropped.

    Raises:
        NotFound: there is no such file.
        BadFiles: what stands in it cannot be right; faults by row and column.
    """
    return [track for track, _ in read_tracks_with(path)]


def read_tracks_with(path: Path, extra: Sequence[str] = ()) -> list[tuple[Track, dict[str, NDArray[Any]]]]:
    """As :func:`read_tracks`, each with further columns of the file (`state` as text, `depth_cm` as numbers).

    A column that the file does not have is not in the dictionary.
    """
    path, faults = Path(path), Faults()
    text = _read(path, faults)
    faults.check()
    found = read_columns(path, text, NEEDED, faults)
    faults.check()
    assert found is not None
    columns, numbers = found
    columns["device_id"] = [name.strip() for name in columns["device_id"]]
    if not numbers:
        faults.add(path.name, "there is no fix in it", "add at least one row below the header")
        faults.check()
    table = _Table(path.name, columns, numbers, faults)
    arrays = table.arrays()
    further = {name: table.further(name) for name in extra if name in columns}
    faults.check()
    return _by_device(columns["device_id"], arrays, further)


def write_tracks(path: Path, tracks: Sequence[Track], *, states: Sequence[Sequence[str]] | None = None) -> None:
    """Write tracks, whole or not at all; `states` (one list a track) become the column `state`.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    names = ["device_id", "time", "lon", "lat", "speed_km_h", "course_deg", "working"]
    writer.writerow([*names, "state"] if states is not None else names)
    for number, track in enumerate(tracks):
        columns: list[Sequence[str]] = [
            [track.device_id] * len(track),
            [moment_text(moment) for moment in track.time_s.tolist()],
            [f"{value:.{DEGREE_DECIMALS}f}" for value in track.lon.tolist()],
            [f"{value:.{DEGREE_DECIMALS}f}" for value in track.lat.tolist()],
            [_number_text(value) for value in track.speed_km_h.tolist()],
            [_number_text(value) for value in track.course_deg.tolist()],
            ["" if flag == UNKNOWN else str(flag) for flag in track.working.tolist()],
        ]
        if states is not None:
            columns.append(states[number])
        writer.writerows(zip(*columns, strict=True))
    data = out.getvalue().encode()
    write_whole(Path(path), gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def moment_text(time_s: float) -> str:
    """ISO 8601 in UTC, to the millisecond where there is a fraction.

    >>> moment_text(1793835000.0), moment_text(1793835000.25)
    ('2026-11-04T23:30:00+00:00', '2026-11-04T23:30:00.250+00:00')
    """
    moment = datetime.fromtimestamp(time_s, UTC)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _read(path: Path, faults: Faults) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"there is no track file {path}; name a CSV file of fixes") from None
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        return decode(data)
    except (OSError, EOFError) as error:
        faults.add(path.name, f"cannot be unpacked to its end: {error}", "pack it again; it may have been cut off")
    except UnknownEncoding as error:
        faults.add(path.name, str(error), MEND_ENCODING)
    return ""


class _Table:
    """Columns of texts that become arrays; the quick way first, row by row only where something is wrong."""

    def __init__(self, file: str, columns: Mapping[str, Column], numbers: Sequence[int], faults: Faults) -> None:
        self.file, self.columns, self.numbers, self.faults = file, columns, numbers, faults

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a track is made of, in the order of the rows."""
        self._check_names()
        return {
            "time_s": self._times(self.columns["time"]),
            "lon": self._floats("lon", -180.0, 180.0, "write degrees of longitude, WGS 84"),
            "lat": self._floats("lat", -90.0, 90.0, "write degrees of latitude, WGS 84"),
            "speed_km_h": self._floats("speed_km_h", 0.0, SPEED_KM_H_MAX, "write km/h, or nothing", may_miss=True),
            "course_deg": self._floats("course_deg", 0.0, 360.0, "write degrees from north, or nothing", may_miss=True),
            "working": self._flags(),
        }

    def further(self, name: str) -> NDArray[Any]:
        """A further column: text for `state`, else numbers."""
        if name == "state":
            return np.array(self.columns[name])
        return self._floats(name, -1e6, 1e6, "write a number, or nothing", may_miss=True)

    def _check_names(self) -> None:
        for at, name in enumerate(self.columns["device_id"]):
            if not name:
                self._fault(at, "device_id", name, "the device has no name", "write the terminal's number")

    def _times(self, texts: Column) -> Floats:
        return self._each("time", texts, moment_s, "is no moment with an offset", MOMENT_MEND)

    def _floats(self, name: str, low: float, high: float, mend: str, *, may_miss: bool = False) -> Floats:
        texts = self.columns.get(name)
        if texts is None:
            return np.full(len(self.numbers), np.nan)
        if may_miss:
            texts = [text.strip() or "nan" for text in texts]

        def number(text: str) -> float:
            value = float(text)
            if not (low <= value <= high or (may_miss and math.isnan(value))):
                raise ValueError(text)
            return value

        try:
            values = np.array(texts, dtype=np.float64)
        except ValueError:
            values = np.full(len(texts), np.inf)
        sound = (values >= low) & (values <= high)
        if may_miss:
            sound |= np.isnan(values)
        if sound.all():
            return values
        return self._each(name, texts, number, f"is no number from {low:g} to {high:g}", mend)

    def _flags(self) -> NDArray[np.int8]:
        texts = self.columns.get("working")
        if texts is None:
            return np.full(len(self.numbers), UNKNOWN, np.int8)
        found = self._each(
            "working", texts, lambda t: float(_FLAGS[t.strip().lower()]), "is neither 0 nor 1", "write 0, 1 or nothing"
        )
        return found.astype(np.int8)

    def _each(self, name: str, texts: Column, read: Callable[[str], float], problem: str, mend: str) -> Floats:
        try:
            return np.array([read(text) for text in texts], dtype=np.float64)
        except (ValueError, KeyError, OverflowError):
            pass
        for at, text in enumerate(texts):
            try:
                read(text)
            except (ValueError, KeyError, OverflowError):
                self._fault(at, name, text, problem, mend)
                if len(self.faults) >= FAULTS_MAX:
                    break
        return np.zeros(len(texts))

    def _fault(self, at: int, column: str, value: str, problem: str, mend: str) -> None:
        self.faults.add(self.file, problem, mend, row=self.numbers[at], column=column, value=value)


def moment_s(text: str) -> float:
    """Seconds since 1970-01-01 UTC of an ISO 8601 text.

    Raises:
        ValueError: it is none, or has no offset.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return moment.timestamp()


def _by_device(
    names: Column, arrays: Mapping[str, NDArray[Any]], further: Mapping[str, NDArray[Any]]
) -> list[tuple[Track, dict[str, NDArray[Any]]]]:
    number_of = {name: number for number, name in enumerate(dict.fromkeys(names))}
    device = np.array([number_of[name] for name in names])
    order = np.lexsort((np.arange(len(device)), arrays["time_s"], device))
    found = []
    for name, rows in zip(number_of, np.split(order, np.cumsum(np.bincount(device))[:-1]), strict=True):
        kept = rows[np.diff(arrays["time_s"][rows], prepend=-np.inf) > 0]
        track = make_track(name, **{column: values[kept] for column, values in arrays.items()})
        found.append((track, {column: values[kept] for column, values in further.items()}))
    return found


def _number_text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"
