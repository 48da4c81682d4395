"""Who may take which course, and why not: the rules of the licence class, and of the course itself."""

from collections.abc import Mapping
from datetime import date

from nongshi.agronomy.licence_rules import LICENCE_RULES, LicenceRule, covers
from nongshi.core.training import Course, Said, Trainee, Training

Rules = Mapping[str, LicenceRule]
MEND = Said(
    zh="请改课程日期、证别或先决条件，或删去这期", en="correct its dates, licence or needs, or delete the course"
)


def refusal(trainee: Trainee, course: Course, rules: Rules = LICENCE_RULES) -> Said | None:
    """Why the person may not take the course; None: may. A class without a rule asks nothing."""
    rule = rules.get(course.licence)
    held = {each for name, last in trainee.licences.items() if last >= course.end for each in covers(name)}
    if course.licence in held:
        return Said(zh=f"已持有{course.licence}证", en=f"holds {course.licence} already")
    missing = [need for need in (*(rule.needs if rule else ()), *course.needs) if need not in held]
    if missing:
        return Said(zh=f"须先持有{missing[0]}证", en=f"must hold {missing[0]} before")
    since, until = trainee.available_from or date.min, trainee.available_to or date.max
    if course.start < since or course.end > until:
        return Said(
            zh=f"课程期间（{course.start}至{course.end}）本人不在",
            en=f"is away between {course.start} and {course.end}",
        )
    return None if rule is None else _bodily(trainee, course, rule)


def _bodily(trainee: Trainee, course: Course, rule: LicenceRule) -> Said | None:
    if trainee.fit is False:
        return Said(zh="身体条件不符合要求", en="does not meet the conditions of health")
    if trainee.born is None:
        return None
    age = age_on(trainee.born, course.end)
    if age < rule.age_min:
        return Said(zh=f"考试时未满{rule.age_min}周岁", en=f"is under {rule.age_min} at the examination")
    if age > rule.age_max:
        return Said(zh=f"考试时已超过{rule.age_max}周岁", en=f"is over {rule.age_max} at the examination")
    return None


def age_on(born: date, day: date) -> int:
    """Full years.

    >>> age_on(date(2008, 11, 28), date(2026, 11, 27)), age_on(date(2008, 11, 27), date(2026, 11, 27))
    (17, 18)
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def open_wishes(training: Training, rules: Rules = LICENCE_RULES) -> dict[str, tuple[str, ...]]:
    """Trainee -> the wished courses that the person may take, most wanted first."""
    courses = {course.id: course for course in training.courses}
    return {
        trainee.id: tuple(wish for wish in trainee.wishes if refusal(trainee, courses[wish], rules) is None)
        for trainee in training.trainees
    }


def courses_for_nobody(training: Training, rules: Rules = LICENCE_RULES) -> dict[str, Said]:
    """Courses that no trainee may take, wished or not, with the commonest reason; the plan goes on without them."""
    found = {}
    for course in training.courses:
        reasons = [refusal(trainee, course, rules) for trainee in training.trainees]
        if all(reason is not None for reason in reasons):
            told = [reason for reason in reasons if reason is not None]
            found[course.id] = max(told, key=told.count) if told else Said(zh="没有学员", en="there are no trainees")
    return found
