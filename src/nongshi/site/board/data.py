"""A plan as the board reads it: one compact answer, made once a version and language, sent compressed.

Rows are short lists (their columns stand at the functions that make them). Times are minutes from the plan's first
midnight by the clock on the wall there, so that the zone of the browser does not matter.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import get_language

from nongshi.core.plan import Plan
from nongshi.core.region import Machine as MachineNoun
from nongshi.files.plan_rows import work_hours
from nongshi.files.texts import CLASSES, LICENCES, Words
from nongshi.site.base.names import operation_names
from nongshi.site.base.scope import Scope
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.board.exceptions import list_exceptions
from nongshi.site.plans.drafts import Loaded
from nongshi.site.plans.models import PlanRow
from nongshi.site.plans.sight import seen_plan
from nongshi.site.register.models import Machine

GZIP_LEVEL = 6
METRE_DEGREES = 1e6  # outlines are written in millionths of a degree, each point from the one before


def board_bytes(scope: Scope, row: PlanRow, loaded: Loaded) -> tuple[bytes, str]:
    """(packed JSON, ETag) of a plan for a reader; made once where the reader sees all of it."""
    whole = sees_all(scope, row)
    name = ("board", get_language(), row.state, row.title)

    def make() -> bytes:
        said = board(scope, row, loaded, whole=whole)
        return gzip.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(), GZIP_LEVEL, mtime=0)

    packed = loaded.once(name, make) if whole else make()
    return packed, tag_of(packed)


def tag_of(packed: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(packed).hexdigest()[:24]}"'


def sees_all(scope: Scope, row: PlanRow) -> bool:
    """Whether somebody sees every machine and job of a plan: whoever plans for the leading organisation."""
    return scope.everything or row.org_id in scope.orgs(PlanRow.resource, change=True)


def board(scope: Scope, row: PlanRow, loaded: Loaded, *, whole: bool) -> dict[str, Any]:
    """Everything but outlines and what changes from minute to minute."""
    plan = loaded.plan if whole else seen_plan(scope, loaded.plan, loaded.rows)
    clock = Clock(loaded)
    machines = _machines(scope, loaded, plan, whole=whole)
    numbers = {machine.id: m for m, machine in enumerate(machines)}
    jobs = _jobs_in(loaded, plan)
    job_numbers = {job_id: j for j, job_id in enumerate(jobs)}
    fields = sorted({loaded.region.job_of[job_id].field_id for job_id in jobs})
    field_numbers = {field_id: f for f, field_id in enumerate(fields)}
    operators = sorted({crew.operator_id for crew in plan.crews if crew.machine_id in numbers})
    operations = sorted({loaded.region.job_of[job_id].operation for job_id in jobs})
    classes = [c.id for c in loaded.region.machine_classes]
    fixed = loaded.fixed()
    return {
        "plan": {"id": row.pk, "version": row.version, "state": row.state, "number": row.number, "title": row.title,
                 "season": row.season_id, "whole": whole},
        "days": clock.days(),
        "figures": _figures(row, plan),
        "operations": [operation_names(name) for name in operations],
        "classes": [_class(loaded, clock, name) for name in classes],
        "orgs": sorted({m.org.code: org_name(m.org) for m in loaded.rows.machines}.items()) if whole else [],
        "machines": [_machine(loaded, clock, machine, classes) for machine in machines],
        "operators": [[key, str(loaded.rows.operator_of.get(key, key))] for key in operators],
        "crews": [
            [numbers[c.machine_id], clock.day(c.date), operators.index(c.operator_id)]
            for c in plan.crews if c.machine_id in numbers
        ],
        "fields": [_field(loaded, field_id) for field_id in fields],
        "jobs": [_job(loaded, clock, job_id, field_numbers, operations, job_numbers) for job_id in jobs],
        "stops": [
            [numbers[route.machine_id], job_numbers[s.job_id], s.part, clock.minute(s.depart), clock.minute(s.arrive),
             clock.minute(s.start), clock.minute(s.end), round(s.km, 1), round(s.area_ha, 4)]
            for route in plan.routes for s in route.stops
        ],
        "unserved": [
            [job_numbers[out.job_id], str(out.reason), out.text if in_english() else out.text_zh or out.text]
            for out in plan.unserved if out.job_id in job_numbers
        ],
        "fixed": {str(job_numbers[job_id]): why for job_id, why in fixed.items() if job_id in job_numbers},
        "pins": {
            "machine_days": sorted([numbers[m], clock.day(date.fromisoformat(day))]
                                   for m, day in loaded.pins.machine_days if m in numbers),
            "until": None if loaded.pins.until is None else clock.minute(loaded.pins.until),
        },
        "exceptions": list_exceptions(loaded, plan, clock, job_numbers, numbers),
    }  # fmt: skip


class Clock:
    """Moments as minutes from the plan's first midnight, by the wall."""

    def __init__(self, loaded: Loaded) -> None:
        self.tz, self.start, self.count = loaded.tz, loaded.region.start_date, loaded.region.horizon_days
        self.region = loaded.region
        self.midnight = datetime.combine(self.start, time())

    def minute(self, moment: datetime) -> int:
        """Whole minutes."""
        return round((moment.astimezone(self.tz).replace(tzinfo=None) - self.midnight).total_seconds() / 60)

    def moment(self, minute: float) -> datetime:
        """Back: an aware moment."""
        return (self.midnight + timedelta(minutes=minute)).replace(tzinfo=self.tz)

    def day(self, day: date) -> int:
        """Number of a day."""
        return (day - self.start).days

    def days(self) -> list[list[Any]]:
        """[ISO date, weekday 0-6, first minute of work of any class, last; both null: no work], by day."""
        found: list[list[Any]] = []
        for number in range(self.count):
            day = self.start + timedelta(days=number)
            spans = [span for c in self.region.machine_classes if (span := work_hours(self.region, c.id, day))]
            first = min((self.minute(a) for a, _ in spans), default=None)
            last = max((self.minute(b) for _, b in spans), default=None)
            found.append([day.isoformat(), day.weekday(), first, last])
        return found


def _figures(row: PlanRow, plan: Plan) -> dict[str, Any]:
    totals = plan.totals
    return {
        "value_fen": round(plan.objective_fen), "loss_fen": round(totals.loss_fen), "km": round(totals.km, 1),
        "area_ha": round(totals.area_ha, 2), "served": totals.jobs_served, "unserved": totals.jobs_unserved,
        "cost_fen": round(totals.move_cost_fen + totals.work_cost_fen),
        "gap": None if plan.gap is None else round(plan.gap, 4),
    }  # fmt: skip


def _machines(scope: Scope, loaded: Loaded, plan: Plan, *, whole: bool) -> Sequence[MachineNoun]:
    if whole:
        return loaded.region.machines
    seen = set(Machine.objects.seen_by(scope).values_list("pk", flat=True))
    on = {route.machine_id for route in plan.routes}
    of = loaded.rows.machine_of
    return [m for m in loaded.region.machines if m.id in on or (m.id in of and of[m.id].pk in seen)]


def _jobs_in(loaded: Loaded, plan: Plan) -> list[str]:
    named = dict.fromkeys(stop.job_id for route in plan.routes for stop in route.stops)
    named |= dict.fromkeys(out.job_id for out in plan.unserved)
    return [job_id for job_id in named if job_id in loaded.region.job_of]


def _class(loaded: Loaded, clock: Clock, class_id: str) -> list[Any]:
    """[id, name, [[first, last] or null by day]]."""
    hours = []
    for number in range(clock.count):
        span = work_hours(loaded.region, class_id, clock.start + timedelta(days=number))
        hours.append(None if span is None else [clock.minute(span[0]), clock.minute(span[1])])
    return [class_id, worded(CLASSES, class_id, loaded.region.class_of[class_id].name), hours]


def _machine(loaded: Loaded, clock: Clock, noun: MachineNoun, classes: Sequence[str]) -> list[Any]:
    """[id, name, class, organisation, plate, yard lon, lat, [[from, to] broken or away], row]."""
    row = loaded.rows.machine_of.get(noun.id)
    off = [[clock.minute(a), clock.minute(b)] for a, b in noun.down]
    if noun.available_from is not None:
        off.append([0, clock.minute(noun.available_from)])
    if noun.available_to is not None:
        off.append([clock.minute(noun.available_to), clock.count * 1440])
    return [
        noun.id, str(row or noun.id), classes.index(noun.machine_class), row.org.code if row else "",
        row.plate if row else "", round(noun.yard_lon, 5), round(noun.yard_lat, 5),
        [span for span in off if span[0] < span[1]], row.pk if row else 0,
    ]  # fmt: skip


def _field(loaded: Loaded, field_id: str) -> list[Any]:
    """[name, place, gate lon, lat]."""
    field = loaded.region.field_of[field_id]
    return [field.name or field_id, field.place, round(field.gate_lon, 5), round(field.gate_lat, 5)]


def _job(
    loaded: Loaded,
    clock: Clock,
    job_id: str,
    fields: Mapping[str, int],
    operations: Sequence[str],
    jobs: Mapping[str, int],
) -> list[Any]:
    """[id, field, operation, ha, open, due, close, value fen, urgent, status, job before, grower, wet t, row]."""
    noun, row = loaded.region.job_of[job_id], loaded.rows.job_of[job_id]
    return [
        job_id, fields[noun.field_id], operations.index(noun.operation), round(noun.area_ha, 4),
        clock.minute(noun.open), clock.minute(noun.due), clock.minute(noun.close), noun.value_fen, int(row.urgent),
        row.status, jobs.get(noun.after_job_id or "", -1), str(row.grower or ""), noun.wet_t, row.pk,
    ]  # fmt: skip


def outlines_bytes(loaded: Loaded, job_ids: Sequence[str]) -> bytes:
    """Packed outlines of the fields of jobs: {field number: [[lon, lat, d lon, d lat, ...] by ring]}, millionths."""
    fields = sorted({loaded.region.job_of[job_id].field_id for job_id in job_ids})
    said = [
        [[_ring(ring) for ring in rings] for rings in loaded.region.field_of[field_id].polygons] for field_id in fields
    ]
    return gzip.compress(json.dumps(said, separators=(",", ":")).encode(), GZIP_LEVEL, mtime=0)


def seen_job_ids(scope: Scope, row: PlanRow, loaded: Loaded) -> list[str]:
    """The jobs that a reader's board holds."""
    plan = loaded.plan if sees_all(scope, row) else seen_plan(scope, loaded.plan, loaded.rows)
    return _jobs_in(loaded, plan)


def _ring(ring: Sequence[tuple[float, float]]) -> list[int]:
    found: list[int] = []
    x = y = 0
    for lon, lat in ring[:-1]:
        new_x, new_y = round(lon * METRE_DEGREES), round(lat * METRE_DEGREES)
        found += [new_x - x, new_y - y]
        x, y = new_x, new_y
    return found


def worded(words: Words, key: str, fallback: str = "") -> str:
    """A code's word in the reader's language."""
    if key in words:
        return words[key][1 if in_english() else 0]
    return fallback or key


def licence_name(key: str) -> str:
    """A licence class in the reader's language."""
    return worded(LICENCES, key)


def org_name(org: Any) -> str:
    """An organisation in the reader's language."""
    return str(org.name_en or org.name) if in_english() else str(org.name)
