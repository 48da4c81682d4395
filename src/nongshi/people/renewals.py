"""Licences that run out before or in the season: who must renew, from when, by when, and on which day.

A renewal is one visit; an office takes so many a working day. Visits are given out by the earliest deadline, which
finds a place for everybody if there is one (unit jobs with release days and deadlines; Jackson 1955).
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from nongshi.agronomy.licence_rules import LICENCE_RULES, RENEWALS_DAY, LicenceRule
from nongshi.core.region import Operator
from nongshi.core.training import Said

SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """One licence of one operator that does not last the season."""

    operator_id: str
    licence: str
    last_day: date
    from_day: date  # no office takes it earlier
    by_day: date  # later than this the new licence comes too late for the season or for the old one's end
    visit: date | None  # None: no day is left
    said: Said


def plan_renewals(
    operators: Iterable[Operator],
    *,
    today: date,
    first_day: date,
    last_day: date,
    a_day: int = int(float(RENEWALS_DAY.value)),
    closed: frozenset[date] = frozenset(),
    rules: Mapping[str, LicenceRule] = LICENCE_RULES,
) -> tuple[Renewal, ...]:
    """Everybody whose licence ends before the season's last day, with a day to go to the office.

    Args:
        operators: with the last valid day of each licence.
        today: the first day that can still be used is the day after.
        first_day: of the season.
        last_day: of the season.
        a_day: visits that the office takes a working day; weekends are none.
        closed: other days on which it takes nobody.
        rules: when each class may be renewed, and how long that takes.

    Returns:
        By operator and licence; classes that do not expire are left out, and so are those that the rules do not know.
    """
    asked = sorted(
        (operator.id, licence, last)
        for operator in operators
        for licence, last in operator.licences.items()
        if last < last_day and licence in rules and rules[licence].renew_before_days is not None
    )
    limits = {each[:2]: _limits(rules[each[1]], each[2], first_day) for each in asked}
    visits = _visits(limits, today, a_day, closed)
    return tuple(
        Renewal(
            operator_id=who,
            licence=licence,
            last_day=last,
            from_day=limits[who, licence][0],
            by_day=limits[who, licence][1],
            visit=visits.get((who, licence)),
            said=_said(licence, last, *limits[who, licence], visits.get((who, licence)), first_day),
        )
        for who, licence, last in asked
    )


def _limits(rule: LicenceRule, last: date, first_day: date) -> tuple[date, date]:
    """First and last day of a visit in time.

    Whose licence ends before the season must have the new one on its first day; whose licence ends in it must have
    the new one when the old one ends, unless the office takes nobody so early.
    """
    takes = timedelta(days=rule.renew_takes_days or 0)
    opens = last - timedelta(days=rule.renew_before_days or 0)
    by = min(last, (first_day if last < first_day else last) - takes)
    return opens, max(opens, by)


def _visits(
    limits: Mapping[tuple[str, str], tuple[date, date]], today: date, a_day: int, closed: frozenset[date]
) -> dict[tuple[str, str], date]:
    """Days by earliest deadline; who finds none in time gets none."""
    waiting = sorted(limits, key=lambda key: (max(limits[key][0], today + timedelta(days=1)), limits[key][1], key))
    ready: list[tuple[date, tuple[str, str]]] = []
    found: dict[tuple[str, str], date] = {}
    day, last = today + timedelta(days=1), max((by for _, by in limits.values()), default=today)
    while day <= last and (waiting or ready):
        while waiting and limits[waiting[0]][0] <= day:
            key = waiting.pop(0)
            heapq.heappush(ready, (limits[key][1], key))
        room = a_day if day.weekday() < SATURDAY and day not in closed else 0
        while ready and room:
            by, key = heapq.heappop(ready)
            if by >= day:
                found[key], room = day, room - 1
        day += timedelta(days=1)
    return found


def _said(licence: str, last: date, opens: date, by: date, visit: date | None, first_day: date) -> Said:
    when_zh, when_en = ("农季前", "before the season") if last < first_day else ("农季中", "in the season")
    if visit is None:
        return Said(
            zh=f"{licence}证{last}到期（{when_zh}），最迟{by}办理换证，但已排不上：请立即联系农机监理机构",
            en=f"{licence} ends on {last} ({when_en}); it had to be renewed by {by} and no day is left: "
            "call the office now",
        )
    return Said(
        zh=f"{licence}证{last}到期（{when_zh}）：请于{visit}携身体条件证明办理换证（{opens}起可办，最迟{by}）",
        en=f"{licence} ends on {last} ({when_en}): renew it on {visit} with the proof of health "
        f"(possible from {opens}, by {by} at the latest)",
    )
