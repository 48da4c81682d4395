"""The API as one: routers of all apps, joined; faults go through to the wrapper that names them (base.api_http)."""

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.operation import Operation, PathView

from nongshi.core.errors import NotFound
from nongshi.site.base.api import router as people
from nongshi.site.base.api_http import SAFE, StrictParser, guard
from nongshi.site.feeds.api import router as webhooks
from nongshi.site.forecasts.api import router as forecasts
from nongshi.site.jobs.api import router as jobs
from nongshi.site.money.api import router as money
from nongshi.site.orders.api import router as orders
from nongshi.site.plans.api_reports import router as reports
from nongshi.site.register.api import router as register
from nongshi.site.seasons.api import router as plans  # with those of seasons on it
from nongshi.site.training.api import router as training
from nongshi.site.work.api import router as work

ROUTERS = (people, register, jobs, plans, reports, forecasts, training, work, orders, money, webhooks)


class Joined(NinjaAPI):
    """Operations are called as their functions are."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function."""
        return str(operation.view_func.__name__)

    def on_exception(self, request: HttpRequest, exc: Any) -> NoReturn:
        """Up to the wrapper, out of the transaction."""
        raise exc


api = Joined(title="Nongshi", version="1", urls_namespace="api", docs_url=None, openapi_url=None, parser=StrictParser())
for _router in ROUTERS:
    api.add_router("", _router)


def list_paths() -> Iterator[tuple[str, PathView]]:
    """Every address of the API as ninja writes it, and its operations."""
    for bound in api._get_bound_routers():
        yield from bound.path_operations.items()


def right_of(operation: Operation) -> str:
    """Which right of a key an operation needs."""
    said = (operation.openapi_extra or {}).get("x-right")
    return str(said or ("read" if set(operation.methods) <= SAFE else "write"))


def make_patterns() -> list[URLPattern]:
    """The addresses, each behind the wrapper."""
    return [
        path(re.sub(r"{(\w+)}", r"<\1>", name.lstrip("/")), _guarded(view), name=view.operations[0].view_func.__name__)
        for name, view in list_paths()
    ]


def _guarded(view: PathView) -> Any:
    rights = {method: right_of(operation) for operation in view.operations for method in operation.methods}
    return guard(view.get_view(), rights.get)


def nothing_here(request: HttpRequest, **_: object) -> HttpResponse:
    """An address that the API does not have."""
    raise NotFound(f"the API has no address {request.path}")
