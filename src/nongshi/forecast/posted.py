"""Posted jobs correct the forecast: what is past is as it was posted, what comes follows the scenarios that fit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from nongshi.core.season import Posted
from nongshi.forecast import uncertainty
from nongshi.forecast.arrays import Floats, Ints
from nongshi.forecast.demand import Demand

EFFECTIVE_SHARE = 0.3  # of the scenarios that must go on counting; below it the evidence is tempered
FLOOR_SHARE = 0.03  # of an operation's season: so little says nothing about its timing


def posted_by_day(posted: Sequence[Posted], demand: Demand) -> Floats:
    """(i, d, o) posted work by the day it is wanted from; other towns and operations are left out."""
    town = {name: n for n, name in enumerate(demand.towns)}
    operation = {name: n for n, name in enumerate(demand.operations)}
    days = demand.released_ha.shape[2]
    total = np.zeros(demand.released_ha.shape[1:])
    for row in posted:
        day = (row.date - demand.first_day).days
        if row.town in town and row.operation in operation and 0 <= day < days:
            total[town[row.town], day, operation[row.operation]] += row.area_ha
    return total


def with_posted(demand: Demand, posted: Sequence[Posted], today: date, *, seed: int) -> tuple[Demand, Ints]:
    """The demand after what was posted before `today`, and which scenario each of the new ones comes from.

    Scenarios are drawn again by how well the timing of each posted operation fits; then every town's and operation's
    rest is scaled by posted over released, the more the further its season has gone. Towns and operations of which
    nothing was ever posted stay as they are: posted.csv holds all work of a town and operation, or none.
    """
    count, _, days, _ = demand.released_ha.shape
    gone = min(max((today - demand.first_day).days, 0), days)
    seen = posted_by_day(posted, demand)
    seen[:, gone:] = 0.0
    told: Floats = np.asarray(seen.any(axis=1), np.float64)  # (i, o) 1 where anything was posted
    if not told.any():
        return demand, np.arange(count)
    drawn = _draw_again(_weights(demand.released_ha, seen, told, gone), seed)
    released = demand.released_ha[drawn]
    scale = _scales(released, seen, told, gone)
    released = released * np.where(told > 0, scale, 1.0)[None, :, None, :]
    past = np.where(told[:, None, :] > 0, seen[:, :gone], released[:, :, :gone])
    released = np.concatenate([past, released[:, :, gone:]], axis=2)
    return replace(demand, released_ha=released), drawn


def _weights(released: Floats, seen: Floats, told: Floats, gone: int) -> Floats:
    """(s,) by the share of each operation's season that was posted by today, over all towns that post it."""
    kept = told
    so_far = np.einsum("sido,io->so", released[:, :, :gone], kept)
    whole = np.maximum(np.einsum("sido,io->so", released, kept), 1e-9)
    floor = FLOOR_SHARE * whole.mean(axis=0)
    posted = (seen * kept[:, None, :]).sum(axis=(0, 1))
    apart = np.log((posted + floor) / (so_far + floor))
    log_weight = -0.5 * (apart / uncertainty.POSTED_SIGMA) ** 2 @ (told.any(axis=0)).astype(float)
    log_weight -= log_weight.max()
    power = 1.0
    while True:
        weight = np.exp(power * log_weight)
        weight /= weight.sum()
        if 1.0 / (weight**2).sum() >= EFFECTIVE_SHARE * len(weight) or power < 1e-3:
            return np.asarray(weight)
        power *= 0.8


def _draw_again(weight: Floats, seed: int) -> Ints:
    """Systematic resampling: as many scenarios as before, each about as often as its weight says."""
    points = (np.arange(len(weight)) + np.random.default_rng(seed).random()) / len(weight)
    return np.minimum(np.searchsorted(np.cumsum(weight), points), len(weight) - 1)


def _scales(released: Floats, seen: Floats, told: Floats, gone: int) -> Floats:
    """(i, o) posted over released so far, drawn towards 1 while little of the season has gone."""
    so_far = released[:, :, :gone].mean(axis=0).sum(axis=1)
    whole = np.maximum(released.mean(axis=0).sum(axis=1), 1e-9)
    floor = FLOOR_SHARE * whole
    ratio = (seen.sum(axis=1) + floor) / (so_far + floor)
    trust = (so_far / whole) / (so_far / whole + uncertainty.SCALE_PRIOR)
    return np.asarray(np.exp(trust * np.log(ratio)))
