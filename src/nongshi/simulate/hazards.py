"""The one table of what goes wrong in a simulated season, and how often."""

from dataclasses import asdict, dataclass

from nongshi.agronomy import Assumption

DATE = "2026-11-24"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """Rates of everything that a plan does not know; all zero: the season goes as its region says."""

    rain_stops_mm: float  # a day's rain from which nobody drives on the field
    heavy_rain_mm: float  # stops the transplanters too, and lets harvest machines start late on the next day
    sodden_h: float  # so much later
    forecast_right: tuple[float, ...]  # chance that the forecast of tomorrow, the day after, ... says the truth
    breakdown_share: float  # chance of a machine's breaking down on a day
    repair_h: tuple[float, float]  # hours until it runs again, least and most
    no_show_share: float  # chance that an operator does not come on a day
    late_call_share: float  # share of jobs that nobody knows of before their window has opened
    rate_spread: float  # standard deviation of the logarithm of work time over its mean
    overtime_h_max: float  # a field that can be ended within so much after hours is ended


HAZARDS = Hazards(
    rain_stops_mm=3.0,
    heavy_rain_mm=10.0,
    sodden_h=2.0,
    forecast_right=(0.85, 0.75, 0.65),
    breakdown_share=0.03,
    repair_h=(4.0, 48.0),
    no_show_share=0.02,
    late_call_share=0.2,
    rate_spread=0.15,
    overtime_h_max=0.5,
)
CALM = Hazards(
    rain_stops_mm=float("inf"),
    heavy_rain_mm=float("inf"),
    sodden_h=0.0,
    forecast_right=(),
    breakdown_share=0.0,
    repair_h=(0.0, 0.0),
    no_show_share=0.0,
    late_call_share=0.0,
    rate_spread=0.0,
    overtime_h_max=0.0,
)  # nothing goes wrong
SOURCES = {
    "rain_stops_mm": ("mm a day", "Vieira, Sentelhas, Pereira 2019, Agricultural Sciences 10:597-621: workable below"),
    "heavy_rain_mm": ("mm a day", "assumption"),
    "sodden_h": ("h", "assumption"),
    "forecast_right": ("share, by days ahead", "assumption; beyond the last a dry day is expected"),
    "breakdown_share": ("share of machine-days", "assumption"),
    "repair_h": ("h, least and most", "assumption"),
    "no_show_share": ("share of operator-days", "assumption"),
    "late_call_share": ("share of jobs", "assumption"),
    "rate_spread": ("sd of ln(time / mean)", "assumption"),
    "overtime_h_max": ("h", "assumption"),
}


def hazard_rows(hazards: Hazards = HAZARDS) -> tuple[Assumption, ...]:
    """The table as it is documented and reported."""
    rows = []
    for name, value in asdict(hazards).items():
        unit, source = SOURCES[name]
        shown = " ".join(f"{x:g}" for x in value) if isinstance(value, tuple) else value
        rows.append(Assumption(name=f"hazard.{name}", value=shown or "-", unit=unit, source=source, date=DATE))
    return tuple(rows)
