"""Laws of the order: no move but those of the table, whatever anybody tries in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.core.errors import BadInput, BadUsage
from nongshi.market.orders import (
    ENDS,
    HOLDING,
    MOVES,
    Act,
    Effect,
    Order,
    Says,
    State,
    Who,
    accepted_at,
    may,
    move,
)

NOON = datetime(2026, 11, 27, 4, tzinfo=UTC)
QUOTE = Says(start=NOON + timedelta(days=1), area_ha=1.0)
steps = st.tuples(
    st.sampled_from(Act),
    st.sampled_from(Who),
    st.integers(0, 72),  # hours that go by before it
    st.booleans(),
    st.sampled_from([None, 0.98, 1.0, 1.2]),
)


def says(act: Act, by_itself: bool, area_ha: float | None) -> Says:
    if act == Act.QUOTE:
        return QUOTE
    return Says(area_ha=(area_ha or 1.0) if act == Act.MEASURE else area_ha, by_itself=by_itself)


def measured(*, by_itself: bool = True) -> Order:
    return Order(id="1", state=State.MEASURED, booked_ha=1.0, measured_ha=1.01, measured_at=NOON, by_itself=by_itself)


@settings(max_examples=400)
@given(st.lists(steps, max_size=40))
def test_whatever_is_tried_the_table_holds(tried: list[tuple[Act, Who, int, bool, float | None]]) -> None:
    order, now, places, posted = Order(id="1"), NOON, 0, []
    for act, by, hours, by_itself, area_ha in tried:
        now += timedelta(hours=hours)
        before = order
        try:
            order, effects = move(order, act, by, now, says(act, by_itself, area_ha))
        except BadUsage:
            assert order is before
            continue
        rule = MOVES[act]
        assert before.state in rule.start - ENDS
        assert by in rule.who
        assert order.version == before.version + 1
        assert order.state in (rule.to, before.state)
        for effect in effects:
            if effect == Effect.FREE_PLACE:
                places = 0
            elif effect == Effect.HOLD_PLACE:
                places += 1
            elif effect in (Effect.POST_SETTLEMENT, Effect.POST_FEE):
                posted.append(effect)
        if order.state != State.SETTLED:
            assert places == (order.state in HOLDING)
        assert len(posted) <= 1
        if order.state in (State.CONFIRMED, State.SETTLED):
            assert order.agreed_ha is not None
            assert order.agreed_by is None
    assert (Effect.POST_SETTLEMENT in posted) == (order.state == State.SETTLED)


def test_from_every_state_an_end_can_be_reached_and_from_an_end_nothing() -> None:
    ways = {state: {rule.to for rule in MOVES.values() if state in rule.start} for state in State}
    for state in State:
        seen, at = set(), {state}
        while at:
            seen |= at
            at = set().union(*(ways[one] for one in at)) - seen
        assert bool(seen & ENDS)
        assert bool(ways[state]) == (state not in ENDS)


def test_every_state_and_every_effect_is_used() -> None:
    assert {rule.to for rule in MOVES.values()} == set(State)
    assert {effect for rule in MOVES.values() for effect in rule.effects} == set(Effect)


def test_a_held_place_lapses_and_cannot_be_booked_later() -> None:
    quoted, _ = move(Order(id="1"), Act.QUOTE, Who.FARMER, NOON, QUOTE)
    with pytest.raises(BadUsage, match="held until"):
        move(quoted, Act.LAPSE, Who.CLOCK, NOON + timedelta(minutes=15))
    late = NOON + timedelta(minutes=16)
    with pytest.raises(BadUsage, match="new quote"):
        move(quoted, Act.BOOK, Who.FARMER, late)
    lapsed, effects = move(quoted, Act.LAPSE, Who.CLOCK, late)
    assert (lapsed.state, lapsed.start) == (State.DRAFT, None)
    assert Effect.OFFER_WAITING in effects


def test_measured_work_is_accepted_by_itself_after_48_hours_not_before() -> None:
    order = measured()
    with pytest.raises(BadUsage, match="not before"):
        move(order, Act.CONFIRM, Who.CLOCK, accepted_at(order) - timedelta(seconds=1))
    accepted, _ = move(order, Act.CONFIRM, Who.CLOCK, accepted_at(order))
    assert (accepted.state, accepted.agreed_ha) == (State.CONFIRMED, 1.01)
    assert accepted_at(order) - NOON == timedelta(hours=48)


@pytest.mark.parametrize("by", [Who.FARMER, Who.CLOCK])
def test_an_unsure_area_is_never_accepted_by_one_side_or_by_itself(by: Who) -> None:
    with pytest.raises(BadUsage, match="both sides"):
        move(measured(by_itself=False), Act.CONFIRM, by, NOON + timedelta(days=9))


def test_two_sides_agree_on_one_area_or_nothing_is_agreed() -> None:
    order = measured(by_itself=False)
    order, _ = move(order, Act.AGREE, Who.COOP, NOON, Says(area_ha=1.0))
    order, _ = move(order, Act.AGREE, Who.COOP, NOON, Says(area_ha=1.0))
    assert order.state == State.MEASURED
    order, _ = move(order, Act.AGREE, Who.FARMER, NOON, Says(area_ha=0.9))
    assert (order.state, order.agreed_by) == (State.MEASURED, Who.FARMER)
    order, _ = move(order, Act.AGREE, Who.COOP, NOON, Says(area_ha=0.9))
    assert (order.state, order.agreed_ha) == (State.CONFIRMED, 0.9)


def test_a_third_person_decides_what_is_disputed() -> None:
    order, _ = move(measured(), Act.DISPUTE, Who.FARMER, NOON)
    with pytest.raises(BadUsage, match="third"):
        move(order, Act.DECIDE, Who.COOP, NOON)
    order, _ = move(order, Act.DECIDE, Who.THIRD, NOON, Says(area_ha=0.95))
    assert (order.state, order.agreed_ha) == (State.CONFIRMED, 0.95)


def test_a_no_show_is_told_an_hour_late_at_the_earliest() -> None:
    order = Order(id="1", state=State.BOOKED, start=NOON)
    with pytest.raises(BadUsage, match="not before"):
        move(order, Act.MISS, Who.FARMER, NOON + timedelta(minutes=59))
    assert move(order, Act.MISS, Who.FARMER, NOON + timedelta(minutes=60))[0].state == State.NO_SHOW


def test_a_quote_without_an_hour_is_none() -> None:
    with pytest.raises(BadInput, match="hour"):
        move(Order(id="1"), Act.QUOTE, Who.FARMER, NOON)


def test_nobody_sees_a_move_that_is_not_theirs() -> None:
    assert may(State.SETTLED, Who.COOP) == ()
    assert Act.SETTLE not in may(State.CONFIRMED, Who.FARMER)
