"""Reports made by the worker and kept: asked for by an officer, or each morning while a season runs."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from nongshi.core.errors import BadInput
from nongshi.files.season_report import make_season_report
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org, Role
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import EVERYTHING, Scope
from nongshi.site.base.services import log
from nongshi.site.officer import words
from nongshi.site.officer.models import KeptReport, OfficerSettings
from nongshi.site.officer.services import officer_of, seasons_of, stand
from nongshi.site.plans.models import Season
from nongshi.site.work.models import Run, RunState
from nongshi.site.work.services import Step, kind, start

KIND = "season_report"
LANGUAGES = ("zh-hans", "en")
PERIODS = (1, 7)  # days: daily and weekly
MORNING_H = 5  # local hour from which the day's report may be made; assumption: before the first machine leaves


def start_report(scope: Scope, org: Org, season: Season, days: int, *, morning: bool = False) -> Run:
    """Have a report of what an organisation's officer reaches made in both languages.

    Raises:
        BadInput: no such period.
    """
    if days not in PERIODS:
        raise BadInput(f"a report is of {' or '.join(map(str, PERIODS))} days, not of {days}; choose one of them")
    given = {"org": org.pk, "season": season.pk, "days": days, "morning": morning}
    return start(KIND, given, scope=scope, org_id=org.pk)


@kind(KIND)
def make_report(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Make and keep a report in each language, all or none."""
    org, days = Org.objects.get(pk=given["org"]), int(given["days"])
    scope = officer_of(org)
    season = Season.objects.get_seen(scope, pk=given["season"])
    standing = stand(scope, season, period_days=days)
    made: list[KeptReport] = []
    for at, language in enumerate(LANGUAGES):
        step(at / len(LANGUAGES), language)
        with translation.override(language):
            # Towns are named in the reader's language, so the counting is done anew at the same moment.
            here = stand(scope, season, period_days=days, now=standing.now)
            pdf = make_season_report(words.report(here, str(org), weekly=days > 1))
        day = timezone.localtime(standing.now).date()
        row = KeptReport(
            org=org, season=season, day=day, days=days, language=language, morning=bool(given.get("morning"))
        )
        row.file.save(f"{org.code}-{day:%Y%m%d}-{days}-{language}.pdf", ContentFile(pdf), save=False)
        made.append(row)
    with transaction.atomic():
        for row in made:
            row.save()
    return {"reports": [row.pk for row in made]}


def make_morning_reports(now: datetime | None = None) -> int:
    """Start the day's report of every organisation that has an officer, did not say no, and has none yet; how many."""
    local = timezone.localtime(now)
    if local.hour < MORNING_H:
        return 0
    day = local.date()
    held = Role.objects.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))
    wanted = Org.objects.filter(pk__in=held.filter(kind=RoleKind.OFFICER).values("org_id"))
    wanted = wanted.exclude(pk__in=OfficerSettings.objects.filter(morning_report=False).values("org_id"))
    return sum(_start_morning(org, day) for org in wanted.order_by("path"))


def _start_morning(org: Org, day: date) -> bool:
    season = next((one for one in seasons_of(officer_of(org)) if _runs(one, day)), None)
    if season is None or KeptReport.objects.filter(org=org, day=day, morning=True).exists():
        return False
    waiting = Run.objects.filter(kind=KIND, org=org, state__in=(RunState.QUEUED, RunState.RUNNING))
    tried = Run.objects.filter(kind=KIND, org=org, created__date=day, given__morning=True)
    if waiting.exists() or tried.exists():  # one that failed is not tried all day long
        return False
    start_report(EVERYTHING, org, season, 1, morning=True)
    return True


def _runs(season: Season, day: date) -> bool:
    return season.start_date <= day < season.start_date + timedelta(days=season.horizon_days)


def change_settings(scope: Scope, org: Org, *, morning_report: bool, open_data: bool) -> OfficerSettings:
    """Switch the morning report and the public address on or off.

    Raises:
        Forbidden: not an officer of that very organisation.
    """
    if not scope.may(Resource.ORG, org.pk, change=True):
        raise Forbidden(f"only officers of {org} may change what it shows and has made")
    with transaction.atomic():
        row, _made = OfficerSettings.objects.update_or_create(
            org=org, defaults={"morning_report": morning_report, "open_data": open_data}
        )
        said = {"morning_report": morning_report, "open_data": open_data}
        log("OfficerSettingsChanged", f"org:{org.pk}", scope=scope, org_id=org.pk, **said)
    return row
