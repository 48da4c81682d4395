"""How sure a forecast is of what it starts from; every number here is listed in docs/assumptions.md."""

from nongshi.agronomy import Assumption

AREA_SIGMA = 0.09  # lognormal, of the area reported for a town and crop
SHARE_SIGMA = 0.07  # lognormal, of the share that is done by machine
SOWN_REPORTED_D = 2.0  # standard deviation of a reported window as a whole
SOWN_CALENDAR_D = 5.0  # the same where only the crop calendar is known
STAGE_D = 3.5  # of a computed heading or ripeness, a variety's common error
TOWN_D = 2.4  # what a town's fields of it differ from that
SEEN_TIMES = 0.6  # what is left of the error once a stage was seen
FIELD_D = 3  # days to both sides over which one day's sowing gets ready
HABIT_D = 1.8  # growers of a town ask for an operation together, early or late
NO_HISTORY_TIMES = 1.5  # of all deviations where neither stages nor jobs of the place are known
POSTED_SIGMA = 0.3  # of posted work so far about what a scenario released
SCALE_PRIOR = 0.3  # share of a season after which posted work counts as much as reported area

_DATE = "2026-11-27"
_ROWS: tuple[tuple[str, float, str, str], ...] = (
    ("area", AREA_SIGMA, "lognormal sigma", "assumption: areas as towns report them"),
    ("share", SHARE_SIGMA, "lognormal sigma", "assumption: what is done by hand differs from town to town"),
    ("sown_reported", SOWN_REPORTED_D, "days", "assumption: reports are made by the half week"),
    ("sown_calendar", SOWN_CALENDAR_D, "days", "assumption: years differ by a week"),
    ("stage", STAGE_D, "days", "assumption: calibrated thermal-time models miss heading by about 3 days"),
    ("town", TOWN_D, "days", "assumption: water, manure and sites within the region"),
    ("seen", SEEN_TIMES, "times", "assumption: an observed stage takes away half of the error of later ones"),
    ("field", FIELD_D, "days", "assumption: fields sown on one day get ready over a week"),
    ("habit", HABIT_D, "days", "assumption: neighbours ask for the same machine on the same days"),
    ("no_history", NO_HISTORY_TIMES, "times", "assumption: nobody has yet corrected calendar and varieties here"),
    ("posted", POSTED_SIGMA, "lognormal sigma", "assumption: jobs are posted early and late"),
    ("scale_prior", SCALE_PRIOR, "share of the season", "assumption"),
)


def forecast_assumptions() -> tuple[Assumption, ...]:
    """The numbers as rows of docs/assumptions.md."""
    return tuple(
        Assumption(name=f"forecast.{name}", value=value, unit=unit, source=source, date=_DATE)
        for name, value, unit, source in _ROWS
    )
