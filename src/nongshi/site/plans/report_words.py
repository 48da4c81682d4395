"""What dispatchers are told of reports from the field, Chinese and English."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from nongshi.site.base.models import Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.plans.models import Notice, Report, WorkOrder

PROBLEM_WORDS = {
    "breakdown": ("农机故障", "machine broken"),
    "stuck": ("陷车", "machine stuck"),
    "wet": ("田太湿", "field too wet"),
    "access": ("进不了田", "no way into the field"),
    "weather": ("天气", "weather"),
    "absent": ("联系不到农户", "grower not there"),
    "other": ("其他问题", "something else"),
}
FLAG_WORDS = {
    "withdrawn": ("任务已撤回", "the order was withdrawn"),
    "reassigned": ("任务已改派他人", "the order is somebody else's"),
    "cancelled": ("作业已取消", "the job was cancelled"),
}
KIND_WORDS = {
    "start": ("开始作业", "work begun"),
    "done": ("作业完成", "work done"),
    "problem": ("有问题", "a problem"),
    "sos": ("紧急求助", "SOS"),
}


def dispatchers_of(org_ids: Iterable[int]) -> list[tuple[Person, int]]:
    """Who dispatches in these organisations today, each with the organisation."""
    today = timezone.localdate()
    roles = (
        Role.objects.filter(kind=RoleKind.DISPATCHER, org_id__in=list(org_ids))
        .filter(Q(since=None) | Q(since__lte=today), Q(until=None) | Q(until__gte=today))
        .select_related("person")
        .order_by("org_id", "person_id")
    )
    return [(role.person, role.org_id) for role in roles]


def tell_dispatchers(scope: Scope, row: Report, order: WorkOrder | None) -> None:
    """A notice to the dispatchers of the job and of the driver; each is told once."""
    orgs = {row.org_id, *scope.orgs_as(RoleKind.OPERATOR)} if row.org_id else set(scope.orgs_as(RoleKind.OPERATOR))
    text, text_en = report_text(row, order)
    about = f"order:{order.pk}" if order is not None else f"report:{row.pk}"
    told = {person.pk: (person, org_id) for person, org_id in dispatchers_of(org for org in orgs if org is not None)}
    Notice.objects.bulk_create(
        Notice(org_id=org_id, person=person, about=about, text=text, text_en=text_en)
        for person, org_id in told.values()
    )


def report_text(row: Report, order: WorkOrder | None) -> tuple[str, str]:
    """One sentence of a report, Chinese and English."""
    zh, en = KIND_WORDS[row.kind]
    if row.data.get("what"):
        what, what_en = PROBLEM_WORDS[row.data["what"]]
        zh, en = f"{zh}：{what}", f"{en}: {what_en}"
    if order is not None:
        zh, en = f"{order.job.field}，{order.machine}，{zh}", f"{order.job.field}, {order.machine}: {en}"
    if row.by is not None:
        zh, en = f"{row.by}：{zh}", f"{row.by}: {en}"
    if row.flag:
        why, why_en = FLAG_WORDS[row.flag]
        zh, en = f"{zh}（{why}）", f"{en} ({why_en})"
    if row.data.get("words"):
        zh, en = f"{zh}。{row.data['words']}", f"{en}. {row.data['words']}"
    if "lat" in row.data and "lon" in row.data:
        place = f"{row.data['lat']:.5f}, {row.data['lon']:.5f}"
        zh, en = f"{zh} 位置 {place}", f"{en} at {place}"
    return zh, en
