import pickle
from heapq import heappop, heappush

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.geo.drawn import DEG_PER_KM, between, km, network, roads

from nongshi.core.errors import BadInput
from nongshi.geo import roads as rows
from nongshi.geo.distance import km_matrix
from nongshi.geo.joining import make_roads, nearest_road
from nongshi.geo.network import Network, Way, main_part, make_network

SQUARE = {"A": (0, 0), "B": (4, 0), "C": (4, 3), "D": (0, 3)}
RING = "A-B-C-D-A 30"


def test_the_quickest_way_is_taken_and_its_length_counts() -> None:
    """Over the track it is 3 km and 30 min, round it 11 km and 22 min."""
    drawn = network(SQUARE, "A-B-C-D 30\nD-A 6")
    assert km(drawn, (0, 0), (0, 3)) == pytest.approx(11.0)


def test_a_one_way_road_makes_the_way_back_longer() -> None:
    made = roads(network(SQUARE, "A-B 30 0\nB-C-D-A 30"), (0, 0), (4, 0))
    assert between(made, (0, 0), (4, 0)) == pytest.approx(4.0)
    assert between(made, (4, 0), (0, 0)) == pytest.approx(10.0)


def test_places_join_at_the_nearest_point_of_a_road_and_the_bits_to_it_count_with_the_detour() -> None:
    assert km(network(SQUARE, RING), (1, 0.5), (3, -0.25), detour=1.2) == pytest.approx(2.0 + 1.2 * 0.75, rel=1e-5)


def test_two_places_on_one_piece_go_straight_along_it_or_round_where_it_is_one_way() -> None:
    made = roads(network(SQUARE, "A-B 30 0\nB-C-D-A 30"), (1, 0), (3, 0))
    assert between(made, (1, 0), (3, 0)) == pytest.approx(2.0)
    assert between(made, (3, 0), (1, 0)) == pytest.approx(1 + 10 + 1)


def test_a_place_at_a_junction_leaves_it_by_any_road() -> None:
    made = roads(network(SQUARE, "A-B 30 0\nB-C-D-A 30"), (4, 0), (4.1, 0), (4, 3))
    assert between(made, (4, 0), (4, 3)) == pytest.approx(3.0)
    assert between(made, (4.1, 0), (4, 3)) == pytest.approx(3.1)
    assert between(made, (4, 3), (4.1, 0)) == pytest.approx(3.1)


def test_no_way_leads_from_a_place_to_itself_even_beside_the_road() -> None:
    made = roads(network(SQUARE, RING), (1, 0.5), (1, 0.5), (3, 0))
    assert len(made.lon) == 2, "places at one position are one"
    assert made.km(np.array([0, 1, 0]), np.array([0])).tolist()[0] == [0.0]


def test_places_off_the_roads_are_named_with_what_is_wrong() -> None:
    drawn = network({**SQUARE, "X": (9, 9), "Y": (9.5, 9)}, RING + "\nX-Y 30")
    with pytest.raises(BadInput) as fault:
        roads(drawn, (0, 0), (2, 1.25), (9, 9.2))
    assert "P1 (1.2 km from the nearest road)" in str(fault.value) or "P1 (1.3 km" in str(fault.value)
    assert "P2 (200 m from a road that leads nowhere" in str(fault.value)
    assert "P0" not in str(fault.value)
    assert "set gate_lon" in str(fault.value)


def test_a_network_without_a_road_is_refused() -> None:
    with pytest.raises(BadInput, match="no road"):
        roads(make_network({}, []), (0, 0))


def test_a_place_that_the_roads_do_not_know_is_refused() -> None:
    with pytest.raises(BadInput, match="do not know the place"):
        between(roads(network(SQUARE, RING), (0, 0)), (0, 0), (1, 0))


def by_chance(seed: int) -> tuple[Network, np.ndarray, np.ndarray]:
    """A grid of streets with random speeds, one-ways and gaps, and places beside them."""
    rng = np.random.default_rng(seed)
    where = {10 * x + y: (x * DEG_PER_KM, y * DEG_PER_KM) for x in range(5) for y in range(5)}
    ways = []
    for one in where:
        for other in (one + 10, one + 1):
            if other in where and rng.random() < 0.8:
                along, against = rng.choice([6.0, 15.0, 30.0]), rng.choice([0.0, 20.0, 30.0])
                ways.append(Way(nodes=[one, other], along_km_h=along, against_km_h=against))
    lon, lat = rng.uniform(0, 4, (2, 12)) * DEG_PER_KM
    made = make_network(where, ways)
    near = nearest_road(main_part(made), lon, lat)[2] < 1.0
    return made, lon[near], lat[near]


def naive_s(drawn: Network, source: int) -> dict[int, float]:
    """Textbook Dijkstra over the pieces as they were drawn."""
    done: dict[int, float] = {}
    queue = [(0.0, source)]
    while queue:
        at_s, node = heappop(queue)
        if node in done:
            continue
        done[node] = at_s
        for tail, head, seconds in (
            *zip(drawn.tail.tolist(), drawn.head.tolist(), drawn.there_s.tolist(), strict=True),
            *zip(drawn.head.tolist(), drawn.tail.tolist(), drawn.back_s.tolist(), strict=True),
        ):
            if tail == node and np.isfinite(seconds):
                heappush(queue, (at_s + seconds, head))
    return done


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_contraction_keeps_every_quickest_way(seed) -> None:
    """At one speed the quickest way is the shortest, so that km can be held against a textbook search."""
    drawn, _, _ = by_chance(seed)
    one_speed = Network(
        lon=drawn.lon, lat=drawn.lat, tail=drawn.tail, head=drawn.head, km=drawn.km,
        there_s=np.where(np.isfinite(drawn.there_s), drawn.km * 100, np.inf),
        back_s=np.where(np.isfinite(drawn.back_s), drawn.km * 100, np.inf),
    )  # fmt: skip
    connected = main_part(one_speed)
    nodes = np.unique(np.concatenate([connected.tail, connected.head]))[::2]
    made = make_roads(one_speed, drawn.lon[nodes], drawn.lat[nodes], [str(n) for n in nodes], detour=1.0)
    places = made.find(drawn.lon[nodes], drawn.lat[nodes])
    for node, place in zip(nodes.tolist(), places.tolist(), strict=True):
        want_s = naive_s(connected, node)
        got_km = made.km(np.array([place]), places)[0]
        assert got_km == pytest.approx([want_s[other] / 100 for other in nodes.tolist()], abs=1e-5)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_no_way_is_shorter_than_the_great_circle(seed) -> None:
    """What keeps the bound valid where it takes great circles for roads."""
    drawn, lon, lat = by_chance(seed)
    made = make_roads(drawn, lon, lat, [""] * len(lon), detour=1.0)
    every = np.arange(len(made.lon))
    assert (made.km(every, every) >= km_matrix(made.lon, made.lat) * (1 - 1e-6)).all()


def test_the_order_of_asking_changes_no_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row by row with a short reach and hardly any room, or all at once: the same figures."""
    drawn, lon, lat = by_chance(4)
    every = np.arange(len(lon))
    whole = make_roads(drawn, lon, lat, [""] * len(lon), detour=1.3).km(every, every)
    monkeypatch.setattr(rows, "REACH_S_MIN", 1.0)
    monkeypatch.setattr(rows, "REACH_KM_H", 1000.0)
    monkeypatch.setattr(rows, "ROWS_BYTES_MAX", 2 * 4 * len(lon))
    monkeypatch.setattr(rows, "SEARCH_CELLS_MAX", 1)
    made = make_roads(drawn, lon, lat, [""] * len(lon), detour=1.3)
    for b in reversed(every.tolist()):
        for a in every.tolist():
            here, there = ((float(made.lon[i]), float(made.lat[i])) for i in (a, b))
            assert made.between(here, there) == whole[a, b]
    assert (made.km(every, every) == whole).all()
    assert len(made._rows) <= 2


def test_another_process_gets_the_same_distances() -> None:
    made = roads(network(SQUARE, RING), (0, 0), (3, 0.5), (4, 2))
    every = np.arange(3)
    want = made.km(every, every)
    assert (pickle.loads(pickle.dumps(made)).km(every, every) == want).all()


def test_nothing_asked_is_nothing_answered() -> None:
    made = roads(network(SQUARE, RING), (0, 0), (3, 0))
    none = np.zeros(0, np.int64)
    assert made.km(none, np.arange(2)).shape == (0, 2)
    assert made.km(np.arange(2), none).shape == (2, 0)
