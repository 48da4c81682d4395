"""What only the register's templates say."""

from typing import Any

from django import template
from django.utils import timezone

from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.templatetags.site import in_english

register = template.Library()


@register.filter
def sees_lendings(scope: Scope) -> bool:
    """Whether lendings are anything to this reader."""
    return scope.has(RoleKind.DISPATCHER, RoleKind.AUDITOR)


@register.filter
def full_day(value: Any) -> str:
    """A day with its year, for papers: 2027年5月31日, 31 May 2027."""
    if value is None:
        return "—"
    if in_english():
        return f"{value.day} {value:%b %Y}"
    return f"{value.year}年{value.month}月{value.day}日"


@register.simple_tag
def today() -> Any:
    """This day, local."""
    return timezone.localdate()
