"""What one frame holds."""

from dataclasses import dataclass
from typing import Any

from nongshi.tracks.jt808.header import Header


@dataclass(frozen=True, slots=True)
class Unknown:
    """A message that is kept as bytes: its id is none of ours, it is a part or encrypted, or its body is faulty."""

    message_id: int
    body: bytes
    fault: str = ""  # kind of BadFrame that reading the body met; empty: nothing was tried


@dataclass(frozen=True, slots=True)
class Frame:
    """Head and body of one frame."""

    header: Header
    body: Any  # a message class of MESSAGES, or Unknown
