"""Double entry in whole fen: a transaction sums to zero, is posted once, and is never changed, only reversed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from nongshi.core.errors import BadInput, BadUsage


@dataclass(frozen=True, slots=True)
class Entry:
    """So many fen into an account (+) or out of it (-)."""

    account: str  # farmer:12, coop:3, bank:3
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One transaction; `about` and `kind` name it once and for ever."""

    about: str  # order:17
    kind: str  # settlement, fee, payment, reversal of ...
    at: datetime
    entries: tuple[Entry, ...]
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what does not balance."""
        check_entries(self.entries)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting as an account sees it."""

    at: datetime
    about: str
    kind: str
    amount_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account had, what came and went, what it has."""

    account: str
    opening_fen: int
    lines: tuple[StatementLine, ...]

    @property
    def closing_fen(self) -> int:
        """The balance at the end."""
        return self.lines[-1].balance_fen if self.lines else self.opening_fen


def check_entries(entries: Iterable[Entry]) -> None:
    """Refuse entries that do not balance.

    Raises:
        BadInput: no two entries, a fraction of a fen, or a sum that is not zero.
    """
    rows = list(entries)
    if len(rows) < 2:
        raise BadInput("a posting has at least two entries: where money goes it comes from somewhere")
    if any(type(row.amount_fen) is not int for row in rows):
        raise BadInput("money is whole fen")
    off = sum(row.amount_fen for row in rows)
    if off:
        raise BadInput(f"the entries sum to {off} fen, not to 0")


class Ledger:
    """Books that only grow."""

    def __init__(self) -> None:
        self._postings: list[Posting] = []
        self._seen: set[tuple[str, str]] = set()

    @property
    def postings(self) -> tuple[Posting, ...]:
        """All of them, in the order they were posted."""
        return tuple(self._postings)

    def post(self, posting: Posting) -> None:
        """Add one.

        Raises:
            BadUsage: this was posted before.
        """
        name = (posting.about, posting.kind)
        if name in self._seen:
            raise BadUsage(f"{posting.kind} of {posting.about} is posted already; reverse it instead")
        self._seen.add(name)
        self._postings.append(posting)

    def reverse(self, posting: Posting, at: datetime, note: str) -> Posting:
        """Post the opposite of a posting, once."""
        entries = tuple(Entry(entry.account, -entry.amount_fen) for entry in posting.entries)
        back = Posting(about=posting.about, kind=f"reversal of {posting.kind}", at=at, entries=entries, note=note)
        self.post(back)
        return back


def balances(postings: Iterable[Posting]) -> Mapping[str, int]:
    """Fen by account; they sum to zero."""
    found: dict[str, int] = defaultdict(int)
    for posting in postings:
        for entry in posting.entries:
            found[entry.account] += entry.amount_fen
    return dict(found)


def statement(postings: Iterable[Posting], account: str, since: datetime, until: datetime) -> Statement:
    """What an account sees of a period, first instant included, last one not."""
    opening_fen, rows = 0, []
    for posting in sorted(postings, key=lambda one: one.at):
        amount = sum(entry.amount_fen for entry in posting.entries if entry.account == account)
        touched = any(entry.account == account for entry in posting.entries)
        if not touched or posting.at >= until:
            continue
        if posting.at < since:
            opening_fen += amount
        else:
            rows.append((posting, amount))
    balance, lines = opening_fen, []
    for posting, amount in rows:
        balance += amount
        lines.append(StatementLine(posting.at, posting.about, posting.kind, amount, balance))
    return Statement(account, opening_fen, tuple(lines))
