"""Netting on the site: the fewest transfers proposed, agreed to by both ends, paid from bank to bank, posted once.

The cooperative and its bank account are one party: what lies on its account is its own or owed to the others.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.market.netting import net
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.money.models import (
    Account,
    AccountKind,
    Netting,
    NettingState,
    NettingTransfer,
    TransferState,
)
from nongshi.site.money.services import account_of, balances, post


def party_balances(org_id: int) -> dict[int, int]:
    """Fen by account that is not even, the bank's counted with the cooperative's."""
    found = balances(org_id)
    coop, bank = account_of(org_id, AccountKind.COOP).pk, account_of(org_id, AccountKind.BANK).pk
    found[coop] = found.get(coop, 0) + found.pop(bank, 0)
    return {account: fen for account, fen in found.items() if fen}


def propose(scope: Scope, org_id: int) -> Netting:
    """A new proposal from the books as they are; one that was not accepted yet is dropped for it.

    Raises:
        Forbidden: not this person's books.
        BadUsage: all is even, or a netting that was accepted is not paid yet.
    """
    _check_keeps(scope, org_id)
    with transaction.atomic():
        going = Netting.objects.select_for_update(of=("self",)).filter(org_id=org_id, state=NettingState.ACCEPTED)
        if going.filter(transfers__state=TransferState.OPEN).exists():
            raise BadUsage("transfers of the accepted netting are open still; have them paid, or drop it, first")
        Netting.objects.filter(org_id=org_id, state=NettingState.PROPOSED).update(state=NettingState.DROPPED)
        found = party_balances(org_id)
        transfers = net({str(account): fen for account, fen in found.items()})
        if not transfers:
            raise BadUsage("all accounts are even; there is nothing to transfer")
        row = Netting.objects.create(org_id=org_id, accounts=len(found), digest=_digest(found))
        NettingTransfer.objects.bulk_create(
            NettingTransfer(netting=row, payer_id=int(t.payer), payee_id=int(t.payee), amount_fen=t.amount_fen)
            for t in transfers
        )
        log("NettingProposed", f"netting:{row.pk}", scope=scope, org_id=org_id, transfers=len(transfers))
    return row


def agree(scope: Scope, transfer_id: int, *, said_by: str = "") -> Netting:
    """Say yes to a transfer, for oneself or for the cooperative; once all have, the netting is accepted.

    `said_by`: who keeps the books writes down what the other party said by telephone.

    Raises:
        BadUsage: the books changed since it was proposed, or it is not open for it.
        Forbidden: not a party of it.
    """
    with transaction.atomic():
        transfer, netting = _locked(scope, transfer_id)
        if netting.state != NettingState.PROPOSED:
            raise BadUsage(f"netting {netting.pk} is {netting.state}; only a proposal is agreed to")
        if netting.digest != _digest(party_balances(netting.org_id)):
            raise BadUsage("the books changed since this was proposed; propose it anew")
        ends = _ends_of(scope, transfer, said_by)
        who = {"by": scope.person_id, "at": timezone.now().isoformat(), "said_by": said_by[:40]}
        transfer.agreed = transfer.agreed | {str(account.pk): who for account in ends}
        transfer.save()
        log("TransferAgreed", f"netting:{netting.pk}", scope=scope, org_id=netting.org_id, transfer=transfer.pk)
        if all(len(one.agreed) == 2 for one in netting.transfers.all()):
            netting.state = NettingState.ACCEPTED
            log("NettingAccepted", f"netting:{netting.pk}", scope=scope, org_id=netting.org_id)
        netting.version += 1
        netting.save()
    return netting


def pay(scope: Scope, transfer_id: int, *, now: datetime | None = None) -> NettingTransfer:
    """Post a transfer that was paid from bank to bank; a second time changes nothing.

    Raises:
        BadUsage: the netting is not accepted.
    """
    with transaction.atomic():
        transfer, netting = _locked(scope, transfer_id)
        _check_keeps(scope, netting.org_id)
        if netting.state != NettingState.ACCEPTED:
            raise BadUsage(f"netting {netting.pk} is {netting.state}; transfers are paid once it is accepted")
        if transfer.state == TransferState.PAID:
            return transfer
        now = now or timezone.now()
        bank = account_of(netting.org_id, AccountKind.BANK).pk
        payer = bank if transfer.payer.kind == AccountKind.COOP else transfer.payer_id
        payee = bank if transfer.payee.kind == AccountKind.COOP else transfer.payee_id
        amounts = {payer: transfer.amount_fen, payee: -transfer.amount_fen}
        post(f"transfer:{transfer.pk}", "transfer", amounts, at=now)
        _mark(scope, transfer, now)
    return transfer


def drop(scope: Scope, netting_id: int) -> Netting:
    """Take a netting back; what was paid of it stays posted.

    Raises:
        BadUsage: it was dropped before.
    """
    with transaction.atomic():
        row = Netting.objects.select_for_update(of=("self",)).get_changed(scope, pk=netting_id)
        if row.state == NettingState.DROPPED:
            raise BadUsage(f"netting {row.pk} was dropped already")
        row.state, row.version = NettingState.DROPPED, row.version + 1
        row.save()
        log("NettingDropped", f"netting:{row.pk}", scope=scope, org_id=row.org_id)
    return row


def note_payment(scope: Scope, account: Account, amount_fen: int, now: datetime) -> None:
    """What a party paid to the cooperative by another way is the transfer that it owed; it is posted already."""
    which = {"netting__state": NettingState.ACCEPTED, "payer": account, "payee__kind": AccountKind.COOP}
    found = NettingTransfer.objects.filter(**which, amount_fen=amount_fen, state=TransferState.OPEN).first()
    if found is not None:
        _mark(scope, found, now)


def may_agree(scope: Scope, account: Account) -> bool:
    """Whether an end of a transfer is one's own to say yes for."""
    if account.person_id is not None and account.person_id == scope.person_id:
        return True
    return account.kind == AccountKind.COOP and scope.may(Account.resource, account.org_id, change=True)


def _mark(scope: Scope, transfer: NettingTransfer, now: datetime) -> None:
    transfer.state, transfer.paid_at = TransferState.PAID, now
    transfer.save()
    about = f"netting:{transfer.netting_id}"
    log("TransferPaid", about, scope=scope, org_id=transfer.payer.org_id, transfer=transfer.pk)


def _ends_of(scope: Scope, transfer: NettingTransfer, said_by: str) -> list[Account]:
    """The ends that a person says yes for."""
    own = [account for account in (transfer.payer, transfer.payee) if may_agree(scope, account)]
    if said_by:
        _check_keeps(scope, transfer.payer.org_id)
        own = [transfer.payer, transfer.payee]
    if not own:
        raise Forbidden("only the two ends of a transfer agree to it")
    return own


def _locked(scope: Scope, transfer_id: int) -> tuple[NettingTransfer, Netting]:
    found = NettingTransfer.objects.filter(pk=transfer_id).values_list("netting_id", flat=True).first()
    rows = Netting.objects.select_for_update(of=("self",))
    netting = rows.filter(pk__in=Netting.objects.seen_by(scope).values("pk")).filter(pk=found or 0).first()
    if netting is None:
        raise NotFound(f"no transfer {transfer_id}")
    return netting.transfers.select_related("payer__person", "payee__person").get(pk=transfer_id), netting


def _check_keeps(scope: Scope, org_id: int) -> None:
    if not scope.may(Account.resource, org_id, change=True):
        raise Forbidden("the books are kept by the cooperative's dispatchers")


def _digest(found: dict[int, int]) -> str:
    return hashlib.sha256(json.dumps(sorted(found.items())).encode()).hexdigest()


def payable(netting: Netting) -> list[NettingTransfer]:
    """Transfers that the cooperative's own bank pays out and that are open.

    Raises:
        BadInput: nothing is to be paid out.
    """
    rows: Any = netting.transfers.filter(payer__kind=AccountKind.COOP, state=TransferState.OPEN)
    found = list(rows.select_related("payee__person", "payer").order_by("pk"))
    if not found:
        raise BadInput("this netting has nothing that the cooperative pays out; a payment file would be empty")
    return found
