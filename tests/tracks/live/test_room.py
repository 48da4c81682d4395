"""The live room: decided by the time of the fix. Whatever the order in which fixes come, the end is the same."""

import json
import random

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.core.errors import BadInput, NotFound
from nongshi.tracks.live import Fence, FenceKind, Happening, Kind, Limits, LiveFix, LiveRoom, Schedule

FIELD = Fence("field", shapely.box(121.00, 30.80, 121.01, 30.81), kind=FenceKind.FIELD, dwell_s=600, speed_km_h_max=10)
STRAW = Fence("straw", shapely.box(121.02, 30.80, 121.03, 30.81), kind=FenceKind.STRAW_BURNING)
QUIET = Limits(idle_s=1e9, speed_km_h_max=60)
OUT, IN, STRAW_IN = (120.99, 30.805), (121.005, 30.805), (121.025, 30.805)


def fix(at_s: float, where: tuple[float, float], device: str = "T1", **more: float) -> LiveFix:
    return LiveFix(device, at_s, *where, **more)  # type: ignore[arg-type]


def kinds(told: list[Happening]) -> list[tuple[str, float, str]]:
    return [(str(one.kind), one.at_s, one.fence_id) for one in told if not one.retracted]


def test_a_fence_is_entered_and_left_at_its_border_not_at_the_next_fix() -> None:
    room = LiveRoom([FIELD], limits=QUIET)
    told = room.take([fix(0, OUT), fix(30, IN), fix(60, OUT)])
    assert [(kind, round(at_s), fence) for kind, at_s, fence in kinds(told)] == [
        ("entered", 20, "field"),
        ("left", 40, "field"),
    ]


def test_a_way_through_between_two_fixes_is_found() -> None:
    room = LiveRoom([STRAW], limits=QUIET)
    told = room.take([fix(0, IN), fix(60, (121.045, 30.805))])
    assert [kind for kind, _, _ in kinds(told)] == ["entered", "left"]
    assert told[0].alarm
    assert 0 < told[0].at_s < told[1].at_s < 60


def test_over_a_long_gap_nobody_claims_to_know_when() -> None:
    room = LiveRoom([FIELD, STRAW], limits=QUIET)
    told = room.take([fix(0, OUT), fix(4000, IN), fix(9000, (121.045, 30.805))])
    assert [(str(one.kind), one.fence_id, one.at_s, one.sure) for one in told] == [
        ("entered", "field", 4000, False),
        ("left", "field", 9000, False),
    ]


def test_a_late_fix_takes_back_what_was_wrong() -> None:
    room = LiveRoom([FIELD], limits=QUIET)
    first = room.take([fix(0, OUT), fix(100, IN)])
    again = room.take([fix(90, OUT)])
    assert [(one.retracted, str(one.kind)) for one in again] == [(True, "entered"), (False, "entered")]
    assert again[0].at_s == first[0].at_s
    assert 90 < again[1].at_s < 100
    assert room.muster("field", 100).balance == 1


def test_a_late_fix_never_moves_the_present() -> None:
    room = LiveRoom([FIELD], limits=QUIET)
    room.take([fix(0, OUT), fix(100, IN)])
    room.take([fix(50, STRAW_IN)])
    assert set(room.inside("T1")) == {"field"}


def test_staying_long_is_told_once_a_visit_at_the_moment_it_was_long() -> None:
    room = LiveRoom([FIELD], limits=QUIET)
    told = room.take([fix(0, IN), fix(300, IN), fix(900, IN), fix(1200, IN), fix(1210, OUT), fix(1240, IN)])
    assert [(at_s, one) for one, at_s, _ in kinds(told) if one == "dwelled"] == [(600, "dwelled")]


def test_speed_is_watched_generally_and_inside_fences() -> None:
    room = LiveRoom([FIELD], limits=QUIET)
    told = room.take(
        [
            fix(0, OUT, speed_km_h=70),
            fix(10, OUT, speed_km_h=30),
            fix(40, IN, speed_km_h=12),
            fix(50, IN, speed_km_h=8),
        ]
    )
    assert [(k, f) for k, _, f in kinds(told) if k in ("overspeed", "speed_fine")] == [
        ("overspeed", ""),
        ("speed_fine", ""),
        ("overspeed", "field"),
        ("speed_fine", "field"),
    ]


def test_standing_is_told_when_it_has_lasted_and_so_is_its_end() -> None:
    room = LiveRoom(limits=Limits(idle_s=100))
    told = room.take([fix(t, IN, speed_km_h=0.2) for t in range(0, 200, 20)] + [fix(200, IN, speed_km_h=5)])
    assert kinds(told) == [("idle", 100, ""), ("moving", 200, "")]


@pytest.mark.parametrize(("device", "alarm"), [("T1", False), ("T9", True)])
def test_only_those_named_may_be_there_and_only_in_its_hours(device: str, alarm: bool) -> None:
    hours = Schedule(begin_min=8 * 60, end_min=18 * 60)
    fence = Fence("park", FIELD.polygon, kind=FenceKind.PERMIT, allowed=frozenset({"T1"}), schedule=hours)
    noon, night = 1_793_577_600.0 + 4 * 3600, 1_793_577_600.0 + 16 * 3600  # 12:00 and 00:00 in China
    room = LiveRoom([fence], limits=QUIET)
    told = room.take([fix(noon, OUT, device), fix(noon + 30, IN, device)])
    assert [one.alarm for one in told] == [alarm]
    told = room.take([fix(night, OUT, device), fix(night + 30, IN, device)])
    assert [one.alarm for one in told if one.kind == Kind.ENTERED] == [False]


def test_silence_is_told_once_and_ends_with_the_next_fix() -> None:
    room = LiveRoom(limits=Limits(offline_s=900))
    room.take([fix(0, IN)])
    assert room.check(900) == []
    assert kinds(room.check(901)) == [("offline", 900, "")]
    assert room.check(5000) == []
    room.take([fix(5000, IN)])
    assert kinds(room.check(6000)) == [("offline", 5900, "")]


def test_a_help_call_waits_for_an_answer_and_goes_up_without_one() -> None:
    room = LiveRoom(limits=Limits(sos_ack_s=120, offline_s=1e9))
    told = room.take([fix(0, IN), fix(10, IN, alarm=1), fix(20, IN, alarm=1)])
    assert [(str(one.kind), one.alarm) for one in told] == [("sos", True)]
    assert [call.device_id for call in room.help_calls] == ["T1"]
    assert kinds(room.check(131)) == [("sos_escalated", 130, "")]
    assert room.check(500) == []
    assert room.acknowledge("T1", "王芳", 140).acknowledged_by == "王芳"
    with pytest.raises(BadInput, match="named"):
        room.acknowledge("T1", " ", 150)
    room.take([fix(30, IN, alarm=0)])
    with pytest.raises(NotFound):
        room.acknowledge("T1", "王芳", 160)


def test_an_acknowledged_call_does_not_go_up() -> None:
    room = LiveRoom(limits=Limits(sos_ack_s=120, offline_s=1e9))
    room.take([fix(0, IN, alarm=1)])
    room.acknowledge("T1", "王芳", 60)
    assert room.check(1000) == []


def test_pressing_again_is_a_call_of_its_own_even_in_one_batch() -> None:
    room = LiveRoom(limits=Limits(sos_ack_s=120, offline_s=1e9))
    room.take([fix(0, IN, alarm=1)])
    room.acknowledge("T1", "王芳", 5)
    room.take([fix(10, IN, alarm=0), fix(20, IN, alarm=1)])
    (call,) = room.help_calls
    assert (call.at_s, call.acknowledged_by) == (20, "")
    assert kinds(room.check(200)) == [("sos_escalated", 140, "")]


def test_a_way_across_the_notch_of_a_fence_leaves_it() -> None:
    notched = shapely.box(121.00, 30.80, 121.03, 30.83) - shapely.box(121.01, 30.81, 121.02, 30.84)
    room = LiveRoom([Fence("u", notched)], limits=QUIET)
    told = room.take([fix(0, (121.005, 30.82)), fix(60, (121.025, 30.82))])
    assert [(kind, round(at_s)) for kind, at_s, _ in kinds(told)] == [("entered", 0), ("left", 15), ("entered", 45)]


def test_a_fence_that_is_no_more_is_forgotten() -> None:
    before = LiveRoom([FIELD, STRAW], limits=QUIET, window_fixes=1)
    before.take([fix(t, IN) for t in range(0, 60, 10)])
    after = LiveRoom([STRAW], limits=QUIET, window_fixes=1)
    after.restore(json.loads(json.dumps(before.snapshot())))
    assert after.inside("T1") == {}
    assert kinds(after.take([fix(100, STRAW_IN)])) == [("entered", pytest.approx(87, abs=1), "straw")]


def test_a_muster_tells_who_was_heard_of_lately_from_who_was_not() -> None:
    room = LiveRoom([FIELD], limits=QUIET)
    room.take([fix(0, IN, "A"), fix(0, IN, "B"), fix(400, IN, "B"), fix(390, OUT, "C")])
    found = room.muster("field", 410, stale_s=60)
    assert [one.device_id for one in found.fresh] == ["B"]
    assert [(one.device_id, one.age_s) for one in found.stale] == [("A", 410)]
    assert found.balanced
    with pytest.raises(NotFound, match="field"):
        room.muster("nowhere", 0)


def test_a_full_fence_is_told_once_until_it_is_not() -> None:
    room = LiveRoom([Fence("f", FIELD.polygon, occupancy_max=1)], limits=QUIET)
    assert [one for one in room.take([fix(0, IN, "A")]) if one.kind == Kind.CROWDED] == []
    assert len([one for one in room.take([fix(5, IN, "B")]) if one.kind == Kind.CROWDED]) == 1
    assert [one for one in room.take([fix(6, IN, "C")]) if one.kind == Kind.CROWDED] == []
    room.take([fix(9, OUT, "A"), fix(9, OUT, "B")])
    assert len([one for one in room.take([fix(20, IN, "A")]) if one.kind == Kind.CROWDED]) == 1


PLACES = st.sampled_from([OUT, IN, STRAW_IN, (121.015, 30.805), (121.0001, 30.8001), (121.04, 30.82)])
DAYS = st.lists(st.tuples(st.integers(0, 4000), PLACES, st.integers(0, 80), st.booleans()), min_size=1, max_size=40)


def _fixes(day: list[tuple]) -> list[LiveFix]:
    """Two devices, no moment twice for one of them."""
    found = {}
    for k, (at_s, where, speed, sos) in enumerate(day):
        device = f"T{k % 2}"
        found[device, at_s] = LiveFix(device, float(at_s), *where, speed_km_h=float(speed), alarm=int(sos))
    return list(found.values())


@settings(max_examples=60)
@given(day=DAYS, seed=st.integers(0, 1000))
def test_any_order_of_arrival_ends_in_the_same_ledger(day: list[tuple], seed: int) -> None:
    fixes = _fixes(day)
    straight, mixed = LiveRoom([FIELD, STRAW]), LiveRoom([FIELD, STRAW])
    for one in sorted(fixes, key=lambda one: one.at_s):
        straight.take([one])
    told: list[Happening] = []
    draw, rest = random.Random(seed), list(fixes)
    draw.shuffle(rest)
    while rest:
        size = draw.randint(1, 6)
        told += mixed.take(rest[:size])
        del rest[:size]
    for device in ("T0", "T1"):
        assert mixed.told(device) == straight.told(device)
        standing = [one for one in told if one.device_id == device and not one.retracted]
        for gone in (one for one in told if one.device_id == device and one.retracted):
            standing.remove(Happening(gone.kind, device, gone.at_s, gone.fence_id, gone.alarm, gone.sure))
        assert sorted(standing, key=repr) == sorted(straight.told(device), key=repr)
    for fence in ("field", "straw"):
        assert mixed.muster(fence, 5000) == straight.muster(fence, 5000)
    assert [(c.device_id, c.at_s) for c in mixed.help_calls] == [(c.device_id, c.at_s) for c in straight.help_calls]


@given(day=DAYS)
def test_entering_and_leaving_alternate_and_the_ledger_balances_with_the_positions(day: list[tuple]) -> None:
    room = LiveRoom([FIELD, STRAW])
    room.take(_fixes(day))
    for device in ("T0", "T1"):
        for fence in ("field", "straw"):
            passages = [
                one.kind for one in room.told(device) if one.fence_id == fence and one.kind in ("entered", "left")
            ]
            assert passages == [Kind.ENTERED, Kind.LEFT] * (len(passages) // 2) + [Kind.ENTERED] * (len(passages) % 2)
    for fence in ("field", "straw"):
        assert room.muster(fence, 1e6).balanced


@given(day=DAYS, cut=st.integers(0, 40))
def test_a_room_taken_up_from_a_snapshot_tells_nothing_twice(day: list[tuple], cut: int) -> None:
    fixes = sorted(_fixes(day), key=lambda one: one.at_s)
    whole, first, second = (LiveRoom([FIELD, STRAW], window_fixes=5) for _ in range(3))
    told = whole.take(fixes[:cut]) + whole.take(fixes[cut:])
    before = first.take(fixes[:cut])
    second.restore(json.loads(json.dumps(first.snapshot())))
    assert before + second.take(fixes[cut:]) == told
    assert second.muster("field", 1e4) == whole.muster("field", 1e4)


def test_what_is_older_than_the_window_changes_nothing_and_is_counted() -> None:
    room = LiveRoom([FIELD], limits=QUIET, window_fixes=3)
    room.take([fix(t, IN) for t in range(0, 100, 10)])
    assert room.take([fix(5, OUT)]) == []
    assert room.too_late == 1


def test_two_fences_of_one_name_and_what_is_no_area_are_refused() -> None:
    with pytest.raises(BadInput, match="field"):
        LiveRoom([FIELD, FIELD])
    with pytest.raises(BadInput, match="polygon"):
        Fence("line", shapely.LineString([(0, 0), (1, 1)]))
    with pytest.raises(BadInput, match="crossing"):
        Fence("bow", shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]))
