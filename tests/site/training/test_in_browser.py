"""Trainer's desk and trainee's link in a browser: the main path of each, desk and phone."""

from typing import Any

import pytest
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.training.school import make_school, over

from nongshi.site.base.services import make_link
from nongshi.site.training import services
from nongshi.site.training.models import Certificate, Course, CourseState, Enrolment, EnrolmentState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sound(page: Any, size: str) -> None:
    """Nothing beyond the side, nothing too small for a thumb, nothing serious by axe."""
    assert overflow(page) == 0
    if size == "phone":
        assert small_targets(page) == []
    assert axe.serious(page) == []


def press(page: Any, selector: str) -> None:
    """A button that leads to a page."""
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_the_trainer_opens_seats_marks_and_decides(browser: Any, live_server: Any, size: str, language: str) -> None:
    school = make_school()
    course = school.courses[0]
    Course.objects.filter(pk=course.pk).update(state=CourseState.SUGGESTED, advised=True, why_zh="缺2名", why_en="two")
    services.wish(school.scope("trainee"), course.pk)
    with opened(browser, live_server, user=school.trainer.user, size=size, language=language) as page:
        page.goto(f"{live_server.url}/training/")
        sound(page, size)
        press(page, f"form[action='/training/{course.pk}/open/'] button")
        press(page, "form[action$='/give/'] button")
        wait_until(page, "document.querySelector('.marks') !== null")
        sound(page, size)
        assert Enrolment.objects.get().state == EnrolmentState.SEAT
        over(Course.objects.get(pk=course.pk))
        page.reload()
        page.locator(".mark input").first.check()
        press(page, "form[action$='/attendance/'] button.primary")
        wait_until(page, "document.querySelector('.mark input').checked")
        page.locator("input[value=passed]").check()
        page.locator("form.results button.primary").click()
        press(page, "dialog[open] button.primary")
        wait_until(page, "document.querySelector('a[href$=\".pdf\"]') !== null")
        sound(page, size)
    assert Certificate.objects.get().person == school.trainee


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_trainee_wishes_in_two_taps_by_link_and_reads_the_answer(
    browser: Any, live_server: Any, language: str
) -> None:
    school = make_school()
    secret = make_link(school.trainee, "trainee")
    with opened(browser, live_server, size="phone", language=language) as page:
        page.goto(f"{live_server.url}/l/{secret}")
        sound(page, "phone")
        for taps in (1, 2):
            press(page, "form[action$='/wish/'] button.primary")
            wait_until(page, f"document.querySelectorAll('.wishes > li').length === {taps}")
        row = Enrolment.objects.get(rank=1)
        services.refuse_seat(school.scope("trainer"), row.pk, services.REFUSALS["full"])
        page.reload()
        why = {"zh": "名额已满", "en": "the course is full"}[language]
        assert why in page.locator("main").inner_text()
        sound(page, "phone")
