"""Binary-coded decimals: two digits a byte, for telephone numbers and times."""

from datetime import datetime

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808.errors import BadFrame

TIME_BYTES = 6
PAIRS = tuple(high * 10 + low if high < 10 and low < 10 else -9999 for high in range(16) for low in range(16))
_BYTE = bytes(number // 10 << 4 | number % 10 for number in range(100))
_EPOCH_DAY = datetime(1970, 1, 1).toordinal()


def read_time(data: bytes) -> datetime:
    """YYMMDDhhmmss of this century, as the terminal's clock shows it; no zone is meant or added.

    >>> read_time(bytes.fromhex("260817221812"))
    datetime.datetime(2026, 8, 17, 22, 18, 12)

    Raises:
        BadFrame: kind "time": digits that are none, or a day or hour that does not exist (24 is no hour).
    """
    try:
        year, month, day, hour, minute, second = data
        pair = PAIRS
        return datetime(2000 + pair[year], pair[month], pair[day], pair[hour], pair[minute], pair[second])
    except ValueError as fault:
        raise BadFrame("time", f"{data.hex() or 'nothing'} is no time") from fault


def write_time(moment: datetime) -> bytes:
    """The six bytes of a local time of this century; parts of a second are cut off."""
    if not 2000 <= moment.year <= 2099:
        raise BadInput(f"a terminal's clock knows the years 2000 to 2099, got {moment.year}")
    parts = (moment.year - 2000, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    return bytes(_BYTE[part] for part in parts)


def local_seconds(moment: datetime) -> int:
    """Seconds from 1970-01-01 00:00 to that time on the same clock."""
    days = moment.toordinal() - _EPOCH_DAY
    return days * 86400 + moment.hour * 3600 + moment.minute * 60 + moment.second
