"""What templates say often: built files, icons, areas, money and times in the reader's units."""

import json
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nongshi.core.units import FEN_PER_YUAN, MU_PER_HA
from nongshi.site.base.assets import asset_url
from nongshi.site.base.qr import qr_svg
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.said_words import in_words
from nongshi.site.base.words import ROLE_WORDS

register = template.Library()
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def in_english() -> bool:
    """Whether the reader's language is English; all others read Chinese."""
    return (get_language() or "").startswith("en")


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: {% asset "map.js" %}."""
    return asset_url(name)


@register.simple_tag
def asset_script(name: str) -> SafeString:
    """A script of the page, run after it is read."""
    return format_html('<script src="{}" defer></script>', asset_url(name))


@register.simple_tag
def asset_style(name: str) -> SafeString:
    """A style sheet of the page."""
    return format_html('<link rel="stylesheet" href="{}">', asset_url(name))


@register.simple_tag
def icon(name: str, label: str = "", kind: str = "") -> SafeString:
    """A symbol of base/icons.svg; without a label it is only decoration."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {}><use href="#i-{}"/></svg>', kind, said, name)


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code: {% qr url %}."""
    return qr_svg(text)


@register.filter
def fault_words(said: Any) -> str:
    """What is wrong in a file or a plan, in the reader's language."""
    return in_words(said)


def number(value: float, digits: int = 0) -> str:
    """A number with so many digits, rounded and with thousands: 1,234.5.

    Django's number_format cuts the digits of a float off, and says no thousands in Chinese.
    """
    return f"{round(value, digits) or 0.0:,.{digits}f}"


@register.filter
def area(area_ha: float | None, digits: int = 1) -> str:
    """An area in the reader's unit: 18.5 亩, 1.23 ha."""
    if area_ha is None:
        return "—"
    if in_english():
        return f"{number(area_ha, digits + 1)} ha"
    return f"{number(area_ha * MU_PER_HA, digits)} 亩"


@register.filter
def km(value: float | None, digits: int = 1) -> str:
    """A way: 3.5 公里, 3.5 km."""
    return "—" if value is None else f"{number(value, digits)} {_('km')}"


@register.filter
def yuan(fen: float | None, digits: int = 0) -> str:
    """Money in yuan: 1,234 元, 1,234 yuan."""
    if fen is None:
        return "—"
    unit = _("yuan")
    return f"{number(fen / FEN_PER_YUAN, digits)} {unit}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day with its weekday, local: 11月28日 周六, Sat 28 Nov."""
    if value is None:
        return "—"
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    if in_english():
        return f"{local:%a} {local.day} {local:%b}"
    return f"{local.month}月{local.day}日 周{'一二三四五六日'[local.weekday()]}"


@register.filter
def clock(value: datetime | None) -> str:
    """An hour, local: 07:30."""
    return "—" if value is None else f"{timezone.localtime(value):%H:%M}"


@register.filter
def when(value: datetime | None) -> str:
    """Day and hour, local: 11月28日 周六 07:30."""
    return "—" if value is None else f"{day(value)} {clock(value)}"


@register.filter
def ago(value: datetime | None) -> str:
    """A <time> that a script turns into "5 minutes ago"."""
    if value is None:
        return "—"
    return format_html('<time datetime="{}" data-ago>{}</time>', value.isoformat(), when(value))


@register.filter
def role(kind: str) -> str:
    """A role in the reader's language."""
    return str(ROLE_WORDS[RoleKind(kind)])


@register.filter
def device(user_agent: str) -> str:
    """A browser and its machine, as people call them: Chrome, Android."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    machine = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, machine))) or user_agent[:60] or "—"


@register.simple_tag
def page_texts(**words: Any) -> SafeString:
    """Words that scripts read by nongshi.text("saved"): {% page_texts saved=saved %}."""
    said = json.dumps({key: str(value) for key, value in words.items()}, ensure_ascii=False)
    safe = said.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/json" data-texts>{safe}</script>')


@register.filter
def labelled(row: Any, columns: Any) -> list[tuple[Any, Any]]:
    """A row's cells, each with its column."""
    cells = row["cells"] if isinstance(row, dict) else row
    return list(zip(columns, cells, strict=True))


@register.filter
def bound_page(page: Any, size: int = 2) -> list[int]:
    """Page numbers around a paginator's page."""
    first, last = max(1, page.number - size), min(page.paginator.num_pages, page.number + size)
    return list(range(first, last + 1))


@register.simple_tag(takes_context=True)
def with_query(context: Any, **changed: Any) -> str:
    """The query of this page with some words changed: ?page=2&town=3."""
    query = context["request"].GET.copy()
    for key, value in changed.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return "?" + query.urlencode()
