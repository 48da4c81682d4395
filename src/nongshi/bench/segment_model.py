"""Training sets put together: labelled files of any kind, and simulated days; the packaged model comes from here."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nongshi.bench.segment_data import read_labelled
from nongshi.core.errors import NotFound
from nongshi.files.track_states import read_labels
from nongshi.synthetic.machine_days import ASSUMED_ON, make_machine_day
from nongshi.tracks.segment import decode, model_log_odds
from nongshi.tracks.segment_train import Sample, f1_scores, make_sample, thin, train
from nongshi.tracks.segment_trees import Forest

FIXES_PER_DAY = 2500  # drawn of a simulated day: neighbours say the same thing, and more days say more
FIXES_MIN = 50  # a shorter day says nothing
CHECK_DAYS = 20  # simulated days kept apart (at most as many as are trained on): how well it knows its own world


def train_model(
    sources: Sequence[Path], *, simulated: int, seed: int, on_step: Callable[[str], None] | None = None
) -> tuple[Forest, dict[str, Any]]:
    """A forest from labelled files and simulated days, with what is to be told of it.

    The same sources, days, seed and LightGBM give the same forest.
    """
    samples = [sample for path in sources for sample in _labelled(path)]
    from_files = len(samples)
    rng = np.random.default_rng(seed)
    for number in range(simulated):
        sample = simulated_sample(seed, number)
        if len(sample.field) >= FIXES_MIN:
            samples.append(thin(sample, FIXES_PER_DAY, rng))
        if on_step is not None and number % 20 == 19:
            on_step(f"{number + 1} of {simulated} days")
    fixes = sum(len(sample.field) for sample in samples)
    figures: dict[str, Any] = {"files": from_files, "simulated_days": simulated, "seed": seed, "fixes": fixes}
    forest = train(samples, seed=seed, equal_tracks=True, card=_card(figures, sources))
    if simulated:
        checks = [simulated_sample(seed, simulated + number) for number in range(min(CHECK_DAYS, simulated))]
        said = [decode(one.time_s, model_log_odds(one.features, forest), forest.switch) for one in checks]
        scores = f1_scores(np.concatenate([one.field for one in checks]), np.concatenate(said))
        figures["macro_f1_on_other_simulated_days"] = round(scores[2], 4)
    return forest, figures


def simulated_sample(seed: int, number: int) -> Sample:
    """The day of that number of a seed, all its fixes."""
    day = make_machine_day(np.random.default_rng([seed, number]), f"day-{number}")
    return make_sample(day.track, day.field)


def _labelled(path: Path) -> list[Sample]:
    """Tracks of a CSV with states, or of a folder: its CSVs, else its labelled sheets."""
    if path.is_dir():
        tables = sorted(path.glob("*.csv"))
        if not tables:
            return [make_sample(one.track, one.field) for one in read_labelled(path)]
        return [sample for table in tables for sample in _labelled(table)]
    if not path.is_file():
        raise NotFound(f"there are no labelled tracks at {path}")
    return [make_sample(track, field) for track, field in read_labels(path)]


def _card(figures: dict[str, Any], sources: Sequence[Path]) -> list[str]:
    import lightgbm

    learned = [f"{figures['files']} labelled tracks"] if sources else []
    if figures["simulated_days"]:
        learned.append(f"{figures['simulated_days']} simulated days (nongshi.synthetic.machine_days), all made up")
    files = " FILES" if sources else ""
    return [
        f"learned from {' and '.join(learned)}; {figures['fixes']} fixes",
        f"LightGBM {lightgbm.__version__}; settings: nongshi.tracks.segment_train.TrainOptions",
        f"assumptions of the simulated days: {ASSUMED_ON}",
        f"again: nongshi track train{files} --simulated {figures['simulated_days']} --seed {figures['seed']}",
    ]
