"""The auditor's pages: what is found, in which language, and that nothing of another district is."""

import csv
import re
from dataclasses import asdict
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver
from tests.site.auditor.conftest import ID_NUMBER, finish, signed_in
from tests.site.texts import leftovers
from tests.site.world import make_person

from nongshi.site.auditor.acts import EXPORT_MAX
from nongshi.site.auditor.risk import Rule
from nongshi.site.auditor.urls import urlpatterns
from nongshi.site.base.models import Event, Org, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import NOBODY
from nongshi.site.base.services import log
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import PlanRow, WorkOrder
from nongshi.site.register.models import Licence, Machine

LISTS = ("/auditor/", "/auditor/jobs/", "/auditor/plans/", "/auditor/machines/", "/auditor/sample/")


def pages_of(audited: Any) -> list[str]:
    one = [
        f"/auditor/job/{audited.job.pk}/",
        f"/auditor/plan/{audited.plan.pk}/",
        f"/auditor/machine/{audited.order.machine_id}/",
    ]
    return [*LISTS, *one]


def days(order: WorkOrder) -> str:
    return f"since={order.start:%Y-%m-%d}&until={order.end + timedelta(days=1):%Y-%m-%d}"


def test_every_page_speaks_one_language_and_is_for_auditors_only(audited: Any) -> None:
    client = signed_in("auditor")
    for page in pages_of(audited):
        assert leftovers(client, page) == [], page
        for role in ("dispatcher", "officer", "farmer"):
            assert signed_in(role).get(page).status_code == 403
        assert Client().get(page).status_code == 403


def test_nothing_is_changed_by_any_page(audited: Any) -> None:
    """Every address refuses to be posted to, and reading all of them leaves not even an act behind."""
    client = signed_in("auditor")
    before = (Event.objects.count(), FieldJob.objects.get(pk=audited.job.pk).version)
    names = [pattern.pattern.describe() for pattern in urlpatterns]
    assert len(names) == len(get_resolver("nongshi.site.auditor.urls").url_patterns)
    for page in [*pages_of(audited), "/auditor/acts.csv", f"/auditor/order/{audited.order.pk}/photo/"]:
        assert client.post(page).status_code == 405
        client.get(page)
    assert (Event.objects.count(), FieldJob.objects.get(pk=audited.job.pk).version) == before


def test_acts_are_found_by_person_act_object_organisation_and_day(audited: Any) -> None:
    client = signed_in("auditor")

    def found(query: str) -> set[int]:
        return {act["event"].pk for act in client.get(f"/auditor/?{query}").context["acts"]}

    posted = Event.objects.get(name="JobPosted")
    assert posted.pk in found("")
    assert found(f"person={audited.dispatcher.name}") >= {posted.pk}
    assert found(f"person={audited.dispatcher.pk}") >= {posted.pk}
    assert found("person=nobody-at-all") == set()
    assert found("act=JobPosted") == {posted.pk}
    assert found(f"about=job:{audited.job.pk}") == {posted.pk}
    assert found("about=plan") == set(Event.objects.filter(about__startswith="plan").values_list("pk", flat=True))
    assert found(f"org={audited.job.org_id}&act=JobPosted") == {posted.pk}
    today = posted.at.astimezone().date()
    assert posted.pk in found(f"since={today - timedelta(days=1)}&until={today + timedelta(days=1)}")
    assert found(f"until={today - timedelta(days=2)}") == set()


def test_wrong_filters_are_kept_and_said(audited: Any) -> None:
    client = signed_in("auditor")
    for query, field in (("since=2026-13-01", "since"), ("about=job:x", "about"), ("act=Nothing", "act")):
        answer = client.get(f"/auditor/?{query}")
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
    assert client.get("/auditor/?since=2026-11-02&until=2026-11-01").status_code == 422
    assert client.get("/auditor/acts.csv?since=2026-13-01").status_code == 422
    assert client.get("/auditor/sample/?n=0").status_code == 422


def test_filters_stay_in_the_address_of_the_next_page_and_of_the_file(audited: Any) -> None:
    for _ in range(60):
        log("LinkFollowed", "link:1", scope=NOBODY, org_id=audited.job.org_id)
    html = signed_in("auditor").get("/auditor/?act=LinkFollowed").content.decode()
    assert "?act=LinkFollowed&amp;page=2" in html
    assert "/auditor/acts.csv?act=LinkFollowed" in html


def test_the_file_has_the_same_acts_and_no_formulas(audited: Any) -> None:
    log("JobDisputed", f"job:{audited.job.pk}", scope=NOBODY, org_id=audited.job.org_id, why="x")
    person = make_person(audited.job.org, name="=cmd|x")
    Event.objects.create(name="JobPosted", about="job:1", by=person, org=audited.job.org)
    text = signed_in("auditor").get("/auditor/acts.csv").content.decode()
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    shown = signed_in("auditor").get("/auditor/").context["page"].paginator.count
    assert len(rows) == shown < EXPORT_MAX
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert ID_NUMBER not in text


def test_a_job_shows_everything_that_leads_to_it(audited: Any) -> None:
    history = signed_in("auditor").get(f"/auditor/job/{audited.job.pk}/").context["history"]
    (seen,) = [one for one in history.orders if one.order.pk == audited.order.pk]
    assert [report.kind for report in seen.reports] == ["start", "done"]
    assert seen.machine.pk == audited.order.machine_id
    assert seen.operator.pk == audited.order.operator_id
    assert seen.licence.needed is not None
    assert seen.licence.holds
    assert [act.name for act in history.acts] == ["JobPosted"]
    assert [named.plan.pk for named in history.plans] == [audited.plan.pk]
    assert any(stop.start == audited.order.start for named in history.plans for _machine, stop in named.stops)


def test_a_licence_that_ended_before_the_work_is_seen(audited: Any) -> None:
    before = audited.order.start.date() - timedelta(days=1)
    Licence.objects.filter(operator=audited.order.operator).update(valid_until=before)
    history = signed_in("auditor").get(f"/auditor/job/{audited.job.pk}/").context["history"]
    assert not history.orders[0].licence.holds
    assert history.orders[0].licence.until == before


def test_a_plan_is_judged_again_and_a_figure_that_was_changed_is_found(audited: Any) -> None:
    client, page = signed_in("auditor"), f"/auditor/plan/{audited.plan.pk}/"
    judged = client.get(page).context["judged"]
    assert judged.ok
    assert {figure.name for figure in judged.figures if figure.same} >= {"objective_fen", "jobs_served", "area_ha"}
    PlanRow.objects.filter(pk=audited.plan.pk).update(objective_fen=audited.plan.objective_fen + 100_000)
    judged = client.get(page).context["judged"]
    assert not judged.ok
    assert [figure.name for figure in judged.figures if not figure.same] == ["objective_fen"]


def test_a_rule_that_the_plan_breaks_today_is_named(audited: Any) -> None:
    Licence.objects.all().update(valid_until=date(2020, 1, 1))
    judged = signed_in("auditor").get(f"/auditor/plan/{audited.plan.pk}/").context["judged"]
    assert not judged.ok
    assert "crew_licence_expired" in dict(judged.by_rule)
    assert judged.shown
    assert len(judged.shown) + judged.hidden == len(judged.verdict.breaches)


def test_breaches_that_name_what_is_out_of_sight_are_counted_only(audited: Any) -> None:
    Licence.objects.all().update(valid_until=date(2020, 1, 1))
    judged = signed_in("auditor").get(f"/auditor/plan/{audited.plan.pk}/").context["judged"]
    outside = set(
        Machine.objects.exclude(org__path__contains=Org.objects.get(code="jinshan").path).values_list("ref", flat=True)
    )
    told = " ".join(f"{breach.where} {breach.text}" for breach in judged.shown)
    assert outside
    assert not any(f"machine {ref}," in f"{told}," for ref in outside)


def test_jobs_posted_after_the_plan_are_no_fault_of_it(audited: Any) -> None:
    job = FieldJob.objects.exclude(pk=audited.job.pk).first()
    assert job is not None
    job.pk, job.ref, job.status = None, "NEW", "posted"
    job.save()
    judged = signed_in("auditor").get(f"/auditor/plan/{audited.plan.pk}/").context["judged"]
    assert judged.ok
    assert judged.later == 1


def test_a_machine_shows_who_drove_by_day(audited: Any) -> None:
    context = signed_in("auditor").get(f"/auditor/machine/{audited.order.machine_id}/").context
    day = next(one for one in context["days"] if audited.order.pk in {seen.order.pk for seen in one.orders})
    assert day.operator.pk == audited.order.operator_id
    assert day.area_ha == pytest.approx(sum(seen.order.area_ha for seen in day.orders))
    assert {paper.name for paper in day.papers_missing} == {"inspection", "insurance"}
    Machine.objects.filter(pk=audited.order.machine_id).update(inspected_until=day.day, insured_until=day.day)
    context = signed_in("auditor").get(f"/auditor/machine/{audited.order.machine_id}/").context
    day = next(one for one in context["days"] if audited.order.pk in {seen.order.pk for seen in one.orders})
    assert day.papers_missing == ()


def test_the_sample_gives_reasons_and_can_be_drawn_again(audited: Any) -> None:
    page = f"/auditor/sample/?n=5&seed=11&{days(audited.order)}"
    first, second = (signed_in("auditor").get(page).context["sample"] for _ in range(2))
    assert asdict(first.drawn[0][1]) == asdict(second.drawn[0][1])
    assert first.population == 1
    ((job, drawn),) = first.drawn
    assert job.pk == audited.job.pk
    assert {remark.rule for remark in drawn.remarks} == {Rule.PAPERS}


def test_work_done_in_no_time_and_without_report_is_remarked(audited: Any) -> None:
    audited.order.reports.all().delete()
    finish(audited.order, hours=0.01, reported=False)
    FieldJob.objects.filter(pk=audited.job.pk).update(measured_ha=audited.job.area_ha * 1.2)
    sample = signed_in("auditor").get(f"/auditor/sample/?n=5&seed=1&{days(audited.order)}").context["sample"]
    rules = {remark.rule for remark in sample.drawn[0][1].remarks}
    assert rules == {Rule.PAPERS, Rule.NO_REPORT, Rule.TOO_FAST, Rule.AREA}
    assert dict(sample.broken)[Rule.TOO_FAST] == 1


def test_no_page_or_file_shows_an_id_number_or_phone(audited: Any) -> None:
    audited.driver.phone = "13912345678"
    audited.driver.save()
    client = signed_in("auditor")
    for page in [*pages_of(audited), "/auditor/acts.csv"]:
        text = client.get(page).content.decode()
        assert ID_NUMBER not in text
        assert ID_NUMBER[-4:] not in text.replace(str(audited.driver.pk), "")
        assert "13912345678" not in text


def test_a_picture_is_shown_to_whoever_may_see_the_order(
    audited: Any, other: Any, tmp_path: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = f"/auditor/order/{audited.order.pk}/photo/"
    assert signed_in("auditor").get(page).status_code == 404
    audited.order.photo.save("a.jpg", ContentFile(b"picture"))
    assert b"".join(signed_in("auditor").get(page).streaming_content) == b"picture"  # type: ignore[attr-defined]
    assert signed_in("auditor2").get(page).status_code == 404


def test_another_district_is_neither_seen_nor_counted(audited: Any, other: Any) -> None:
    client = signed_in("auditor")
    assert client.get(f"/auditor/job/{other.job.pk}/").status_code == 404
    for page in [*pages_of(audited), "/auditor/acts.csv", f"/auditor/sample/?n=50&seed=1&{days(audited.order)}"]:
        text = client.get(page).content.decode()
        assert "外区" not in text
        assert "Elsewhere" not in text
    sample = client.get(f"/auditor/sample/?n=50&seed=1&{days(audited.order)}").context["sample"]
    assert sample.population == 1


def test_the_other_district_sees_its_own_and_nothing_of_this_one(audited: Any, other: Any) -> None:
    client = signed_in("auditor2")
    assert [act["event"].org_id for act in client.get("/auditor/").context["acts"]] == [other.org.pk]
    assert [job.pk for job in client.get("/auditor/jobs/").context["page"]] == [other.job.pk]
    for page in pages_of(audited)[len(LISTS) :]:
        assert client.get(page).status_code == 404
    assert list(client.get("/auditor/plans/").context["page"]) == []
    assert client.get("/auditor/machines/").context["rows"] == []


def test_what_the_auditor_is_elsewhere_does_not_widen_the_audit(audited: Any, other: Any) -> None:
    """The district's auditor is also a dispatcher of a cooperative elsewhere: the audit stays the district's."""
    person = audited_person()
    Role.objects.create(person=person, org=other.org, kind=RoleKind.DISPATCHER)
    client = signed_in("auditor")
    assert client.get(f"/auditor/job/{other.job.pk}/").status_code == 404
    assert all(act["event"].org_id != other.org.pk for act in client.get("/auditor/").context["acts"])


def audited_person() -> Any:
    from nongshi.site.base.models import User

    return User.objects.get(username="auditor").person


def test_no_link_leads_to_what_is_gone_or_out_of_reach(audited: Any, other: Any) -> None:
    """A machine of ours worked elsewhere; a job that an act names is not there any more."""
    WorkOrder.objects.filter(pk=audited.order.pk).update(job=other.job)
    log("JobCancelled", "job:999999", scope=NOBODY, org_id=audited.job.org_id)
    client = signed_in("auditor")
    for page in pages_of(audited):
        html = client.get(page).content.decode()
        for link in set(re.findall(r'href="(/auditor/(?:job|plan|machine)/\d+/)"', html)):
            assert client.get(link).status_code == 200, (page, link)


def test_a_nul_in_a_search_is_refused_by_the_form(audited: Any) -> None:
    client = signed_in("auditor")
    assert client.get("/auditor/?person=%00").status_code == 422
    assert client.get("/auditor/jobs/?q=%00").status_code == 422
    assert client.get("/auditor/machines/?q=%00").status_code == 422


def test_a_machine_from_outside_on_a_field_of_ours_is_named_to_nobody(audited: Any, other: Any) -> None:
    machine = Machine.objects.create(
        org=other.org, ref="外机7", machine_class="combine-full", yard_lon=121.0, yard_lat=30.8
    )
    WorkOrder.objects.filter(pk=audited.order.pk).update(machine=machine, operator=None)
    answer = signed_in("auditor").get(f"/auditor/job/{audited.job.pk}/")
    assert answer.context["history"].orders[0].machine is None
    order_part = answer.content.decode()
    assert "外机7" not in order_part


def test_every_act_that_the_site_writes_down_has_words() -> None:
    """A name that a service logs and nobody gave words would stand in English letters on a Chinese page."""
    import re
    from pathlib import Path

    from nongshi import site
    from nongshi.site.auditor.words import ACTS

    written: set[str] = set()
    for path in Path(site.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        written |= set(re.findall(r'\blog\(\s*"([A-Z]\w+)"', text)) | set(
            re.findall(r'_act\(scope, org, "(\w+)"', text)
        )
    assert len(written) > 60
    assert sorted(written - set(ACTS)) == [], "give each its words in site/auditor/words.py"
