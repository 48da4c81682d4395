"""What several claims say of each other: one ground twice, one device or machine in two places, one photo twice."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import shapely

from nongshi.claims.case import EARTH_M_DEG, KM_H, Case
from nongshi.claims.flags import Flag, FlagKind, flag

SAME_GROUND_MIN = 0.15  # share of the smaller: neighbours lap a swath over the boundary, not more
SAME_GROUND_DAYS = 60  # assumption: one operation is not due twice on a field within so many days
ROAD_KM_H_MAX = 80.0  # no low-loader comes faster
OWN_CLAIMS_MIN = 2  # claims that say where a device belongs

Found = Iterator[tuple[int, Flag]]


def same_ground(cases: Sequence[Case]) -> Found:
    """Later claims whose ground an earlier one holds already, for the same operation."""
    swaths = [case.swath for case in cases]
    tree = shapely.STRtree(swaths)
    for i, case in enumerate(cases):
        for j in tree.query(swaths[i], predicate="intersects"):
            other = cases[int(j)]
            if int(j) == i or not _before(other, case) or other.claim.operation != case.claim.operation:
                continue
            if abs((case.claim.since - other.claim.since).days) > SAME_GROUND_DAYS:
                continue
            share = _shared(swaths[i], swaths[int(j)])
            if share >= SAME_GROUND_MIN:
                yield i, flag(FlagKind.SAME_GROUND, other=other.claim.id, share=share)


def elsewhere(cases: Sequence[Case]) -> Found:
    """Claims whose device or machine was, by another claim, too far away to be there."""
    of_what: tuple[tuple[FlagKind, Callable[[Case], str]], ...] = (
        (FlagKind.DEVICE_ELSEWHERE, lambda case: case.claim.device_id),
        (FlagKind.MACHINE_ELSEWHERE, lambda case: case.claim.machine_id),
    )
    for kind, name_of in of_what:
        for group in _groups(cases, name_of):
            ordered = sorted((i for i in group if len(cases[i].track)), key=lambda i: cases[i].track.time_s[0])
            for k, i in enumerate(ordered):
                for j in ordered[:k]:
                    if _cannot_be_both(cases[j], cases[i]):
                        yield i, flag(kind, other=cases[j].claim.id)
                        yield j, flag(kind, other=cases[i].claim.id)


def swapped(cases: Sequence[Case]) -> Found:
    """Claims in which a device is said to be on another machine than in most of its claims."""
    for group in _groups(cases, lambda case: case.claim.device_id):
        machines = Counter(cases[i].claim.machine_id for i in group)
        home, count = machines.most_common(1)[0]
        if len(machines) < 2 or count < OWN_CLAIMS_MIN or count <= sum(machines.values()) / 2:
            continue
        for i in group:
            if cases[i].claim.machine_id != home:
                yield i, flag(FlagKind.DEVICE_SWAPPED, machine=home)


def photos_again(cases: Sequence[Case]) -> Found:
    """Claims whose photo stands in an earlier claim."""
    first: dict[str, int] = {}
    for i in sorted(range(len(cases)), key=lambda i: cases[i].claim.since):
        for photo in cases[i].claim.photos:
            j = first.setdefault(photo.sha256, i)
            if j != i:
                yield i, flag(FlagKind.PHOTO_AGAIN, other=cases[j].claim.id)


def _groups(cases: Sequence[Case], name_of: Callable[[Case], str]) -> Iterable[list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for i, case in enumerate(cases):
        if name_of(case):
            groups[name_of(case)].append(i)
    return [group for group in groups.values() if len(group) > 1]


def _before(a: Case, b: Case) -> bool:
    return (a.claim.since, a.claim.id) < (b.claim.since, b.claim.id)


def _shared(a: shapely.Geometry, b: shapely.Geometry) -> float:
    least = min(a.area, b.area)
    return float(a.intersection(b).area / least) if least > 0 else 0.0


def _cannot_be_both(a: Case, b: Case) -> bool:
    """Whether one thing cannot have made both tracks: two places at once, or a way no low-loader makes in the time."""
    first, last = a.track, b.track
    if last.time_s[0] <= first.time_s[-1]:
        near = np.searchsorted(first.time_s, last.time_s[0])
        near = min(int(near), len(first) - 1)
        return _metres(first.lon[near], first.lat[near], last.lon[0], last.lat[0]) > ROAD_KM_H_MAX / KM_H * 60
    way_m = _metres(first.lon[-1], first.lat[-1], last.lon[0], last.lat[0])
    return bool(way_m > ROAD_KM_H_MAX / KM_H * (last.time_s[0] - first.time_s[-1]) + 500.0)


def _metres(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    east = (lon_b - lon_a) * EARTH_M_DEG * np.cos(np.radians(lat_a))
    return float(np.hypot(east, (lat_b - lat_a) * EARTH_M_DEG))
