"""Who pays whom so that all is even with few transfers: exact for small groups, greedy for large ones.

With n members whose balances are not zero, n - g transfers are needed, where g is the largest number of groups, each
summing to zero, into which they can be parted. Finding g is hard in general: exact up to EXACT_MAX members that have
no exact opposite. The greedy rest never needs more than n - 1 transfers.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nongshi.core.errors import BadInput

EXACT_MAX = 14  # members: 2**14 sets, a fifth of a second


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment between members."""

    payer: str
    payee: str
    amount_fen: int


def net(balances_fen: Mapping[str, int]) -> tuple[Transfer, ...]:
    """Transfers after which nobody owes and nobody is owed; + is owed, - owes.

    >>> [(t.payer, t.payee, t.amount_fen) for t in net({"a": 5, "b": -3, "c": -2})]
    [('b', 'a', 3), ('c', 'a', 2)]

    Raises:
        BadInput: the balances do not sum to zero.
    """
    off = sum(balances_fen.values())
    if off:
        raise BadInput(
            f"the balances sum to {off} fen, not to 0; settle with the cooperative's own account in the list"
        )
    found, rest = _opposites({name: fen for name, fen in sorted(balances_fen.items()) if fen})
    groups = _groups(list(rest.items())) if len(rest) <= EXACT_MAX else [list(rest.items())]
    for group in groups:
        found.extend(_greedy(group))
    return tuple(found)


def _opposites(balances_fen: Mapping[str, int]) -> tuple[list[Transfer], dict[str, int]]:
    """Members whose balances are exact opposites; taking them out first never costs a transfer."""
    by_fen: dict[int, list[str]] = defaultdict(list)
    for name, fen in balances_fen.items():
        by_fen[fen].append(name)
    found, rest = [], dict(balances_fen)
    for fen in [fen for fen in by_fen if fen > 0]:
        for payee, payer in zip(by_fen[fen], by_fen.get(-fen, ()), strict=False):
            found.append(Transfer(payer, payee, fen))
            del rest[payee], rest[payer]
    return found, rest


def _groups(members: Sequence[tuple[str, int]]) -> list[list[tuple[str, int]]]:
    """The most groups that sum to zero: best[S] = most zero prefixes over all orders in which S can be filled."""
    count = len(members)
    sums, best, last = [0] * (1 << count), [0] * (1 << count), [0] * (1 << count)
    for mask in range(1, 1 << count):
        low = (mask & -mask).bit_length() - 1
        sums[mask] = sums[mask & (mask - 1)] + members[low][1]
        best[mask] = -1
        for i in range(count):
            if mask >> i & 1 and best[mask ^ 1 << i] > best[mask]:
                best[mask], last[mask] = best[mask ^ 1 << i], i
        best[mask] += sums[mask] == 0
    groups: list[list[tuple[str, int]]] = []
    mask = (1 << count) - 1
    while mask:
        if sums[mask] == 0:
            groups.append([])
        groups[-1].append(members[last[mask]])
        mask ^= 1 << last[mask]
    return groups


def _greedy(group: Sequence[tuple[str, int]]) -> list[Transfer]:
    """Largest debt to largest claim, until all is even."""
    owed = [(-fen, name) for name, fen in group if fen > 0]
    owing = [(fen, name) for name, fen in group if fen < 0]
    heapq.heapify(owed)
    heapq.heapify(owing)
    found = []
    while owed:
        claim, payee = heapq.heappop(owed)
        debt, payer = heapq.heappop(owing)
        amount = min(-claim, -debt)
        found.append(Transfer(payer, payee, amount))
        if -claim > amount:
            heapq.heappush(owed, (claim + amount, payee))
        if -debt > amount:
            heapq.heappush(owing, (debt + amount, payer))
    return found
