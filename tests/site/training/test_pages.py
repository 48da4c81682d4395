"""Trainer's desk, trainee's link, vacancies: the main paths, both languages, who may not."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.site.forecasts import drawn
from tests.site.texts import leftovers
from tests.site.training.school import School, make_school, over
from tests.site.world import make_person

from nongshi.site.base.models import Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import make_link
from nongshi.site.forecasts import services as forecasts
from nongshi.site.register.models import Licence
from nongshi.site.training import services
from nongshi.site.training.models import (
    Answer,
    AnswerState,
    Certificate,
    Course,
    CourseState,
    Enrolment,
    EnrolmentState,
    Vacancy,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(db: Any) -> School:
    """A school."""
    return make_school()


def client_of(person: Person) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(person.user)
    return client


def plan_text(school: School, **seat: Any) -> str:
    """A training plan: one course of the school's own number, one that is not there yet."""
    start = school.courses[0].start

    def course(ref: str, licence: str, opens: bool) -> dict[str, Any]:
        return {
            "course_id": ref, "opens": opens, "enrolled": 1, "licence": licence, "town": "廊下", "start": str(start),
            "end": str(start + timedelta(days=2)), "why": {"zh": "11月第1周缺2名", "en": "two lacking in November"},
        }  # fmt: skip

    seats = [{"trainee_id": str(school.trainee.pk), "rank": 1, "why": {"zh": "第一志愿", "en": "first wish"}} | seat]
    return json.dumps(
        {
            "format": "nongshi-training/1", "seats": seats,
            "courses": [course(school.courses[0].ref, "S", True), course("UAV-9", "UAV", True)],
        }
    )  # fmt: skip


def test_a_trainee_comes_by_link_wishes_twice_by_two_taps_and_reads_the_answer(school: School) -> None:
    client = Client()
    secret = make_link(school.trainee, "trainee")
    assert client.get(f"/l/{secret}", follow=True).redirect_chain[-1][0] == "/trainee/"
    for course in school.courses:
        assert client.post(f"/trainee/courses/{course.pk}/wish/").status_code == 302
    ranks = Enrolment.objects.order_by("rank").values_list("course__licence_class", "rank")
    assert list(ranks) == [("S", 1), ("G1", 2)]
    row = Enrolment.objects.get(rank=1)
    client_of(school.trainer).post(f"/training/seats/{row.pk}/refuse/", {"why": "full"})
    assert "名额已满，前面的志愿先排" in client.get("/trainee/").content.decode()


def test_the_trainer_opens_a_suggested_course_with_one_press_and_sees_why(school: School) -> None:
    trainer = client_of(school.trainer)
    services.wish(school.scope("trainee"), school.courses[0].pk)
    file = SimpleUploadedFile("training.json", plan_text(school, course_id=school.courses[0].ref).encode())
    assert trainer.post("/training/plan/", {"org": school.district.pk, "file": file}).status_code == 302
    assert Enrolment.objects.get().state == EnrolmentState.SEAT
    page = trainer.get("/training/").content.decode()
    assert "11月第1周缺2名" in page
    course = Course.objects.get(ref="UAV-9")
    assert (course.state, course.advised) == (CourseState.SUGGESTED, True)
    trainer.post(f"/training/{course.pk}/open/", {"version": course.version})
    course.refresh_from_db()
    assert course.state == CourseState.OPEN


def test_a_seat_of_the_plan_is_not_given_to_who_took_the_wish_back(school: School) -> None:
    row = services.wish(school.scope("trainee"), school.courses[0].pk)
    services.withdraw(school.scope("trainee"), row.pk)
    file = SimpleUploadedFile("training.json", plan_text(school, course_id=school.courses[0].ref).encode())
    client_of(school.trainer).post("/training/plan/", {"org": school.district.pk, "file": file})
    assert Enrolment.objects.get().state == EnrolmentState.WITHDRAWN


def test_a_plan_that_cannot_be_right_changes_nothing(school: School) -> None:
    file = SimpleUploadedFile("training.json", plan_text(school, course_id="NO-SUCH").encode())
    answer = client_of(school.trainer).post("/training/plan/", {"org": school.district.pk, "file": file})
    assert answer.status_code == 422
    assert "seats[0].course_id" in answer.content.decode()
    assert not Course.objects.filter(ref="UAV-9").exists()


def test_from_attendance_to_the_certificate_and_its_check_by_anybody(school: School) -> None:
    row = services.wish(school.scope("trainee"), school.courses[0].pk)
    trainer = client_of(school.trainer)
    trainer.post(f"/training/seats/{row.pk}/give/")
    course = over(school.courses[0])
    day = course.start
    trainer.post(f"/training/{course.pk}/attendance/", {f"day-{day}": "1", f"there-{row.pk}-{day}": "on"})
    assert row.attendance.get().present
    trainer.post(f"/training/{course.pk}/results/", {f"result-{row.pk}": "passed"})
    certificate = Certificate.objects.get()
    trainee = client_of(school.trainee)
    assert "/training/certificates/" in trainee.get("/trainee/").content.decode()
    pdf = trainee.get(f"/training/certificates/{certificate.pk}.pdf")
    assert pdf.content.startswith(b"%PDF")
    checked = Client().get(f"/training/check/{certificate.code}/").content.decode()
    assert "李**" in checked
    assert "李小农" not in checked
    assert Client().get("/training/check/none/").status_code == 404
    trainer.post(f"/training/certificates/{certificate.pk}/revoke/")
    assert "证书已被收回" in Client().get(f"/training/check/{certificate.code}/").content.decode()
    assert not Licence.objects.filter(operator__person=school.trainee).exists()


def test_a_stranger_reads_no_certificate(school: School) -> None:
    row = services.wish(school.scope("trainee"), school.courses[0].pk)
    services.give_seat(school.scope("trainer"), row.pk)
    course = over(school.courses[0])
    client_of(school.trainer).post(f"/training/{course.pk}/results/", {f"result-{row.pk}": "passed"})
    certificate = Certificate.objects.get()
    assert client_of(school.operator).get(f"/training/certificates/{certificate.pk}.pdf").status_code == 404


def offered(school: School) -> Vacancy:
    """The forecast's lack offered by the cooperative's dispatcher."""
    forecasts.keep_everywhere(school.district, drawn.text(date.today() + timedelta(days=10)))
    dispatcher = make_person(school.coop, RoleKind.DISPATCHER, name="调度员", login="dispatcher")
    forecast = forecasts.newest(school.scope("operator")) or forecasts.newest_of(school.coop)
    week = date.today() + timedelta(days=17)
    said = {
        "org": school.coop.pk, "forecast": forecast.pk, "town": "廊下", "licence": "S", "start": str(week),
        "places": 2, "pay": 70,
    }  # fmt: skip
    client = client_of(dispatcher)
    assert "廊下" in client.get("/training/vacancies/").content.decode()
    client.post("/training/vacancies/offer/", said)
    client.post("/training/vacancies/offer/", said)  # pressed twice: offered once
    return Vacancy.objects.get()


def test_an_operator_sees_pay_and_distance_says_yes_and_is_taken_on(school: School) -> None:
    row = offered(school)
    operator = client_of(school.operator)
    page = operator.get("/trainee/").content.decode()
    assert "70 元" in page
    assert "公里" in page
    operator.post(f"/trainee/work/{row.pk}/yes/")
    answer = Answer.objects.get()
    dispatcher = client_of(Person.objects.get(name="调度员"))
    dispatcher.post(f"/training/vacancies/answers/{answer.pk}/", {"taken": "yes"})
    answer.refresh_from_db()
    assert answer.state == AnswerState.TAKEN
    assert "已录用您" in operator.get("/trainee/").content.decode()


def test_who_holds_no_licence_for_it_is_not_asked(school: School) -> None:
    row = offered(school)
    trainee = client_of(school.trainee)
    assert "70 元" not in trainee.get("/trainee/").content.decode()
    trainee.post(f"/trainee/work/{row.pk}/yes/")
    assert not Answer.objects.exists()


def test_the_last_place_closes_the_vacancy(school: School) -> None:
    row = offered(school)
    Vacancy.objects.update(places=1)
    client_of(school.operator).post(f"/trainee/work/{row.pk}/yes/")
    dispatcher = client_of(Person.objects.get(name="调度员"))
    dispatcher.post(f"/training/vacancies/answers/{Answer.objects.get().pk}/", {"taken": "yes"})
    row.refresh_from_db()
    assert not row.is_open


def test_no_text_of_the_other_language_is_left(school: School) -> None:
    row = offered(school)
    enrolment = services.wish(school.scope("trainee"), school.courses[0].pk)
    services.wish(school.scope("trainee"), school.courses[1].pk)
    trainer, trainee = client_of(school.trainer), client_of(school.trainee)
    dispatcher, operator = client_of(Person.objects.get(name="调度员")), client_of(school.operator)
    operator.post(f"/trainee/work/{row.pk}/yes/")
    found = []
    for client, path in (
        (trainer, "/training/"), (trainer, "/training/new/"), (trainer, "/training/plan/"),
        (trainer, "/training/renewals/"), (trainer, "/training/jobs/"), (trainer, f"/training/{enrolment.course_id}/"),
        (trainee, "/trainee/"), (operator, "/trainee/"), (dispatcher, "/training/vacancies/"),
    ):  # fmt: skip
        found += leftovers(client, path)
    services.give_seat(school.scope("trainer"), enrolment.pk)
    over(school.courses[0])
    found += leftovers(trainer, f"/training/{enrolment.course_id}/")
    trainer.post(f"/training/{enrolment.course_id}/results/", {f"result-{enrolment.pk}": "passed"})
    trainer.get("/training/")  # takes the message of the act away, which stays in the language it was said in
    found += leftovers(trainer, f"/training/{enrolment.course_id}/") + leftovers(trainee, "/trainee/")
    found += leftovers(Client(), f"/training/check/{Certificate.objects.get().code}/")
    assert found == []


def test_a_page_is_for_its_role(school: School) -> None:
    assert client_of(school.trainee).get("/training/").status_code == 403
    assert client_of(school.trainer).get("/trainee/").status_code == 403
    assert client_of(school.operator).get("/training/vacancies/").status_code == 403
