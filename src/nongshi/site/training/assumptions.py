"""Training's own default numbers, each with its source."""

from nongshi.agronomy import WORK_RATES, Assumption
from nongshi.site.cab.assumptions import pay_fen

RENEW_DAYS = 90  # licences may be renewed in their last three months
JOB_DAYS = 365  # a first paid job within a year of the licence counts as a job created
SEATS = 20  # of a course, until the trainer says otherwise
MINIMUM = 8
HOURS_DAY = 8.0  # an operator's paid hours a day in a vacancy, where the forecast says none
NEAR_KM = 60.0  # work farther away is not shown to an operator
DETOUR = 1.3  # road to straight line
PAY_FEN_H = range(1_000, 100_001)  # 10 to 1,000 yuan an hour: beyond it somebody mistyped
PLAN_CPU_S = 20.0  # what a trainer waits for; the room takes the best plan found until then
WISHES_MAX = 5  # of one person
LINK_DAYS = 200  # a trainee's link


def training_assumptions() -> tuple[Assumption, ...]:
    """Every default of this app; how long a licence holds is in the table of licence classes."""
    rule = "拖拉机和联合收割机驾驶证管理规定, in force since 2018-06-01"
    rows = (
        ("renew", RENEW_DAYS, "days", f"{rule}: renewed within the last three months"),
        ("job", JOB_DAYS, "days", "assumption: who has no paid work within a year did not learn it for that"),
        ("seats", SEATS, "seats", "assumption: what one trainer and one machine can teach"),
        ("minimum", MINIMUM, "seats", "assumption: fewer do not pay for trainer and field"),
        ("hours_day", HOURS_DAY, "h", "assumption: a usual day, breaks taken off"),
        ("near", NEAR_KM, "km", "assumption: there and back in a day's end"),
        ("detour", DETOUR, "road over straight line", "assumption: as the planner's default"),
        ("pay_least", PAY_FEN_H[0] / 100, "yuan/h", "assumption: below it somebody mistyped"),
        ("pay_most", PAY_FEN_H[-1] / 100, "yuan/h", "assumption: beyond it somebody mistyped"),
        ("plan", PLAN_CPU_S, "CPU s", "assumption: what a trainer waits for"),
        ("wishes", WISHES_MAX, "courses", "assumption: nobody ranks more in earnest"),
        ("link", LINK_DAYS, "days", "assumption: a season"),
    )
    return tuple(
        Assumption(name=f"training.{name}", value=value, unit=unit, source=source, date="2026-11-27")
        for name, value, unit, source in rows
    )


def pay_fen_h(operation: str, machine_class: str) -> int:
    """What an hour of an operation earns by the cab's table of pay and the table of work rates, in whole fen.

    >>> pay_fen_h("rice_harvest", "combine-full")
    7320
    """
    rates = {(rate.machine_class, rate.operation): rate.rate_ha_h for rate in WORK_RATES.values()}
    return pay_fen(operation, 1.0, rates.get((machine_class, operation), 0.0))
