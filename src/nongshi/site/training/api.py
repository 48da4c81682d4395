"""API of training: courses and their enrolments, vacancies."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.agronomy import LICENCE_CLASSES
from nongshi.site.base.api_types import BodyId, Day, Flag, Given, Id, Row, Text40, Text80, Whole
from nongshi.site.base.paging import Page, Pages, answer_one, answer_page, check_version, once_each
from nongshi.site.training import results, services
from nongshi.site.training.models import Course, CourseState, Enrolment, EnrolmentState, Vacancy

router = Router(tags=["training"])
CourseId = Annotated[Id, Path()]
EnrolmentId = Annotated[Id, Path()]
VacancyId = Annotated[Id, Path()]
MATCH = {"x-match": True}
Licence = Annotated[str, Field(max_length=10, json_schema_extra={"enum": sorted(LICENCE_CLASSES)})]
Seats = Annotated[Whole, Field(ge=1, le=500)]
Fen = Annotated[Whole, Field(ge=0, le=1_000_000_000)]
Venue = Annotated[str, Field(max_length=120)]


class CourseOut(Row):
    """A course for one class of licence."""

    ref: str
    licence_class: str
    town: str
    venue: str
    start: date
    end: date
    seats: int
    minimum: int
    cost_fen: int
    pass_rate: float | None
    state: CourseState
    advised: bool | None = Field(description="whether the training plan says to open it; null: no plan spoke of it")
    why_zh: str
    why_en: str
    generated: bool


class CourseIn(Given):
    """A new course, open for wishes at once."""

    org_id: BodyId
    ref: Annotated[str, Field(min_length=1, max_length=40)]
    licence_class: Licence
    start: Day
    end: Day
    town: Annotated[Text80, Field(min_length=1)]
    venue: Venue = ""
    seats: Seats
    minimum: Seats = 1
    cost_fen: Fen = 0


class CourseChange(Given):
    """What changes of a course; the rest stays."""

    start: Day | None = None
    end: Day | None = None
    town: Annotated[Text80, Field(min_length=1)] | None = None
    venue: Venue | None = None
    seats: Seats | None = None
    minimum: Seats | None = None
    cost_fen: Fen | None = None


class CourseFilter(Schema):
    """Which courses."""

    state: CourseState | None = None
    licence_class: Text40 | None = None
    org_id: Id | None = None


class EnrolmentOut(Row):
    """A person and a course, from the wish to the result."""

    paths = {"person_name": "person__name", "licence_class": "course__licence_class"}

    course_id: int
    licence_class: str
    person_id: int
    person_name: str
    rank: int | None
    state: EnrolmentState
    why_zh: str
    why_en: str
    answered_at: datetime | None
    result_at: datetime | None


class EnrolmentFilter(Schema):
    """Which enrolments."""

    course_id: Id | None = None
    person_id: Id | None = None
    state: EnrolmentState | None = None


class WishIn(Given):
    """A course that one wants oneself."""

    course_id: BodyId
    first: Flag = Field(default=False, description="before all other wishes, not after them")


class Refusal(Given):
    """Why there is no seat."""

    why: Literal["full", "other", "licence", "papers", "called_off"]


class Result(Given):
    """How it ended."""

    passed: Flag


class VacancyOut(Row):
    """Hours for which a licensed operator is wanted."""

    town: str
    licence_class: str
    operation: str
    start: date
    end: date
    hours: float = Field(description="of one person")
    places: int
    pay_fen_h: int
    is_open: bool
    generated: bool


class VacancyFilter(Schema):
    """Which vacancies."""

    is_open: bool | None = None
    licence_class: Text40 | None = None


def _filtered(rows: Any, which: Schema) -> Any:
    return once_each(rows).filter(**{name: value for name, value in which.dict().items() if value is not None})


@router.get("/courses", response=Page[CourseOut])
def list_courses(request: HttpRequest, which: Annotated[CourseFilter, Query()], paging: Pages) -> HttpResponse:
    """Courses in sight by their first day."""
    return answer_page(request, CourseOut, _filtered(Course.objects.seen_by(request.scope), which), paging)


@router.get("/courses/{course_id}", response=CourseOut)
def get_course(request: HttpRequest, course_id: CourseId) -> HttpResponse:
    """One course."""
    return answer_one(CourseOut, Course.objects.seen_by(request.scope), pk=course_id)


@router.post("/courses", response={201: CourseOut})
def add_course(request: HttpRequest, body: CourseIn) -> HttpResponse:
    """Open a new course."""
    values = body.dict()
    row = services.add_course(request.scope, values.pop("org_id"), values)
    response = answer_one(CourseOut, Course.objects.seen_by(request.scope), status=201, pk=row.pk)
    response.headers["Location"] = f"{request.path}/{row.pk}"
    return response


@router.patch("/courses/{course_id}", response=CourseOut, openapi_extra=MATCH)
def change_course(request: HttpRequest, course_id: CourseId, body: CourseChange) -> HttpResponse:
    """Change days, place, seats."""
    version = _version_of_course(request, course_id)
    values = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    services.change_course(request.scope, course_id, version, values)
    return get_course(request, course_id)


@router.post("/courses/{course_id}/open", response=CourseOut, openapi_extra=MATCH)
def open_course(request: HttpRequest, course_id: CourseId) -> HttpResponse:
    """Open a suggested course for wishes."""
    services.open_course(request.scope, course_id, _version_of_course(request, course_id))
    return get_course(request, course_id)


@router.post("/courses/{course_id}/cancel", response=CourseOut, openapi_extra=MATCH)
def cancel_course(request: HttpRequest, course_id: CourseId) -> HttpResponse:
    """Call a course off; whoever wished for it is told."""
    services.cancel_course(request.scope, course_id, _version_of_course(request, course_id))
    return get_course(request, course_id)


@router.get("/enrolments", response=Page[EnrolmentOut])
def list_enrolments(request: HttpRequest, which: Annotated[EnrolmentFilter, Query()], paging: Pages) -> HttpResponse:
    """Wishes, seats and results in sight."""
    return answer_page(request, EnrolmentOut, _filtered(Enrolment.objects.seen_by(request.scope), which), paging)


@router.get("/enrolments/{enrolment_id}", response=EnrolmentOut)
def get_enrolment(request: HttpRequest, enrolment_id: EnrolmentId) -> HttpResponse:
    """One enrolment."""
    return answer_one(EnrolmentOut, Enrolment.objects.seen_by(request.scope), pk=enrolment_id)


@router.post("/enrolments", response={201: EnrolmentOut})
def wish_for_course(request: HttpRequest, body: WishIn) -> HttpResponse:
    """Wish for a course oneself; a wish that is there moves."""
    row = services.wish(request.scope, body.course_id, first=body.first)
    response = answer_one(EnrolmentOut, Enrolment.objects.seen_by(request.scope), status=201, pk=row.pk)
    response.headers["Location"] = f"{request.path}/{row.pk}"
    return response


@router.post("/enrolments/{enrolment_id}/withdraw", response=EnrolmentOut, openapi_extra=MATCH)
def withdraw_enrolment(request: HttpRequest, enrolment_id: EnrolmentId) -> HttpResponse:
    """Take a wish or a seat back."""
    _version_of(request, enrolment_id)
    services.withdraw(request.scope, enrolment_id)
    return get_enrolment(request, enrolment_id)


@router.post("/enrolments/{enrolment_id}/seat", response=EnrolmentOut, openapi_extra=MATCH)
def give_seat(request: HttpRequest, enrolment_id: EnrolmentId) -> HttpResponse:
    """Give a seat to whoever wished for it; they are told."""
    _version_of(request, enrolment_id)
    services.give_seat(request.scope, enrolment_id)
    return get_enrolment(request, enrolment_id)


@router.post("/enrolments/{enrolment_id}/refuse", response=EnrolmentOut, openapi_extra=MATCH)
def refuse_seat(request: HttpRequest, enrolment_id: EnrolmentId, body: Refusal) -> HttpResponse:
    """Say no to a wish with a reason; they are told it."""
    _version_of(request, enrolment_id)
    services.refuse_seat(request.scope, enrolment_id, services.REFUSALS[body.why])
    return get_enrolment(request, enrolment_id)


@router.post("/enrolments/{enrolment_id}/result", response=EnrolmentOut, openapi_extra=MATCH)
def keep_result(request: HttpRequest, enrolment_id: EnrolmentId, body: Result) -> HttpResponse:
    """Whether somebody passed; who did gets certificate and licence. A result stays."""
    _version_of(request, enrolment_id)
    row = Enrolment.objects.get_changed(request.scope, pk=enrolment_id)
    results.keep_results(request.scope, row.course_id, {row.pk: body.passed})
    return get_enrolment(request, enrolment_id)


@router.get("/vacancies", response=Page[VacancyOut])
def list_vacancies(request: HttpRequest, which: Annotated[VacancyFilter, Query()], paging: Pages) -> HttpResponse:
    """Work for which operators are wanted, by its first day."""
    return answer_page(request, VacancyOut, _filtered(Vacancy.objects.seen_by(request.scope), which), paging)


@router.get("/vacancies/{vacancy_id}", response=VacancyOut)
def get_vacancy(request: HttpRequest, vacancy_id: VacancyId) -> HttpResponse:
    """One vacancy."""
    return answer_one(VacancyOut, Vacancy.objects.seen_by(request.scope), pk=vacancy_id)


def _version_of_course(request: HttpRequest, pk: int) -> int:
    return check_version(request, CourseOut, Course.objects.changed_by(request.scope), pk=pk)


def _version_of(request: HttpRequest, pk: int) -> int:
    return check_version(request, EnrolmentOut, Enrolment.objects.changed_by(request.scope), pk=pk)
