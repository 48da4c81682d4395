"""What the owner's templates say besides the site's own filters."""

from django import template
from django.utils import formats
from django.utils.safestring import SafeString, mark_safe

from nongshi.agronomy import MACHINE_CLASSES
from nongshi.site.base.templatetags.site import in_english

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share as 63 %."""
    return "—" if share is None else f"{formats.number_format(100 * share, 0)} %"


@register.filter
def km(value: float | None) -> str:
    """Kilometres with one decimal."""
    return "—" if value is None else f"{formats.number_format(value, 1, force_grouping=True)} km"


@register.filter
def class_name(code: str) -> str:
    """A machine class in the reader's language; a code that we do not know stays as it is."""
    found = MACHINE_CLASSES.get(code)
    if found is None:
        return code
    return found.name_en if in_english() else found.name_zh


@register.filter
def gauge(share: float | None) -> SafeString:
    """A bar that is filled by a share; the number stands beside it."""
    filled = min(100.0, max(0.0, 100 * (share or 0.0)))
    return mark_safe(f'<span class="gauge" aria-hidden="true"><i style="width:{filled:.0f}%"></i></span>')
