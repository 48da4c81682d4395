"""Rules meet what they should, and the draw is fair, reproducible and leans towards what was found."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from nongshi.site.auditor.risk import POINTS, Rule, WorkFacts, draw, findings, points

AT = datetime(2026, 11, 5, 1, tzinfo=UTC)
SOUND = WorkFacts(
    order_id=1,
    area_ha=2.0,
    booked_ha=2.0,
    rate_ha_h=0.5,
    day=date(2026, 11, 5),
    licence_needed="S",
    licence_until=date(2027, 1, 1),
    papers_missing=(),
    finished=True,
    began_at=AT,
    ended_at=AT + timedelta(hours=4),
)


def test_sound_work_has_no_finding() -> None:
    assert findings(SOUND) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"began_at": None}, Rule.NO_REPORT),
        ({"ended_at": AT + timedelta(hours=1)}, Rule.TOO_QUICK),
        ({"ended_at": AT - timedelta(hours=1)}, Rule.DONE_BEFORE_START),
        ({"licence_until": date(2026, 11, 4)}, Rule.LICENCE),
        ({"licence_until": None}, Rule.LICENCE),
        ({"papers_missing": ("insurance",)}, Rule.PAPERS),
        ({"measured_ha": 1.8}, Rule.AREA),
        ({"disputed": True}, Rule.DISPUTED),
    ],
)
def test_each_rule_meets_what_it_is_about(change: dict[str, Any], rule: Rule) -> None:
    work = replace(SOUND, **change)
    assert findings(work) == [rule]
    assert points(work) == pytest.approx(points(SOUND) + POINTS[rule])


def test_the_same_seed_draws_the_same_and_findings_come_first() -> None:
    works = [replace(SOUND, order_id=k, disputed=k % 10 == 0) for k in range(200)]
    first = draw(works, 20, seed=3)
    assert first == draw(list(reversed(works)), 20, seed=3)
    assert first != draw(works, 20, seed=4)
    assert len({work.order_id for work in first}) == 20
    share = sum(work.disputed for seed in range(50) for work in draw(works, 20, seed=seed)) / 1000
    assert share > 0.3  # one in ten has a finding; drawn far more often


def test_more_than_there_is_draws_all() -> None:
    assert len(draw([SOUND], 5, seed=1)) == 1
