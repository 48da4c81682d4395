"""`nongshi manage measure_import`: a generated file of many rows, looked at and taken over; figures as JSON."""

import json
import random
import resource
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import shapely
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nongshi.site.base.models import Org, OrgKind, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.register import drafts
from nongshi.site.register.importers import get_importer
from nongshi.site.register.models import Field
from nongshi.site.register.writing import xlsx_bytes

ORG = "bench-imports"
CORNERS = 12  # assumption: of a field drawn along its ridges
LISTS = ("fields", "machines", "operators", "people", "jobs")
CLASSES = ("combine-full", "combine-half", "tractor-wheeled", "tractor-crawler")


class Command(BaseCommand):
    """Measured in `nongshi bench imports`; all rows are generated."""

    help = "Make a file of a list's rows (--make), or look at one and take it over, twice: new, then changed."

    def add_arguments(self, parser: Any) -> None:
        """Which list, which file."""
        parser.add_argument("list", choices=LISTS)
        parser.add_argument("file", type=Path)
        parser.add_argument("--make", action="store_true")
        parser.add_argument("--changed", action="store_true", help="with a name changed in every row")
        parser.add_argument("--rows", type=int, default=20_000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_: Any, make: bool, changed: bool, rows: int, seed: int, **said: Any) -> None:
        """Do one of the two."""
        if make:
            said["file"].write_bytes(file_of(said["list"], rows, seed, changed=changed))
            return
        self.stdout.write(json.dumps(measure(said["list"], said["file"])))


def measure(name: str, file: Path) -> dict[str, Any]:
    """CPU seconds of preview and of taking over, as the worker does them, and the process's peak memory."""
    org, person = _org()
    scope, data = scope_of(person), file.read_bytes()
    before = _peak_mb()
    draft = drafts.keep_draft(scope, name, org.pk, file.name, data)
    began, wall = time.process_time(), time.perf_counter()
    preview = drafts.preview_of(draft)
    summary = drafts.summary_of(preview)
    looked, looked_wall = time.process_time() - began, time.perf_counter() - wall
    if preview.faults:
        raise CommandError(f"{len(preview.faults)} faults in the file made: {preview.faults[0]}")
    del preview
    began, wall = time.process_time(), time.perf_counter()
    counts = drafts.take_draft(draft, drafts.seen_counts(summary), scope, lambda _share, _words: None)
    return {
        "list": name, "mb": round(len(data) / 1e6, 2), **counts,
        "preview_cpu_s": round(looked, 2), "preview_s": round(looked_wall, 2),
        "apply_cpu_s": round(time.process_time() - began, 2), "apply_s": round(time.perf_counter() - wall, 2),
        "peak_mb": round(_peak_mb()), "peak_before_mb": round(before), "by_worker": draft.run_id is not None,
    }  # fmt: skip


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _org() -> tuple[Org, Person]:
    org, fresh = Org.objects.get_or_create(
        code=ORG,
        defaults={"kind": OrgKind.COOP, "name": "生成的合作社", "name_en": "Generated cooperative", "generated": True},
    )
    if fresh:
        person = Person.objects.create(org=org, name="dispatcher", generated=True)
        Role.objects.create(person=person, org=org, kind=RoleKind.DISPATCHER)
    return org, Person.objects.get(org=org, name="dispatcher")


def file_of(name: str, rows: int, seed: int, *, changed: bool) -> bytes:
    """The bytes of a generated list; fields as GeoJSON, the rest as XLSX."""
    rng, word = random.Random(seed), "改" if changed else ""
    if name == "fields":
        features = [_feature(number, rng, word) for number in range(rows)]
        return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    if name == "jobs":
        return xlsx_bytes(name, _jobs(rows, word))
    kind = get_importer(name).kind
    make = {"machines": _machine, "operators": _operator, "people": _person}[name]
    columns = list(make(0, rng, word))
    return xlsx_bytes(kind.zh, [columns, *([str(v) for v in make(n, rng, word).values()] for n in range(rows))])


def _feature(number: int, rng: random.Random, word: str) -> dict[str, Any]:
    lon, lat = 121.0 + (number % 200) * 0.002, 30.7 + (number // 200) * 0.002
    around = shapely.Point(lon, lat).buffer(0.0008, quad_segs=CORNERS // 4)
    return {
        "type": "Feature", "geometry": json.loads(shapely.to_geojson(around)),
        "properties": {
            "编号": f"F{number:05d}", "名称": f"田{number}{word}", "村镇": f"村{number % 40}", "面积": 10 + number % 7,
            "种植户": f"户{number // 5}", "作物": "rice", "品种": rng.choice(("南粳46", "沪早香软1号")),
        },
    }  # fmt: skip


def _machine(number: int, rng: random.Random, word: str) -> dict[str, Any]:
    until = (timezone.localdate() + timedelta(days=rng.randrange(400))).isoformat()
    return {
        "编号": f"M{number:05d}", "名称": f"农机{number}{word}", "机型": CLASSES[number % len(CLASSES)],
        "机主": f"户{number % 3000}", "停放经度": 121.0 + number % 500 * 1e-3, "停放纬度": 30.8,
        "牌照号": f"沪01-{number:05d}",
        "终端号": f"0138{number:08d}", "作业幅宽（米）": 2.0, "年检有效期至": until, "保险有效期至": until,
    }  # fmt: skip


def _operator(number: int, _rng: random.Random, word: str) -> dict[str, Any]:
    return {
        "编号": f"O{number:05d}", "姓名": f"机手{number}", "机主编号": f"R{number}{word}",
        "驾驶证": "S:2029-06-30; G1:2028-04-15", "每日最长小时": 10, "可开他人农机": "是", "休息日": "2026-11-29",
    }  # fmt: skip


def _person(number: int, _rng: random.Random, word: str) -> dict[str, Any]:
    days = ":/2030-01-01" if word else ""
    return {"编号": "", "姓名": f"人{number}", "电话": f"138{number:08d}", "角色": f"农户; 机手{days}"}


def _jobs(rows: int, word: str) -> list[list[str]]:
    """A job a field that is there; so fields come first."""
    fields = list(Field.objects.filter(org__code=ORG).order_by("ref").values_list("ref", flat=True)[:rows])
    if len(fields) < rows:
        raise CommandError(f"there are {len(fields)} fields; bring {rows} first")
    today, last = timezone.localdate(), timezone.localdate() + timedelta(days=6)
    head = ["编号", "田块编号", "作业项目", "最早日期", "最好在此日之前完成", "谁要求的", "备注"]
    return [
        head,
        *([f"J{n:05d}", ref, "rice_harvest", str(today), str(last), "生成", word] for n, ref in enumerate(fields)),
    ]
