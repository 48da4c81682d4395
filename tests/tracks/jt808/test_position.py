"""Position reports: the readable decoder, the fast one, the compiled one, and the table of items."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tracks.jt808.test_messages import reports

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808 import (
    BadFrame,
    Header,
    PositionReport,
    Unknown,
    Version,
    decode_frame,
    encode_frame,
    parse_items,
    read_position,
    standard_items,
    unescape,
)
from nongshi.tracks.jt808.batch import CODES, decode_batch
from nongshi.tracks.jt808.fast import local_seconds_of, read_plain

WORK = PositionReport.of(lat=30.804568, lon=121.17444, at=datetime(2026, 11, 1, 7, 30, 5), speed_km_h=6.5)


def test_signs_follow_the_status_bits() -> None:
    report = PositionReport.of(lat=-19.5, lon=-46.9, at=datetime(2026, 1, 1))
    again = PositionReport.read(report.write_wire())
    assert (again.lat, again.lon, again.status) == (-19.5, -46.9, 0b1111)


def test_a_sign_against_the_status_bits_is_refused() -> None:
    with pytest.raises(BadInput, match="contradicts bit 2"):
        PositionReport(0, 0, -1.0, 0.0, 0, 0.0, 0, bytes(6)).write_wire()


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(BadInput, match="does not fit in a position report"):
        PositionReport(0, 0, 5000.0, 0.0, 0, 0.0, 0, bytes(6)).write_wire()


@pytest.mark.parametrize(
    "clock",
    ["261101240000", "261101006000", "261301000000", "260229000000", "2611010000ff", "000000000000", "26110a000000"],
    ids=["hour-24", "minute-60", "month-13", "no-leap-year", "no-digits", "nothing", "letter"],
)
def test_what_is_no_time_is_refused_when_it_is_asked_for(clock: str) -> None:
    report = PositionReport(0, 3, 1.0, 1.0, 0, 0.0, 0, bytes.fromhex(clock))
    with pytest.raises(BadFrame) as caught:
        _ = report.at_local
    assert caught.value.kind == "time"
    assert local_seconds_of(report.clock) == -1
    (sent,) = encode_frame(report, phone="1", serial=1)
    assert read_position(unescape(sent[1:-1])) is None
    assert [CODES[code] for code in decode_batch(sent)[1]] == ["time"]


def test_the_zone_of_the_device_makes_the_moment() -> None:
    assert WORK.moment(28800) == 1793489405


@given(st.binary(min_size=6, max_size=6) | st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)))
def test_both_clocks_agree(clock: bytes | datetime) -> None:
    raw = clock if isinstance(clock, bytes) else PositionReport.of(lat=0.0, lon=0.0, at=clock).clock
    report = PositionReport(0, 0, 0.0, 0.0, 0, 0.0, 0, raw)
    try:
        plain = report.moment(0)
    except BadFrame:
        plain = -1
    assert local_seconds_of(raw) == plain


@given(reports(), st.integers(0, 65535))
def test_the_fast_decoder_says_what_the_readable_one_says(report: PositionReport, serial: int) -> None:
    (sent,) = encode_frame(report, phone="13912345678", serial=serial)
    payload = unescape(sent[1:-1])
    assert read_plain(payload) == decode_frame(payload, strict=False)  # lenient takes the long way
    fast = read_position(payload)
    if fast is None:
        assert local_seconds_of(report.clock) == -1
    else:
        at_s = report.moment(0)
        assert fast[:5] == ("013912345678", serial, at_s, report.lon, report.lat)
        assert fast[5:8] == (report.altitude_m, report.speed_km_h, report.course_deg)
        assert fast[8:] == (report.alarm, report.status, report.extra)


@pytest.mark.parametrize("number", [0x0201, 0x0100, 0x8200])
def test_the_fast_decoder_leaves_other_messages_alone(number: int) -> None:
    (sent,) = encode_frame(Unknown(number, WORK.write_wire()), phone="1", serial=1)
    assert read_plain(unescape(sent[1:-1])) is None


def lines(report: PositionReport, header: Header) -> tuple[object, ...]:
    """What a row of the batch should hold."""
    mileage, satellites = report.mileage_km, report.satellites
    return (
        int(header.phone, 16), header.serial, report.alarm, report.status, report.moment(0), report.lon, report.lat,
        report.altitude_m, report.speed_km_h, report.course_deg,
        None if mileage is None else mileage, -1 if satellites is None else satellites,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(reports(), st.sampled_from([Version.V2013, Version.V2019]), st.sampled_from(["ok", "flip", "cut"])),
        max_size=6,
    ),
    st.binary(max_size=20),
)
def test_the_batch_agrees_with_the_readable_decoder_field_for_field(
    cases: list[tuple[PositionReport, Version, str]], junk: bytes
) -> None:
    stream, told = junk.replace(b"\x7e", b""), []
    for drawn, version, fate in cases:
        report = replace(drawn, clock=WORK.clock) if drawn.clock[0] & 3 else drawn
        (sent,) = encode_frame(report, phone="13912345678", serial=9, version=version)
        if fate == "flip":
            sent = sent[:-2] + bytes([sent[-2] ^ 0x80 if sent[-2] ^ 0x80 not in (0x7D, 0x7E) else 0x11]) + sent[-1:]
        sent = sent[:9] + sent[-1:] if fate == "cut" else sent
        stream += sent
        told.append(sent)
    rows, codes = decode_batch(stream)
    wanted = []
    assert len(codes) == len(told)
    for sent, code in zip(told, codes, strict=True):
        said = "ok"
        try:
            frame = decode_frame(unescape(sent[1:-1]))
            wanted.append(lines(frame.body, frame.header))
        except BadFrame as fault:
            said = fault.kind
        assert CODES[code] == said
    got = [
        (
            int(row["phone_high"]) << 64 | int(row["phone_low"]),
            *(row[name].item() for name in rows.dtype.names[2:11]),
            None if np.isnan(row["mileage_km"]) else row["mileage_km"].item(), row["satellites"].item(),
        )
        for row in rows
    ]  # fmt: skip
    assert [(g[0], g[1], *g[2:]) for g in got] == wanted


def test_the_batch_counts_what_it_does_not_read() -> None:
    frames = encode_frame(Unknown(0x0002, b""), phone="1", serial=1) + encode_frame(
        WORK, phone="1", serial=2, max_body=9
    )
    rows, codes = decode_batch(b"junk" + b"".join(frames) + b"\x7eunfinished")
    assert len(rows) == 0
    assert [CODES[code] for code in codes] == ["other_message"] + ["parted"] * 4


def with_items(items: str, alarm: int = 0, status: int = 3) -> PositionReport:
    return PositionReport(alarm, status, 30.8, 121.2, 4, 6.5, 90, WORK.clock, bytes.fromhex(items))


@pytest.mark.parametrize(
    ("items", "vendor", "name", "value"),
    [
        ("01 04 00003039", "", "mileage_km", 1234.5),
        ("02 02 01c2", "", "fuel_l", 45.0),
        ("03 02 0041", "", "recorder_speed_km_h", 6.5),
        ("04 02 0007", "", "alarm_to_confirm", 7),
        ("05 1e 21" + "ff" * 29, "", "tyre1_pressure_pa", 33),
        ("06 02 fffb", "", "cabin_temperature_c", -5),
        ("11 05 02 00000009", "", "overspeed_place_id", 9),
        ("12 06 04 00000009 01", "", "area_direction", "out"),
        ("13 07 00000009 003c 01", "", "section_too", "long"),
        ("25 04 00000001", "", "vehicle_signals", 1),
        ("2a 02 0001", "", "io_status", 1),
        ("2b 04 00020001", "", "analog_0", 1),
        ("30 01 1f", "", "rssi", 31),
        ("31 01 0e", "", "satellites", 14),
        ("51 04 8017 0010", "", "temperature2_c", None),
        ("51 02 8017", "", "temperature1_c", -2.3),
        ("eb 07 0004 00ce 04e2 00", "", "power_v", 12.5),
        ("f6 08 0203 0010 ff94 0000", "aovx", "temperature1_c", -10.8),
        ("f6 08 0202 ff94 0000 0000", "aovx", "temperature1_c", -10.8),
        ("e0 02 00e1", "agri", "depth_cm", 22.5),
        ("e1 02 00fa", "agri", "width_cm", 250),
        ("e2 01 01", "agri", "working", True),
        ("e2 01 00", "agri", "working", False),
        ("e2 01 ff", "agri", "working", None),
        ("e0 02 00e1", "", "depth_cm", None),
    ],
)
def test_an_item_gets_its_name_and_unit(items: str, vendor: str, name: str, value: object) -> None:
    assert standard_items().values(with_items(items), vendor).get(name) == value


def test_an_item_cut_off_at_the_end_leaves_the_others() -> None:
    report = with_items("31 01 0e 01 04 0000")
    assert report.items == {0x31: b"\x0e"}
    assert standard_items().values(report)["satellites"] == 14
    assert report.write_wire().endswith(bytes.fromhex("31010e01040000"))


def test_a_user_s_rows_stand_in_place_of_those_of_the_same_path_and_vendor() -> None:
    mine = parse_items("vendor,path,name,type,scale,unit\n,e0,tillage_depth_mm,u16,1,mm\nacme,31,moons,u8,,\n")
    table = standard_items().extended(mine)
    report = with_items("e0 02 00e1 31 01 0e")
    assert table.values(report)["tillage_depth_mm"] == 225
    assert table.values(report)["satellites"] == 14
    assert "satellites" not in table.values(report, "ACME")
    assert table.values(report, "acme")["moons"] == 14
    assert "acme" in table.vendors


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,name\n", "row 1"),
        ("path,name,type\ne0,x,u7\n", "row 2: type 'u7'"),
        ("path,name,type,scale\n\ne0,x,u8,ten\n", "row 3"),
        ("path,name,type,bits,lengths\ne0,x,bit,high,2\n", "row 2"),
        ("path,name,type\n,x,u8\n", "needs a path"),
    ],
)
def test_a_table_that_means_nothing_says_in_which_row(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        parse_items(text)


def test_items_are_written_for_simulated_terminals_and_read_again() -> None:
    table = standard_items()
    items = table.write({"depth_cm": 22.5, "width_cm": 250, "working": True, "mileage_km": 1234.5}, "agri")
    report = PositionReport.of(lat=30.0, lon=121.0, at=datetime(2026, 11, 1), items=items)
    found = table.values(report, "agri")
    assert (found["depth_cm"], found["width_cm"], found["working"], found["mileage_km"]) == (22.5, 250, True, 1234.5)


def test_a_name_without_a_row_cannot_be_written() -> None:
    with pytest.raises(BadInput, match="no row for colour"):
        standard_items().write({"colour": 1})


@given(st.binary(max_size=300), st.sampled_from(["", *standard_items().vendors]))
def test_no_bytes_trouble_the_item_table(extra: bytes, vendor: str) -> None:
    report = PositionReport(0, 0, 0.0, 0.0, 0, 0.0, 0, bytes(6), extra)
    standard_items().values(report, vendor)
    standard_items().passed_through(extra[0] if extra else 0, extra, vendor)


def test_every_row_says_where_it_comes_from() -> None:
    assert [row.name for row in standard_items().rows if not row.source] == []
