"""Reading events files (docs/formats.md, Events): what happened after a plan was made, or all that is wrong with it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from nongshi.core.errors import BadUsage, NotFound
from nongshi.core.events import (
    DryerDown,
    Event,
    Events,
    JobArea,
    JobCancelled,
    MachineArrived,
    MachineDown,
    OperatorIll,
    Rain,
    UrgentJob,
)
from nongshi.core.plan import Plan
from nongshi.core.region import Job, Machine, Operator, Region
from nongshi.core.times import midnight
from nongshi.dispatch.event_checks import list_faults
from nongshi.files.faults import Faults
from nongshi.files.plan_nodes import Node
from nongshi.files.region_rows import LICENCES, make_job, make_machine, make_operator
from nongshi.files.rows import Row, parse_day, parse_moment
from nongshi.files.tables import read_text

FORMAT = "nongshi-events/1"
KINDS: Mapping[str, tuple[str, ...]] = {  # kind -> its keys; those behind an equals sign may be left out
    "machine_down": ("machine_id", "from", "to"),
    "operator_ill": ("operator_id", "from", "to"),
    "rain": ("from", "to", "=machine_class"),
    "job_area": ("job_id", "area_ha"),
    "job_cancelled": ("job_id", "=keep_followers"),
    "urgent_job": ("job",),
    "dryer_down": ("dryer_id", "from", "to"),
    "machine_arrived": ("machine", "=operator"),
}
ALIASES: Mapping[str, str] = {
    "machine_broken": "machine_down",
    "breakdown": "machine_down",
    "operator_sick": "operator_ill",
    "operator_absent": "operator_ill",
    "job_longer": "job_area",
    "job_shorter": "job_area",
    "job_canceled": "job_cancelled",
    "new_job": "urgent_job",
    "dryer_broken": "dryer_down",
    "new_machine": "machine_arrived",
}


def read_events(path: Path, region: Region, plan: Plan, *, now: str | None = None) -> Events:
    """Read the events that have come to a plan, in the region's wall time; `now` goes before the file's own.

    Raises:
        NotFound: there is no such file.
        BadUsage: `now` is no local time.
        BadFiles: all that is wrong, `column` naming the place, such as events[3].job_id.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound(f"{path} is not a file; name the events file (docs/formats.md, Events)")
    faults = Faults()
    root = _root(path, faults)
    faults.check()
    moment = _now(root, region, now)
    reader = _Reader(path.name, region, faults)
    numbered = [(i, event) for i, node in enumerate(root.nodes("events")) if (event := reader.event(i, node))]
    if moment is not None:
        for fault in list_faults(region, plan, moment, numbered, file=path.name):
            faults.add(fault.file, fault.problem, fault.mend, column=fault.column, value=fault.value)
    faults.check()
    assert moment is not None
    return Events(now=moment, events=tuple(event for _, event in numbered))


def _root(path: Path, faults: Faults) -> Node:
    text = read_text(path, faults)
    faults.check()
    try:
        document = json.loads(text or "")
    except (ValueError, RecursionError) as error:
        faults.add(path.name, f"is no JSON: {error}", "correct it there; docs/formats.md shows an example")
        document = None
    faults.check()
    root = Node(path.name, "$", document, faults)
    if root.usable and root.keys.get("format") != FORMAT:
        root.fault("format", f"is no events file of format {FORMAT}", f'begin it with "format": "{FORMAT}"')
    return root


def _now(root: Node, region: Region, now: str | None) -> datetime | None:
    """The moment of planning; None where the file's own is faulty."""
    if now is not None:
        moment = parse_moment(now)
        if moment is None:
            raise BadUsage(f"--now {now} is not a local time; write YYYY-MM-DDTHH:MM, such as 2026-11-03T06:00")
        return moment.replace(tzinfo=region.tz)
    if "now" not in root.keys:
        root.fault("now", "the key is missing", 'add "now": "2026-11-03T06:00", or give --now')
        return None
    known = root.fault_count
    moment = root.moment("now", region.tz)
    return moment if root.fault_count == known else None


class _PlacedFaults(Faults):
    """Takes the faults of a table's row and passes them on under a place of the events file."""

    def __init__(self, file: str, place: str, faults: Faults) -> None:
        super().__init__()
        self._to, self._file, self._place = faults, file, place

    def add(
        self,
        file: str,
        problem: str,
        mend: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> None:
        """Note one fault; a JSON document has keys and no rows."""
        place = self._place if column is None else f"{self._place}.{column}"
        self._to.add(self._file, problem, mend, column=place, value=value)


class _Reader:
    """Makes events of nodes; gives None, and notes why, where one cannot be made."""

    def __init__(self, file: str, region: Region, faults: Faults) -> None:
        self._file, self._region, self._faults = file, region, faults

    def event(self, i: int, listed: Node) -> Event | None:
        """One item of the list; its faults stand at events[i]."""
        if not listed.usable:
            return None
        node, known = Node(self._file, f"events[{i}]", listed.keys, self._faults), len(self._faults)
        given = node.text("kind").strip().lower().replace("-", "_").replace(" ", "_")
        kind = ALIASES.get(given, given)
        if kind not in KINDS:
            if given:
                node.fault("kind", "is no kind of event", f"use one of: {', '.join(KINDS)}")
            return None
        self._check_keys(node, kind)
        event = self._make(kind, node, f"events[{i}]")
        return event if len(self._faults) == known else None

    def _check_keys(self, node: Node, kind: str) -> None:
        """A slip in a key that may be left out would be passed over in silence."""
        optional = [key[1:] for key in KINDS[kind] if key.startswith("=")]
        for key in node.keys:
            near = get_close_matches(key, optional, 1, 0.8)
            if key not in optional and near and near[0] not in node.keys:
                node.fault(key, "is no key of this event", f"did you mean {near[0]}?")

    def _make(self, kind: str, node: Node, place: str) -> Event | None:
        match kind:
            case "machine_down":
                return MachineDown(machine_id=node.text("machine_id"), **self._span(node))
            case "rain":
                return Rain(machine_class=node.text("machine_class", default="") or None, **self._span(node))
            case "operator_ill":
                return OperatorIll(operator_id=node.text("operator_id"), first=node.day("from"), last=node.day("to"))
            case "dryer_down":
                return DryerDown(dryer_id=node.text("dryer_id"), first=node.day("from"), last=node.day("to"))
            case "job_area":
                return JobArea(job_id=node.text("job_id"), area_ha=node.number("area_ha", least=None))
            case "job_cancelled":
                keeps = node.keys.get("keep_followers") or False
                if not isinstance(keeps, bool):
                    node.fault("keep_followers", "is neither true nor false", "write true or false, without quotes")
                return JobCancelled(job_id=node.text("job_id"), keep_followers=bool(keeps))
            case "urgent_job":
                job = self._job(node, place)
                return None if job is None else UrgentJob(job=job)
            case _:
                machine, operator = self._machine(node, place), self._operator(node, place)
                return None if machine is None else MachineArrived(machine=machine, operator=operator)

    def _span(self, node: Node) -> dict[str, datetime]:
        """from and to; a bare date means its first moment, or in `to` its last."""
        return {"since": self._moment(node, "from", 0), "until": self._moment(node, "to", 1)}

    def _moment(self, node: Node, key: str, bare_days: int) -> datetime:
        day = parse_day(str(node.keys.get(key, "")))
        if day is not None:
            return midnight(day + timedelta(days=bare_days), self._region.tz)
        return node.moment(key, self._region.tz)

    def _job(self, node: Node, place: str) -> Job | None:
        row = self._row(node, "job", place)
        region = self._region
        return (
            None
            if row is None
            else _sound(row, make_job(row, fields=region.field_of, curves=region.curve_of, tz=region.tz))
        )

    def _machine(self, node: Node, place: str) -> Machine | None:
        row = self._row(node, "machine", place)
        return (
            None if row is None else _sound(row, make_machine(row, classes=self._region.class_of, tz=self._region.tz))
        )

    def _operator(self, node: Node, place: str) -> Operator | None:
        row = self._row(node, "operator", place) if node.given("operator") else None
        licences = LICENCES | {c.licence for c in self._region.machine_classes if c.licence}
        return None if row is None else _sound(row, make_operator(row, licences=licences))

    def _row(self, node: Node, key: str, place: str) -> Row | None:
        """A table's row behind a key: the same names, units and checks as in the region's files."""
        inner = node.node(key)
        if not inner.usable:
            return None
        faults = _PlacedFaults(self._file, f"{place}.{key}", self._faults)
        return Row(self._file, 0, {name: _cell(value) for name, value in inner.keys.items()}, faults)


def _sound(row: Row, noun: Any) -> Any:
    return noun if row.sound else None


def _cell(value: Any) -> str:
    """The text that would stand in a table's cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ";".join(f"{key}:{_cell(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ";".join(map(_cell, value))
    return str(value).strip()
