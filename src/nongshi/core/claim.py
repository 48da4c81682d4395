"""The noun of a subsidy claim: what somebody says was worked, when, by whom, with what; the proof lies beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from nongshi.core.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One picture of a claim: what it is is said by its digest."""

    name: str
    sha256: str
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Work for which money is asked. Ids are those of the one who claims; the device's is its maker's."""

    id: str
    claimant_id: str  # who asks for the money
    operation: str
    field_id: str
    machine_id: str
    device_id: str
    operator_id: str
    licence_needed: str | None  # class; None: the machine needs none
    licences: Mapping[str, date]  # of the operator, last valid day
    width_m: float
    claimed_ha: float
    since: datetime  # aware
    until: datetime
    order_id: str = ""
    depth_asked_cm: float | None = None
    photos: tuple[Photo, ...] = ()
    generated: bool = False

    def __post_init__(self) -> None:
        """Refuse a claim that says nothing that could be checked."""
        if not self.claimed_ha > 0:
            raise BadInput(f"claim {self.id}: claimed_ha must be above 0, got {self.claimed_ha}")
        if not self.width_m > 0:
            raise BadInput(f"claim {self.id}: width_m must be above 0, got {self.width_m}")
        if self.since.tzinfo is None or self.until.tzinfo is None or not self.since < self.until:
            raise BadInput(f"claim {self.id}: since and until must be aware moments, the first before the second")
