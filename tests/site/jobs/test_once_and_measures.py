"""A key counts once; a measurement is kept with its picture and shown to the grower."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from shapely import Polygon, transform
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadUsage, NotFound
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.jobs import services
from nongshi.site.jobs.measures import keep_measure
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.jobs.once import post_once
from nongshi.site.register.models import Field
from nongshi.synthetic.field_work import make_field_work
from nongshi.synthetic.gnss import ERRORS, PLACE, observe
from nongshi.tracks.area import AreaMeasure, survey

KEY = "key-of-a-test"


@pytest.fixture
def farmer(coop: Any) -> Any:
    return make_person(coop, RoleKind.FARMER, login="f")


@pytest.fixture
def job(coop: Any, farmer: Any) -> FieldJob:
    field = Field(org=coop, ref="F1", grower=farmer, area_ha=0.9, gate_lon=121.2, gate_lat=30.8)
    field.save()
    today = timezone.localdate()
    wanted = services.Wanted(field=field, operation="rice_harvest", since=today, until=today + timedelta(days=3))
    return services.post_job(scope_of(farmer), wanted)


def test_a_key_brings_the_same_jobs_back_and_only_to_whom_it_belongs(coop: Any, farmer: Any, job: FieldJob) -> None:
    calls: list[int] = []

    def post() -> list[FieldJob]:
        calls.append(1)
        return [job]

    assert post_once(farmer.pk, KEY, "a", post) == [job.pk]
    assert post_once(farmer.pk, KEY, "a", post) == [job.pk]
    assert len(calls) == 1
    with pytest.raises(BadUsage):
        post_once(farmer.pk, KEY, "b", post)
    with pytest.raises(BadUsage):
        post_once(farmer.pk, "", "a", post)
    other = make_person(coop, RoleKind.FARMER, name="李四")
    post_once(other.pk, KEY, "a", post)
    assert len(calls) == 2


def test_a_key_is_free_again_when_posting_failed(farmer: Any, job: FieldJob) -> None:
    def fail() -> list[FieldJob]:
        raise BadUsage("no")

    with pytest.raises(BadUsage):
        post_once(farmer.pk, KEY, "a", fail)
    assert post_once(farmer.pk, KEY, "a", lambda: [job]) == [job.pk]


@pytest.fixture
def measured() -> tuple[AreaMeasure, Polygon]:
    rng = np.random.default_rng(2)
    work = make_field_work("l", "back-and-forth", 2.5, rng, length_m=80.0, breadth_m=50.0, skipped_passes=1)
    track = observe(work.t_s, work.x_m, work.y_m, 2.0, ERRORS["rtk"], rng, working=work.working)
    outline = transform(work.field, lambda points: np.column_stack(PLACE.to_degrees(points[:, 0], points[:, 1])))
    return survey(track, width_m=2.5, field=outline), outline


def test_a_measurement_is_shown_to_its_grower_with_the_picture(
    coop: Any, farmer: Any, job: FieldJob, measured: tuple[AreaMeasure, Polygon], settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    found, outline = measured
    job.field.set_geometry(outline).save()
    client = Client()
    client.force_login(farmer.user)
    picture = f"/farmer/job/{job.pk}/picture.svg"
    assert client.get(picture).status_code == 404
    dispatcher = make_person(coop, RoleKind.DISPATCHER, name="调度")
    kept = keep_measure(scope_of(dispatcher), job.pk, found)
    FieldJob.objects.filter(pk=job.pk).update(status=JobStatus.DONE)
    assert kept.measured_ha == found.measured.worked_ha
    assert kept.measure["low_ha"] <= kept.measured_ha <= kept.measure["high_ha"]
    page = client.get(f"/farmer/job/{job.pk}/")
    assert picture in page.content.decode()
    drawn = client.get(picture)
    assert drawn["Content-Type"] == "image/svg+xml"
    assert b"<svg" in b"".join(drawn.streaming_content)


def test_nobody_measures_a_job_out_of_reach(job: FieldJob, measured: tuple[AreaMeasure, Polygon]) -> None:
    stranger = make_person(make_coop("elsewhere"), RoleKind.DISPATCHER)
    with pytest.raises(NotFound):
        keep_measure(scope_of(stranger), job.pk, measured[0])
