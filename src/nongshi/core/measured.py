"""The noun that tracks hand to money: what was measured of a piece of work."""

from dataclasses import dataclass

from nongshi.core.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMeasured:
    """Worked area with a 95 % interval, and whether money may rest on it without a person looking.

    `worked_ha` is the area of the union of swaths inside the field, each place counted once.
    """

    worked_ha: float
    low_ha: float  # 95 % interval
    high_ha: float
    overlap_ha: float  # worked more than once, counted once per extra pass
    skip_ha: float  # inside the worked outline, reached by no swath
    travelled_ha: float  # distance at work x width: what overlap is not taken off
    fixes: int
    auto_settle: bool
    why: str = ""  # where it is not to be settled by itself: the reason, English
    why_zh: str = ""  # the same in Chinese

    def __post_init__(self) -> None:
        """Refuse an interval that does not hold its own value, and a refusal without a reason."""
        if not 0 <= self.low_ha <= self.worked_ha <= self.high_ha:
            raise BadInput(f"worked area {self.worked_ha} ha is outside its interval {self.low_ha} to {self.high_ha}")
        if not self.auto_settle and not (self.why and self.why_zh):
            raise BadInput("work that is not settled by itself needs a reason in both languages")
