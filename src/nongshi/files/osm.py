"""An OpenStreetMap extract becomes a road network: .osm and .osm.gz by the standard library, .osm.pbf by osmium."""

import gzip
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zlib import error as ZlibError

from nongshi.core.errors import BadInput, MissingExtra, NotFound
from nongshi.geo.network import Network, Way, make_network
from nongshi.geo.ways import LARGEST, Vehicle, blocks, way_km_h

ENDINGS = (".osm", ".osm.gz", ".pbf")
MEND = "give an OpenStreetMap extract as .osm, .osm.gz or .osm.pbf"


def read_network(path: Path, *, vehicle: Vehicle = LARGEST) -> Network:
    """Read the roads that a vehicle may use.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no such extract, or holds no road that may be used.
        MissingExtra: osmium is not installed and the file is a .pbf.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound(f"{path} is not a file; {MEND}")
    if not path.name.lower().endswith(ENDINGS):
        raise BadInput(f"{path.name} is of no kind that can be read; {MEND}")
    found = _Found(vehicle)
    if path.suffix.lower() == ".pbf":
        _read_pbf(path, found)
    else:
        _read_xml(path, found)
    network = make_network(found.where, found.ways, found.blocked)
    if not len(network.km):
        raise BadInput(f"{path.name} holds no road that a farm machine may use; give an extract of the region")
    return network


class _Found:
    """Nodes, and of the ways those that the vehicle may use."""

    def __init__(self, vehicle: Vehicle) -> None:
        self.vehicle = vehicle
        self.where: dict[int, tuple[float, float]] = {}
        self.blocked: set[int] = set()
        self.ways: list[Way] = []

    def node(self, id_: int, tags: dict[str, str]) -> None:
        """Note a node that stops machines."""
        if tags and blocks(tags):
            self.blocked.add(id_)

    def way(self, nodes: list[int], tags: dict[str, str]) -> None:
        """Keep a way that may be used in at least one direction."""
        along, against = way_km_h(tags, self.vehicle)
        if along or against:
            self.ways.append(Way(nodes=nodes, along_km_h=along, against_km_h=against))


def _read_xml(path: Path, found: _Found) -> None:
    try:
        with _opened(path) as file:
            parsed = ElementTree.iterparse(file, events=("start", "end"))
            _, root = next(parsed)
            if root.tag != "osm":
                raise BadInput(f"{path.name} is no OpenStreetMap file, it begins with <{root.tag}>; {MEND}")
            for event, element in parsed:
                if event == "end" and element.tag in ("node", "way", "relation"):
                    _take(element, found)
                    root.clear()  # an extract is much larger than its roads
    except (ElementTree.ParseError, gzip.BadGzipFile, EOFError, ZlibError) as fault:
        raise BadInput(f"{path.name} cannot be read to its end: {fault}; fetch it again, or {MEND}") from fault
    except (KeyError, ValueError) as fault:
        raise BadInput(f"{path.name} has a node or way without a sound {fault}; fetch it again") from fault
    except LookupError as fault:  # an encoding that nobody knows
        raise BadInput(f"{path.name} cannot be read: {fault}; fetch it again, or {MEND}") from fault


def _take(element: ElementTree.Element, found: _Found) -> None:
    tags = {tag.attrib["k"]: tag.attrib["v"] for tag in element.iter("tag")}
    if element.tag == "node" and "lon" in element.attrib:
        id_ = int(element.attrib["id"])
        found.where[id_] = float(element.attrib["lon"]), float(element.attrib["lat"])
        found.node(id_, tags)
    elif element.tag == "way" and "highway" in tags:
        found.way([int(nd.attrib["ref"]) for nd in element.iter("nd")], tags)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as packed:
            yield packed  # type: ignore[misc]  # a GzipFile reads bytes as any file does
    else:
        with path.open("rb") as plain:
            yield plain


def _read_pbf(path: Path, found: _Found) -> None:
    """First the ways, then only the nodes that they go over: a province has many more."""
    try:
        import osmium
    except ImportError as fault:
        raise MissingExtra("osmium", extra="roads") from fault
    try:
        ways = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
        for way in ways:
            assert isinstance(way, osmium.osm.Way)
            found.way([node.ref for node in way.nodes], dict(way.tags))
        wanted = osmium.filter.IdFilter({ref for way in found.ways for ref in way.nodes})
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(wanted):
            assert isinstance(node, osmium.osm.Node)
            found.where[node.id] = node.location.lon, node.location.lat
            found.node(node.id, dict(node.tags))
    except (RuntimeError, OSError) as fault:
        raise BadInput(f"{path.name} cannot be read to its end: {fault}; fetch it again, or {MEND}") from fault
