"""The log of acts as a chain of hashes: its file, and what is wrong with one; read and verified without the site.

Each act's hash covers the hash before it, so a changed, dropped, moved or inserted act breaks the chain where it
stands. What a chain cannot show by itself is a cut end, or a whole chain made anew: for these a head (number and hash
of the last act of a day) is kept elsewhere and compared.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from nongshi.core.errors import BadInput
from nongshi.files.whole import write_whole

FORMAT = "nongshi-audit/1"
FAULTS_MAX = 50  # named; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of the log and its place in the chain."""

    seq: int  # 1, 2, 3 ...
    id: int  # the act's number in the database
    at: str  # ISO 8601, UTC
    org: int | None
    by: int | None
    name: str
    about: str
    data: Mapping[str, Any]
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Number and hash of the last act of a day, kept away from the database."""

    date: str
    seq: int
    hash: str


@dataclass(slots=True)
class Verdict:
    """What a walk along the chain found."""

    acts: int = 0
    last: str = FORMAT  # the hash that the next act begins from
    found: int = 0  # faults in all
    faults: list[str] | None = None  # the first of them, in words
    heads: int = 0  # heads that were compared

    def wrong(self, words: str) -> None:
        """Note a fault."""
        self.found += 1
        self.faults = self.faults or []
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(words)


def chained(before: str, act: Act) -> Act:
    """The act with its hash, behind an act with the hash `before` (the first one: behind FORMAT)."""
    return replace(act, hash=_hash(before, act))


def walk(acts: Iterable[Act], heads: Iterable[Head] = ()) -> Verdict:
    """Every act of a chain against the one before it, and against the heads."""
    found, wanted = Verdict(), {head.seq: head for head in heads}
    found.heads = len(wanted)
    for act in acts:
        if act.seq != found.acts + 1:
            kind = "dropped" if act.seq > found.acts + 1 else "moved or doubled"
            found.wrong(f"act {act.seq} ({act.name} {act.about}) follows act {found.acts}: acts were {kind}")
        elif act.hash != _hash(found.last, act):
            found.wrong(f"act {act.seq} ({act.name} {act.about}, {act.at}) or the hash before it was changed")
        head = wanted.pop(act.seq, None)
        if head is not None and head.hash != act.hash:
            found.wrong(f"act {act.seq} has another hash than the head of {head.date}: the chain was made anew")
        found.acts, found.last = act.seq, act.hash
    for head in sorted(wanted.values(), key=lambda one: one.seq):
        found.wrong(f"the head of {head.date} is act {head.seq}; the log has no such act: it was cut")
    return found


def write_audit(path: Path, acts: Iterable[Act]) -> int:
    """The chain as a file of JSON lines, with a head of its own at the end; how many acts."""
    lines, count, last = [json.dumps({"format": FORMAT})], 0, FORMAT
    for act in acts:
        lines.append(json.dumps(asdict(act), ensure_ascii=False, sort_keys=True))
        count, last = count + 1, act.hash
    lines.append(json.dumps({"end": {"acts": count, "hash": last}}))
    write_whole(path, "\n".join(lines) + "\n")
    return count


def verify_file(path: Path, heads: Iterable[Head] = ()) -> Verdict:
    """What is wrong with a file of acts.

    Raises:
        BadInput: it is no such file.
    """
    end: dict[str, Any] = {}
    found = walk(_read(path, end), heads)
    if not end:
        found.wrong(f"the file ends behind act {found.acts} without its last line: it was cut")
    elif (end.get("acts"), end.get("hash")) != (found.acts, found.last):
        found.wrong(f"the last line names {end.get('acts')} acts, the file ends with act {found.acts}: it was cut")
    return found


def _read(path: Path, end: dict[str, Any]) -> Iterator[Act]:
    with path.open(encoding="utf-8", errors="replace") as file:  # a flipped byte is a changed act, not no log
        for number, line in enumerate(file, start=1):
            try:
                row = json.loads(line)
                if number == 1:
                    if not isinstance(row, dict) or row.get("format") != FORMAT:
                        raise BadInput(f"{path} is no log of acts: its first line has to name the format {FORMAT}")
                    continue
                if "end" in row:
                    end.update(row["end"])
                    continue
                act = Act(**row)
                if not isinstance(act.seq, int) or not isinstance(act.hash, str):
                    raise TypeError("seq has to be a number, hash a text")
            except (ValueError, TypeError, RecursionError) as fault:
                raise BadInput(f"{path}, line {number}: no act of a log ({fault}); export it again") from fault
            yield act


def read_heads(path: Path) -> list[Head]:
    """Heads that were kept, a JSON object a line.

    Raises:
        BadInput: a line that is no head.
    """
    heads = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        try:
            head = Head(**json.loads(line))
            if not isinstance(head.seq, int) or not isinstance(head.hash, str):
                raise TypeError("seq has to be a number, hash a text")
        except (ValueError, TypeError, RecursionError) as fault:
            raise BadInput(f"{path}, line {number}: no head of a log ({fault})") from fault
        heads.append(head)
    return heads


def _hash(before: str, act: Act) -> str:
    said = {name: value for name, value in asdict(act).items() if name != "hash"}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
