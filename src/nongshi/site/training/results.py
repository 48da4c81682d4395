"""Attendance and results: passing gives a certificate and the operator a licence with its last day."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from nongshi.agronomy import LICENCE_CLASSES
from nongshi.core.errors import BadInput, BadUsage
from nongshi.site.base.models import Person
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.plans.models import Notice
from nongshi.site.register.models import Licence, Operator
from nongshi.site.training.models import (
    SEATED,
    Attendance,
    Certificate,
    Course,
    CourseState,
    Enrolment,
    EnrolmentState,
)
from nongshi.site.training.services import check_may, lock_course

NO_END = date(2100, 12, 31)  # the register wants a day: of a licence that does not expire


def keep_attendance(scope: Scope, course_id: int, there: Mapping[tuple[int, date], bool]) -> int:
    """Who was there on which day, by enrolment and day; how many were kept.

    Raises:
        BadInput: a day that the course does not have, or somebody without a seat in it.
    """
    with transaction.atomic():
        course = lock_course(scope, course_id)
        seated = set(course.enrolments.filter(state__in=SEATED).values_list("pk", flat=True))
        days = set(course.days)
        wrong = sorted(f"{pk} on {day}" for pk, day in there if pk not in seated or day not in days)
        if wrong:
            raise BadInput(f"not in this course: {', '.join(wrong[:5])}; load the page again")
        for (pk, day), present in there.items():
            Attendance.objects.update_or_create(enrolment_id=pk, day=day, defaults={"present": present})
        course.save()
        log("AttendanceKept", f"course:{course_id}", scope=scope, org_id=course.org_id, marks=len(there))
    return len(there)


def keep_results(
    scope: Scope, course_id: int, passed: Mapping[int, bool], day: date | None = None
) -> list[Certificate]:
    """Results by enrolment; each that passed gets a certificate and a licence. A result stays once it is kept.

    Raises:
        BadUsage: before the course's last day, or the course is not open.
        BadInput: somebody without a seat in it.
    """
    day = day or timezone.localdate()
    with transaction.atomic():
        course = lock_course(scope, course_id)
        if course.state not in (CourseState.OPEN, CourseState.DONE) or day < course.end:
            raise BadUsage("results are entered from the last day of an open course")
        rows = {row.pk: row for row in course.enrolments.filter(pk__in=passed).select_related("person__org")}
        wrong = sorted(set(passed) - {pk for pk, row in rows.items() if row.state in SEATED})
        if wrong:
            raise BadInput(f"not in this course: {', '.join(map(str, wrong[:5]))}; load the page again")
        made = [
            found
            for pk, well in passed.items()
            if rows[pk].state == EnrolmentState.SEAT and (found := _result(scope, course, rows[pk], well, day))
        ]
        if not course.enrolments.filter(state__in=(EnrolmentState.SEAT, EnrolmentState.WISHED)).exists():
            course.state = CourseState.DONE
        course.save()
        log("ResultsKept", f"course:{course_id}", scope=scope, org_id=course.org_id, results=len(passed))
    return made


def _result(scope: Scope, course: Course, row: Enrolment, well: bool, day: date) -> Certificate | None:
    row.state = EnrolmentState.PASSED if well else EnrolmentState.FAILED
    row.result_at, row.version = timezone.now(), row.version + 1
    row.save()
    if not well:
        return None
    certificate = _certify(row, course, day)
    until = certificate.valid_until
    text = f"恭喜通过{course.licence_class}培训，证书已发放" + (f"，有效期至{until}。" if until else "。")
    text_en = f"You passed the {course.licence_class} course; your certificate" + (
        f" is valid until {until}." if until else " does not expire."
    )
    Notice.objects.create(
        org_id=row.person.org_id, person=row.person, about=f"enrolment:{row.pk}", text=text, text_en=text_en
    )
    log("LicenceGained", f"enrolment:{row.pk}", scope=scope, org_id=course.org_id, licence=course.licence_class)
    return certificate


def _certify(row: Enrolment, course: Course, day: date) -> Certificate:
    """The certificate, and the licence in the register: of the operator whose person it is, a new one if need be."""
    until = last_day(course.licence_class, day)
    operator = Operator.objects.filter(person=row.person, out_since=None).order_by("pk").first()
    new = operator is None or not operator.licences.exists()
    if operator is None:
        operator = Operator.objects.create(org=row.person.org, person=row.person, ref=_free_ref(row.person))
    held = Licence.objects.filter(operator=operator, licence_class=course.licence_class).first()
    kept, before = until or NO_END, held.valid_until if held else None
    if held is None:
        Licence.objects.create(operator=operator, licence_class=course.licence_class, valid_until=kept)
    elif held.valid_until < kept:
        held.valid_until = kept
        held.save()
    return Certificate.objects.create(
        org_id=course.org_id, enrolment=row, person=row.person, licence_class=course.licence_class, issued=day,
        valid_until=until, held_until=before, new_operator=new,
    )  # fmt: skip


def last_day(licence: str, day: date) -> date | None:
    """The last day of a licence issued on a day, by the table of licence classes; None: it does not expire.

    >>> last_day("S", date(2028, 2, 29))
    datetime.date(2034, 2, 28)
    """
    years = LICENCE_CLASSES[licence].valid_years
    if years is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def revoke(scope: Scope, pk: int, day: date | None = None) -> Certificate:
    """Take a certificate back that was given in error; the licence in the register ends with it.

    Raises:
        BadUsage: it was taken back before.
    """
    day = day or timezone.localdate()
    with transaction.atomic():
        row = Certificate.objects.select_for_update(of=("self",)).get_changed(scope, pk=pk)
        check_may(scope, row.org_id)
        if row.revoked is not None:
            raise BadUsage("it was taken back before")
        row.revoked, row.version = day, row.version + 1
        row.save()
        given = Licence.objects.filter(
            operator__person=row.person, licence_class=row.licence_class, valid_until=row.valid_until or NO_END
        )
        if row.held_until is None:
            given.delete()
        else:
            given.update(valid_until=row.held_until)
        log("CertificateRevoked", f"enrolment:{row.enrolment_id}", scope=scope, org_id=row.org_id)
    return row


def _free_ref(person: Person) -> str:
    """A number for a new operator that its organisation does not use."""
    taken = set(Operator.objects.filter(org=person.org).values_list("ref", flat=True))
    refs = (f"T{person.pk}" if n == 0 else f"T{person.pk}-{n}" for n in range(len(taken) + 1))
    return next(ref for ref in refs if ref not in taken)
