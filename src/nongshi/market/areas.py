"""Areas in a line: 12亩, 五亩半, 两亩三分, 八分地, 一亩八, 0.8公顷, 3000平方米, 12亩左右."""

import re
from dataclasses import dataclass

from nongshi.core.units import MU_PER_HA
from nongshi.market.numerals import NUMBER, number

M2_PER_HA = 10_000.0
FEN_PER_MU = 10.0
_ABOUT = r"(?P<about>约|大概|大约|差不多|将近|近)?\s*"
_PATTERN = re.compile(
    rf"{_ABOUT}(?P<n>{NUMBER})\s*(?P<more>多|来|几)?\s*(?P<unit>亩|公顷|ha\b|平方米|平米|平方|m2)地?(?P<half>半)?"
    rf"(?:(?P<fen>{NUMBER})\s*分地?|(?P<tail>[一二三四五六七八九](?![\w一-鿿])))?(?P<after>左右|上下|多)?",
    re.IGNORECASE,
)
_FEN = re.compile(rf"{_ABOUT}(?P<n>{NUMBER})\s*分(?:地|田|(?=\s|,|$))(?P<after>左右|上下)?")


@dataclass(frozen=True, slots=True)
class SaidArea:
    """An area, whether it was meant roughly, and where in the text it stands."""

    area_ha: float
    about: bool
    span: tuple[int, int]


def find_areas(text: str) -> list[SaidArea]:
    """Every area of a plain text, in order."""
    found = []
    for hit in _PATTERN.finditer(text):
        area_ha = _area_ha(hit)
        if area_ha is not None and area_ha > 0:
            about = any(hit[name] for name in ("about", "more", "after"))
            found.append(SaidArea(area_ha, about, hit.span()))
    taken = [one.span for one in found]
    for hit in _FEN.finditer(text):
        value = number(hit["n"])
        if value and not any(a < hit.end() and hit.start() < b for a, b in taken):
            about = bool(hit["about"] or hit["after"])
            found.append(SaidArea(value / FEN_PER_MU / MU_PER_HA, about, hit.span()))
    return sorted(found, key=lambda one: one.span)


def _area_ha(hit: re.Match[str]) -> float | None:
    value = number(hit["n"])
    if value is None:
        return None
    unit = hit["unit"].lower()
    if hit["half"]:
        value += 0.5
    if unit in ("公顷", "ha"):
        return value
    if unit != "亩":
        return value / M2_PER_HA
    fen = number(hit["fen"] or hit["tail"] or "")
    return (value + (fen or 0.0) / FEN_PER_MU) / MU_PER_HA
