"""A quote is the planner's exact insertion into the plan in force; it notices what changed since."""

from datetime import timedelta
from typing import Any

import pytest
from tests.site.world import plan_season

from nongshi.site.base.models import User
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import scope_of
from nongshi.site.jobs import services as jobs
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans import quotes
from nongshi.site.plans.models import PlanRow
from nongshi.site.register.models import Field, Machine


@pytest.fixture
def plan(demo: Any) -> PlanRow:
    row = plan_season(demo)
    return row


@pytest.fixture
def job(plan: PlanRow) -> FieldJob:
    farmer = User.objects.get(username="farmer").person
    field = Field.objects.filter(grower=farmer).first()
    first = plan.season.start_date
    wanted = jobs.Wanted(field=field, operation="rice_harvest", since=first, until=first + timedelta(days=6))
    return jobs.post_job(scope_of(farmer), wanted)


def named(quote: quotes.JobQuote) -> set[str]:
    """Harvest jobs beside which the offers lie."""
    pieces = [piece for place in quote.places for piece in place.offer.pieces]
    beside = {name for piece in pieces for name in (piece.after_job_id, piece.before_job_id) if name}
    return beside & set(FieldJob.objects.filter(operation="rice_harvest").values_list("ref", flat=True))


def test_a_quote_names_price_hours_and_machine(job: FieldJob, plan: PlanRow) -> None:
    quote = quotes.quote_job(job)
    assert quote.plan == plan
    assert 0 < quote.price_fen[0] < job.value_fen < quote.price_fen[1]
    assert quote.places
    best = quote.places[0]
    assert job.open <= best.start < best.end <= job.close
    assert best.gain_fen == max(place.gain_fen for place in quote.places)
    assert quote.hours == (min(p.start for p in quote.places), max(p.start for p in quote.places))


def test_without_a_plan_in_force_there_is_a_price_only(job: FieldJob) -> None:
    PlanRow.objects.update(state="old")
    quote = quotes.quote_job(job)
    assert (quote.plan, quote.places) == (None, ())
    assert quote.price_fen[0] > 0


def test_places_freed_by_a_job_called_off_are_offered(job: FieldJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotes, "STAMP_S", 0.0)
    assert named(quotes.quote_job(job))
    for other in FieldJob.objects.exclude(pk=job.pk).filter(operation="rice_harvest"):
        jobs.cancel_job(EVERYTHING, other.pk)
    assert FieldJob.objects.filter(status=JobStatus.CANCELLED).exists()
    quote = quotes.quote_job(job)
    assert quote.places
    assert named(quote) == set()


def test_where_no_machine_can_the_reason_is_said(job: FieldJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotes, "STAMP_S", 0.0)
    Machine.objects.filter(machine_class__startswith="combine").update(machine_class="tractor-crawler")
    first = Machine.objects.first()
    first.save()  # bulk updates leave no mark
    PlanRow.objects.update(state="published")
    with pytest.raises(Exception, match="machine"):
        quotes.check_doable(job)
