"""Worked area of constructed fields with known truth: ours beside distance x width and buffer union."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nongshi.bench.area_calibrate import calibrate
from nongshi.bench.area_cases import Case, make_cases
from nongshi.bench.area_methods import buffer_union_ha, distance_width_ha
from nongshi.files.whole import write_whole
from nongshi.geo.track import Track
from nongshi.synthetic.field_work import make_field_work
from nongshi.synthetic.gnss import ERRORS, observe
from nongshi.tracks.area import survey
from nongshi.tracks.area_error import regime

OnStep = Callable[[str], None]

AREA_TABLES = {
    "classes": (
        "name", "field_known", "cases", "error", "bias", "worst", "coverage", "width", "settled", "settled_error",
        "settled_worst", "distance_error", "buffer_error",
    ),
    "speed": ("name", "fixes", "own", "buffer", "times"),
}  # fmt: skip


def bench_area(
    seeds: Sequence[int], *, out: Path, others: bool = True, fit: bool = False, on_step: OnStep | None = None
) -> dict[str, Any]:
    """Measure every class of every seed, with and without the field's outline, and sum up by class.

    Args:
        seeds: one constructed field each.
        out: folder for area.json.
        others: also distance x width and buffer union.
        fit: also fit the coefficients of the interval to these seeds; they must not be the ones reported on.
        on_step: told the seed that is measured.
    """
    rows: list[dict[str, Any]] = []
    _warm(seeds[0])
    for seed in seeds:
        if on_step is not None:
            on_step(f"seed {seed}")
        for case in make_cases(seed):
            rows += [_row(case, known, others) for known in (True, False)]
    figures: dict[str, Any] = {
        "format": "nongshi-bench-area/1",
        "generated": True,
        "seeds": [min(seeds), max(seeds), len(seeds)],
        "classes": summarise(rows),
        "speed": speed(seeds[0]),
    }
    if fit:
        figures["fitted"] = {
            "field known": calibrate([row for row in rows if row["field_known"]]),
            "no field": calibrate([row for row in rows if not row["field_known"]]),
        }
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "area.json", json.dumps({**figures, "rows": rows}, ensure_ascii=False) + "\n")
    return figures


def _warm(seed: int) -> None:
    """Compile what is measured before anything is timed."""
    for case in make_cases(seed):
        _row(case, True, False)
        break


def _row(case: Case, known: bool, others: bool) -> dict[str, Any]:
    work, width_m = case.work, case.work.width_m
    begin = time.process_time()
    found = survey(case.track, width_m=width_m, field=case.outline if known else None)
    own_s = time.process_time() - begin
    m, e = found.measured, found.evidence
    row: dict[str, Any] = {
        "seed": case.seed,
        "name": case.name,
        "field_known": known,
        "shape": work.shape,
        "pattern": work.pattern,
        "width_m": width_m,
        "truth_ha": work.worked_ha if known else work.swath_ha,
        "worked_ha": m.worked_ha,
        "low_ha": m.low_ha,
        "high_ha": m.high_ha,
        "overlap_error_ha": m.overlap_ha - work.overlap_ha,
        "auto_settle": m.auto_settle,
        "why": m.why,
        "fixes": m.fixes,
        "missing_ha": e.hole_ha,
        "lone_share": e.lone_share,
        "drift_m": e.drift_m,
        "regime": regime(e),
        "features": e.features.tolist(),
        "cpu_s": own_s,
    }
    if others:
        row["distance_ha"] = distance_width_ha(case.track, width_m)
        begin = time.process_time()
        row["buffer_ha"] = buffer_union_ha(case.track, width_m, work.field if known else None)
        row["buffer_s"] = time.process_time() - begin
    return row


def summarise(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for each class and kind of field knowledge; errors in per cent of the truth."""
    lines = []
    for known in (True, False):
        for name in dict.fromkeys(row["name"] for row in rows):
            use = [row for row in rows if row["name"] == name and row["field_known"] == known]
            if not use:
                continue
            truth = np.array([row["truth_ha"] for row in use])
            error = np.array([row["worked_ha"] for row in use]) / truth - 1
            held = [row["low_ha"] <= row["truth_ha"] + 1e-9 <= row["high_ha"] + 2e-9 for row in use]
            wide = np.array([row["high_ha"] - row["low_ha"] for row in use]) / truth
            settled = np.array([row["auto_settle"] for row in use], dtype=bool)
            line = {
                "name": name,
                "field_known": known,
                "cases": len(use),
                "error": _percent(np.abs(error).mean()),
                "bias": _percent(error.mean()),
                "worst": _percent(np.abs(error).max()),
                "coverage": _percent(np.mean(held)),
                "width": _percent(np.median(wide)),
                "settled": _percent(settled.mean()),
                "settled_error": _percent(np.abs(error[settled]).mean()) if settled.any() else None,
                "settled_worst": _percent(np.abs(error[settled]).max()) if settled.any() else None,
            }
            for method in ("distance", "buffer"):
                if f"{method}_ha" in use[0]:
                    other = np.array([row[f"{method}_ha"] for row in use]) / truth - 1
                    line[f"{method}_error"] = _percent(np.abs(other).mean())
            lines.append(line)
    return lines


def speed(seed: int) -> list[dict[str, Any]]:
    """Fixes per CPU second, closing and interval included, beside the buffer union of the same tracks.

    A field of 18 ha and 50,000 s; and the small fields of the first seeds, where fixed costs count.
    """
    rng = np.random.default_rng([seed, 5])
    work = make_field_work("rectangle", "back-and-forth", 2.5, rng, length_m=600, breadth_m=300, headland_rounds=2)
    lines = []
    for name, step_s in (("rtk", 1.0), ("drift-0.5", 1.0), ("drift-1", 1.0), ("drift-0.5", 5.0)):
        track = observe(work.t_s, work.x_m, work.y_m, step_s, ERRORS[name], rng, working=work.working)
        lines.append(_timed(f"18 ha, {name} {step_s:g} s", [(track, 2.5)]))
    for name in ("drift-0.5 1 s", "drift-0.5 5 s"):
        cases = [case for number in range(seed, seed + 8) for case in make_cases(number) if case.name == name]
        lines.append(_timed(f"small fields, {name}", [(case.track, case.work.width_m) for case in cases]))
    return lines


def _timed(name: str, tracks: Sequence[tuple[Track, float]]) -> dict[str, Any]:
    fixes = sum(len(track) for track, _ in tracks)
    own, other = [], []
    for _ in range(3):
        begin = time.process_time()
        for track, width_m in tracks:
            survey(track, width_m=width_m)
        own.append(time.process_time() - begin)
        begin = time.process_time()
        for track, width_m in tracks:
            buffer_union_ha(track, width_m, None)
        other.append(time.process_time() - begin)
    return {
        "name": name,
        "fixes": fixes,
        "own": round(fixes / min(own)),
        "buffer": round(fixes / min(other)),
        "times": round(min(other) / min(own), 2),
    }


def _percent(share: float) -> float:
    return round(float(share) * 100, 2)
