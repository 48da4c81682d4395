"""Unfinished long messages of one terminal cost no other terminal its own, and hold no more than is stated."""

from nongshi.gateway.part_room import PartRoom
from nongshi.tracks.jt808 import Header


def part(phone: str, first: int, number: int, total: int = 3) -> Header:
    return Header(0x0704, phone, (first + number - 1) & 0xFFFF, total=total, number=number)


def test_whoever_leaves_many_messages_unfinished_spoils_only_its_own() -> None:
    room = PartRoom(age_s_max=3600.0)
    assert room.add(part("1", 10, 1), b"a", 0.0) is None
    assert room.add(part("1", 10, 2), b"b", 0.0) is None
    for k in range(500):
        room.add(part("2", 100 + 3 * k, 1), b"x" * 500, 1.0)
    assert room.add(part("1", 10, 3), b"c", 2.0) == b"abc"
    assert room.given_up > 0


def test_above_the_room_of_all_the_greediest_loses_and_the_count_stays_right() -> None:
    room = PartRoom(age_s_max=3600.0, total_bytes_max=20_000)
    room.add(part("1", 10, 1), b"a", 0.0)
    for k in range(60):
        room.add(part("2", 100 + 3 * k, 1), b"x" * 500, 1.0)
        assert room.held_bytes <= 20_000
    assert room.missing(part("1", 10, 3)) == [2, 3]


def test_parts_of_a_terminal_that_fell_silent_go() -> None:
    room = PartRoom(age_s_max=60.0)
    room.add(part("1", 10, 1), b"a", 0.0)
    room.tidy(59.0)
    assert room.held_bytes > 0
    room.tidy(61.0)
    assert (room.held_bytes, room.given_up) == (0, 1)


def test_a_whole_message_leaves_nothing_behind() -> None:
    room = PartRoom(age_s_max=60.0)
    for number in (3, 1, 2):
        room.add(part("1", 10, number), b"a", 0.0)
    assert (room.held_bytes, room.given_up) == (0, 0)
