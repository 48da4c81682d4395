"""What the segmentation is measured against: DBSCAN over a grid, a speed rule, and what of the labels is in dispute."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nongshi.bench.segment_data import LabelledTrack
from nongshi.geo.plane import plane_about
from nongshi.tracks.features import FEATURES
from nongshi.tracks.segment_train import Sample, f1_scores
from nongshi.tracks.thinned_dbscan import dbscan_members, thinned_work

Flags = NDArray[np.bool_]

GRID = tuple(
    (radius_m, fixes) for radius_m in (15.0, 20.0, 25.0, 30.0, 39.0) for fixes in (30, 50, 71, 100, 140, 200)
)  # (39 m, 71) is what the group that labelled the wheat set published
SPEED_RULES_KM_H = tuple(np.arange(2.0, 31.0, 1.0))
DISPUTED_SHARE = 0.5  # of a file's road fixes inside a dense blob: labels that no reader of positions can follow
DENSE_SHARE = 0.4  # of the cells of a 25 m disc: five passes side by side


def best_dbscan(tracks: Sequence[LabelledTrack]) -> dict[str, object]:
    """DBSCAN over all fixes at each point of the grid; the best by macro-F1 on these very labels, so to its favour."""
    field = np.concatenate([one.field for one in tracks])
    planes = [plane_about(one.track.lon, one.track.lat).to_m(one.track.lon, one.track.lat) for one in tracks]
    best: tuple[tuple[float, float, float], float, int] | None = None
    for radius_m, fixes in GRID:
        said = np.concatenate([dbscan_members(x_m, y_m, radius_m, fixes) for x_m, y_m in planes])
        scores = f1_scores(field, said)
        if best is None or scores[2] > best[0][2]:
            best = (scores, radius_m, fixes)
    assert best is not None
    return {**score_row(best[0]), "radius_m": best[1], "fixes": best[2]}


def best_speed_rule(tracks: Sequence[LabelledTrack], samples: Sequence[Sample]) -> dict[str, object]:
    """Slower than a limit is work; the best limit on these very labels."""
    field = np.concatenate([one.field for one in tracks])
    km_h = np.concatenate([sample.features[:, FEATURES.index("km_h_45s")] for sample in samples])
    rows = [(f1_scores(field, km_h <= limit), limit) for limit in SPEED_RULES_KM_H]
    scores, limit = max(rows, key=lambda row: row[0][2])
    return {**score_row(scores), "km_h": float(limit)}


def thinned(tracks: Sequence[LabelledTrack]) -> dict[str, object]:
    """Our rule without a model, at its defaults."""
    said = np.concatenate([thinned_work(one.track) for one in tracks])
    return score_row(f1_scores(np.concatenate([one.field for one in tracks]), said))


def disputed(samples: Sequence[Sample]) -> list[int]:
    """Files whose road fixes lie for the greater part in dense blobs: by the labels and positions alone, no model."""
    dense = FEATURES.index("crowd25_share")
    found = []
    for number, sample in enumerate(samples):
        road = sample.features[sample.field == 0, dense]
        if len(road) and float((road > DENSE_SHARE).mean()) > DISPUTED_SHARE:
            found.append(number)
    return found


def score_row(scores: tuple[float, float, float]) -> dict[str, object]:
    """Scores by name, four decimals."""
    road, field, macro = scores
    return {"macro_f1": round(macro, 4), "road_f1": round(road, 4), "field_f1": round(field, 4)}
