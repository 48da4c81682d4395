"""Which known plot somebody speaks of: by grower, place and name of the field, then by the nearest area."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nongshi.market.numerals import plain

AREA_NEAR = 0.08  # share: people round to the half mu; assumption
CHOICES_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A field of the register as far as a line can speak of it."""

    id: int
    grower_id: int | None
    grower: str
    phone: str
    name: str
    place: str
    area_ha: float


class Matched(NamedTuple):
    """The plot, or those it may be; `grower_ids`: growers of that name."""

    plot: Plot | None
    choices: tuple[Plot, ...]  # best first; more than one where a person has to choose
    grower_ids: tuple[int, ...]


def match(plots: Sequence[Plot], *, grower: str, phone: str, place: str, area_ha: float | None) -> Matched:
    """The plot that a reading speaks of; never one of several that fit equally well."""
    of_phone = [p for p in plots if phone and p.phone == phone]
    of_name = [p for p in plots if grower and p.grower == grower] or [p for p in plots if _called(p.grower, grower)]
    own = [p for p in of_name if p in of_phone] or of_name or of_phone
    growers = tuple(dict.fromkeys(p.grower_id for p in own if p.grower_id is not None))
    near = own if grower or phone else list(plots)
    placed = _placed(near, place) if place else near
    if place and not placed and own:
        return Matched(None, _by_area(own, area_ha)[:CHOICES_MAX], growers)
    if not grower and not phone and not place:
        return Matched(None, (), ())
    found = _by_area(placed, area_ha)
    if len(found) == 1:
        return Matched(found[0], found, growers)
    fitting = [p for p in found if area_ha and abs(p.area_ha - area_ha) <= AREA_NEAR * area_ha]
    if len(fitting) == 1:
        return Matched(fitting[0], found[:CHOICES_MAX], growers)
    return Matched(None, found[:CHOICES_MAX], growers)


def _placed(plots: Sequence[Plot], place: str) -> list[Plot]:
    """Plots whose name or village fits the words; the name of a field counts more than its village."""
    words = [_key(word) for word in place.split()]
    exact = [p for p in plots if _key(p.name) in words or _key(p.name) == _key(place)]
    if exact:
        return exact
    named = [p for p in plots if any(_within(word, _key(p.name)) for word in words)]
    if named and (len(words) == 1 or len(named) == 1):
        return named
    best = [p for p in plots if all(_within(w, _key(p.name)) or _within(w, _key(p.place)) for w in words)]
    return best or named or [p for p in plots if any(_within(word, _key(p.place)) for word in words)]


def _by_area(plots: Sequence[Plot], area_ha: float | None) -> tuple[Plot, ...]:
    if area_ha is None:
        return tuple(sorted(plots, key=lambda p: p.name))
    return tuple(sorted(plots, key=lambda p: (abs(p.area_ha - area_ha), p.name)))


def _called(name: str, said: str) -> bool:
    """老张 and 张师傅 may be 张三."""
    if len(said) < 2 or not name:
        return False
    return (said[0] in "老小阿大" and said[1] in name) or (said[0] == name[0] and said[1:] in ("师傅", "老板", "书记"))


def _within(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (one in other or (other in one and len(other) > 1))


def _key(text: str) -> str:
    return plain(text).replace(" ", "").lower()
