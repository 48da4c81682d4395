"""Pieces are of like size, of neighbours, and take the open jobs of their own side."""

import numpy as np
import pytest

from nongshi.dispatch.parts_bonds import greatest_profile
from nongshi.dispatch.parts_cut import cut


@pytest.mark.parametrize("machines", [1, 30, 100, 523])
def test_pieces_are_of_like_size(machines: int) -> None:
    rng = np.random.default_rng(machines)
    piece, _, count = cut(rng.normal(size=(machines, 2)), np.zeros((0, 2)), rng, 40)
    sizes = np.bincount(piece, minlength=count)
    assert count == max(1, round(machines / 40))
    assert sizes.sum() == machines
    assert sizes.max() - sizes.min() <= 2


def test_machines_of_one_yard_are_shared_out_and_jobs_go_by_their_side() -> None:
    rng = np.random.default_rng(4)
    jobs_km = rng.normal(size=(200, 2))
    piece, of_job, count = cut(np.zeros((80, 2)), jobs_km, rng, 40)
    assert count == 2
    assert np.bincount(piece).tolist() == [40, 40]
    assert not (np.diff(piece) >= 0).all()  # not by their numbers, which follow the classes
    centres = [jobs_km[of_job == i].mean(axis=0) for i in range(2)]
    assert np.hypot(*(centres[0] - centres[1])) > 1.0


def test_a_job_goes_with_the_machines_around_it() -> None:
    rng = np.random.default_rng(1)
    towns = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0], [100.0, 100.0]])
    machines_km = np.repeat(towns, 40, axis=0) + rng.normal(size=(160, 2))
    piece, of_job, count = cut(machines_km, towns + 2.0, rng, 40)
    assert count == 4
    alike = [piece[40 * t : 40 * t + 40] == of_job[t] for t in range(4)]
    assert np.mean(alike) > 0.75  # an oblique first cut may part a town


@pytest.mark.parametrize("seed", range(20))
def test_the_greatest_profile_is_kept_by_the_dryers_and_no_day_can_grow(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days, take_t, hold_t = 6, rng.uniform(0, 10, 6), float(rng.uniform(0, 8))

    def kept(harvest_t: np.ndarray) -> bool:
        waiting = 0.0
        for wet_t, day_t in zip(harvest_t, take_t, strict=True):
            waiting = max(0.0, waiting + wet_t - day_t)
            if waiting > hold_t + 1e-9:
                return False
        return True

    harvest_t = rng.uniform(0, 4, days) * rng.integers(0, 2, days)
    while not kept(harvest_t):
        harvest_t = harvest_t / 2
    grown = greatest_profile(harvest_t, take_t, hold_t, rng.permutation(days))
    assert (grown >= harvest_t).all()
    assert kept(grown)
    assert not any(kept(grown + 0.01 * np.eye(days)[d]) for d in range(days))


def test_at_the_start_jobs_are_shared_out_as_evenly_as_machines() -> None:
    rng = np.random.default_rng(2)
    yards_km = rng.normal(size=(9, 2))[rng.integers(9, size=320)]
    _, of_job, count = cut(yards_km, rng.normal(size=(1000, 2)), rng, 40, even=True)
    assert np.bincount(of_job, minlength=count).tolist() == [125] * 8
