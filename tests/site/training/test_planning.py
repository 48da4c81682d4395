"""The training plan made by the worker from courses, wishes and the newest forecast."""

from datetime import date, timedelta

import pytest
from tests.site.forecasts import drawn
from tests.site.training.school import make_school

from nongshi.core.errors import BadUsage
from nongshi.site.base.models import Org, OrgKind
from nongshi.site.forecasts import services as forecasts
from nongshi.site.training import planning, services
from nongshi.site.training.models import Course, CourseState, Enrolment, EnrolmentState
from nongshi.site.work import services as work

pytestmark = pytest.mark.django_db


def test_what_the_plan_advises_is_seated_with_one_press_and_says_why() -> None:
    school = make_school()
    school.coop.parent = Org.objects.create(kind=OrgKind.TOWN, code="town", name="廊下", parent=school.district)
    school.coop.save()  # lies in the town that the forecast names
    course = school.courses[0]
    Course.objects.filter(pk=course.pk).update(state=CourseState.SUGGESTED)
    with pytest.raises(BadUsage, match="no forecast"):
        planning.start_plan(school.scope("trainer"), school.district.pk, 1000)
    text = drawn.text(date.today() + timedelta(days=150))
    forecasts.keep_everywhere(school.district, text)
    with pytest.raises(BadUsage, match="nobody wishes"):
        planning.start_plan(school.scope("trainer"), school.district.pk, 1000)
    services.wish(school.scope("trainee"), course.pk)
    run = planning.start_plan(school.scope("trainer"), school.district.pk, 1000)
    claimed = work.claim(run.pk)
    assert claimed is not None
    ended = work.work(claimed)
    assert (ended.state, ended.fault) == ("done", "")
    row = Enrolment.objects.get()
    assert (row.state, row.advised) == (EnrolmentState.WISHED, True)
    course.refresh_from_db()
    assert course.advised
    assert course.why_zh
    services.open_course(school.scope("trainer"), course.pk, course.version)
    row.refresh_from_db()
    assert row.state == EnrolmentState.SEAT
    assert row.why_zh


def test_a_course_that_nobody_may_take_is_named_and_the_plan_goes_on() -> None:
    school = make_school()
    tracked, wheeled = school.courses
    Course.objects.filter(pk=tracked.pk).update(state=CourseState.SUGGESTED)
    forecasts.keep_everywhere(school.district, drawn.text(date.today() + timedelta(days=150)))
    services.wish(school.scope("operator"), wheeled.pk)  # the only trainee, and holds S already
    claimed = work.claim(planning.start_plan(school.scope("trainer"), school.district.pk, 1000).pk)
    assert claimed is not None
    ended = work.work(claimed)
    assert (ended.state, ended.fault) == ("done", "")
    for course in school.courses:
        course.refresh_from_db()
        assert course.advised is not None
    assert "无人可报（已持有S证）" in tracked.why_zh
    assert "delete the course" in tracked.why_en
    assert "nobody may take it" not in wheeled.why_en


def test_where_nobody_may_take_any_course_the_plan_says_so() -> None:
    school = make_school()
    tracked, wheeled = school.courses
    Course.objects.filter(pk=wheeled.pk).update(state=CourseState.CANCELLED)
    forecasts.keep_everywhere(school.district, drawn.text(date.today() + timedelta(days=150)))
    services.wish(school.scope("operator"), tracked.pk)
    claimed = work.claim(planning.start_plan(school.scope("trainer"), school.district.pk, 1000).pk)
    assert claimed is not None
    ended = work.work(claimed)
    assert ended.state == "failed"
    assert "holds S already" in ended.fault
