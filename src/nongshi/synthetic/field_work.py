"""Constructed field work with known truth: a path at fine time steps, the field, and what was really worked.

The truth comes from exact geometry: the ribbons that the tool's two ends draw along the true path, united by shapely
and cut to the field. It shares no code with what measures tracks.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon, affinity

from nongshi.core.errors import BadInput
from nongshi.synthetic.field_legs import Leg, Pattern, make_legs
from nongshi.synthetic.field_shapes import Shape, make_outline

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FINE_S = 0.2  # time step of the path
STEER_REACH_M = 25.0  # assumption: length over which a driver's sideways error changes
TURN_SPEED_SHARE = 0.7  # assumption: turns are driven so much slower
RIBBON_STEPS = 60  # steps a piece of ribbon: short enough never to cross itself
M2_HA = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWork:
    """One machine's work on one field; arrays are (n,) at `FINE_S`."""

    t_s: Floats
    x_m: Floats  # metres east and north of a point of the field
    y_m: Floats
    working: Bools
    width_m: float
    field: Polygon  # metres, same plane
    shape: str
    pattern: str
    worked_ha: float  # truth: union of swaths inside the field
    swath_ha: float  # truth: union of swaths wherever they lie, for who knows no outline
    overlap_ha: float  # truth: swaths inside the field less their union
    skip_ha: float  # truth: of the field, what no swath reached
    field_ha: float


def make_field_work(
    shape: Shape | Polygon,
    pattern: Pattern,
    width_m: float,
    rng: np.random.Generator,
    *,
    length_m: float = 150.0,
    breadth_m: float = 60.0,
    speed_m_s: float = 1.5,
    overlap_share: float = 0.06,
    skipped_passes: int = 0,
    headland_rounds: int = 0,
    working_in_turns: bool = False,
    lifted_corners: bool = True,
    steer_m: float = 0.05,
    stops: int = 0,
    stop_s: float = 120.0,
    turned_deg: float | None = None,
) -> FieldWork:
    """Work on a field of a drawn size, with headland rounds, forgotten passes and stops.

    Args:
        shape: a name, or an outline of one's own in metres with its long side along x.
        pattern: how it is driven.
        width_m: width of the tool.
        rng: draws outline, steering, speed, stops and the way the field lies.
        length_m: long side of the field's box.
        breadth_m: short side.
        speed_m_s: speed at work.
        overlap_share: of the width, what each pass laps over the last.
        skipped_passes: passes that are forgotten, never the first nor the last.
        headland_rounds: rounds along the edge, driven first.
        working_in_turns: the switch stays on in the turns between passes.
        lifted_corners: rounds lift the tool at corners; else it stays down and turns on the spot.
        steer_m: standard deviation of the driver's sideways error.
        stops: times the machine stands with the tool off.
        stop_s: how long each time.
        turned_deg: how the field lies, counter-clockwise; drawn where not given.
    """
    if not (0.2 < width_m < 60 and 0 <= overlap_share < 0.5):
        raise BadInput(f"a tool of {width_m} m with {overlap_share:.0%} overlap cannot be constructed")
    field = shape if isinstance(shape, Polygon) else make_outline(shape, length_m, breadth_m, rng)
    spacing_m = width_m * (1 - overlap_share)
    _, low, _, high = field.bounds
    share = 0.5 if pattern == "spiral" else 1.0
    passes = int(((high - low) * share - 2 * headland_rounds * spacing_m * (pattern != "spiral")) / spacing_m)
    skips = set(rng.choice(np.arange(1, max(2, passes - 1)), min(skipped_passes, max(1, passes - 2)), replace=False))
    legs = make_legs(
        field,
        pattern,
        width_m,
        spacing_m=spacing_m,
        rounds=headland_rounds,
        skips=skips if skipped_passes else set(),
        lifted=lifted_corners,
    )
    if not legs:
        raise BadInput("the field is too small for the tool")
    points, down = _path(legs, width_m, working_in_turns, steer_m, rng)
    t_s, x_m, y_m, working = _drive(points, down, speed_m_s, stops, stop_s, rng)
    angle = float(rng.uniform(0, 180)) if turned_deg is None else turned_deg
    field = affinity.rotate(field, angle, origin=(0, 0))
    (x_m, y_m), corners = _turned(x_m, y_m, angle), np.column_stack(_turned(points[:, 0], points[:, 1], angle))
    worked, everywhere, twice = _truth(corners, down, width_m, field)
    return FieldWork(
        t_s=t_s,
        x_m=x_m,
        y_m=y_m,
        working=working,
        width_m=width_m,
        field=field,
        shape=shape if isinstance(shape, str) else "own",
        pattern=pattern,
        worked_ha=worked * M2_HA,
        swath_ha=everywhere * M2_HA,
        overlap_ha=twice * M2_HA,
        skip_ha=(field.area - worked) * M2_HA,
        field_ha=field.area * M2_HA,
    )


def _path(
    legs: list[Leg], width_m: float, down_in_turns: bool, steer_m: float, rng: np.random.Generator
) -> tuple[Floats, Bools]:
    """Corner points of the whole drive and, for each step between two of them, whether the tool is down."""
    points: list[Floats] = []
    down: list[Bools] = []
    for i, leg in enumerate(legs):
        steered = _steer(leg.points, steer_m, rng)
        points.append(steered)
        down.append(np.ones(len(steered) - 1, dtype=bool))
        if i + 1 == len(legs):
            break
        following = legs[i + 1].points
        if leg.joined:
            down.append(np.ones(1, dtype=bool))
            continue
        turn = _turn(steered[-1], leg.points[-1] - leg.points[0], following[0], following[-1] - following[0], width_m)
        points.append(turn)
        down.append(np.full(len(turn) + 1, down_in_turns))
    return np.concatenate(points), np.concatenate(down)


def _steer(line: Floats, steer_m: float, rng: np.random.Generator) -> Floats:
    """The line as a driver keeps it: sideways error of given size that changes over some 25 m."""
    length = float(np.hypot(*(line[1] - line[0])))
    count = max(2, int(length) + 1)
    keep = np.exp(-(length / (count - 1)) / STEER_REACH_M)
    noise = rng.normal(0.0, 1.0, count)
    error = np.empty(count)
    error[0] = noise[0]
    for i in range(1, count):
        error[i] = keep * error[i - 1] + np.sqrt(1 - keep * keep) * noise[i]
    across = np.array([-(line[1] - line[0])[1], (line[1] - line[0])[0]]) / max(length, 1e-9)
    share = np.linspace(0, 1, count)[:, None]
    straight: Floats = line[0] + share * (line[1] - line[0]) + steer_m * error[:, None] * across
    return straight


def _turn(begin: Floats, way_out: Floats, end: Floats, way_in: Floats, width_m: float) -> Floats:
    """A smooth way from one leg to the next, out of the field and in again (Bezier curve)."""
    reach = max(float(np.hypot(*(end - begin))), 2.0 * width_m, 5.0)
    out, into = (way / max(float(np.hypot(*way)), 1e-9) for way in (way_out, way_in))
    a, b, c, d = begin, begin + out * reach * 0.8, end - into * reach * 0.8, end
    s = np.linspace(0, 1, 26)[1:-1, None]
    curve: Floats = (1 - s) ** 3 * a + 3 * s * (1 - s) ** 2 * b + 3 * s * s * (1 - s) * c + s**3 * d
    return curve


def _drive(
    points: Floats, down: Bools, speed_m_s: float, stops: int, stop_s: float, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats, Bools]:
    """Positions at every `FINE_S` along the corner points; slower in turns, standing at the stops."""
    steps_m = np.hypot(*np.diff(points, axis=0).T)
    swing = np.repeat(rng.uniform(0.9, 1.1, len(steps_m) // 50 + 1), 50)[: len(steps_m)]
    passed_s = np.maximum(steps_m, 1e-6) / (speed_m_s * swing * np.where(down, 1.0, TURN_SPEED_SHARE))
    at_s = np.concatenate([[0.0], np.cumsum(passed_s)])
    t_s = np.arange(0.0, at_s[-1], FINE_S)
    step = np.clip(np.searchsorted(at_s, t_s, side="right") - 1, 0, len(down) - 1)
    x_m, y_m = np.interp(t_s, at_s, points[:, 0]), np.interp(t_s, at_s, points[:, 1])
    working = down[step]
    for _ in range(stops):
        at = int(rng.integers(0, len(t_s)))
        count = int(stop_s * rng.uniform(0.5, 1.5) / FINE_S)
        x_m, y_m = np.insert(x_m, at, np.full(count, x_m[at])), np.insert(y_m, at, np.full(count, y_m[at]))
        working = np.insert(working, at, np.zeros(count, dtype=bool))
        t_s = np.arange(len(x_m)) * FINE_S
    return t_s, x_m, y_m, working


def _turned(x: Floats, y: Floats, angle_deg: float) -> tuple[Floats, Floats]:
    c, s = np.cos(np.deg2rad(angle_deg)), np.sin(np.deg2rad(angle_deg))
    return x * c - y * s, x * s + y * c


def _truth(corners: Floats, down: Bools, width_m: float, field: Polygon) -> tuple[float, float, float]:
    """Square metres of the ribbons' union inside the field and everywhere, and of what lies inside more than once."""
    x_m, y_m = corners.T
    step_x, step_y = np.diff(corners, axis=0).T
    on = down & (np.hypot(step_x, step_y) > 1e-9)
    heading = np.arctan2(step_y, step_x)
    ribbons = []
    for begin, end in _stretches(on, heading):
        x, y = x_m[begin : end + 1], y_m[begin : end + 1]
        way = np.unwrap(heading[begin:end])
        middle = np.concatenate([way[:1], (way[:-1] + way[1:]) / 2, way[-1:]])
        across_x, across_y = -np.sin(middle) * width_m / 2, np.cos(middle) * width_m / 2
        left = np.column_stack([x + across_x, y + across_y])
        right = np.column_stack([x - across_x, y - across_y])
        ribbons.append(shapely.make_valid(Polygon(np.concatenate([left, right[::-1]]))))
    inside = shapely.intersection(np.array(ribbons, dtype=object), field)
    worked = float(shapely.union_all(inside).area)
    everywhere = float(shapely.union_all(np.array(ribbons, dtype=object)).area)
    return worked, everywhere, float(shapely.area(inside).sum()) - worked


def _stretches(on: Bools, heading: Floats) -> list[tuple[int, int]]:
    """First and last step (end excluded) of pieces with the tool down, without sharp corners inside."""
    bend = np.abs(np.angle(np.exp(1j * np.diff(heading)))) > np.deg2rad(40)
    found = []
    begin: int | None = None
    for i, down in enumerate(on):
        if begin is not None and (not down or i - begin >= RIBBON_STEPS or bend[i - 1]):
            found.append((begin, i))
            begin = None
        if down and begin is None:
            begin = i
    if begin is not None:
        found.append((begin, len(on)))
    return found
