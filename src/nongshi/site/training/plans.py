"""A training plan (training.json) taken in: which courses it advises with its reasons, and who sits where.

A course of the plan is ours where its number is; one that is not there yet becomes a suggestion, opened by the trainer
with one press. A trainee of the plan is the person of that number; seats are given only to whoever wished for them, so
that a plan of yesterday never seats somebody who took the wish back, and in a suggested course once it is opened.
"""

from dataclasses import dataclass, field

from django.db import transaction

from nongshi.core.errors import BadFiles, Fault
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.forecasts.season_json import CourseLine, SeatLine, TrainingDoc, read_document
from nongshi.site.training.assumptions import MINIMUM, SEATS
from nongshi.site.training.models import Course, CourseState, Enrolment, EnrolmentState
from nongshi.site.training.services import check_may, give_seat, refuse_seat, seats_left


@dataclass(slots=True)
class Taken:
    """What a plan brought."""

    suggested: int = 0
    known: int = 0
    seated: int = 0
    advised: int = 0  # seats that are given once the trainer opens the course
    refused: int = 0
    left: list[str] = field(default_factory=list)  # seats that could not be given, each said why


def read_plan(text: str, file_name: str = "training.json") -> TrainingDoc:
    """A training.json, checked.

    Raises:
        BadFiles: with each wrong place.
    """
    doc = read_document(text, TrainingDoc, file_name)
    courses = {one.course_id for one in doc.courses}
    faults = [
        Fault(
            file=file_name, row=None, column=f"seats[{at}].course_id", value=one.course_id,
            problem="is none of `courses`", mend="add the course or mend its number",
        )
        for at, one in enumerate(doc.seats)
        if one.course_id is not None and one.course_id not in courses
    ]  # fmt: skip
    faults += [
        Fault(
            file=file_name, row=None, column=f"courses[{at}].end", value=str(one.end),
            problem="lies before the first day", mend="mend the days",
        )
        for at, one in enumerate(doc.courses)
        if one.end < one.start
    ]  # fmt: skip
    if faults:
        raise BadFiles(faults)
    return doc


def take_plan(scope: Scope, org_id: int, doc: TrainingDoc, *, generated: bool = False) -> Taken:
    """Take a plan in, all of it or nothing.

    Raises:
        Forbidden: another organisation's courses.
    """
    check_may(scope, org_id)
    taken = Taken()
    with transaction.atomic():
        for line in doc.courses:
            _course(org_id, line, taken, generated)
        wishes = {
            (row.course.ref, str(row.person_id)): row
            for row in Enrolment.objects.filter(course__org_id=org_id, state=EnrolmentState.WISHED).select_related(
                "course", "person"
            )
        }
        for seat in doc.seats:
            mine = {ref: row for (ref, person), row in wishes.items() if person == seat.trainee_id}
            _seat(scope, seat, mine, taken)
        log("TrainingPlanTaken", f"org:{org_id}", scope=scope, org_id=org_id, courses=len(doc.courses))
    return taken


def _seat(scope: Scope, seat: SeatLine, mine: dict[str, Enrolment], taken: Taken) -> None:
    """One person's seat, or that there is none; what they wished for besides is answered with the same reason."""
    why = (seat.why.zh, seat.why.en)
    row = mine.pop(seat.course_id, None) if seat.course_id is not None else None
    if seat.course_id is not None and (row is None or seats_left(row.course) == 0):
        taken.left.append(f"{seat.trainee_id}: {seat.course_id}")
        return
    if row is not None and row.course.state == CourseState.SUGGESTED:
        row.advised, (row.why_zh, row.why_en), row.version = True, why, row.version + 1
        row.save()
        taken.advised += 1
        return
    if row is not None:
        give_seat(scope, row.pk, why)
        taken.seated += 1
    for other in mine.values():
        refuse_seat(scope, other.pk, why)
        taken.refused += 1


def _course(org_id: int, line: CourseLine, taken: Taken, generated: bool) -> None:
    row = Course.objects.select_for_update().filter(org_id=org_id, ref=line.course_id).first()
    if row is None:
        row = Course(
            org_id=org_id, ref=line.course_id, licence_class=line.licence, town=line.town, start=line.start,
            end=line.end, seats=max(SEATS, line.enrolled), minimum=min(MINIMUM, max(1, line.enrolled)),
            state=CourseState.SUGGESTED, generated=generated,
        )  # fmt: skip
        taken.suggested += 1
    else:
        row.version += 1
        taken.known += 1
    row.advised, row.why_zh, row.why_en = line.opens, line.why.zh, line.why.en
    row.save()
