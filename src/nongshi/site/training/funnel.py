"""From course to licence to the first paid job: how many came how far, and how many jobs that made. No decisions.

A job is created where somebody who held no licence before passes a course and finishes a first work order, with the
licence's machines, within a year. Whoever held one before and works on with the new one is counted beside it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min

from nongshi.agronomy import MACHINE_CLASSES
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.plans.models import OrderState, WorkOrder
from nongshi.site.training.assumptions import JOB_DAYS
from nongshi.site.training.models import SEATED, Certificate, Enrolment, EnrolmentState


@dataclass(frozen=True, slots=True)
class Funnel:
    """People, each counted once a step."""

    wished: int
    seated: int
    passed: int
    licensed: int  # a certificate that was not taken back
    worked: int  # of them: finished a work order with such a machine since
    jobs: int  # of them: held no licence before, and within a year
    too_new: int  # licensed less than a year ago and not at work yet: nobody knows

    @property
    def steps(self) -> tuple[int, int, int, int]:
        """Seats, passed, licences, at work."""
        return self.seated, self.passed, self.licensed, self.worked


def count(scope: Scope, today: date, *, generated: bool | None = None) -> Funnel:
    """The funnel of all enrolments in sight; `generated`: only those of generated courses, or only of real ones."""
    rows = Enrolment.objects.filter(org_id__in=scope.orgs(Resource.ENROLMENT)) if not scope.everything else (
        Enrolment.objects.all()
    )  # fmt: skip
    if generated is not None:
        rows = rows.filter(course__generated=generated)
    certificates = list(Certificate.objects.filter(enrolment__in=rows, revoked=None).select_related("person"))
    first = _first_jobs(certificates)
    worked = {row.person_id for row in certificates if row.pk in first}
    jobs = {
        row.person_id
        for row in certificates
        if row.new_operator and row.pk in first and first[row.pk] <= row.issued + timedelta(days=JOB_DAYS)
    }
    recent = today - timedelta(days=JOB_DAYS)
    new = {row.person_id for row in certificates if row.issued > recent} - worked
    return Funnel(
        wished=_people(rows.exclude(state=EnrolmentState.WITHDRAWN)),
        seated=_people(rows.filter(state__in=SEATED)),
        passed=_people(rows.filter(state=EnrolmentState.PASSED)),
        licensed=len({row.person_id for row in certificates}),
        worked=len(worked),
        jobs=len(jobs),
        too_new=len(new),
    )


def _people(rows: object) -> int:
    return rows.values("person_id").distinct().count()  # type: ignore[attr-defined]


def _first_jobs(certificates: list[Certificate]) -> dict[int, date]:
    """By certificate: the local day of the first finished order since, on a machine of its licence."""
    from django.utils import timezone

    found: dict[int, date] = {}
    for row in certificates:
        classes = [one.id for one in MACHINE_CLASSES.values() if one.licence == row.licence_class]
        first: datetime | None = WorkOrder.objects.filter(
            operator__person=row.person, state=OrderState.DONE, machine__machine_class__in=classes,
            start__date__gte=row.issued,
        ).aggregate(first=Min("start"))["first"]  # fmt: skip
        if first is not None:
            found[row.pk] = timezone.localtime(first).date()
    return found
