"""What the cab's templates say besides the site's own filters."""

from django import template
from django.utils.translation import gettext as _

from nongshi.core.units import FEN_PER_YUAN, MU_PER_HA
from nongshi.site.base.templatetags.site import in_english, number

register = template.Library()


@register.filter
def yuan_area(fen_ha: int) -> str:
    """A rate by area in the reader's unit: 8 元/亩, 120 yuan/ha."""
    per = fen_ha / FEN_PER_YUAN / (1 if in_english() else MU_PER_HA)
    return f"{number(per)} {_('yuan')}/{'ha' if in_english() else '亩'}"
