"""What tracks say of a job: its measured area and the picture of what was done, kept with the job."""

from django.core.files.base import ContentFile
from django.db import transaction

from nongshi.core.errors import BadInput
from nongshi.files.track_picture import picture_svg
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.models import FieldJob
from nongshi.tracks.area import AreaMeasure


def keep_measure(scope: Scope, job_id: int, survey: AreaMeasure) -> FieldJob:
    """Keep a job's measured area with its interval, and draw the picture.

    Raises:
        BadInput: the tracks show no worked ground.
    """
    if not survey.ground:
        raise BadInput("the tracks show no worked ground; nothing was kept")
    measured = survey.measured
    with transaction.atomic():
        job = FieldJob.objects.select_for_update(of=("self",)).select_related("field").get_changed(scope, pk=job_id)
        job.measured_ha = measured.worked_ha
        job.measure = {
            "low_ha": measured.low_ha,
            "high_ha": measured.high_ha,
            "overlap_ha": measured.overlap_ha,
            "skip_ha": measured.skip_ha,
            "settles": measured.auto_settle,
            "why": "" if measured.auto_settle else measured.why,
            "why_zh": "" if measured.auto_settle else measured.why_zh,
        }
        svg = picture_svg(survey, job.field.geometry, title=str(job.field))
        job.picture.save(f"job-{job.pk}.svg", ContentFile(svg.encode()), save=False)
        job.version += 1
        job.save()
        log("WorkMeasured", f"job:{job.pk}", scope=scope, org_id=job.org_id, measured_ha=measured.worked_ha)
    return job
