"""What the owner's templates say besides the site's own filters."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from nongshi.agronomy import MACHINE_CLASSES
from nongshi.core.units import MU_PER_HA
from nongshi.site.base.templatetags.site import in_english, number

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share as 63 %."""
    return "—" if share is None else f"{number(100 * share)} %"


@register.filter
def km_area(km_ha: float | None) -> str:
    """Kilometres by area in the reader's unit: 0.1 公里/亩, 1.5 km/ha."""
    if km_ha is None:
        return "—"
    return f"{number(km_ha, 1)} km/ha" if in_english() else f"{number(km_ha / MU_PER_HA, 2)} 公里/亩"


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
