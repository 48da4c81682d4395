"""Parts of long messages of all terminals: each has room of its own, so that none pays for another's."""

from nongshi.tracks.jt808 import Header, Reassembler

TOTAL_BYTES_MAX = 64 << 20  # assumption: of all terminals together; above it the greediest one's parts go


class PartRoom:
    """One reassembler a terminal, bounded together."""

    def __init__(self, *, age_s_max: float, total_bytes_max: int = TOTAL_BYTES_MAX) -> None:
        self._age_s_max, self._total_bytes_max = age_s_max, total_bytes_max
        self._rooms: dict[str, Reassembler] = {}
        self._heard_s: dict[str, float] = {}
        self._given_up = 0
        self.held_bytes = 0

    @property
    def given_up(self) -> int:
        """Messages that never became whole."""
        return self._given_up + sum(room.given_up for room in self._rooms.values())

    def add(self, header: Header, body: bytes, now_s: float) -> bytes | None:
        """Keep a part; the whole body once nothing is missing."""
        room = self._rooms.get(header.phone)
        if room is None:
            room = self._rooms[header.phone] = Reassembler(age_s_max=self._age_s_max)
        before = room.held_bytes
        whole = room.add(header, body, now_s)
        self.held_bytes += room.held_bytes - before
        self._heard_s[header.phone] = now_s
        if not room.held_bytes:
            self._close(header.phone)
        while self.held_bytes > self._total_bytes_max:
            self._given_up += 1
            self._close(max(self._rooms, key=lambda phone: self._rooms[phone].held_bytes))
        return whole

    def missing(self, header: Header) -> list[int]:
        """Numbers of the parts of this message that have not come."""
        room = self._rooms.get(header.phone)
        return [] if room is None else room.missing(header)[1]

    def tidy(self, now_s: float) -> None:
        """Give up what terminals that fell silent left unfinished."""
        for phone in [phone for phone, at_s in self._heard_s.items() if now_s - at_s > self._age_s_max]:
            self._given_up += 1
            self._close(phone)

    def _close(self, phone: str) -> None:
        room = self._rooms.pop(phone)
        del self._heard_s[phone]
        self.held_bytes -= room.held_bytes
        self._given_up += room.given_up
