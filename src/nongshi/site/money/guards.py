"""The books guard themselves: triggers, the same promises on SQLite and PostgreSQL.

Entries are written first and their posting last (foreign keys are checked at the commit). So the posting's own insert
can ask whether they sum to zero, and from then on nothing is added to it. No update and no delete of either goes
through. A migration that remakes these tables on SQLite must put the triggers back; `missing_guards` finds that out.
"""

from typing import Any

WORDS = "the books are only added to"
OPEN_WORDS = "a posting has two or more entries that sum to 0"
TABLES = ("money_posting", "money_entry")
_UNEVEN = "(SELECT count(*) < 2 OR sum(amount_fen) <> 0 FROM money_entry WHERE posting_id = NEW.id)"
_CLOSED = "EXISTS (SELECT 1 FROM money_posting WHERE id = NEW.posting_id)"


def names() -> list[str]:
    """All triggers."""
    return ["money_posting_even", "money_entry_closed", *(f"{table}_{act}" for table in TABLES for act in _ACTS)]


_ACTS = ("update", "delete")


def guards_sql(vendor: str) -> list[str]:
    """Statements that put the guards up."""
    return _sqlite() if vendor == "sqlite" else _postgres()


def lift_sql(vendor: str) -> list[str]:
    """Statements that take them away: for migrations back, and nothing else."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names()]
    tables = {name: name.rsplit("_", 1)[0] for name in names()}
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in tables.items()] + [
        f"DROP FUNCTION IF EXISTS {name}()" for name in ("money_refuse", "money_even", "money_closed")
    ]


def missing_guards(connection: Any) -> list[str]:
    """Guards that are not there."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in names() if name not in there]


def _sqlite() -> list[str]:
    checks = [
        f"CREATE TRIGGER money_posting_even BEFORE INSERT ON money_posting WHEN {_UNEVEN} "
        f"BEGIN SELECT RAISE(ABORT, '{OPEN_WORDS}'); END",
        f"CREATE TRIGGER money_entry_closed BEFORE INSERT ON money_entry WHEN {_CLOSED} "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
    ]
    return checks + [
        f"CREATE TRIGGER {table}_{act} BEFORE {act.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for table in TABLES
        for act in _ACTS
    ]


def _postgres() -> list[str]:
    def function(name: str, check: str, words: str) -> str:
        refuse = f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'"
        body = f"IF {check} THEN {refuse}; END IF; RETURN NEW;"
        return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"

    def trigger(name: str, when: str, table: str, does: str) -> str:
        return f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {does}()"

    functions = [
        function("money_even", _UNEVEN, OPEN_WORDS),
        function("money_closed", _CLOSED, WORDS),
        function("money_refuse", "TRUE", WORDS),
    ]
    checks = [
        trigger("money_posting_even", "INSERT", "money_posting", "money_even"),
        trigger("money_entry_closed", "INSERT", "money_entry", "money_closed"),
    ]
    return functions + checks + [trigger(f"{t}_{act}", act.upper(), t, "money_refuse") for t in TABLES for act in _ACTS]
