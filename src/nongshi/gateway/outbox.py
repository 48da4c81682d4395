"""Messages that wait for a terminal to be connected: texts to the driver, and asking for its position more often."""

from typing import Any

from nongshi.core.errors import BadUsage
from nongshi.tracks.jt808 import Version
from nongshi.tracks.jt808.platform import SHOW, SPEAK, TextToDriver, TrackTemporarily

TEXT, TRACK = "text", "track"
KINDS = (TEXT, TRACK)
NOTICE = 1  # kind of a text in the form of 2019


def message_of(kind: str, content: str, version: Version) -> Any:
    """The message of an outbox row: a text, or `interval_s,valid_s` of temporary tracking.

    Raises:
        BadUsage: another kind, or a content that the kind does not have.
        BadInput: a text longer than terminals show.
    """
    if kind == TEXT:
        return TextToDriver(SHOW | SPEAK, NOTICE if version == Version.V2019 else None, content)
    if kind == TRACK:
        try:
            interval_s, valid_s = (int(word) for word in content.split(","))
        except ValueError as error:
            raise BadUsage(f"temporary tracking takes INTERVAL_S,VALID_S, got {content!r}") from error
        return TrackTemporarily(interval_s, valid_s)
    raise BadUsage(f"no message of kind {kind}; there are {', '.join(KINDS)}")
