"""Faults as HTTP: one table of statuses, answers as problem+json (RFC 9457)."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from nongshi.core.errors import BadFiles, BadInput, BadUsage, NongshiError, NotFound, NotPlannable
from nongshi.site.base.faults import Forbidden, InFlight, Outdated, TooMany

STATUSES: Mapping[type[NongshiError], int] = {
    TooMany: 429,
    Outdated: 409,
    InFlight: 409,
    Forbidden: 403,
    NotFound: 404,
    NotPlannable: 409,
    BadUsage: 400,
    BadInput: 422,
    NongshiError: 500,
}


def status_of(fault: NongshiError) -> int:
    """The HTTP status of a named fault."""
    return next(status for kind, status in STATUSES.items() if isinstance(fault, kind))


def problem(fault: NongshiError, *, instance: str = "") -> HttpResponse:
    """The answer that tells a program what went wrong."""
    more: dict[str, Any] = {}
    if isinstance(fault, BadFiles):
        more["faults"] = [
            {"file": f.file, "row": f.row, "column": f.column, "value": f.value, "problem": f.problem, "mend": f.mend}
            for f in fault.faults
        ]
    return problem_response(status_of(fault), fault.code, str(fault), instance=instance, **more)


def problem_response(status: int, code: str, detail: str, *, instance: str = "", **more: Any) -> HttpResponse:
    """problem+json by its parts."""
    body = {"type": f"urn:nongshi:{code}", "title": code.replace("_", " "), "status": status, "detail": detail}
    if instance:
        body["instance"] = instance
    return HttpResponse(
        json.dumps(body | more, ensure_ascii=False, default=str), status=status, content_type="application/problem+json"
    )
