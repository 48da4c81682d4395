"""Field jobs as a list in a file: posted, or changed as long as nobody has planned them.

Price, latest hour and grain follow from the table of operations, as for a job that is typed.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongshi.core.errors import BadFiles, BadInput
from nongshi.core.said import say
from nongshi.core.units import MU_PER_HA
from nongshi.files.faults import Faults
from nongshi.files.rows import Row
from nongshi.site.base.models import Event, Org
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log_all
from nongshi.site.jobs.assumptions import AHEAD_DAYS
from nongshi.site.jobs.models import OPEN_STATUSES, FieldJob, JobStatus
from nongshi.site.jobs.services import AREA_SLACK, Wanted, draft_job, midnight_of
from nongshi.site.register.cells import Context, read_cell, text_of
from nongshi.site.register.codes import names_of
from nongshi.site.register.columns import REF, Column, ListKind
from nongshi.site.register.importers import Importer
from nongshi.site.register.importing import BATCH, CHANGED, NEW, SAME, Line, Preview, Tell, update_all
from nongshi.site.register.models import Field
from nongshi.site.register.reading import Given, read_list


def last_day(job: FieldJob) -> date:
    """The day before whose end a job is wanted."""
    return timezone.localtime(job.due - timedelta(seconds=1)).date()


def _first_day(job: FieldJob) -> date:
    return timezone.localtime(job.open).date()


JOBS = ListKind(
    name="jobs", zh="作业", title=_("Jobs"), one=_("field job"), icon="list", model=FieldJob, key_needed=False,
    shown=(), search=(),
    columns=(
        Column(name="ref", zh="编号", label=REF.label, also=REF.also, example=""),
        Column(
            name="field", zh="田块编号", label=_("Field"), needed=True, example="P001", also=("田块", "field_ref"),
            write=lambda row: row.field.ref,
        ),
        Column(name="field_name", zh="田块名称", label=_("Name of the field"), only="out",
               write=lambda row: row.field.name),
        Column(name="operation", zh="作业项目", label=_("Work"), kind="code", table="operation", needed=True,
               example="收水稻", also=("作业", "work")),
        Column(name="since", zh="最早日期", label=_("First day"), kind="day", needed=True, example="2026-11-28",
               also=("起",), write=lambda row: _first_day(row).isoformat()),
        Column(name="until", zh="最好在此日之前完成", label=_("Best before"), kind="day", needed=True,
               example="2026-12-02", also=("止", "截止"), write=lambda row: last_day(row).isoformat()),
        Column(name="area_mu", zh="面积（亩）", label=_("Area, mu"), kind="mu", attr="area_ha", above=0, most=150_000,
               example="12.6", also=("面积", "亩", "area")),
        Column(name="said_by", zh="谁要求的", label=_("Said by"), needed=True, example="电话：张三"),
        Column(name="urgent", zh="加急", label=_("Urgent"), kind="flag", example="否"),
        Column(name="note", zh="备注", label=_("Remark")),
        Column(name="status", zh="状态", label=_("Status"), only="out"),
    ),
)  # fmt: skip


class _Reader:
    """One file against an organisation's fields and jobs."""

    def __init__(self, org: Org, scope: Scope) -> None:
        self.org, self.scope = org, scope
        self.fields = {row.ref: row for row in Field.objects.filter(org=org, out_since=None).defer("outline")}
        self.jobs = {row.ref: row for row in FieldJob.objects.filter(org=org).select_related("field")}
        self.open = {
            (job.field_id, job.operation): job.ref for job in self.jobs.values() if job.status in OPEN_STATUSES
        }
        self.context = Context(codes={"operation": dict(names_of("operation", org))})
        self.today = timezone.localdate()

    def line(self, one: Given, columns: frozenset[str]) -> Line:
        """One row; faults are noted in it."""
        row = one.row
        job = self.jobs.get(row.cell("ref")) if row.cell("ref") else None
        said = {
            c.name: read_cell(c, row, self.context)
            for c in JOBS.columns
            if c.only != "out" and c.name != "ref" and (c.name in columns or (c.needed and job is None))
            and (job is None or row.has(c.name) or not c.needed)
        }  # fmt: skip
        line = Line(one.number, row.cell("ref"), SAME if job else NEW, [], job)
        if row.sound:
            self._new(line, row, said) if job is None else self._change(line, row, said)
        return line

    def _new(self, line: Line, row: Row, said: Mapping[str, Any]) -> None:
        field = self.fields.get(said["field"])
        if field is None:
            row.fault(
                "field", "no field of this number is in use here", "write the number as the list of fields has it"
            )
            return
        if len(line.ref) > 40:
            row.fault("ref", "is longer than 40 characters", "write it shorter")
        area_ha = said.get("area_mu") or field.area_ha
        self._check(row, field, area_ha, said["since"], said["until"])
        if (ref := self.open.get((field.pk, said["operation"]))) is not None:
            row.fault(
                "operation",
                say("is asked for already: %(ref)s", ref=ref),
                "leave this row out, or call the other job off",
            )
        if not row.sound:
            return
        wanted = Wanted(
            field=field, operation=said["operation"], since=said["since"], until=said["until"], area_ha=area_ha,
            note=said.get("note", ""), said_by=said["said_by"][:80], urgent=bool(said.get("urgent")),
        )  # fmt: skip
        try:
            line.row = draft_job(wanted)
        except BadInput as bad:
            row.fault(None, str(bad), "correct it")
            return
        self.open[field.pk, said["operation"]] = line.ref or f"{line.number}"
        line.row.posted_by_id = self.scope.person_id
        line.cells = [
            (column, "", said_text(column, said[column.name])) for column in JOBS.columns if said.get(column.name)
        ]

    def _check(self, row: Row, field: Field, area_ha: float, since: date, until: date) -> None:
        """As for a job that is typed, each fault beside its cell."""
        if area_ha > field.area_ha * AREA_SLACK:
            most = f"{field.area_ha * MU_PER_HA:g}"
            row.fault(
                "area_mu", say("the field has only %(most)s mu", most=most), "correct it, or the field in the register"
            )
        if until < since:
            row.fault("until", "the last day lies before the first", "exchange or correct them")
        elif until < self.today:
            row.fault("until", "this day is over", "choose today or a later day")
        elif until > self.today + timedelta(days=AHEAD_DAYS):
            row.fault(
                "until", say("is more than %(ahead_days)s days ahead", ahead_days=AHEAD_DAYS), "choose an earlier day"
            )
        elif since < self.today - timedelta(days=AHEAD_DAYS):
            row.fault("since", "is long over", "choose a later day")

    def _change(self, line: Line, row: Row, said: Mapping[str, Any]) -> None:
        job = line.row
        moved: list[tuple[Column | None, str, str]] = []
        for column in JOBS.columns:
            if column.name not in said:
                continue
            old, new = _text(column, job), said_text(column, said[column.name])
            if column.name == "area_mu" and not row.has("area_mu"):
                continue  # empty: as it is
            if new != old:
                moved.append((column, old, new))
        if not moved:
            return
        line.state, line.cells = CHANGED, moved
        names = {column.name for column, _old, _new in moved if column is not None}
        if job.status != JobStatus.POSTED:
            row.fault(
                None,
                say("the job is %(status)s already", status=job.status),
                "change it on the board, or leave this row out",
            )
        for name in sorted(names & {"field", "operation"}):
            row.fault(name, "stands otherwise in the register", "call that job off and add a new one")
        since = said["since"] if "since" in names else _first_day(job)
        until = said["until"] if "until" in names else last_day(job)
        area_ha = said["area_mu"] if "area_mu" in names else job.area_ha
        if names & {"since", "until", "area_mu"}:
            self._check(row, job.field, area_ha, since, until)
        if row.sound:
            _set(job, names, said)


def _set(job: FieldJob, names: set[str], said: Mapping[str, Any]) -> None:
    """New values; what hangs on them goes along."""
    if "since" in names:
        job.open = midnight_of(said["since"])
    if "until" in names:
        due = midnight_of(said["until"] + timedelta(days=1))
        job.close, job.due = job.close + (due - job.due), due
    if "area_mu" in names:
        share = said["area_mu"] / job.area_ha
        job.area_ha, job.value_fen = said["area_mu"], round(job.value_fen * share)
        job.wet_t = None if job.wet_t is None else round(job.wet_t * share, 2)
    for name in names & {"note", "urgent", "said_by"}:
        setattr(job, name, said[name])


def _text(column: Column, job: FieldJob) -> str:
    return column.write(job) if column.write is not None else said_text(column, getattr(job, column.attribute))


def said_text(column: Column, value: Any) -> str:
    """A value as the file has it."""
    return "" if value is None or value == "" else text_of(column, value)


def make_preview(org: Org, scope: Scope, file: str, data: bytes, tell: Tell) -> Preview:
    """What a file would do to an organisation's jobs; the database is only read."""
    faults = Faults()
    given = read_list(JOBS, file, data, faults)
    reader, lines, seen = _Reader(org, scope), [], dict[str, int]()
    for at, one in enumerate(given.rows):
        if at % BATCH == 0:
            tell(0.9 * at / max(1, len(given.rows)), f"{at}")
        line = reader.line(one, given.columns)
        if line.ref and seen.setdefault(line.ref, one.number) != one.number:
            one.row.fault(
                "ref", say("stands in row %(before)s already", before=seen[line.ref]), "give each row its own number"
            )
        lines.append(line)
    return Preview(lines, faults.listed(), [])


def keep(org: Org, scope: Scope, preview: Preview, tell: Tell) -> dict[str, int]:
    """Post and change what a preview showed, all or nothing, with one act each.

    Raises:
        BadFiles: something in the file is wrong.
    """
    if preview.faults:
        raise BadFiles(preview.faults)
    fresh = [line for line in preview.lines if line.state == NEW]
    moved = [line.row for line in preview.lines if line.state == CHANGED]
    with transaction.atomic():
        for line in fresh:
            line.row.ref = line.ref or line.row.ref
        rows = [line.row for line in fresh]
        for at in range(0, len(rows), BATCH):
            FieldJob.objects.bulk_create(rows[at : at + BATCH])
            tell(0.9 + 0.08 * at / len(rows), str(at))
        unnamed = [line.row for line in fresh if not line.ref]
        for row in unnamed:
            row.ref = f"N{row.pk}"
        update_all(unnamed, ["ref"])
        for row in moved:
            row.version += 1
        columns = ["open", "due", "close", "area_ha", "value_fen", "wet_t", "note", "urgent", "said_by"]
        update_all(moved, [*columns, "version", "changed"])
        acts = [_act(scope, org, "JobPosted", row) for row in rows]
        acts += [_act(scope, org, "JobChanged", row) for row in moved]
        log_all(acts)
    return {NEW: len(fresh), CHANGED: len(moved), SAME: len(preview.lines) - len(fresh) - len(moved)}


def _act(scope: Scope, org: Org, name: str, row: FieldJob) -> Event:
    said = {"said_by": row.said_by} if row.said_by else {}
    data = {"operation": row.operation, **said}
    return Event(name=name, about=f"job:{row.pk}", by_id=scope.person_id, org_id=org.pk, data=data)


def _rows(scope: Scope, _said: Mapping[str, str]) -> list[FieldJob]:
    own = scope.orgs(Resource.JOB, change=True)  # what could come back; who changes nothing looks at all in sight
    rows = FieldJob.objects.seen_by(scope).filter(org_id__in=own or scope.orgs(Resource.JOB))
    return list(rows.filter(status__in=OPEN_STATUSES).select_related("field").defer("field__outline").distinct())


IMPORTER = Importer(kind=JOBS, preview=make_preview, keep=keep, rows=_rows, home=("clerk:jobs",))


def find(name: str) -> Importer | None:
    """The list of jobs, by its name."""
    return IMPORTER if name == JOBS.name else None
