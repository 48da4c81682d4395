"""Many rows of a kind written at once, by statements made once a kind: no query is built for each row.

For the few places where a thousand rows a second are written. Signals are not sent; ids of new rows are not told.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

PREPARED = (
    models.DateField,
    models.TimeField,
    models.JSONField,
    models.DecimalField,
    models.UUIDField,
)  # others: as is
Get = Callable[[models.Model], Any]


def insert_rows(rows: Sequence[models.Model]) -> None:
    """New rows of one kind."""
    if rows:
        kind: Any = type(rows[0])
        statement, getters = _insert(kind)
        _run(statement, [[get(row) for get in getters] for row in rows])


def update_rows(rows: Sequence[models.Model], columns: Iterable[str]) -> None:
    """Columns of rows of one kind that are there; `changed` is set where the kind has it."""
    if rows:
        kind: Any = type(rows[0])
        statement, getters = _update(kind, tuple(columns))
        _run(statement, [[get(row) for get in getters] for row in rows])


def _run(statement: str, given: list[list[Any]]) -> None:
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        with database.cursor() as cursor:
            cursor.executemany(statement, given)
        return
    import psycopg

    database.ensure_connection()
    with database.wrap_database_errors, psycopg.Cursor(database.connection) as cursor:  # one round trip for all rows;
        cursor.executemany(statement, given)  # Django's own cursor sends row after row


def _getter(field: Any, *, add: bool) -> Get:
    """How a row's value of a column is had."""
    name, database = field.attname, connections[DEFAULT_DB_ALIAS]
    if getattr(field, "auto_now", False):
        return lambda row: field.get_db_prep_save(field.pre_save(row, add), database)
    if isinstance(field, PREPARED):
        return lambda row: field.get_db_prep_save(getattr(row, name), database)
    return lambda row: getattr(row, name)


@cache
def _insert(kind: type[models.Model]) -> tuple[str, list[Get]]:
    fields = [field for field in kind._meta.concrete_fields if not isinstance(field, models.AutoField)]
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    names, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(kind._meta.db_table)} ({names}) VALUES ({marks})"
    return statement, [_getter(field, add=True) for field in fields]


@cache
def _update(kind: type[models.Model], columns: tuple[str, ...]) -> tuple[str, list[Get]]:
    fields = [kind._meta.get_field(name) for name in columns]
    fields += [field for field in kind._meta.concrete_fields if getattr(field, "auto_now", False)]
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    names = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(kind._meta.db_table)} SET {names} WHERE {quote(kind._meta.pk.column)} = %s"
    return statement, [_getter(field, add=False) for field in [*fields, kind._meta.pk]]
