"""The demo's training: generated courses ahead, some of them suggested, and people who wish for them."""

from datetime import date, timedelta

from nongshi.site.base.models import Org, OrgKind, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.training.models import Course, CourseState, Enrolment

# licence, days from today, days long, seats, minimum, yuan, state; a generated calendar, all of it an assumption
COURSES = (
    ("S", 40, 14, 20, 6, 18_000, CourseState.SUGGESTED),
    ("S", 75, 14, 20, 6, 18_000, CourseState.SUGGESTED),
    ("G1", 50, 14, 20, 6, 15_000, CourseState.OPEN),
    ("L", 90, 14, 16, 5, 16_000, CourseState.SUGGESTED),
    ("UAV", 30, 3, 12, 4, 9_000, CourseState.OPEN),
)
FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦"  # one trainee each
WISHES = 3


def make_training(school: Org, today: date) -> list[Course]:
    """Courses of a school and trainees of the cooperatives below it; each wishes for three, in turn."""
    courses = [
        Course.objects.create(
            org=school, ref=f"{licence}-{today + timedelta(days=ahead):%m%d}", licence_class=licence, town="廊下镇",
            venue=f"农机学校{n + 1}号场地", start=today + timedelta(days=ahead),
            end=today + timedelta(days=ahead + length - 1), seats=seats, minimum=minimum, cost_fen=100 * yuan,
            state=state, generated=True,
        )
        for n, (licence, ahead, length, seats, minimum, yuan, state) in enumerate(COURSES)
    ]  # fmt: skip
    coops = list(Org.objects.filter(path__startswith=school.path, kind=OrgKind.COOP).order_by("pk"))
    for n, family in enumerate(FAMILIES):
        org = coops[n % len(coops)]
        person = Person.objects.create(org=org, name=f"{family}学员", generated=True)
        Role.objects.create(person=person, org=org, kind=RoleKind.TRAINEE)
        for rank in range(WISHES):
            course = courses[(n + rank * 2) % len(courses)]
            Enrolment.objects.create(org=school, course=course, person=person, rank=rank + 1)
    return courses
