"""A small forest of decision trees as plain arrays: kept as text that a person can read, walked without LightGBM."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nongshi.core.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

KIND = "nongshi-segment-model 1"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forest:
    """Trees that answer how likely a fix is work; a child below zero is the leaf -1 - child.

    The nodes of all trees stand in one row; `roots` says where each begins.
    """

    card: tuple[str, ...]  # who trained it on what, and the command that makes it again
    features: tuple[str, ...]  # what it reads of FEATURES
    switch: float  # log-odds that a change between field and road costs; 0: every fix by itself
    threshold: float  # above it a fix is work
    roots: Ints
    column: Ints  # (nodes,) index into `features`
    limit: Floats  # (nodes,) left where the value is at most this
    left: Ints
    right: Ints
    leaf: Floats  # log-odds


def forest_text(forest: Forest) -> str:
    """The text that :func:`make_forest` reads; numbers to the last bit, so that nothing changes on the way."""
    lines = [KIND, *(f"# {line}" for line in forest.card)]
    lines.append("features " + " ".join(forest.features))
    lines.append(f"switch {forest.switch!r}")
    lines.append(f"threshold {forest.threshold!r}")
    lines.append("roots " + " ".join(map(str, forest.roots.tolist())))
    nodes = zip(forest.column.tolist(), forest.limit.tolist(), forest.left.tolist(), forest.right.tolist(), strict=True)
    lines += [f"node {column} {limit!r} {left} {right}" for column, limit, left, right in nodes]
    lines.append("leaf " + " ".join(map(repr, forest.leaf.tolist())))
    return "\n".join(lines) + "\n"


def make_forest(text: str) -> Forest:
    """A forest from its text.

    Raises:
        BadInput: the text is no such model, or one that points outside itself.
    """
    lines = text.splitlines()
    if not lines or lines[0] != KIND:
        raise BadInput(f"no segmentation model: its first line must be {KIND!r}")
    card = tuple(line[2:] for line in lines if line.startswith("# "))
    parts: dict[str, list[list[str]]] = {}
    for line in lines[1:]:
        if line.strip() and not line.startswith("#"):
            word, *rest = line.split()
            parts.setdefault(word, []).append(rest)
    try:
        nodes = parts.get("node", [])
        forest = Forest(
            card=card,
            features=tuple(parts["features"][0]),
            switch=float(parts["switch"][0][0]),
            threshold=float(parts["threshold"][0][0]),
            roots=np.array(parts["roots"][0], dtype=np.int32),
            column=np.array([int(node[0]) for node in nodes], dtype=np.int32),
            limit=np.array([float(node[1]) for node in nodes]),
            left=np.array([int(node[2]) for node in nodes], dtype=np.int32),
            right=np.array([int(node[3]) for node in nodes], dtype=np.int32),
            leaf=np.array(parts["leaf"][0], dtype=np.float64),
        )
    except (KeyError, IndexError, ValueError) as fault:
        raise BadInput(f"the segmentation model is damaged: {fault}") from fault
    _check(forest)
    return forest


def work_log_odds(forest: Forest, features: NDArray[np.float32], columns: Ints) -> Floats:
    """(n,) log-odds of work; `columns` says where each of the forest's features stands in `features`."""
    args = (forest.roots, columns[forest.column], forest.limit, forest.left, forest.right, forest.leaf)
    return np.asarray(_walk(features, *args))


def _check(forest: Forest) -> None:
    """A child lies behind its parent, so that every walk ends; everything pointed at is there."""
    nodes = len(forest.column)
    places = np.concatenate([forest.left, forest.right])
    behind = np.where(places >= 0, places > np.tile(np.arange(nodes), 2), True)
    inside = (places < nodes) & (places >= -len(forest.leaf))
    columns = (forest.column >= 0) & (forest.column < len(forest.features))
    roots = (forest.roots < nodes) & (forest.roots >= -len(forest.leaf))
    finite = np.isfinite(forest.leaf).all() and np.isfinite(forest.limit).all()
    if not (behind.all() and inside.all() and columns.all() and roots.all() and finite):
        raise BadInput("the segmentation model is damaged: it points outside itself")
    if not (0 < forest.threshold < 1 and 0 <= forest.switch < 1000):
        raise BadInput("the segmentation model is damaged: threshold or switch out of range")


@njit(cache=True, nogil=True)
def _walk(
    features: NDArray[np.float32], roots: Ints, column: Ints, limit: Floats, left: Ints, right: Ints, leaf: Floats
) -> Floats:
    """Sum of the leaves each row falls into."""
    total = np.zeros(len(features))
    for i in range(len(features)):
        for root in roots:
            at = root
            while at >= 0:
                at = left[at] if features[i, column[at]] <= limit[at] else right[at]
            total[i] += leaf[-1 - at]
    return total
