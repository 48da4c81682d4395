from nongshi.files.rows import parse_moment


def test_a_wall_time_with_an_offset_of_its_own_is_refused() -> None:
    assert parse_moment("2026-11-01T08:00") is not None
    assert parse_moment("2026-11-01T08:00+08:00") is None
