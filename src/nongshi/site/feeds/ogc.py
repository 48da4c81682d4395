"""The documents of OGC API Features (OGC 17-069r4, Part 1: Core, GeoJSON, OpenAPI 3.0)."""

from collections.abc import Mapping
from typing import Any

import nongshi
from nongshi.site.base.scope import Scope
from nongshi.site.feeds.ogc_query import LIMIT, LIMIT_MAX, Query
from nongshi.site.feeds.ogc_rows import COLLECTIONS, Collection

JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
)
CRS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def link(href: str, rel: str, kind: str, title: str) -> dict[str, str]:
    """A link as OGC documents carry it."""
    return {"href": href, "rel": rel, "type": kind, "title": title}


def landing(root: str) -> dict[str, Any]:
    """Where everything is."""
    return {
        "title": "Nongshi",
        "description": "Fields, field jobs and machines in the reader's sight.",
        "links": [
            link(f"{root}/", "self", JSON, "This document"),
            link(f"{root}/api", "service-desc", OPENAPI, "The API as OpenAPI 3.0"),
            link(f"{root}/page", "service-doc", "text/html", "How to use it"),
            link(f"{root}/conformance", "conformance", JSON, "Conformance classes"),
            link(f"{root}/collections", "data", JSON, "Collections"),
        ],
    }


def collections(root: str, scope: Scope) -> dict[str, Any]:
    """All collections."""
    return {
        "links": [link(f"{root}/collections", "self", JSON, "This document")],
        "collections": [collection(root, one, scope) for one in COLLECTIONS.values()],
    }


def collection(root: str, one: Collection, scope: Scope) -> dict[str, Any]:
    """One collection, with the extent of what the reader sees of it."""
    here = f"{root}/collections/{one.id}"
    said = {
        "id": one.id,
        "title": str(one.title),
        "description": str(one.description),
        "itemType": "feature",
        "crs": [CRS],
        "links": [
            link(here, "self", JSON, "This document"),
            link(f"{here}/items", "items", GEOJSON, str(one.title)),
        ],
    }
    extent = _extent(one.extent(one.model.objects.seen_by(scope)))
    return said | ({"extent": extent} if extent else {})


def _extent(found: Mapping[str, Any]) -> dict[str, Any]:
    if found["west"] is None:
        return {}
    bbox = [round(found[side], 7) for side in ("west", "south", "east", "north")]
    extent: dict[str, Any] = {"spatial": {"bbox": [bbox], "crs": CRS}}
    if found.get("since") is not None:
        extent["temporal"] = {"interval": [[found["since"].isoformat(), found["until"].isoformat()]], "trs": GREGORIAN}
    return extent


def items(here: str, one: Collection, scope: Scope, query: Query, page_at: Any) -> dict[str, Any]:
    """One page of a collection; `page_at(offset)` is the address of another."""
    rows = one.rows(scope, query)
    matched = rows.count()
    features = one.page(rows, query) if query.offset < matched else []
    links = [
        link(page_at(query.offset), "self", GEOJSON, "This page"),
        link(here, "collection", JSON, str(one.title)),
    ]
    if query.offset + len(features) < matched and features:
        links.append(link(page_at(query.offset + query.limit), "next", GEOJSON, "Next page"))
    if query.offset > 0:
        links.append(link(page_at(max(0, query.offset - query.limit)), "prev", GEOJSON, "Page before"))
    return {
        "type": "FeatureCollection",
        "features": features,
        "links": links,
        "numberMatched": matched,
        "numberReturned": len(features),
    }


def item(root: str, one: Collection, scope: Scope, pk: int) -> dict[str, Any]:
    """One feature.

    Raises:
        NotFound: none in sight.
    """
    row = one.model.objects.select_related(*one.related).get_seen(scope, pk=pk)
    here = f"{root}/collections/{one.id}"
    return {
        **one.features([row])[0],
        "links": [
            link(f"{here}/items/{pk}", "self", GEOJSON, "This feature"),
            link(here, "collection", JSON, str(one.title)),
        ],
    }


def openapi(root: str) -> dict[str, Any]:
    """The API's own description, OpenAPI 3.0."""
    paths: dict[str, Any] = {
        "/": _open(_get("Landing page", JSON)),
        "/conformance": _open(_get("Conformance classes", JSON)),
        "/collections": _get("Collections", JSON),
    }
    for one in COLLECTIONS.values():
        here = f"/collections/{one.id}"
        paths[here] = _get(f"Collection {one.id}", JSON)
        paths[f"{here}/items"] = _get(f"Items of {one.id}", GEOJSON, _parameters(one))
        number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
        paths[f"{here}/items/{{id}}"] = _get(f"One of {one.id}", GEOJSON, [number])
    return {
        "openapi": "3.0.3",
        "info": {"title": "Nongshi features", "version": nongshi.__version__},
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}],
    }


def _open(path: dict[str, Any]) -> dict[str, Any]:
    """A path that needs no key."""
    path["get"]["security"] = []
    return path


def _parameters(one: Collection) -> list[dict[str, Any]]:
    degrees = {"type": "number", "minimum": -180, "maximum": 180}
    sizes = [{"minItems": n, "maxItems": n} for n in (4, 6)]
    box = {"type": "array", "items": degrees, "oneOf": sizes}
    limit = {"type": "integer", "minimum": 1, "default": LIMIT, "description": f"more than {LIMIT_MAX} is {LIMIT_MAX}"}
    return [
        {"name": "bbox", "in": "query", "schema": box, "style": "form", "explode": False},
        {"name": "datetime", "in": "query", "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "schema": limit},
        {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}},
        *({"name": name, "in": "query", "schema": one.schemas.get(name, {"type": "string"})} for name in one.filters),
    ]


def _get(summary: str, kind: str, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    schema = {"schema": {"type": "object"}}
    answers = {"200": {"description": summary, "content": {kind: schema}}}
    for status, words in (("400", "A parameter cannot be right"), ("401", "No key"), ("404", "Not there")):
        answers[status] = {"description": words, "content": {"application/problem+json": schema}}
    return {"get": {"summary": summary, "parameters": parameters or [], "responses": answers}}
