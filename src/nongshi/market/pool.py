"""Neighbours' plots with the same work and days in common, as one round of a machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely import STRtree

NEAR_M = 60.0  # assumption: a ditch and a field road lie between; further apart a machine drives on the road
AREA_MAX_HA = 20.0  # assumption: what one harvester does in two days; a larger round is no help to anybody
M_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """One job that may be pooled: what, when, how large, and the ground (WGS 84; a point where no outline is known)."""

    id: str
    operation: str
    since: date
    until: date
    area_ha: float
    ground: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Jobs that one machine can do in one go, and the days that suit all of them."""

    ids: tuple[str, ...]
    operation: str
    since: date
    until: date
    area_ha: float


def pool(wants: Sequence[Want], *, near_m: float = NEAR_M, area_max_ha: float = AREA_MAX_HA) -> list[Round]:
    """Rounds of two or more jobs, largest first; no job is in two of them, each has a day in common."""
    rounds: list[Round] = []
    for operation in dict.fromkeys(want.operation for want in wants):
        same = sorted((w for w in wants if w.operation == operation), key=lambda w: (w.until, w.since, w.id))
        rounds += _rounds(same, _neighbours(same, near_m), area_max_ha)
    return sorted(rounds, key=lambda one: (-len(one.ids), one.since, one.ids))


def _neighbours(wants: Sequence[Want], near_m: float) -> list[set[int]]:
    """By index: who lies within `near_m`; distances in a plane that is true in the middle of all."""
    if not wants:
        return []
    grounds = np.array([want.ground for want in wants], dtype=object)
    lat = float(np.mean([ground.centroid.y for ground in grounds]))
    scale = np.array([M_PER_DEGREE * np.cos(np.radians(lat)), M_PER_DEGREE])
    flat = shapely.transform(grounds, lambda xy: xy * scale)
    ones, others = STRtree(flat).query(flat, predicate="dwithin", distance=near_m)
    near: list[set[int]] = [set() for _ in wants]
    for one, other in zip(ones.tolist(), others.tolist(), strict=True):
        if one != other:
            near[one].add(other)
    return near


def _rounds(wants: Sequence[Want], near: Sequence[set[int]], area_max_ha: float) -> list[Round]:
    """Grown from the most urgent job: the next neighbour comes in while a common day is left."""
    free, rounds = set(range(len(wants))), []
    for seed in range(len(wants)):
        if seed not in free:
            continue
        members, since, until = [seed], wants[seed].since, wants[seed].until
        area_ha, edge = wants[seed].area_ha, set(near[seed])
        while edge:
            nxt = min(edge)
            edge.discard(nxt)
            want = wants[nxt]
            low, high = max(since, want.since), min(until, want.until)
            if nxt not in free or nxt in members or low > high or area_ha + want.area_ha > area_max_ha:
                continue
            members.append(nxt)
            since, until, area_ha = low, high, area_ha + want.area_ha
            edge |= near[nxt] - set(members)
        if len(members) > 1:
            free -= set(members)
            ids = tuple(sorted(wants[i].id for i in members))
            rounds.append(Round(ids=ids, operation=wants[seed].operation, since=since, until=until, area_ha=area_ha))
    return rounds
