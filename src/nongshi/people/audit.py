"""Counts blocking pairs from the definition alone; shares no code with the matching that it audits.

A pair (applicant, place) blocks where the applicant would rather have the place, and the place, by its published rules,
would rather have the applicant than stay as it is. Stable means: none.
"""

import hashlib
from collections.abc import Hashable, Mapping, Sequence


def blocking_pairs(
    *,
    wishes: Mapping[str, Sequence[str]],
    seats: Mapping[str, int],
    priority: Mapping[tuple[str, str], float],
    lottery_seed: str,
    given: Mapping[str, str],
    group: Mapping[str, Hashable] | None = None,
    aside: Mapping[tuple[str, Hashable], int] | None = None,
) -> list[tuple[str, str]]:
    """All blocking pairs of an assignment.

    An applicant with a free place to go to blocks. So does one who comes before somebody seated of the same group; one
    whose group has fewer than what is set aside for it, if some group has more; and one who comes before somebody of a
    group that has more than what is set aside for it.
    """
    group, aside = group or {}, aside or {}
    seated: dict[str, list[str]] = {}
    for applicant, place in given.items():
        seated.setdefault(place, []).append(applicant)

    def before(one: str, other: str, place: str) -> bool:
        mine, theirs = priority[one, place], priority[other, place]
        if mine != theirs:
            return mine > theirs
        draw = [hashlib.sha256(f"{lottery_seed}|{who}".encode()).hexdigest() for who in (one, other)]
        return draw[0] < draw[1]

    def wants(place: str, one: str) -> bool:
        inside = seated.get(place, [])
        if len(inside) < seats.get(place, 0):
            return True
        mine = group.get(one)
        count = {each: sum(group.get(i) == each for i in inside) for each in {group.get(i) for i in inside} | {mine}}
        beyond = {each for each, n in count.items() if n > aside.get((place, each), 0)}
        if count[mine] < aside.get((place, mine), 0) and beyond:
            return True
        return any(
            before(one, other, place) and (group.get(other) == mine or group.get(other) in beyond) for other in inside
        )

    found = []
    for applicant, wished in wishes.items():
        for place in wished:
            if given.get(applicant) == place:
                break
            if place in seats and wants(place, applicant):
                found.append((applicant, place))
    return found


def irrational(wishes: Mapping[str, Sequence[str]], given: Mapping[str, str], seats: Mapping[str, int]) -> list[str]:
    """Whatever else must not be: an unwished or unknown place, more people than seats; empty where all is well."""
    found = [
        f"{applicant} got {place}, which was not wished for"
        for applicant, place in given.items()
        if place not in wishes.get(applicant, ())
    ]
    for place in sorted(set(given.values())):
        count = sum(each == place for each in given.values())
        if count > seats.get(place, 0):
            found.append(f"{place} has {count} people on {seats.get(place, 0)} seats")
    return found
