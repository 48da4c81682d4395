"""The one answer that is sent by the ten thousand: 0x8001, built without a detour; a test holds it to the codec.

Of a terminal's answers only the two serials and the check byte differ, so that the rest is made once.
"""

from struct import Struct

from nongshi.tracks.jt808 import Version
from nongshi.tracks.jt808.wire import check_byte, escape

_OLD = Struct(">HH6sHHHB")
_NEW = Struct(">HHB10sHHHB")
_TAIL = Struct(">HHHB")  # serial, answered serial, answered id, result
_SERIALS = Struct(">HH3sB")
_POSITION_DONE = b"\x02\x00\x00"  # answered id 0x0200, result 0
_BODY_BYTES, _VERSIONED = 5, 0x4000


def plain_reply(
    phone: bytes, serial: int, answered_serial: int, answered_id: int, result: int, version: Version
) -> bytes:
    """The frame of a PlatformReply; `phone` as its bytes in the head (6, or 10 in the form of 2019)."""
    if version == Version.V2019:
        payload = _NEW.pack(0x8001, _BODY_BYTES | _VERSIONED, 1, phone, serial, answered_serial, answered_id, result)
    else:
        payload = _OLD.pack(0x8001, _BODY_BYTES, phone, serial, answered_serial, answered_id, result)
    return escape(payload + bytes((check_byte(payload),)))


class PositionReplies:
    """Answers "done" to position reports of one terminal."""

    __slots__ = ("_check", "_clean", "_head")

    def __init__(self, phone: bytes, version: Version) -> None:
        if version == Version.V2019:
            head = _NEW.pack(0x8001, _BODY_BYTES | _VERSIONED, 1, phone, 0, 0, 0, 0)[: -_TAIL.size]
        else:
            head = _OLD.pack(0x8001, _BODY_BYTES, phone, 0, 0, 0, 0)[: -_TAIL.size]
        self._head = b"\x7e" + head
        self._check = check_byte(head) ^ check_byte(_POSITION_DONE)
        self._clean = b"\x7d" not in head and b"\x7e" not in head

    def frame(self, serial: int, answered_serial: int) -> bytes:
        """The frame, with marks and escapes."""
        check = self._check ^ serial >> 8 ^ serial & 0xFF ^ answered_serial >> 8 ^ answered_serial & 0xFF
        tail = _SERIALS.pack(serial, answered_serial, _POSITION_DONE, check)
        if self._clean and b"\x7d" not in tail and b"\x7e" not in tail:
            return self._head + tail + b"\x7e"
        return escape(self._head[1:] + tail)
