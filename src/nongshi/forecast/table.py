"""All numbers of the room as one flat table, for docs/assumptions.md."""

from nongshi.agronomy import Assumption
from nongshi.forecast import backlog_model, clock, demand, posted, rolling, whatif
from nongshi.forecast.capacity import OPERATOR_DAY_H
from nongshi.forecast.travel import travel_assumptions
from nongshi.forecast.uncertainty import forecast_assumptions


def room_assumptions() -> tuple[Assumption, ...]:
    """Uncertainty, travel, and what the programs assume."""
    rows = (
        ("wait", backlog_model.WAIT_SHARE, "share of the delay's cost", "assumption: work is not put off for nothing"),
        ("after", backlog_model.AFTER_D, "days", "assumption: what is late when the season ends is done so much later"),
        ("operator_day", OPERATOR_DAY_H, "h", "docs/formats.md: hours of an operator who does not say"),
        ("seedling", float(clock.SEEDLING_D), "days", "assumption: of a variety whose table has no age"),
        ("never", demand.NEVER_D, "days", "assumption: what never ripens is cleared so long after heading"),
        ("sight", float(rolling.SIGHT), "periods", "assumption: how far a decision without foresight looks"),
        ("caution", rolling.CAUTION, "standard deviations", "assumption: the future is planned as worse than its mean"),
        ("effective", posted.EFFECTIVE_SHARE, "share of scenarios", "assumption: that must go on counting"),
        ("floor", posted.FLOOR_SHARE, "share of a season", "assumption: so little tells nothing of timing"),
        ("rain_leaves", whatif.RAIN_LEAVES, "share of hours", "assumption: what a week of rain leaves"),
    )
    own = tuple(
        Assumption(name=f"forecast.{name}", value=value, unit=unit, source=source, date="2026-11-27")
        for name, value, unit, source in rows
    )
    return (*forecast_assumptions(), *travel_assumptions(), *own)
