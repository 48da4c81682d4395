from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.times import after_seconds, days, local, midnight, seconds_between, wall

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from((BERLIN, SHANGHAI, ZoneInfo("Australia/Lord_Howe")))  # the last changes by half an hour
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1))


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 29), 23),  # summer time begins
        (date(2026, 10, 24), 24),
        (date(2026, 10, 25), 25),  # and ends
        (date(2026, 12, 31), 24),
    ],
)
def test_a_local_day_is_as_long_as_the_sun_says(day: date, hours: int) -> None:
    begins, ends = midnight(day, BERLIN), midnight(day + timedelta(days=1), BERLIN)
    assert seconds_between(begins, ends) == hours * 3600


@given(origin=MOMENTS, elapsed_s=st.integers(0, 10**7), tz=ZONES)
def test_going_forward_by_seconds_and_measuring_them_agree(origin: datetime, elapsed_s: int, tz: ZoneInfo) -> None:
    begins = origin.replace(tzinfo=tz, microsecond=0)
    assert seconds_between(begins, after_seconds(begins, elapsed_s, tz)) == elapsed_s


def test_after_seconds_rounds_to_the_whole_second() -> None:
    begins = local(date(2026, 11, 1), time(8), SHANGHAI)
    assert wall(after_seconds(begins, 59.6, SHANGHAI)) == "2026-11-01T08:01:00"
    assert after_seconds(begins, 0.3, SHANGHAI).microsecond == 0


@given(moment=MOMENTS)
def test_a_written_wall_time_reads_back_as_the_same_moment(moment: datetime) -> None:
    aware = moment.replace(tzinfo=SHANGHAI, microsecond=0)
    assert datetime.fromisoformat(wall(aware)).replace(tzinfo=SHANGHAI) == aware


def test_days_run_over_the_end_of_the_year() -> None:
    assert days(date(2026, 12, 30), 4)[-1] == date(2027, 1, 2)
    assert days(date(2026, 12, 30), 0) == []
