"""What is done with courses and seats: made, opened, wished for, answered, given up. Each act writes one event."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from nongshi.agronomy import LICENCE_CLASSES
from nongshi.core.errors import BadInput, BadUsage
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.models import Person, Role
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log, make_link
from nongshi.site.plans.models import Notice
from nongshi.site.training.assumptions import LINK_DAYS, WISHES_MAX
from nongshi.site.training.models import (
    OPEN_STATES,
    SEATED,
    Course,
    CourseState,
    Enrolment,
    EnrolmentState,
)

LEARNERS = (RoleKind.TRAINEE, RoleKind.OPERATOR)  # who wishes for courses and says yes to work
AHEAD = (CourseState.OPEN, CourseState.SUGGESTED)  # what may be wished for
REFUSALS: Mapping[str, tuple[str, str]] = {  # why no seat, where the trainer says so
    "full": ("名额已满，前面的志愿先排", "the course is full; earlier wishes went first"),
    "other": ("已排到您更靠前的志愿", "you have a seat in a course that you wished for more"),
    "licence": ("您已持有这类驾驶证", "you hold this licence already"),
    "papers": ("材料不齐，请先补齐", "papers are missing; bring them first"),
    "called_off": ("报名人数不足，这期不开", "too few wished for it; it does not take place"),
}
SEAT_WHY = ("按志愿和名额排到", "your wish and a free seat go together")


def check_may(scope: Scope, org_id: int) -> None:
    """Refuse whoever does not run the courses of an organisation.

    Raises:
        Forbidden: so.
    """
    if not scope.may(Resource.COURSE, org_id, change=True):
        raise Forbidden(f"you do not run courses of organisation {org_id}")


def add_course(scope: Scope, org_id: int, values: Mapping[str, Any]) -> Course:
    """A new course, open for wishes.

    Raises:
        BadInput: its number is taken, its days lie the wrong way round, or nobody knows the licence.
    """
    check_may(scope, org_id)
    course = Course(org_id=org_id, **values)
    _check(course)
    if Course.objects.filter(org_id=org_id, ref=course.ref).exists():
        raise BadInput(f"there is a course {course.ref} already; give this one another number")
    with transaction.atomic():
        course.save()
        log("CourseAdded", f"course:{course.pk}", scope=scope, org_id=org_id)
    return course


def change_course(scope: Scope, pk: int, version: int, values: Mapping[str, Any]) -> Course:
    """Change days, place, seats.

    Raises:
        BadInput: fewer seats than are given, or as for a new one.
        BadUsage: it is over or called off.
    """
    with transaction.atomic():
        course = lock_course(scope, pk, version)
        if course.state in (CourseState.DONE, CourseState.CANCELLED):
            raise BadUsage("the course is over or called off; it stays as it is")
        for name, value in values.items():
            setattr(course, name, value)
        _check(course)
        given = course.enrolments.filter(state__in=SEATED).count()
        if course.seats < given:
            raise BadInput(f"{given} people have a seat already; take seats back before there are fewer")
        course.save()
        log("CourseChanged", f"course:{pk}", scope=scope, org_id=course.org_id, columns=sorted(values))
    return course


def lock_course(scope: Scope, pk: int, version: int | None = None) -> Course:
    """A course to be changed by somebody who saw it at `version`; locked until the request ends.

    Raises:
        Outdated: somebody else changed it since.
    """
    course = Course.objects.select_for_update().get_changed(scope, pk=pk)
    if version is not None and course.version != version:
        raise Outdated(f"course {course.ref}")
    course.version += 1
    return course


def open_course(scope: Scope, pk: int, version: int) -> Course:
    """Open a suggested course: who has a seat by the plan gets it, as far as the wish still stands."""
    with transaction.atomic():
        course = lock_course(scope, pk, version)
        if course.state != CourseState.SUGGESTED:
            raise BadUsage("the course is open already, over or called off")
        course.state = CourseState.OPEN
        course.save()
        log("CourseOpened", f"course:{pk}", scope=scope, org_id=course.org_id)
        for row in course.enrolments.filter(advised=True, state=EnrolmentState.WISHED).order_by("rank", "pk"):
            if seats_left(course):
                give_seat(scope, row.pk, (row.why_zh, row.why_en))
    return course


def cancel_course(scope: Scope, pk: int, version: int) -> Course:
    """Call a course off; whoever wished for it is told why.

    Raises:
        BadUsage: results are in, or it is over.
    """
    with transaction.atomic():
        course = lock_course(scope, pk, version)
        decided = course.enrolments.filter(state__in=(EnrolmentState.PASSED, EnrolmentState.FAILED)).exists()
        if course.state not in (CourseState.SUGGESTED, CourseState.OPEN) or decided:
            raise BadUsage("the course is over or has results; it cannot be called off any more")
        course.state = CourseState.CANCELLED
        course.save()
        for row in course.enrolments.filter(state__in=OPEN_STATES).select_related("person", "course"):
            _answer(row, EnrolmentState.REFUSED, REFUSALS["called_off"])
        log("CourseCancelled", f"course:{pk}", scope=scope, org_id=course.org_id)
    return course


def wish(scope: Scope, course_id: int, *, first: bool = False) -> Enrolment:
    """Wish for a course oneself, open or suggested: the next rank, or the first. A wish that is there moves.

    Raises:
        BadUsage: it is not open any more, or there are too many wishes.
    """
    person = _oneself(scope)
    with transaction.atomic():
        course = Course.objects.select_for_update().get_seen(scope, pk=course_id)
        if course.state not in AHEAD or course.start <= timezone.localdate():
            raise BadUsage("this course is not open for wishes any more")
        row = _row_of(course, person)
        if row is not None and row.state in SEATED:
            raise BadUsage("you have a seat in this course already")
        others = list(own_wishes(person).exclude(course=course))
        if len(others) >= WISHES_MAX:
            raise BadUsage(f"you may wish for {WISHES_MAX} courses; take one back first")
        row = row or Enrolment(org_id=course.org_id, course=course, person=person)
        row.state, row.why_zh, row.why_en, row.answered_at = EnrolmentState.WISHED, "", "", None
        row.advised = False
        row.rank = 1 if first else len(others) + 1
        row.save()
        _rank([row, *others] if first else [*others, row])
        log("CourseWished", f"enrolment:{row.pk}", scope=scope, org_id=course.org_id, rank=row.rank)
    return row


def withdraw(scope: Scope, pk: int) -> Enrolment:
    """Take a wish or a seat back.

    Raises:
        BadUsage: there is a result.
    """
    with transaction.atomic():
        row = Enrolment.objects.select_for_update(of=("self",)).get_changed(scope, pk=pk)
        if row.state not in OPEN_STATES:
            raise BadUsage("there is a result already, or it was withdrawn before")
        row.state, row.version, row.rank = EnrolmentState.WITHDRAWN, row.version + 1, None
        row.save()
        _rank(own_wishes(row.person))
        log("EnrolmentWithdrawn", f"enrolment:{pk}", scope=scope, org_id=row.org_id)
    return row


def give_seat(scope: Scope, pk: int, why: tuple[str, str] = SEAT_WHY) -> Enrolment:
    """Give a seat to whoever wished for it; they are told.

    Raises:
        BadUsage: no seat is free, or the course is not open.
    """
    with transaction.atomic():
        row = _locked(scope, pk)
        course = Course.objects.select_for_update().get(pk=row.course_id)
        if course.state != CourseState.OPEN or row.state not in (EnrolmentState.WISHED, EnrolmentState.REFUSED):
            raise BadUsage("the course is not open, or the wish was answered or withdrawn")
        if course.enrolments.filter(state__in=SEATED).count() >= course.seats:
            raise BadUsage("all seats are given; take one back or add seats first")
        _answer(row, EnrolmentState.SEAT, why)
        log("SeatGiven", f"enrolment:{pk}", scope=scope, org_id=row.org_id)
    return row


def refuse_seat(scope: Scope, pk: int, why: tuple[str, str]) -> Enrolment:
    """Say no to a wish, or take a seat back, with the reason; they are told.

    Raises:
        BadUsage: there is a result, or it was withdrawn.
    """
    with transaction.atomic():
        row = _locked(scope, pk)
        if row.state not in OPEN_STATES:
            raise BadUsage("there is a result already, or it was withdrawn")
        _answer(row, EnrolmentState.REFUSED, why)
        log("SeatRefused", f"enrolment:{pk}", scope=scope, org_id=row.org_id)
    return row


def enrol(scope: Scope, course_id: int, person: Person) -> Enrolment:
    """Put somebody into a course by the trainer's hand.

    Raises:
        BadUsage: no seat is free, or they sit there already.
    """
    with transaction.atomic():
        course = lock_course(scope, course_id)
        row = _row_of(course, person)
        if row is not None and row.state in SEATED:
            raise BadUsage("this person has a seat in the course already")
        row = row or Enrolment(org_id=course.org_id, course=course, person=person)
        row.state = EnrolmentState.WISHED
        row.save()
    return give_seat(scope, row.pk, ("培训教师登记", "entered by the trainer"))


def add_trainee(scope: Scope, org_id: int, name: str, phone: str) -> Person:
    """Somebody new who wants to learn, at home in the trainer's organisation.

    Raises:
        Forbidden: another organisation's.
    """
    check_may(scope, org_id)
    with transaction.atomic():
        person = Person.objects.create(org_id=org_id, name=name, phone=phone)
        Role.objects.create(person=person, org_id=org_id, kind=RoleKind.TRAINEE)
        log("PersonAdded", f"person:{person.pk}", scope=scope, org_id=org_id, roles=[str(RoleKind.TRAINEE)])
    return person


def invite(scope: Scope, pk: int) -> tuple[Enrolment, str]:
    """The secret of a link for somebody in one's course, who is a trainee and nothing else.

    Raises:
        Forbidden: they hold other roles; the organisation that gave those makes the link.
    """
    row = _seen_to_change(scope, pk)
    kinds = set(row.person.roles.values_list("kind", flat=True))
    account = row.person.user
    if kinds != {RoleKind.TRAINEE} or (account is not None and (account.is_staff or account.is_superuser)):
        raise Forbidden("this person holds other roles; their cooperative makes the link")
    secret = make_link(row.person, "trainee", days=LINK_DAYS)
    log("LinkMade", f"person:{row.person_id}", scope=scope, org_id=row.org_id, purpose="trainee")
    return row, secret


def own_wishes(person: Person) -> QuerySet:
    """Somebody's wishes that wait for an answer, first rank first."""
    return Enrolment.objects.filter(person=person, state=EnrolmentState.WISHED).order_by("rank", "pk")


def seats_left(course: Course) -> int:
    """Seats that nobody has."""
    return max(0, course.seats - course.enrolments.filter(state__in=SEATED).count())


def next_ref(org_id: int, licence: str, start: date) -> str:
    """A number for a new course that is not taken: S-2026-03-1."""
    taken = set(Course.objects.filter(org_id=org_id).values_list("ref", flat=True))
    numbers = (f"{licence}-{start:%Y-%m}-{n}" for n in range(1, len(taken) + 2))
    return next(ref for ref in numbers if ref not in taken)


def _check(course: Course) -> None:
    faults = []
    if course.licence_class not in LICENCE_CLASSES:
        faults.append(f"licence {course.licence_class!r} is none of {', '.join(LICENCE_CLASSES)}")
    if course.end < course.start:
        faults.append("the last day lies before the first")
    if not 1 <= course.minimum <= course.seats:
        faults.append(f"it opens from {course.minimum} people but has {course.seats} seats")
    if faults:
        raise BadInput("; ".join(faults) + "; correct the course")


def _oneself(scope: Scope) -> Person:
    person = Person.objects.filter(pk=scope.person_id).first()
    if person is None or not scope.has(*LEARNERS) or person.org_id not in scope.own_in(Resource.ENROLMENT, change=True):
        raise Forbidden("only trainees and operators wish for courses")
    return person


def _locked(scope: Scope, pk: int) -> Enrolment:
    """An enrolment of a course that one runs; the trainee's own hands do not answer their wishes."""
    row = _seen_to_change(scope, pk)
    row = Enrolment.objects.select_for_update(of=("self",)).select_related("person", "course").get(pk=row.pk)
    row.version += 1
    return row


def _seen_to_change(scope: Scope, pk: int) -> Enrolment:
    row = Enrolment.objects.select_related("person", "course").get_changed(scope, pk=pk)
    check_may(scope, row.course.org_id)
    return row


def _row_of(course: Course, person: Person) -> Enrolment | None:
    """The one row of a person in a course; the course is locked by whoever asks."""
    return Enrolment.objects.filter(course=course, person=person).first()


def _rank(rows: Iterable[Enrolment]) -> None:
    for at, row in enumerate(rows, start=1):
        if row.rank != at:
            row.rank = at
            Enrolment.objects.filter(pk=row.pk).update(rank=at)


def _answer(row: Enrolment, state: Any, why: tuple[str, str]) -> None:
    """Keep an answer with its reason, and tell the trainee."""
    row.state, (row.why_zh, row.why_en), row.answered_at = state, why, timezone.now()
    row.save()
    course = row.course
    licence = LICENCE_CLASSES.get(course.licence_class)
    zh, en = (licence.name_zh, licence.name_en) if licence else (course.licence_class, course.licence_class)
    when = f"{course.start.month}月{course.start.day}日"
    got = state == EnrolmentState.SEAT
    text = f"{zh}培训（{when}开始）{'已排上' if got else '没有排上'}：{row.why_zh}。"
    text_en = f"{en} course from {course.start}: {'you have a seat' if got else 'no seat'} ({row.why_en})."
    Notice.objects.create(
        org_id=row.person.org_id, person=row.person, about=f"enrolment:{row.pk}", text=text, text_en=text_en
    )


def highest_rank(person: Person) -> int:
    """The last rank that somebody gave."""
    return int(own_wishes(person).aggregate(last=Max("rank"))["last"] or 0)
