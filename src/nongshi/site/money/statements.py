"""Statements of an account: of any period to look at, closed ones kept; on paper and as a workbook."""

import hashlib
import io
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nongshi.core.errors import BadInput, BadUsage
from nongshi.core.units import FEN_PER_YUAN
from nongshi.files.season_report import ReportWords, Section, make_season_report
from nongshi.market import ledger
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.base.templatetags.site import in_english, yuan
from nongshi.site.money.models import Account, Statement
from nongshi.site.money.services import statement
from nongshi.site.money.words import about_words, account_words, kind_words

DAYS_MAX = 400  # a year and a month


def check_period(first: date, last: date) -> None:
    """Refuse a period that cannot be.

    Raises:
        BadInput: it ends before it begins, or is longer than a year and a month.
    """
    if last < first or (last - first).days > DAYS_MAX:
        raise BadInput(f"a statement is of 1 to {DAYS_MAX} days, first day first; correct {first} and {last}")


def read(account: Account, first: date, last: date) -> ledger.Statement:
    """What an account saw from a day to another, both included.

    Raises:
        BadInput: no such period.
    """
    check_period(first, last)
    return statement(account, _midnight(first), _midnight(last + timedelta(days=1)))


def close(scope: Scope, account: Account, first: date, last: date) -> Statement:
    """Keep a statement of a period that is over; the same period again is the same statement.

    Raises:
        Forbidden: not this person's books.
        BadUsage: the period is not over yet.
    """
    if not scope.may(Account.resource, account.org_id, change=True):
        raise Forbidden("statements are closed by who keeps the cooperative's books")
    if last >= timezone.localdate():
        raise BadUsage(f"{last} is not over yet; close a statement up to yesterday")
    found = read(account, first, last)
    lines = [[line.at.isoformat(), line.about, line.kind, line.amount_fen, line.balance_fen] for line in found.lines]
    body = json.dumps([account.pk, str(first), str(last), found.opening_fen, lines])
    with transaction.atomic():
        kept, is_new = Statement.objects.get_or_create(
            account=account,
            first=first,
            last=last,
            defaults={
                "org_id": account.org_id,
                "opening_fen": found.opening_fen,
                "closing_fen": found.closing_fen,
                "lines": lines,
                "digest": hashlib.sha256(body.encode()).hexdigest(),
            },
        )
        if is_new:
            log("StatementClosed", f"statement:{kept.pk}", scope=scope, org_id=account.org_id)
    return kept


def lines_of(row: Statement) -> list[ledger.StatementLine]:
    """The lines of a kept statement."""
    return [
        ledger.StatementLine(datetime.fromisoformat(at), about, kind, fen, after)
        for at, about, kind, fen, after in row.lines
    ]


def as_pdf(row: Statement) -> bytes:
    """A kept statement on paper, in the reader's language."""
    rows = [[f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}", about_words(one.about), kind_words(one.kind),
             yuan(one.amount_fen, 2), yuan(one.balance_fen, 2)] for one in lines_of(row)]  # fmt: skip
    section = Section(
        title=_("Lines"), heads=_heads(), rows=rows, nums=(3, 4), empty=_("Nothing came or went in this period.")
    )
    return make_season_report(
        ReportWords(
            title=_("Statement of account"),
            lead=f"{account_words(row.account)} · {row.org} · {row.first} – {row.last}",
            foot=f"{row.pk} · {row.digest[:16]}",
            figures=[
                (_("Opening balance"), yuan(row.opening_fen, 2)),
                (_("Came and went"), yuan(row.closing_fen - row.opening_fen, 2)),
                (_("Closing balance"), yuan(row.closing_fen, 2)),
                (_("Lines"), str(len(rows))),
            ],
            sections=[section],
            notes_title=_("How to read it"),
            notes=[
                _("+ is owed to the account's holder, - is owed by them."),
                _("Made {day}; what is closed does not change. A mistake is put right by a line of its own.").format(
                    day=f"{timezone.localtime(row.created):%Y-%m-%d}"
                ),
            ],
            lang="en" if in_english() else "zh",
            synthetic=row.org.generated,
            synthetic_word=_("generated data"),
        )
    )


def as_xlsx(row: Statement) -> bytes:
    """A kept statement as a workbook: days and money as such."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        money, moment = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet(_("Statement of account")[:31])
        head = [account_words(row.account), str(row.org), f"{row.first} - {row.last}"]
        if row.org.generated:
            head.append(_("generated data"))
        for column, text in enumerate(head):
            sheet.write_string(0, column, text)
        for column, text in enumerate(_heads()):
            sheet.write_string(2, column, text, bold)
        _write(sheet, 3, [None, _("Opening balance"), "", None, row.opening_fen], money, moment)
        for number, one in enumerate(lines_of(row), start=4):
            cells = [one.at, about_words(one.about), kind_words(one.kind), one.amount_fen, one.balance_fen]
            _write(sheet, number, cells, money, moment)
        sheet.set_column(0, 4, 20)
        sheet.freeze_panes(3, 0)
    return out.getvalue()


def _write(sheet: Any, row: int, cells: Sequence[Any], money: Any, moment: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, datetime):
            sheet.write_datetime(row, column, timezone.localtime(cell).replace(tzinfo=None), moment)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell / FEN_PER_YUAN, money)
        elif cell is not None:
            sheet.write_string(row, column, str(cell))


def _heads() -> list[str]:
    return [_("When"), _("About"), _("Kind of entry"), f"{_('Amount')} ({_('yuan')})", f"{_('Balance')} ({_('yuan')})"]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
