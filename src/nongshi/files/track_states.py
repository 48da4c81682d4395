"""A track file with a `state` added: every row comes back, in its order, doubles and unknown columns too."""

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nongshi.files.decode import decode
from nongshi.files.faults import Faults
from nongshi.files.tables import read_columns
from nongshi.files.track_files import NEEDED, moment_s, read_tracks_with
from nongshi.files.whole import write_whole
from nongshi.geo.track import Track

LABELS = {"work": 1, "road": 0, "idle": 0}


def read_labels(path: Path) -> list[tuple[Track, NDArray[np.int8]]]:
    """Labelled tracks: column `state` says work, road or idle of each fix; idle is not work.

    Raises:
        BadFiles: the column is missing, or a fix has no such label.
    """
    faults = Faults()
    answer = []
    for track, further in read_tracks_with(path, ("state",)):
        words = [str(word).strip().lower() for word in further.get("state", [])]
        bad = sorted(set(words) - set(LABELS))
        if not words or bad:
            problem = f"has no label work, road or idle: {', '.join(map(repr, bad[:3]))}" if bad else "is missing"
            faults.add(
                path.name, f"the column state {problem}", "write work, road or idle for each fix", column="state"
            )
        else:
            answer.append((track, np.array([LABELS[word] for word in words], dtype=np.int8)))
    faults.check()
    return answer


def write_states(
    path: Path, source: Path, tracks: Sequence[Track], added: Sequence[Mapping[str, Sequence[str]]]
) -> None:
    """The rows of `source`, whose tracks these are, with columns added: of each row what its fix says.

    Columns of these names that are there already are replaced.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    data = source.read_bytes()
    faults = Faults()
    found = read_columns(source, decode(gzip.decompress(data) if source.suffix == ".gz" else data), NEEDED, faults)
    faults.check()
    assert found is not None
    columns, numbers = found
    said = {track.device_id: (track.time_s, more) for track, more in zip(tracks, added, strict=True)}
    names = list(added[0]) if added else []
    further = []
    for device, time in zip(columns["device_id"], columns["time"], strict=True):
        times, more = said[device]
        fix = int(np.searchsorted(times, moment_s(time)))
        further.append([more[name][fix] for name in names])
    kept = [name for name in columns if name and name not in names]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*kept, *names])
    rows = zip(*(columns[name] for name in kept), strict=True)
    writer.writerows([*row, *more] for row, more in zip(rows, further, strict=True))
    assert len(further) == len(numbers)
    write_whole(path, text.getvalue())
