"""Code tables: those of agronomy with edition and source, what districts call them, and all names a file may use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from nongshi.agronomy import LICENCE_CLASSES, LOSS_CURVES, MACHINE_CLASSES, OPERATIONS, WORK_RATES
from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.models import Org, OrgKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.register.models import Code, CodeMapping, CodeTable

CROPS = (("rice", "水稻", "rice"), ("wheat", "小麦", "wheat"), ("rape", "油菜", "rapeseed"))
NY1640: tuple[tuple[str, str, str], ...] = (  # codes as the appraisal guide lists them: major, minor, item
    ("10101", "铧式犁", "mouldboard plough"), ("10103", "旋耕机", "rotary tiller"), ("10105", "开沟机", "ditcher"),
    ("20101", "条播机", "drill"), ("20102", "穴播机", "hill-drop seeder"), ("20103", "精量播种机", "precision seeder"),
    ("20104", "小粒种子播种机", "small-seed drill"), ("20110", "水稻直播机", "rice direct seeder"),
    ("20401", "施肥机", "fertiliser applicator"), ("20402", "撒肥机", "fertiliser spreader"),
    ("30105", "田园管理机", "garden cultivator"), ("40901", "割草机", "mower"), ("40903", "搂草机", "hay rake"),
    ("40906", "打(压)捆机", "baler"), ("50301", "谷物烘干机", "grain dryer"),
)  # fmt: skip
GUIDE = "2020年上海市农业机械推广鉴定产品种类指南（上海市农业机械鉴定推广站, 2020-07-27）"


@dataclass(frozen=True, slots=True)
class TableSeed:
    """One edition of a table."""

    name: str
    edition: str
    source: str
    since: date
    rows: tuple[tuple[str, str, str, dict[str, Any]], ...]  # code, Chinese, English, numbers


def seeds() -> Iterator[TableSeed]:
    """The tables that the program brings."""

    def newest(rows: Iterable[Any]) -> tuple[str, date]:
        last = max(row.date for row in rows)
        return last, date.fromisoformat(last)

    def table(name: str, source: str, nouns: Iterable[Any], **numbers: str) -> TableSeed:
        nouns = list(nouns)
        edition, since = newest(nouns)
        rows = tuple(
            (
                noun.id, noun.name_zh, noun.name_en,
                {key: getattr(noun, attr) for key, attr in numbers.items()} | {"source": noun.source},
            )
            for noun in nouns
        )  # fmt: skip
        return TableSeed(name, edition, source, since, rows)

    yield table("operation", "nongshi.agronomy", OPERATIONS.values(), loss_curve="loss_curve")
    yield table("price", "nongshi.agronomy", OPERATIONS.values(), yuan_ha="price_yuan_ha")
    yield table(
        "machine_class", "nongshi.agronomy", MACHINE_CLASSES.values(), licence="licence", road_km_h="road_km_h",
        load_min="load_min", cost_yuan_km="cost_yuan_km", cost_yuan_h="cost_yuan_h",
    )  # fmt: skip
    yield table("licence_class", "拖拉机和联合收割机驾驶证管理规定 (2018-06-01)", LICENCE_CLASSES.values())
    edition, since = newest(WORK_RATES.values())
    yield TableSeed("rate", edition, "nongshi.agronomy", since, tuple(_rates()))
    crops = tuple((code, zh, en, {"loss_curve": code} if code in LOSS_CURVES else {}) for code, zh, en in CROPS)
    yield TableSeed("crop", edition, "nongshi.agronomy", since, crops)
    none: dict[str, Any] = {}
    items = tuple((code, zh, en, none) for code, zh, en in NY1640)
    yield TableSeed("ny_t_1640", "2020", GUIDE, date(2020, 7, 27), items)


def _rates() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for rate in WORK_RATES.values():
        machine, operation = MACHINE_CLASSES[rate.machine_class], OPERATIONS[rate.operation]
        numbers = {"rate_ha_h": rate.rate_ha_h, "source": rate.source}
        code = f"{rate.machine_class}/{rate.operation}"
        yield code, f"{machine.name_zh} {operation.name_zh}", f"{machine.name_en}, {operation.name_en}", numbers


def keep_tables() -> int:
    """Bring the tables that are not there yet; an edition that is there stays as it is. Answers how many came."""
    made = 0
    with transaction.atomic():
        areas = _areas()
        for seed in (*seeds(), *([areas] if areas else [])):
            table, fresh = CodeTable.objects.get_or_create(
                name=seed.name, edition=seed.edition, defaults={"source": seed.source, "since": seed.since}
            )
            if not fresh and seed.name != "area":
                continue
            made += fresh
            have = set(table.codes.values_list("code", flat=True))
            Code.objects.bulk_create(
                Code(table=table, code=code, name=zh, name_en=en, data=data)
                for code, zh, en, data in seed.rows
                if code not in have
            )
    return made


def _areas() -> TableSeed | None:
    """The tree of organisations as a table of areas: provinces, districts, towns."""
    kinds = (OrgKind.PROVINCE, OrgKind.DISTRICT, OrgKind.TOWN)
    orgs = Org.objects.filter(kind__in=kinds).select_related("parent")
    rows = tuple((o.code, o.name, o.name_en, {"within": o.parent.code if o.parent else ""}) for o in orgs)
    return TableSeed("area", "1", "organisations of this site", date(2026, 11, 27), rows) if rows else None


def tables() -> QuerySet[CodeTable]:
    """All tables, the newest edition of each first."""
    return CodeTable.objects.order_by("name", "-since", "-edition")


def get_table(pk: int) -> CodeTable:
    """One edition.

    Raises:
        NotFound: there is none.
    """
    found = CodeTable.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"no code table {pk}")
    return found


def newest_table(name: str) -> CodeTable | None:
    """The edition in force of a table."""
    return tables().filter(name=name).first()


def find_codes(table: CodeTable, q: str, org: Org | None) -> list[tuple[Code, str]]:
    """The codes of a table that match, each with what the organisation calls it."""
    codes = table.codes.order_by("code")
    if q:
        codes = codes.filter(Q(code__icontains=q) | Q(name__icontains=q) | Q(name_en__icontains=q))
    local = locals_of(table, org) if org else {}
    return [(code, local.get(code.pk, "")) for code in codes]


def locals_of(table: CodeTable, org: Org) -> Mapping[int, str]:
    """By code: what an organisation, or the nearest one above it that has a word for it, calls it."""
    found: dict[int, str] = {}
    mappings = CodeMapping.objects.filter(org_id__in=org.lineage, code__table=table)
    for mapping in sorted(mappings, key=lambda one: org.lineage.index(one.org_id)):
        found[mapping.code_id] = mapping.local
    return found


def set_local(scope: Scope, org: Org, table: CodeTable, said: Mapping[int, str]) -> int:
    """What an organisation calls codes of a table; empty: nothing of its own. Answers how many changed.

    Raises:
        BadInput: two codes by one name, or a name that is another code.
    """
    codes = {code.pk: code for code in table.codes.all()}
    now = dict(CodeMapping.objects.filter(org=org, code__table=table).values_list("code_id", "local"))
    wanted = now | {pk: local.strip()[:40] for pk, local in said.items() if pk in codes}
    wanted = {pk: local for pk, local in wanted.items() if local}
    words = [local.lower() for local in wanted.values()]
    for pk, local in wanted.items():
        if words.count(local.lower()) > 1:
            raise BadInput(f"{local} stands for two codes; give each its own")
        if any(code.code.lower() == local.lower() for key, code in codes.items() if key != pk):
            raise BadInput(f"{local} is the shared code of something else; choose another")
    changed = {pk for pk in {*now, *wanted} if now.get(pk) != wanted.get(pk)}
    with transaction.atomic():
        CodeMapping.objects.filter(org=org, code_id__in=changed).delete()
        CodeMapping.objects.bulk_create(
            CodeMapping(org=org, code_id=pk, local=wanted[pk]) for pk in changed if pk in wanted
        )
        if changed:
            log("CodesMapped", f"codes:{table.pk}", scope=scope, org_id=org.pk, codes=len(changed))
    return len(changed)


def names_of(name: str, org: Org) -> Iterator[tuple[str, str]]:
    """(any name in small letters, code): our codes and names, and the local ones, which win."""
    table = newest_table(name)
    if table is None:
        for seed in seeds():
            if seed.name == name:
                for code, zh, en, _data in seed.rows:
                    yield from ((said.lower(), code) for said in (code, zh, en))
        return
    codes = {code.pk: code for code in table.codes.all()}
    for code in codes.values():
        yield from ((said.lower(), code.code) for said in (code.name, code.name_en, code.code) if said)
    for pk, local in locals_of(table, org).items():
        yield local.lower(), codes[pk].code
