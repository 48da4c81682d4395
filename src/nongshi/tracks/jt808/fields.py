"""How one part of a message lies on the wire: a small kit from which all messages are described.

A message is a dataclass whose fields are annotated with one of these; reading and writing follow from the same
description, so that they cannot drift apart.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol, get_args, get_origin, get_type_hints

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808.bcd import TIME_BYTES, read_time, write_time
from nongshi.tracks.jt808.errors import BadFrame
from nongshi.tracks.jt808.header import Version

Earlier = dict[str, Any]  # fields of the same message that stand before
CHARSET = "gb18030"  # holds all of GBK; bytes that are no characters survive as surrogates
NO_TIME = bytes(TIME_BYTES)


class Cursor:
    """Bytes of a body and how far they have been read."""

    __slots__ = ("at", "data", "version")

    def __init__(self, data: bytes, version: Version) -> None:
        self.data, self.at, self.version = data, 0, version

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self.data) - self.at

    def take(self, count: int) -> bytes:
        """The next bytes.

        Raises:
            BadFrame: kind "body": fewer are left.
        """
        end = self.at + count
        if end > len(self.data):
            raise BadFrame("body", f"{count} bytes wanted at {self.at} of {len(self.data)}")
        piece = self.data[self.at : end]
        self.at = end
        return piece


class Wire(Protocol):
    """Something that reads and writes one field."""

    def read(self, cursor: Cursor, earlier: Earlier) -> Any:
        """The value at the cursor."""

    def write(self, value: Any, version: Version, earlier: Earlier) -> bytes:
        """The bytes of a value."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number of some bytes, high byte first; with `scale` a value in units of 1/scale."""

    size: int
    scale: int = 1
    size_2019: int = 0  # where the newer form is wider

    def read(self, cursor: Cursor, earlier: Earlier) -> Any:
        """An int, or a float where scaled."""
        number = int.from_bytes(cursor.take(self._size(cursor.version)), "big")
        return number if self.scale == 1 else number / self.scale

    def write(self, value: Any, version: Version, earlier: Earlier) -> bytes:
        """Refuses what does not fit."""
        size = self._size(version)
        number = value if self.scale == 1 else round(value * self.scale)
        if not 0 <= number < 1 << 8 * size:
            raise BadInput(f"{value} does not fit in {size} byte(s)")
        return int(number).to_bytes(size, "big")

    def _size(self, version: Version) -> int:
        return self.size_2019 if self.size_2019 and version == Version.V2019 else self.size


@dataclass(frozen=True, slots=True)
class Text:
    """Characters in GBK: filled up with zero bytes to a width, led by their length, or to the end of the body."""

    width: int = 0
    width_2019: int = 0
    width_2011: int = 0
    led_by: int = 0  # bytes of length in front
    raw: bool = False  # bytes, not characters

    def read(self, cursor: Cursor, earlier: Earlier) -> Any:
        """Zero bytes at the end of a fixed width are filling, elsewhere they are kept."""
        width = self._width(cursor.version)
        if self.led_by:
            piece = cursor.take(int.from_bytes(cursor.take(self.led_by), "big"))
        elif width:
            piece = cursor.take(width).rstrip(b"\0")
        else:
            piece = cursor.take(cursor.left)
        return piece if self.raw else piece.decode(CHARSET, "surrogateescape")

    def write(self, value: Any, version: Version, earlier: Earlier) -> bytes:
        """Refuses what is too long, or has characters that do not exist in GB 18030."""
        piece: bytes = value if self.raw else _encoded(value)
        width = self._width(version)
        if self.led_by:
            if len(piece) >= 1 << 8 * self.led_by:
                raise BadInput(f"{len(piece)} bytes of text are too many for their length field")
            return len(piece).to_bytes(self.led_by, "big") + piece
        if width and (len(piece) > width or piece.endswith(b"\0")):
            raise BadInput(f"{value!r} does not fit in {width} bytes")
        return piece.ljust(width, b"\0")

    def _width(self, version: Version) -> int:
        if version == Version.V2011 and self.width_2011:
            return self.width_2011
        return self.width_2019 if self.width_2019 and version == Version.V2019 else self.width


def _encoded(text: str) -> bytes:
    try:
        return text.encode(CHARSET, "surrogateescape")
    except UnicodeEncodeError as fault:
        raise BadInput(f"{text!r} cannot be written in GB 18030") from fault


@dataclass(frozen=True, slots=True)
class Exact:
    """So many bytes, as they are."""

    width: int

    def read(self, cursor: Cursor, earlier: Earlier) -> bytes:
        """The bytes."""
        return cursor.take(self.width)

    def write(self, value: bytes, version: Version, earlier: Earlier) -> bytes:
        """Refuses another number of bytes."""
        if len(value) != self.width:
            raise BadInput(f"{self.width} bytes wanted, got {len(value)}")
        return value


@dataclass(frozen=True, slots=True)
class Digits:
    """Binary-coded decimals as their digits; letters a to f where a terminal sends them."""

    width: int

    def read(self, cursor: Cursor, earlier: Earlier) -> str:
        """All digits, leading zeros too."""
        return cursor.take(self.width).hex()

    def write(self, value: str, version: Version, earlier: Earlier) -> bytes:
        """Filled with zeros in front."""
        try:
            piece = bytes.fromhex(value.rjust(2 * self.width, "0"))
        except ValueError as fault:
            raise BadInput(f"{value!r} are no digits") from fault
        if len(piece) != self.width:
            raise BadInput(f"{value!r} must be at most {2 * self.width} digits")
        return piece


@dataclass(frozen=True, slots=True)
class Clock:
    """A local time in six bytes of decimals; six zeros mean that none was given."""

    def read(self, cursor: Cursor, earlier: Earlier) -> datetime | None:
        """A valid time or none."""
        piece = cursor.take(TIME_BYTES)
        return None if piece == NO_TIME else read_time(piece)

    def write(self, value: datetime | None, version: Version, earlier: Earlier) -> bytes:
        """To the whole second."""
        return NO_TIME if value is None else write_time(value)


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things: led by their count, or to the end of the body; `of` is a Wire or a class of messages."""

    of: Any
    count: int = 1  # bytes of count in front; 0: to the end
    count_2019: int = 0
    lenient: bool = False  # a count that is too high is let pass where the body ends behind a whole entry

    def read(self, cursor: Cursor, earlier: Earlier) -> tuple[Any, ...]:
        """At most as many as bytes are left can be real: a count beyond that is a fault, found at once."""
        size = self.count_2019 if self.count_2019 and cursor.version == Version.V2019 else self.count
        if not size:
            found = []
            while cursor.left:
                found.append(_read_one(self.of, cursor, earlier))
            return tuple(found)
        count = int.from_bytes(cursor.take(size), "big")
        if count > cursor.left:
            raise BadFrame("body", f"{count} entries cannot stand in {cursor.left} bytes")
        return tuple(_read_one(self.of, cursor, earlier) for _ in range(count) if cursor.left or not self.lenient)

    def write(self, value: tuple[Any, ...], version: Version, earlier: Earlier) -> bytes:
        """Count and entries."""
        size = self.count_2019 if self.count_2019 and version == Version.V2019 else self.count
        if size and len(value) >= 1 << 8 * size:
            raise BadInput(f"{len(value)} entries are too many for their count")
        head = len(value).to_bytes(size, "big") if size else b""
        return head + b"".join(_write_one(self.of, one, version, earlier) for one in value)


@dataclass(frozen=True, slots=True)
class Nested:
    """A message inside a message; `led_by`: bytes of length in front, 0: it fills what is left or ends by itself."""

    of: Any
    led_by: int = 0

    def read(self, cursor: Cursor, earlier: Earlier) -> Any:
        """The inner message."""
        if not self.led_by:
            return _read_one(self.of, cursor, earlier)
        inner = Cursor(cursor.take(int.from_bytes(cursor.take(self.led_by), "big")), cursor.version)
        return _read_one(self.of, inner, earlier)

    def write(self, value: Any, version: Version, earlier: Earlier) -> bytes:
        """The inner message, with its length where that is wanted."""
        piece = _write_one(self.of, value, version, earlier)
        return len(piece).to_bytes(self.led_by, "big") + piece if self.led_by else piece


@dataclass(frozen=True, slots=True)
class Form:
    """A field that lies otherwise on the wire in 2019."""

    old: Any
    new: Any

    def read(self, cursor: Cursor, earlier: Earlier) -> Any:
        """As the edition says."""
        return (self.new if cursor.version == Version.V2019 else self.old).read(cursor, earlier)

    def write(self, value: Any, version: Version, earlier: Earlier) -> bytes:
        """As the edition says."""
        written: bytes = (self.new if version == Version.V2019 else self.old).write(value, version, earlier)
        return written


@dataclass(frozen=True, slots=True)
class Only:
    """A field that is there only from an edition on, or where earlier fields or left bytes say so; else None."""

    wire: Any
    since: Version = Version.V2011
    until: Version = Version.V2019
    when: Callable[[Earlier], bool] | None = None
    if_left: bool = False  # there if any bytes are left; left out in writing where it is None
    absent: Any = None

    def read(self, cursor: Cursor, earlier: Earlier) -> Any:
        """The value, or what stands for "not there"."""
        if not self._is_there(cursor.version, earlier) or (self.if_left and not cursor.left):
            return self.absent
        return self.wire.read(cursor, earlier)

    def write(self, value: Any, version: Version, earlier: Earlier) -> bytes:
        """Nothing where the field is not there.

        Raises:
            BadInput: a value is missing, or is given where it has no place.
        """
        if not self._is_there(version, earlier):
            if value != self.absent:
                raise BadInput(f"{value!r} has no place in this form of the message ({int(version)})")
            return b""
        if value is None:
            if self.if_left:
                return b""
            raise BadInput("a field that this form of the message has is not given")
        written: bytes = self.wire.write(value, version, earlier)
        return written

    def _is_there(self, version: Version, earlier: Earlier) -> bool:
        return self.since <= version <= self.until and (self.when is None or self.when(earlier))


def wires(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Name and wire of every field of a message class, in order."""
    found = _WIRES.get(kind)
    if found is None:
        found = _WIRES[kind] = _described(kind)
    return found


_WIRES: dict[Any, tuple[tuple[str, Any], ...]] = {}


def _described(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind, include_extras=True)
    found = []
    for field in fields(kind):
        hint = hints[field.name]
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{kind.__name__}.{field.name} does not say how it lies on the wire")
        found.append((field.name, get_args(hint)[1]))
    return tuple(found)


def read_message(kind: type[Any], cursor: Cursor) -> Any:
    """One message of that class from the cursor on; what is left behind it is not looked at."""
    values: Earlier = {}
    for name, wire in wires(kind):
        values[name] = wire.read(cursor, values)
    return kind(**values)


def write_message(message: Any, version: Version) -> bytes:
    """The body of a message in that form."""
    values: Earlier = {}
    pieces = []
    for name, wire in wires(type(message)):
        value = getattr(message, name)
        try:
            pieces.append(wire.write(value, version, values))
        except BadInput as fault:
            raise BadInput(f"{type(message).__name__}.{name}: {fault}") from fault
        values[name] = value
    return b"".join(pieces)


def _read_one(of: Any, cursor: Cursor, earlier: Earlier) -> Any:
    if hasattr(of, "read_wire"):
        return of.read_wire(cursor)
    return read_message(of, cursor) if is_dataclass(of) and isinstance(of, type) else of.read(cursor, earlier)


def _write_one(of: Any, value: Any, version: Version, earlier: Earlier) -> bytes:
    if hasattr(of, "read_wire"):
        written: bytes = value.write_wire()
        return written
    if is_dataclass(of) and isinstance(of, type):
        return write_message(value, version)
    piece: bytes = of.write(value, version, earlier)
    return piece
