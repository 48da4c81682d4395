"""What a person must be and do to get and keep each class of licence; the only table of these rules.

Order: 拖拉机和联合收割机驾驶证管理规定 (农业部令2018年第1号), in force since 2018-06-01. Read were articles 7,
8, 12 and 16 (abstract on miluo.gov.cn, 2018-12-25) and county guides for age, body checks, hours and renewal. What
was not found there says "assumption".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nongshi.agronomy.assumption import Assumption
from nongshi.agronomy.licences import LICENCE_CLASSES, UAV_RULE

ORDER = "农业部令2018年第1号"
GUIDE = "county guide 施甸县 2025-12-04 on 农业部令2018年第1号"
DATE = "2026-11-27"
THEORY, YARD, FIELD, ROAD = "theory", "yard driving", "hitching and field work", "road driving"
NOT_FOUND = "assumption: no such rule was found for this class"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRule:
    """One class: who may be examined, in what, and when the licence must be renewed."""

    licence: str
    age_min: int
    age_max: int
    height_cm_min: int | None
    sight_min: float | None  # logarithmic chart, each eye, corrected or not
    subjects: tuple[str, ...]
    course_h: float  # theory and practice
    needs: tuple[str, ...]  # classes that must be held before
    issue_days: int  # from the examination until the licence is in the hand
    valid_years: int | None  # None: does not expire
    renew_before_days: int | None  # renewal is possible so many days before the last valid day
    renew_takes_days: int | None  # from application to the new licence
    pass_share: float  # of those who were taught; a course's own number goes before
    sources: Mapping[str, str]  # column -> who says so


_LAND_SOURCES: Mapping[str, str] = {
    "age_min": GUIDE,
    "age_max": GUIDE,
    "height_cm_min": GUIDE,
    "sight_min": f"{GUIDE}; besides: no red-green blindness, hears a tuning fork at 50 cm on both sides",
    "subjects": f"{ORDER}, article 16; assumption: all four for every class, exemptions were not found",
    "course_h": f"{GUIDE}: 32 h theory and 48 h practice; assumption: alike for every class",
    "needs": NOT_FOUND,
    "issue_days": "assumption: a working week at the office",
    "valid_years": GUIDE,
    "renew_before_days": f"{GUIDE}: within the last 3 months",
    "renew_takes_days": "assumption: two weeks with the proof of health",
    "pass_share": "assumption",
}
_UAV = "trade press 2025 on " + UAV_RULE
_UAV_SOURCES: Mapping[str, str] = {
    "age_min": "assumption: as for tractors; the trial rule's age was not found",
    "age_max": "assumption: as for tractors",
    "height_cm_min": NOT_FOUND,
    "sight_min": NOT_FOUND,
    "subjects": f"{_UAV}: 3 parts, each passed with 80 of 100; assumption: their names",
    "course_h": f"{_UAV}: about 3 days; assumption: 8 h a day",
    "needs": NOT_FOUND,
    "issue_days": "assumption: the maker issues it at once",
    "valid_years": f"{_UAV}: does not expire",
    "renew_before_days": f"{_UAV}: does not expire",
    "renew_takes_days": f"{_UAV}: does not expire",
    "pass_share": "assumption",
}
UNITS: Mapping[str, str] = {
    "age_min": "years",
    "age_max": "years",
    "height_cm_min": "cm",
    "sight_min": "logarithmic chart",
    "subjects": "examinations",
    "course_h": "h",
    "needs": "classes held before",
    "issue_days": "d",
    "valid_years": "years",
    "renew_before_days": "d before the last valid day",
    "renew_takes_days": "d",
    "pass_share": "share of the taught",
}


def _land(licence: str, *, pass_share: float) -> LicenceRule:
    return LicenceRule(
        licence=licence,
        age_min=18,
        age_max=70,
        height_cm_min=150,
        sight_min=4.9,
        subjects=(THEORY, YARD, FIELD, ROAD),
        course_h=80.0,
        needs=(),
        issue_days=5,
        valid_years=LICENCE_CLASSES[licence].valid_years,
        renew_before_days=90,
        renew_takes_days=14,
        pass_share=pass_share,
        sources=_LAND_SOURCES,
    )


LICENCE_RULES: Mapping[str, LicenceRule] = {
    rule.licence: rule
    for rule in (
        _land("G1", pass_share=0.85),
        _land("G2", pass_share=0.8),
        _land("K1", pass_share=0.9),
        _land("K2", pass_share=0.85),
        _land("L", pass_share=0.85),
        _land("R", pass_share=0.8),
        _land("S", pass_share=0.8),
        LicenceRule(
            licence="UAV",
            age_min=18,
            age_max=70,
            height_cm_min=None,
            sight_min=None,
            subjects=(THEORY, "flight", "safety and spraying"),
            course_h=24.0,
            needs=(),
            issue_days=0,
            valid_years=None,
            renew_before_days=None,
            renew_takes_days=None,
            pass_share=0.95,
            sources=_UAV_SOURCES,
        ),
    )
}
RETENTION = Assumption(
    name="training.retention",
    value=0.85,
    unit="share of those who pass",
    source="assumption: who passes and works in the next season",
    date=DATE,
)
FAIRNESS = Assumption(
    name="training.fairness",
    value=0.85,
    unit="1",
    source="assumption: a town's seats over its people's share",
    date=DATE,
)
DAY_HOURS = Assumption(
    name="training.graduate_hours", value=8.0, unit="h a day", source="assumption: somebody new to the work", date=DATE
)
RENEWALS_DAY = Assumption(
    name="training.renewals", value=10.0, unit="renewals a working day", source="assumption: one office", date=DATE
)
WAGE_YUAN_H: Mapping[str, Assumption] = {
    licence: Assumption(
        name=f"wage.{licence}", value=value, unit="yuan/h", source="assumption: no local wage table found", date=DATE
    )
    for licence, value in (
        ("G1", 35.0), ("G2", 38.0), ("K1", 28.0), ("K2", 30.0), ("L", 38.0), ("R", 45.0), ("S", 50.0), ("UAV", 45.0),
    )
}  # fmt: skip
WAY_YUAN_KM = Assumption(
    name="wage.way",
    value=0.8,
    unit="yuan/km",
    source="assumption: electric bicycle or shared car, time included",
    date=DATE,
)


@lru_cache(maxsize=256)
def covers(licence: str) -> tuple[str, ...]:
    """The classes whose machines who holds it may drive, itself first.

    >>> covers("G2"), covers("S")
    (('G2', 'G1'), ('S',))
    """
    known = LICENCE_CLASSES.get(licence)
    return (licence,) if known is None else (licence, *known.includes)


def licence_rules() -> tuple[Assumption, ...]:
    """Every number of training, licences, wages and renewal as it is documented."""
    singles = (RETENTION, FAIRNESS, DAY_HOURS, RENEWALS_DAY, *WAGE_YUAN_H.values(), WAY_YUAN_KM)
    return (*(row for rule in LICENCE_RULES.values() for row in _rows(rule)), *singles)


def _rows(rule: LicenceRule) -> Iterator[Assumption]:
    for column, unit in UNITS.items():
        value = getattr(rule, column)
        shown = ", ".join(value) or "none" if isinstance(value, tuple) else "none" if value is None else value
        yield Assumption(
            name=f"licence.{rule.licence}.{column}", value=shown, unit=unit, source=rule.sources[column], date=DATE
        )
