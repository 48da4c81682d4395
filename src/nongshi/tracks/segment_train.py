"""Training of the segmentation model: LightGBM on labelled fixes, small on purpose, turned into plain trees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import BadInput, MissingExtra
from nongshi.geo.track import Track
from nongshi.tracks.features import FEATURES, make_features
from nongshi.tracks.segment import decode
from nongshi.tracks.segment_trees import Forest

Floats = NDArray[np.float64]

AS_GOOD = 0.005  # assumption 2026-11-26: macro-F1 that close is the same, with some tens of files
THRESHOLDS = np.round(np.arange(0.3, 0.951, 0.05), 2)  # looked through on training tracks only
# How long a day is, how large a patch, how often a place was passed, and how a whole file looks: that tells one farm or
# one data set from another. What is left are ratios, densities and what happens within some hundred metres.
FARM_WORDS = ("file_", "_ha", "_hours", "span_h", "presence", "passes", "_640m", "_720s", "disc216")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """How large the forest is; small and slow-learning, because labels are noisy and files few."""

    trees: int = 200
    leaves: int = 7
    rate: float = 0.04
    least_fixes: int = 1000  # in a leaf
    columns_share: float = 0.3
    switch: float = 8.0  # assumption 2026-11-26: chosen on simulated days, where 2 to 8 do the same


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """One labelled track as the trainer sees it."""

    time_s: Floats
    features: NDArray[np.float32]
    field: NDArray[np.int8]


def make_sample(track: Track, field: NDArray[np.int8]) -> Sample:
    """All fixes of a labelled track."""
    if len(field) != len(track):
        raise BadInput(f"{len(field)} labels for the {len(track)} fixes of {track.device_id}")
    return Sample(time_s=track.time_s, features=make_features(track), field=field)


def thin(sample: Sample, fixes: int, rng: np.random.Generator) -> Sample:
    """At most so many fixes of a sample, drawn at random: for training, never for smoothing."""
    if len(sample.field) <= fixes:
        return sample
    keep = np.sort(rng.choice(len(sample.field), fixes, replace=False))
    return Sample(time_s=sample.time_s[keep], features=sample.features[keep], field=sample.field[keep])


def train(
    samples: Sequence[Sample],
    *,
    seed: int,
    options: TrainOptions | None = None,
    threshold: float = 0.5,
    equal_tracks: bool = False,
    card: Sequence[str] = (),
) -> Forest:
    """A forest from labelled tracks; the same samples, seed and LightGBM version give the same one.

    Args:
        samples: tracks with their labels.
        seed: of column and row sampling.
        options: size of the forest.
        threshold: chance above which a fix is work; see :func:`best_threshold`.
        equal_tracks: every track weighs the same, however long.
        card: what is to be told of it, line by line.

    Raises:
        MissingExtra: LightGBM is not installed.
        BadInput: there is nothing to learn from.
    """
    options = options or TrainOptions()
    labels = np.concatenate([sample.field for sample in samples]) if samples else np.zeros(0)
    if len(np.unique(labels)) < 2:
        raise BadInput("training needs fixes of both kinds, work and road")
    names = [name for name in FEATURES if not any(word in name for word in FARM_WORDS)]
    columns = [FEATURES.index(name) for name in names]
    rows = np.concatenate([sample.features[:, columns] for sample in samples])
    weights = np.concatenate([np.full(len(one.field), 1 / max(1, len(one.field))) for one in samples])
    booster = _boost(rows, labels, weights * len(weights) / len(samples) if equal_tracks else None, seed, options)
    return _to_forest(booster, names, options.switch, threshold, tuple(card))


def said_field(sample: Sample, odds: Floats, threshold: float, switch: float) -> NDArray[np.bool_]:
    """(n,) field or road of a whole track from the log-odds of its fixes, at any threshold."""
    return decode(sample.time_s, odds - float(np.log(threshold / (1 - threshold))), switch)


def best_threshold(samples: Sequence[Sample], odds: Sequence[Floats], switch: float) -> float:
    """Of the thresholds with the greatest macro-F1 the one nearest to even odds: a narrow peak is chance.

    To be asked of tracks that the forest did not learn from.
    """
    field = np.concatenate([one.field for one in samples])

    def macro_f1(threshold: float) -> float:
        said = [said_field(one, odd, threshold, switch) for one, odd in zip(samples, odds, strict=True)]
        return f1_scores(field, np.concatenate(said))[2]

    found = [macro_f1(float(threshold)) for threshold in THRESHOLDS]
    good = [float(one) for one, score in zip(THRESHOLDS, found, strict=True) if score >= max(found) - AS_GOOD]
    return min(good, key=lambda threshold: abs(threshold - 0.5))


def f1_scores(field: NDArray[np.int8], said: NDArray[np.bool_]) -> tuple[float, float, float]:
    """F1 of road, F1 of field, and their mean (macro-F1), over all fixes alike."""
    truth = field == 1
    road = _f1(int((~truth & ~said).sum()), int((~truth).sum()), int((~said).sum()))
    work = _f1(int((truth & said).sum()), int(truth.sum()), int(said.sum()))
    return road, work, (road + work) / 2


def _f1(hits: int, true: int, said: int) -> float:
    return 2 * hits / (true + said) if true + said else 1.0


def _boost(
    rows: NDArray[np.float32], labels: NDArray[np.float64], weights: Floats | None, seed: int, options: TrainOptions
) -> Any:
    try:
        import lightgbm
    except ImportError as fault:
        raise MissingExtra("lightgbm", extra="tracks") from fault
    settings = {
        "objective": "binary",
        "num_leaves": options.leaves,
        "learning_rate": options.rate,
        "min_data_in_leaf": options.least_fixes,
        "feature_fraction": options.columns_share,
        "bagging_fraction": 0.6,
        "bagging_freq": 1,
        "lambda_l2": 10.0,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbose": -1,
        "use_missing": False,
    }
    return lightgbm.train(settings, lightgbm.Dataset(rows, labels, weight=weights), options.trees)


def _to_forest(booster: Any, names: list[str], switch: float, threshold: float, card: tuple[str, ...]) -> Forest:
    """The booster's trees as arrays, parents before children, numbers to the bit."""
    nodes: list[tuple[int, float, int, int]] = []
    leaves: list[float] = []

    def place(tree: dict[str, Any]) -> int:
        if "leaf_value" in tree:
            leaves.append(float(tree["leaf_value"]))
            return -len(leaves)
        at = len(nodes)
        nodes.append((0, 0.0, 0, 0))
        left, right = place(tree["left_child"]), place(tree["right_child"])
        nodes[at] = (int(tree["split_feature"]), float(tree["threshold"]), left, right)
        return at

    roots = [place(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return Forest(
        card=card,
        features=tuple(names),
        switch=switch,
        threshold=threshold,
        roots=np.array(roots, dtype=np.int32),
        column=np.array([node[0] for node in nodes], dtype=np.int32),
        limit=np.array([node[1] for node in nodes], dtype=np.float64),
        left=np.array([node[2] for node in nodes], dtype=np.int32),
        right=np.array([node[3] for node in nodes], dtype=np.int32),
        leaf=np.array(leaves, dtype=np.float64),
    )
