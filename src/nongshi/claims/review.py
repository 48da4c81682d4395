"""All claims of a heap looked at, alone and beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nongshi.claims import beside
from nongshi.claims.alone import check_alone, measured
from nongshi.claims.case import Case
from nongshi.claims.copies import find_copies
from nongshi.claims.flags import LOW, MEDIUM, Flag, FlagKind, flag
from nongshi.core.measured import WorkMeasured

ELSEWHERE = frozenset({FlagKind.DEVICE_ELSEWHERE, FlagKind.MACHINE_ELSEWHERE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One claim, what its track proves, and what is wrong, gravest first."""

    claim_id: str
    measured: WorkMeasured | None
    flags: tuple[Flag, ...]

    @property
    def risk(self) -> float:
        """0..1: that of its gravest flag."""
        return max((one.risk for one in self.flags), default=0.0)

    @property
    def held(self) -> bool:
        """Whether money waits for a person."""
        return self.risk >= MEDIUM


def review(cases: Sequence[Case]) -> list[Reviewed]:
    """Look at every claim; in the order given. The more claims lie beside each other, the more is found."""
    areas = [measured(case) for case in cases]
    flags: list[list[Flag]] = [list(check_alone(case, area)) for case, area in zip(cases, areas, strict=True)]
    _add(flags, beside.same_ground(cases))
    _add(flags, beside.elsewhere(cases))
    _add(flags, beside.swapped(cases))
    _add(flags, beside.photos_again(cases))
    _add(flags, ((late, flag(FlagKind.COPIED, other=cases[early].claim.id)) for late, early, _ in find_copies(cases)))
    _spare_victims(cases, flags)
    return [
        Reviewed(
            claim_id=case.claim.id,
            measured=None if area is None else area.measured,
            flags=tuple(sorted(found, key=lambda one: -one.risk)),
        )
        for case, area, found in zip(cases, areas, flags, strict=True)
    ]


def _spare_victims(cases: Sequence[Case], flags: list[list[Flag]]) -> None:
    """Of two claims that cannot both be true, one with another fault explains it: the other keeps a low risk."""
    worse = {
        case.claim.id
        for case, found in zip(cases, flags, strict=True)
        if any(one.kind not in ELSEWHERE and one.risk >= MEDIUM for one in found)
    }
    for case, found in zip(cases, flags, strict=True):
        if case.claim.id not in worse:
            found[:] = [
                replace(one, risk=LOW) if one.kind in ELSEWHERE and one.other in worse else one for one in found
            ]


def _add(flags: list[list[Flag]], found: Iterable[tuple[int, Flag]]) -> None:
    for i, one in found:
        if one not in flags[i]:
            flags[i].append(one)
