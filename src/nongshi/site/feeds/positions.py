"""Last positions of machines out of the gateway's store, where the settings name its folder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from nongshi.gateway.fix_row import DEGREE, LON, TIME
from nongshi.gateway.hot_store import HotStore

HOT_FILE = "positions.sqlite3"  # as nongshi.gateway.store; importing that would need DuckDB, which a site may not have
LAT = LON + 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a terminal was, and when."""

    lon: float
    lat: float
    at: datetime


def find_places(machines: Iterable[Any]) -> Mapping[int, Place]:
    """The last positions of machines whose terminal reported one, by the machine's id."""
    store = hot_store()
    if store is None:
        return {}
    terminals = {machine.pk: machine.terminal for machine in machines if machine.terminal}
    last = store.last(set(terminals.values()))
    return {pk: _place(last[terminal]) for pk, terminal in terminals.items() if terminal in last}


def hot_store() -> HotStore | None:
    """The gateway's recent positions; None where the settings name no folder with them."""
    path = Path(settings.POSITIONS) / HOT_FILE if settings.POSITIONS else None
    return None if path is None or not path.exists() else _store(path)


@cache
def _store(path: Path) -> HotStore:
    return HotStore(path)


def _place(row: Any) -> Place:
    at = datetime.fromtimestamp(row[TIME] / 1000, UTC)
    return Place(row[LON] / DEGREE, row[LAT] / DEGREE, at)
