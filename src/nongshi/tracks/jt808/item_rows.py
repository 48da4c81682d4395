"""One row of the item table: which bytes of an item mean what, and how they are read and written."""

import re
from dataclasses import dataclass
from functools import cache

from nongshi.core.errors import BadInput

Value = float | int | str | bool
COLUMNS = (
    "vendor", "path", "name", "type", "start", "at", "each", "needs", "bits", "scale", "add", "unit", "lengths",
    "absent", "map", "source",
)  # fmt: skip
ITEM_BYTES_MAX = 1 << 16  # no item is as long
_BLANK = "".join(map(chr, range(33)))
_NUMBER = re.compile(r"([uis])(8|16|24|32|64)$")
_TEXT = re.compile(r"(ascii|gbk|hex|number)(?::(\d+))?$")
_NEST = re.compile(r"(tlv11|tlv21|tlv22|ltv22)( to the end| after [0-9a-f]{2})?$")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One value inside an item, as docs/jt808.md describes the columns; made by :func:`row_of`."""

    vendor: str
    path: str
    name: str
    type: str
    start: int
    at: str
    each: int
    needs: str
    bits: str
    scale: float
    add: float
    unit: str
    lengths: str
    absent: int | None
    map: dict[int, Value]
    source: str

    @property
    def is_nest(self) -> bool:
        """Whether the item holds items again."""
        return self.type[:4] in ("tlv1", "tlv2", "ltv2")

    def fits(self, length: int) -> bool:
        """Whether an item of that length is meant; an empty list means all."""
        exact, least = _lengths_of(self.lengths)
        return length >= least or length in exact

    def read(self, item: bytes) -> dict[str, Value]:
        """Values by name; none where the item is too short, or says that nothing was measured."""
        if not self.fits(len(item)):
            return {}
        if not self.each:
            return self._named(self._one(item), self.name)
        found: dict[str, Value] = {}
        for count, begin in enumerate(range(self.start, len(item) - self.each + 1, self.each), start=1):
            entry = item[begin : begin + self.each]
            name = self.name.replace("{n}", str(count)).replace("{i}", str(entry[0]))
            found |= self._named(self._one(entry), name)
        return found

    def write(self, value: Value) -> bytes:
        """An item that holds this value alone, for terminals that are simulated.

        Raises:
            BadInput: the row is not a single number at the front of its item, or the value does not fit.
        """
        number = _NUMBER.match(self.type)
        if number is None or self.at not in ("", "0") or self.bits or self.each or number[1] == "s":
            raise BadInput(f"{self.name} is read from bytes that this table cannot write")
        raw = next((key for key, one in self.map.items() if one == value), None)
        if raw is None:
            if isinstance(value, str):
                raise BadInput(f"{value!r} is none of the values of {self.name}")
            raw = round((value - self.add) / self.scale)
        try:
            return raw.to_bytes(int(number[2]) // 8, "big", signed=number[1] == "i")
        except OverflowError as fault:
            raise BadInput(f"{self.name} cannot be {value}") from fault

    def nested(self, item: bytes) -> list[tuple[str, bytes]]:
        """Items inside the item: path and value; what is cut off at the end is left out."""
        kind = self.type[:5]
        if " after " in self.type and item[:1].hex() != self.type[-2:]:
            return []
        id_bytes, length_bytes = int(kind[3]), int(kind[4])
        found, at = [], self.start
        while at + id_bytes + length_bytes <= len(item):
            if kind == "ltv22":  # the length comes first and counts the id too
                begin = at + 4
                inner = item[at + 2 : begin].hex()
                stop = at + 2 + int.from_bytes(item[at : at + 2], "big")
            else:
                begin = at + id_bytes + length_bytes
                inner = item[at : at + id_bytes].hex()
                stop = begin + int.from_bytes(item[at + id_bytes : begin], "big")
            if not begin <= stop <= len(item):
                break
            found.append((f"{self.path}/{inner}", item[begin:stop]))
            at = stop
        return found

    def _named(self, value: Value | None, name: str) -> dict[str, Value]:
        return {} if value is None else {name: value}

    def _one(self, item: bytes) -> Value | None:
        if self.needs and not _bit_of(item, self.needs):
            return None
        if self.type.startswith("text:"):
            return self._field(item)
        at = _offset(item, self.at)
        if at is None:
            return None
        at = at + len(item) if at < 0 else at
        if self.type == "bit":
            return self._flag(item[at:])
        number = _number_of(self.type)
        if number is not None:
            kind, size = number
            return self._number(item[at : at + size], size, kind)
        return self._text(item[at:])

    def _number(self, piece: bytes, size: int, kind: str) -> Value | None:
        if len(piece) < size:
            return None
        raw = int.from_bytes(piece, "big", signed=kind == "i")
        if raw == self.absent:
            return None
        if kind == "s" and raw >> (8 * size - 1):  # sign and magnitude
            raw = -(raw & (1 << (8 * size - 1)) - 1)
        if self.bits:
            _, _, mask = _bits_of(self.bits)
            raw = (raw & mask) >> (mask & -mask).bit_length() - 1
        if self.map:
            return self.map.get(raw)
        if self.scale == 1 and self.add == 0:
            return raw
        return round(raw * self.scale + self.add, 9)

    def _flag(self, piece: bytes) -> bool | None:
        negated, width, mask = _bits_of(self.bits)
        size = width or len(piece)
        if not size or len(piece) < size:
            return None
        return bool(int.from_bytes(piece[:size], "big") & mask) != negated

    def _text(self, piece: bytes) -> Value | None:
        if self.type == "printable":
            return piece.decode("ascii") if piece and all(32 <= byte < 127 for byte in piece) else None
        kind, _, width = self.type.partition(":")
        if width:
            if len(piece) < int(width):
                return None
            piece = piece[: int(width)]
        if kind == "hex":
            return piece.hex()
        text = piece.decode("gb18030" if kind == "gbk" else "latin-1", "replace").strip("\0 \r\n")
        if kind != "number":
            return text
        number = _as_number(text)
        return None if number is None else round(number * self.scale + self.add, 9)

    def _field(self, item: bytes) -> Value | None:
        """One field of a text with commas or bars; the first field is what the type names."""
        text = item.decode("latin-1").strip(_BLANK)
        fields = re.split(r"[,|]", text)
        if fields[0] != self.type[5:] or not int(self.at) < len(fields) or not fields[int(self.at)]:
            return None
        word = fields[int(self.at)]
        return _as_number(word) if self.unit else word


def row_of(cells: dict[str, str]) -> ItemRow:
    """A row from its cells.

    Raises:
        BadInput: a cell that means nothing.
    """
    kind = cells["type"]
    known = (_NUMBER, _TEXT, _NEST)
    if not any(one.match(kind) for one in known) and kind not in ("bit", "printable") and kind[:5] != "text:":
        raise BadInput(f"type {kind!r} is unknown; use u8 to u64, i8, s16, bit, ascii, gbk, hex, tlv11 and so on")
    try:
        row = ItemRow(
            vendor=cells["vendor"].lower(), path=cells["path"].lower(), name=cells["name"], type=kind,
            start=int(cells["start"] or 0), at=cells["at"], each=int(cells["each"] or 0), needs=cells["needs"],
            bits=cells["bits"], scale=float(cells["scale"] or 1), add=float(cells["add"] or 0), unit=cells["unit"],
            lengths=cells["lengths"], absent=int(cells["absent"]) if cells["absent"] else None,
            map=_map_of(cells["map"]), source=cells["source"],
        )  # fmt: skip
        row.fits(0)
        probed = int(row.lengths.split(";")[0].rstrip("+") or 64)
        row.read(bytes(probed))  # a cell that reading stumbles over is found now, not in the field
    except (ValueError, IndexError, TypeError) as fault:
        raise BadInput(f"item {cells['path']} {cells['name']}: {fault}") from fault
    if row.scale == 0 or not row.path or not (row.name or row.is_nest):
        raise BadInput(f"item {row.path!r} needs a path, a name and a scale that is not 0")
    return row


@cache
def _lengths_of(words: str) -> tuple[frozenset[int], int]:
    """Exact lengths, and the least from which all longer ones fit too."""
    cells = [one for one in words.split(";") if one]
    exact = frozenset(int(one) for one in cells if not one.endswith("+"))
    return exact, min((int(one[:-1]) for one in cells if one.endswith("+")), default=ITEM_BYTES_MAX if cells else 0)


@cache
def _number_of(kind: str) -> tuple[str, int] | None:
    match = _NUMBER.match(kind)
    return None if match is None else (match[1], int(match[2]) // 8)


@cache
def _bits_of(words: str) -> tuple[bool, int, int]:
    """`!12`, `0;4`, `16-17` or `5 of 16`: whether negated, bytes that are looked at (0: all), mask."""
    bits, _, width = words.partition(" of ")
    mask = 0
    for word in bits.lstrip("!").split(";"):
        low, _, high = word.partition("-")
        if not 0 <= int(low) <= int(high or low) < 8 * 64:
            raise ValueError(f"bits {words!r} are none of an item")
        mask |= (1 << int(high or low) + 1) - (1 << int(low))
    return words.startswith("!"), int(width or 0) // 8, mask


def _map_of(words: str) -> dict[int, Value]:
    named: dict[str, Value] = {"true": True, "false": False}
    pairs = (word.partition("=") for word in words.split(";") if word)
    return {int(key): named.get(value, value) for key, _, value in pairs}


def _offset(item: bytes, words: str) -> int | None:
    """`4`, `-16`, or `2+2?0`: two further where bit 0 of the mask in byte 1 is set."""
    if "?" not in words:
        return _plain_offset(words)
    head, *more = words.split("+")
    at = int(head)
    for word in more:
        step, _, bit = word.partition("?")
        if len(item) < 2:
            return None
        at += int(step) if item[1] >> int(bit) & 1 else 0
    return at


@cache
def _plain_offset(words: str) -> int:
    return int(words or 0)


def _bit_of(item: bytes, words: str) -> bool:
    byte, _, bit = words.partition(".")
    return len(item) > int(byte) and bool(item[int(byte)] >> int(bit) & 1)


def _as_number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
