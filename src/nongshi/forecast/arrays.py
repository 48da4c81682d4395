"""What the linear programs of the season are made from, as arrays.

Axes: s scenario, i town, t period (a day or a week), o operation, q pool of machines and operators,
k machine class, l licence (entry 0 is "", which everybody holds). A pool is one owner in one town where owners share
nothing, and a whole town where they do.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from nongshi.core.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """What each operation is worth, may wait and costs when late; all (o,)."""

    window_d: Floats  # days from release until the work is due
    delay_fen_ha_d: Floats  # of a hectare that is a day late
    value_fen_ha: Floats  # of a hectare that is given up; nobody loses more
    wet_t_ha: Floats  # wet grain that a hectare brings to the dryers


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Released work and workable hours in every scenario, all equally likely."""

    length_d: Floats  # (t,) days of each period
    released_ha: Floats  # (s, i, t, o)
    operation_h: Floats  # (s, t, o) hours that the weather leaves for an operation
    operator_h: Floats  # (s, t, l) hours of one operator, nights and the limit of a day taken off

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        s, _, t, o = self.released_ha.shape
        sizes = self.length_d.shape, self.operation_h.shape, self.operator_h.shape[:2]
        if sizes != ((t,), (s, t, o), (s, t)):
            raise BadInput(f"arrays of a season do not fit together: released {s, t, o}, others {sizes}")

    def take(self, scenarios: Ints) -> "Wanted":
        """Some of the scenarios."""
        names = ("released_ha", "operation_h", "operator_h")
        return replace(self, **{name: getattr(self, name)[scenarios] for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Operators of one pool who hold the same licences."""

    pool: int
    licences: frozenset[int]  # without entry 0, which everybody holds
    count: Floats  # (t,) operators present


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Machines and operators, where they are at home and how far they go."""

    pool_town: Ints  # (q,)
    machines: Floats  # (q, t, k) present
    crews: tuple[Crew, ...]
    class_licence: Ints  # (k,) licence that a class asks for; 0: none
    rate_ha_h: Floats  # (k, o) 0: the class cannot do it
    work_share: Floats  # (k, i, i) share of the hours left for work after moves, home x town; 0: too far
    move_fen_h: Floats  # (k, i, i) cost of the moves, an hour
    dryer_t_d: Floats = field(default_factory=lambda: np.zeros(0))  # (t,) of all dryers; empty: no limit
    hold_t: float = 0.0  # wet grain that may wait from one period to the next
    hire_machines: Floats = field(default_factory=lambda: np.zeros(0))  # (k,) crewed, from outside; empty: none
    hire_fen_h: Floats = field(default_factory=lambda: np.zeros(0))  # (k,) above what a machine of one's own costs

    @property
    def pools(self) -> int:
        """How many pools there are."""
        return len(self.pool_town)


def due_share(length_d: Floats, window_d: float) -> Floats:
    """(t, t + 1) share of the work released evenly over period t that falls due in period u; last: behind the end.

    >>> due_share(np.array([7.0, 7.0, 7.0]), 10.0).round(2).tolist()
    [[0.0, 0.57, 0.43, 0.0], [0.0, 0.0, 0.57, 0.43], [0.0, 0.0, 0.0, 1.0]]
    """
    edge = np.concatenate([[0.0], np.cumsum(length_d)])
    inner = np.minimum(edge[1:-1], edge[-1])
    upper = np.concatenate([inner, [edge[-1], np.inf]])
    reached = (upper[None, :] - (edge[:-1] + window_d)[:, None]) / length_d[:, None]
    return np.asarray(np.diff(np.clip(reached, 0.0, 1.0), axis=1, prepend=0.0))


def in_window_ha(released_ha: Floats, length_d: Floats, window_d: Floats) -> Floats:
    """(..., t, o) released and not yet due at the end of each period, if nothing of it were done."""
    waiting = np.empty_like(released_ha)
    for o, days in enumerate(window_d):
        share = due_share(length_d, float(days))[:, :-1]
        due = released_ha[..., o] @ share
        waiting[..., o] = np.cumsum(released_ha[..., o] - due, axis=-1)
    return np.maximum(waiting, 0.0)
