"""Laws of the books: they sum to zero after every step, take everything once, and change nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput, BadUsage
from nongshi.market.ledger import Entry, Ledger, Posting, balances, statement

DAY = datetime(2026, 11, 1, tzinfo=UTC)
names = st.sampled_from(["farmer:1", "farmer:2", "coop:1", "owner:1", "operator:1"])


@st.composite
def postings(draw: st.DrawFn) -> Posting:
    rows = draw(st.lists(st.tuples(names, st.integers(-(10**8), 10**8)), min_size=1, max_size=4))
    entries = [Entry(name, fen) for name, fen in rows]
    entries.append(Entry(draw(names), -sum(fen for _, fen in rows)))
    return Posting(
        about=f"order:{draw(st.integers(1, 6))}",
        kind=draw(st.sampled_from(["settlement", "fee"])),
        at=DAY + timedelta(days=draw(st.integers(0, 60))),
        entries=tuple(entries),
    )


@given(st.lists(postings(), max_size=30))
def test_money_is_conserved_after_every_step_and_nothing_is_posted_twice(many: list[Posting]) -> None:
    ledger, seen = Ledger(), set()
    for posting in many:
        before = ledger.postings
        name = (posting.about, posting.kind)
        if name in seen:
            with pytest.raises(BadUsage, match="posted already"):
                ledger.post(posting)
            assert ledger.postings == before
            ledger_kinds = {(one.about, one.kind) for one in before}
            if (posting.about, f"reversal of {posting.kind}") not in ledger_kinds:
                ledger.reverse(posting, posting.at, "")
        else:
            seen.add(name)
            ledger.post(posting)
        assert sum(balances(ledger.postings).values()) == 0
        assert ledger.postings[: len(before)] == before


@given(st.lists(postings(), max_size=20), st.integers(0, 60), st.integers(0, 60), names)
def test_statements_of_neighbouring_periods_join(many: list[Posting], a: int, b: int, account: str) -> None:
    first, last = sorted((DAY + timedelta(days=a), DAY + timedelta(days=b)))
    early, late = statement(many, account, DAY, first), statement(many, account, first, last)
    whole = statement(many, account, DAY, last)
    assert early.closing_fen == late.opening_fen
    assert (*early.lines, *late.lines) == whole.lines
    assert whole.closing_fen == late.closing_fen


@given(st.lists(postings(), max_size=20), names)
def test_a_statement_ends_at_the_balance(many: list[Posting], account: str) -> None:
    ends = statement(many, account, DAY, DAY + timedelta(days=99)).closing_fen
    assert ends == balances(many).get(account, 0)


@pytest.mark.parametrize(
    "entries",
    [(), (Entry("a", 0),), (Entry("a", 1), Entry("b", -2)), (Entry("a", 0.5), Entry("b", -0.5))],
)
def test_what_does_not_balance_in_whole_fen_is_refused(entries: tuple[Entry, ...]) -> None:
    with pytest.raises(BadInput):
        Posting(about="order:1", kind="fee", at=DAY, entries=entries)
