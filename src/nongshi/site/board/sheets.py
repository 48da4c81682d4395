"""Day sheets: what one machine does on one day, for paper and for the operator's notices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nongshi.core.errors import NotFound
from nongshi.core.plan import Plan
from nongshi.core.units import mu
from nongshi.files.plan_rows import StopRow, stop_rows
from nongshi.files.texts import OPERATIONS, en, zh
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.plans.drafts import Loaded
from nongshi.site.plans.models import Notice, PlanRow


@dataclass(frozen=True, slots=True)
class Sheet:
    """One machine's day."""

    machine_id: str
    machine: Any
    operator: Any
    stops: Sequence[StopRow]
    day: date

    @property
    def first(self) -> Any:
        """When work begins."""
        return self.stops[0].worked[self.day][0]

    @property
    def last(self) -> Any:
        """When it ends."""
        return self.stops[-1].worked[self.day][1]

    @property
    def area_ha(self) -> float:
        """Of the stops begun or ended that day."""
        return sum(row.stop.area_ha for row in self.stops)

    @property
    def km(self) -> float:
        """On the road."""
        return sum(row.stop.km for row in self.stops if min(row.worked) == self.day)


def days_of_work(loaded: Loaded, plan: Plan) -> list[date]:
    """Days on which something is worked."""
    rows = stop_rows(loaded.region, replace(plan, crews=_crewed(loaded, plan)))
    return sorted({day for row in rows for day in row.worked})


def day_asked(said: str, days: Sequence[date]) -> date | None:
    """The day that was asked for, else the first; None: nobody works on any.

    Raises:
        NotFound: there is no work on that day.
    """
    if not said:
        return days[0] if days else None
    found = next((day for day in days if day.isoformat() == said), None)
    if found is None:
        raise NotFound(f"nobody works on {said} in this plan; choose another day")
    return found


def list_sheets(loaded: Loaded, plan: Plan, day: date, machine_id: str = "") -> list[Sheet]:
    """The sheets of a day, by machine."""
    found: dict[str, list[StopRow]] = {}
    for row in stop_rows(loaded.region, replace(plan, crews=_crewed(loaded, plan))):
        if day in row.worked and machine_id in ("", row.machine.id):
            found.setdefault(row.machine.id, []).append(row)
    driver = {crew.machine_id: crew.operator_id for crew in plan.crews if crew.date == day}
    machines, operators = loaded.rows.machine_of, loaded.rows.operator_of
    return [
        Sheet(one, machines.get(one, one), operators.get(driver.get(one, ""), None), rows, day)
        for one, rows in sorted(found.items())
    ]


def _crewed(loaded: Loaded, plan: Plan) -> Any:
    """All crews of machines that the plan still shows: a stop is worked on by whoever drives then."""
    on = {route.machine_id for route in plan.routes}
    return tuple(crew for crew in loaded.plan.crews if crew.machine_id in on)


def of_day(loaded: Loaded, plan: Plan, day: date | None, machine_id: str) -> Plan:
    """The plan cut to a day, a machine, or both."""
    routes = tuple(route for route in plan.routes if machine_id in ("", route.machine_id))
    crews = tuple(crew for crew in _crewed(loaded, plan) if day in (None, crew.date))
    return replace(plan, routes=routes, crews=crews)


def send(scope: Scope, row: PlanRow, loaded: Loaded, day: date, machine_id: str = "") -> tuple[int, list[str]]:
    """(how many operators are told, who cannot be): a notice each with the day's work."""
    notices, without = [], []
    for sheet in list_sheets(loaded, loaded.plan, day, machine_id):
        if sheet.operator is None or sheet.operator.person_id is None:
            without.append(str(sheet.operator or sheet.machine))
            continue
        text, text_en = _words(sheet)
        notices.append(
            Notice(
                org_id=sheet.operator.org_id,
                person=sheet.operator.person,
                about=f"sheet:{row.pk}:{sheet.machine_id}"[:60],
                text=text,
                text_en=text_en,
            )
        )
    Notice.objects.bulk_create(notices)
    log("SheetsSent", f"plan:{row.pk}", scope=scope, org_id=row.org_id, day=day.isoformat(), told=len(notices))
    return len(notices), without


def _words(sheet: Sheet) -> tuple[str, str]:
    day = sheet.day
    head = f"{day.month}月{day.day}日 {sheet.machine} 作业单："
    head_en = f"{day.isoformat()}, {sheet.machine}: "
    lines, lines_en = [], []
    for row in sheet.stops:
        start, end = row.worked[day]
        at = f"{start:%H:%M}-{end:%H:%M}"
        what, size = zh(OPERATIONS, row.job.operation), f"{mu(row.stop.area_ha):.1f}亩"
        lines.append(f"{at} {row.field.name}（{row.field.place}）{what} {size}")
        lines_en.append(
            f"{at} {row.field.name} ({row.field.place}), {en(OPERATIONS, row.job.operation)}, {row.stop.area_ha:.2f} ha"
        )
    return head + "；".join(lines) + "。", head_en + "; ".join(lines_en) + "."
