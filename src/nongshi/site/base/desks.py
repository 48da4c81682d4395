"""The desks: which role finds which page in the navigation. A desk is added here and in urls.py."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope


@dataclass(frozen=True, slots=True)
class Desk:
    """One entry of the navigation."""

    url_name: str
    title: Any  # lazy text
    icon: str  # name of a symbol in templates/base/icons.svg
    kinds: frozenset[RoleKind]


DESKS: tuple[Desk, ...] = (
    Desk("farmer:home", _("My jobs"), "field", frozenset({RoleKind.FARMER})),
    Desk("board:home", _("Board"), "board", frozenset({RoleKind.DISPATCHER})),
    Desk("clerk:grid", pgettext_lazy("desk", "Bookings"), "list", frozenset({RoleKind.CLERK, RoleKind.DISPATCHER})),
    Desk("cab:today", _("My work"), "wheel", frozenset({RoleKind.OPERATOR})),
    Desk("training:home", _("Training"), "star", frozenset({RoleKind.TRAINER})),
    Desk("trainee:home", _("Courses and work"), "star", frozenset({RoleKind.TRAINEE, RoleKind.OPERATOR})),
    Desk("owner:home", _("My machines"), "machine", frozenset({RoleKind.OWNER})),
    Desk("register:home", _("Register"), "book", frozenset({RoleKind.CLERK, RoleKind.DISPATCHER, RoleKind.AUDITOR})),
    Desk("people:home", _("People"), "people", frozenset({RoleKind.CLERK, RoleKind.DISPATCHER, RoleKind.OFFICER})),
    Desk("officer:home", pgettext_lazy("desk", "District"), "map", frozenset({RoleKind.OFFICER})),
    Desk("auditor:home", _("Audit"), "search", frozenset({RoleKind.AUDITOR})),
    Desk(
        "orders:home",
        _("Orders"),
        "check",
        frozenset({RoleKind.CLERK, RoleKind.DISPATCHER, RoleKind.OFFICER, RoleKind.AUDITOR}),
    ),
    Desk("money:home", _("Money"), "money", frozenset({RoleKind.DISPATCHER, RoleKind.AUDITOR})),
    Desk(
        "forecasts:home",
        _("Season ahead"),
        "chart",
        frozenset({RoleKind.OFFICER, RoleKind.TRAINER, RoleKind.DISPATCHER}),
    ),
)


def desks_for(scope: Scope) -> tuple[Desk, ...]:
    """The desks of somebody's roles, in order."""
    return tuple(desk for desk in DESKS if scope.has(*desk.kinds))
