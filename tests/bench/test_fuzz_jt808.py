"""The fuzz target itself: it lets rubbish pass and catches a codec that would not."""

import random

import pytest

from nongshi.bench import fuzz_jt808
from nongshi.bench.fuzz_jt808 import Target, mutated, sound_frames
from nongshi.bench.jt808 import some_reports
from nongshi.bench.jt808_vectors import expected
from nongshi.tracks.jt808 import Unknown, encode_frame


def test_rubbish_is_refused_or_read_and_nothing_else() -> None:
    rng, target, seeds = random.Random(3), Target(), sound_frames(3)
    for _ in range(300):
        target(mutated(rng, seeds))
    assert target.counts["inputs"] == 300
    assert min(target.counts[kind] for kind in ("frames", "check", "body")) > 0


def test_a_decoder_that_disagrees_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_jt808, "read_plain", lambda payload: Unknown(1, b""))
    (frame,) = encode_frame(some_reports(1, 1)[0], phone="1", serial=1)
    with pytest.raises(AssertionError, match="disagrees"):
        Target()(frame)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Position.KEY_POWER, 11.4", {"power_v": 11.4}),
        ('"cardCode", "0029b885"', {"certificate": "0029b885"}),
        ('"unlockResult", 0x65', {"unlock_result": 101}),
        ('"videoAlarm", 4L', {"video_alarm": 4}),
        ("Position.KEY_MOTION, true", {"moving": True}),
        (
            'Position.KEY_ALARM, Position.ALARM_LOW_BATTERY + "," + Position.ALARM_REMOVING',
            {"alarm_low_battery": True, "alarm_removing": True},
        ),
    ],
)
def test_an_expectation_is_read_as_names_and_values(words: str, found: dict[str, object]) -> None:
    assert expected(words) == found
