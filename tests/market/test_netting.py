"""Laws of netting: all is even afterwards, nobody pays who is owed, and small groups use the fewest transfers."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.market import netting
from nongshi.market.netting import Transfer, net


def even(amounts: list[int]) -> dict[str, int]:
    closed = [*amounts, -sum(amounts)]
    return {f"m{i:02}": fen for i, fen in enumerate(closed)}


small = st.lists(st.integers(-6, 6), min_size=1, max_size=6).map(even)
large = st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=60).map(even)


def fewest(balances: dict[str, int]) -> int:
    """By trying all ways to part the members: slow, plain, and without the trick of the code under test."""
    members = [fen for fen in balances.values() if fen]

    def most(left: tuple[int, ...]) -> int:
        if not left:
            return 0
        first, rest = left[0], left[1:]
        return max(
            1 + most(tuple(fen for i, fen in enumerate(rest) if i not in chosen))
            for count in range(len(rest) + 1)
            for chosen in combinations(range(len(rest)), count)
            if first + sum(rest[i] for i in chosen) == 0
        )

    return len(members) - most(tuple(members))


def check_even(balances: dict[str, int], transfers: tuple[Transfer, ...]) -> None:
    after: Counter[str] = Counter(balances)
    for one in transfers:
        assert one.amount_fen > 0
        assert balances[one.payer] < 0 < balances[one.payee]
        after[one.payer] += one.amount_fen
        after[one.payee] -= one.amount_fen
    assert not any(after.values())
    assert sum(one.amount_fen for one in transfers) == sum(fen for fen in balances.values() if fen > 0)


@settings(max_examples=300, deadline=None)
@given(small)
def test_small_groups_use_the_fewest_transfers(balances: dict[str, int]) -> None:
    transfers = net(balances)
    check_even(balances, transfers)
    assert len(transfers) == fewest(balances)


@settings(deadline=None)
@given(large)
def test_large_groups_come_out_even_with_fewer_transfers_than_members(balances: dict[str, int]) -> None:
    transfers = net(balances)
    check_even(balances, transfers)
    assert len(transfers) <= max(0, sum(fen != 0 for fen in balances.values()) - 1)


def test_exact_netting_beats_the_greedy_one(monkeypatch: pytest.MonkeyPatch) -> None:
    balances = {"a": 6, "b": 4, "c": 5, "d": -3, "e": -3, "f": -9}
    assert len(net(balances)) == 4
    monkeypatch.setattr(netting, "EXACT_MAX", 0)
    assert len(net(balances)) == 5


def test_what_is_not_even_is_refused() -> None:
    with pytest.raises(BadInput, match="sum to 1"):
        net({"a": 3, "b": -2})
