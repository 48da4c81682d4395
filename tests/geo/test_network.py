import numpy as np
import pytest
from tests.geo.drawn import km, network

from nongshi.geo.network import contract, cut, main_part, make_network

LINE = {"A": (0, 0), "B": (1, 0), "C": (2, 0), "D": (3, 0), "E": (1, 1)}


def test_ways_that_share_a_node_are_joined_and_cut_where_a_node_is_missing() -> None:
    made = network(LINE, "A-B-Z-C 30\nB-E 30")
    assert len(made.km) == 2
    assert made.road_km == pytest.approx(2.0)


def test_a_blocked_node_ends_the_ways_on_both_its_sides() -> None:
    """Round the block it is 3 km, through the bollard 1 km."""
    block = {"A": (0, 0), "B": (0.5, 0), "C": (1, 0), "D": (1, 1), "E": (0, 1)}
    ways = "A-B-C 30\nC-D-E-A 30"
    assert km(network(block, ways), (0, 0), (1, 0)) == pytest.approx(1.0)
    assert km(network(block, ways, blocked="B"), (0, 0), (1, 0)) == pytest.approx(3.0)


def test_the_main_part_leaves_out_islands_and_ways_of_no_return() -> None:
    made = network({**LINE, "X": (5, 5), "Y": (6, 5)}, "A-B-C 30\nX-Y 30\nC-D 30 0")
    assert main_part(made).road_km == pytest.approx(2.0)


def test_a_piece_is_cut_at_each_place_in_order_and_keeps_its_speed_and_direction() -> None:
    whole, feet = cut(network({"A": (0, 0), "B": (4, 0)}, "A-B 20 0"), np.array([0, 0, 0]), np.array([0.75, 1.0, 0.25]))
    ends = sorted(zip(whole.tail.tolist(), whole.head.tolist(), whole.km.round(6).tolist(), strict=True))
    assert feet.tolist() == [2, 1, 3], "at the end of a piece stands a node already"
    assert ends == [(0, 3, 1.0), (2, 1, 1.0), (3, 2, 2.0)]
    assert whole.there_s == pytest.approx(whole.km / 20 * 3600)
    assert np.isinf(whole.back_s).all()


def test_a_chain_becomes_one_piece_with_the_sums_of_both_directions() -> None:
    made = contract(network(LINE, "A-B 30\nC-B 20 10\nC-D 30"), np.array([0, 3]))
    assert len(made.km) == 1
    assert made.km[0] == pytest.approx(3.0)
    assert sorted([made.there_s[0], made.back_s[0]]) == pytest.approx([2 * 120 + 180, 2 * 120 + 360])


def test_a_chain_that_is_one_way_somewhere_is_one_way() -> None:
    made = contract(network(LINE, "A-B-C 30\nC-D 30 0"), np.array([0, 3]))
    assert sorted([made.there_s[0], made.back_s[0]]) == [pytest.approx(360), np.inf]


def test_blind_ends_rings_and_loops_go() -> None:
    spots = {**LINE, "P": (5, 5), "Q": (6, 5), "R": (5, 6), "F": (2, 1), "G": (2, 2)}
    made = contract(network(spots, "A-B-C-D 30\nP-Q-R-P 30\nC-F-G-C 30\nB-E 30"), np.array([0, 3]))
    assert made.road_km == pytest.approx(3.0)
    assert len(made.km) == 1


def test_no_ways_make_an_empty_network() -> None:
    assert make_network({}, []).road_km == 0.0
