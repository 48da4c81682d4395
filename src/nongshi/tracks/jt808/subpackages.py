"""Parts of long messages, put together again; memory and age are bounded."""

from dataclasses import dataclass, field

from nongshi.tracks.jt808.header import Header

AGE_S_MAX = 300.0  # assumption: a terminal repeats missing parts within minutes, or never
WHOLES_MAX = 64  # assumption: messages of one connection that may be incomplete at the same time
BYTES_MAX = 1 << 20  # assumption: a picture of a terminal is some hundred kB
PART_BYTES = 100  # assumption: what Python itself needs for one part, so that empty parts cost something too


@dataclass(slots=True)
class _Whole:
    first_serial: int
    total: int
    at_s: float
    parts: dict[int, bytes] = field(default_factory=dict)
    size_bytes: int = 0


class Reassembler:
    """Collects the parts of messages, of any number of terminals, until one is whole.

    Parts may come in any order and twice. Incomplete messages older than `age_s_max`, and the oldest ones beyond
    `wholes_max` messages or `bytes_max` bytes, are given up and counted in `given_up`.

    >>> from nongshi.tracks.jt808.header import Header
    >>> parts = Reassembler()
    >>> parts.add(Header(0x0704, "1", serial=8, total=2, number=2), b"cd", 0.0)
    >>> parts.missing(Header(0x0704, "1", serial=8, total=2, number=2))
    (7, [1])
    >>> parts.add(Header(0x0704, "1", serial=7, total=2, number=1), b"ab", 1.0)
    b'abcd'
    """

    __slots__ = ("_age_s_max", "_bytes_max", "_size_bytes", "_wholes", "_wholes_max", "given_up")

    def __init__(
        self, *, age_s_max: float = AGE_S_MAX, wholes_max: int = WHOLES_MAX, bytes_max: int = BYTES_MAX
    ) -> None:
        self._age_s_max, self._wholes_max, self._bytes_max = age_s_max, wholes_max, bytes_max
        self._wholes: dict[tuple[str, int, int, int], _Whole] = {}
        self._size_bytes = 0
        self.given_up = 0

    @property
    def held_bytes(self) -> int:
        """Bytes of body that wait for their other parts."""
        return self._size_bytes

    def add(self, header: Header, body: bytes, at_s: float) -> bytes | None:
        """Keep a part that came at `at_s`; the whole body once nothing is missing, None before.

        A message of one part is whole at once. A part numbered 0 or above its total belongs nowhere and is given up.
        """
        if header.total <= 1:
            return body
        if not 1 <= header.number <= header.total:
            self.given_up += 1
            return None
        key = self._key(header)
        whole = self._wholes.get(key)
        if whole is None:
            whole = self._wholes[key] = _Whole(key[2], header.total, at_s)
        self._keep(whole, header.number, body, at_s)
        if len(whole.parts) == whole.total:
            self._drop(key)
            return b"".join(whole.parts[number] for number in range(1, whole.total + 1))
        self._tidy(at_s)
        return None

    def missing(self, header: Header) -> tuple[int, list[int]]:
        """Serial of the first part, and the numbers of the parts that have not come: what 0x8003 asks for."""
        key = self._key(header)
        whole = self._wholes.get(key)
        if whole is None:
            return key[2], []
        return whole.first_serial, [number for number in range(1, whole.total + 1) if number not in whole.parts]

    def _keep(self, whole: _Whole, number: int, body: bytes, at_s: float) -> None:
        before = whole.parts.get(number)
        grown = len(body) + PART_BYTES if before is None else len(body) - len(before)
        whole.parts[number] = body
        whole.size_bytes += grown
        whole.at_s = at_s
        self._size_bytes += grown

    def _drop(self, key: tuple[str, int, int, int]) -> None:
        self._size_bytes -= self._wholes.pop(key).size_bytes

    def _tidy(self, now_s: float) -> None:
        """Give up what is too old, then the oldest until all bounds hold."""
        for key in sorted(self._wholes, key=lambda key: self._wholes[key].at_s):
            stale = now_s - self._wholes[key].at_s > self._age_s_max
            crowded = len(self._wholes) > self._wholes_max or self._size_bytes > self._bytes_max
            if not stale and not crowded:
                break
            self._drop(key)
            self.given_up += 1

    def _key(self, header: Header) -> tuple[str, int, int, int]:
        """Parts of one message: serials run on from the first; a terminal that repeats one serial is understood too."""
        run_on = (header.serial - header.number + 1) & 0xFFFF
        key = (header.phone, header.message_id, run_on, header.total)
        same = (header.phone, header.message_id, header.serial, header.total)
        return same if key not in self._wholes and same in self._wholes else key
