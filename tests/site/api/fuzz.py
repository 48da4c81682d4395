"""The whole API asked by schemathesis: requests made from the schema, sound and broken, and chains along its links."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import GenerationMode
from tests.site.api.matrix import API
from tests.site.api.two import undone

from nongshi.site.api.document import make_document

EXAMPLES = int(os.environ.get("NONGSHI_FUZZ_EXAMPLES", "2"))  # of each operation
CHAINS = int(os.environ.get("NONGSHI_FUZZ_CHAINS", "3"))
STEPS = 12
# Days that have passed, fields too small: words of the trade that no schema says. Such requests are refused by right.
LEFT_OUT = ("positive_data_acceptance", "missing_required_header", "use_after_free", "ensure_resource_availability")
QUIET = {
    "deadline": None,
    "derandomize": EXAMPLES <= 4,  # the same requests each time in CI
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate),
}


def make_schema() -> Any:
    """The schema with the site behind it."""
    schema = schemathesis.openapi.from_dict(make_document())
    schema.app = WSGIHandler()
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    return schema


def plain(head: dict[str, str]) -> dict[str, str]:
    """Answers as they are: schemathesis does not unpack those of a WSGI application."""
    return head | {"Accept-Encoding": "identity"}


def fill(case: Any, side: Any) -> None:
    """Ids that are there in place of those drawn: else every request would end at 404."""
    entry = API[case.operation.definition.raw["operationId"]]
    for name, row in entry.path.items():
        if name in (case.path_parameters or {}):
            case.path_parameters[name] = getattr(side, row).pk
    if "If-Match" in (case.headers or {}):
        case.headers["If-Match"] = "*"
    if isinstance(case.body, dict):
        named = {"org_id": side.org, "field_id": side.field, "to_id": side.third}
        named |= dict.fromkeys(("grower_id", "owner_id", "person_id"), side.person)
        named |= {"machine_id": side.machine, "operator_id": side.operator}
        for name in named.keys() & case.body.keys():
            if isinstance(case.body[name], int):
                case.body[name] = named[name].pk
        today = timezone.localdate()
        for name, days in (("since", 0), ("until", 3)):
            if isinstance(case.body.get(name), str):
                case.body[name] = str(today + timedelta(days=days))


def ask(case: Any, head: dict[str, str]) -> Any:
    """One request and every check of its answer."""
    response = case.call(headers=plain(head))
    case.validate_response(response, headers=plain(head), excluded_checks=left_out())
    return response


def left_out() -> list[Any]:
    """Checks that do not fit us."""
    return [check for check in schemathesis.checks.CHECKS.get_all() if check.__name__ in LEFT_OUT]


def ask_each(schema: Any, head: dict[str, str], side: Any) -> list[str]:
    """Every operation some times, the sound requests at rows that are there; what did not hold."""
    wrong = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                _ask_some(operation, mode, head, side)
            except (Exception, BaseExceptionGroup) as fault:
                wrong.append(f"{operation.label}: {fault} {getattr(fault, 'exceptions', '')}")
    return wrong


def _ask_some(operation: Any, mode: GenerationMode, head: dict[str, str], side: Any) -> None:
    @settings(max_examples=EXAMPLES, **QUIET)
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        with undone():
            if mode == GenerationMode.POSITIVE:
                fill(case, side)
            ask(case, head)

    one()


def follow_links(schema: Any, head: dict[str, str]) -> None:
    """Chains of requests, each made from what the one before answered."""

    class Chain(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": plain(head)}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            case.validate_response(response, headers=plain(head), excluded_checks=left_out())

    run_state_machine_as_test(Chain, settings=settings(max_examples=CHAINS, stateful_step_count=STEPS, **QUIET))


@contextmanager
def kept_connection() -> Iterator[None]:
    """Requests of the WSGI handler stay in the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
