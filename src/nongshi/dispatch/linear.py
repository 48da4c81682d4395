"""One way to run HiGHS: one thread, simplex (its vertices are integral where the model is), nothing on the screen."""

import highspy
import numpy as np
from highspy._core import _Highs  # highspy.Highs prints a banner to standard output when it is made

from nongshi.core.errors import NongshiError
from nongshi.dispatch.problem import Floats


def solve_linear(model: highspy.HighsLp) -> tuple[Floats, Floats]:
    """Optimal column values and row duals of a linear program.

    Raises:
        NongshiError: HiGHS did not end at an optimum.
    """
    highs = _Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
        highs.setOptionValue(option, value)
    highs.passModel(model)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise NongshiError(f"HiGHS ended without an optimum: {highs.getModelStatus()}")
    solution = highs.getSolution()
    return np.array(solution.col_value, float), np.array(solution.row_dual, float)
