"""People's positions: kept only on an accepted job and with consent, blurred and deleted after stated days.

Whereabouts are sensitive personal information (Personal Information Protection Law of 2021, article 28). All is decided
by values alone: the shell brings consents, jobs and the day, and carries out what comes back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import BadInput
from nongshi.geo.track import Track, make_track
from nongshi.tracks.device import Carrier

Spans = Sequence[tuple[float, float]]  # [from, to) seconds since 1970-01-01 UTC
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long positions are kept, and how exactly; whoever runs a site decides these numbers."""

    people_exact_d: int = 7  # assumption: until hours and area are settled
    people_d: int = 90  # assumption: until a complaint about pay would have come
    machines_d: int = 400  # assumption: a season and the subsidy check after it
    blur_m: float = 500.0  # assumption: a village, not a house
    blur_s: float = 900.0  # assumption

    def __post_init__(self) -> None:
        """Refuse what would keep people longer exactly than at all, or blur nothing."""
        if not 0 < self.people_exact_d <= self.people_d or self.machines_d <= 0:
            raise BadInput("days must be above 0, and people's exact days no more than all their days")
        if self.blur_m <= 0 or self.blur_s <= 0:
            raise BadInput("blur_m and blur_s must be above 0")

    def keep_days(self, carrier: Carrier) -> int:
        """Days for which positions of a carrier are kept at all."""
        return self.people_d if carrier == Carrier.PERSON else self.machines_d


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """That somebody looked at positions: who, whose, why, when. Kept with the log of acts."""

    reader: str
    device_id: str
    purpose: str
    at_s: float
    from_s: float
    to_s: float

    def __post_init__(self) -> None:
        """Refuse a look without a purpose."""
        if not self.purpose.strip() or not self.reader.strip():
            raise BadInput("who reads positions of people says who and what for")


def may_keep(time_s: NDArray[np.float64], consents: Spans, jobs: Spans) -> NDArray[np.bool_]:
    """Which moments lie both in a time of consent and in an accepted job.

    >>> may_keep(np.array([5.0, 15.0, 25.0]), [(0, 20)], [(10, 30)]).tolist()
    [False, True, False]
    """
    return _within(time_s, consents) & _within(time_s, jobs)


def kept_part(track: Track, consents: Spans, jobs: Spans) -> Track:
    """The part of a person's track that may be kept; nothing else ever reaches a store."""
    return track.part(may_keep(track.time_s, consents, jobs))


def blurred(track: Track, retention: Retention) -> Track:
    """The track as it may be kept after the exact days: a point a cell and quarter of an hour, no speed or course."""
    if not len(track):
        return track
    time_s = np.floor(track.time_s / retention.blur_s) * retention.blur_s
    lat_step = retention.blur_m / METRES_PER_DEGREE
    lat = (np.floor(track.lat / lat_step) + 0.5) * lat_step
    lon_step = lat_step / np.cos(np.radians(np.clip(lat, -85, 85)))
    lon = (np.floor(track.lon / lon_step) + 0.5) * lon_step
    return make_track(track.device_id, time_s, np.clip(lon, -180, 180), np.clip(lat, -90, 90))


def due(
    days: Iterable[date], today: date, carrier: Carrier, retention: Retention, blurred_days: Iterable[date] = ()
) -> tuple[list[date], list[date]]:
    """(days to blur, days to delete) of those that a store holds of a carrier."""
    done = set(blurred_days)
    ages = {day: (today - day).days for day in days}
    delete = sorted(day for day, age in ages.items() if age > retention.keep_days(carrier))
    if carrier != Carrier.PERSON:
        return [], delete
    blur = sorted(
        day for day, age in ages.items() if retention.people_exact_d < age <= retention.people_d and day not in done
    )
    return blur, delete


def _within(time_s: NDArray[np.float64], spans: Spans) -> NDArray[np.bool_]:
    found = np.zeros(len(time_s), bool)
    for since, until in spans:
        if until < since:
            raise BadInput(f"a span ends at {until} before it begins at {since}")
        found |= (time_s >= since) & (time_s < until)
    return found
