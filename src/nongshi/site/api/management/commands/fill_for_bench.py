"""`nongshi manage fill_for_bench`: an empty site filled with a generated season, planned, and a key to ask it by."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nongshi.site.base.models import Org, User
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import make_token
from nongshi.site.demo import make_demo
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import PlanRow
from nongshi.site.plans.services import make_plan, publish
from nongshi.site.register.models import Field


class Command(BaseCommand):
    """Prints key, fields and days as JSON."""

    help = "Fill an empty site for `nongshi bench api`."

    def add_arguments(self, parser: Any) -> None:
        """How much."""
        parser.add_argument("--fields", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--iterations", type=int, default=2000)

    def handle(self, *_: Any, fields: int, seed: int, iterations: int, **__: Any) -> None:
        """Fill it.

        Raises:
            CommandError: the site is not empty.
        """
        if Org.objects.exists():
            raise CommandError("the site is not empty; name an empty folder as NONGSHI_HOME")
        season, _logins = make_demo(fields=fields, seed=seed)
        make_plan({"season": season.pk, "iterations": iterations, "seed": seed}, lambda share, words: None)
        row = PlanRow.objects.get()
        publish(EVERYTHING, row.pk, row.version)
        person = User.objects.get(username="dispatcher").person
        told = {
            "key": make_token(person, "bench", ("read", "write")),
            "jobs": FieldJob.objects.count(),
            "fields": list(Field.objects.filter(org=person.org).values_list("pk", flat=True)),
            "since": season.start_date.isoformat(),
            "days": season.horizon_days,
        }
        self.stdout.write(json.dumps(told))
