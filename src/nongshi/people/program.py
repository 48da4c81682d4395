"""A mixed integer program as columns and rows, and one way to run HiGHS on it."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from highspy._core import _Highs  # highspy.Highs prints a banner to standard output when it is made
from numpy.typing import NDArray

from nongshi.core.errors import NongshiError

Floats = NDArray[np.float64]
INF = float(highspy.kHighsInf)
TINY = 1e-9  # what HiGHS would leave out
PLAIN = ("mip_heuristic_run_rins", "mip_heuristic_run_rens", "mip_heuristic_run_root_reduced_cost", "mip_allow_restart")


@dataclass(frozen=True, slots=True)
class Solved:
    """What HiGHS found; maximised."""

    column: Floats | None  # None: nothing better than nothing in the time given
    value: float
    bound: float  # no solution is worth more


@dataclass(slots=True)
class Program:
    """Columns with what they gain, rows with their limits; filled one by one, solved once."""

    gain: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    start: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def column(self, *, gain: float = 0.0, most: float = INF, whole: bool = False) -> int:
        """A column from 0 to `most`; its number."""
        self.gain.append(gain)
        self.most.append(most)
        self.whole.append(whole)
        return len(self.gain) - 1

    def row(self, entries: Mapping[int, float], *, low: float = -INF, high: float = INF) -> None:
        """low <= sum of entries <= high; nothing where there are no entries."""
        kept = {column: value for column, value in entries.items() if abs(value) > TINY}
        if not kept:
            return
        self.index += kept.keys()
        self.value += kept.values()
        self.start.append(len(self.index))
        self.low.append(low)
        self.high.append(high)

    def solve(
        self,
        *,
        gap: float = 0.0,
        cpu_s: float = INF,
        seed: int = 0,
        hint: Floats | None = None,
        fixed: Mapping[int, float] | None = None,
        whole: Collection[int] | None = None,
        plain: bool = False,
        free: Collection[int] = (),
    ) -> Solved:
        """Maximise, on one thread.

        Args:
            gap: relative gap at which it is enough.
            cpu_s: CPU seconds; the best found by then is given.
            seed: of HiGHS; the same seed and version give the same answer where the time does not run out.
            hint: a whole solution to begin from.
            fixed: columns that are held at a number.
            whole: the only columns that must be whole; None: all that are marked so.
            free: rows that need not hold; what is found then need not be a solution, but its bound holds.
            plain: without the heuristics that solve smaller programs; for programs of few whole columns.

        Raises:
            NongshiError: HiGHS did not end at a solution or at its time.
        """
        highs = quiet(threads=1, mip_rel_gap=gap, random_seed=seed)
        for option in PLAIN if plain else ():
            highs.setOptionValue(option, False)
        highs.passModel(self.model(fixed or {}, whole, free))
        if hint is not None:
            given = highspy.HighsSolution()
            given.col_value = hint.tolist()
            highs.setSolution(given)
        if cpu_s < INF:
            began_s = time.process_time()

            def watch(kind: object, message: str, out: object, into: Any, data: object) -> None:
                into.user_interrupt = time.process_time() - began_s > cpu_s

            highs.setCallback(watch, None)
            highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
            highs.startCallback(highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt)
        highs.run()
        status, info = highs.getModelStatus(), highs.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Solved(None, 0.0, 0.0)
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInterrupt):
            raise NongshiError(f"HiGHS ended without a plan: {highs.modelStatusToString(status)}")
        found = info.primal_solution_status == 2  # feasible
        column = np.array(highs.getSolution().col_value, float) if found else None
        return Solved(column, -info.objective_function_value, -info.mip_dual_bound)

    def model(
        self, fixed: Mapping[int, float], whole: Collection[int] | None = None, free: Collection[int] = ()
    ) -> highspy.HighsLp:
        """As HiGHS takes it, minimised."""
        low, most = np.zeros(len(self.gain)), np.array(self.most, float)
        for column, number in fixed.items():
            low[column] = most[column] = number
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.gain), len(self.low)
        model.col_cost_ = -np.array(self.gain, float)
        model.col_lower_, model.col_upper_ = low, most
        lower, upper = np.array(self.low, float), np.array(self.high, float)
        lower[list(free)], upper[list(free)] = -INF, INF
        model.row_lower_, model.row_upper_ = lower, upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self.start, np.int32)
        model.a_matrix_.index_ = np.array(self.index, np.int32)
        model.a_matrix_.value_ = np.array(self.value, float)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        marked = self.whole if whole is None else [column in whole for column in range(len(self.whole))]
        model.integrality_ = [kinds[one] for one in marked]
        return model


def quiet(**options: bool | float | str) -> _Highs:
    """HiGHS with nothing on the screen."""
    highs = _Highs()
    highs.setOptionValue("output_flag", False)
    for option, value in options.items():
        highs.setOptionValue(option, value)
    return highs
