"""Many rows of a kind written at once, by statements made once a kind: no query and no model is built for each row.

For the few places where a thousand rows a second are written. Signals are not sent; ids of new rows are not told.
SQLite runs a statement once a row; PostgreSQL gets one for many rows, which costs it less.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

PREPARED = (models.DateField, models.TimeField, models.DecimalField, models.UUIDField)  # others: as is
MOMENTS = 4096  # the same few moments are written again and again
STATEMENTS = 1024  # of so many kinds and counts of rows
ROWS = 500  # of one statement; PostgreSQL takes 65,535 values
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


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement for any number of rows; the first one's marks may name types, which then hold for all."""

    head: str
    first: str
    more: str
    tail: str = ""

    def of(self, rows: int) -> str:
        """As Django's cursors take it."""
        return f"{self.head}{', '.join([self.first, *[self.more] * (rows - 1)])}{self.tail}"


@lru_cache(STATEMENTS)
def _numbered(statement: _Statement, rows: int) -> str:
    """As PostgreSQL itself takes it: $1, $2 ..."""
    first, *parts = statement.of(rows).split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(parts, start=1))


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


def _run(statement: _Statement, given: list[tuple[Any, ...]]) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        with database.cursor() as cursor:
            cursor.executemany(statement.of(1), given)
        return
    import psycopg

    database.ensure_connection()  # Django's own cursor would put the values into the text
    with database.wrap_database_errors, psycopg.RawCursor(database.connection) as cursor:
        for begin in range(0, len(given), ROWS):
            some = given[begin : begin + ROWS]
            cursor.execute(_numbered(statement, len(some)), list(chain.from_iterable(some)))


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
def _insert(kind: Any) -> tuple[_Statement, list[tuple[str, Prepare, Callable[[], Any]]]]:
    fields = [field for field in kind._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    names, marks = ", ".join(quote(field.column) for field in fields), _marks(len(fields))
    statement = _Statement(f"INSERT INTO {quote(kind._meta.db_table)} ({names}) VALUES ", marks, marks)
    return statement, [(field.attname, _preparer(field), _default(kind, field)) for field in fields]


def _default(kind: type[models.Model], field: Any) -> Callable[[], Any]:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return lambda: field.pre_save(kind(), True)
    return field.get_default


@cache
def _update(kind: Any, columns: tuple[str, ...]) -> tuple[_Statement, list[tuple[str, Prepare]], list[Any]]:
    fields = [kind._meta.get_field(name) for name in columns]
    moments = [field for field in kind._meta.concrete_fields if getattr(field, "auto_now", False)]
    database = connections[DEFAULT_DB_ALIAS]
    quote = database.ops.quote_name
    written, key, table = [*fields, *moments], kind._meta.pk, quote(kind._meta.db_table)
    names = [quote(field.column) for field in [*written, key]]
    if database.vendor != "postgresql":
        sets = ", ".join(f"{name} = %s" for name in names[:-1])
        statement = _Statement(f"UPDATE {table} SET {sets} WHERE {names[-1]} = ", "%s", "%s")
    else:
        sets = ", ".join(f"{name} = new.{name}" for name in names[:-1])
        types = ", ".join(f"CAST(%s AS {field.cast_db_type(database)})" for field in [*written, key])
        tail = f") AS new ({', '.join(names)}) WHERE {table}.{names[-1]} = new.{names[-1]}"
        statement = _Statement(f"UPDATE {table} SET {sets} FROM (VALUES ", f"({types})", _marks(len(names)), tail)
    return (
        statement,
        [(field.attname, _preparer(field)) for field in fields],
        [(field, _preparer(field)) for field in moments],
    )


def _marks(count: int) -> str:
    return f"({', '.join(['%s'] * count)})"
