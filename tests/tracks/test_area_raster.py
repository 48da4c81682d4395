"""Bits for cells: filled, counted and closed as a plain array would be."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.tracks import area_raster as raster


def drawn(picture: str) -> np.ndarray:
    rows = [line.strip() for line in picture.strip().splitlines()]
    cells = np.array([[mark == "#" for mark in row] for row in rows])
    return cells


def bits_of(cells: np.ndarray, margin: int = 8) -> np.ndarray:
    bits = raster.empty(cells.shape[0] + 2 * margin, cells.shape[1] + 2 * margin)
    for row, column in zip(*np.nonzero(cells), strict=True):
        at = column + margin
        bits[row + margin, at >> 6] |= np.uint64(1) << np.uint64(at & 63)
    return bits


def cells_of(bits: np.ndarray, like: np.ndarray, margin: int = 8) -> np.ndarray:
    return raster.to_cells(bits)[margin : margin + like.shape[0], margin : margin + like.shape[1]] == 1


def test_narrow_gaps_close_and_wide_ones_stay() -> None:
    before = drawn("""
        ##.##...##
        ##.##...##
        ##.##...##
    """)
    after = drawn("""
        #####...##
        #####...##
        #####...##
    """)
    closed = raster.close_along(bits_of(before), 0, 1, 2)
    assert np.array_equal(cells_of(closed, before), after)


@settings(max_examples=60, deadline=None)
@given(
    marks=st.lists(st.booleans(), min_size=20, max_size=200),
    cells=st.integers(1, 7),
    direction=st.sampled_from([(0, 1), (1, 0), (1, 1), (1, -1)]),
)
def test_closing_fills_exactly_the_gaps_of_at_most_so_many_cells(
    marks: list[bool], cells: int, direction: tuple[int, int]
) -> None:
    """Against the plain definition, along a line in each direction, across words."""
    line = np.array(marks)
    size = len(line)
    rows, columns = direction
    board = np.zeros((size if rows else 1, size if columns else 1), dtype=bool)
    at = np.arange(size)
    i, j = at * rows, at if columns > 0 else (size - 1 - at if columns else at * 0)
    board[i, j] = line
    expected, set_at = line.copy(), np.flatnonzero(line)
    for a, b in pairwise(set_at):
        if b - a - 1 <= cells:
            expected[a:b] = True
    closed = raster.close_along(bits_of(board), rows, columns, cells)
    assert np.array_equal(cells_of(closed, board)[i, j], expected)


@settings(max_examples=40, deadline=None)
@given(
    x=st.floats(2, 60), y=st.floats(2, 60), length=st.floats(3, 80), width=st.floats(1, 20), turn=st.floats(0, np.pi)
)
def test_a_ribbon_covers_its_area(x: float, y: float, length: float, width: float, turn: float) -> None:
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    corner = np.array([x, y]) + 110
    begin, end = corner, corner + along * length
    left = np.array([begin + across * width / 2, end + across * width / 2])
    right = np.array([begin - across * width / 2, end - across * width / 2])
    boards = [raster.empty(320, 320) for _ in range(3)]
    inside = ~raster.empty(320, 320)
    start = np.array([0, 2])
    cells = raster.lay_runs(*boards, inside, left[:, 0], left[:, 1], right[:, 0], right[:, 1], start)
    assert cells == raster.count(boards[0])
    assert abs(cells - length * width) < 1.2 * (length + width) + 2  # about a cell along the edge
    assert raster.count(boards[1]) == 0
    assert raster.count(boards[2]) == 0


def test_a_hole_in_a_field_is_left_out() -> None:
    """
    20 x 20 cells with a hole of 10 x 10
    """
    x = np.array([5, 25, 25, 5, 5, 10, 20, 20, 10, 10], dtype=float)
    y = np.array([5, 5, 25, 25, 5, 10, 10, 20, 20, 10], dtype=float)
    bits = raster.empty(40, 100)
    raster.fill_rings(bits, x, y, np.array([0, 5, 10]))
    assert raster.count(bits) == 400 - 100
