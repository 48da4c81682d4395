"""Seats: stable, best for those who apply, safe for the honest, the same for everybody who redoes the lottery."""

import hashlib
from collections import Counter
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.people.audit import blocking_pairs, irrational
from nongshi.people.matching import Market, match, ticket


def drawn(seed: int, people: int = 40, places: int = 6, towns: int = 3) -> Market:
    """A market with equal priorities, short lists, and seats set aside in part."""
    rng = np.random.default_rng([seed, 5])
    names = [f"K{i}" for i in range(places)]
    wishes = {
        f"P{i}": tuple(names[c] for c in rng.permutation(places)[: int(rng.integers(0, places + 1))])
        for i in range(people)
    }
    group = {who: f"T{int(rng.integers(towns))}" for who in wishes}
    seats = {name: int(rng.integers(1, 8)) for name in names}
    aside = {}
    for name in names:
        left = seats[name]
        for town in range(towns):
            kept = int(rng.integers(0, left + 1))
            aside[name, f"T{town}"] = kept
            left -= kept
    worth = {(town, name): float(rng.integers(0, 3)) for town in set(group.values()) for name in names}
    priority = {(who, c): worth[group[who], c] for who, mine in wishes.items() for c in mine}
    return Market(wishes=wishes, seats=seats, priority=priority, lottery_seed=str(seed), group=group, aside=aside)


def blocking(market: Market, given: dict[str, str]) -> list[tuple[str, str]]:
    return blocking_pairs(
        wishes=market.wishes,
        seats=market.seats,
        priority=market.priority,
        lottery_seed=market.lottery_seed,
        given=given,
        group=market.group,
        aside=market.aside,
    )


def rank(market: Market, who: str, place: str | None) -> int:
    mine = market.wishes[who]
    return mine.index(place) if place is not None else len(mine)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_nobody_and_no_place_would_rather_have_each_other(seed: int) -> None:
    market = drawn(seed)
    found = match(market)
    assert blocking(market, found) == []
    assert irrational(market.wishes, found, market.seats) == []


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_the_audit_sees_a_seat_that_is_taken_away(seed: int) -> None:
    market = drawn(seed)
    found = match(market)
    for who in sorted(found)[:3]:
        assert (who, found[who]) in blocking(market, {a: p for a, p in found.items() if a != who})


def test_the_audit_sees_two_who_should_change_and_a_town_whose_seat_another_has() -> None:
    wishes = {"a": ("K",), "b": ("K",)}
    one = {"wishes": wishes, "seats": {"K": 1}, "lottery_seed": "x"}
    assert blocking_pairs(priority={("a", "K"): 2.0, ("b", "K"): 1.0}, given={"b": "K"}, **one) == [("a", "K")]  # type: ignore[arg-type]
    other = {"priority": {("a", "K"): 1.0, ("b", "K"): 2.0}, "group": {"a": "A", "b": "B"}, "aside": {("K", "A"): 1}}
    assert blocking_pairs(given={"b": "K"}, **one, **other) == [("a", "K")]  # type: ignore[arg-type]
    assert blocking_pairs(given={"a": "K"}, **one, **other) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(12))
def test_of_all_stable_answers_nobody_has_a_better_one(seed: int) -> None:
    """Tried out whole: every assignment of five people to three places."""
    market = drawn(seed, people=5, places=3, towns=2)
    found = match(market)
    stable = 0
    for choice in product(*([None, *market.wishes[who]] for who in sorted(market.wishes))):
        given_ = {who: c for who, c in zip(sorted(market.wishes), choice, strict=True) if c is not None}
        if irrational(market.wishes, given_, market.seats) or blocking(market, given_):
            continue
        stable += 1
        for who in market.wishes:
            assert rank(market, who, found.get(who)) <= rank(market, who, given_.get(who))
    assert stable >= 1


@pytest.mark.parametrize("seed", range(8))
def test_no_lie_gets_anybody_a_better_seat(seed: int) -> None:
    """Every list that anybody could hand in instead: left out, turned round, cut short."""
    market = drawn(seed, people=7, places=3, towns=2)
    honest = match(market)
    for who in market.wishes:
        best = rank(market, who, honest.get(who))
        names = list(market.wishes[who])
        for size in range(len(names) + 1):
            for lie in permutations(names, size):
                got = match(replace(market, wishes={**market.wishes, who: lie})).get(who)
                assert rank(market, who, got) >= best


@given(seed=st.integers(0, 10_000), turn=st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_file_does_not_matter(seed: int, turn: object) -> None:
    market = drawn(seed)
    people = sorted(market.wishes)
    turn.shuffle(people)  # type: ignore[attr-defined]
    assert match(replace(market, wishes={who: market.wishes[who] for who in people})) == match(market)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_seats_set_aside_go_to_their_town_as_long_as_it_wants_them(seed: int) -> None:
    market = drawn(seed)
    found = match(market)
    count = Counter((place, market.group[who]) for who, place in found.items())
    for (place, town), kept in market.aside.items():
        if count[place, town] < kept:
            wanting = [who for who, mine in market.wishes.items() if market.group[who] == town and place in mine]
            assert all(rank(market, who, found.get(who)) <= rank(market, who, place) for who in wanting)


def test_the_lottery_can_be_redone_with_a_shell() -> None:
    assert ticket("2026-03-01", "L7") == hashlib.sha256(b"2026-03-01|L7").hexdigest()
    tied = Market(
        wishes={f"P{i}": ("K",) for i in range(9)},
        seats={"K": 4},
        priority={(f"P{i}", "K"): 1.0 for i in range(9)},
        lottery_seed="06 12 33",
    )
    assert sorted(match(tied)) == sorted(sorted(tied.wishes, key=lambda who: ticket("06 12 33", who))[:4])


def test_another_seed_is_another_lottery() -> None:
    markets = [replace(drawn(3), lottery_seed=str(seed)) for seed in range(5)]
    assert len({tuple(sorted(match(market).items())) for market in markets}) > 1
