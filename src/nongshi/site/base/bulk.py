"""Many rows of a kind written at once, by statements made once a kind: no query and no model is built for each row.

For the few places where a thousand rows a second are written. Signals are not sent; ids of new rows are not told.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

PREPARED = (models.DateField, models.TimeField, models.DecimalField, models.UUIDField)  # others: as is
MOMENTS = 4096  # the same few moments are written again and again
Prepare = Callable[[Any], Any]


def insert_rows(kind: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """New rows of one kind, each column by its attribute's name; what no row names gets its default.

    All rows name the same columns.

    Raises:
        TypeError: a column that the kind does not have.
    """
    if not rows:
        return
    statement, columns = _insert(kind)
    given: list[list[Any]] = []
    for name, prepare, default in columns:
        if name in rows[0]:
            given.append([prepare(row[name]) for row in rows])
        else:
            given.append([prepare(default())] * len(rows))
    unknown = rows[0].keys() - {name for name, _, _ in columns}
    if unknown:
        raise TypeError(f"{kind.__name__} has no column {', '.join(sorted(unknown))}")
    _run(statement, list(zip(*given, strict=True)))


def update_rows(rows: Sequence[models.Model], columns: Iterable[str]) -> None:
    """Columns of rows of one kind that are there; `changed` is set where the kind has it."""
    if not rows:
        return
    kind: Any = type(rows[0])
    statement, named, moments = _update(kind, tuple(columns))
    now = [prepare(field.pre_save(kind(), False)) for field, prepare in moments]
    _run(statement, [(*[prepare(getattr(row, name)) for name, prepare in named], *now, row.pk) for row in rows])


@contextmanager
def one_trip() -> Iterator[None]:
    """What is written inside goes to the server together, and is answered together at the end.

    Raises:
        DatabaseError: at the end, where any of it failed.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        yield
        return
    database.ensure_connection()
    with database.wrap_database_errors, database.connection.pipeline():
        yield


def _run(statement: str, given: list[tuple[Any, ...]]) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        with database.cursor() as cursor:
            cursor.executemany(statement, given)
        return
    import psycopg

    database.ensure_connection()
    with database.wrap_database_errors, psycopg.Cursor(database.connection) as cursor:  # one round trip for all rows;
        cursor.executemany(statement, given)  # Django's own cursor sends row after row


def _as_is(value: Any) -> Any:
    return value


def _preparer(field: Any) -> Prepare:
    """How a value of a column is written."""
    database = connections[DEFAULT_DB_ALIAS]
    if isinstance(field, models.JSONField) and field.encoder is None and database.vendor != "postgresql":
        return json.dumps
    if isinstance(field, models.DateTimeField):
        return lru_cache(MOMENTS)(lambda value: field.get_db_prep_save(value, database))
    if isinstance(field, (models.JSONField, *PREPARED)):
        return lambda value: field.get_db_prep_save(value, database)
    return _as_is


@cache
def _insert(kind: Any) -> tuple[str, list[tuple[str, Prepare, Callable[[], Any]]]]:
    fields = [field for field in kind._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    names, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(kind._meta.db_table)} ({names}) VALUES ({marks})"
    return statement, [(field.attname, _preparer(field), _default(kind, field)) for field in fields]


def _default(kind: type[models.Model], field: Any) -> Callable[[], Any]:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return lambda: field.pre_save(kind(), True)
    return field.get_default


@cache
def _update(kind: Any, columns: tuple[str, ...]) -> tuple[str, list[tuple[str, Prepare]], list[Any]]:
    fields = [kind._meta.get_field(name) for name in columns]
    moments = [field for field in kind._meta.concrete_fields if getattr(field, "auto_now", False)]
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    names = ", ".join(f"{quote(field.column)} = %s" for field in [*fields, *moments])
    statement = f"UPDATE {quote(kind._meta.db_table)} SET {names} WHERE {quote(kind._meta.pk.column)} = %s"
    return (
        statement,
        [(field.attname, _preparer(field)) for field in fields],
        [(field, _preparer(field)) for field in moments],
    )
