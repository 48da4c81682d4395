"""The legs a driver works on a field: straight passes of the tool, in the order in which they are driven."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Polygon

Floats = NDArray[np.float64]
Pattern = Literal["back-and-forth", "spiral", "blocks"]
PATTERNS: tuple[Pattern, ...] = ("back-and-forth", "spiral", "blocks")
BLOCK_PASSES = 8  # passes a block, every second of them left for the way back
PASS_MIN_M = 3.0  # a shorter bit of a line is left


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch with the tool at work; `joined`: the tool stays down on the way to the next leg."""

    points: Floats  # (k, 2) metres
    joined: bool = False


def make_legs(
    field: Polygon, pattern: Pattern, width_m: float, *, spacing_m: float, rounds: int, skips: set[int], lifted: bool
) -> list[Leg]:
    """The legs of a whole field: `rounds` along its edge, then the pattern inside them.

    Args:
        field: outline, metres; long side along x.
        pattern: how the inside is driven; a spiral is all rounds.
        width_m: width of the tool.
        spacing_m: from one pass to the next.
        rounds: rounds of the headland, driven first.
        skips: numbers of passes (or rounds of a spiral) that the driver forgets.
        lifted: at the corners of a round the tool is lifted and set down anew, so that the corner is worked out.
    """
    if pattern == "spiral":
        return _rounds(field, width_m, spacing_m, 10_000, skips, lifted)
    legs = _rounds(field, width_m, spacing_m, rounds, set(), lifted)
    inner = field.buffer(-rounds * spacing_m, join_style="mitre") if rounds else field
    lines = _lines(inner, width_m, spacing_m)
    for i, number in enumerate(_order(len(lines), pattern)):
        if number in skips:
            continue
        pieces = lines[number]
        for piece in pieces if i % 2 == 0 else [piece[::-1] for piece in pieces[::-1]]:
            legs.append(Leg(piece))
    return legs


def _lines(inner: Polygon, width_m: float, spacing_m: float) -> list[list[Floats]]:
    """Lines along x, each cut by the outline into pieces from left to right."""
    if inner.is_empty:
        return []
    left, low, right, high = inner.bounds
    count = max(1, int(np.ceil((high - low - width_m) / spacing_m - 1e-6)) + 1)
    lines = []
    for y in low + width_m / 2 + spacing_m * np.arange(count):
        # the tool is set down where either of its ends reaches the field, so that slanted edges are worked out
        cuts: list[tuple[float, float]] = []
        strip = inner.intersection(
            Polygon(
                [
                    (left - 1, y - width_m / 2),
                    (right + 1, y - width_m / 2),
                    (right + 1, y + width_m / 2),
                    (left - 1, y + width_m / 2),
                ]
            )
        )
        line = LineString([(left - 1, y), (right + 1, y)])
        for part in _polygons(strip):
            holes = line.intersection(part)
            for piece in getattr(holes, "geoms", [holes]):
                if piece.length > PASS_MIN_M:
                    xs = [x for x, _ in piece.coords]
                    cuts.append((min(xs), max(xs)))
            if cuts and len(_polygons(strip)) == 1:
                begin, _, end, _ = part.bounds
                cuts[0] = (min(begin, cuts[0][0]), cuts[0][1])
                cuts[-1] = (cuts[-1][0], max(end, cuts[-1][1]))
        if cuts:
            lines.append([np.array([(begin, y), (end, y)]) for begin, end in sorted(cuts)])
    return lines


def _order(count: int, pattern: Pattern) -> list[int]:
    if pattern == "back-and-forth":
        return list(range(count))
    order: list[int] = []
    for first in range(0, count, BLOCK_PASSES):
        block = list(range(first, min(first + BLOCK_PASSES, count)))
        half = (len(block) + 1) // 2
        for i in range(half):
            order += [block[i], *block[half + i : half + i + 1]]
    return order


def _rounds(field: Polygon, width_m: float, spacing_m: float, rounds: int, skips: set[int], lifted: bool) -> list[Leg]:
    """Rounds along the outline from outside in; around an island too."""
    legs: list[Leg] = []
    for number in range(rounds):
        inset = field.buffer(-(width_m / 2 + number * spacing_m), join_style="mitre")
        left = field.buffer(-number * spacing_m, join_style="mitre")
        if left.area < 1.0:
            break
        if inset.is_empty:
            legs += _last_strips(left, width_m)
            break
        if number in skips:
            continue
        for part in _polygons(inset):
            for ring in (part.exterior, *part.interiors):
                if ring.length > 2 * PASS_MIN_M:
                    legs += _round(np.asarray(ring.coords), width_m, lifted)
    return legs


def _round(corners: Floats, width_m: float, lifted: bool) -> list[Leg]:
    sides = list(pairwise(corners))
    legs = []
    for i, (begin, end) in enumerate(sides):
        length = float(np.hypot(*(end - begin)))
        if length < 0.2:
            continue
        along = (end - begin) / length * (width_m / 2 if lifted else 0.0)
        legs.append(Leg(np.array([begin - along, end + along]), joined=not lifted and i < len(sides) - 1))
    return legs


def _last_strips(left: Polygon, width_m: float) -> list[Leg]:
    """What is left in the middle of a spiral and narrower than the tool: one pass along it."""
    legs = []
    for part in _polygons(left):
        box = part.minimum_rotated_rectangle
        if box.geom_type != "Polygon":
            continue
        a, b, c, _ = np.asarray(box.exterior.coords)[:4]
        _, long = sorted((b - a, c - b), key=lambda side: float(np.hypot(*side)))
        if np.hypot(*long) > PASS_MIN_M:
            middle = np.asarray(box.centroid.coords[0])
            legs.append(Leg(np.array([middle - long / 2, middle + long / 2])))
    return legs


def _polygons(shape: Polygon | MultiPolygon) -> list[Polygon]:
    return [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon" and not part.is_empty]
