"""Marks, escapes, check byte and parts: what comes in pieces, in disorder or as junk."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808 import (
    BadFrame,
    FrameReader,
    Header,
    Reassembler,
    Unknown,
    Version,
    check_byte,
    decode_frame,
    encode_frame,
    escape,
    normalise_phone,
    unescape,
)
from nongshi.tracks.jt808.header import phone_bytes_of, write_header
from nongshi.tracks.jt808.vendor import LockReport

HEARTBEAT = "7e0002000001391234567800018f7e"


@pytest.mark.parametrize(
    ("frame", "payload"),
    [
        ("7e307d02087d01557e", "307e087d55"),
        ("2424 7e307d02087d01557e", "307e087d55"),
        ("7e7e7e307d02087d01557e7e", "307e087d55"),
    ],
    ids=["both-escapes", "junk-before", "empty-between-marks"],
)
def test_a_frame_is_found_and_unescaped(frame: str, payload: str) -> None:
    assert [found.hex() for found in FrameReader().feed(bytes.fromhex(frame))] == [payload]


def test_an_e7_stream_has_its_own_marks_escapes_and_a_wider_number() -> None:
    inside = bytes.fromhex("0002 0000 01234567e6e7 3e 0001".replace(" ", ""))
    plain = inside + bytes([check_byte(inside)])
    sent = b"\xe7"
    for byte in plain:
        sent += {0xE6: b"\xe6\x01", 0xE7: b"\xe6\x02", 0x3E: b"\x3e\x01", 0x3D: b"\x3e\x02"}.get(byte, bytes([byte]))
    (frame,) = FrameReader().feed(sent + b"\xe7")
    assert decode_frame(frame).header.phone == "01234567e6e73e"


@given(st.lists(st.binary(min_size=1, max_size=80), max_size=8), st.integers(0, 2**32))
def test_frames_come_out_the_same_however_the_stream_is_cut(payloads: list[bytes], seed: int) -> None:
    stream, rng, reader, found = b"".join(map(escape, payloads)), random.Random(seed), FrameReader(), []
    while stream:
        size = rng.randint(1, 9)
        found += reader.feed(stream[:size])
        stream = stream[size:]
    assert found == payloads
    assert not reader.dropped


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_connection_never_holds_more_than_one_frame(pieces: list[bytes]) -> None:
    reader = FrameReader(max_frame=100)
    for piece in pieces:
        assert all(len(payload) <= 100 for payload in reader.feed(piece))
        assert reader.held_bytes <= 100


def test_an_overlong_frame_is_counted_once_and_the_next_one_is_read() -> None:
    reader = FrameReader(max_frame=20)
    assert reader.feed(b"\x7e" + b"a" * 15) == []
    assert reader.feed(b"a" * 15) == []
    assert reader.feed(b"a" * 5000 + b"\x7e") == []
    assert reader.feed(b"hello\x7e") == [b"hello"]
    assert dict(reader.dropped) == {"overflow": 1}


def test_bytes_before_the_first_mark_are_not_kept() -> None:
    reader = FrameReader()
    for _ in range(10):
        assert reader.feed(b"x" * 1000) == []
    assert reader.held_bytes == 0
    assert reader.dropped["junk"] == 10


@given(st.binary(max_size=3000))
def test_the_folded_check_byte_is_the_xor_of_all_bytes(data: bytes) -> None:
    plain = 0
    for byte in data:
        plain ^= byte
    assert check_byte(data) == plain


@given(st.binary(max_size=200))
def test_unescape_undoes_escape(payload: bytes) -> None:
    assert unescape(escape(payload)[1:-1]) == payload


def test_a_wrong_check_byte_is_refused_unless_leniency_is_asked_for() -> None:
    wrong = bytes.fromhex(HEARTBEAT.replace("8f7e", "8e7e"))
    with pytest.raises(BadFrame) as caught:
        decode_frame(wrong)
    assert caught.value.kind == "check"
    assert decode_frame(wrong, strict=False).header.serial == 1


def test_no_head_is_short() -> None:
    with pytest.raises(BadFrame) as caught:
        decode_frame(b"\x01\x01")
    assert caught.value.kind == "short"


@pytest.mark.parametrize(
    ("version", "phone", "sent"),
    [(Version.V2013, "013912345678", "013912345678"), (Version.V2019, "13912345678", "00000000013912345678")],
)
def test_old_and_new_numbers_of_one_terminal_are_one_device(version: Version, phone: str, sent: str) -> None:
    (frame,) = encode_frame(Unknown(0x0F01, b""), phone=phone, serial=1, version=version)
    header = decode_frame(frame).header
    assert (header.phone, header.device_id) == (sent, "13912345678")


@pytest.mark.parametrize(("phone", "device"), [("000", "0"), ("0abC", "abc"), ("13900000000", "13900000000")])
def test_a_number_loses_its_leading_zeros_only(phone: str, device: str) -> None:
    assert normalise_phone(phone) == device


@pytest.mark.parametrize("phone", ["1234567890123", "", "12-3", "x1"])
def test_a_number_that_is_none_is_refused(phone: str) -> None:
    with pytest.raises(BadInput, match="telephone number"):
        phone_bytes_of(phone, 6)


def test_a_head_with_the_bit_of_2019_but_the_form_of_2013_is_read_by_its_length() -> None:
    payload = bytes.fromhex("0102400c010030000681" + "0902" + "4a3130303330303030363831")
    frame = decode_frame(payload + bytes([check_byte(payload)]))
    assert (frame.header.version, frame.header.serial, frame.body.token) == (2013, 0x0902, "J10030000681")


def test_an_encrypted_body_is_kept_and_said_to_be_so() -> None:
    payload = bytes.fromhex("020004030139123456780001aabbcc")
    frame = decode_frame(payload + bytes([check_byte(payload)]))
    assert frame.body == Unknown(0x0200, b"\xaa\xbb\xcc", "encrypted")


def parts_of(body: bytes, serial: int = 65535) -> list[tuple[Header, bytes]]:
    frames = encode_frame(Unknown(0x0704, body), phone="1", serial=serial, max_body=10)
    found = [decode_frame(frame) for frame in frames]
    return [(frame.header, frame.body.body) for frame in found]


@given(st.binary(min_size=11, max_size=200), st.randoms(), st.integers(0, 65535))
def test_parts_in_any_order_and_twice_make_the_whole_once(body: bytes, rng: random.Random, serial: int) -> None:
    parts = parts_of(body, serial)
    rng.shuffle(parts)
    joined = Reassembler()
    twice = [part for part in parts[:-1] for _ in range(2)] + parts[-1:]
    wholes = [joined.add(header, piece, 0.0) for header, piece in twice]
    assert wholes[-1] == body
    assert wholes[:-1] == [None] * (len(wholes) - 1)
    assert joined.held_bytes == 0


def test_missing_parts_are_named_for_the_request() -> None:
    parts, joined = parts_of(b"x" * 45, serial=100), Reassembler()
    for k in (0, 2, 4):
        joined.add(*parts[k], 0.0)
    assert joined.missing(parts[0][0]) == (100, [2, 4])


def test_parts_of_two_messages_with_one_lost_are_not_mixed() -> None:
    first, second, joined = parts_of(b"a" * 20, serial=1), parts_of(b"b" * 20, serial=10), Reassembler()
    assert joined.add(*first[0], 0.0) is None
    assert joined.add(*second[1], 0.0) is None
    assert joined.add(*second[0], 0.0) == b"b" * 20


def test_a_terminal_that_repeats_one_serial_for_all_parts_is_understood() -> None:
    joined = Reassembler()
    assert joined.add(Header(0x0801, "1", 7, total=2, number=1), b"a", 0.0) is None
    assert joined.add(Header(0x0801, "1", 7, total=2, number=2), b"b", 0.0) == b"ab"


def test_old_parts_are_given_up() -> None:
    joined = Reassembler(age_s_max=60)
    joined.add(Header(0x0704, "1", 1, total=2, number=1), b"a", 0.0)
    joined.add(Header(0x0704, "2", 1, total=2, number=1), b"a", 61.0)
    assert joined.given_up == 1
    assert joined.add(Header(0x0704, "1", 2, total=2, number=2), b"b", 61.0) is None


@given(st.lists(st.tuples(*[st.integers(0, 65535)] * 3, st.binary(max_size=50)), max_size=200))
def test_hostile_parts_never_hold_more_than_the_bounds(parts: list[tuple[int, int, int, bytes]]) -> None:
    joined = Reassembler(wholes_max=4, bytes_max=1000)
    for serial, total, number, piece in parts:
        joined.add(Header(0x0801, "1", serial, total=total, number=number), piece, 0.0)
        assert joined.held_bytes <= 1000
        assert len(joined._wholes) <= 4


def test_a_part_number_beyond_the_total_belongs_nowhere() -> None:
    joined = Reassembler()
    assert joined.add(Header(0x0801, "1", 1, total=2, number=3), b"a", 0.0) is None
    assert (joined.given_up, joined.held_bytes) == (1, 0)


@pytest.mark.parametrize(
    "header",
    [Header(0x10000, "1", 1), Header(1, "1", 65536), Header(1, "1", 1, length=1024), Header(1, "1", -1)],
    ids=["message-id", "serial", "length", "negative"],
)
def test_a_head_with_a_number_that_does_not_fit_is_refused(header: Header) -> None:
    with pytest.raises(BadInput, match="fit in a head"):
        write_header(header)


@pytest.mark.parametrize("version", Version)
def test_a_lock_s_serial_of_one_byte_is_read_and_written(version: Version) -> None:
    (sent,) = encode_frame(LockReport(b"content"), phone="123456789012", serial=7, version=version)
    assert sent.hex().startswith("7e55010007" + "123456789012" + "07")
    assert decode_frame(sent).body == LockReport(b"content")
