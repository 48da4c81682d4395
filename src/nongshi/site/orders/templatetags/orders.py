"""Words of orders in templates."""

from typing import Any

from django import template
from django.utils.html import format_html

from nongshi.market.cancellation import NoticeTerms
from nongshi.site.orders import words

register = template.Library()


@register.filter
def order_badge(state: str) -> Any:
    """A state as a badge."""
    return format_html('<span class="badge {}">{}</span>', words.KINDS.get(state, ""), words.STATES.get(state, state))


@register.filter
def order_state(state: str) -> Any:
    """A state in words."""
    return words.STATES.get(state, state)


@register.filter
def order_act(act: str) -> Any:
    """What was done, in words."""
    return words.ACTS.get(act, act)


@register.filter
def order_do(act: str) -> Any:
    """A move as its button says it."""
    return words.DO.get(act, act)


@register.filter
def order_side(side: str) -> Any:
    """A side in words."""
    return words.SIDES.get(side, side)


@register.filter
def order_line(name: str) -> Any:
    """A line of a price or sheet in words."""
    return words.LINES.get(name, name)


@register.filter
def judged(why: str) -> Any:
    """What measuring says about the booked area."""
    return words.JUDGED.get(why, why)


@register.filter
def share(value: float | None) -> str:
    """A share as per cent: 0.031 is +3.1 %."""
    return "—" if value is None else f"{round(value * 100, 1) or 0.0:+.1f} %"


@register.filter
def percent(value: float) -> str:
    """A share without its sign: 0.1 is 10 %."""
    return f"{value * 100:g} %"


@register.filter
def notice_rows(terms: NoticeTerms) -> list[tuple[float, float, float | None]]:
    """Terms of calling off as rows: hours from, share, hours to."""
    rows: list[tuple[float, float, float | None]] = []
    above: float | None = None
    for hours, part in terms.shares:
        rows.append((hours, part, above))
        above = hours
    return rows
