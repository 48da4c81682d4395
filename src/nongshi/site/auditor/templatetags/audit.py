"""Codes of the audit in templates: {{ event.name|act }}, {{ event.about|object }}, {{ remark|remark }}."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from nongshi.agronomy import LICENCE_CLASSES, MACHINE_CLASSES
from nongshi.site.auditor import words
from nongshi.site.auditor.risk import Remark, Rule
from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import area, in_english, number, yuan

register = template.Library()


@register.filter
def act(name: str) -> str:
    """An act in words."""
    return words.act_words(name)


@register.filter(name="object")
def object_(about: str) -> str:
    """What an act is about."""
    return words.object_words(about)


@register.filter
def paper(name: str) -> str:
    """A paper in words; several with commas."""
    return ", ".join(str(words.PAPERS.get(one, one)) for one in name.split(","))


@register.filter
def rule(name: Any) -> str:
    """A rule of the sample in words."""
    return str(words.RULES[Rule(name)])


@register.filter
def report(kind: str) -> str:
    """A kind of report in words."""
    return str(words.REPORTS.get(kind, kind))


@register.filter
def operation(code: str) -> str:
    """An operation's name."""
    return operation_names(code)


@register.filter
def machine_class(code: str) -> str:
    """A machine class's name; an unknown code stays as it is."""
    found = MACHINE_CLASSES.get(code)
    return code if found is None else found.name_en if in_english() else found.name_zh


@register.filter
def licence(code: str) -> str:
    """A licence class with its name."""
    return code if code not in LICENCE_CLASSES else _("class %(code)s") % {"code": code}


@register.filter
def figure_name(name: str) -> str:
    """A figure's name."""
    return str(words.FIGURES[name])


@register.filter
def figure_value(value: float, name: str) -> str:
    """A figure in the reader's unit."""
    if name.endswith("_fen"):
        return yuan(value, 2)
    if name == "area_ha":
        return area(value)
    return number(value, 1 if name == "km" else 0)


@register.filter
def remark(one: Remark) -> str:
    """A remark with its numbers."""
    found, allowed = one.found or 0.0, one.allowed or 0.0
    if one.rule == Rule.TOO_FAST:
        said = _("%(found)s h, at least %(allowed)s h") % {"found": f"{found:.2f}", "allowed": f"{allowed:.2f}"}
    elif one.rule == Rule.AREA:
        said = _("measured %(found)s, booked %(allowed)s") % {"found": area(found), "allowed": area(allowed)}
    elif one.rule == Rule.LICENCE:
        said = licence(one.what)
    elif one.rule == Rule.PAPERS:
        said = paper(one.what)
    else:
        return str(words.RULES[one.rule])
    return f"{words.RULES[one.rule]} ({said})"


@register.filter
def percent(share: float) -> str:
    """A share with its sign: +6.2 %."""
    return f"{share * 100:+.1f} %"
