"""The log of acts sealed as a chain of hashes: by one sealer, right after the acts are committed.

Acts are sealed in the order in which they are found, not while they are written: a chain inside every transaction would
let only one booking at a time wait for the disk. Until an act is sealed (a second, while a worker runs) it is guarded
by the database alone.
"""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from nongshi.files.audit_log import FORMAT, Act, Head, Verdict, chained, read_heads, walk
from nongshi.site.base.models import Event, Person, Seal

BATCH = 2_000  # acts of one transaction
REACH = 5_000  # so far behind the newest sealed act a late one is looked for each second; a day's head looks at all
EVERY_S = 1.0
HEADS = "heads.jsonl"
LOCK = 0x6E6F6E67  # any number of our own: PostgreSQL's advisory lock of the sealer

_log = logging.getLogger("nongshi.audit")


def folder() -> Path:
    """Where heads are exported to."""
    return Path(settings.AUDIT)


def seal(*, everything: bool = False, limit: int = BATCH) -> int:
    """Chain acts that are committed and not sealed yet; how many. Only one process does it at a time."""
    newest = Seal.objects.order_by("-seq").values_list("number", flat=True).first()
    beyond = 0 if everything or newest is None else newest - REACH
    if not unsealed(beyond).exists():
        return 0
    with transaction.atomic():
        if connection.vendor == "postgresql":  # SQLite has one writer anyway
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = Seal.objects.order_by("-seq").first()
        seq, before = (last.seq, last.hash) if last else (0, FORMAT)
        rows = []
        for event in unsealed(beyond)[:limit]:
            act = chained(before, _act(seq + 1, event, event.by_id))
            rows.append(Seal(seq=act.seq, number=act.id, by=act.by, hash=act.hash))
            seq, before = act.seq, act.hash
        Seal.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def unsealed(beyond: int = 0) -> QuerySet[Event]:
    """Acts with ids beyond a number that are in no chain yet, by id."""
    sealed = Seal.objects.filter(number=OuterRef("pk"))
    return Event.objects.filter(~Exists(sealed), pk__gt=beyond).order_by("pk")


def seal_all() -> int:
    """Chain everything that is committed; how many."""
    count = 0
    while made := seal(everything=True):
        count += made
    return count


def export_head() -> Head | None:
    """Today's head, added to the exported ones and told to the program's log; None where today's is there already."""
    seal_all()
    last, today = Seal.objects.order_by("-seq").first(), timezone.localdate().isoformat()
    path = folder() / HEADS
    if last is None or any(head.date == today for head in kept_heads()):
        return None
    head = Head(date=today, seq=last.seq, hash=last.hash)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"date": head.date, "seq": head.seq, "hash": head.hash}) + "\n")
        file.flush()
    _log.info("head of the log of acts: %s, act %d, %s", head.date, head.seq, head.hash)
    return head


def kept_heads() -> list[Head]:
    """The heads that were exported here."""
    path = folder() / HEADS
    return read_heads(path) if path.exists() else []


def sealed_acts() -> Iterator[Act]:
    """The chain as the database has it now; an act that is gone is left out, and so its number shows."""
    beyond, people = 0, set(Person.objects.values_list("pk", flat=True))
    while seals := list(Seal.objects.filter(seq__gt=beyond)[:BATCH]):
        events = Event.objects.in_bulk([one.number for one in seals])
        for one in seals:
            beyond, event = one.seq, events.get(one.number)
            if event is not None:
                gone = event.by_id is None and one.by is not None and one.by not in people
                yield _act(one.seq, event, one.by if gone else event.by_id, one.hash)


def verify_database(heads: list[Head] | None = None) -> Verdict:
    """What is wrong with the log in the database; heads: those exported here unless others are given."""
    return walk(sealed_acts(), kept_heads() if heads is None else heads)


def run_sealer(stop: threading.Event) -> None:
    """Beside a worker's queue: seal each second, export a head each day, until told to stop."""
    day = ""
    while not stop.wait(EVERY_S):
        try:
            close_old_connections()
            while seal() == BATCH:
                pass
            if day != timezone.localdate().isoformat():
                export_head()
                day = timezone.localdate().isoformat()
        except (DatabaseError, OSError) as fault:  # database or disk will be back
            _log.warning("the log of acts waits to be sealed: %s", fault)
        finally:
            connection.close()


def _act(seq: int, event: Event, by: int | None, hashed: str = "") -> Act:
    return Act(
        seq=seq,
        id=event.pk,
        at=event.at.astimezone(UTC).isoformat(),
        org=event.org_id,
        by=by,
        name=event.name,
        about=event.about,
        data=_plain(event.data),
        hash=hashed,
    )


def _plain(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {"": data}
