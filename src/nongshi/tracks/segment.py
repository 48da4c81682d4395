"""Which fixes are work, road or idle: a model of trees, or the density of cells where there is none.

The model says field or not; idle is standing, by rule. Known outlines shift the chance, they do not decide alone: an
outline may be missing, and roads run along fields.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nongshi.core.errors import BadInput
from nongshi.geo.plane import plane_about
from nongshi.geo.track import Track
from nongshi.tracks.features import FEATURES, make_features
from nongshi.tracks.segment_trees import Forest, work_log_odds
from nongshi.tracks.thinned_dbscan import thinned_work

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROAD, WORK, IDLE = 0, 1, 2
STATES = ("road", "work", "idle")

IDLE_S = 180.0  # assumption 2026-11-26: shorter stops (turning, unloading) belong to what they interrupt
IDLE_WITHIN_M = 6.0  # assumption 2026-11-26: across; a standing receiver wanders some metres in three minutes
OUTLINE_LOG_ODDS = 2.5  # assumption 2026-11-26: a fix inside a known outline is 12 times as likely work
OUTLINE_KM_H_MAX = 15.0  # assumption 2026-11-26: faster is crossing a field, not working it
DENSITY_LOG_ODDS = 2.2  # assumption 2026-11-26: without a model density counts a little less than an outline
EVIDENCE_S = 5.0  # assumption 2026-11-26: fixes closer than this are one piece of evidence
LOG_ODDS_MAX = 6.0  # assumption 2026-11-26: no single piece of evidence is surer than 400 to 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segmented:
    """What each fix of a track is, in its order."""

    state: NDArray[np.int8]  # (n,) ROAD, WORK or IDLE
    field: Flags  # (n,) at work or standing where work is done: what idle hides
    chance: Floats  # (n,) of the field, 0..1

    def names(self) -> list[str]:
        """The states in words."""
        return [STATES[state] for state in self.state]


def segment(track: Track, model: Forest | None = None, *, inside: Flags | None = None) -> Segmented:
    """Work, road or idle of every fix.

    Args:
        track: fixes in order of time; speeds come from its positions, never from what the device says.
        model: trees; without it, thinned density decides.
        inside: (n,) whether each fix lies in a known field; not given: no outline is known.
    """
    odds = field_log_odds(track, model)
    if inside is not None:
        odds = odds + outline_log_odds(track, inside)
    field = decode(track.time_s, odds, 0.0 if model is None else model.switch)
    state = np.where(field, WORK, ROAD).astype(np.int8)
    state[standing(track)] = IDLE
    return Segmented(state=state, field=field, chance=1 / (1 + np.exp(-odds)))


def field_log_odds(track: Track, model: Forest | None) -> Floats:
    """(n,) log-odds, above the model's threshold, that the machine is in a field at its work; each fix by itself."""
    if model is None:
        return np.where(thinned_work(track), DENSITY_LOG_ODDS, -DENSITY_LOG_ODDS)
    return model_log_odds(make_features(track, model.features), model)


def model_log_odds(features: NDArray[np.float32], model: Forest) -> Floats:
    """The same from features that are made already."""
    unknown = [name for name in model.features if name not in FEATURES]
    if unknown:
        raise BadInput(f"the model reads what this version does not make: {', '.join(unknown)}; train it again")
    columns = np.array([FEATURES.index(name) for name in model.features], dtype=np.int32)
    odds = work_log_odds(model, features, columns)
    return odds - float(np.log(model.threshold / (1 - model.threshold)))


def decode(time_s: Floats, odds: Floats, switch: float) -> Flags:
    """The likeliest course of field and road where each change costs `switch` (Viterbi 1967, two states).

    A fix counts by the seconds since the fix before it, at most EVIDENCE_S: neighbours say the same thing.
    """
    if switch <= 0 or not len(odds):
        return np.asarray(odds > 0)
    seconds = np.minimum(np.diff(time_s, prepend=time_s[0] - EVIDENCE_S), EVIDENCE_S)
    return np.asarray(_course(np.clip(odds, -LOG_ODDS_MAX, LOG_ODDS_MAX) * seconds / EVIDENCE_S, switch))


def outline_log_odds(track: Track, inside: Flags) -> Floats:
    """What known outlines add: for work inside them where the machine is slow, against it everywhere else."""
    if len(inside) != len(track):
        raise BadInput(f"{len(inside)} answers about outlines for {len(track)} fixes")
    slow = make_features(track, ("km_h_45s",))[:, FEATURES.index("km_h_45s")] <= OUTLINE_KM_H_MAX
    return np.where(inside & slow, OUTLINE_LOG_ODDS, -OUTLINE_LOG_ODDS)


def standing(track: Track) -> Flags:
    """Fixes in a stay of at least IDLE_S within IDLE_WITHIN_M; a silence between two fixes of one place counts."""
    if not len(track):
        return np.zeros(0, np.bool_)
    x_m, y_m = plane_about(track.lon, track.lat).to_m(track.lon, track.lat)
    return np.asarray(_stays(track.time_s, x_m, y_m, IDLE_S, IDLE_WITHIN_M))


@njit(cache=True, nogil=True)
def _course(gain: Floats, switch: float) -> Flags:
    """Best sum of the gains of all fixes taken as field, less `switch` for each change."""
    n = len(gain)
    came_over = np.zeros((n, 2), np.bool_)
    road, field = 0.0, gain[0]
    for i in range(1, n):
        came_over[i, 0], came_over[i, 1] = field - switch > road, road - switch > field
        road, field = max(road, field - switch), max(field, road - switch) + gain[i]
    out = np.zeros(n, np.bool_)
    at = field > road
    for i in range(n - 1, -1, -1):
        out[i] = at
        at = at != came_over[i, 1 if at else 0]
    return out


@njit(cache=True, nogil=True)
def _stays(time_s: Floats, x_m: Floats, y_m: Floats, least_s: float, within_m: float) -> Flags:
    """A stay begins at a fix if all fixes of the next `least_s` lie in a box of that diagonal."""
    n = len(time_s)
    still = np.zeros(n, np.bool_)
    marked = 0  # up to here, still is known to be set where it must
    for i in range(n):
        west, east, south, north = x_m[i], x_m[i], y_m[i], y_m[i]
        for j in range(i + 1, n):
            west, east = min(west, x_m[j]), max(east, x_m[j])
            south, north = min(south, y_m[j]), max(north, y_m[j])
            if np.hypot(east - west, north - south) > within_m:
                break
            if time_s[j] - time_s[i] >= least_s:
                for k in range(max(i, marked), j + 1):
                    still[k] = True
                marked = j + 1
                break
    return still
