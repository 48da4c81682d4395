"""Distances over the road between places: the quickest way for a farm machine, and its length in km."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nongshi.core.errors import BadInput
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.geo.distance import km_between
from nongshi.geo.network import Floats, Ints, sparse

ROWS_BYTES_MAX = 200_000_000  # assumption: rows that are kept, all together
SEARCH_CELLS_MAX = 2_000_000  # sources x nodes searched at a time: some 50 MB
REACH_KM_H = 18.0  # assumption: a search first reaches as far as this speed in a straight line, then twice as far
REACH_S_MIN, REACH_S_MAX = 300.0, 1e6  # beyond the second a search reaches everywhere
NO_NODE = -9999  # scipy's mark of a node without one before it

Row = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The contracted network as sparse rows; a node's pieces are start[node] .. start[node + 1] - 1."""

    start: NDArray[np.int32]  # (n + 1,)
    head: NDArray[np.int32]  # (e,) in order within a row
    key: Ints  # (e,) tail x nodes + head, rising
    seconds: Floats
    km: Floats
    foot_lon: Floats  # of the first nodes, at which places join
    foot_lat: Floats


class Roads:
    """Road kilometres between q places, made by :func:`nongshi.geo.joining.make_roads`.

    A distance is the straight bit to the road, the quickest way over it, and the straight bit from it.

    Not symmetric (one-way roads), and no metric: the quickest way is not always the shortest.
    Rows of distances are computed when first asked for, as far as needed, and kept while there is room.
    """

    def __init__(
        self, *, lon: Floats, lat: Floats, foot: Ints, off_km: Floats, graph: Graph, road_km: float, name: str
    ) -> None:
        """Place i stands `off_km` (detour included) beside node foot[i]; feet are the first nodes of the graph."""
        self.lon, self.lat, self.foot, self.off_km = lon, lat, foot, off_km
        self.graph, self.road_km, self.name = graph, road_km, name
        self._feet = len(graph.foot_lon)
        self._place = {place: i for i, place in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))}
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._lock = Lock()

    def __getstate__(self) -> dict[str, Any]:
        """What is sent to another process: no rows, they are found again there."""
        return {k: getattr(self, k) for k in ("lon", "lat", "foot", "off_km", "graph", "road_km", "name")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def find(self, lon: ArrayLike, lat: ArrayLike) -> Ints:
        """(n,) numbers of places by their exact position.

        Raises:
            BadInput: the roads were made without one of them.
        """
        asked = list(zip(np.atleast_1d(lon).tolist(), np.atleast_1d(lat).tolist(), strict=True))
        try:
            return np.array([self._place[place] for place in asked], np.int64)
        except KeyError as fault:
            lon1, lat1 = fault.args[0]
            text = f"the roads do not know the place {lon1:.6f}, {lat1:.6f}; make them for the region that has it"
            raise BadInput(text) from fault

    def between(self, here: tuple[float, float], there: tuple[float, float]) -> float:
        """Road km from one (lon, lat) to another; both must be places that the roads were made for."""
        a, b = self._place.get(here), self._place.get(there)
        if a is None or b is None:
            a, b = (int(self.find(*place)[0]) for place in (here, there))
        row, target = self._rows.get(int(self.foot[a])), self.foot[b]
        if a == b or row is None or not np.isfinite(row[target]):
            return float(self.km(np.array([a]), np.array([b]))[0, 0])
        return float(self.off_km[a] + float(row[target]) + self.off_km[b])

    def km(self, a: Ints, b: Ints) -> Floats:
        """(len(a), len(b)) road km from places a to places b; 0 from a place to itself."""
        a, b = np.asarray(a, np.int64), np.asarray(b, np.int64)
        if not len(a) or not len(b):
            return np.zeros((len(a), len(b)))
        sources, row_of = np.unique(self.foot[a], return_inverse=True)
        road_km = self._road_km(sources, self.foot[b])[row_of]
        km = self.off_km[a][:, None] + road_km + self.off_km[b][None, :]
        return np.where(a[:, None] == b[None, :], 0.0, km)

    def _road_km(self, sources: Ints, targets: Ints) -> Floats:
        """(sources, targets) km between feet."""
        km = np.zeros((len(sources), len(targets)))
        missing = []
        with self._lock:
            for i, source in enumerate(sources.tolist()):
                row = self._rows.get(source)
                if row is None or not np.isfinite(row[targets]).all():
                    missing.append(i)
                    continue
                self._rows.move_to_end(source)
                km[i] = row[targets]
        at_once = max(1, SEARCH_CELLS_MAX // len(self.graph.start))
        for begin in range(0, len(missing), at_once):
            some = missing[begin : begin + at_once]
            rows = self._search(sources[some], np.unique(targets))
            km[some] = rows[:, targets]
            self._keep(sources[some], rows)
        return km

    def _keep(self, sources: Ints, rows: NDArray[np.float32]) -> None:
        with self._lock:
            for source, row in zip(sources.tolist(), rows, strict=True):
                self._rows[source] = row.copy()
                self._rows.move_to_end(source)
            while len(self._rows) * self._feet * 4 > ROWS_BYTES_MAX:
                self._rows.popitem(last=False)

    def _search(self, sources: Ints, targets: Ints) -> NDArray[np.float32]:
        """(sources, feet) km to all feet, inf to those beyond the reach that the targets need."""
        lon, lat = self.graph.foot_lon, self.graph.foot_lat
        straight_km = km_between(lon[sources, None], lat[sources, None], lon[None, targets], lat[None, targets])
        reach_s = REACH_S_MIN + float(straight_km.max()) / REACH_KM_H * SECONDS_PER_HOUR
        while True:
            km = _shortest_km(self.graph, sources, len(lon), reach_s)
            if np.isfinite(km[:, targets]).all() or not np.isfinite(reach_s):
                return km
            reach_s = 2.0 * reach_s if reach_s < REACH_S_MAX else np.inf


def _shortest_km(graph: Graph, sources: Ints, feet: int, reach_s: float) -> NDArray[np.float32]:
    """(sources, feet) length of the quickest way to each of the first nodes; inf: not within reach.

    Every reached node knows the one before it; doubling that step adds up all ways at once.
    """
    seconds, before = sparse().csgraph.dijkstra(
        _matrix(graph), indices=sources, limit=reach_s, return_predecessors=True
    )
    nodes = len(graph.start) - 1
    reached = np.flatnonzero(np.isfinite(seconds))  # of sources x nodes
    rank = np.zeros(seconds.size, np.int64)
    rank[reached] = np.arange(len(reached))
    tail, node = before.ravel()[reached].astype(np.int64), reached % nodes
    moved = np.flatnonzero(tail != NO_NODE)
    km, up = np.zeros(len(reached)), np.arange(len(reached))  # a source is its own node before, 0 km away
    km[moved] = graph.km[np.searchsorted(graph.key, tail[moved] * nodes + node[moved])]
    up[moved] = rank[reached[moved] - node[moved] + tail[moved]]
    while True:
        further = up[up]
        if (further == up).all():
            break
        km, up = km + km[up], further
    total = np.full(seconds.size, np.inf)
    total[reached] = km
    return total.reshape(seconds.shape)[:, :feet].astype(np.float32)


def _matrix(graph: Graph) -> Any:
    nodes = len(graph.start) - 1
    return sparse().csr_matrix((graph.seconds, graph.head, graph.start), shape=(nodes, nodes))
