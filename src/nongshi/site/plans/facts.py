"""What has happened in a season and holds for its plans: kept with the season, for its rows may be other people's.

A breakdown that the leading organisation is told of may be of a member's machine, whose row it does not change; so the
season remembers it, and every region made from the season has it. Kept in `Season.head["facts"]`:
`down` machine -> spans, `off` operator -> days, `dryers` dryer -> spans of days, `area` job -> ha, `out` jobs.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.core.region import Region
from nongshi.core.times import wall
from nongshi.dispatch.event_region import scaled

Facts = dict[str, Any]


def with_facts(region: Region, facts: Mapping[str, Any]) -> Region:
    """The region as it is after all that is remembered; ids that are no longer there are passed over."""
    if not facts:
        return region
    tz, out = region.tz, set(facts.get("out", ()))
    down, off, area = (facts.get(name, {}) for name in ("down", "off", "area"))
    jobs = [job for job in region.jobs if job.id not in out]
    jobs = [scaled(job, float(area[job.id])) if job.id in area else job for job in jobs]
    jobs = [replace(job, after_job_id=None, after_h=0.0) if job.after_job_id in out else job for job in jobs]
    idle = facts.get("dryers", {})
    return replace(
        region,
        jobs=tuple(jobs),
        machines=tuple(
            replace(m, down=_merged(m.down, [_span(one, tz) for one in down[m.id]])) if m.id in down else m
            for m in region.machines
        ),
        operators=tuple(
            replace(o, off_days=o.off_days | {date.fromisoformat(day) for day in off[o.id]}) if o.id in off else o
            for o in region.operators
        ),
        dryers=tuple(
            replace(d, down=_merged(d.down, [_days(one) for one in idle[d.id]])) if d.id in idle else d
            for d in region.dryers
        ),
    )


def facts_between(before: Region, after: Region, facts: Mapping[str, Any]) -> Facts:
    """What is remembered from now on: what was, and what events have changed between two regions of the season."""
    found: Facts = {name: dict(facts.get(name, {})) for name in ("down", "off", "dryers", "area")}
    found["out"] = list(facts.get("out", ()))
    for machine in after.machines:
        old = before.machine_of.get(machine.id)
        new = [span for span in machine.down if old is not None and span not in old.down]
        if new:
            said = [[wall(since, seconds=False), wall(until, seconds=False)] for since, until in new]
            found["down"][machine.id] = [*found["down"].get(machine.id, []), *said]
    for operator in after.operators:
        known = before.operator_of.get(operator.id)
        days = sorted(operator.off_days - known.off_days) if known is not None else []
        if days:
            found["off"][operator.id] = [*found["off"].get(operator.id, []), *(day.isoformat() for day in days)]
    was = {dryer.id: dryer for dryer in before.dryers}
    for dryer in after.dryers:
        spans = [span for span in dryer.down if dryer.id in was and span not in was[dryer.id].down]
        if spans:
            said = [[first.isoformat(), last.isoformat()] for first, last in spans]
            found["dryers"][dryer.id] = [*found["dryers"].get(dryer.id, []), *said]
    for job in before.jobs:
        now = after.job_of.get(job.id)
        if now is None:
            found["out"].append(job.id)
        elif now.area_ha != job.area_ha:
            found["area"][job.id] = now.area_ha
    return found


def _merged(known: tuple[Any, ...], more: list[Any]) -> tuple[Any, ...]:
    return (*known, *(span for span in more if span not in known))


def _span(said: list[str], tz: ZoneInfo) -> tuple[datetime, datetime]:
    since, until = (datetime.fromisoformat(moment).replace(tzinfo=tz) for moment in said)
    return since, until


def _days(said: list[str]) -> tuple[date, date]:
    return date.fromisoformat(said[0]), date.fromisoformat(said[1])
