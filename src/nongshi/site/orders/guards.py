"""The last guard against two orders in one place: the database itself refuses an overlap.

The service locks machine and operator first and looks, so nobody meets this guard in daily work. PostgreSQL: an
exclusion constraint over one range that begins with the machine's number, so that no extension is needed. SQLite has
one writer at a time; a trigger looks before each insert.
"""

from typing import Any

SPAN = 1 << 34  # seconds kept apart for each machine; until the year 2514
WORDS = "the place is taken"
WHO = ("machine", "operator")


def guards_sql(vendor: str) -> list[str]:
    """Statements that put the guards up."""
    return [(_sqlite if vendor == "sqlite" else _postgres)(who) for who in WHO]


def lift_sql(vendor: str) -> list[str]:
    """Statements that take them away: for migrations back, and for the test that shows what they are for."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS orders_place_{who}" for who in WHO]
    return [f"ALTER TABLE orders_place DROP CONSTRAINT IF EXISTS orders_place_{who}" for who in WHO]


def _sqlite(who: str) -> str:
    """The last place that begins before the new one ends tells: places that are there do not overlap."""
    last = (
        f"SELECT end_s FROM orders_place WHERE {who}_id = NEW.{who}_id AND begin_s < NEW.end_s "
        "ORDER BY begin_s DESC LIMIT 1"
    )
    return (
        f"CREATE TRIGGER orders_place_{who} BEFORE INSERT ON orders_place "
        f"WHEN ({last}) > NEW.begin_s BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )


def _postgres(who: str) -> str:
    span = f"int8range({who}_id * {SPAN} + begin_s, {who}_id * {SPAN} + end_s)"
    return f"ALTER TABLE orders_place ADD CONSTRAINT orders_place_{who} EXCLUDE USING gist ({span} WITH &&)"


def missing_guards(connection: Any) -> list[str]:
    """Guards that are not there."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT conname FROM pg_constraint WHERE contype = 'x'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        there = {row[0] for row in cursor.fetchall()}
    return [f"orders_place_{who}" for who in WHO if f"orders_place_{who}" not in there]
