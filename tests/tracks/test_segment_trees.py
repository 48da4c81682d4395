"""Trees as text: they come back the same, answer as LightGBM does, and damage is refused."""

import numpy as np
import pytest

from nongshi.core.errors import BadInput
from nongshi.files.segment_model import packaged_model
from nongshi.tracks.features import FEATURES
from nongshi.tracks.segment_train import Sample, TrainOptions, _boost, _to_forest, train
from nongshi.tracks.segment_trees import forest_text, make_forest, work_log_odds

SIZE_MAX = 500_000  # bytes of the packaged model


def _rows(count: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    rows = rng.normal(0, 1, (count, len(FEATURES))).astype(np.float32)
    return rows, (rows[:, 40] + 0.5 * rows[:, 50] + rng.normal(0, 0.3, count) > 0).astype(np.int8)


def test_our_walk_answers_as_lightgbm_does() -> None:
    pytest.importorskip("lightgbm")
    rows, labels = _rows()
    booster = _boost(rows, labels.astype(float), None, 1, TrainOptions(trees=12, least_fixes=20))
    forest = _to_forest(booster, list(FEATURES), 8.0, 0.5, ())
    assert work_log_odds(forest, rows, np.arange(len(FEATURES), dtype=np.int32)) == pytest.approx(
        booster.predict(rows, raw_score=True), abs=1e-9
    )


def test_training_again_gives_the_same_model_and_another_seed_another() -> None:
    pytest.importorskip("lightgbm")
    rows, labels = _rows()
    sample = Sample(time_s=np.arange(len(rows)) * 1.0, features=rows, field=labels)
    texts = [
        forest_text(train([sample], seed=seed, options=TrainOptions(trees=5, least_fixes=50))) for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_training_needs_fixes_of_both_kinds() -> None:
    rows, labels = _rows(50)
    with pytest.raises(BadInput, match="both kinds"):
        train([Sample(time_s=np.arange(50.0), features=rows, field=np.ones_like(labels))], seed=1)


def test_a_model_comes_back_from_its_text_as_it_was() -> None:
    text = forest_text(packaged_model())
    assert forest_text(make_forest(text)) == text


def test_the_packaged_model_is_small_knows_its_features_and_says_how_it_was_made() -> None:
    model = packaged_model()
    assert len(forest_text(model)) < SIZE_MAX
    assert set(model.features) <= set(FEATURES)
    assert any("nongshi track train --simulated" in line for line in model.card)
    assert not any("labelled" in line for line in model.card)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nongshi-segment-model 1", "something else"),
        ("node 0", "node x"),
        ("node 0", "node 99"),
        ("threshold 0.5", "threshold 2"),
        ("leaf ", "loaf "),
        ("roots 0", "roots 99999"),
        ("limit", "nan"),
    ],
)
def test_a_damaged_model_is_refused(old: str, new: str) -> None:
    text = (
        "nongshi-segment-model 1\nfeatures km_h_10s\nswitch 8.0\nthreshold 0.5\nroots 0\nnode 0 1.5 -1 -2\nleaf 1 -1\n"
    )
    assert make_forest(text).leaf.tolist() == [1.0, -1.0]
    with pytest.raises(BadInput):
        make_forest(text.replace(old, new) if old in text else text.replace("1.5", new))


def test_a_tree_that_would_be_walked_for_ever_is_refused() -> None:
    text = "nongshi-segment-model 1\nfeatures km_h_10s\nswitch 8.0\nthreshold 0.5\nroots 0\nnode 0 1.5 0 -1\nleaf 1\n"
    with pytest.raises(BadInput, match="points outside"):
        make_forest(text)
