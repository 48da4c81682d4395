"""Muster: who and what is in an area now, for an evacuation; held against the ledger of who entered and left."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody or something inside."""

    device_id: str
    since_s: float  # when it entered
    age_s: float  # of its last fix


@dataclass(frozen=True, slots=True)
class Muster:
    """The roll-call of one fence at one moment.

    `fresh` were heard of lately; `stale` were inside when last heard of, and have to be looked for. `balance` is how
    many entered less how many left; where it is not the number inside, the ledger has a gap and `balanced` says so.
    """

    fence_id: str
    at_s: float
    fresh: tuple[Present, ...]
    stale: tuple[Present, ...]
    entered: int
    left: int

    @property
    def inside(self) -> int:
        """How many are inside, heard of lately or not."""
        return len(self.fresh) + len(self.stale)

    @property
    def balance(self) -> int:
        """Entered less left."""
        return self.entered - self.left

    @property
    def balanced(self) -> bool:
        """Whether the ledger agrees with the positions."""
        return self.balance == self.inside
