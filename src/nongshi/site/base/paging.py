"""Lists of the API: pages with their total, and rows read as values, each with its etag."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from ninja import Query, Schema
from pydantic import Field
from pydantic_core import to_json

from nongshi.core.errors import NotFound
from nongshi.site.base.api_types import Shown
from nongshi.site.base.etag import check_match, etag_of

LIMIT, LIMIT_MAX, PAGE_MAX = 50, 200, 100_000
JSON = "application/json"
T = TypeVar("T")


class Page(Schema, Generic[T]):
    """Some rows of a list."""

    rows: list[T]
    total: int = Field(description="rows of all pages")
    page: int
    limit: int


class Paging(Schema):
    """Which part of a list."""

    page: Annotated[int, Field(ge=1, le=PAGE_MAX)] = 1
    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX, description="rows a page")] = LIMIT


Pages = Annotated[Paging, Query()]


def once_each(rows: QuerySet) -> QuerySet:
    """The same rows, each once, where the way to their organisation has many branches."""
    model = rows.model
    return model.objects.filter(pk__in=rows.values("pk"))


def answer_page(request: HttpRequest, shown: type[Shown], rows: QuerySet, paging: Paging) -> HttpResponse:
    """One page of rows."""
    total = rows.count()
    first = (paging.page - 1) * paging.limit
    found = texts_of(shown, read(shown, rows)[first : first + paging.limit]) if first < total else []
    response = _page(found, total, paging)
    response.headers["Link"] = _links(request, total, paging)
    return response


def answer_listed(request: HttpRequest, found: Sequence[Any], paging: Paging) -> HttpResponse:
    """One page of what is at hand already."""
    first = (paging.page - 1) * paging.limit
    part = [to_json(one) for one in found[first : first + paging.limit]]
    response = _page(part, len(found), paging)
    response.headers["Link"] = _links(request, len(found), paging)
    return response


def answer_one(shown: type[Shown], rows: QuerySet, *, status: int = 200, **which: Any) -> HttpResponse:
    """One row with its ETag.

    Raises:
        NotFound: it is not among `rows`.
    """
    body, tag = _text_and_tag(shown, _one(shown, rows, which))
    response = HttpResponse(body, status=status, content_type=JSON)
    response.headers["ETag"] = tag
    return response


def answer_json(value: Any, *, status: int = 200) -> HttpResponse:
    """Anything as JSON."""
    return HttpResponse(to_json(value), status=status, content_type=JSON)


def check_version(request: HttpRequest, shown: type[Shown], rows: QuerySet, **which: Any) -> int:
    """The version of a row that is about to be changed, once If-Match agrees; the row stays locked.

    Raises:
        NotFound: it is not among `rows`.
    """
    locked = rows.model.objects.select_for_update().filter(**which).values_list("pk")
    list(locked)
    row = _one(shown, rows, which)
    check_match(request, _text_and_tag(shown, row)[1])
    return int(row["version"])


def read(shown: type[Shown], rows: QuerySet) -> QuerySet:
    """The query of a representation."""
    plain = [name for name in shown.model_fields if name not in shown.paths and name not in shown.made | {"etag"}]
    return rows.values(*plain, *shown.raw, **{name: F(path) for name, path in shown.paths.items()})


def texts_of(shown: type[Shown], rows: Iterable[dict[str, Any]]) -> list[bytes]:
    """Rows as JSON texts, each with its etag."""
    return [_text_and_tag(shown, row)[0] for row in rows]


def _text_and_tag(shown: type[Shown], row: dict[str, Any]) -> tuple[bytes, str]:
    body = to_json(shown.shape(row), inf_nan_mode="null")
    tag = etag_of(body, row.get("version"))
    if "etag" not in shown.model_fields:
        return body, tag
    return b'{"etag":' + to_json(tag) + b"," + body[1:], tag


def _one(shown: type[Shown], rows: QuerySet, which: dict[str, Any]) -> dict[str, Any]:
    found = read(shown, rows.filter(**which)).first()
    if found is None:
        said = ", ".join(f"{name} {value}" for name, value in which.items())
        raise NotFound(f"no {rows.model._meta.verbose_name_raw} with {said}")
    return found


def _page(texts: list[bytes], total: int, paging: Paging) -> HttpResponse:
    tail = f'],"total":{total},"page":{paging.page},"limit":{paging.limit}}}'
    return HttpResponse(b'{"rows":[' + b",".join(texts) + tail.encode(), content_type=JSON)


def _links(request: HttpRequest, total: int, paging: Paging) -> str:
    last = max(1, -(-total // paging.limit))
    places = {"first": 1, "prev": paging.page - 1, "next": paging.page + 1, "last": last}
    query: QueryDict = request.GET.copy()
    found = []
    for name, page in places.items():
        if 1 <= page <= last:
            query["page"], query["limit"] = page, paging.limit
            found.append(f'<{request.path}?{query.urlencode()}>; rel="{name}"')
    return ", ".join(found)
