"""A road network as pieces between nodes: joined from ways, cut at places, freed of every node that decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import MissingExtra
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.geo.distance import km_between

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PIECE_S_MIN = 1e-6  # a piece of no length still takes some time: the sparse graph takes 0 for no piece at all
END_SHARE = 1e-9  # as far inside a piece, a place still counts as at its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way as mapped: its nodes in order, and the speed along and against it (0: may not be used)."""

    nodes: Sequence[int]
    along_km_h: float
    against_km_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """n nodes, e pieces of road between two nodes each."""

    lon: Floats  # (n,)
    lat: Floats
    tail: Ints  # (e,)
    head: Ints
    km: Floats
    there_s: Floats  # (e,) tail to head; inf: may not
    back_s: Floats  # (e,) head to tail

    @property
    def road_km(self) -> float:
        """Length of all pieces."""
        return float(self.km.sum())

    def only(self, kept: Bools) -> "Network":
        """The same nodes with some of the pieces."""
        return Network(
            lon=self.lon, lat=self.lat, tail=self.tail[kept], head=self.head[kept], km=self.km[kept],
            there_s=self.there_s[kept], back_s=self.back_s[kept],
        )  # fmt: skip


def make_network(
    where: Mapping[int, tuple[float, float]], ways: Sequence[Way], blocked: frozenset[int] | set[int] = frozenset()
) -> Network:
    """Join ways where they share a node; a blocked node ends every way that reaches it, on both its sides.

    Args:
        where: (lon, lat) of nodes; a way is cut at a node that is missing, as at the edge of an extract.
        ways: of them only those that may be used.
        blocked: nodes that no machine passes.
    """
    index: dict[int, int] = {}
    places: list[tuple[float, float]] = []
    tail: list[int] = []
    head: list[int] = []
    speed: list[tuple[float, float]] = []

    def node(ref: int) -> int:
        if ref in blocked:
            places.append(where[ref])
            return len(places) - 1
        if ref not in index:
            index[ref] = len(places)
            places.append(where[ref])
        return index[ref]

    for way in ways:
        for one, other in zip(way.nodes, way.nodes[1:], strict=False):
            if one in where and other in where and one != other:
                tail.append(node(one))
                head.append(node(other))
                speed.append((way.along_km_h, way.against_km_h))
    lon, lat = np.array(places, float).reshape(-1, 2).T
    km_h = np.array(speed, float).reshape(-1, 2)
    return _network(lon, lat, np.array(tail, np.int64), np.array(head, np.int64), km_h[:, 0], km_h[:, 1])


def _network(lon: Floats, lat: Floats, tail: Ints, head: Ints, there_km_h: Floats, back_km_h: Floats) -> Network:
    km = km_between(lon[tail], lat[tail], lon[head], lat[head])

    def seconds(km_h: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(km_h > 0, np.maximum(km / km_h * SECONDS_PER_HOUR, PIECE_S_MIN), np.inf)

    return Network(
        lon=lon, lat=lat, tail=tail, head=head, km=km, there_s=seconds(there_km_h), back_s=seconds(back_km_h)
    )


def main_part(network: Network) -> Network:
    """The pieces of the largest part, by km, in which every place can be reached from every other."""
    label = _parts(network)
    inside = label[network.tail] == label[network.head]
    km = np.bincount(label[network.tail][inside], network.km[inside], minlength=1)
    return network.only(inside & (label[network.tail] == int(np.argmax(km))))


def _parts(network: Network) -> Ints:
    """(n,) number of the strongly connected part of every node."""
    graph = sparse()
    there, back = np.isfinite(network.there_s), np.isfinite(network.back_s)
    rows = np.concatenate([network.tail[there], network.head[back]])
    columns = np.concatenate([network.head[there], network.tail[back]])
    n = len(network.lon)
    matrix = graph.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    return np.asarray(graph.csgraph.connected_components(matrix, connection="strong")[1], np.int64)


def cut(network: Network, piece: Ints, share: Floats) -> tuple[Network, Ints]:
    """Put a node on a piece for every (piece, share of the way from tail to head), and give their numbers.

    At an end of a piece it is the node that is there, so that a place at a junction may leave it any way; the new
    nodes stand behind the old ones. Lengths are measured anew from node to node, so that no way over the road is
    ever shorter than the great circle.
    """
    lon, lat, tail, head = network.lon, network.lat, network.tail, network.head
    feet = np.where(share < 0.5, tail[piece], head[piece])
    inside = np.flatnonzero((share > END_SHARE) & (share < 1.0 - END_SHARE))
    feet[inside] = len(lon) + np.arange(len(inside))
    piece, share = piece[inside], share[inside]
    lon = np.concatenate([lon, lon[tail[piece]] + share * (lon[head[piece]] - lon[tail[piece]])])
    lat = np.concatenate([lat, lat[tail[piece]] + share * (lat[head[piece]] - lat[tail[piece]])])
    return _cut(network, lon, lat, piece, share, feet[inside]), feet


def _cut(network: Network, lon: Floats, lat: Floats, piece: Ints, share: Floats, node: Ints) -> Network:
    """The network with nodes inside its pieces."""
    tail, head = network.tail, network.head
    order = np.lexsort((share, piece))
    piece, node = piece[order], node[order]
    first, last = np.diff(piece, prepend=-1) != 0, np.diff(piece, append=len(tail)) != 0
    before = np.where(first, tail[piece], np.roll(node, 1))
    whole = np.setdiff1d(np.arange(len(tail)), piece)
    part = np.concatenate([whole, piece, piece[last]])
    new_tail = np.concatenate([tail[whole], before, node[last]])
    new_head = np.concatenate([head[whole], node, head[piece[last]]])
    with np.errstate(divide="ignore", invalid="ignore"):
        there_km_h = np.where(network.there_s < np.inf, network.km / network.there_s * SECONDS_PER_HOUR, 0.0)
        back_km_h = np.where(network.back_s < np.inf, network.km / network.back_s * SECONDS_PER_HOUR, 0.0)
    return _network(lon, lat, new_tail, new_head, there_km_h[part], back_km_h[part])


def contract(network: Network, kept: Ints) -> Network:
    """The same ways between the kept nodes over fewer pieces: chains become one piece, blind ends go."""
    keep = np.zeros(len(network.lon), bool)
    keep[kept] = True
    while True:
        before = len(network.km)
        network = _join_chains(_drop_blind_ends(network, keep), keep)
        if len(network.km) == before:
            return network


def _drop_blind_ends(network: Network, keep: Bools) -> Network:
    """Without pieces that end at a node which nothing else touches; loops are ends, too."""
    while True:
        degree = np.bincount(np.concatenate([network.tail, network.head]), minlength=len(keep))
        blind = ~keep & (degree == 1)
        useful = ~blind[network.tail] & ~blind[network.head] & (network.tail != network.head)
        if useful.all():
            return network
        network = network.only(useful)


def _join_chains(network: Network, keep: Bools) -> Network:
    """One piece for every chain of pieces over nodes that touch just two of them.

    Half piece 2i runs along piece i, 2i + 1 against it; each knows the next half of its chain. Doubling that step
    adds up all chains at once. Rings that touch no other road are left out: nobody comes there.
    """
    start = np.stack([network.tail, network.head], axis=1).ravel()
    stop = np.stack([network.head, network.tail], axis=1).ravel()
    inner = ~keep & (np.bincount(start, minlength=len(keep)) == 2)
    km, seconds = np.repeat(network.km, 2), np.stack([network.there_s, network.back_s], axis=1).ravel()
    step, last = _next_halves(start, stop, inner), np.arange(len(start))
    for _ in range(len(start).bit_length()):
        going = np.flatnonzero(step >= 0)
        ahead = step[going]
        km[going], seconds[going] = km[going] + km[ahead], seconds[going] + seconds[ahead]
        last[going], step[going] = last[ahead], step[ahead]
    against = last ^ 1  # the half with which the way back begins
    once = ~inner[start] & (np.arange(len(start)) < against)
    once &= np.isfinite(seconds) | np.isfinite(seconds[against])
    return Network(
        lon=network.lon, lat=network.lat, tail=start[once], head=stop[last[once]], km=km[once],
        there_s=seconds[once], back_s=seconds[against[once]],
    )  # fmt: skip


def _next_halves(start: Ints, stop: Ints, inner: Bools) -> Ints:
    """(2e,) the half piece that goes on where one ends in the middle of a chain, else -1."""
    by_start = np.argsort(start, kind="stable")
    first = np.searchsorted(start[by_start], stop)
    halves = np.arange(len(start))
    going = inner[stop]
    one, other = by_start[first[going]], by_start[first[going] + 1]
    step = np.full(len(start), -1)
    step[going] = np.where(one == (halves[going] ^ 1), other, one)
    return step


def sparse() -> Any:
    """scipy.sparse, with csgraph and spatial searches loaded.

    Raises:
        MissingExtra: scipy is not installed.
    """
    try:
        import scipy.sparse
        import scipy.sparse.csgraph
    except ImportError as fault:
        raise MissingExtra("scipy", extra="roads") from fault
    return scipy.sparse
