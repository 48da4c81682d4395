"""From a network and some places to :class:`~nongshi.geo.roads.Roads`: each place joins the nearest road."""

from collections.abc import Sequence

import numpy as np

from nongshi.core.errors import BadInput
from nongshi.geo.distance import km_between
from nongshi.geo.network import Floats, Ints, Network, contract, cut, main_part
from nongshi.geo.roads import Graph, Roads

OFF_ROAD_KM_MAX = 1.0  # assumption: from a place further from every road nobody knows where its machine joins it
NAMED_MAX = 50  # as core.errors.FAULTS_SHOWN_MAX


class OffRoad(BadInput):
    """Some places cannot be reached over the roads that were given."""

    code = "off_road"

    def __init__(self, found: Sequence[str]) -> None:
        self.found = tuple(found)
        more = len(found) - NAMED_MAX
        tail = f"; ... and {more} more" if more > 0 else ""
        super().__init__(
            f"{len(found)} place(s) cannot be reached by road: {'; '.join(found[:NAMED_MAX])}{tail}; "
            "set gate_lon, gate_lat or yard_lon, yard_lat beside a road, or give a road extract that covers them"
        )


def make_roads(
    network: Network, lon: Floats, lat: Floats, names: Sequence[str], *, detour: float, name: str = "roads"
) -> Roads:
    """Join places to the nearest usable road and make their distances computable.

    A place joins at the nearest point of the part of the network that can be driven from anywhere to anywhere; the
    straight bit to it counts `detour` times. Places at the same position are one.

    Args:
        network: of pieces that may be used.
        lon: (q,) degrees.
        lat: (q,) degrees.
        names: (q,) what the places are called in a fault.
        detour: way over straight line, from a place to its road; at least 1.
        name: of the file, for people.

    Raises:
        BadInput: there is no road at all.
        OffRoad: places further than OFF_ROAD_KM_MAX from every road that leads somewhere.
        MissingExtra: scipy is not installed.
    """
    connected = main_part(network) if len(network.km) else network
    if not len(connected.km):
        raise BadInput(f"{name} holds no road that a farm machine may use; give an extract that covers the region")
    _, first, same = np.unique(np.stack([lon, lat]), axis=1, return_index=True, return_inverse=True)
    piece, share, off_km = nearest_road(connected, lon[first], lat[first])
    far = np.flatnonzero(off_km[same] > OFF_ROAD_KM_MAX)
    if len(far):
        raise OffRoad(_off_road(network, lon[far], lat[far], [names[i] for i in far.tolist()], off_km[same][far]))
    whole, nodes = cut(connected, piece, share)
    feet, foot = np.unique(nodes, return_inverse=True)
    return Roads(
        lon=lon[first], lat=lat[first], foot=foot.astype(np.int64), off_km=detour * off_km,
        graph=_graph(contract(whole, feet), feet), road_km=connected.road_km, name=name,
    )  # fmt: skip


def nearest_road(network: Network, lon: Floats, lat: Floats) -> tuple[Ints, Floats, Floats]:
    """(q,) the nearest piece, the share of it at which it is nearest, and the km to there."""
    import shapely

    wide = np.cos(np.radians(np.mean(network.lat)))  # a plane is flat enough to choose the nearest
    points = np.stack([lon * wide, lat], axis=1)
    tail = np.stack([network.lon[network.tail] * wide, network.lat[network.tail]], axis=1)
    head = np.stack([network.lon[network.head] * wide, network.lat[network.head]], axis=1)
    tree = shapely.STRtree(shapely.linestrings(np.stack([tail, head], axis=1)))
    piece = np.asarray(tree.nearest(shapely.points(points)), np.int64)
    along = head[piece] - tail[piece]
    length = np.maximum((along**2).sum(axis=1), 1e-30)
    share = np.clip(((points - tail[piece]) * along).sum(axis=1) / length, 0.0, 1.0)
    foot_lon = network.lon[network.tail[piece]] * (1 - share) + network.lon[network.head[piece]] * share
    foot_lat = network.lat[network.tail[piece]] * (1 - share) + network.lat[network.head[piece]] * share
    return piece, share, km_between(lon, lat, foot_lon, foot_lat)


def _off_road(network: Network, lon: Floats, lat: Floats, names: Sequence[str], off_km: Floats) -> list[str]:
    """One phrase a place: no road near, or one that leads nowhere."""
    _, _, any_km = nearest_road(network, lon, lat)
    return [
        f"{name} ({any_km[i] * 1000:.0f} m from a road that leads nowhere, {off_km[i]:.1f} km from the others)"
        if any_km[i] <= OFF_ROAD_KM_MAX
        else f"{name} ({off_km[i]:.1f} km from the nearest road)"
        for i, name in enumerate(names)
    ]


def _graph(network: Network, feet: Ints) -> Graph:
    """Sparse rows whose first nodes are the feet; of several pieces from one node to another the quickest."""
    rest = np.setdiff1d(np.concatenate([network.tail, network.head]), feet)
    nodes = len(feet) + len(rest)
    number = np.full(len(network.lon), -1, np.int64)
    number[np.concatenate([feet, rest])] = np.arange(nodes)
    tail, head = number[network.tail], number[network.head]
    seconds = np.concatenate([network.there_s, network.back_s])
    km = np.concatenate([network.km, network.km])
    key = np.concatenate([tail, head]) * nodes + np.concatenate([head, tail])
    order = np.lexsort((km, seconds, key))
    order = order[np.isfinite(seconds[order])]
    order = order[np.diff(key[order], prepend=-1) != 0]
    tail, head = key[order] // nodes, key[order] % nodes
    start = np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int32)
    return Graph(
        start=start, head=head.astype(np.int32), key=key[order], seconds=seconds[order], km=km[order],
        foot_lon=network.lon[feet], foot_lat=network.lat[feet],
    )  # fmt: skip
