"""Gaps in measured weather, closed by rule, and said: nobody should take a filled day for a measured one."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy.weather import NEEDED, OPTIONAL, Daily, Dates, Floats, Said
from nongshi.core.errors import BadInput

BRIDGE_D = 3  # assumption: over so many missing days a straight line is drawn, except for rain
KNOWN_SHARE_MIN = 0.3  # assumption: a column of which less is measured tells nothing of a place
NAMES = {
    "tmin_c": ("最低气温", "lowest temperature"),
    "tmax_c": ("最高气温", "highest temperature"),
    "rain_mm": ("降雨", "rain"),
    "wind_m_s": ("风速", "wind"),
    "dew_point_c": ("露点", "dew point"),
    "sun_h": ("日照", "sunshine"),
    "pressure_hpa": ("气压", "pressure"),
}


def fill(dates: Dates, columns: Mapping[str, Floats]) -> Daily:
    """A series without gaps from one with them.

    Straight lines over up to BRIDGE_D days (not for rain); longer gaps, and rain, take what was measured on the same
    calendar day of the nearest other year, else of the nearest measured day of the same series.

    Args:
        dates: measured days, rising; days between them may be missing.
        columns: by name, NaN where it was not measured; tmin_c, tmax_c and rain_mm must be there.

    Raises:
        BadInput: a needed column is missing or hardly measured.
    """
    first, last = dates[0].astype("datetime64[D]"), dates[-1].astype("datetime64[D]")
    whole = np.arange(first, last + 1)
    place = (dates.astype("datetime64[D]") - first).astype(np.int64)
    done, said = {}, []
    for name in (*NEEDED, *OPTIONAL):
        values = np.full(len(whole), np.nan)
        if name in columns:
            values[place] = columns[name]
        known = int(np.isfinite(values).sum())
        if known < KNOWN_SHARE_MIN * len(whole):
            if name in NEEDED:
                raise BadInput(f"{name} is known on {known} of {len(whole)} days, too few to fill the rest; add days")
            if known:
                said.append(_dropped(name, known, len(whole)))
            continue
        if known < len(whole):
            said.append(_filled(name, len(whole) - known, len(whole)))
        done[name] = _fill_column(whole, values, bridge=name != "rain_mm")
    low, high = np.minimum(done["tmin_c"], done["tmax_c"]), np.maximum(done["tmin_c"], done["tmax_c"])
    return Daily(dates=whole, **{**done, "tmin_c": low, "tmax_c": high}, said=tuple(said))


def _fill_column(dates: Dates, values: Floats, *, bridge: bool) -> Floats:
    known = np.isfinite(values)
    if known.all():
        return values
    places, at = np.arange(len(values)), np.flatnonzero(known)
    filled = values.copy()
    if bridge:
        straight = np.interp(places, at, values[at])
        narrow = ~known & (_run_lengths(~known) <= BRIDGE_D)
        filled[narrow] = straight[narrow]
    for i in np.flatnonzero(~np.isfinite(filled)):
        filled[i] = values[_stand_in(dates, at, int(i))]
    return filled


def _stand_in(dates: Dates, at: NDArray[np.int64], i: int) -> int:
    """The measured day that stands for day `i`: nearest in the calendar, then in years."""
    apart = np.abs((dates[at] - dates[i]).astype(np.int64))
    years = np.rint(apart / 365.2425)
    season = np.abs(apart - years * 365.2425)
    other = np.where(years == 0, season + 3.0, season)  # a neighbour of the same year only where no year comes closer
    return int(at[np.lexsort((apart, np.floor(other)))[0]])


def _run_lengths(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How long the run of equal flags is in which each one stands."""
    edges = np.flatnonzero(np.diff(flags)) + 1
    lengths = np.diff(np.concatenate([[0], edges, [len(flags)]]))
    return np.repeat(lengths, lengths)


def _filled(name: str, missing: int, days: int) -> Said:
    zh, en = NAMES[name]
    how_zh, how_en = (
        ("取自其他年份的同一天", "taken from the same days of other years")
        if name == "rain_mm"
        else ("由相邻日或其他年份补上", "filled from neighbouring days or other years")
    )
    return Said(
        f"{days}天中有{missing}天缺{zh}，{how_zh}。", f"{en} was not measured on {missing} of {days} days; {how_en}."
    )


def _dropped(name: str, known: int, days: int) -> Said:
    zh, en = NAMES[name]
    return Said(
        f"{zh}只有{known}天（共{days}天），未采用。", f"{en} is known on only {known} of {days} days; not used."
    )
