"""Constructed fields to measure, one a seed, each seen by every class of receiver and step."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from shapely import Polygon, transform

from nongshi.core.errors import BadInput
from nongshi.geo.track import Track
from nongshi.synthetic.field_shapes import SHAPES
from nongshi.synthetic.field_work import FieldWork, make_field_work
from nongshi.synthetic.gnss import ERRORS, PLACE, observe

WIDTHS_M = (1.2, 1.5, 1.8, 2.0, 2.5, 3.0, 4.0, 6.0)
CLASSES: tuple[tuple[str, float, bool], ...] = (  # error, step in s, whether minutes are missing
    ("rtk", 1.0, False),
    ("rtk", 5.0, False),
    ("rtk", 10.0, False),
    ("rtk", 30.0, False),
    ("sbas", 1.0, False),
    ("sbas", 5.0, False),
    ("drift-0.5", 1.0, False),
    ("drift-0.5", 5.0, False),
    ("drift-0.5", 10.0, False),
    ("drift-1", 1.0, False),
    ("drift-1", 5.0, False),
    ("drift-1", 10.0, False),
    ("drift-2", 1.0, False),
    ("drift-2", 5.0, False),
    ("drift-3", 1.0, False),
    ("drift-3", 5.0, False),
    ("rtk", 2.0, True),
    ("drift-0.5", 2.0, True),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One constructed field as one receiver saw it."""

    seed: int
    name: str  # error and step
    work: FieldWork
    track: Track
    outline: Polygon  # degrees


def make_cases(seed: int) -> Iterator[Case]:
    """The cases of a seed: one field and its work, seen by every class."""
    rng = np.random.default_rng([seed, 4])
    work = _work(rng)
    outline = transform(work.field, lambda points: np.column_stack(PLACE.to_degrees(points[:, 0], points[:, 1])))
    for error, step_s, holes in CLASSES:
        missing = []
        for _ in range(int(rng.integers(1, 3)) if holes else 0):
            begin = rng.uniform(0.05, 0.8) * work.t_s[-1]
            missing.append((begin, min(begin + rng.uniform(120, 480), 0.95 * work.t_s[-1])))  # the end is no hole
        track = observe(work.t_s, work.x_m, work.y_m, step_s, ERRORS[error], rng, working=work.working, missing=missing)
        if len(track) > 5:
            yield Case(seed, f"{error} {step_s:g} s{' holes' if holes else ''}", work, track, outline)


def _work(rng: np.random.Generator) -> FieldWork:
    """Work on a field of drawn shape, size and pattern; drawn again where the tool does not fit."""
    for _ in range(20):
        pattern = rng.choice(["back-and-forth", "spiral", "blocks"], p=[0.5, 0.2, 0.3])
        shape = rng.choice(SHAPES, p=[0.4, 0.2, 0.2, 0.2])
        width_m = float(rng.choice(WIDTHS_M))
        breadth_m = rng.uniform(max(20.0, 8 * width_m), max(100.0, 14 * width_m))
        try:
            return make_field_work(
                str(shape),
                str(pattern),  # type: ignore[arg-type]
                width_m,
                rng,
                length_m=max(rng.uniform(50, 240), breadth_m),
                breadth_m=breadth_m,
                speed_m_s=rng.uniform(0.9, 2.0),
                overlap_share=rng.uniform(0.03, 0.12),
                skipped_passes=0
                if pattern == "spiral"
                else int(rng.choice([0, 0, 1, 2])),  # no round is forgotten in a spiral
                headland_rounds=0 if pattern == "spiral" else int(rng.choice([0, 0, 1, 2])),
                working_in_turns=bool(rng.random() < 0.1),
                lifted_corners=bool(rng.random() < 0.7),
                steer_m=rng.uniform(0.02, 0.1),
                stops=int(rng.integers(0, 3)),
            )
        except BadInput:
            continue
    raise BadInput("no field could be constructed")
