"""The crews' matching against trying all of them."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nongshi.dispatch.bound_crew import match


def best_by_trying(weight: np.ndarray) -> float:
    operators, machines = weight.shape
    padded = np.zeros((operators, machines + operators))
    padded[:, :machines] = weight
    return max(
        sum(padded[o, column] for o, column in enumerate(columns))
        for columns in permutations(range(machines + operators), operators)
    )


@given(
    operators=st.integers(1, 4),
    machines=st.integers(1, 4),
    draw=st.integers(0, 2**32 - 1),
    levels=st.sampled_from([2, 4, 1000]),
)
def test_matching_is_the_best_and_its_duals_prove_it(operators: int, machines: int, draw: int, levels: int) -> None:
    rng = np.random.default_rng(draw)
    weight = rng.integers(0, levels, (operators, machines)) * (rng.random((operators, machines)) < 0.7) * 1.0
    operator_of = np.zeros(machines, np.int64)
    operator_fen, machine_fen = np.zeros(operators), np.zeros(machines)

    match(weight, operator_of, operator_fen, machine_fen)

    driven = [(o, m) for m, o in enumerate(operator_of) if o >= 0]
    assert len({o for o, _ in driven}) == len(driven)
    assert sum(weight[o, m] for o, m in driven) == best_by_trying(weight)
    assert operator_fen.sum() + machine_fen.sum() == best_by_trying(weight)
    assert (operator_fen >= 0).all()
    assert (machine_fen >= 0).all()
    assert (operator_fen[:, None] + machine_fen[None, :] >= weight).all()
