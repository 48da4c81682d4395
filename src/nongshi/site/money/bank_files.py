"""The payment file for the cooperative's own bank: ISO 20022 pain.001.001.09, or a plain CSV to copy from.

Layout after the ISO 20022 message definition CustomerCreditTransferInitiationV09; a bank may ask for codes of its own
beside it. Nothing is sent from here: a person uploads the file at the bank.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree import ElementTree

from nongshi.core.errors import BadFiles, Fault
from nongshi.core.units import FEN_PER_YUAN

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NAME_MAX = 140  # Max140Text
ACCOUNT = re.compile(r"[A-Za-z0-9]{6,34}")  # Max34Text of a bank's own numbers
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Somebody with an account at a bank."""

    name: str
    account: str
    bank: str = ""  # clearing number (CNAPS) or BIC of the bank


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One payment."""

    ref: str  # comes back with the bank's list
    to: End
    amount_fen: int
    remark: str


def check(payer: End, lines: Sequence[Line]) -> None:
    """Refuse what no bank could pay, all faults at once.

    Raises:
        BadFiles: a name or an account number is missing or cannot be one.
    """
    faults = []
    if not payer.name or not ACCOUNT.fullmatch(payer.account):
        faults.append(_fault(0, "account", payer.account[-4:], "the cooperative's bank account is missing or no number",
                             "enter holder and account in the cooperative's terms"))  # fmt: skip
    for number, line in enumerate(lines, start=1):
        if not line.to.name or not ACCOUNT.fullmatch(line.to.account):
            faults.append(_fault(number, "account", line.ref, f"no bank account of {line.to.name or 'the payee'}",
                                 "enter holder and account on the page of the party's account"))  # fmt: skip
    if faults:
        raise BadFiles(faults)


def _fault(row: int, column: str, value: str, problem: str, mend: str) -> Fault:
    return Fault(file="payment file", row=row or None, column=column, value=value, problem=problem, mend=mend)


def pain_001(ident: str, made: datetime, day: date, payer: End, lines: Sequence[Line]) -> bytes:
    """pain.001.001.09; amounts in yuan with two decimals.

    Raises:
        BadFiles: see `check`.
    """
    check(payer, lines)
    root = ElementTree.Element("Document", {"xmlns": NAMESPACE})
    message = ElementTree.SubElement(root, "CstmrCdtTrfInitn")
    total = _yuan(sum(line.amount_fen for line in lines))
    _tree(message, "GrpHdr", [
        ("MsgId", ident), ("CreDtTm", made.isoformat(timespec="seconds")), ("NbOfTxs", str(len(lines))),
        ("CtrlSum", total), ("InitgPty/Nm", _plain(payer.name)),
    ])  # fmt: skip
    info = ElementTree.SubElement(message, "PmtInf")
    pairs = [
        ("PmtInfId", ident), ("PmtMtd", "TRF"), ("NbOfTxs", str(len(lines))), ("CtrlSum", total),
        ("ReqdExctnDt/Dt", day.isoformat()), ("Dbtr/Nm", _plain(payer.name)),
        ("DbtrAcct/Id/Othr/Id", payer.account), ("DbtrAcct/Ccy", CURRENCY),
    ]  # fmt: skip
    for path, value in pairs:
        _put(info, path, value)
    _agent(info, "DbtrAgt", payer.bank)
    for line in lines:
        one = ElementTree.SubElement(info, "CdtTrfTxInf")
        _put(one, "PmtId/EndToEndId", line.ref)
        amount = _put(one, "Amt/InstdAmt", _yuan(line.amount_fen))
        amount.set("Ccy", CURRENCY)
        _agent(one, "CdtrAgt", line.to.bank)
        _put(one, "Cdtr/Nm", _plain(line.to.name))
        _put(one, "CdtrAcct/Id/Othr/Id", line.to.account)
        _put(one, "RmtInf/Ustrd", _plain(line.remark))
    ElementTree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="utf-8") + b"\n"


def pay_csv(payer: End, lines: Sequence[Line]) -> bytes:
    """The same as a table: ref, name, account, bank, amount_yuan, remark.

    Raises:
        BadFiles: see `check`.
    """
    check(payer, lines)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["ref", "name", "account", "bank", "amount_yuan", "remark"])
    for line in lines:
        texts = (line.ref, line.to.name, line.to.account, line.to.bank, _yuan(line.amount_fen), line.remark)
        writer.writerow([f"'{text}" if text[:1] in "=+-@\t\r" else text for text in texts])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _agent(parent: ElementTree.Element, name: str, bank: str) -> None:
    """A bank by BIC or clearing number; "NOTPROVIDED" where nobody said, as the message definition wants an agent."""
    if re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", bank):
        _put(parent, f"{name}/FinInstnId/BICFI", bank)
    elif bank:
        _put(parent, f"{name}/FinInstnId/ClrSysMmbId/MmbId", bank)
    else:
        _put(parent, f"{name}/FinInstnId/Othr/Id", "NOTPROVIDED")


def _tree(parent: ElementTree.Element, name: str, pairs: Sequence[tuple[str, str]]) -> None:
    node = ElementTree.SubElement(parent, name)
    for path, value in pairs:
        _put(node, path, value)


def _put(parent: ElementTree.Element, path: str, value: str) -> ElementTree.Element:
    """The element at a path, new but for a parent of the same name that was begun last."""
    *above, last = path.split("/")
    node = parent
    for name in above:
        newest = node[-1] if len(node) else None
        node = newest if newest is not None and newest.tag == name else ElementTree.SubElement(node, name)
    made = ElementTree.SubElement(node, last)
    made.text = value
    return made


def _yuan(fen: int) -> str:
    return f"{fen // FEN_PER_YUAN}.{fen % FEN_PER_YUAN:02d}"


def _plain(text: str) -> str:
    """Without characters that XML does not carry."""
    kept = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    return kept[:NAME_MAX]
