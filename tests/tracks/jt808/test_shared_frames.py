"""Published frames beside the project: each one with a right check byte is read, each expectation is met.

One frame per test id; the frames themselves are no part of the project.
"""

import pytest
from tests.conftest import SHARED

from nongshi.bench.jt808_vectors import HEAD_BYTES_MIN, Vector, all_values, is_met, read_vectors, reports_of
from nongshi.core.errors import NotFound
from nongshi.tracks.jt808 import (
    BadFrame,
    Header,
    Reassembler,
    Version,
    check_byte,
    decode_body,
    decode_frame,
    encode_decoded,
    escape,
)

FOLDER = SHARED / "jt808"


def vectors() -> list[Vector]:
    try:
        return list(read_vectors(FOLDER))
    except NotFound:
        return []


ALL = vectors()
RIGHT = [one for one in ALL if len(one.payload) >= HEAD_BYTES_MIN and check_byte(one.payload) == 0]
EXPECTED = [one for one in ALL if one.expect or one.kind.startswith("verifyPosition")]


@pytest.mark.shared_data("jt808")
def test_all_frames_were_found() -> None:
    assert (len(ALL) > 200, len(RIGHT) > 150, len(EXPECTED) > 70) == (True, True, True)


@pytest.mark.shared_data("jt808")
@pytest.mark.parametrize("vector", RIGHT, ids=lambda one: one.name)
def test_a_frame_with_a_right_check_byte_is_read_and_its_body_is_not_faulty(vector: Vector) -> None:
    frame = decode_frame(vector.payload)
    assert getattr(frame.body, "fault", "") == ""
    if len(vector.payload) - 1 - head_bytes(frame.header) == frame.header.length:
        again = decode_frame(encode_decoded(frame))
        assert (again.header.message_id, again.body) == (frame.header.message_id, frame.body)


def head_bytes(header: Header) -> int:
    return (17 if header.version == Version.V2019 else 12) + (4 if header.total else 0)


@pytest.mark.shared_data("jt808")
def test_canonical_frames_come_back_byte_for_byte() -> None:
    """Not canonical are heads whose length or version bit is not true, and lists whose count is not."""
    same = [encode_decoded(decode_frame(one.payload)) == escape(one.payload) for one in RIGHT]
    assert sum(same) >= 0.9 * len(same)


@pytest.mark.shared_data("jt808")
@pytest.mark.parametrize("vector", EXPECTED, ids=lambda one: one.name)
def test_an_expectation_of_another_decoder_is_met(vector: Vector) -> None:
    try:
        frame = decode_frame(vector.payload)
    except BadFrame:
        frame = decode_frame(vector.payload, strict=False)  # vectors edited by hand
    assert is_met(vector, frame)


@pytest.mark.shared_data("jt808")
def test_the_first_batch_holds_what_was_worked_out_by_hand() -> None:
    batch = decode_frame(next(one for one in RIGHT if one.payload[:2] == b"\x07\x04" and one.kind).payload)
    (report,) = reports_of(batch.body)
    assert (report.lat, report.lon, report.altitude_m, report.course_deg) == (33.697808, 116.954088, 29, 149)
    assert report.moment(28800) == 1786976292
    assert all_values(batch, "")[0]["satellites"] == 14


@pytest.mark.shared_data("jt808")
def test_published_parts_are_joined() -> None:
    joined, whole = Reassembler(), None
    for one in RIGHT:
        frame = decode_frame(one.payload)
        if frame.header.message_id == 0x1205:
            whole = joined.add(frame.header, frame.body.body, 0.0) or whole
    assert whole is not None
    assert len(whole) == 930 + 56
    assert decode_body(0x1205, whole).body == whole
