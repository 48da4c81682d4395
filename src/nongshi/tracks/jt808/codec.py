"""Frames to typed messages and back.

What the check byte vouches for is never lost: a message of an unknown id, or one whose body cannot be read, is handed
out as :class:`Unknown` with its bytes, and writing it gives the same frame again.
"""

from dataclasses import replace
from typing import Any

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808 import fences, platform, terminal, vendor
from nongshi.tracks.jt808.errors import BadFrame
from nongshi.tracks.jt808.fast import read_plain
from nongshi.tracks.jt808.fields import Cursor, read_message, write_message
from nongshi.tracks.jt808.frame import Frame, Unknown
from nongshi.tracks.jt808.header import (
    BODY_BYTES_MAX,
    LENGTH_MASK,
    PHONE_BYTES_E7,
    SHORT_SERIALS,
    Header,
    Version,
    part_of,
    read_header,
    write_header,
)
from nongshi.tracks.jt808.position import PositionReport
from nongshi.tracks.jt808.wire import OTHER_MARK, check_byte, escape, opened

POSITION_ID = 0x0200

MESSAGES: dict[int, type[Any]] = {
    0x0001: terminal.TerminalReply,
    0x0002: terminal.Heartbeat,
    0x0003: terminal.Logout,
    0x0004: terminal.TimeQuery,
    0x0005: terminal.PartsWanted,
    0x0100: terminal.Register,
    0x0102: terminal.Authentication,
    0x0104: terminal.Parameters,
    0x0107: terminal.Attributes,
    0x0109: terminal.TimeSync,
    0x0200: PositionReport,
    0x0201: terminal.PositionAnswer,
    0x0500: terminal.ControlAnswer,
    0x0701: terminal.WayBill,
    0x0702: terminal.DriverCard,
    0x0704: terminal.PositionBatch,
    0x0900: terminal.PassThroughUp,
    0x1300: terminal.VendorText,
    0x5501: vendor.LockReport,
    0x8001: platform.PlatformReply,
    0x8003: platform.PartsMissing,
    0x8004: platform.TimeAnswer,
    0x8100: platform.RegisterReply,
    0x8103: platform.SetParameters,
    0x8104: platform.QueryAllParameters,
    0x8105: platform.Control,
    0x8106: platform.QueryParameters,
    0x8107: platform.QueryAttributes,
    0x8109: platform.TimeSyncAnswer,
    0x8201: platform.QueryPosition,
    0x8202: platform.TrackTemporarily,
    0x8203: platform.ConfirmAlarm,
    0x8300: platform.TextToDriver,
    0x8600: fences.SetCircles,
    0x8601: fences.DeleteCircles,
    0x8602: fences.SetRectangles,
    0x8603: fences.DeleteRectangles,
    0x8604: fences.SetPolygon,
    0x8605: fences.DeletePolygons,
    0x8606: fences.SetRoute,
    0x8607: fences.DeleteRoutes,
    0x8608: fences.QueryFences,
    0x8900: platform.PassThroughDown,
}
_IDS = {kind: message_id for message_id, kind in MESSAGES.items()} | {
    terminal.DriverCard2011: 0x0702,
    terminal.AttributesWide: 0x0107,
    terminal.VendorBattery: 0x0210,
    terminal.VendorBatch: 0x0210,
}


def decode_frame(payload_or_frame: bytes, *, strict: bool = True) -> Frame:
    """One frame, raw between its marks (as FrameReader hands out) or with marks and escapes.

    With a right check byte the answer is always a Frame: what cannot be understood is Unknown, its `fault` says why.
    A length in the head that is not true is let pass: the check byte has spoken for what came. Parts of a long message
    are Unknown too; :class:`nongshi.tracks.jt808.Reassembler` joins them and :func:`decode_body` reads the whole.

    Args:
        payload_or_frame: bytes of one frame.
        strict: refuse a wrong check byte; otherwise it is not looked at.

    >>> frame = decode_frame(bytes.fromhex("7e000200000123456789010000897e"), strict=False)
    >>> frame.header.message_id, frame.header.device_id, frame.body
    (2, '12345678901', Heartbeat(extra=b''))

    Raises:
        BadFrame: kind "short" (no head) or "check".
    """
    if strict and (fast := read_plain(payload_or_frame)) is not None:
        return fast
    first = payload_or_frame[:1]
    payload = opened(payload_or_frame) if first in (b"\x7e", b"\xe7", b"") else payload_or_frame
    if strict and check_byte(payload):
        raise BadFrame("check", f"the check byte of {len(payload)} bytes is wrong")
    e7 = first[0] == OTHER_MARK and payload is not payload_or_frame
    header, body_at = read_header(payload, phone_bytes=PHONE_BYTES_E7 if e7 else None)
    body = payload[body_at:-1]
    if header.total > 1 or (header.encryption and header.message_id not in SHORT_SERIALS):
        return Frame(header, Unknown(header.message_id, body, "encrypted" if header.encryption else ""))
    if header.version != Version.V2019:
        version = version_of(header.message_id, body)
        header = header if version == header.version else replace(header, version=version)
    return Frame(header, read_body(header.message_id, body, header.version))


def read_body(message_id: int, body: bytes, version: Version) -> Any:
    """The message, or Unknown with its fault where it cannot be read."""
    try:
        return decode_body(message_id, body, version)
    except BadFrame as fault:
        return Unknown(message_id, body, fault.kind)


def decode_body(message_id: int, body: bytes, version: Version = Version.V2013) -> Any:
    """The typed message of a whole body; Unknown for an id that is none of ours.

    >>> decode_body(0x8001, bytes.fromhex("0007020000"))
    PlatformReply(answered_serial=7, answered_id=512, result=0)

    Raises:
        BadFrame: kind "body" (cut short, or bytes left over) or "time".
    """
    if message_id == POSITION_ID:
        return PositionReport.read(body)
    kind = _kind_of(message_id, body, version)
    if kind is None:
        return Unknown(message_id, body)
    if kind is terminal.Attributes and version == Version.V2019:
        try:
            return _read(kind, body, version)
        except BadFrame:
            kind = terminal.AttributesWide
    return _read(kind, body, version)


def _read(kind: type[Any], body: bytes, version: Version) -> Any:
    cursor = Cursor(body, version)
    try:
        message = kind.read_wire(cursor) if hasattr(kind, "read_wire") else read_message(kind, cursor)
    except BadInput as fault:  # what the class itself refuses
        raise fault if isinstance(fault, BadFrame) else BadFrame("body", str(fault)) from fault
    if cursor.left:
        raise BadFrame("body", f"{cursor.left} bytes left over behind a {kind.__name__}")
    return message


def _kind_of(message_id: int, body: bytes, version: Version) -> type[Any] | None:
    if message_id == 0x0210:
        return terminal.VendorBattery if len(body) == 7 else terminal.VendorBatch
    if message_id == 0x5502:
        return vendor.LockReport
    if message_id == 0x0702 and version == Version.V2011:
        return terminal.DriverCard2011
    return MESSAGES.get(message_id)


def version_of(message_id: int, body: bytes) -> Version:
    """2011 or 2013, which heads do not tell apart: by the body of a registration or driver card, else 2013."""
    if message_id == 0x0100 and len(body) < 37:  # widths of 2013: 2 + 2 + 5 + 20 + 7 + 1
        return Version.V2011
    if message_id == 0x0107 and len(body) < 48:
        return Version.V2011
    if message_id == 0x0702 and isinstance(read_body(message_id, body, Version.V2013), Unknown):
        old = read_body(message_id, body, Version.V2011)
        return Version.V2013 if isinstance(old, Unknown) else Version.V2011
    return Version.V2013


def message_id_of(message: Any) -> int:
    """The id under which a message is sent.

    Raises:
        BadInput: not a message.
    """
    if isinstance(message, Unknown):
        return message.message_id
    message_id = _IDS.get(type(message))
    if message_id is None:
        raise BadInput(f"{type(message).__name__} is no JT/T 808 message")
    return message_id


def encode_body(message: Any, version: Version = Version.V2013) -> bytes:
    """The body of a message in that form.

    Raises:
        BadInput: a value does not fit, or has no place in this form.
    """
    if isinstance(message, Unknown):
        return message.body
    if hasattr(message, "write_wire"):
        written: bytes = message.write_wire()
        return written
    message_id_of(message)
    return write_message(message, version)


def encode_frame(
    message: Any,
    *,
    phone: str,
    serial: int,
    version: Version = Version.V2013,
    max_body: int = BODY_BYTES_MAX,
    protocol_version: int = 1,
) -> list[bytes]:
    """The frames of a message, with marks and escapes: one, or several parts whose serials run on.

    >>> from nongshi.tracks.jt808.platform import PlatformReply
    >>> encode_frame(PlatformReply(7, 0x0200), phone="13912345678", serial=1)[0].hex()
    '7e8001000501391234567800010007020000b07e'

    Raises:
        BadInput: a value does not fit.
    """
    if not 1 <= max_body <= LENGTH_MASK:
        raise BadInput(f"a frame holds 1 to {LENGTH_MASK} bytes of body, got max_body={max_body}")
    body = encode_body(message, version)
    head = Header(message_id_of(message), phone, serial, version, protocol_version)
    pieces = [body[at : at + max_body] for at in range(0, len(body), max_body)] or [b""]
    return [
        write_raw(replace(part_of(head, number, len(pieces)), length=len(piece)), piece)
        for number, piece in enumerate(pieces, start=1)
    ]


def encode_decoded(frame: Frame) -> bytes:
    """The bytes of a frame that was read: the same as came, wherever what came was canonical."""
    body = encode_body(frame.body, frame.header.version)
    return write_raw(replace(frame.header, length=len(body)), body)


def write_raw(header: Header, body: bytes) -> bytes:
    """Head, body and check byte, escaped and between marks."""
    payload = write_header(header) + body
    return escape(payload + bytes((check_byte(payload),)))
