"""The register of terminals (devices.csv), and when people's positions may be kept (people.csv)."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nongshi.core.errors import NotFound
from nongshi.files.faults import Faults
from nongshi.files.rows import Row
from nongshi.files.tables import read_table
from nongshi.files.track_files import MOMENT_MEND, moment_s
from nongshi.tracks.device import CHINA_OFFSET_S, Carrier, Datum, Device
from nongshi.tracks.jt808 import normalise_phone

NEEDED = ("device_id",)
PEOPLE = ("device_id", "since", "until")
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_FIXED_DAY = 946_684_800  # 2000-01-01: zones of terminals have no summer time that would matter


def read_devices(path: Path) -> list[Device]:
    """Read devices.csv: `device_id`, and perhaps `carrier`, `clock` (+08:00 or a zone), `datum`, `vendor`.

    Raises:
        NotFound: there is no such file.
        BadFiles: what stands in it cannot be right; a number that stands twice, too.
    """
    path, faults = Path(path), Faults()
    if not path.is_file():
        raise NotFound(f"there is no device file {path}; its first column is device_id (docs/gateway.md)")
    table = read_table(path.parent, path.stem, NEEDED, faults)
    faults.check()
    assert table is not None
    found: dict[str, Device] = {}
    for row in table.rows:
        device = _device(row)
        if device is None:
            continue
        if device.id in found:
            row.fault("device_id", "the device stands twice", "delete one of the two rows")
        found[device.id] = device
    faults.check()
    return list(found.values())


def _device(row: Row) -> Device | None:
    number = normalise_phone(row.text("device_id"))
    carrier = (
        row.known("carrier", [one.value for one in Carrier], "the list of carriers")
        if row.has("carrier")
        else Carrier.MACHINE.value
    )
    datum = (
        row.known("datum", [one.value for one in Datum], "the list of datums")
        if row.has("datum")
        else Datum.WGS84.value
    )
    ahead_s = _clock(row) if row.has("clock") else CHINA_OFFSET_S
    vendor = row.text("vendor") if row.has("vendor") else ""
    if not row.sound:
        return None
    return Device(id=number, carrier=Carrier(carrier), clock_ahead_s=ahead_s, datum=Datum(datum), vendor=vendor)


def _clock(row: Row) -> int:
    text = row.text("clock")
    matched = _OFFSET.fullmatch(text)
    if matched:
        sign, hours, minutes = matched.groups()
        return (-1 if sign == "-" else 1) * (int(hours) * 3600 + int(minutes) * 60)
    try:
        offset = datetime.fromtimestamp(_FIXED_DAY, UTC).astimezone(ZoneInfo(text)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        row.fault("clock", "is neither an offset nor a zone", "write +08:00 or Asia/Shanghai")
        return 0
    assert offset is not None
    return int(offset.total_seconds())


def read_people(path: Path) -> dict[str, list[tuple[float, float]]]:
    """Read people.csv: `device_id`, `since`, `until` (ISO 8601 with offset): accepted jobs of people who agreed.

    Raises:
        NotFound: there is no such file.
        BadFiles: what stands in it cannot be right.
    """
    path, faults = Path(path), Faults()
    if not path.is_file():
        raise NotFound(f"there is no file of accepted jobs {path}; its columns are {', '.join(PEOPLE)}")
    table = read_table(path.parent, path.stem, PEOPLE, faults)
    faults.check()
    assert table is not None
    found: dict[str, list[tuple[float, float]]] = {}
    for row in table.rows:
        spans = [_span_end(row, column) for column in ("since", "until")]
        if row.sound and spans[1] <= spans[0]:
            row.fault("until", "is not after since", "write the end of the job")
        found.setdefault(normalise_phone(row.text("device_id")), []).append((spans[0], spans[1]))
    faults.check()
    return found


def _span_end(row: Row, column: str) -> float:
    try:
        return moment_s(row.text(column))
    except ValueError:
        row.fault(column, "is no moment with an offset", MOMENT_MEND)
        return 0.0
