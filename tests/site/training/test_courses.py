"""From a wish to a licence and a first paid job, as services see it."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.site.training.school import School, course_values, make_school, over

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Event
from nongshi.site.plans.models import Notice
from nongshi.site.register.models import Licence, Operator
from nongshi.site.training import funnel, renewals, results, services
from nongshi.site.training.models import CourseState, Enrolment, EnrolmentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(db: Any) -> School:
    """A school."""
    return make_school()


def seat(school: School, who: str = "trainee", at: int = 0) -> Enrolment:
    """A wish with a seat."""
    row = services.wish(school.scope(who), school.courses[at].pk)
    return services.give_seat(school.scope("trainer"), row.pk)


def test_wishes_are_ranked_in_the_order_of_the_taps_and_the_second_can_be_made_first(school: School) -> None:
    first, second = (services.wish(school.scope("trainee"), course.pk) for course in school.courses)
    assert (first.rank, second.rank) == (1, 2)
    services.wish(school.scope("trainee"), school.courses[1].pk, first=True)
    assert [row.course for row in services.own_wishes(school.trainee)] == [school.courses[1], school.courses[0]]
    services.withdraw(school.scope("trainee"), second.pk)
    assert [(row.pk, row.rank) for row in services.own_wishes(school.trainee)] == [(first.pk, 1)]


def test_a_second_wish_for_the_same_course_moves_the_first_one(school: School) -> None:
    for _ in range(2):
        services.wish(school.scope("trainee"), school.courses[0].pk)
    assert Enrolment.objects.count() == 1


def test_no_more_seats_are_given_than_there_are(school: School) -> None:
    course = services.change_course(school.scope("trainer"), school.courses[0].pk, 1, {"seats": 1})
    seat(school)
    late = services.wish(school.scope("operator"), course.pk)
    with pytest.raises(BadUsage, match="seats are given"):
        services.give_seat(school.scope("trainer"), late.pk)
    with pytest.raises(BadInput, match="opens from 1 people but has 0 seats"):
        services.change_course(school.scope("trainer"), course.pk, 2, {"seats": 0})


def test_an_answer_is_told_with_its_reason(school: School) -> None:
    row = services.wish(school.scope("trainee"), school.courses[0].pk)
    services.refuse_seat(school.scope("trainer"), row.pk, services.REFUSALS["papers"])
    notice = Notice.objects.get(person=school.trainee)
    assert "材料不齐" in notice.text
    assert "papers are missing" in notice.text_en


def test_a_trainee_answers_no_wish_not_even_their_own(school: School) -> None:
    row = services.wish(school.scope("trainee"), school.courses[0].pk)
    with pytest.raises(Forbidden):
        services.give_seat(school.scope("trainee"), row.pk)
    with pytest.raises(NotFound):
        services.withdraw(school.scope("operator"), row.pk)


def test_passing_gives_a_certificate_and_the_operator_a_licence_with_its_last_day(school: School) -> None:
    row = seat(school)
    course = over(school.courses[0])
    today = date.today()
    made = results.keep_results(school.scope("trainer"), course.pk, {row.pk: True}, today)
    licence = Licence.objects.get(operator__person=school.trainee)
    assert (licence.licence_class, licence.valid_until) == ("S", results.last_day("S", today))
    assert licence.operator.org == school.coop
    assert (made[0].valid_until, made[0].new_operator) == (licence.valid_until, True)
    course.refresh_from_db()
    assert course.state == CourseState.DONE


def test_a_result_stays_and_one_who_fails_gets_no_licence(school: School) -> None:
    row = seat(school)
    course = over(school.courses[0])
    results.keep_results(school.scope("trainer"), course.pk, {row.pk: False})
    assert results.keep_results(school.scope("trainer"), course.pk, {row.pk: True}) == []
    row.refresh_from_db()
    assert row.state == EnrolmentState.FAILED
    assert not Operator.objects.filter(person=school.trainee).exists()


def test_results_wait_for_the_last_day(school: School) -> None:
    row = seat(school)
    with pytest.raises(BadUsage, match="last day"):
        results.keep_results(school.scope("trainer"), school.courses[0].pk, {row.pk: True})


def test_a_renewed_licence_taken_back_ends_when_it_did_before(school: School) -> None:
    before = Licence.objects.get(operator__person=school.operator).valid_until
    row = seat(school, "operator")
    course = over(school.courses[0])
    made = results.keep_results(school.scope("trainer"), course.pk, {row.pk: True})[0]
    assert not made.new_operator
    assert Licence.objects.get(operator__person=school.operator).valid_until > before
    results.revoke(school.scope("trainer"), made.pk)
    assert Licence.objects.get(operator__person=school.operator).valid_until == before


def test_attendance_is_of_the_courses_own_days_and_people(school: School) -> None:
    row = seat(school)
    course = over(school.courses[0])
    with pytest.raises(BadInput, match="not in this course"):
        results.keep_attendance(school.scope("trainer"), course.pk, {(row.pk, course.end + timedelta(days=1)): True})
    assert results.keep_attendance(school.scope("trainer"), course.pk, {(row.pk, course.start): True}) == 1
    assert row.attendance.get().present


def test_a_course_called_off_answers_everybody(school: School) -> None:
    seat(school)
    services.cancel_course(school.scope("trainer"), school.courses[0].pk, school_version(school))
    assert Enrolment.objects.get().state == EnrolmentState.REFUSED
    assert "不开" in Notice.objects.filter(person=school.trainee).latest("pk").text


def school_version(school: School) -> int:
    """The version of the first course as it is kept."""
    school.courses[0].refresh_from_db()
    return school.courses[0].version


def test_licences_that_end_soon_are_due(school: School) -> None:
    Licence.objects.update(valid_until=date.today() + timedelta(days=20))
    assert [(one.days, one.kind) for one in renewals.due(school.scope("trainer"), date.today())] == [(20, "late")]
    Licence.objects.update(valid_until=date.today() + timedelta(days=renewals.RENEW_DAYS + 1))
    assert renewals.due(school.scope("trainer"), date.today()) == []


def test_the_link_of_somebody_with_more_roles_is_not_the_trainers_to_make(school: School) -> None:
    mine, other = seat(school), seat(school, "operator")
    assert services.invite(school.scope("trainer"), mine.pk)[1]
    with pytest.raises(Forbidden):
        services.invite(school.scope("trainer"), other.pk)


def test_a_trainer_of_elsewhere_reaches_nothing(school: School) -> None:
    from tests.site.world import make_coop, make_person

    from nongshi.site.base.rights import RoleKind
    from nongshi.site.base.services import scope_of

    stranger = scope_of(make_person(make_coop("else", "别处", "Elsewhere").parent, RoleKind.TRAINER))
    row = seat(school)
    for act in (
        lambda: services.refuse_seat(stranger, row.pk, services.REFUSALS["full"]),
        lambda: services.cancel_course(stranger, school.courses[0].pk, 1),
        lambda: results.keep_results(stranger, school.courses[0].pk, {row.pk: True}),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        services.add_course(stranger, school.district.pk, course_values("S", date.today(), 3))


def test_the_funnel_counts_people_and_a_job_only_for_who_held_no_licence_before(school: School) -> None:
    rows = {who: seat(school, who) for who in ("trainee", "operator")}
    course = over(school.courses[0], first=-40)
    day = date.today() - timedelta(days=30)
    results.keep_results(school.scope("trainer"), course.pk, {row.pk: True for row in rows.values()}, day)
    scope = school.scope("trainer")
    before = funnel.count(scope, date.today())
    assert (before.seated, before.licensed, before.worked, before.jobs, before.too_new) == (2, 2, 0, 0, 2)
    for who in rows:
        _work(school, who)
    after = funnel.count(scope, date.today())
    assert (after.worked, after.jobs, after.too_new) == (2, 1, 0)


def _work(school: School, who: str) -> None:
    """A finished order on a tracked combine."""
    from django.utils import timezone
    from tests.site.api.two import EMPTY_PLAN, HEAD

    from nongshi.site.jobs.models import FieldJob
    from nongshi.site.plans.models import OrderState, PlanRow, Season, WorkOrder
    from nongshi.site.register.models import Field, Machine

    org, now = school.coop, timezone.now()
    field = Field.objects.create(org=org, ref=f"F{who}", area_ha=1.0, gate_lon=121.2, gate_lat=30.8)
    job = FieldJob.objects.create(
        org=org, ref=f"J{who}", field=field, operation="rice_harvest", area_ha=1.0, open=now, due=now, close=now,
        value_fen=1, loss_curve="rice",
    )  # fmt: skip
    machine = Machine.objects.create(
        org=org, ref=f"M{who}", machine_class="combine-full", yard_lon=121.2, yard_lat=30.8
    )
    season = Season.objects.create(org=org, name=who, start_date=date.today(), head=HEAD)
    plan = PlanRow(org=org, season=season, number=1)
    plan.text = str(EMPTY_PLAN)
    plan.save()
    operator = Operator.objects.get(person=getattr(school, who))
    WorkOrder.objects.create(
        org=org, plan=plan, job=job, machine=machine, operator=operator, area_ha=1.0, start=now, end=now,
        state=OrderState.DONE,
    )  # fmt: skip


def test_every_act_is_written_down_about_its_row(school: School) -> None:
    seat(school)
    names = set(Event.objects.values_list("name", flat=True))
    assert {"CourseAdded", "CourseWished", "SeatGiven"} <= names
