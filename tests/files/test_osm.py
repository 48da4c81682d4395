import gzip
from pathlib import Path

import numpy as np
import pytest

from nongshi.core.errors import BadInput, NotFound
from nongshi.files.osm import read_network
from nongshi.geo.distance import km_matrix
from nongshi.geo.joining import make_roads
from nongshi.geo.network import Network, main_part
from nongshi.geo.ways import Vehicle

EXTRACT = Path(__file__).resolve().parents[3] / "shared" / "data" / "osm" / "north-bayreuth.osm.gz"
NODES = "".join(f'<node id="{i}" lat="30.0" lon="{121 + i / 100}"/>' for i in range(1, 6))
ROAD = '<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="unclassified"/></way>'
TRACK = '<way id="2"><nd ref="3"/><nd ref="4"/><tag k="highway" v="track"/><tag k="maxweight" v="3.5"/></way>'
PATH = '<way id="3"><nd ref="4"/><nd ref="5"/><tag k="highway" v="path"/></way>'
POST = '<node id="2" lat="30.0" lon="121.02"><tag k="barrier" v="bollard"/></node>'
KM_PER_PIECE = 0.962978  # 0.01 degrees of longitude at 30 degrees north


def osm(*elements: str) -> str:
    return f'<?xml version="1.0"?><osm version="0.6"><bounds/>{"".join(elements)}<relation id="9"/></osm>'


def read(folder: Path, *elements: str, vehicle: Vehicle | None = None) -> Network:
    path = folder / "roads.osm"
    path.write_text(osm(*elements))
    return read_network(path) if vehicle is None else read_network(path, vehicle=vehicle)


def test_only_ways_that_the_vehicle_may_use_are_read(tmp_path: Path) -> None:
    van = Vehicle(width_m=1.8, height_m=2.2, weight_t=2.5, source="test")
    assert len(read(tmp_path, NODES, ROAD, TRACK, PATH).km) == 2
    small = read(tmp_path, NODES, ROAD, TRACK, PATH, vehicle=van)
    assert small.km == pytest.approx([KM_PER_PIECE] * 3, rel=1e-4)
    assert small.there_s == pytest.approx(small.km * 3600 / np.array([25, 25, 12]))


def test_ways_may_stand_before_their_nodes(tmp_path: Path) -> None:
    assert len(read(tmp_path, ROAD, NODES).km) == 2


def test_a_post_on_the_road_cuts_it(tmp_path: Path) -> None:
    assert len(main_part(read(tmp_path, NODES, ROAD)).km) == 2
    assert len(main_part(read(tmp_path, NODES, POST, ROAD)).km) == 1


def test_a_way_beyond_the_edge_of_the_extract_is_cut_there(tmp_path: Path) -> None:
    assert len(read(tmp_path, NODES.replace('id="3"', 'id="33"'), ROAD).km) == 1


def test_packed_and_plain_files_read_the_same(tmp_path: Path) -> None:
    packed = tmp_path / "roads.osm.gz"
    packed.write_bytes(gzip.compress(osm(NODES, ROAD).encode(), mtime=0))
    assert (read_network(packed).km == read(tmp_path, NODES, ROAD).km).all()


def test_a_pbf_reads_as_its_xml(tmp_path: Path) -> None:
    osmium = pytest.importorskip("osmium", reason="osmium is not installed")
    plain = read(tmp_path, NODES.replace('<node id="2" lat="30.0" lon="121.02"/>', ""), POST, ROAD, TRACK, PATH)
    path = tmp_path / "roads.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for element in osmium.FileProcessor(str(tmp_path / "roads.osm")):
            writer.add(element)
    packed = read_network(path)
    assert packed.km == pytest.approx(plain.km, rel=1e-4)
    assert len(packed.lon) == len(plain.lon)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.osm", b"<osm><node id='1'", "cannot be read to its end"),
        ("a.osm", b"", "cannot be read to its end"),
        ("a.osm", b"<gpx></gpx>", "begins with <gpx>"),
        ("a.osm", b"<?xml version='1.0' encoding='tf-8'?><osm/>", "unknown encoding"),
        ("a.osm", b"<osm><node id='x' lon='1' lat='2'/></osm>", "without a sound"),
        ("a.osm", osm(NODES, PATH).encode(), "no road"),
        ("a.osm.gz", b"not packed", "cannot be read to its end"),
        ("a.osm.gz", gzip.compress(osm(NODES * 99, ROAD).encode(), mtime=0)[:-200], "cannot be read to its end"),
        ("a.shp", b"", "of no kind that can be read"),
    ],
)
def test_a_file_that_is_no_sound_extract_is_refused_with_a_mend(name, content, said, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=said) as fault:
        read_network(tmp_path / name)
    assert name in str(fault.value)
    assert ";" in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_broken_pbf_is_refused_with_a_mend(tmp_path: Path) -> None:
    pytest.importorskip("osmium", reason="osmium is not installed")
    (tmp_path / "a.osm.pbf").write_bytes(b"no blocks in here at all")
    with pytest.raises(BadInput, match="cannot be read to its end"):
        read_network(tmp_path / "a.osm.pbf")


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        read_network(tmp_path / "nowhere.osm")


@pytest.mark.shared_data("osm/north-bayreuth.osm.gz")
def test_a_real_extract_gives_believable_ways_between_100_places() -> None:
    network = read_network(EXTRACT)
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(11.485, 11.60, 100), rng.uniform(49.975, 50.044, 100)
    roads = make_roads(network, lon, lat, [str(i) for i in range(100)], detour=1.3)
    km = roads.km(np.arange(100), np.arange(100))
    straight_km = km_matrix(roads.lon, roads.lat)
    ratio = km[straight_km > 1] / straight_km[straight_km > 1]

    assert main_part(network).road_km > 0.95 * network.road_km
    assert len(roads.graph.start) < 0.1 * len(network.lon)
    assert ratio.min() >= 1.0
    assert 1.2 < np.median(ratio) < 2.0, "a motorway without crossings lies across"
    assert not np.array_equal(km, km.T)
