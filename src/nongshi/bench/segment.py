"""`nongshi bench segment`: labelled tracks cross-validated by file, beside DBSCAN, a speed rule, what ships."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nongshi.bench.segment_data import LabelledTrack, read_labelled
from nongshi.bench.segment_rules import best_dbscan, best_speed_rule, disputed, score_row, thinned
from nongshi.core.errors import BadInput
from nongshi.files.segment_model import packaged_model
from nongshi.tracks.segment import decode, model_log_odds, segment
from nongshi.tracks.segment_train import Sample, TrainOptions, best_threshold, f1_scores, make_sample, train
from nongshi.tracks.segment_trees import Forest

Flags = NDArray[np.bool_]
FOLDS = 5
Tell = Callable[[str], None] | None


def bench_segment(folder: Path, *, seed: int = 1, on_step: Tell = None) -> dict[str, Any]:
    """Figures of each set under `folder` (each subfolder with labelled sheets, or the folder itself), and transfer."""
    sets = {name: read_labelled(path) for name, path in _sets(folder).items()}
    samples = {name: [make_sample(one.track, one.field) for one in tracks] for name, tracks in sets.items()}
    figures: dict[str, Any] = {"seed": seed, "sets": {}, "transfer": []}
    for name, tracks in sets.items():
        _tell(on_step, f"{name}: {len(tracks)} files")
        figures["sets"][name] = _one_set(tracks, samples[name], seed, on_step)
    for one in sets:
        for other in sets:
            if one != other:
                forest = _grow(samples[one], seed)
                said = [_said(sample, forest) for sample in samples[other]]
                scores = _row([sample.field for sample in samples[other]], said, range(len(said)))
                figures["transfer"].append({"trained_on": one, "tested_on": other, **scores})
    return figures


def fold_of(sizes: Sequence[int], folds: int = FOLDS) -> list[int]:
    """A fold for each file: the largest first, each to the fold that holds least; no file is in two."""
    held = [0] * folds
    found = [0] * len(sizes)
    for number in sorted(range(len(sizes)), key=lambda i: (-sizes[i], i)):
        found[number] = held.index(min(held))
        held[found[number]] += sizes[number]
    return found


def cross_validate(samples: Sequence[Sample], *, seed: int, on_step: Tell = None) -> tuple[list[Flags], list[float]]:
    """What a forest that never saw a file says of it, and each fold's threshold, found on its training files alone.

    Size and smoothing are fixed beforehand; the threshold of a fold is the best of an inner cross-validation.
    """
    folds = fold_of([len(one.field) for one in samples])
    said: list[Flags] = [np.zeros(0, np.bool_)] * len(samples)
    thresholds = []
    for fold in sorted(set(folds)):
        learn = [one for one, at in zip(samples, folds, strict=True) if at != fold]
        thresholds.append(_inner_threshold(learn, seed))
        forest = _grow(learn, seed, thresholds[-1])
        for number, one in enumerate(samples):
            if folds[number] == fold:
                said[number] = _said(one, forest)
        _tell(on_step, f"  fold {fold + 1} of {FOLDS}, threshold {thresholds[-1]}")
    return said, thresholds


def _grow(samples: Sequence[Sample], seed: int, threshold: float = 0.5) -> Forest:
    """Every file weighs the same: a file is one machine's day, however often it reported."""
    return train(samples, seed=seed, options=OPTIONS, threshold=threshold, equal_tracks=True)


def _said(sample: Sample, forest: Forest) -> Flags:
    return decode(sample.time_s, model_log_odds(sample.features, forest), forest.switch)


# Few labels, and doubtful ones: fewer and coarser trees than for simulated days, where labels are sure.
OPTIONS = TrainOptions(trees=60, leaves=6, rate=0.05)


def _inner_threshold(learn: Sequence[Sample], seed: int) -> float:
    inner = fold_of([len(one.field) for one in learn], 3)
    samples, odds = [], []
    for fold in sorted(set(inner)):
        forest = _grow([one for one, at in zip(learn, inner, strict=True) if at != fold], seed)
        held = [one for one, at in zip(learn, inner, strict=True) if at == fold]
        samples += held
        odds += [model_log_odds(one.features, forest) for one in held]
    return best_threshold(samples, odds, OPTIONS.switch)


def _one_set(tracks: list[LabelledTrack], samples: list[Sample], seed: int, on_step: Tell) -> dict[str, Any]:
    said, thresholds = cross_validate(samples, seed=seed, on_step=on_step)
    doubtful = disputed(samples)
    kept = [number for number in range(len(tracks)) if number not in doubtful]
    shipped, rate = _shipped(tracks)
    field = [one.field for one in samples]
    fixes = sum(len(one.field) for one in samples)
    return {
        "files": len(tracks),
        "fixes": fixes,
        "field_share": round(float(np.concatenate(field).mean()), 4),
        "rows_dropped": sum(one.rows_dropped for one in tracks),
        "disputed_files": [tracks[number].name for number in doubtful],
        "rows": [
            {"method": "dbscan", **best_dbscan(tracks)},
            {"method": "speed", **best_speed_rule(tracks, samples)},
            {"method": "thinned", **thinned(tracks)},
            {"method": "cross_validated", **_row(field, said, range(len(tracks)))},
            {"method": "shipped", **_row(field, shipped, range(len(tracks)))},
            {"method": "cross_validated, undisputed", **_row(field, said, kept)},
            {"method": "shipped, undisputed", **_row(field, shipped, kept)},
            {"method": "dbscan, undisputed", **best_dbscan([tracks[number] for number in kept])},
        ],
        "thresholds": thresholds,
        "fixes_per_cpu_s": round(rate),
    }


def _shipped(tracks: Sequence[LabelledTrack]) -> tuple[list[Flags], float]:
    """What the packaged model says of tracks it never saw, and fixes per CPU second, features to states."""
    model = packaged_model()
    segment(tracks[0].track, model)  # compiled before the clock runs
    begun = time.process_time()
    said = [segment(one.track, model).field for one in tracks]
    spent = time.process_time() - begun
    return said, sum(len(one.track) for one in tracks) / max(spent, 1e-9)


def _row(field: list[NDArray[np.int8]], said: list[Flags], which: Sequence[int]) -> dict[str, object]:
    if not which:
        return {}
    return score_row(f1_scores(np.concatenate([field[i] for i in which]), np.concatenate([said[i] for i in which])))


def _sets(folder: Path) -> dict[str, Path]:
    """Sets by name: subfolders that hold sheets or zips, else the folder itself."""
    inside = {path.name: path for path in sorted(folder.iterdir()) if path.is_dir()} if folder.is_dir() else {}
    found = {name: path for name, path in inside.items() if any(path.glob("*.xlsx")) or any(path.glob("*.zip"))}
    if not found and not folder.is_dir():
        raise BadInput(f"{folder} is no folder of labelled tracks")
    return found or {folder.name: folder}


def _tell(on_step: Tell, words: str) -> None:
    if on_step is not None:
        on_step(words)
