"""A school for tests: a district with a trainer, two open courses, a cooperative's trainee and operator."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import scope_of
from nongshi.site.register.models import Licence, Operator, Yard
from nongshi.site.training import services
from nongshi.site.training.models import Course


@dataclass
class School:
    """Who there is."""

    district: Org
    coop: Org
    trainer: Person
    trainee: Person
    operator: Person
    courses: list[Course]

    def scope(self, who: str) -> Scope:
        """What one of them reaches."""
        return scope_of(getattr(self, who))


def make_school(seats: int = 2) -> School:
    """Tracked combines next month, wheeled tractors a week later."""
    coop = make_coop()
    trainer = make_person(coop.parent, RoleKind.TRAINER, name="周教员", login="trainer")
    trainee = make_person(coop, RoleKind.TRAINEE, name="李小农", login="trainee", phone="13800000001")
    operator = make_person(coop, RoleKind.OPERATOR, name="王师傅", login="operator", phone="13800000002")
    held = Operator.objects.create(org=coop, ref="O1", person=operator)
    Licence.objects.create(operator=held, licence_class="S", valid_until=date.today() + timedelta(days=400))
    Yard.objects.create(org=coop, ref="Y1", name="廊下机库", lon=121.17, lat=30.8)
    start = date.today() + timedelta(days=30)
    courses = [
        services.add_course(
            scope_of(trainer), coop.parent.pk, course_values(licence, start + timedelta(days=7 * n), seats)
        )
        for n, licence in enumerate(("S", "G1"))
    ]
    return School(coop.parent, coop, trainer, trainee, operator, courses)


def course_values(licence: str, start: date, seats: int) -> dict[str, Any]:
    """A course of three days."""
    return {
        "ref": f"{licence}-{start:%m%d}", "licence_class": licence, "town": "廊下", "venue": "农机学校", "start": start,
        "end": start + timedelta(days=2), "seats": seats, "minimum": 1,
    }  # fmt: skip


def over(course: Course, *, first: int = -5) -> Course:
    """The same course some days ago, so that results may be entered."""
    course.start = date.today() + timedelta(days=first)
    course.end = course.start + timedelta(days=2)
    course.save()
    return course
