"""Outlines of constructed fields, in metres: rectangle, wedge, L and a field with an island."""

from typing import Literal

import numpy as np
from shapely import Polygon

Shape = Literal["rectangle", "wedge", "l", "island"]
SHAPES: tuple[Shape, ...] = ("rectangle", "wedge", "l", "island")


def make_outline(shape: Shape, length_m: float, breadth_m: float, rng: np.random.Generator) -> Polygon:
    """A field whose box is `length_m` along x by `breadth_m` along y, its first corner at (0, 0).

    A wedge loses 30 to 70 % of one end, an L a quarter to a third of its box, an island stands inside the middle.
    """
    long, broad = length_m, breadth_m
    if shape == "wedge":
        far = broad * rng.uniform(0.3, 0.7)
        return Polygon([(0, 0), (long, 0), (long, far), (0, broad)])
    if shape == "l":
        x, y = long * rng.uniform(0.4, 0.6), broad * rng.uniform(0.4, 0.6)
        return Polygon([(0, 0), (long, 0), (long, y), (x, y), (x, broad), (0, broad)])
    box = [(0.0, 0.0), (long, 0.0), (long, broad), (0.0, broad)]
    if shape == "island":
        x, y = long * rng.uniform(0.35, 0.65), broad * rng.uniform(0.4, 0.6)
        half_x, half_y = long * rng.uniform(0.04, 0.1), broad * rng.uniform(0.06, 0.12)
        hole = [(x - half_x, y - half_y), (x + half_x, y - half_y), (x + half_x, y + half_y), (x - half_x, y + half_y)]
        return Polygon(box, [hole])
    return Polygon(box)
