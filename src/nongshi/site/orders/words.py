"""Orders in words: states, moves, sides, lines of prices and sheets, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from nongshi.market.orders import Act, State, Who

STATES: Mapping[str, Any] = {
    State.DRAFT: _("no place yet"),
    State.QUOTED: _("place held"),
    State.BOOKED: _("booked"),
    State.DISPATCHED: _("sent out"),
    State.IN_WORK: _("in work"),
    State.MEASURED: _("measured"),
    State.CONFIRMED: _("area accepted"),
    State.SETTLED: _("settled"),
    State.DISPUTED: _("disputed"),
    State.CANCELLED: _("called off"),
    State.NO_SHOW: _("no-show"),
}
KINDS: Mapping[str, str] = {  # looks of a state's badge
    State.QUOTED: "blue", State.BOOKED: "blue", State.DISPATCHED: "blue", State.IN_WORK: "late", State.MEASURED: "late",
    State.CONFIRMED: "ok", State.SETTLED: "ok", State.DISPUTED: "bad", State.NO_SHOW: "bad",
}  # fmt: skip
ACTS: Mapping[str, Any] = {
    Act.QUOTE: _("price and place told"),
    Act.LAPSE: _("the place was not taken in time"),
    Act.BOOK: _("booked"),
    Act.DISPATCH: _("sent out"),
    Act.RECALL: _("called back"),
    Act.START: _("work begun"),
    Act.MEASURE: _("area measured"),
    Act.CONFIRM: _("area accepted"),
    Act.DISPUTE: _("area disputed"),
    Act.AGREE: _("agreed to an area"),
    Act.DECIDE: _("decided by a third person"),
    Act.SETTLE: _("settled"),
    Act.CANCEL: _("called off"),
    Act.MISS: _("no-show written down"),
}
DO: Mapping[str, Any] = {  # on buttons
    Act.DISPATCH: _("Send out"),
    Act.RECALL: _("Call back"),
    Act.START: _("Work has begun"),
    Act.CONFIRM: _("Accept the area"),
    Act.DISPUTE: _("Dispute the area"),
    Act.AGREE: _("Agree to this area"),
    Act.DECIDE: _("Decide"),
    Act.SETTLE: _("Settle now"),
    Act.CANCEL: _("Call off"),
    Act.MISS: _("The other side was not there"),
}
SIDES: Mapping[str, Any] = {
    Who.FARMER: _("farmer"),
    Who.COOP: _("cooperative"),
    Who.OPERATOR: _("operator"),
    Who.THIRD: _("third person"),
    Who.CLOCK: _("by itself"),
}
LINES: Mapping[str, Any] = {
    "area": _("by area"),
    "lodged": _("lodged crop"),
    "wet": _("wet ground"),
    "awkward": _("awkward shape"),
    "night": _("at night"),
    "small": _("small field"),
    "distance": _("distance"),
    "minimum": _("up to the minimum"),
    "cap": _("cap of the district"),
    "farmer": _("farmer"),
    "coop": _("cooperative"),
    "operator": _("operator's wage"),
    "owner": _("machine owner"),
}
JUDGED: Mapping[str, Any] = {
    "inside": _("inside the tolerance"),
    "outside": _("outside the tolerance: both sides have to agree"),
    "unsure": _("the measuring is unsure: both sides have to agree"),
}
