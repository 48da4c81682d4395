"""What is done with field jobs: post them, keep those of a region folder."""

from collections.abc import Mapping

from django.db import transaction

from nongshi.core import region as core
from nongshi.site.jobs.models import FieldJob
from nongshi.site.register.models import Field


def keep_jobs(region: core.Region, fields: Mapping[str, Field]) -> dict[str, FieldJob]:
    """A region's jobs as posted jobs of the organisations that hold the fields; by the region's ids."""
    rows = {
        noun.id: FieldJob(
            org_id=fields[noun.field_id].org_id,
            ref=noun.id,
            field=fields[noun.field_id],
            grower_id=fields[noun.field_id].grower_id,
            operation=noun.operation,
            area_ha=noun.area_ha,
            open=noun.open,
            due=noun.due,
            close=noun.close,
            value_fen=noun.value_fen,
            loss_curve=noun.loss_curve,
            part_max_ha=noun.part_max_ha,
            after_h=noun.after_h,
            wet_t=noun.wet_t,
            generated=region.synthetic,
        )
        for noun in region.jobs
    }
    with transaction.atomic():
        FieldJob.objects.bulk_create(rows.values())
        followers = [noun for noun in region.jobs if noun.after_job_id is not None]
        for noun in followers:
            rows[noun.id].after = rows[noun.after_job_id or ""]
        FieldJob.objects.bulk_update((rows[noun.id] for noun in followers), ["after"])
    return rows
