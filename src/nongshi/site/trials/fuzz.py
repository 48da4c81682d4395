"""Rubbish for every importer: it is read, or refused by name; nothing else may come of it.

Each importer gets sound files, with bytes flipped, cut, doubled, swapped for odd ones and put in. The codec of
terminals has a fuzzer of its own (`nongshi bench fuzz`).
"""

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.core.errors import NongshiError
from nongshi.core.region import Region

TZ = ZoneInfo("Asia/Shanghai")
ODD = tuple(
    word.encode("latin-1")
    for word in (
        *("\0", "\xff\xfe", "\xef\xbb\xbf", "\xed\xa0\x80", "\xe4\xba\xa9", "\n", "\r\n", "\t"),
        *("NaN", "Infinity", "-1", "1e308", "9" * 40, "2026-13-45", "null", "true", "[" * 500),
        *('"', "'", ",", ";", "{", "}", "[", "]"),
    )
)
Run = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Importer:
    """One way in: sound inputs, and what reads them."""

    seeds: Sequence[bytes]
    run: Run
    may_refuse: bool = False  # seeds that have the right shape, but name what is not there


def bench_importers(
    *, seconds: float, seed: int, only: Sequence[str] = (), on_step: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """So many CPU seconds of rubbish for each importer; how much was read and how much refused.

    Raises:
        Exception: whatever an importer should not have raised, with its name and input as notes.
    """
    figures: dict[str, Any] = {"format": "nongshi-bench-importers/1", "cpu_s_each": seconds, "seed": seed}
    with tempfile.TemporaryDirectory(prefix="nongshi-fuzz-") as folder:
        found = importers(Path(folder), seed)
        for name in only or sorted(found):
            if on_step is not None:
                on_step(name)
            figures[name] = attack(name, found[name], seconds=seconds, seed=seed)
    return figures


def attack(
    name: str, importer: Importer, *, seconds: float = 0.0, rounds: int | None = None, seed: int
) -> dict[str, int]:
    """Rubbish for one importer, for so long or so many rounds."""
    rng, counts = random.Random(seed), Counter({"read": 0, "refused": 0})
    for sound in importer.seeds:
        with suppress(*([NongshiError] if importer.may_refuse else [])):
            importer.run(sound)  # what is sound is read, or the rest would prove less
    until_s, done = time.process_time() + seconds, 0
    while done < rounds if rounds is not None else time.process_time() < until_s:
        data, done = mutated(rng, importer.seeds), done + 1
        try:
            importer.run(data)
            counts["read"] += 1
        except NongshiError:
            counts["refused"] += 1
        except Exception as fault:
            fault.add_note(f"importer {name}, seed {seed}, round {done}, input: {data[:4000]!r}")
            raise
    return dict(counts)


def mutated(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """A sound input with some of its bytes not as they were."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at, way = rng.randrange(len(data) + 1), rng.randrange(6)
        length = rng.choice((1, 2, 8, 60))
        if way == 0 and at < len(data):
            data[at] = rng.randrange(256)
        elif way == 1:
            del data[at : at + length]
        elif way == 2:
            data[at:at] = data[at : at + length]
        elif way == 3:
            data[at : at + rng.choice((0, 1, 4))] = rng.choice(ODD)
        elif way == 4:
            del data[at:]
        else:
            other = rng.choice(seeds)
            begin = rng.randrange(len(other) + 1)
            data[at : at + length] = other[begin : begin + length]
    return bytes(data)


def importers(folder: Path, seed: int) -> dict[str, Importer]:
    """All of them by name; files are written below the folder."""
    region = _region(seed)
    return _of_regions(folder, region) | _of_tracks(folder) | _of_logs(folder) | _of_site()


def _region(seed: int) -> Region:
    from nongshi import api

    return api.make_region(fields=6, load=1.0, season="rice-harvest", seed=seed, dryers=True)


def _file(folder: Path, name: str, read: Callable[[Path], Any]) -> Run:
    path = folder / name

    def run(data: bytes) -> None:
        path.write_bytes(data)
        read(path)

    return run


def _of_regions(folder: Path, region: Region) -> dict[str, Importer]:
    """Every file of a region folder, the plan, and what names a region."""
    from nongshi import api
    from nongshi.files import event_files, hand_plan, job_file, plan_files, region_reader, weather_file

    home = folder / "region"
    api.write_region(region, home)
    found = {}
    for path in sorted(one for one in home.iterdir() if one.is_file()):
        sound = path.read_bytes()

        def run(data: bytes, path: Path = path, sound: bytes = sound) -> None:
            path.write_bytes(data)
            try:
                region_reader.read_region(home)
            finally:
                path.write_bytes(sound)

        found[f"region {path.name}"] = Importer([sound], run)
    plan = api.solve(region, engine="edd", seed=1)
    plan_files.write_plan(folder / "plan.json", plan, zone=TZ)
    text = (folder / "plan.json").read_bytes()
    found["plan.json"] = Importer([text], _file(folder, "plan.json", lambda path: plan_files.read_plan(path, TZ)))
    job = region.jobs[0]
    said = {
        "id": "U1", "field_id": job.field_id, "operation": job.operation, "area_ha": 1.0, "open": "2026-11-01T08:00",
        "due": "2026-11-02T18:00", "close": "2026-11-03T18:00", "value_yuan": 800, "loss_curve": job.loss_curve,
    }  # fmt: skip
    found["job.json"] = Importer(
        [json.dumps(said).encode()],
        _file(folder, "job.json", lambda path: job_file.read_job(path, region)),
        may_refuse=True,
    )
    events = b'{"now": "2026-11-01T08:00:00+08:00", "events": [{"kind": "rain", "day": "2026-11-02"}]}'
    found["events.json"] = Importer(
        [events],
        _file(folder, "events.json", lambda path: event_files.read_events(path, region, plan)),
        may_refuse=True,
    )
    hand = f"job,machine,operator\n{job.id},{region.machines[0].id},{region.operators[0].id}\n".encode()
    found["hand plan"] = Importer(
        [hand], _file(folder, "hand.csv", lambda path: hand_plan.read_hand_plan(path, region)), may_refuse=True
    )
    rain = b"date,rain_mm\n2026-11-01,3.5\n2026-11-02,0\n"
    found["rain.csv"] = Importer([rain], _file(folder, "rain.csv", weather_file.read_rain), may_refuse=True)
    return found


def _of_tracks(folder: Path) -> dict[str, Importer]:
    import numpy as np

    from nongshi.files import device_files, fence_files, track_exchange, track_outlines
    from nongshi.geo.track import make_track

    step = np.arange(40.0)
    track = make_track("D1", 1_793_000_000.0 + 5 * step, 121.2 + step * 1e-4, 30.8 + step * 1e-5)
    found = {}
    for kind in ("csv", "gpx", "geojson"):
        path = folder / f"track.{kind}"
        track_exchange.write_any(path, [track], kind)
        found[f"track {kind}"] = Importer([path.read_bytes()], _file(folder, path.name, track_exchange.read_any))
    fence = {
        "type": "FeatureCollection",
        "features": [{
            "type": "Feature", "properties": {"name": "yard"},
            "geometry": {"type": "Polygon", "coordinates": [[[121, 30], [121.1, 30], [121.1, 30.1], [121, 30]]]},
        }],
    }  # fmt: skip
    outline = json.dumps(fence).encode()
    found["fences"] = Importer([outline], _file(folder, "fences.geojson", fence_files.read_fences), may_refuse=True)
    found["outlines"] = Importer([outline], _file(folder, "o.geojson", track_outlines.read_outlines), may_refuse=True)
    devices = b"device_id,machine\n013900000001,M1\n"
    found["devices.csv"] = Importer([devices], _file(folder, "devices.csv", device_files.read_devices), may_refuse=True)
    people = b"device_id,from,to\n013900000001,2026-11-01T00:00:00+08:00,\n"
    found["people.csv"] = Importer([people], _file(folder, "people.csv", device_files.read_people), may_refuse=True)
    return found | _of_bundles(folder)


def _of_bundles(folder: Path) -> dict[str, Importer]:
    from dataclasses import replace

    from nongshi.files.claim_bundle import new_key, read_bundle, write_bundle
    from nongshi.synthetic.claims import make_claims

    one = make_claims(honest=1, planted=0, seed=1)[0]
    path = folder / "claim.zip"
    write_bundle(path, replace(one.claim, photos=()), one.track, one.outline, key=new_key())
    return {"claim bundle": Importer([path.read_bytes()], _file(folder, path.name, read_bundle))}


def _of_logs(folder: Path) -> dict[str, Importer]:
    from nongshi.files import audit_log

    act = audit_log.Act(seq=1, id=1, at="2026-11-01T00:00:00+00:00", org=1, by=None, name="X", about="x:1", data={})
    acts = [audit_log.chained(audit_log.FORMAT, act)]
    audit_log.write_audit(folder / "log.jsonl", acts)
    head = json.dumps({"date": "2026-11-01", "seq": 1, "hash": acts[0].hash}).encode()
    return {
        "log of acts": Importer(
            [(folder / "log.jsonl").read_bytes()], _file(folder, "log.jsonl", audit_log.verify_file)
        ),
        "heads": Importer([head], _file(folder, "heads.jsonl", audit_log.read_heads)),
    }


def _of_site() -> dict[str, Importer]:
    """What comes in by pages and API; Django has to be set up."""
    from nongshi.files.faults import Faults
    from nongshi.market.freetext import read_text
    from nongshi.site.clerk.rows import read_rows
    from nongshi.site.money.payments import read_bank
    from nongshi.site.register.columns import LISTS
    from nongshi.site.register.outlines import parse_outline
    from nongshi.site.register.reading import read_list

    def text(read: Callable[[str], Any]) -> Run:
        return lambda data: read(data.decode("utf-8", "replace"))

    def rows(data: bytes) -> None:
        try:
            body = json.loads(data)
        except (ValueError, RecursionError):
            return  # refused before, by whoever reads the request
        read_rows(body)

    ring = {"type": "Polygon", "coordinates": [[[121, 30], [121.1, 30], [121.1, 30.1], [121, 30]]]}
    shape = json.dumps({"type": "Feature", "properties": {"name": "A"}, "geometry": ring})
    bank = "date,amount_yuan,name,remark,ref\n2026-11-01,12.50,某人,NS7,r1\n"
    lines = ["明天 东村 收割 5亩 张三", "12月3日前 打捆 北田 2公顷", "这几天 旋耕 20 亩"]
    found = {
        "bank list": Importer([bank.encode()], text(read_bank)),
        "outline": Importer([shape.encode(), json.dumps(ring).encode()], text(parse_outline)),
        "clerk rows": Importer([json.dumps({"rows": [{"grower": "张三", "area": "5", "note": ""}]}).encode()], rows),
        "free text": Importer(
            [line.encode() for line in lines],
            text(lambda said: read_text(said, date(2026, 11, 1), growers=["张三"], fields=["东村"])),
        ),
    }
    for name, kind in LISTS.items():
        heads = [column.name for column in kind.columns]
        table = (",".join(heads) + "\n" + ",".join("1" for _ in heads) + "\n").encode()

        def run(data: bytes, kind: Any = kind) -> None:
            faults = Faults()
            read_list(kind, "list.csv", data, faults)
            faults.check()

        found[f"list {name}"] = Importer([table, shape.encode(), *_sheet(heads)], run, may_refuse=True)
    return found


def _sheet(heads: Sequence[str]) -> list[bytes]:
    import io

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head)
            sheet.write_number(1, column, 1)
    return [out.getvalue()]


def told(figures: Mapping[str, Any]) -> list[list[str]]:
    """Rows of a table: importer, read, refused."""
    return [[name, str(part["read"]), str(part["refused"])] for name, part in figures.items() if isinstance(part, dict)]
