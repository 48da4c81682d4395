"""Time logs of ISO 11783-10 (ISOXML): a TASKDATA folder with binary records of positions and of what the tool did.

TASKDATA.XML is read and written with the library isoxml; the records (TLG*.BIN, their layout in TLG*.XML) it leaves as
bytes, so they are read here: time of day, date, what the layout leaves open of the position, values by number.
"""

import errno
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from nongshi.core.errors import BadFiles, Fault, MissingExtra
from nongshi.geo.track import NO, UNKNOWN, YES, Track, make_track

# what rubbish in a zip makes of unpacking (bz2 gives no number); other numbers are the disk's
OF_THE_ZIP = (None, errno.EINVAL, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG)
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
CHINA_AHEAD_S = 8 * 3600  # assumption: logs carry local time; where they carry the receiver's UTC, that is taken
WORK_STATE_DDI = 0x008D  # 141: actual work state
WORK_STATES = {0: NO, 1: YES}  # of the two bits, 2 is an error and 3 not available
DEGREE = 1e-7
VALID_FIX = (1, 2, 3, 4, 5)  # status of a position: GNSS, DGNSS, precise, RTK fixed, RTK float
UNPACKED_BYTES_MAX = 1 << 30
# fields of a position in the order of the record: attribute, bytes, signed
PTN = (("A", 4, True), ("B", 4, True), ("C", 4, True), ("D", 1, False), ("E", 2, False), ("F", 2, False),
       ("G", 1, False), ("H", 4, False), ("I", 2, False))  # fmt: skip


def read_isoxml(path: Path) -> list[Track]:
    """Read all time logs of a TASKDATA folder, its TASKDATA.XML or its .zip; a track for each log.

    Raises:
        BadFiles: no TASKDATA.XML, or records that end in the middle.
        MissingExtra: isoxml is not installed.
    """
    if path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory() as name:
            _unpack(path, Path(name))
            return read_isoxml(Path(name))
    folder = path.parent if path.is_file() else path
    found = [file for file in folder.rglob("*") if file.name.upper() == "TASKDATA.XML"]
    if not found:
        raise _fault(path, None, "holds no TASKDATA.XML", "name the TASKDATA folder of the terminal")
    data = _load(found[0])
    tracks = []
    for task in data.tasks:
        for log in task.time_logs:
            name = log.filename
            if not name:
                raise _fault(found[0], None, "a time log names no file", "export the task with its log")
            tracks += _read_log(found[0].parent, name, task.designator or name)
    if not tracks:
        raise _fault(found[0], None, "names no time log with positions", "export the task with its log")
    return tracks


def write_isoxml(folder: Path, tracks: Sequence[Track]) -> None:
    """Write a TASKDATA folder (version 4) with a task and a time log for each track.

    Raises:
        MissingExtra: isoxml is not installed.
        OSError: the folder cannot be written to.
    """
    iso, io = _library()
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tasks = []
    for number, track in enumerate(tracks, start=1):
        name = f"TLG{number:05d}"
        (folder / f"{name}.BIN").write_bytes(_records(track))
        (folder / f"{name}.XML").write_text(_layout(), encoding="utf-8")
        tasks.append(
            iso.Task(
                id=f"TSK{number}",
                designator=track.device_id[:32],
                status=iso.TaskStatus.Completed,
                time_logs=[iso.TimeLog(filename=name, type=iso.TimeLogType.BinaryTimelogFileType1)],
            )
        )
    data = iso.Iso11783TaskData(
        management_software_manufacturer="Nongshi",
        management_software_version="0.1",
        data_transfer_origin=iso.Iso11783TaskDataDataTransferOrigin.FMIS,
        tasks=tasks,
    )
    io.isoxml_to_dir(folder, data)


def _library() -> tuple[Any, Any]:
    try:
        import isoxml.models.base.v4 as iso
        from isoxml.util import isoxml_io
    except ImportError as error:
        raise MissingExtra("isoxml", extra="tracks") from error
    return iso, isoxml_io


def _load(path: Path) -> Any:
    _, io = _library()
    try:
        return io.isoxml_from_text(path.read_text(encoding="utf-8-sig"))
    except Exception as error:
        raise _fault(path, None, f"is no task data: {error}", "export it again; version 3 or 4 is read") from error


def _unpack(path: Path, folder: Path) -> None:
    """Unpack a zip that stays inside the folder and below a size."""
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(info.file_size for info in packed.infolist()) > UNPACKED_BYTES_MAX:
                raise _fault(path, None, "would unpack to more than 1 GiB", "unpack it by hand and name the folder")
            packed.extractall(folder)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        IndexError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        if isinstance(error, OSError) and error.errno not in OF_THE_ZIP:
            raise
        raise _fault(path, None, f"is no sound zip: {error}", "pack it again, without a password") from error


def _read_log(folder: Path, name: str, device_id: str) -> list[Track]:
    files = {file.name.upper(): file for file in folder.iterdir()}
    layout, records = files.get(f"{name.upper()}.XML"), files.get(f"{name.upper()}.BIN")
    if layout is None or records is None:
        raise _fault(folder / f"{name}.BIN", None, "the log's files are missing", "copy the whole TASKDATA folder")
    try:
        root = ET.parse(layout).getroot()
    except (ET.ParseError, LookupError, ValueError) as error:  # the last two: an encoding that expat does not read
        raise _fault(layout, None, f"is no XML: {error}", "export it again, in UTF-8") from error
    time = root if root.tag == "TIM" else root.find("TIM")
    position = None if time is None else time.find("PTN")
    if time is None or position is None:
        return []  # a log without positions is no track
    fields = [(key, size, signed) for key, size, signed in PTN if position.get(key) == ""]
    try:
        work = {
            number for number, value in enumerate(time.findall("DLV")) if int(value.get("A", "0"), 16) == WORK_STATE_DDI
        }
    except ValueError as error:
        raise _fault(layout, None, f"a DLV has no hexadecimal number: {error}", "export it again") from error
    rows = _rows(records, fields, work)
    if not rows:
        return []
    time_s, lon, lat, working = np.array(rows, float).T
    return [make_track(device_id, time_s, lon, lat, working=working.astype(np.int8))]


def _rows(path: Path, fields: Sequence[tuple[str, int, bool]], work: set[int]) -> list[tuple[float, ...]]:
    data, at, number, working = path.read_bytes(), 0, 0, UNKNOWN
    rows: list[tuple[float, ...]] = []
    while at < len(data):
        number += 1
        try:
            of_day_ms, day = struct.unpack_from("<IH", data, at)
            at += 6
            place: dict[str, int] = {}
            for key, size, signed in fields:
                place[key] = int.from_bytes(_take(data, at, size), "little", signed=signed)
                at += size
            count = _take(data, at, 1)[0]
            at += 1
            for _ in range(count):
                index, value = struct.unpack_from("<Bi", data, at)
                at += 5
                if index in work:
                    working = WORK_STATES.get(value & 3, UNKNOWN)
        except (struct.error, IndexError) as error:
            mend = "copy the log again; it ends in the middle of a record"
            raise _fault(path, number, "the record is cut off", mend) from error
        if "A" in place and "B" in place and place.get("D", 1) in VALID_FIX:
            time_s = _moment(of_day_ms, day, place)
            rows.append((time_s, place["B"] * DEGREE, place["A"] * DEGREE, float(working)))
    return rows


def _take(data: bytes, at: int, size: int) -> bytes:
    piece = data[at : at + size]
    if len(piece) < size:
        raise IndexError("end of file")
    return piece


def _moment(of_day_ms: int, day: int, place: dict[str, int]) -> float:
    """Seconds since 1970 UTC: the receiver's own where the record has it, else the terminal's local time."""
    if "H" in place and "I" in place:
        return (EPOCH + timedelta(days=place["I"], milliseconds=place["H"])).timestamp()
    return (EPOCH + timedelta(days=day, milliseconds=of_day_ms)).timestamp() - CHINA_AHEAD_S


def _records(track: Track) -> bytes:
    out = []
    for k in range(len(track)):
        since = datetime.fromtimestamp(float(track.time_s[k]), UTC) - EPOCH
        local = since + timedelta(seconds=CHINA_AHEAD_S)
        ms, utc_ms = (round((one - timedelta(days=one.days)).total_seconds() * 1000) for one in (local, since))
        lat, lon = round(track.lat[k] / DEGREE), round(track.lon[k] / DEGREE)
        out.append(struct.pack("<IHiiBIH", ms, local.days, lat, lon, 1, utc_ms, since.days))
        flag = int(track.working[k])
        out.append(b"\0" if flag == UNKNOWN else struct.pack("<BBi", 1, 0, flag))
    return b"".join(out)


def _layout() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<TIM A="" D="4"><PTN A="" B="" D="" H="" I=""/>'
        f'<DLV A="{WORK_STATE_DDI:04X}" B="" C="DET-1"/></TIM>\n'
    )


def _fault(path: Path, row: int | None, problem: str, mend: str) -> BadFiles:
    return BadFiles([Fault(file=path.name, row=row, column=None, value=None, problem=problem, mend=mend)])
