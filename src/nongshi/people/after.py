"""What comes after the seats: vacancies from the shortage, graduates for them, licences to renew; as plain values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from nongshi.agronomy.licence_rules import LICENCE_RULES, LicenceRule
from nongshi.core.region import Operator
from nongshi.core.season import OperatorShortage
from nongshi.core.units import yuan
from nongshi.geo.distance import km_between
from nongshi.people.audit import blocking_pairs
from nongshi.people.jobs import Candidate, make_vacancies, place_people
from nongshi.people.renewals import plan_renewals
from nongshi.people.train import Trained
from nongshi.people.worth import work_days

YEAR_D = 365
DETOUR = 1.3  # as docs/formats.md: road over straight line
FAR_KM = 9_999.0  # to a town whose place is not known: nobody is sent there


def graduates(trained: Trained, rules: Mapping[str, LicenceRule] = LICENCE_RULES) -> list[Candidate]:
    """Everybody with a seat, as if they passed, from the day on which they would have the licence."""
    found = []
    for who, course_id in sorted(trained.seats.given.items()):
        trainee, course = trained.worth.trainee[who], trained.worth.course[course_id]
        first, last = work_days(course, trainee, rules)
        rule = rules.get(course.licence)
        years = rule.valid_years if rule else None
        until = date.max if years is None else course.end + timedelta(days=YEAR_D * years)
        found.append(
            Candidate(
                id=who, town=trainee.town, licences={course.licence: until}, available_from=first, available_to=last
            )
        )
    return found


def ways(centres: Mapping[str, tuple[float, float]]) -> Callable[[str, str], float]:
    """Kilometres from town to town, by their centres (lon, lat)."""

    def km(one: str, other: str) -> float:
        if one == other:
            return 0.0
        if one not in centres or other not in centres:
            return FAR_KM
        place = [np.array(degrees, float) for degrees in (*centres[one], *centres[other])]
        return DETOUR * float(km_between(*place))

    return km


def jobs_dict(
    shortage: Iterable[OperatorShortage],
    candidates: Sequence[Candidate],
    km: Callable[[str, str], float],
    lottery_seed: str,
) -> dict[str, Any]:
    """Vacancies, who would take which, and how many pairs would rather have each other (none)."""
    vacancies = make_vacancies(shortage)
    placed, market = place_people(vacancies, candidates, km, lottery_seed=lottery_seed)
    blocking = blocking_pairs(
        wishes=market.wishes,
        seats=market.seats,
        priority=market.priority,
        lottery_seed=lottery_seed,
        given={one.candidate_id: one.vacancy.id for one in placed},
    )
    return {
        "vacancies": [
            {
                "id": v.id,
                "town": v.town,
                "licence": v.licence,
                "start": v.start.isoformat(),
                "end": v.end.isoformat(),
                "hours": v.hours,
                "pay_yuan_h": yuan(v.pay_fen_h),
            }
            for v in vacancies
        ],
        "placements": [
            {
                "trainee_id": one.candidate_id,
                "vacancy_id": one.vacancy.id,
                "pay_yuan": yuan(one.vacancy.pay_fen),
                "km": round(one.km, 1),
                "way_yuan": yuan(one.way_fen),
                "why": one.said.as_dict(),
            }
            for one in placed
        ],
        "placement_blocking_pairs": len(blocking),
    }


def renewals_rows(operators: Iterable[Operator], *, today: date, first_day: date, weeks: int) -> list[dict[str, Any]]:
    """Licences that do not last the season, each with the day on which to renew it."""
    last_day = first_day + timedelta(days=7 * weeks - 1)
    return [
        {
            "operator_id": one.operator_id,
            "licence": one.licence,
            "last_day": one.last_day.isoformat(),
            "by": one.by_day.isoformat(),
            "visit": None if one.visit is None else one.visit.isoformat(),
            "why": one.said.as_dict(),
        }
        for one in plan_renewals(operators, today=today, first_day=first_day, last_day=last_day)
    ]
