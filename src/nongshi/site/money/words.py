"""Money in words: accounts, what a posting is about and of which kind."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongshi.site.money.models import Account

KINDS: Mapping[str, Any] = {
    "settlement": gettext_lazy("settlement"),
    "fee": gettext_lazy("fee for calling off"),
    "payment": gettext_lazy("payment"),
    "transfer": gettext_lazy("transfer of a netting"),
}
ABOUT: Mapping[str, Any] = {
    "booking": gettext_lazy("order"),
    "payment": gettext_lazy("payment"),
    "transfer": gettext_lazy("transfer"),
}
PROVIDERS: Mapping[str, Any] = {
    "sandbox": gettext_lazy("a trial without money"),
    "bank": gettext_lazy("bank transfer"),
}
CONDITIONS: Mapping[str, Any] = {
    "lodged": gettext_lazy("lodged crop"),
    "wet": gettext_lazy("wet ground"),
    "awkward": gettext_lazy("awkward shape"),
    "night": gettext_lazy("at night"),
}


def account_words(account: Account) -> str:
    """Whose account: 农户 张三, cooperative."""
    kind = str(account.get_kind_display())
    return f"{kind} {account.person}" if account.person else kind


def kind_words(kind: str) -> str:
    """A kind of posting."""
    if kind.startswith("reversal of "):
        return _("reversal: %(kind)s") % {"kind": kind_words(kind.removeprefix("reversal of "))}
    return str(KINDS.get(kind, kind))


def about_words(about: str) -> str:
    """What a posting is about: order 17."""
    kind, _colon, number = about.partition(":")
    return f"{ABOUT.get(kind, kind)} {number}"
