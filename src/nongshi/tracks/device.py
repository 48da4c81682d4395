"""A terminal as the register knows it: whose clock and datum it has, and how much it may send."""

from dataclasses import dataclass
from enum import StrEnum

from nongshi.core.errors import BadInput

CHINA_OFFSET_S = 8 * 3600
OFFSET_S_MAX = 15 * 3600


class Datum(StrEnum):
    """What the terminal's degrees mean."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"  # shifted as Chinese maps are


class Carrier(StrEnum):
    """What carries the terminal; people's tracks are kept shorter and only while they work."""

    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One terminal."""

    id: str  # its number without leading zeros
    carrier: Carrier = Carrier.MACHINE
    clock_ahead_s: int = CHINA_OFFSET_S  # of UTC
    datum: Datum = Datum.WGS84
    vendor: str = ""  # whose rows of the item table it follows

    def __post_init__(self) -> None:
        """Refuse a clock that runs in no zone of this world."""
        if not self.id:
            raise BadInput("a device needs its number")
        if abs(self.clock_ahead_s) > OFFSET_S_MAX:
            raise BadInput(f"device {self.id}: clock_ahead_s must be within 15 h, got {self.clock_ahead_s}")
