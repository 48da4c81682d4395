"""Ways that a machine drives, as metres in a plane: strips and rounds over a field, roads, manoeuvres in a yard."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BEND_STEP_M = 12.0  # a road's points lie about so far apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A field to drive over: a box of `long_m` x `wide_m`, sheared, bent and turned onto its place."""

    east_m: float  # of its corner
    north_m: float
    long_m: float
    wide_m: float
    turn: float  # radians
    shear: float  # how far the far side is shifted, per metre of width
    bend_m: float  # how far the middle of a strip bulges

    def place(self, along_m: Floats, across_m: Floats) -> Floats:
        """(n, 2) metres east and north of points given along and across the strips."""
        u = along_m + self.shear * across_m
        v = across_m + self.bend_m * np.sin(np.pi * np.clip(along_m / self.long_m, 0, 1))
        c, s = np.cos(self.turn), np.sin(self.turn)
        return np.column_stack([self.east_m + c * u - s * v, self.north_m + s * u + c * v])


def strips(parcel: Parcel, width_m: float, rng: np.random.Generator) -> list[Floats]:
    """Back and forth over a parcel, an array a strip with the turn that follows; rounds at the ends before or after.

    Strips lie side by side, or every second first and the rest on the way back (wide turns need no reversing).
    """
    headland = width_m * float(rng.integers(0, 4))
    if parcel.wide_m - 2 * headland < 3 * width_m or parcel.long_m - 2 * headland < 20:
        headland = 0.0
    offsets = np.arange(headland + width_m / 2, parcel.wide_m - headland, width_m)
    order = np.arange(len(offsets))
    if rng.random() < 0.35:
        order = np.concatenate([order[::2], order[1::2][::-1]])
    inner = []
    for k, row in enumerate(order):
        ends = np.array([headland, parcel.long_m - headland])[:: 1 if k % 2 == 0 else -1]
        along = np.linspace(ends[0], ends[1], max(2, int(parcel.long_m / BEND_STEP_M)))
        across = offsets[row] + rng.normal(0, 0.04 * width_m) + np.zeros(len(along))
        if k + 1 < len(order):  # the turn bulges over the end
            outward = np.sign(ends[1] - ends[0]) * max(2.0, 0.8 * width_m)
            along = np.append(along, [ends[1] + 0.7 * outward, ends[1] + outward, ends[1] + 0.7 * outward])
            across = np.append(across, np.interp([0.15, 0.5, 0.85], [0, 1], [offsets[row], offsets[order[k + 1]]]))
        inner.append(parcel.place(along, across))
    around = _rounds(parcel, width_m, headland)
    return around + inner if rng.random() < 0.5 else inner + around


def spiral(parcel: Parcel, width_m: float, rng: np.random.Generator) -> list[Floats]:
    """Round and round a parcel from the outside in, as combines open a field; one array a round."""
    del rng
    return _rounds(parcel, width_m, min(parcel.long_m, parcel.wide_m) / 2)


def _rounds(parcel: Parcel, width_m: float, depth_m: float) -> list[Floats]:
    found = []
    for inset in np.arange(width_m / 2, depth_m, width_m):
        a, b, c, d = inset, parcel.long_m - inset, inset, parcel.wide_m - inset
        if b - a < width_m or d - c < width_m / 2:
            break
        corners = np.array([[a, c], [b, c], [b, d], [a, d], [a, c + width_m]])
        way = thicken(corners, BEND_STEP_M)
        found.append(parcel.place(way[:, 0], way[:, 1]))
    return found


def road(start: Floats, end: Floats, rng: np.random.Generator, *, roughness: float = 0.12) -> Floats:
    """A winding road between two points: its middle shifted aside, then the middles of the halves, and so on."""
    way = np.vstack([start, end])
    swing = roughness * float(np.hypot(*(end - start)))
    while np.hypot(*(way[1] - way[0])) > 6 * BEND_STEP_M and len(way) < 4000:
        middle = (way[1:] + way[:-1]) / 2
        ahead = way[1:] - way[:-1]
        aside = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / (np.hypot(*ahead.T)[:, None] + 1e-9)
        middle = middle + aside * rng.normal(0, swing, len(middle))[:, None]
        way = np.insert(way, np.arange(1, len(way)), middle, axis=0)
        swing *= 0.42
    return thicken(way, BEND_STEP_M)


def yard_moves(place: Floats, rng: np.random.Generator) -> Floats:
    """Manoeuvres in a yard or before a workshop: short ways to and fro within some tens of metres."""
    spots = place + rng.normal(0, rng.uniform(5, 20), (int(rng.integers(3, 9)), 2))
    return thicken(np.vstack([place, spots, place]), 4.0)


def beside(way: Floats, offset_m: float) -> Floats:
    """The same way, shifted to its right: the other lane, or the track along a field."""
    ahead = np.gradient(way, axis=0)
    length = np.hypot(ahead[:, 0], ahead[:, 1])[:, None] + 1e-9
    return way + offset_m * np.column_stack([ahead[:, 1], -ahead[:, 0]]) / length


def thicken(way: Floats, step_m: float) -> Floats:
    """More points on the same way, so that no step is longer than `step_m`."""
    metres = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    places = np.unique(np.concatenate([metres, np.linspace(0, metres[-1], int(metres[-1] / step_m) + 2)]))
    return np.column_stack([np.interp(places, metres, way[:, 0]), np.interp(places, metres, way[:, 1])])
