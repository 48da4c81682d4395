"""From the stream to raw frames and back: delimiters, escapes, check byte.

A frame stands between two 0x7e; inside, 7d 02 means 7e and 7d 01 means 7d. One family of terminals marks frames by 0xe7
instead, with the escapes e6 01 (e6), e6 02 (e7), 3e 01 (3e) and 3e 02 (3d); such a stream is known by its first byte.
"""

from collections import Counter

from nongshi.tracks.jt808.errors import BadFrame

MARK, OTHER_MARK = 0x7E, 0xE7
FRAME_BYTES_MAX = 4096  # assumption: four times the longest standard frame; bounds what one connection can hold
FOLDED = bytes(pair >> 8 ^ pair & 0xFF for pair in range(1 << 16))  # both bytes of a pair, exclusive-or-ed


class FrameReader:
    """Cuts the bytes of one connection into raw payloads (unescaped, check byte still on them); memory is bounded.

    What cannot be a frame is dropped and counted in `dropped`: `junk` before the first mark, `overflow`.

    >>> [payload.hex() for payload in FrameReader().feed(bytes.fromhex("2424 7e307d02087d01557e"))]
    ['307e087d55']
    >>> reader = FrameReader()
    >>> [payload.hex() for payload in reader.feed(bytes.fromhex("24247e0002000001234567890000"))]
    []
    >>> [payload.hex() for payload in reader.feed(bytes.fromhex("0a7d02817e"))]
    ['00020000012345678900000a7e81']
    """

    __slots__ = ("_begun", "_frame_bytes_max", "_mark", "_rest", "_skipping", "dropped")

    def __init__(self, max_frame: int = FRAME_BYTES_MAX) -> None:
        self._frame_bytes_max = max_frame
        self._rest = b""
        self._mark = b""
        self._begun = False  # a mark was seen: what follows is inside a frame
        self._skipping = False  # an overlong frame is being thrown away up to its mark
        self.dropped: Counter[str] = Counter()

    @property
    def held_bytes(self) -> int:
        """Bytes kept for the next call; never above the largest frame."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[bytes]:
        """Whole payloads that these bytes complete, in order; empty stretches between marks are no frames."""
        if not self._mark:
            if not data:
                return []
            self._mark = b"\xe7" if data[0] == OTHER_MARK else b"\x7e"
        chunks = (self._rest + data if self._rest else data).split(self._mark)
        rest = chunks.pop()
        found = []
        for chunk in chunks:
            if not self._begun or self._skipping:
                self._drop_head(chunk)
            elif len(chunk) > self._frame_bytes_max:
                self.dropped["overflow"] += 1
            elif chunk:
                found.append(self._open(chunk))
        self._keep(rest)
        return found

    def _drop_head(self, chunk: bytes) -> None:
        """What stood before the first mark, or the end of an overlong frame."""
        if not self._begun and chunk:
            self.dropped["junk"] += 1
        self._begun, self._skipping = True, False

    def _keep(self, rest: bytes) -> None:
        """Hold the tail for the next call; one that is too long, or stands before any mark, is not held."""
        if not self._begun:
            self.dropped["junk"] += bool(rest)
            self._rest = b""
        elif self._skipping:
            self._rest = b""
        elif len(rest) > self._frame_bytes_max:
            self.dropped["overflow"] += 1
            self._rest, self._skipping = b"", True
        else:
            self._rest = rest

    def _open(self, chunk: bytes) -> bytes:
        if self._mark == b"\x7e":
            return unescape(chunk) if b"\x7d" in chunk else chunk
        return self._mark + chunk + self._mark  # marks stay on: they tell that the head is one byte wider


def unescape(data: bytes) -> bytes:
    """7d 02 becomes 7e, 7d 01 becomes 7d; any other 7d stays as it is (the check byte decides)."""
    return data.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")


def unescape_other(data: bytes) -> bytes:
    """The escapes of terminals that mark frames by 0xe7."""
    data = data.replace(b"\xe6\x02", b"\xe7").replace(b"\xe6\x01", b"\xe6")
    return data.replace(b"\x3e\x02", b"\x3d").replace(b"\x3e\x01", b"\x3e")


def escape(payload: bytes) -> bytes:
    """The payload between its two marks.

    >>> escape(bytes.fromhex("307e087d55")).hex()
    '7e307d02087d01557e'
    """
    return b"\x7e" + payload.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02") + b"\x7e"


def check_byte(data: bytes) -> int:
    """All bytes exclusive-or-ed; folded as one large integer, which Python does in a few steps.

    >>> check_byte(bytes.fromhex("0002000001234567890000"))
    139
    """
    value = int.from_bytes(data)
    if len(data) > 64:
        shift = 512
        while shift << 1 < len(data) << 3:
            shift <<= 1
        while shift > 256:
            value ^= value >> shift
            shift >>= 1
    value ^= value >> 256
    value ^= value >> 128
    value ^= value >> 64
    value ^= value >> 32
    return FOLDED[(value ^ value >> 16) & 0xFFFF]


def opened(data: bytes) -> bytes:
    """The raw payload of one frame that is given with or without its marks and escapes.

    Archives of frames often hold marks but no escapes: where only that reading has a right check byte, it is taken.

    Raises:
        BadFrame: kind "short": nothing between the marks.
    """
    if len(data) > 1 and data[0] == data[-1] and data[0] in (MARK, OTHER_MARK):
        inside = data[1:-1]
        data = (unescape if data[0] == MARK else unescape_other)(inside)
        if check_byte(data) and not check_byte(inside):
            data = inside
    if not data:
        raise BadFrame("short", "no bytes between the marks")
    return data
