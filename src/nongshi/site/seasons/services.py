"""What is done with seasons: invited, agreed, withdrawn; region folders looked at, taken over, written."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from nongshi import api
from nongshi.core.errors import BadFiles, BadInput, BadUsage, Fault, NotFound
from nongshi.core.region import Region
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.models import FieldJob
from nongshi.site.jobs.services import keep_jobs
from nongshi.site.plans.models import Season, SeasonMember
from nongshi.site.plans.regions import geometry_of, head_of, season_rows, to_region
from nongshi.site.register.models import Draft, Dryer, Field, Machine, Operator
from nongshi.site.register.services import keep_register
from nongshi.site.seasons.packing import pack, unpack

REGION = "region"  # list name of a draft that is a region folder
NEEDED = (Resource.FIELD, Resource.MACHINE, Resource.OPERATOR, Resource.JOB, Resource.SEASON)


@dataclass(frozen=True, slots=True)
class Look:
    """What a region folder holds, against the register as it is."""

    region: Region | None
    faults: Sequence[Fault]
    new: Mapping[str, int]
    known: Mapping[str, int]

    @property
    def may(self) -> bool:
        """Whether it can be taken over."""
        return self.region is not None and not self.faults


def _check(scope: Scope, org_id: int) -> None:
    if not all(scope.may(resource, org_id, change=True) for resource in NEEDED):
        raise Forbidden("a region folder is taken over by a dispatcher of the organisation")


def keep_folder(scope: Scope, org_id: int, file_name: str, data: bytes) -> Draft:
    """Keep a zip to be looked at."""
    _check(scope, org_id)
    Draft.objects.filter(by_id=scope.person_id, list_name=REGION).delete()
    return Draft.objects.create(
        org_id=org_id, list_name=REGION, file_name=file_name[-120:], data=data, by_id=scope.person_id
    )


def get_folder(scope: Scope, pk: int) -> Draft:
    """One's own zip.

    Raises:
        NotFound: there is none.
    """
    found = Draft.objects.select_related("org").filter(pk=pk, by_id=scope.person_id, list_name=REGION).first()
    if found is None or scope.person_id is None:
        raise NotFound(f"no region folder {pk} is waiting; send it again")
    _check(scope, found.org_id)
    return found


def look(draft: Draft) -> Look:
    """What a zip holds, with all that is wrong by file and row."""
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "region"
            folder.mkdir()
            unpack(bytes(draft.data), folder)
            region = api.read_region(folder)
    except BadFiles as bad:
        return Look(None, bad.faults, {}, {})
    except BadInput as bad:
        fault = Fault(file=draft.file_name, row=None, column=None, value=None, problem=str(bad), mend="")
        return Look(None, (fault,), {}, {})
    known = _known(region, draft.org)
    faults = [
        Fault(
            file="jobs.csv", row=None, column="id", value=ref, problem="a job of this number is there already",
            mend="give it another number, or leave it out",
        )
        for ref in sorted(known["jobs"])
    ]  # fmt: skip
    counts = {name: len(getattr(region, name)) for name in known}
    old = {name: len(refs) for name, refs in known.items()}
    return Look(region, faults, {name: counts[name] - old[name] for name in counts}, old)


def _known(region: Region, org: Org) -> dict[str, set[str]]:
    """By kind: the region's ids that the organisation uses already."""
    models = {"fields": Field, "machines": Machine, "operators": Operator, "dryers": Dryer, "jobs": FieldJob}
    found: dict[str, set[str]] = {}
    for name, model in models.items():
        rows: Any = model._default_manager.filter(org=org).values_list("ref", flat=True)
        found[name] = {noun.id for noun in getattr(region, name)} & set(rows)
    return found


def take_over(scope: Scope, pk: int) -> Season:
    """Register, jobs and a season of the own organisation, all or nothing; rows that are there stay as they are.

    Raises:
        BadFiles: something is wrong in the folder.
        BadUsage: it was taken over before.
    """
    with transaction.atomic():
        draft = get_folder(scope, pk)
        if draft.taken:
            raise BadUsage("this folder was taken over before")
        found = look(draft)
        if found.region is None or found.faults:
            raise BadFiles(found.faults)
        region, org = found.region, draft.org
        known = _known(region, org)
        fresh = replace(
            region,
            fields=tuple(noun for noun in region.fields if noun.id not in known["fields"]),
            machines=tuple(noun for noun in region.machines if noun.id not in known["machines"]),
            operators=tuple(noun for noun in region.operators if noun.id not in known["operators"]),
            dryers=tuple(noun for noun in region.dryers if noun.id not in known["dryers"]),
        )
        owners = {machine.owner_id: org for machine in region.machines}
        owners |= {operator.owner_id: org for operator in region.operators}
        rows = keep_register(
            fresh, org_of_field=lambda _field: org, org_of_owner=owners, org_of_dryer=lambda _dryer: org,
            outline=lambda field: geometry_of(field.polygons),
        )  # fmt: skip
        rows |= {row.ref: row for row in Field.objects.filter(org=org, ref__in=known["fields"])}
        keep_jobs(region, rows)
        season = Season.objects.create(
            org=org, name=region.name[:80], zone=region.zone, start_date=region.start_date,
            horizon_days=region.horizon_days, detour=region.detour, head=head_of(region), generated=region.synthetic,
        )  # fmt: skip
        SeasonMember.objects.create(season=season, org=org, agreed=True, agreed_by_id=scope.person_id)
        draft.taken = timezone.now()
        draft.save(update_fields=["taken"])
        log("RegionTakenOver", f"season:{season.pk}", scope=scope, org_id=org.pk, jobs=len(region.jobs))
    return season


def folder_of(scope: Scope, season_id: int) -> tuple[Season, bytes]:
    """A season as the zip of a region folder; for the organisation that leads it.

    Raises:
        NotFound: no season that this person leads.
        NotPlannable: nothing is there to plan.
    """
    season = Season.objects.get_changed(scope, pk=season_id)
    region = to_region(season_rows(season))
    with tempfile.TemporaryDirectory() as name:
        data = pack(region, Path(name) / "region")
    log("RegionWritten", f"season:{season.pk}", scope=scope, org_id=season.org_id)
    return season, data


def invite(scope: Scope, season_id: int, org_id: int) -> None:
    """Ask an organisation to plan with us; it joins by its own word."""
    season = Season.objects.get_changed(scope, pk=season_id)
    org = Org.objects.filter(pk=org_id).first()
    if org is None:
        raise NotFound(f"no organisation {org_id}")
    _, made = SeasonMember.objects.get_or_create(season=season, org=org)
    if made:
        log("MemberInvited", f"season:{season.pk}", scope=scope, org_id=season.org_id, invited=org.pk)


def set_agreed(scope: Scope, season_id: int, org_id: int, *, agreed: bool) -> None:
    """An organisation's own word: plan with the others, or not any more.

    Raises:
        Forbidden: not this person's organisation.
        NotFound: it was not asked.
    """
    if not scope.may(Resource.SEASON, org_id, change=True):
        raise Forbidden("only the organisation's own dispatchers give its word")
    Season.objects.get_seen(scope, pk=season_id)
    changed = SeasonMember.objects.filter(season_id=season_id, org_id=org_id).update(
        agreed=agreed, agreed_by_id=scope.person_id
    )
    if not changed:
        raise NotFound(f"season {season_id} did not ask organisation {org_id}")
    log("MemberAgreed" if agreed else "MemberWithdrew", f"season:{season_id}", scope=scope, org_id=org_id)


def drop_member(scope: Scope, season_id: int, org_id: int) -> None:
    """The one that leads asks an organisation no longer.

    Raises:
        BadUsage: the one that leads stays.
    """
    season = Season.objects.get_changed(scope, pk=season_id)
    if season.org_id == org_id:
        raise BadUsage("the organisation that leads the season stays in it")
    SeasonMember.objects.filter(season=season, org_id=org_id).delete()
    log("MemberDropped", f"season:{season.pk}", scope=scope, org_id=season.org_id, dropped=org_id)
