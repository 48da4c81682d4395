"""The one answer that is sent by the ten thousand: 0x8001, built without a detour; a test holds it to the codec."""

from struct import Struct

from nongshi.tracks.jt808 import Version
from nongshi.tracks.jt808.wire import check_byte, escape

_OLD = Struct(">HH6sHHHB")
_NEW = Struct(">HHB10sHHHB")
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
