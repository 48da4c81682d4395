"""Words of money in templates."""

from typing import Any

from django import template

from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import in_english, yuan
from nongshi.site.money import words
from nongshi.site.money.models import Account

register = template.Library()


@register.filter
def account_name(account: Account) -> str:
    """Whose account."""
    return words.account_words(account)


@register.filter
def provider_name(name: str) -> Any:
    """Who asked for a payment; the name of another provider stays as it is."""
    return words.PROVIDERS.get(name, name)


@register.filter
def posting_kind(kind: str) -> str:
    """A kind of posting in words."""
    return words.kind_words(kind)


@register.filter
def posting_about(about: str) -> str:
    """What a posting is about."""
    return words.about_words(about)


@register.filter
def order_of(about: str) -> str:
    """The order's number where a posting is about one, else nothing."""
    kind, _colon, number = about.partition(":")
    return number if kind == "booking" else ""


@register.filter
def per_area(per_ha_fen: float) -> str:
    """A price per hectare in the reader's unit: 100.00 元/亩, 1,500.00 yuan/ha."""
    if in_english():
        return f"{yuan(per_ha_fen, 2)}/ha"
    return f"{yuan(per_ha_fen / 15, 2)}/亩"


@register.filter
def operation(code: str) -> str:
    """An operation in words."""
    return operation_names(code)


@register.filter
def condition(name: str) -> Any:
    """A condition in words."""
    return words.CONDITIONS.get(name, name)


@register.filter
def percent(value: float) -> str:
    """0.1 is 10 %."""
    return f"{value * 100:g} %"
