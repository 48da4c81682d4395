"""A job is posted by its grower or a clerk of the organisation, whole or not at all; it moves by allowed steps."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.models import Event
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.jobs import services
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.register.models import Field


@pytest.fixture
def farmer(coop: Any) -> Any:
    return make_person(coop, RoleKind.FARMER)


@pytest.fixture
def wanted(coop: Any, farmer: Any) -> services.Wanted:
    field = Field.objects.create(org=coop, ref="F1", grower=farmer, area_ha=1.5, gate_lon=121.2, gate_lat=30.8)
    today = timezone.localdate()
    return services.Wanted(field=field, operation="rice_harvest", since=today, until=today + timedelta(days=3))


def test_a_farmer_posts_for_an_own_field_priced_and_dated_by_the_table(wanted: Any, farmer: Any) -> None:
    job = services.post_job(scope_of(farmer), wanted)
    assert (job.value_fen, job.loss_curve, job.wet_t) == (225_000, "rice", 13.95)
    assert timezone.localtime(job.due).date() == wanted.until + timedelta(days=1)
    assert job.close - job.due == timedelta(days=8)
    assert (job.grower_id, job.posted_by_id, job.ref) == (farmer.pk, farmer.pk, f"N{job.pk}")
    assert Event.objects.get(name="JobPosted").about == f"job:{job.pk}"


def test_nobody_posts_for_the_field_of_others_but_its_clerk(wanted: Any, coop: Any) -> None:
    neighbour, clerk = make_person(coop, RoleKind.FARMER), make_person(coop, RoleKind.CLERK)
    stranger = make_person(make_coop("elsewhere"), RoleKind.CLERK)
    for person in (neighbour, stranger):
        with pytest.raises(Forbidden):
            services.post_job(scope_of(person), wanted)
    assert FieldJob.objects.count() == 0
    said = replace(wanted, said_by="张三, by phone")
    assert services.post_job(scope_of(clerk), said).said_by == "张三, by phone"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"operation": "mow"}, "no operation"),
        ({"area_ha": 3.0}, "correct the area"),
        ({"area_ha": float("nan")}, "correct the area"),
        ({"until": timezone.localdate() - timedelta(days=1)}, "before the first"),
        ({"until": timezone.localdate() + timedelta(days=900)}, "days ahead"),
    ],
)
def test_what_cannot_be_right_is_named_and_nothing_is_kept(wanted: Any, farmer: Any, change: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        services.post_jobs(scope_of(farmer), [wanted, replace(wanted, **change)])
    assert FieldJob.objects.count() == 0


def test_steps_of_a_job(wanted: Any, farmer: Any) -> None:
    scope = scope_of(farmer)
    job = services.post_job(scope, wanted)
    with pytest.raises(BadUsage):
        services.confirm_job(scope, job.pk)
    FieldJob.objects.filter(pk=job.pk).update(status=JobStatus.DONE)
    with pytest.raises(BadUsage):
        services.cancel_job(scope, job.pk)
    with pytest.raises(BadInput):
        services.dispute_job(scope, job.pk, why=" ")
    assert services.dispute_job(scope, job.pk, why="area too large").dispute == "area too large"
    with pytest.raises(Outdated):
        services.confirm_job(scope, job.pk, 1)
    done = services.confirm_job(scope, job.pk, 2, stars=4)
    assert (done.status, done.stars, done.version) == (JobStatus.CONFIRMED, 4, 3)
    with pytest.raises(NotFound):
        services.cancel_job(scope_of(make_person(farmer.org, RoleKind.FARMER)), job.pk)
