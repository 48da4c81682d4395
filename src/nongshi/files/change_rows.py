"""Changes between two plans as plain data: for the `changes` and `calls` of a plan file, and for --json."""

from collections.abc import Sequence
from typing import Any

from nongshi.core.times import wall
from nongshi.dispatch.changes import Call, Change, Served


def change_rows(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """One mapping a change, in the order given (docs/formats.md, Events)."""
    return [
        {
            "job_id": change.job_id,
            "kind": change.kind.value,
            "kinds": [kind.value for kind in change.kinds],
            "before": [_served(one) for one in change.before],
            "after": [_served(one) for one in change.after],
            "reason": change.reason.en,
            "reason_zh": change.reason.zh,
            "call": [{"role": p.role.value, "id": p.id, "place": p.place} for p in change.call],
        }
        for change in changes
    ]


def call_rows(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """One mapping a person."""
    return [
        {
            "role": call.person.role.value,
            "id": call.person.id,
            "place": call.person.place,
            "job_ids": [change.job_id for change in call.changes],
        }
        for call in calls
    ]


def _served(served: Served) -> dict[str, Any]:
    return {
        "part": served.part,
        "machine_id": served.machine_id,
        "operator_id": served.operator_id,
        "start": wall(served.start),
        "end": wall(served.end),
    }
