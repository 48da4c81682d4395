"""The one thing that can go wrong with bytes of a terminal, and its kinds."""

from nongshi.core.errors import BadInput

KINDS = ("short", "check", "length", "body", "time", "encrypted", "overflow")


class BadFrame(BadInput):
    """Bytes that are no frame, or a part of one that cannot mean anything; `kind` is one of KINDS, for counting."""

    code = "bad_frame"

    def __init__(self, kind: str, words: str) -> None:
        self.kind = kind
        super().__init__(f"{words} ({kind})")
