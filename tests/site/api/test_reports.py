"""Reports and webhooks by the API: counted once, seen by whose work it is, secrets told once."""

from typing import Any

import pytest
from django.utils import timezone
from tests.site.api.conftest import Caller
from tests.site.api.two import Side, make_two

from nongshi.site.base.rights import RoleKind
from nongshi.site.feeds.models import Webhook
from nongshi.site.plans.models import Report, WorkOrder


@pytest.fixture
def two(db: Any) -> tuple[Side, Side]:
    return make_two()


def test_a_report_counts_once_and_moves_its_order(two: Any) -> None:
    own, _other = two
    caller = Caller(own.people[RoleKind.DISPATCHER])
    said = {"key": "from-a-program", "kind": "start", "at": timezone.now().isoformat()}
    first = caller.post(f"/work-orders/{own.work_order.pk}/reports", said)
    again = caller.post(f"/work-orders/{own.work_order.pk}/reports", said)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert WorkOrder.objects.get(pk=own.work_order.pk).state == "started"
    other = caller.post(f"/work-orders/{own.work_order.pk}/reports", said | {"kind": "done"})
    assert other.status_code == 422


def test_reports_of_others_are_not_listed_and_open_ones_are_cleared(two: Any) -> None:
    own, other = two
    caller = Caller(own.people[RoleKind.DISPATCHER])
    listed = caller.get("/reports?open=true").json()["rows"]
    assert [row["id"] for row in listed] == [own.report.pk]
    assert caller.get(f"/reports/{other.report.pk}").status_code == 404
    assert caller.post(f"/reports/{own.report.pk}/clear", None).status_code == 200
    assert Report.objects.get(pk=own.report.pk).cleared_at is not None
    assert caller.get("/reports?open=true").json()["rows"] == []


def test_a_webhooks_secret_is_told_once_and_it_may_be_paused_and_taken_back(two: Any) -> None:
    own, _other = two
    caller = Caller(own.people[RoleKind.DISPATCHER])
    body = {"org_id": own.org.pk, "name": "x", "url": "https://example.org/hook", "kinds": ["job"]}
    made = caller.post("/webhooks", body)
    assert made.status_code == 201, made.content
    secret, pk = made.json()["secret"], made.json()["id"]
    assert secret not in caller.get(f"/webhooks/{pk}").content.decode()
    paused = caller.ask("PATCH", f"/webhooks/{pk}", {"active": False}, If_Match="*")
    assert paused.json()["active"] is False
    assert caller.ask("DELETE", f"/webhooks/{pk}", None, If_Match="*").status_code == 204
    assert Webhook.objects.get(pk=pk).gone is not None
    assert caller.get(f"/webhooks/{pk}").status_code == 404
    wrong = caller.post("/webhooks", body | {"kinds": ["people"]})
    assert wrong.status_code == 422
