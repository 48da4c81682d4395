"""JT/T 808, the protocol of Chinese vehicle terminals: bytes to typed messages and back; 2011, 2013 and 2019 forms.

Decides what a terminal's bytes say, and nothing about what follows from it. Nouns: :class:`Frame` with its
:class:`Header` and a message class, :class:`PositionReport`, :class:`Unknown`, :class:`ItemTable`. Entry functions:
:class:`FrameReader`, :func:`decode_frame`, :func:`encode_frame`, :class:`Reassembler`, :func:`read_position`,
:func:`decode_batch`. Usable by itself; docs/jt808.md has an example of each message.
Must not know sockets, files, clocks or time zones: a report's time is the time on the terminal's clock.
"""

from nongshi.tracks.jt808.codec import (
    MESSAGES,
    decode_body,
    decode_frame,
    encode_body,
    encode_decoded,
    encode_frame,
    message_id_of,
)
from nongshi.tracks.jt808.errors import BadFrame
from nongshi.tracks.jt808.fast import read_position
from nongshi.tracks.jt808.frame import Frame, Unknown
from nongshi.tracks.jt808.header import Header, Version, normalise_phone
from nongshi.tracks.jt808.items import ItemTable, parse_items, standard_items
from nongshi.tracks.jt808.position import PositionReport
from nongshi.tracks.jt808.subpackages import Reassembler
from nongshi.tracks.jt808.wire import FrameReader, check_byte, escape, unescape

__all__ = [
    "MESSAGES",
    "BadFrame",
    "Frame",
    "FrameReader",
    "Header",
    "ItemTable",
    "PositionReport",
    "Reassembler",
    "Unknown",
    "Version",
    "check_byte",
    "decode_body",
    "decode_frame",
    "encode_body",
    "encode_decoded",
    "encode_frame",
    "escape",
    "message_id_of",
    "normalise_phone",
    "parse_items",
    "read_position",
    "standard_items",
    "unescape",
]
