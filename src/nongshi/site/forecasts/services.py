"""What is done with forecasts: kept, found, taken away; season folders kept; long work started and told of."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from nongshi.core.errors import BadInput, Fault
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import EVERYTHING, Scope
from nongshi.site.base.services import log
from nongshi.site.forecasts.figures import Lack, lacks, region_lacks
from nongshi.site.forecasts.models import Forecast, SeasonFolder, Source
from nongshi.site.forecasts.season_json import BYTES_MAX, read_season
from nongshi.site.work.models import Run, RunState

FORECAST_KIND = "season_forecast"
WHATIF_KIND = "season_whatif"
KINDS = (FORECAST_KIND, WHATIF_KIND)
WAITING_MAX = 3  # assumption: nobody asks for more at once than they wait for


def may_keep(scope: Scope) -> frozenset[int]:
    """Organisations whose forecasts are in one's hands."""
    return scope.orgs(Resource.FORECAST, change=True)


def check_may(scope: Scope, org_id: int) -> None:
    """Refuse whoever may not keep forecasts of an organisation.

    Raises:
        Forbidden: so.
    """
    if not scope.may(Resource.FORECAST, org_id, change=True):
        raise Forbidden(f"you may not keep forecasts of organisation {org_id}")


def keep(
    scope: Scope,
    org_id: int,
    text: str,
    *,
    file_name: str = "season.json",
    source: Any = Source.FILE,  # a Source
    folder: SeasonFolder | None = None,
) -> Forecast:
    """Keep a season.json as it is, once it is checked.

    Raises:
        Forbidden: another organisation's.
        BadFiles: with each wrong place.
    """
    check_may(scope, org_id)
    if len(text.encode()) > BYTES_MAX:
        raise BadInput(f"the file is larger than {BYTES_MAX >> 20} MB; forecast fewer towns or weeks at a time")
    doc = read_season(text, file_name)
    with transaction.atomic():
        row = Forecast(
            org_id=org_id, region=doc.region, as_of=doc.as_of, first_day=doc.first_day, weeks=doc.weeks,
            scenarios=doc.scenarios, generated=doc.synthetic, source=source, folder=folder, by_id=scope.person_id,
        )  # fmt: skip
        row.text = text
        row.save()
        log("ForecastKept", f"forecast:{row.pk}", scope=scope, org_id=org_id, as_of=str(doc.as_of), source=source)
    return row


def remove(scope: Scope, pk: int) -> None:
    """Take a forecast away, with the what-ifs asked of it."""
    row = Forecast.objects.get_changed(scope, pk=pk)
    org_id = row.org_id
    with transaction.atomic():
        row.delete()
        log("ForecastRemoved", f"forecast:{pk}", scope=scope, org_id=org_id)


def in_sight(scope: Scope) -> QuerySet:
    """Forecasts in sight, the newest first, without their documents."""
    return Forecast.objects.seen_by(scope).select_related("org", "by").defer("packed").order_by("-as_of", "-pk")


def newest(scope: Scope) -> Forecast | None:
    """The newest forecast in sight."""
    return Forecast.objects.seen_by(scope).select_related("org", "folder").order_by("-as_of", "-pk").first()


def newest_of(org: Org) -> Forecast | None:
    """The newest forecast of an organisation or of one above it."""
    return Forecast.objects.filter(org_id__in=org.lineage).order_by("-as_of", "-pk").first()


def lack_ahead(scope: Scope, today: date) -> tuple[Forecast, Lack, bool] | None:
    """What the newest forecast in sight lacks most from today on; True: the region's sum, else one town's.

    None: there is no forecast, or nothing is lacking.
    """
    row = newest(scope)
    if row is None:
        return None
    whole = region_lacks(row.doc, today)
    if whole:
        return row, whole[0], True
    towns = lacks(row.doc, today)
    return (row, towns[0], False) if towns else None


def runs_of(scope: Scope) -> list[Run]:
    """Forecasts and what-ifs that are being made, or failed lately."""
    states = (RunState.QUEUED, RunState.RUNNING)
    return list(Run.objects.seen_by(scope).filter(kind__in=KINDS, state__in=states).distinct())


def waiting(org_id: int) -> int:
    """How much long work of an organisation's forecasts is under way."""
    states = (RunState.QUEUED, RunState.RUNNING)
    return Run.objects.filter(kind__in=KINDS, org_id=org_id, state__in=states).count()


def own_orgs(scope: Scope) -> Any:
    """Organisations to choose from when something is kept."""
    return Org.objects.filter(pk__in=may_keep(scope)).order_by("path")


def keep_everywhere(org: Org, text: str) -> Forecast:
    """The site's own keeping (demo, worker): nobody's scope."""
    return keep(EVERYTHING, org.pk, text, source=Source.WORKER)


def fault_of(file: str, problem: str, mend: str) -> Fault:
    """A fault of a whole file."""
    return Fault(file=file, row=None, column=None, value=None, problem=problem, mend=mend)
