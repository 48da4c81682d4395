"""Head of a message: what it is, from whom, how long, and which part of a whole."""

from dataclasses import dataclass, replace
from enum import IntEnum

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808.errors import BadFrame

LENGTH_MASK, ENCRYPTION_MASK = 0x03FF, 0x1C00
PARTED, VERSIONED, SPARE = 0x2000, 0x4000, 0x8000  # attribute bits: a part of a whole; the form of 2019
BODY_BYTES_MAX = LENGTH_MASK
PHONE_BYTES, PHONE_BYTES_2019 = 6, 10
SHORT_SERIALS = (0x5501, 0x5502)  # reports of locks: a serial of one byte, attribute bits of their own
PHONE_BYTES_E7 = 7  # terminals that mark frames by 0xe7


class Version(IntEnum):
    """Editions of the standard; heads tell 2019 from the others, 2011 and 2013 differ in a few bodies only."""

    V2011 = 2011
    V2013 = 2013
    V2019 = 2019


@dataclass(frozen=True, slots=True)
class Header:
    """Head of one message, or of one of its parts."""

    message_id: int
    phone: str  # digits as sent, leading zeros too; hexadecimal letters where a terminal sends them
    serial: int
    version: Version = Version.V2013
    protocol_version: int = 1  # version byte of the 2019 form; says nothing in the others
    total: int = 0  # parts of the whole message; 0: this is no part
    number: int = 0  # of them this one, from 1
    encryption: int = 0  # three bits; 0: plain, 1: RSA
    length: int = 0  # bytes of body that the head promises
    spare: int = 0  # bit 15 of the attributes, which the standard keeps free

    @property
    def device_id(self) -> str:
        """The number without leading zeros: the same for a 6-byte and a 10-byte telephone number."""
        return normalise_phone(self.phone)


def normalise_phone(phone: str) -> str:
    """One spelling for the number that old terminals send in 6 bytes and new ones in 10.

    >>> normalise_phone("013912345678"), normalise_phone("00000000013912345678"), normalise_phone("000000000000")
    ('13912345678', '13912345678', '0')
    """
    return phone.strip().lower().lstrip("0") or "0"


def read_header(payload: bytes, *, phone_bytes: int | None = None) -> tuple[Header, int]:
    """Head of a raw payload (with its check byte), and where the body begins.

    Some terminals set the bit of 2019 on the old head, or forget it on the new one: where the promised length is not
    true with the head that the bit names and is true with the other, the other is taken.

    Raises:
        BadFrame: kind "short": not even a head.
    """
    attributes = int.from_bytes(payload[2:4], "big")
    if int.from_bytes(payload[:2], "big") in SHORT_SERIALS:
        return _short_header(payload, attributes)
    versioned = bool(attributes & VERSIONED)
    width = phone_bytes or (PHONE_BYTES_2019 if versioned else PHONE_BYTES)
    body_at = _body_at(attributes, versioned, width)
    if phone_bytes is None and len(payload) - 1 - body_at != attributes & LENGTH_MASK:
        other = PHONE_BYTES if versioned else PHONE_BYTES_2019
        other_at = _body_at(attributes, not versioned, other)
        if len(payload) - 1 - other_at == attributes & LENGTH_MASK and (versioned or payload[4] == 1):
            versioned, width, body_at = not versioned, other, other_at
    if len(payload) <= body_at:
        raise BadFrame("short", f"{len(payload)} bytes hold no head and check byte")
    phone_at = 5 if versioned else 4
    serial_at = phone_at + width
    total, number = 0, 0
    if attributes & PARTED:
        total = int.from_bytes(payload[serial_at + 2 : serial_at + 4], "big")
        number = int.from_bytes(payload[serial_at + 4 : serial_at + 6], "big")
    return Header(
        message_id=int.from_bytes(payload[:2], "big"),
        phone=payload[phone_at:serial_at].hex(),
        serial=int.from_bytes(payload[serial_at : serial_at + 2], "big"),
        version=Version.V2019 if versioned else Version.V2013,
        protocol_version=payload[4] if versioned else 1,
        total=total,
        number=number,
        encryption=(attributes & ENCRYPTION_MASK) >> 10,
        length=attributes & LENGTH_MASK,
        spare=int(bool(attributes & SPARE)),
    ), body_at


def _short_header(payload: bytes, attributes: int) -> tuple[Header, int]:
    if len(payload) < 12:
        raise BadFrame("short", f"{len(payload)} bytes hold no head and check byte")
    return Header(
        message_id=int.from_bytes(payload[:2], "big"),
        phone=payload[4:10].hex(),
        serial=payload[10],
        encryption=(attributes & ENCRYPTION_MASK) >> 10,
        length=attributes & LENGTH_MASK,
        spare=int(bool(attributes & SPARE)),
    ), 11


def _body_at(attributes: int, versioned: bool, phone_bytes: int) -> int:
    return 6 + versioned + phone_bytes + (4 if attributes & PARTED else 0)


def write_header(header: Header) -> bytes:
    """The bytes of a head.

    Raises:
        BadInput: a number that does not fit in its place.
    """
    short = header.message_id in SHORT_SERIALS
    versioned = header.version == Version.V2019 and not short
    parted = header.total > 0
    fits = 0 <= header.length <= LENGTH_MASK and 0 <= header.encryption <= 7 and header.spare in (0, 1)
    if not fits or (short and parted):
        raise BadInput(f"length, encryption, spare bit or parts do not fit in a head: {header}")
    bits = PARTED * parted | VERSIONED * versioned | SPARE * header.spare
    try:
        return b"".join(
            (
                header.message_id.to_bytes(2, "big"),
                (header.length | header.encryption << 10 | bits).to_bytes(2, "big"),
                header.protocol_version.to_bytes(1, "big") if versioned else b"",
                phone_bytes_of(header.phone, PHONE_BYTES_2019 if versioned else PHONE_BYTES),
                header.serial.to_bytes(1 if short else 2, "big"),
                header.total.to_bytes(2, "big") + header.number.to_bytes(2, "big") if parted else b"",
            )
        )
    except OverflowError as fault:
        raise BadInput(f"a number does not fit in a head: {header}") from fault


def phone_bytes_of(phone: str, width: int) -> bytes:
    """The number in that many bytes, filled with zeros in front; surplus leading zeros are dropped.

    Raises:
        BadInput: no digits, or too many of them.
    """
    digits = phone.strip()
    digits = digits[-2 * width :] if set(digits[: -2 * width]) <= {"0"} else digits
    try:
        if len(digits) <= 2 * width and digits.isalnum():
            return bytes.fromhex(digits.rjust(2 * width, "0"))
    except ValueError:
        pass
    raise BadInput(f"telephone number {phone!r} does not fit in {width} bytes; give at most {2 * width} digits")


def part_of(header: Header, number: int, total: int) -> Header:
    """The head of one part; serials of parts run on from the first. A message of one part is none."""
    if total == 1:
        return header
    return replace(header, number=number, total=total, serial=(header.serial + number - 1) & 0xFFFF)
