"""The OpenAPI document: ninja's, with what the wrapper round every operation adds to it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from nongshi.site.api.links import LINKS
from nongshi.site.api.ninja_api import api
from nongshi.site.base.api_types import Problem

PREFIX = "/api/v1"
ABOUT = """\
The site for programs. Send a key (`Authorization: Bearer nst_...`, made on your own page) with the rights it needs:
`read` for looking, `write` for changes, `plan` for making plans and putting them in force. A signed-in browser may ask
with its session's cookie and, for changes, the `X-CSRFToken` header.

A row carries an `etag`: send it as `If-Match` where a row is changed. Send an `Idempotency-Key` with every POST: the
same key and request get the same answer again, and nothing is done twice. Lists have pages (`page`, `limit` up to 200,
`Link` header). Faults are problem+json. Times are UTC or carry their offset; areas are hectares, money whole fen,
coordinates WGS 84 longitude, latitude.
"""
TAGS = {
    "people": "Who there is: oneself, organisations, people and their roles.",
    "register": "Fields, machines, operators, dryers, yards, and what is lent to others.",
    "codes": "Tables of codes with editions and sources.",
    "jobs": "Work wanted on fields.",
    "quotes": "What a job would cost and when somebody would come.",
    "orders": "Orders: price and place, booking, work, area, settlement, and marks by fact.",
    "money": "Prices, terms, accounts, statements, payments, netting.",
    "plans": "Seasons and their plans.",
    "work orders": "What a plan in force tells machines and operators to do.",
    "runs": "Long work.",
    "notices": "What people are told.",
    "events": "The log of acts.",
}
FAULTS = {
    400: "the request cannot be read, or does not go with the state of the row",
    401: "no key, or one that opens nothing",
    403: "the key or the role has no right to this",
    404: "not there, or not in sight",
    409: "in the way of another row or request",
    412: "the row was changed since you looked at it",
    413: "the request is too large",
    415: "the body is not JSON",
    422: "something given cannot be right",
    428: "If-Match is missing",
    429: "too many requests; Retry-After says when to come again",
    500: "a fault on our side",
    503: "busy; Retry-After says when to come again",
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "JobIn": {"field_id": 12, "operation": "rice_harvest", "since": "2026-11-28", "until": "2026-12-02"},
    "Confirmation": {"stars": 5},
    "Dispute": {"why": "two rows were left standing"},
    "ActIn": {"act": "dispute", "note": "the ditch was counted"},
    "QuoteIn": {"conditions": ["lodged"], "yes_to_more": True},
    "MeasureIn": {"area_ha": 0.62},
    "PriceIn": {"org_id": 10, "operation": "rice_harvest", "since": "2026-12-01", "per_ha_fen": 150000},
    "BankIn": {"org_id": 10, "text": "date,amount_yuan,name,remark,ref\n2026-11-27,930.00,张三,NS12,R1\n"},
    "Search": {"cpu_s": 20, "seed": 1},
    "YardIn": {"org_id": 10, "ref": "Y1", "name": "廊下 yard", "lon": 121.21, "lat": 30.79},
    "FieldIn": {
        "org_id": 10, "ref": "F900", "name": "东三丘", "area_ha": 0.62, "gate_lon": 121.2104, "gate_lat": 30.7871,
    },
}  # fmt: skip
Operation = dict[str, Any]


@cache
def make_document() -> dict[str, Any]:
    """The whole document."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX.strip("/")))
    document["info"] = {
        "title": "Nongshi 农时",
        "version": "1",
        "description": ABOUT,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    document["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    document["servers"] = [{"url": "/", "description": "this site"}]
    components = document["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema()
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "a key of one's own page"},
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    }
    components["responses"] = {f"Fault{status}": _fault(status, words) for status, words in FAULTS.items()}
    for name, example in EXAMPLES.items():
        components["schemas"][name]["examples"] = [example]
    document["paths"] = {
        path: {method: _whole(method, operation) for method, operation in by_method.items()}
        for path, by_method in document["paths"].items()
    }
    return json.loads(re.sub(r"Page_(\w+?)(?:Out)?_(?=[\"])", r"\1Page", json.dumps(document, ensure_ascii=False)))


def list_operations() -> Iterator[tuple[str, str, Operation]]:
    """Method, address and description of every operation."""
    for path, by_method in make_document()["paths"].items():
        for method, operation in by_method.items():
            yield method.upper(), path, operation


def _whole(method: str, operation: Operation) -> Operation:
    made = {name: value for name, value in operation.items() if not name.startswith("x-")}
    made["summary"] = operation["description"].splitlines()[0].rstrip(".")
    right = operation.get("x-right") or ("read" if method == "get" else "write")
    made["description"] = f"{operation['description'].strip()}\n\nA key needs the right to `{right}`."
    made["security"] = [{"key": []}, {"session": []}]
    made["x-right"] = right
    matched = bool(operation.get("x-match"))
    made["parameters"] = [*operation["parameters"], *_headers(method, matched)]
    statuses = {401, 403, 422, 429, 500, 503} | ({404} if "{" in str(made) or method != "get" else set())
    if method != "get":
        statuses |= {400, 409, 413, 415} | ({412, 428} if matched else set())
    responses = {str(status): _named(answer, made) for status, answer in operation["responses"].items()}
    statuses |= {404}
    if method == "get" and _has_tag(responses["200"]):
        responses["304"] = {"description": "the reader has this version already"}
    made["responses"] = responses | {
        str(status): {"$ref": f"#/components/responses/Fault{status}"} for status in sorted(statuses)
    }
    return made


def _headers(method: str, matched: bool) -> list[Operation]:
    text = {"type": "string"}
    found = []
    if matched:
        said = "the etag of the row as you saw it"
        schema = text | {"pattern": '^("[0-9a-f-]+"|\\*)$', "maxLength": 60}
        found.append({"name": "If-Match", "in": "header", "required": False, "description": said, "schema": schema})
    if method == "post":
        said = "new for every new request, the same where it is sent again"
        schema = text | {"minLength": 1, "maxLength": 80, "pattern": "^[!-~]{1,80}$"}
        found.append(
            {"name": "Idempotency-Key", "in": "header", "required": False, "description": said, "schema": schema}
        )
    return found


def _named(answer: Operation, operation: Operation) -> Operation:
    links = LINKS.get(operation["operationId"], {})
    headers = {"X-RateLimit-Remaining": {"schema": {"type": "integer"}, "description": "requests left in this minute"}}
    if _has_tag(answer):
        headers["ETag"] = {"schema": {"type": "string"}, "description": "the version of the row"}
    named = answer | {"headers": headers}
    if links:
        named["links"] = {
            name: {"operationId": target, "parameters": dict(given)} for name, (target, given) in links.items()
        }
    return named


def _has_tag(answer: Operation) -> bool:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return "$ref" in schema and "Page_" not in schema["$ref"]


def _fault(status: int, words: str) -> Operation:
    fault: Operation = {
        "description": words,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in (429, 503):
        fault["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
    return fault
