"""`nongshi bench claims`: planted claims found and honest ones held, and the time a bundle takes. All generated."""

import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nongshi.claims import Case, Reviewed, review
from nongshi.files.claim_bundle import new_key, read_bundle, write_bundle
from nongshi.synthetic.claims import MadeClaim, make_claims


def bench_claims(*, honest: int = 300, planted: int = 60, seeds: Sequence[int] = (101, 102, 103)) -> dict[str, Any]:
    """Shares over all heaps, by kind of trick; one row a heap."""
    heaps, found, of_kind, slowest_s = [], Counter[str](), Counter[str](), 0.0
    for seed in seeds:
        made = make_claims(honest=honest, planted=planted, seed=seed)
        began_s = time.process_time()
        reviewed = review([Case(claim=one.claim, track=one.track, outline=one.outline) for one in made])
        heaps.append(heap_row(seed, made, reviewed, time.process_time() - began_s))
        for one, seen in zip(made, reviewed, strict=True):
            if one.planted:
                of_kind[one.planted] += 1
                found[one.planted] += seen.held
        slowest_s = max(slowest_s, bundle_s(max(made, key=lambda one: len(one.track))))
    return {
        "found_share": round(sum(found.values()) / max(1, sum(of_kind.values())), 4),
        "false_alarm_share": round(sum(row["false_alarms"] for row in heaps) / (honest * len(heaps)), 4),
        "by_kind": {kind: f"{found[kind]} of {count}" for kind, count in sorted(of_kind.items())},
        "bundle_s": round(slowest_s, 3),
        "heaps": heaps,
    }


def heap_row(seed: int, made: Sequence[MadeClaim], reviewed: Sequence[Reviewed], cpu_s: float) -> dict[str, Any]:
    """One heap in numbers."""
    pairs = list(zip(made, reviewed, strict=True))
    return {
        "seed": seed,
        "claims": len(made),
        "found": sum(seen.held for one, seen in pairs if one.planted),
        "planted": sum(bool(one.planted) for one in made),
        "false_alarms": sum(seen.held for one, seen in pairs if not one.planted),
        "fixes": sum(len(one.track) for one in made),
        "cpu_s": round(cpu_s, 1),
    }


def bundle_s(one: MadeClaim) -> float:
    """Wall seconds to read a bundle and review its claim, compiled code warm."""
    bare = replace(one.claim, photos=())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claim.zip"
        write_bundle(path, bare, one.track, one.outline, key=new_key())
        began_s = time.perf_counter()
        read = read_bundle(path)
        review([Case(claim=read.claim, track=read.track, outline=read.outline)])
        return time.perf_counter() - began_s
