"""What pages and report of the season ahead say, in the reader's language."""

from datetime import date
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nongshi.agronomy import LICENCE_CLASSES, MACHINE_CLASSES
from nongshi.core.units import MU_PER_HA
from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.forecasts.figures import Lack, Layer
from nongshi.site.forecasts.season_json import Difference, Price, SeasonDoc, Spread

ORDINALS = ("first", "second", "third", "fourth", "fifth")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def licence_name(code: str) -> str:
    """What a licence is for, or its code."""
    found = LICENCE_CLASSES.get(code)
    return code if found is None else f"{found.name_en if in_english() else found.name_zh}"


def class_name(code: str) -> str:
    """A machine class, or its code."""
    found = MACHINE_CLASSES.get(code)
    return code if found is None else f"{found.name_en if in_english() else found.name_zh}"


def operation_name(doc: SeasonDoc, code: str) -> str:
    """An operation as the document names it, else as our table does."""
    for one in doc.operations:
        if one.id == code:
            return one.name_en if in_english() else one.name_zh
    return operation_names(code)


def week_words(start: date) -> str:
    """A week by its first day: 11月第1周, first week of November."""
    number = (start.day - 1) // 7
    if in_english():
        return f"{ORDINALS[number]} week of {MONTHS[start.month - 1]}"
    return f"{start.month}月第{number + 1}周"


def range_words(low: float, high: float) -> str:
    """An interval: 1–4."""
    return f"{number(low)}–{number(high)}"


def number(value: float) -> str:
    """A number as people say it: two figures that tell, no more."""
    digits = 0 if abs(value) >= 10 or value == round(value) else 1
    return f"{value:,.{digits}f}"


def lack_words(one: Lack) -> SafeString:
    """廊下 11月第1周 缺2名履带式联合收割机机手; the most useful sentence of the page, its town marked as a name."""
    if one.sure:
        said = ngettext(
            "%(town)s lacks %(n)d %(licence)s operator in the %(week)s",
            "%(town)s lacks %(n)d %(licence)s operators in the %(week)s",
            one.count,
        )
    else:
        said = ngettext(
            "%(town)s may lack up to %(n)d %(licence)s operator in the %(week)s",
            "%(town)s may lack up to %(n)d %(licence)s operators in the %(week)s",
            one.high,
        )
    words = {**_number_of(one), "licence": escape(licence_name(one.licence)), "week": week_words(one.start)}
    return mark_safe(escape(said) % (words | {"town": format_html("<span data-text>{}</span>", one.town)}))


def region_words(one: Lack) -> str:
    """The same to somebody whose own region it is."""
    if one.sure:
        said = ngettext(
            "Your region will lack %(n)d %(licence)s operator in the %(week)s",
            "Your region will lack %(n)d %(licence)s operators in the %(week)s",
            one.count,
        )
    else:
        said = ngettext(
            "Your region may lack up to %(n)d %(licence)s operator in the %(week)s",
            "Your region may lack up to %(n)d %(licence)s operators in the %(week)s",
            one.high,
        )
    return said % {**_number_of(one), "licence": licence_name(one.licence), "week": week_words(one.start)}


def _number_of(one: Lack) -> dict[str, int]:
    """How many a sentence speaks of: the middle, or where that is nobody the upper end."""
    return {"n": one.count if one.sure else one.high}


def lack_more(one: Lack) -> str:
    """The interval, and what one hour more would be worth."""
    words = [_("8 years of 10: %(range)s people") % {"range": range_words(one.low, one.high)}]
    if one.price_yuan_h > 0:
        words.append(_("one more hour is worth %(yuan)s yuan") % {"yuan": number(one.price_yuan_h)})
    if one.idle_machines >= 1:
        words.append(_("%(n)s machines stand without an operator") % {"n": number(one.idle_machines)})
    return " · ".join(words)


def unit_of(layer: Layer) -> str:
    """The unit as the reader counts: 亩 instead of hectares."""
    if layer.unit == "ha":
        return "ha" if in_english() else "亩"
    return _("persons") if layer.unit == "people" else "h"


def scaled(layer: Layer, value: float) -> float:
    """A value in that unit."""
    return value * (MU_PER_HA if layer.unit == "ha" and not in_english() else 1.0)


def layer_title(doc: SeasonDoc, what: str, of: str) -> str:
    """What a layer shows."""
    if what == "operators":
        return _("Operators lacking: %(of)s") % {"of": licence_name(of)}
    if what == "machines":
        return _("Machine hours lacking: %(of)s") % {"of": class_name(of)}
    return _("Area to be worked: %(of)s") % {"of": operation_name(doc, of)}


def price_words(one: Price) -> str:
    """One more of what."""
    if one.what == "operator":
        return _("operator, %(of)s") % {"of": licence_name(one.kind)}
    if one.what == "dryer":
        return _("dryer")
    return class_name(one.kind)


def spread_words(value: Spread, scale: float = 1.0) -> str:
    """The middle with its interval: 12 (8–20)."""
    return f"{number(value.p50 * scale)} ({range_words(value.p10 * scale, value.p90 * scale)})"


def signed(value: float) -> str:
    """With its sign: what changes."""
    return f"{round(value):+,}" if round(value) else "0"


def difference_words(value: Difference) -> str:
    """A difference with its interval: -12,000 (-30,000 to -2,000)."""
    low, middle, high = (signed(part) for part in (value.p10, value.p50, value.p90))
    return _("%(middle)s (%(low)s to %(high)s)") % {"middle": middle, "low": low, "high": high}


def said(doc: SeasonDoc) -> list[str]:
    """What the forecast says about itself: what was filled in, what is missing."""
    return [one.en if in_english() else one.zh for one in doc.said]


def drawn(layer: Layer, doc: SeasonDoc) -> dict[str, Any]:
    """A layer for map and chart: numbers rounded, towns with their places."""

    def rounded(part: str) -> list[list[float]]:
        return [[round(scaled(layer, getattr(cell, part)), 1) for cell in row] for row in layer.cells]

    return {
        "unit": unit_of(layer),
        "towns": [{"name": one.town, "lon": one.lon, "lat": one.lat} for one in doc.towns],
        "weeks": [f"{start:%m-%d}" for start in layer.weeks],
        "names": [week_words(start) for start in layer.weeks],
        "first": layer.first_week,
        "p10": rounded("p10"),
        "p50": rounded("p50"),
        "p90": rounded("p90"),
    }
