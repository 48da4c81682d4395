"""Who gets which place: deferred acceptance, those who apply proposing (Gale and Shapley 1962), with places set aside.

No applicant ever gains by hiding or turning round wishes (Dubins and Freedman 1981; Roth 1982; with places set aside
for groups: Hafalir, Yenmez, Yildirim 2013, doi:10.3982/TE1135), and nobody and no place would rather have each other.
"""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Market:
    """Applicants and places."""

    wishes: Mapping[str, Sequence[str]]  # applicant -> places, most wanted first; no other place is ever given
    seats: Mapping[str, int]  # place -> how many
    priority: Mapping[tuple[str, str], float]  # (applicant, place) -> the higher, the sooner
    lottery_seed: str  # decides between equal priorities
    group: Mapping[str, Hashable] = field(default_factory=dict)  # applicant -> group
    aside: Mapping[tuple[str, Hashable], int] = field(default_factory=dict)  # (place, group) -> seats set aside

    @cached_property
    def ticket(self) -> Mapping[str, str]:
        """Applicant -> lottery ticket; the smaller, the luckier."""
        return {applicant: ticket(self.lottery_seed, applicant) for applicant in self.wishes}

    def order(self, place: str, applicants: Sequence[str]) -> list[str]:
        """Applicants, the first to be taken first."""
        return sorted(applicants, key=lambda a: (-self.priority[a, place], self.ticket[a], a))


def ticket(lottery_seed: str, applicant_id: str) -> str:
    """SHA-256 of seed, a vertical bar and the id, in UTF-8, as 64 small hexadecimal digits; anybody can redo it.

    >>> ticket("2026-09-01", "L0001")[:12]
    'f01d81f49cca'
    """
    return hashlib.sha256(f"{lottery_seed}|{applicant_id}".encode()).hexdigest()


def match(market: Market) -> dict[str, str]:
    """Applicant -> place, for those who get one; the same market gives the same answer in whatever order it is told."""
    next_wish = dict.fromkeys(market.wishes, 0)
    held: dict[str, list[str]] = {place: [] for place in market.seats}
    asking = sorted(market.wishes)
    while asking:
        came: dict[str, list[str]] = {}
        for applicant in asking:
            wishes = market.wishes[applicant]
            if next_wish[applicant] < len(wishes):
                came.setdefault(wishes[next_wish[applicant]], []).append(applicant)
                next_wish[applicant] += 1
        asking = []
        for place, new in came.items():
            taken = choose(market, place, held.get(place, []) + new)
            asking += [one for one in held.get(place, []) + new if one not in taken]
            held[place] = taken
    return {applicant: place for place, taken in held.items() for applicant in taken}


def choose(market: Market, place: str, applicants: Sequence[str]) -> list[str]:
    """Whom a place takes: of each group up to what is set aside, then whoever comes first."""
    order, left = market.order(place, applicants), market.seats.get(place, 0)
    taken: list[str] = []
    of_group: dict[Hashable, int] = {}
    for one in order:
        group = market.group.get(one)
        if len(taken) < left and of_group.get(group, 0) < market.aside.get((place, group), 0):
            of_group[group] = of_group.get(group, 0) + 1
            taken.append(one)
    chosen = set(taken)
    return taken + [one for one in order if one not in chosen][: left - len(taken)]
