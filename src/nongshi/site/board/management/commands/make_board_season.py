"""`nongshi manage make_board_season`: an empty site filled with a generated season of a wanted size, planned."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nongshi import api
from nongshi.core.region import Region
from nongshi.site.base.models import Org
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.demo import make_demo
from nongshi.site.plans import edits, services

FIELDS_A_JOB = 0.6  # assumption: enough that a cut to the wanted number of jobs and days is left


class Command(BaseCommand):
    """Measured in `nongshi bench board`; the plan need not be good."""

    help = "Fill an empty site with a generated season of a wanted size and plan it; says logins and plans as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Sizes."""
        parser.add_argument("--jobs", type=int, default=1000)
        parser.add_argument("--machines", type=int, default=150)
        parser.add_argument("--days", type=int, default=10)
        parser.add_argument("--cpu-s", type=float, default=5.0)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        if Org.objects.exists():
            raise CommandError("the site is not empty; name another NONGSHI_HOME")
        region = sized_region(options["jobs"], options["machines"], options["days"], options["seed"])
        season, logins = make_demo(region=region)
        row = services.keep_plan(
            season, api.solve(services.season_region(season)[1], cpu_s=options["cpu_s"], seed=1), by=None
        )
        services.publish(EVERYTHING, row.pk, row.version)
        draft = edits.copy_draft(EVERYTHING, row.pk)
        login = next(one for one in logins if one.role == "dispatcher")
        said = {
            "login": login.username, "password": login.password, "draft": draft.pk, "published": row.pk,
            "jobs": len(region.jobs), "machines": len(region.machines), "days": region.horizon_days,
            "served": draft.jobs_served,
        }  # fmt: skip
        self.stdout.write(json.dumps(said))


def sized_region(jobs: int, machines: int, days: int, seed: int) -> Region:
    """A generated region cut to so many days and jobs; whoever waits for a job cut off is cut off too."""
    fields = max(20, round(jobs * FIELDS_A_JOB))
    region = api.make_region(fields=fields, machines=machines, load=1.0, season="rice-harvest", seed=seed, dryers=True)
    last = region.start_date + timedelta(days=days)
    kept: dict[str, Any] = {}
    for job in sorted(region.jobs, key=lambda job: (job.open, job.id)):
        ties = job.after_job_id is None or job.after_job_id in kept
        if ties and job.open.date() < last - timedelta(days=1) and len(kept) < jobs:
            kept[job.id] = job
    used = {job.field_id for job in kept.values()}
    return replace(
        region,
        horizon_days=days,
        jobs=tuple(job for job in region.jobs if job.id in kept),
        fields=tuple(field for field in region.fields if field.id in used),
        workdays=tuple(day for day in region.workdays if day.date < last),
    )
