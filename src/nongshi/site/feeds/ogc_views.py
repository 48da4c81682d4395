"""Addresses of OGC API Features: JSON for programs, and one page for people that says how to use it."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from nongshi.core.errors import NongshiError, NotFound
from nongshi.site.base.limits import address_of, check_rate
from nongshi.site.base.problems import problem, problem_response
from nongshi.site.feeds import ogc
from nongshi.site.feeds.asking import Unknown, scope_asked
from nongshi.site.feeds.ogc_query import check_format, read_query
from nongshi.site.feeds.ogc_rows import COLLECTIONS, Collection

ASKED_A_MIN = 600  # assumption: a map program that pages through a district
View = Callable[..., tuple[dict[str, Any], str]]


def _document(view: View) -> Callable[..., HttpResponse]:
    """A view that gives a document and its media type, as an answer with ETag; faults as problem+json."""

    @csrf_exempt  # nothing changes here: another method is answered with 405, not with a page about forms
    @transaction.non_atomic_requests  # it only reads: on SQLite a transaction would keep writers waiting
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        try:
            check_rate("ogc", address_of(request), times=ASKED_A_MIN)
            check_format(request.GET)
            said, kind = view(request, *given, **named)
        except Unknown as fault:
            response = problem_response(401, fault.code, str(fault), instance=request.path)
            response.headers["WWW-Authenticate"] = 'Bearer realm="nongshi"'
            return response
        except NongshiError as fault:
            return problem(fault, instance=request.path)
        return _tagged(request, json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(), kind)

    return answer


def _tagged(request: HttpRequest, body: bytes, kind: str) -> HttpResponse:
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'  # weak: it may travel compressed
    known = [one.strip() for one in str(request.headers.get("If-None-Match", "")).split(",")]
    same = tag in known or f"{tag[2:]}" in known
    response = HttpResponse(status=304) if same else HttpResponse(body, content_type=kind)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Cookie, Accept-Language"
    return response


def _root() -> str:
    return f"{settings.SITE_URL}{reverse('feeds:ogc')}".rstrip("/")


def _collection(name: str) -> Collection:
    if name not in COLLECTIONS:
        raise NotFound(f"no collection {name}; there is: {', '.join(COLLECTIONS)}")
    return COLLECTIONS[name]


@_document
def landing(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """Where everything is; open to everybody."""
    return ogc.landing(_root()), ogc.JSON


@_document
def api(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """The description for programs; open to everybody."""
    return ogc.openapi(_root()), ogc.OPENAPI


@_document
def conformance(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """What of the standard holds; open to everybody."""
    return {"conformsTo": list(ogc.CONFORMS)}, ogc.JSON


@_document
def collections(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """The collections."""
    return ogc.collections(_root(), scope_asked(request)), ogc.JSON


@_document
def collection(request: HttpRequest, name: str) -> tuple[dict[str, Any], str]:
    """One collection."""
    return ogc.collection(_root(), _collection(name), scope_asked(request)), ogc.JSON


@_document
def items(request: HttpRequest, name: str) -> tuple[dict[str, Any], str]:
    """A page of features."""
    one, scope = _collection(name), scope_asked(request)
    query = read_query(request.GET, one.filters)
    here = f"{_root()}/collections/{name}"

    def page_at(offset: int) -> str:
        said = request.GET.copy()
        said["offset"], said["limit"] = str(offset), str(query.limit)
        return f"{here}/items?{said.urlencode()}"

    return ogc.items(here, one, scope, query, page_at), ogc.GEOJSON


@_document
def item(request: HttpRequest, name: str, number: str) -> tuple[dict[str, Any], str]:
    """One feature."""
    one, scope = _collection(name), scope_asked(request)
    if not number.isdecimal() or len(number) > 18:
        raise NotFound(f"no {name} {number[:40]}; ids are whole numbers")
    return ogc.item(_root(), one, scope, int(number)), ogc.GEOJSON


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """How to use it, for people."""
    rows = [(one, f"{_root()}/collections/{one.id}/items") for one in COLLECTIONS.values()]
    return render(request, "feeds/ogc.html", {"root": f"{_root()}/", "rows": rows})
