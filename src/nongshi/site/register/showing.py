"""Rows as pages show them: names instead of codes, areas in the reader's unit, papers with what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongshi.site.base.scope import Scope
from nongshi.site.base.templatetags.site import area
from nongshi.site.register.cells import write_cell
from nongshi.site.register.changing import EXPIRES_DAYS
from nongshi.site.register.columns import LISTS, Column, ListKind
from nongshi.site.register.forms import code_choices
from nongshi.site.register.models import Licence, Machine

PAPERS = (
    ("inspection", "inspected_until", gettext_lazy("Inspection")),
    ("insurance", "insured_until", gettext_lazy("Insurance")),
    ("permit", "permit_until", gettext_lazy("Cross-region permit")),
    ("oversize", "oversize_until", gettext_lazy("Oversize permit")),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a machine and whether it holds."""

    label: Any
    until: date | None
    state: str  # ok late bad


def papers_of(machine: Machine, today: date) -> list[Paper]:
    """The four papers, each with its state: soon over is late, over or unknown is bad."""
    return [Paper(label, getattr(machine, attr), state_of(getattr(machine, attr), today)) for _n, attr, label in PAPERS]


def state_of(until: date | None, today: date, soon: timedelta = timedelta(days=30)) -> str:
    """ok, late (over within a month) or bad (over, or not known)."""
    if until is None or until < today:
        return "bad"
    return "late" if until <= today + soon else "ok"


def licence_state(licence: Licence, today: date) -> str:
    """As papers; a licence may be renewed in its last three months."""
    return state_of(licence.valid_until, today, timedelta(days=EXPIRES_DAYS))


def code_names(kind: ListKind) -> Mapping[str, Mapping[str, str]]:
    """By table: names of the codes in the reader's language."""
    tables = {column.table for column in kind.columns if column.table}
    return {table: dict(code_choices(table)) for table in tables}


def shown_cell(column: Column, row: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    """A cell in the reader's words; empty: nothing stands there."""
    value = None if column.kind == "licences" else getattr(row, column.attribute)
    match column.kind:
        case "mu":
            return area(value)
        case "code":
            return names.get(column.table, {}).get(str(value), str(value or ""))
        case "flag":
            return _("yes") if value else _("no")
        case "person":
            return value.name if value else ""
        case "licences":
            return ", ".join(one.licence_class for one in row.licences.all())
        case _:
            return write_cell(column, row)


def shown_rows(kind: ListKind, rows: Iterable[Any], scope: Scope) -> list[dict[str, Any]]:
    """Rows of a list's table."""
    names, today = code_names(kind), date.today()
    columns = [kind.column(name) for name in kind.shown]
    mine = scope.orgs(kind.model.resource, change=True)
    return [
        {
            "row": row,
            "cells": [(column, shown_cell(column, row, names)) for column in columns],
            "mark": _mark(kind, row, today),
            "mine": row.org_id in mine,
        }
        for row in rows
    ]


def _mark(kind: ListKind, row: Any, today: date) -> tuple[str, str] | None:
    """A badge of a row: (kind, words)."""
    if row.out_since:
        return "", _("out of use")
    if kind.name == "machines":
        missing = row.papers_missing(today)
        return ("bad", _("papers missing")) if missing else ("ok", _("ready to travel"))
    if kind.name == "operators":
        states = [licence_state(licence, today) for licence in row.licences.all()]
        if not states:
            return "bad", _("no licence")
        worst = max(states, key=("ok", "late", "bad").index)
        return {"ok": ("ok", _("valid")), "late": ("late", _("ends soon")), "bad": ("bad", _("expired"))}[worst]
    if kind.name == "fields":
        return None if row.outline else ("late", _("no outline"))
    return None


def tabs_for(scope: Scope) -> list[ListKind]:
    """The lists of which anything can be in sight."""
    return [kind for kind in LISTS.values() if scope.everything or scope.orgs(kind.model.resource)]
