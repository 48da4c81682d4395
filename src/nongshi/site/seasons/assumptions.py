"""Default numbers of a season made by hand, each with its source; docs/assumptions.md says the same."""

from datetime import time

from nongshi.agronomy import Assumption, make_assumptions

WORK_START, WORK_END = time(7, 0), time(17, 30)
DAYS = 14  # of a season that nobody says otherwise of
DAYS_MAX = 60
DETOUR = 1.3


def season_assumptions() -> tuple[Assumption, ...]:
    """Every default of this app."""
    rows: tuple[tuple[str, float | str, str, str], ...] = (
        ("work_start", WORK_START.isoformat("minutes"), "local time", "assumption: as tractors in generated regions"),
        ("work_end", WORK_END.isoformat("minutes"), "local time", "assumption: as tractors in generated regions"),
        ("days", DAYS, "days", "assumption: a harvest's two weeks"),
        ("days_max", DAYS_MAX, "days", "assumption: what is planned farther ahead is a forecast"),
        ("detour", DETOUR, "road to straight line", "assumption: field roads along canals"),
    )
    return make_assumptions("season", rows, date="2026-11-27")
