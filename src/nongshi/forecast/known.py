"""What was known on a day: the one door through which a forecast gets its season."""

from dataclasses import replace
from datetime import date

from nongshi.core.season import Season


def known_on(season: Season, today: date) -> Season:
    """The season as it was known on the morning of `today`: rows reported later are not in it.

    A sowing that is not yet known is not in it at all; weather is cut by Daily.known_on.
    """
    return replace(
        season,
        today=today,
        sowings=tuple(row for row in season.sowings if row.reported <= today),
        stages=tuple(row for row in season.stages if row.reported <= today and row.date <= today),
        posted=tuple(row for row in season.posted if row.reported <= today),
    )
