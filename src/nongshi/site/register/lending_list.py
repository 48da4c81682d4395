"""Lendings as a list in a file: what is lent to whom, all of a kind or one by its number, from day to day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nongshi.core.errors import BadFiles
from nongshi.core.said import say
from nongshi.files.faults import Faults
from nongshi.files.rows import Row
from nongshi.site.base.models import Event, Org, OrgKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log_all
from nongshi.site.register.cells import Context, read_cell
from nongshi.site.register.columns import REF, Column, ListKind
from nongshi.site.register.importers import Importer
from nongshi.site.register.importing import BATCH, CHANGED, NEW, SAME, Line, Preview, Tell, update_all
from nongshi.site.register.models import Lending, Machine, Operator
from nongshi.site.register.reading import Given, read_list

WHATS = {"农机": "machine", "machine": "machine", "machines": "machine", "机手": "operator", "operator": "operator",
         "operators": "operator"}  # fmt: skip
WHAT_ZH = {"machine": "农机", "operator": "机手"}
BORROWERS = (OrgKind.COOP, OrgKind.FARM)


def _read_what(row: Row, _context: Context) -> str:
    said = row.text("what").lower()
    if said and said not in WHATS:
        row.fault("what", "is neither a machine nor an operator", "write 农机 (machine) or 机手 (operator)")
    return WHATS.get(said, "")


def _read_org(row: Row, context: Context) -> Org | None:
    said = row.text("to")
    found = context.codes["org"].get(said.lower()) if said else None
    if said and found is None:
        row.fault("to", "is no organisation that could borrow", "write its code or its whole name")
    return found  # type: ignore[return-value]


def _write_which(row: Any) -> str:
    thing = row.machine or row.operator
    return thing.ref if thing is not None else ""


LENDINGS = ListKind(
    name="lendings", zh="借出", title=_("Lendings"), one=_("lending"), icon="swap", model=Lending, key_needed=False,
    shown=(), search=(),
    columns=(
        Column(name="ref", zh="编号", label=REF.label, also=REF.also, write=lambda row: str(row.pk)),
        Column(name="org", zh="借出方", label=_("Lender"), only="out", write=lambda row: row.org.code),
        Column(
            name="to", zh="借给", label=_("Lent to"), needed=True, example="lvxiang", also=("借入方",),
            write=lambda row: row.to.code, read=_read_org,
        ),
        Column(
            name="what", zh="类别", label=pgettext_lazy("is lent", "What"), needed=True,
            example="农机", write=lambda row: WHAT_ZH[row.what],
            read=_read_what,
        ),
        Column(
            name="which", zh="农机或机手编号", label=_("Number of machine or operator; empty: all"), example="M001",
            also=("哪台", "编号（空为全部）"), write=_write_which,
        ),
        Column(name="since", zh="起", label=_("From"), kind="day", needed=True, example="2026-11-01", also=("开始",)),
        Column(name="until", zh="止", label=_("To"), kind="day", needed=True, example="2026-11-14", also=("结束",)),
    ),
)  # fmt: skip


class _Reader:
    """One file against what an organisation lends."""

    def __init__(self, org: Org) -> None:
        self.org = org
        rows = Lending.objects.filter(org=org).select_related("org", "to", "machine", "operator")
        self.rows = {row.pk: row for row in rows}
        self.things: dict[str, dict[str, Any]] = {
            "machine": {row.ref: row for row in Machine.objects.filter(org=org)},
            "operator": {row.ref: row for row in Operator.objects.filter(org=org)},
        }
        self.context = Context(codes={"org": self._orgs()})

    @staticmethod
    def _orgs() -> Any:
        """Organisations by code and by names that only one has."""
        found: dict[str, Org | None] = {}
        orgs = list(Org.objects.filter(kind__in=BORROWERS))
        for org in orgs:
            for name in {org.name.lower(), org.name_en.lower()} - {""}:
                found[name] = None if name in found else org
        return {name: org for name, org in found.items() if org is not None} | {org.code.lower(): org for org in orgs}

    def line(self, one: Given, columns: frozenset[str]) -> Line:
        """One row; faults are noted in it."""
        row = self._row(one.row)
        read = {c.name: read_cell(c, one.row, self.context) for c in LENDINGS.columns if c.name in columns}
        for name in ("to", "what", "since", "until"):
            if name not in columns and row is None:
                read_cell(LENDINGS.column(name), one.row, self.context)
        said = {"to": read.get("to"), "what": read.get("what"), "which": read.get("which") or ""}
        days = read.get("since"), read.get("until")
        thing = self._thing(one.row, str(said["what"]), str(said["which"])) if row is None else None
        if row is None and one.row.sound:
            row = self._same(said, thing, days)
        fresh = row is None
        row = row or Lending(org=self.org, to=said["to"], what=said["what"], machine=None, operator=None)
        if fresh and thing is not None:
            setattr(row, str(said["what"]), thing)
        line = Line(one.number, "" if fresh else str(row.pk), NEW if fresh else SAME, [], row)
        if one.row.sound:
            self._compare(line, one.row, said, columns, days)
        return line

    def _row(self, row: Row) -> Lending | None:
        number = row.cell("ref")
        if not number:
            return None
        found = self.rows.get(int(number)) if number.isascii() and number.isdigit() else None
        if found is None:
            row.fault("ref", "no lending of this number is here", "leave the cell empty for a new one")
        return found

    def _thing(self, row: Row, what: str, which: str) -> Any:
        if not which or not what:
            return None
        found = self.things[what].get(which)
        if found is None:
            row.fault("which", "nothing of this number is yours", "write the number as your own list has it")
        return found

    def _same(self, said: Mapping[str, Any], thing: Any, days: tuple[Any, Any]) -> Lending | None:
        for row in self.rows.values():
            kept = (row.to, row.what, row.machine or row.operator, row.since, row.until)
            if kept == (said["to"], said["what"], thing, *days):
                return row
        return None

    def _compare(
        self, line: Line, row: Row, said: Mapping[str, Any], columns: frozenset[str], days: tuple[Any, Any]
    ) -> None:
        lending, fresh = line.row, line.state == NEW
        if lending.to_id == self.org.pk:
            row.fault("to", "an organisation cannot lend to itself", "choose another one")
        kept = {"to": lending.to, "what": lending.what, "which": _write_which(lending)}
        for name, value in said.items():
            if not fresh and name in columns and value != kept[name]:
                row.fault(name, "stands otherwise in the register", "take that lending back and add a new one")
        for name, value in zip(("since", "until"), days, strict=True):
            old = None if fresh else getattr(lending, name)
            if name in columns and value != old:
                setattr(lending, name, value)
                shown = "" if old is None else old.isoformat()
                line.cells.append((LENDINGS.column(name), shown, value.isoformat()))
        if lending.since and lending.until and lending.until < lending.since:
            row.fault("until", "the last day lies before the first", "exchange or correct them")
        if fresh:
            shown = [("to", str(lending.to.code)), ("what", WHAT_ZH[lending.what]), ("which", kept["which"])]
            line.cells[:0] = [(LENDINGS.column(name), "", value) for name, value in shown]
        elif line.cells:
            line.state = CHANGED

    def check_twice(self, lines: Sequence[Line], rows: Mapping[int, Row]) -> None:
        """Nothing is lent to the same organisation twice on one day."""
        taken = {line.row.pk for line in lines if line.row.pk}
        spans: dict[tuple[Any, ...], list[tuple[date, date]]] = {}
        for kept in self.rows.values():
            if kept.pk not in taken:
                spans.setdefault(_key(kept), []).append((kept.since, kept.until))
        for line in lines:
            row, lending = rows[line.number], line.row
            if not row.sound:
                continue
            known = spans.setdefault(_key(lending), [])
            twice = any(since <= lending.until and until >= lending.since for since, until in known)
            if twice and line.state != SAME:
                mend = "take that back first, or change the days"
                row.fault("since", "this is lent to the same organisation on these days already", mend)
            known.append((lending.since, lending.until))


def _key(lending: Lending) -> tuple[Any, ...]:
    return lending.to_id, lending.what, lending.machine_id, lending.operator_id


def make_preview(org: Org, _scope: Scope, file: str, data: bytes, tell: Tell) -> Preview:
    """What a file would do to what an organisation lends; the database is only read."""
    faults = Faults()
    given = read_list(LENDINGS, file, data, faults)
    reader, lines, seen = _Reader(org), [], dict[str, int]()
    for at, one in enumerate(given.rows):
        if at % BATCH == 0:
            tell(0.9 * at / max(1, len(given.rows)), f"{at}")
        line = reader.line(one, given.columns)
        if line.ref and seen.setdefault(line.ref, one.number) != one.number:
            one.row.fault(
                "ref", say("stands in row %(before)s already", before=seen[line.ref]), "give each row its own number"
            )
        lines.append(line)
    reader.check_twice(lines, {one.number: one.row for one in given.rows})
    return Preview(lines, faults.listed(), [])


def keep(org: Org, scope: Scope, preview: Preview, _tell: Tell) -> dict[str, int]:
    """Write what a preview showed, all or nothing, with one act each.

    Raises:
        BadFiles: something in the file is wrong.
    """
    if preview.faults:
        raise BadFiles(preview.faults)
    fresh = [line.row for line in preview.lines if line.state == NEW]
    moved = [line.row for line in preview.lines if line.state == CHANGED]
    with transaction.atomic():
        Lending.objects.bulk_create(fresh, batch_size=BATCH)
        for row in moved:
            row.version += 1
        update_all(moved, ["since", "until", "version", "changed"])
        acts = [("Lent", row) for row in fresh] + [("LendingChanged", row) for row in moved]
        log_all(
            [
                Event(name=name, about=f"lending:{row.pk}", by_id=scope.person_id, org_id=org.pk,
                      data={"to": row.to_id, "what": row.what})
                for name, row in acts
            ]
        )  # fmt: skip
    return {NEW: len(fresh), CHANGED: len(moved), SAME: len(preview.lines) - len(fresh) - len(moved)}


def _rows(scope: Scope, _said: Mapping[str, str]) -> list[Lending]:
    related = ("org", "to", "machine", "operator")
    return list(Lending.objects.seen_by(scope).select_related(*related).order_by("since", "pk"))


IMPORTER = Importer(kind=LENDINGS, preview=make_preview, keep=keep, rows=_rows, home=("register:lendings",))


def find(name: str) -> Importer | None:
    """The list of lendings, by its name."""
    return IMPORTER if name == LENDINGS.name else None
