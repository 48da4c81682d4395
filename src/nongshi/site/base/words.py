"""Roles in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from nongshi.site.base.rights import RoleKind

ROLE_WORDS: Mapping[RoleKind, Any] = {
    RoleKind.FARMER: _("farmer"),
    RoleKind.CLERK: _("clerk"),
    RoleKind.DISPATCHER: _("dispatcher"),
    RoleKind.OWNER: _("owner"),
    RoleKind.OPERATOR: _("operator"),
    RoleKind.TRAINER: _("trainer"),
    RoleKind.TRAINEE: _("trainee"),
    RoleKind.OFFICER: _("officer"),
    RoleKind.AUDITOR: _("auditor"),
    RoleKind.BUYER: _("buyer"),
}
