"""People, lendings, jobs, local codes as files: what leaves comes back unchanged; faults stand beside their cells."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadFiles
from nongshi.site.base.models import Event, Person, Role, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.register import drafts
from nongshi.site.register.importers import get_importer
from nongshi.site.register.importing import Preview, quiet
from nongshi.site.register.models import CodeMapping, CodeTable, Draft, Field, Lending, Machine
from nongshi.site.register.writing import template_of, write_list

ID_NUMBER = "11010519491231002X"


def look(name: str, org: Any, scope: Any, text: str) -> Preview:
    return get_importer(name).preview(org, scope, f"{name}.csv", text.encode(), quiet)


def keep(name: str, org: Any, scope: Any, text: str) -> dict[str, int]:
    importer = get_importer(name)
    return importer.keep(org, scope, look(name, org, scope, text), quiet)


def exported(name: str, scope: Any, shape: str, *, english: bool) -> bytes:
    importer = get_importer(name)
    return write_list(importer.kind, importer.rows(scope, {}), shape, frozenset(), english=english)


@pytest.fixture
def asker(demo: Any) -> Any:
    """The demo's dispatcher, with something in every list."""
    org = demo.org
    other = make_coop("ganxiang", name="干巷合作社", name_en="Ganxiang cooperative")
    today = timezone.localdate()
    for ref in ("L1", "L2"):
        Machine.objects.create(org=org, ref=ref, machine_class="combine-full", yard_lon=121.1, yard_lat=30.8)
    machine = Machine.objects.get(org=org, ref="L1")
    Lending.objects.create(org=org, to=other, what="machine", machine=machine, since=today, until=today)
    Lending.objects.create(org=org, to=other, what="operator", since=today, until=today + timedelta(days=3))
    make_person(org, RoleKind.FARMER, name="张三", phone="13812345678")
    make_person(org, RoleKind.FARMER, name="张三", phone="13912345678")
    someone = make_person(org, RoleKind.FARMER, RoleKind.OPERATOR, name="=李四")
    Role.objects.filter(person=someone, kind=RoleKind.OPERATOR).update(until=today + timedelta(days=30))
    someone.set_id_number(ID_NUMBER)
    someone.save()
    person = User.objects.get(username="dispatcher").person
    return type("Asker", (), {"org": org, "other": other, "scope": scope_of(person), "person": person})


@pytest.mark.parametrize("shape", ["xlsx", "csv"])
@pytest.mark.parametrize("name", ["people", "lendings", "jobs", "codes"])
def test_what_leaves_and_comes_back_changes_nothing(asker: Any, name: str, shape: str) -> None:
    if name == "codes":
        table = CodeTable.objects.get(name="crop")
        CodeMapping.objects.create(org=asker.org, code=table.codes.get(code="rice"), local="稻")
        name = f"codes-{table.pk}"
    for english in (False, True):
        data = exported(name, asker.scope, shape, english=english)
        found = get_importer(name).preview(asker.org, asker.scope, f"x.{shape}", data, quiet)
        assert found.faults == ()
        assert found.lines
        assert {line.state for line in found.lines} == {"same"}, [line.cells for line in found.lines][:3]


@pytest.mark.parametrize("name", ["people", "jobs"])
def test_the_template_is_read_as_it_is(asker: Any, name: str) -> None:
    row = Field.objects.filter(org=asker.org).first()
    assert row is not None
    Field.objects.filter(pk=row.pk).update(ref="P001", area_ha=2.0)
    FieldJob.objects.filter(org=asker.org).update(status=JobStatus.CANCELLED)
    kind = get_importer(name).kind
    data = template_of(kind, "csv", english=False).decode("utf-8-sig")
    data = data.replace("2026-11-28", str(timezone.localdate())).replace("2026-12-02", str(timezone.localdate()))
    data = data.replace("张三,", "赵七,")
    found = look(name, asker.org, asker.scope, data)
    assert found.faults == ()
    assert [line.state for line in found.lines] == ["new"]


def test_id_numbers_come_in_masked_and_encrypted_and_never_leave(asker: Any) -> None:
    for shape in ("csv", "xlsx"):
        assert ID_NUMBER.encode() not in exported("people", asker.scope, shape, english=True)
    assert "身份证" not in exported("people", asker.scope, "csv", english=False).decode("utf-8-sig")
    text = f"姓名,角色,身份证号\n王五,农户,{ID_NUMBER}\n"
    draft = drafts.keep_draft(asker.scope, "people", asker.org.pk, "p.csv", text.encode())
    assert ID_NUMBER.encode() not in bytes(Draft.objects.get(pk=draft.pk).data)
    found = drafts.preview_of(draft)
    assert found.faults == ()
    assert ID_NUMBER not in str(drafts.summary_of(found))
    drafts.take_over(asker.scope, draft.pk, drafts.seen_counts(drafts.summary_of(found)))
    kept = Person.objects.get(org=asker.org, name="王五")
    assert kept.id_number == ID_NUMBER
    assert ID_NUMBER not in kept.id_sealed
    assert bytes(Draft.objects.get(pk=draft.pk).data) == b""
    assert not Event.objects.filter(data__icontains=ID_NUMBER).exists()


def test_a_wrong_id_number_is_told_masked(asker: Any) -> None:
    (fault,) = look("people", asker.org, asker.scope, f"姓名,身份证号\n王五,{ID_NUMBER[:-1]}1\n").faults
    assert (fault.row, fault.column) == (2, "id_number")
    assert ID_NUMBER[:-1] not in str(fault.value)


def test_people_are_told_apart_and_faults_stand_beside_their_cells(asker: Any) -> None:
    text = (
        "编号,姓名,电话,角色\n,张三,13812345678,农户\n,张三,,农户\n,新人,12345,农户\n,又一个,,officer\n999999,谁,,\n"
        ",再一个,,皇帝\n"
    )
    found = look("people", asker.org, asker.scope, text)
    assert found.lines[0].state == "same"
    assert {(fault.row, fault.column) for fault in found.faults} == {
        (3, "ref"), (4, "phone"), (5, "roles"), (6, "ref"), (7, "roles"),
    }  # fmt: skip
    before = Person.objects.count()
    with pytest.raises(BadFiles):
        get_importer("people").keep(asker.org, asker.scope, found, quiet)
    assert Person.objects.count() == before


def test_roles_come_and_go_with_an_act_each_and_the_version_rises(asker: Any) -> None:
    who = Person.objects.get(org=asker.org, name="=李四")
    text = f"编号,姓名,角色\n{who.pk},李四,农户; 村级代办员:2026-01-01/2030-01-01\n".replace("村级代办员", "clerk")
    assert keep("people", asker.org, asker.scope, text) == {"new": 0, "changed": 1, "same": 0}
    who.refresh_from_db()
    assert (who.name, who.version) == ("李四", 2)
    assert set(who.roles.values_list("kind", flat=True)) == {"farmer", "clerk"}
    acts = Event.objects.filter(about=f"person:{who.pk}").values_list("name", flat=True)
    assert {"PersonChanged", "RoleGiven", "RoleTaken"} <= set(acts)


def test_a_clerk_changes_nobody_with_more_rights_by_a_file(asker: Any) -> None:
    clerk = make_person(asker.org, RoleKind.CLERK, name="文员")
    text = f"编号,姓名,角色\n{asker.person.pk},换名,\n"
    found = look("people", asker.org, scope_of(clerk), text)
    assert {fault.column for fault in found.faults} == {None, "roles"}


def test_the_last_dispatcher_stays(asker: Any) -> None:
    held = Role.objects.filter(org=asker.org, kind=RoleKind.DISPATCHER)
    rows = "".join(f"{role.person_id},{role.person.name},\n" for role in held)
    found = look("people", asker.org, asker.scope, f"编号,姓名,角色\n{rows}")
    assert "last dispatcher" in str([fault.problem for fault in found.faults])


def test_a_person_of_another_organisation_is_not_there(asker: Any) -> None:
    far = make_person(asker.other, RoleKind.FARMER, name="远方")
    (fault,) = look("people", asker.org, asker.scope, f"编号,姓名\n{far.pk},抢名\n").faults
    assert (fault.row, fault.column) == (2, "ref")


def test_lendings_are_checked_like_those_that_are_typed(asker: Any) -> None:
    machine = Machine.objects.get(org=asker.org, ref="L2")
    today = timezone.localdate()
    text = (
        "借给,类别,编号（空为全部）,起,止\n"
        f"干巷合作社,农机,{machine.ref},{today},{today + timedelta(days=2)}\n"
        f"ganxiang,农机,{machine.ref},{today + timedelta(days=1)},{today + timedelta(days=1)}\n"
        f"{asker.org.code},农机,,{today},{today}\n"
        f"ganxiang,机手,NOBODY,{today},{today}\n"
        f"ganxiang,农机,,{today},{today - timedelta(days=1)}\n"
    )
    found = look("lendings", asker.org, asker.scope, text)
    assert {(fault.row, fault.column) for fault in found.faults} == {
        (3, "since"), (4, "to"), (5, "which"), (6, "until"),
    }  # fmt: skip
    assert keep("lendings", asker.org, asker.scope, "".join(text.splitlines(keepends=True)[:2]))["new"] == 1
    assert Lending.objects.filter(org=asker.org, to=asker.other, machine=machine, since=today).exists()
    assert Event.objects.filter(name="Lent", org=asker.org).exists()


def test_a_lending_may_end_otherwise_and_nothing_else_of_it_changes(asker: Any) -> None:
    row = Lending.objects.get(org=asker.org, what="operator")
    head = "编号,借给,类别,起,止\n"
    longer = f"{head}{row.pk},ganxiang,机手,{row.since},{row.until + timedelta(days=5)}\n"
    assert keep("lendings", asker.org, asker.scope, longer)["changed"] == 1
    now = Lending.objects.get(pk=row.pk)
    assert (now.until - row.until, now.version) == (timedelta(days=5), row.version + 1)
    (fault,) = look(
        "lendings", asker.org, asker.scope, f"{head}{row.pk},ganxiang,农机,{row.since},{now.until}\n"
    ).faults
    assert fault.column == "what"


def test_jobs_are_posted_from_a_file_with_price_and_act(asker: Any) -> None:
    FieldJob.objects.filter(org=asker.org).update(status=JobStatus.CANCELLED)
    field = Field.objects.filter(org=asker.org).first()
    assert field is not None
    today = timezone.localdate()
    days = f"{today},{today}"
    text = (
        "编号,田块,作业,起,止,谁要求的\n"
        f",{field.ref},rice harvest,{days},电话：张三\nJ-1,{field.ref},wheat_sow,{days},本人\n"
    )
    assert keep("jobs", asker.org, asker.scope, text) == {"new": 2, "changed": 0, "same": 0}
    job = FieldJob.objects.get(org=asker.org, ref="J-1")
    auto = FieldJob.objects.get(org=asker.org, operation="rice_harvest", status=JobStatus.POSTED)
    assert auto.ref == f"N{auto.pk}"
    assert job.value_fen > 0
    assert (job.posted_by_id, job.said_by) == (asker.person.pk, "本人")
    assert Event.objects.filter(name="JobPosted", about=f"job:{job.pk}").count() == 1


def test_jobs_with_faults_are_told_and_none_is_posted(asker: Any) -> None:
    FieldJob.objects.filter(org=asker.org).update(status=JobStatus.CANCELLED)
    field = Field.objects.filter(org=asker.org).first()
    assert field is not None
    today, past = timezone.localdate(), timezone.localdate() - timedelta(days=3)
    rows = [
        f"NOPE,rice harvest,{today},{today},1,本人", f"{field.ref},飞行,{today},{today},1,本人",
        f"{field.ref},rice harvest,{past},{past},1,本人", f"{field.ref},rice harvest,{today},{today},99999,本人",
        f"{field.ref},rice harvest,{today},{today},1,", f"{field.ref},rice harvest,{today},{today},1,本人",
        f"{field.ref},rice harvest,{today},{today},1,本人",
    ]  # fmt: skip
    found = look("jobs", asker.org, asker.scope, "田块,作业,起,止,面积,谁要求的\n" + "\n".join(rows) + "\n")
    assert {(fault.row, fault.column) for fault in found.faults} == {
        (2, "field"), (3, "operation"), (4, "until"), (5, "area_mu"), (6, "said_by"), (8, "operation"),
    }  # fmt: skip


def test_a_planned_job_is_not_changed_by_a_file_and_a_posted_one_is(asker: Any) -> None:
    job = FieldJob.objects.filter(org=asker.org).select_related("field").first()
    assert job is not None
    FieldJob.objects.filter(pk=job.pk).update(status=JobStatus.PLANNED)
    text = f"编号,备注\n{job.ref},小心电杆\n"
    (fault,) = look("jobs", asker.org, asker.scope, text).faults
    assert "planned" in fault.problem
    FieldJob.objects.filter(pk=job.pk).update(status=JobStatus.POSTED)
    assert keep("jobs", asker.org, asker.scope, text)["changed"] == 1
    now = FieldJob.objects.get(pk=job.pk)
    assert (now.note, now.version, now.due, now.value_fen) == ("小心电杆", job.version + 1, job.due, job.value_fen)


def test_local_codes_come_from_the_exported_table(asker: Any) -> None:
    table = CodeTable.objects.get(name="crop")
    name = f"codes-{table.pk}"
    text = "代码,名称,本地代码\nrice,水稻,稻\nwheat,小麦,稻\nnone,无,x\n"
    assert {(f.row, f.column) for f in look(name, asker.org, asker.scope, text).faults} == {
        (2, "local"), (3, "local"), (4, "ref"),
    }  # fmt: skip
    assert keep(name, asker.org, asker.scope, "代码,本地代码\nrice,稻\nwheat,麦\n")["changed"] == 2
    assert set(CodeMapping.objects.filter(org=asker.org).values_list("local", flat=True)) == {"稻", "麦"}


MAY = {
    "people": {"dispatcher", "clerk"}, "lendings": {"dispatcher", "auditor"},
    "jobs": {"dispatcher", "clerk", "officer", "auditor"},
}  # fmt: skip


def test_only_who_sees_a_list_takes_it_away_and_only_who_changes_it_sends_one(asker: Any) -> None:
    for login in ("dispatcher", "clerk", "officer", "auditor", "farmer", "owner"):
        client = Client()
        client.force_login(User.objects.get(username=login))
        for name, may in MAY.items():
            assert client.get(f"/register/{name}/export.csv").status_code == (200 if login in may else 403), name
            if login not in ("dispatcher", "clerk"):
                file = io.BytesIO("姓名\n谁\n".encode())
                file.name = "x.csv"
                sent = client.post(f"/register/{name}/import/", {"org": asker.org.pk, "file": file})
                assert sent.status_code == 403


@pytest.mark.parametrize("name", ["people", "lendings", "jobs"])
def test_the_whole_way_by_pages(asker: Any, name: str) -> None:
    today = timezone.localdate()
    FieldJob.objects.filter(org=asker.org).update(status=JobStatus.CANCELLED)
    field = Field.objects.filter(org=asker.org).first()
    assert field is not None
    text = {
        "people": "姓名,电话,角色\n孙八,13712345678,农户\n",
        "lendings": f"借给,类别,起,止\nganxiang,农机,{today + timedelta(days=20)},{today + timedelta(days=21)}\n",
        "jobs": f"田块,作业,起,止,谁要求的\n{field.ref},rice harvest,{today},{today},本人\n",
    }[name]
    client = Client()
    client.force_login(User.objects.get(username="dispatcher"))
    file = io.BytesIO(text.encode())
    file.name = "x.csv"
    sent = client.post(f"/register/{name}/import/", {"org": asker.org.pk, "file": file})
    assert sent.status_code == 302, sent.content.decode()[:800]
    page = client.get(sent.headers["Location"])
    assert page.context["summary"]["counts"] == {"new": 1, "changed": 0, "same": 0}
    taken = client.post(f"{sent.headers['Location']}take/", {"agreed": page.context["agreed"]}, follow=True)
    assert taken.status_code == 200
    assert get_importer(name).kind.model.objects.filter(org=asker.org).exists()
