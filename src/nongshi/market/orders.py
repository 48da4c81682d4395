"""What an order may become: one table of moves, who may make them, and what each one writes.

The table is the whole truth: the site, the API and the tests read it. A refused move changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from nongshi.core.errors import BadInput, BadUsage
from nongshi.market.assumptions import ACCEPT_H, HOLD_MIN, LATE_MIN


class State(StrEnum):
    """How far an order is."""

    DRAFT = "draft"
    QUOTED = "quoted"
    BOOKED = "booked"
    DISPATCHED = "dispatched"
    IN_WORK = "in_work"
    MEASURED = "measured"
    CONFIRMED = "confirmed"
    SETTLED = "settled"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Who(StrEnum):
    """On whose word."""

    FARMER = "farmer"
    COOP = "coop"  # its clerks and dispatchers
    OPERATOR = "operator"
    THIRD = "third"  # whom both sides take for fair: the district's officer
    CLOCK = "clock"  # time that went by


class Act(StrEnum):
    """What somebody does to an order."""

    QUOTE = "quote"
    LAPSE = "lapse"
    BOOK = "book"
    DISPATCH = "dispatch"
    RECALL = "recall"
    START = "start"
    MEASURE = "measure"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    AGREE = "agree"
    DECIDE = "decide"
    SETTLE = "settle"
    CANCEL = "cancel"
    MISS = "miss"


class Effect(StrEnum):
    """What has to be written beside the order, in the same transaction."""

    HOLD_PLACE = "hold_place"
    TAKE_PLACE = "take_place"
    FREE_PLACE = "free_place"
    OFFER_WAITING = "offer_waiting"
    POST_SETTLEMENT = "post_settlement"
    POST_FEE = "post_fee"
    TELL_FARMER = "tell_farmer"
    TELL_COOP = "tell_coop"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    start: frozenset[State]
    to: State
    who: frozenset[Who]
    effects: tuple[Effect, ...]


def _rule(start: str, to: State, who: str, *effects: Effect) -> Rule:
    return Rule(frozenset(map(State, start.split())), to, frozenset(map(Who, who.split())), effects)


_S, _E = State, Effect
MOVES: Mapping[Act, Rule] = {
    Act.QUOTE: _rule("draft quoted", _S.QUOTED, "farmer coop", _E.FREE_PLACE, _E.HOLD_PLACE),
    Act.LAPSE: _rule("quoted", _S.DRAFT, "clock", _E.FREE_PLACE, _E.OFFER_WAITING),
    Act.BOOK: _rule("quoted", _S.BOOKED, "farmer coop", _E.TAKE_PLACE, _E.TELL_FARMER, _E.TELL_COOP),
    Act.DISPATCH: _rule("booked", _S.DISPATCHED, "coop", _E.TELL_FARMER),
    Act.RECALL: _rule("dispatched", _S.BOOKED, "coop", _E.TELL_FARMER),
    Act.START: _rule("dispatched", _S.IN_WORK, "operator coop"),
    Act.MEASURE: _rule("in_work", _S.MEASURED, "coop clock", _E.TELL_FARMER, _E.TELL_COOP),
    Act.CONFIRM: _rule("measured", _S.CONFIRMED, "farmer clock", _E.TELL_COOP),
    Act.DISPUTE: _rule("measured confirmed", _S.DISPUTED, "farmer coop", _E.TELL_FARMER, _E.TELL_COOP),
    Act.AGREE: _rule("measured disputed", _S.CONFIRMED, "farmer coop", _E.TELL_FARMER, _E.TELL_COOP),
    Act.DECIDE: _rule("disputed", _S.CONFIRMED, "third", _E.TELL_FARMER, _E.TELL_COOP),
    Act.SETTLE: _rule("confirmed", _S.SETTLED, "coop clock", _E.POST_SETTLEMENT, _E.TELL_FARMER),
    Act.CANCEL: _rule("draft quoted booked dispatched", _S.CANCELLED, "farmer coop",
                      _E.FREE_PLACE, _E.POST_FEE, _E.OFFER_WAITING, _E.TELL_FARMER, _E.TELL_COOP),
    Act.MISS: _rule("booked dispatched", _S.NO_SHOW, "farmer coop",
                    _E.FREE_PLACE, _E.POST_FEE, _E.OFFER_WAITING, _E.TELL_FARMER, _E.TELL_COOP),
}  # fmt: skip
ENDS = frozenset({State.SETTLED, State.CANCELLED, State.NO_SHOW})
HOLDING = frozenset(State) - ENDS - {State.DRAFT}  # states in which a place of the plan is the order's


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as far as its moves depend on it."""

    id: str
    state: State = State.DRAFT
    version: int = 1
    start: datetime | None = None  # when the machine is to be there
    held_until: datetime | None = None
    booked_ha: float = 0.0
    measured_ha: float | None = None
    measured_at: datetime | None = None
    by_itself: bool = False  # measured inside the tolerance, and fit to be settled by itself
    agreed_by: Who | None = None  # which side said yes to `agreed_ha`, where one did
    agreed_ha: float | None = None  # in the end: the area that is paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What comes with an act."""

    start: datetime | None = None  # QUOTE
    area_ha: float | None = None  # QUOTE: booked; MEASURE: measured; AGREE, DECIDE: to be paid
    by_itself: bool = False  # MEASURE
    hold_min: float = HOLD_MIN  # QUOTE


NOTHING = Says()


def may(state: State, by: Who) -> tuple[Act, ...]:
    """What somebody can do with an order in a state.

    >>> [act.value for act in may(State.QUOTED, Who.FARMER)]
    ['quote', 'book', 'cancel']
    """
    return tuple(act for act, rule in MOVES.items() if state in rule.start and by in rule.who)


def move(order: Order, act: Act, by: Who, now: datetime, says: Says = NOTHING) -> tuple[Order, tuple[Effect, ...]]:
    """The order after an act, and what has to be written with it.

    Raises:
        BadUsage: the order is in no state for it, it is not theirs to do, or its time has not come.
        BadInput: what the act needs to be told is missing.
    """
    rule = MOVES[act]
    if order.state not in rule.start:
        can = ", ".join(may(order.state, by)) or "nothing any more"
        raise BadUsage(f"order {order.id} is {order.state}, so {act} is not possible; possible for you: {can}")
    if by not in rule.who:
        raise BadUsage(f"{act} is not for {by} to do; ask: {', '.join(sorted(rule.who))}")
    _check_time(order, act, by, now)
    changes = {**_written(order, act, by, now, says), "version": order.version + 1}
    if act == Act.AGREE and changes["agreed_by"] is not None:  # one side only so far
        return replace(order, **changes), (Effect.TELL_FARMER, Effect.TELL_COOP)
    return replace(order, **changes, state=rule.to), rule.effects


def _check_time(order: Order, act: Act, by: Who, now: datetime) -> None:
    held, late = order.held_until, timedelta(minutes=LATE_MIN)
    if act == Act.BOOK and (held is None or now > held):
        raise BadUsage(f"the place of order {order.id} was held until {held}; ask for a new quote")
    if act == Act.LAPSE and held is not None and now <= held:
        raise BadUsage(f"the place of order {order.id} is held until {held}")
    if act == Act.MISS and (order.start is None or now < order.start + late):
        raise BadUsage(f"a no-show can be told {LATE_MIN} min after the hour agreed, {order.start}; not before")
    if act == Act.CONFIRM:
        if not order.by_itself:
            raise BadUsage(f"the area of order {order.id} is outside the tolerance or unsure; both sides have to agree")
        if by == Who.CLOCK and now < accepted_at(order):
            raise BadUsage(f"order {order.id} is accepted by itself at {accepted_at(order)}; not before")


def accepted_at(order: Order) -> datetime:
    """When measured work counts as accepted if nobody disputes it.

    Raises:
        BadUsage: nothing is measured.
    """
    if order.measured_at is None:
        raise BadUsage(f"order {order.id} is not measured yet")
    return order.measured_at + timedelta(hours=ACCEPT_H)


def _written(order: Order, act: Act, by: Who, now: datetime, says: Says) -> dict[str, Any]:
    if act == Act.QUOTE:
        if says.start is None or not says.area_ha or says.area_ha <= 0:
            raise BadInput("a quote needs an hour and an area above 0")
        held = now + timedelta(minutes=says.hold_min)
        return {"start": says.start, "booked_ha": says.area_ha, "held_until": held}
    if act == Act.LAPSE:
        return {"start": None, "held_until": None}
    if act == Act.MEASURE:
        if says.area_ha is None or says.area_ha < 0:
            raise BadInput("measured work needs its area")
        return {"measured_ha": says.area_ha, "measured_at": now, "by_itself": says.by_itself}
    if act == Act.CONFIRM:
        return {"agreed_ha": order.measured_ha, "agreed_by": None}
    if act == Act.DISPUTE:
        return {"agreed_by": None, "agreed_ha": None, "by_itself": False}
    if act in (Act.AGREE, Act.DECIDE):
        area_ha = order.measured_ha if says.area_ha is None else says.area_ha
        if area_ha is None or area_ha < 0:
            raise BadInput("say the area that is to be paid, in hectares")
        both = act == Act.DECIDE or (order.agreed_by not in (None, by) and order.agreed_ha == area_ha)
        return {"agreed_ha": area_ha, "agreed_by": None if both else by}
    return {}
