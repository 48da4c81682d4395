"""Every message: bodies laid by hand beside what they say, and the law that writing and reading undo each other."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808 import (
    MESSAGES,
    BadFrame,
    Frame,
    PositionReport,
    Unknown,
    Version,
    decode_body,
    decode_frame,
    encode_body,
    encode_decoded,
    encode_frame,
    fences,
    message_id_of,
    platform,
    terminal,
    unescape,
    vendor,
)
from nongshi.tracks.jt808 import fields as kit
from nongshi.tracks.jt808.position import SOUTH, WEST

REPORT = "00000001 00000003 01d60a58 0738f9a8 fffe 0041 005a 261101073005"  # 30.804568, 121.174440, -2 m, 6.5 km/h
AT = PositionReport(1, 3, 30.804568, 121.17444, -2, 6.5, 90, bytes.fromhex("261101073005"))
V11, V13, V19 = Version.V2011, Version.V2013, Version.V2019

BODIES = [
    ("0001-reply", V13, "0001", "0007 8300 00", terminal.TerminalReply(7, 0x8300)),
    ("0002-heartbeat", V13, "0002", "", terminal.Heartbeat()),
    ("0002-with-battery", V13, "0002", "641e00", terminal.Heartbeat(b"\x64\x1e\x00")),
    ("0003-logout", V13, "0003", "", terminal.Logout()),
    ("0004-time", V19, "0004", "", terminal.TimeQuery()),
    ("0005-parts", V19, "0005", "0009 0002 0001 0003", terminal.PartsWanted(9, (1, 3))),
    (
        "0100-2011", V11, "0100",
        "001f 0074 4142434445 4d312e3020000000 30313233343536 02 bba641",
        terminal.Register(31, 116, "ABCDE", "M1.0 ", "0123456", 2, "沪A"),
    ),
    (
        "0100-2013", V13, "0100",
        "001f 0074 4142434445 4d31" + "00" * 18 + "30313233343536 02 bba641",
        terminal.Register(31, 116, "ABCDE", "M1", "0123456", 2, "沪A"),
    ),
    (
        "0100-2019", V19, "0100",
        "001f 0074 4142434445" + "00" * 6 + "4d31" + "00" * 28 + "3031" + "00" * 28 + "00 4c31",
        terminal.Register(31, 116, "ABCDE", "M1", "01", 0, "L1"),
    ),
    ("0102-2013", V13, "0102", "746f6b", terminal.Authentication("tok")),
    (
        "0102-2019", V19, "0102", "03 746f6b 383630" + "00" * 12 + "7631" + "00" * 18,
        terminal.Authentication("tok", "860", "v1"),
    ),
    (
        "0104-parameters", V13, "0104", "0014 02 00000001 04 0000000a 00000013 03 612e62",
        terminal.Parameters(20, (terminal.Parameter(1, b"\0\0\0\x0a"), terminal.Parameter(0x13, b"a.b"))),
    ),
    (
        "0107-2013", V13, "0107",
        "0003 4142434445" + "4d" + "00" * 19 + "30" + "00" * 6 + "89860000000000000001 02 4831 01 46 03 ff",
        terminal.Attributes(3, "ABCDE", "M", "0", "89860000000000000001", "H1", "F", 3, 255),
    ),
    ("0109-time", V13, "0109", "", terminal.TimeSync()),
    ("0200-position", V13, "0200", REPORT, AT),
    ("0201-answer", V13, "0201", "0005" + REPORT, terminal.PositionAnswer(5, AT)),
    ("0500-answer", V13, "0500", "0005" + REPORT, terminal.ControlAnswer(5, AT)),
    ("0701-way-bill", V13, "0701", "00000002 4f4b", terminal.WayBill(b"OK")),
    (
        "0702-2011", V11, "0702", "04 cdf5cee5 3131" + "00" * 18 + "3939" + "00" * 38 + "02 4a54",
        terminal.DriverCard2011("王五", "11", "99", "JT"),
    ),
    (
        "0702-2013", V13, "0702",
        "01 261101073005 00 04 cdf5cee5 3939" + "00" * 18 + "02 4a54 20280531",
        terminal.DriverCard(1, bytes.fromhex("261101073005"), 0, "王五", "99", "JT", "20280531"),
    ),
    (
        "0702-2019", V19, "0702",
        "01 261101073005 00 04 cdf5cee5 3939" + "00" * 18 + "02 4a54 20280531 3131" + "00" * 18,
        terminal.DriverCard(1, bytes.fromhex("261101073005"), 0, "王五", "99", "JT", "20280531", "11"),
    ),
    (
        "0702-card-out", V13, "0702", "02 261101073005",
        terminal.DriverCard(2, bytes.fromhex("261101073005")),
    ),
    (
        "0704-blind-zone", V13, "0704", "0002 01 001c" + REPORT + "001f" + REPORT + "31010e",
        terminal.PositionBatch(
            1, (AT, PositionReport(1, 3, 30.804568, 121.17444, -2, 6.5, 90, AT.clock, bytes.fromhex("31010e")))
        ),
    ),
    ("0900-up", V13, "0900", "41 0102", terminal.PassThroughUp(0x41, b"\1\2")),
    ("1300-text", V13, "1300", "0000 004f004b", terminal.VendorText(0, b"\0O\0K")),
    ("0210-battery", V13, "0210", "4f 261101073005", terminal.VendorBattery(79, datetime(2026, 11, 1, 7, 30, 5))),
    ("0210-batch", V13, "0210", "1c" + REPORT, terminal.VendorBatch((AT,))),
    ("5501-lock", V13, "5501", "0102", vendor.LockReport(b"\1\2")),
    ("8001-reply", V13, "8001", "0007 0200 00", platform.PlatformReply(7, 0x0200)),
    ("8003-parts-2013", V13, "8003", "0009 02 0001 0003", platform.PartsMissing(9, (1, 3))),
    ("8003-parts-2019", V19, "8003", "0009 0002 0001 0003", platform.PartsMissing(9, (1, 3))),
    ("8004-time", V19, "8004", "261101073005", platform.TimeAnswer(datetime(2026, 11, 1, 7, 30, 5))),
    ("8100-registered", V13, "8100", "0007 00 746f6b", platform.RegisterReply(7, 0, "tok")),
    (
        "8103-report-every-10-s", V13, "8103", "01 00000029 04 0000000a",
        platform.SetParameters((terminal.Parameter(0x29, b"\0\0\0\x0a"),)),
    ),
    ("8104-all", V13, "8104", "", platform.QueryAllParameters()),
    ("8105-restart", V13, "8105", "04", platform.Control(4)),
    ("8106-some", V13, "8106", "02 00000001 00000029", platform.QueryParameters((1, 0x29))),
    ("8107-attributes", V13, "8107", "", platform.QueryAttributes()),
    ("8109-time", V13, "8109", "07ea 0b 01 07 1e 05 00", platform.TimeSyncAnswer.of(datetime(2026, 11, 1, 7, 30, 5))),
    ("8201-where", V13, "8201", "", platform.QueryPosition()),
    ("8202-every-5-s", V13, "8202", "0005 00000e10", platform.TrackTemporarily(5, 3600)),
    ("8202-stop", V13, "8202", "0000", platform.TrackTemporarily(0)),
    ("8203-seen", V13, "8203", "0000 00000001", platform.ConfirmAlarm(0, 1)),
    ("8300-2013", V13, "8300", "0c c8a5b6abc6ba", platform.TextToDriver(12, None, "去东坪")),
    ("8300-2019", V19, "8300", "0c 02 c8a5b6abc6ba", platform.TextToDriver(12, 2, "去东坪")),
    (
        "8600-circle-timed-limited", V13, "8600",
        "01 01 00000001 0003 01d60a58 0738f9a8 00000064 000000080000 000000180000 000a 05",
        fences.SetCircles(
            1,
            (fences.Circle(1, 3, 30.804568, 121.17444, 100, "000000080000", "000000180000", 10, 5),),
        ),
    ),
    (
        "8600-circle-2019-night", V19, "8600",
        "01 01 00000001 0002 01d60a58 0738f9a8 00000064 000a 05 0008 0002 4131",
        fences.SetCircles(
            1, (fences.Circle(1, 2, 30.804568, 121.17444, 100, None, None, 10, 5, 8, "A1"),)
        ),
    ),
    ("8601-all", V13, "8601", "00", fences.DeleteCircles()),
    (
        "8602-rectangle", V13, "8602", "00 01 00000002 0000 01d60a58 0738f9a8 01d60a00 0738faa8",
        fences.SetRectangles(
            0, (fences.Rectangle(2, 0, 30.804568, 121.17444, 30.80448, 121.174696),)
        ),
    ),
    ("8603-one", V13, "8603", "01 00000002", fences.DeleteRectangles((2,))),
    (
        "8604-polygon", V13, "8604",
        "00000003 0000 0003 01d60a58 0738f9a8 01d60a00 0738faa8 01d60a00 0738f9a8",
        fences.SetPolygon(
            3, 0, None, None, None, None,
            (
                fences.Corner(30.804568, 121.17444),
                fences.Corner(30.80448, 121.174696),
                fences.Corner(30.80448, 121.17444),
            ),
        ),
    ),
    ("8605-one", V13, "8605", "01 00000003", fences.DeletePolygons((3,))),
    (
        "8606-route", V13, "8606",
        "00000004 0001 261101000000 261130000000 0001 00000001 00000007 01d60a58 0738f9a8 14 03 0e10 003c 0014 05",
        fences.SetRoute(
            4, 1, "261101000000", "261130000000",
            (fences.Bend(1, 7, 30.804568, 121.17444, 20, 3, 3600, 60, 20, 5),),
        ),
    ),
    ("8607-one", V13, "8607", "01 00000004", fences.DeleteRoutes((4,))),
    ("8608-polygons", V19, "8608", "03 00000001 00000003", fences.QueryFences(3, (3,))),
    ("8900-down", V13, "8900", "41 0102", platform.PassThroughDown(0x41, b"\1\2")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "number", "body", "message"), [row[1:] for row in BODIES], ids=[b[0] for b in BODIES]
)
def test_a_body_laid_by_hand_is_read_and_written(version: Version, number: str, body: str, message: Any) -> None:
    assert decode_body(int(number, 16), bytes.fromhex(body), version) == message
    assert encode_body(message, version).hex() == body.replace(" ", "")
    assert message_id_of(message) == int(number, 16)


@pytest.mark.parametrize(
    ("version", "number", "body", "message"), [row[1:] for row in BODIES], ids=[b[0] for b in BODIES]
)
def test_a_frame_comes_back_as_the_same_bytes(version: Version, number: str, body: str, message: Any) -> None:
    (sent,) = encode_frame(message, phone="13912345678", serial=1, version=version)
    frame = decode_frame(sent)
    assert frame.body == message
    assert encode_decoded(frame) == sent


@pytest.mark.parametrize(
    ("version", "number", "body", "message"), [row[1:] for row in BODIES], ids=[b[0] for b in BODIES]
)
def test_a_body_cut_short_is_no_other_message(version: Version, number: str, body: str, message: Any) -> None:
    """A shorter body is refused, or says something that is written as just those bytes; nothing is made up."""
    whole = bytes.fromhex(body)
    for size in range(len(whole)):
        try:
            read = decode_body(int(number, 16), whole[:size], version)
        except BadFrame:
            continue
        if number not in ("0704", "0104"):  # their counts follow from the entries that are whole
            assert encode_body(read, version).rstrip(b"\0") == whole[:size].rstrip(b"\0")


def test_every_message_has_a_body_laid_by_hand() -> None:
    assert {int(row[2], 16) for row in BODIES} >= set(MESSAGES)


def values(wire: Any, version: Version) -> st.SearchStrategy[Any]:
    """Values that a wire can carry in that edition."""
    if isinstance(wire, kit.Number):
        size = wire.size_2019 if wire.size_2019 and version == V19 else wire.size
        whole = st.integers(0, 256**size - 1)
        return whole if wire.scale == 1 else whole.map(lambda number: number / wire.scale)
    if isinstance(wire, kit.Text):
        width = {V11: wire.width_2011, V13: 0, V19: wire.width_2019}[version] or wire.width
        raw = st.binary(max_size=width or 60).map(lambda piece: piece.rstrip(b"\0") if width else piece)
        return raw if wire.raw else raw.map(lambda piece: piece.decode(kit.CHARSET, "surrogateescape"))
    if isinstance(wire, kit.Exact):
        return st.binary(min_size=wire.width, max_size=wire.width)
    if isinstance(wire, kit.Digits):
        return st.binary(min_size=wire.width, max_size=wire.width).map(bytes.hex)
    if isinstance(wire, kit.Clock):
        moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0))
        return st.none() | moments
    if isinstance(wire, kit.Form):
        return values(wire.new if version == V19 else wire.old, version)
    if isinstance(wire, kit.Listed):
        return st.lists(values(wire.of, version), max_size=4).map(tuple)
    if isinstance(wire, kit.Nested):
        return values(wire.of, version)
    if wire is PositionReport:
        return reports()
    return messages(wire, version)


@st.composite
def reports(draw: st.DrawFn) -> PositionReport:
    status = draw(st.integers(0, 2**32 - 1))
    lat, lon = (draw(st.integers(0, 2**32 - 1)) / 1e6 for _ in range(2))
    return PositionReport(
        draw(st.integers(0, 2**32 - 1)),
        status,
        -lat if status & SOUTH else lat,
        -lon if status & WEST else lon,
        draw(st.integers(-(2**15), 2**15 - 1)),
        draw(st.integers(0, 2**16 - 1)) / 10,
        draw(st.integers(0, 2**16 - 1)),
        draw(st.binary(min_size=6, max_size=6)),
        draw(st.binary(max_size=40)),
    )


@st.composite
def messages(draw: st.DrawFn, kind: Any, version: Version) -> Any:
    """A message of that class; fields that an edition, a bit or an earlier gap leaves out are left out."""
    if kind is PositionReport:
        return draw(reports())
    if kind is terminal.PositionBatch:
        return kind(draw(st.integers(0, 255)), tuple(draw(st.lists(reports(), max_size=3))))
    found: dict[str, Any] = {}
    ended = False  # from here on nothing is left in the body
    for name, wire in kit.wires(kind):
        if isinstance(wire, kit.Only):
            there = wire.since <= version <= wire.until and (wire.when is None or wire.when(found))
            ended = ended or (there and wire.if_left and not draw(st.booleans()))
            given = there and not (wire.if_left and ended)
            found[name] = draw(values(wire.wire, version)) if given else wire.absent
        else:
            found[name] = draw(values(wire, version))
    return kind(**found)


CLASSES = [*MESSAGES.values(), terminal.DriverCard2011, terminal.VendorBatch, terminal.VendorBattery]


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_reading_undoes_writing(kind: Any, version: Version, data: st.DataObject) -> None:
    if kind is terminal.DriverCard2011:
        version = V11
    if kind is terminal.DriverCard and version == V11:
        version = V13
    message = data.draw(messages(kind, version))
    try:
        body = encode_body(message, version)
    except BadInput:
        assert isinstance(message, platform.TextToDriver)
        return
    assert decode_body(message_id_of(message), body, version) == message


@given(reports())
def test_a_frame_of_a_report_comes_back(report: PositionReport) -> None:
    (sent,) = encode_frame(report, phone="13912345678", serial=65535)
    assert decode_frame(sent).body == report
    assert decode_frame(unescape(sent[1:-1])).body == report


@given(st.integers(0, 0xFFFF), st.binary(max_size=200), st.sampled_from([V13, V19]))
def test_a_right_check_byte_always_gives_a_frame_with_all_bytes(number: int, body: bytes, version: Version) -> None:
    (sent,) = encode_frame(Unknown(number, body), phone="13912345678", serial=1, version=version)
    frame = decode_frame(sent)
    assert isinstance(frame, Frame)
    if isinstance(frame.body, Unknown):
        assert (frame.body.message_id, frame.body.body) == (number, body)


def test_a_value_that_does_not_fit_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"PlatformReply\.answered_serial: 70000 does not fit"):
        encode_body(platform.PlatformReply(70000, 1))


def test_a_field_of_2019_has_no_place_in_a_body_of_2013() -> None:
    with pytest.raises(BadInput, match="has no place in this form"):
        encode_body(platform.TextToDriver(1, 2, "x"), V13)


def test_a_text_longer_than_a_terminal_shows_is_refused() -> None:
    with pytest.raises(BadInput, match="1024 bytes"):
        platform.TextToDriver(1, None, "田" * 513)


def test_something_else_is_no_message() -> None:
    with pytest.raises(BadInput, match="no JT/T 808 message"):
        encode_frame("hello", phone="1", serial=1)


def test_one_bad_entry_does_not_cost_the_batch_its_other_positions() -> None:
    body = bytes.fromhex("0003 00 001c" + REPORT + "0002 ffff 001c" + REPORT)
    batch = decode_body(0x0704, body)
    assert batch.reports == (AT, AT)
    assert batch.rest == bytes.fromhex("0002ffff")
