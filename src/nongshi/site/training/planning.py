"""The training plan made by the worker: courses and wishes as they stand, and what the newest forecast lacks.

The room `people` decides; here its nouns are made of our rows, and its answer is taken in as a plan of a file is.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from nongshi.agronomy.licence_rules import LICENCE_RULES
from nongshi.core.errors import BadInput, BadUsage
from nongshi.core.training import Course as CourseNoun
from nongshi.core.training import Trainee, Training
from nongshi.files.training_files import write_training
from nongshi.site.base.models import Org, OrgKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import scope_of
from nongshi.site.forecasts.making import in_child
from nongshi.site.forecasts.models import Forecast
from nongshi.site.forecasts.services import WAITING_MAX, newest
from nongshi.site.register.models import Licence
from nongshi.site.training.assumptions import PLAN_CPU_S
from nongshi.site.training.models import Course, CourseState, Enrolment, EnrolmentState
from nongshi.site.training.plans import read_plan, take_plan
from nongshi.site.training.services import check_may
from nongshi.site.work.models import Run, RunState
from nongshi.site.work.services import Step, kind, start

KIND = "training_plan"
BUDGET_MAX_YUAN = 1_000_000_000


def start_plan(scope: Scope, org_id: int, budget_yuan: int) -> Run:
    """Have courses and seats planned.

    Raises:
        BadUsage: no forecast, no course or no wish to plan from, or enough is waiting already.
    """
    check_may(scope, org_id)
    if not 0 <= budget_yuan <= BUDGET_MAX_YUAN:
        raise BadInput(f"a budget is 0 to {BUDGET_MAX_YUAN:,} yuan")
    if newest(scope) is None:
        raise BadUsage("there is no forecast yet that says what is lacking")
    if not _courses(org_id) or not _wishes(org_id):
        raise BadUsage("there is no course ahead, or nobody wishes for one")
    if (
        Run.objects.filter(kind=KIND, org_id=org_id, state__in=(RunState.QUEUED, RunState.RUNNING)).count()
        >= WAITING_MAX
    ):
        raise BadUsage("plans are being made already; wait for them first")
    given = {"org": org_id, "budget_yuan": budget_yuan, "by": scope.person_id}
    return start(KIND, given, scope=scope, org_id=org_id)


@kind(KIND)
def make_plan(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Plan, and take the plan in with the rights that whoever asked has now."""
    from nongshi.site.base.models import Person

    scope = scope_of(Person.objects.get(pk=given["by"]))
    org_id = int(given["org"])
    check_may(scope, org_id)
    forecast = newest(scope)
    if forecast is None:
        raise BadUsage("the forecast was taken away meanwhile; have one made")
    training = to_training(org_id, forecast, budget_fen=100 * int(given["budget_yuan"]))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_training(training, folder)
        (folder / "season.json").write_text(forecast.text, encoding="utf-8")
        text = in_child("train", folder, {"cpu_s": given.get("cpu_s", PLAN_CPU_S)}, step)
    taken = take_plan(scope, org_id, read_plan(text), generated=training.synthetic)
    return {"training": org_id, "suggested": taken.suggested, "seated": taken.seated, "advised": taken.advised}


def to_training(org_id: int, forecast: Forecast, *, budget_fen: int) -> Training:
    """Courses ahead, people who wish for them with what they hold, and the published lottery's word."""
    courses, wishes = _courses(org_id), _wishes(org_id)
    held: dict[int, dict[str, Any]] = {}
    people = {row.person_id for row in wishes}
    for one in Licence.objects.filter(operator__person_id__in=people):
        held.setdefault(one.operator.person_id, {})[one.licence_class] = one.valid_until
    towns = _towns()
    order: dict[int, list[str]] = {}
    for row in wishes:
        order.setdefault(row.person_id, []).append(row.course.ref)
    home = {row.person_id: towns.get(row.person.org_id, "") for row in wishes}
    return Training(
        courses=tuple(_noun(row) for row in courses),
        trainees=tuple(
            Trainee(id=str(pk), town=home[pk], licences=held.get(pk, {}), wishes=tuple(refs))
            for pk, refs in sorted(order.items())
        ),
        budget_fen=budget_fen,
        lottery_seed=f"{forecast.as_of}-{org_id}",
        synthetic=any(row.generated for row in courses) or forecast.generated,
    )


def _noun(row: Course) -> CourseNoun:
    return CourseNoun(
        id=row.ref,
        licence=row.licence_class,
        start=row.start,
        end=row.end,
        trainer_id=f"P{row.trainer_id}" if row.trainer_id else f"C{row.pk}",  # nobody named: no other course's
        venue_id=row.venue or f"C{row.pk}",
        town=row.town,
        seats=row.seats,
        minimum=row.minimum,
        fixed_fen=row.cost_fen,
        head_fen=0,
        pass_share=row.pass_rate or LICENCE_RULES[row.licence_class].pass_share,
    )


def _courses(org_id: int) -> list[Course]:
    ahead = (CourseState.OPEN, CourseState.SUGGESTED)
    return list(Course.objects.filter(org_id=org_id, state__in=ahead, start__gt=timezone.localdate()))


def _wishes(org_id: int) -> list[Enrolment]:
    """Wishes for those courses, each person's in their order."""
    return list(
        Enrolment.objects.filter(state=EnrolmentState.WISHED, course__in=[row.pk for row in _courses(org_id)])
        .select_related("course", "person")
        .order_by("person_id", "rank", "pk")
    )


def _towns() -> dict[int, str]:
    """By organisation: the Chinese name of the town that it lies in, as forecasts name it; else its own."""
    orgs = {org.pk: org for org in Org.objects.all()}

    def town(org: Org) -> str:
        line = [orgs[pk] for pk in reversed(org.lineage) if pk in orgs]
        return next((one.name for one in line if one.kind == OrgKind.TOWN), org.name)

    return {pk: town(org) for pk, org in orgs.items()}
