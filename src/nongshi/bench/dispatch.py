"""`nongshi bench dispatch`: every engine on the same generated regions, at equal CPU-seconds."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nongshi.bench.figures import summarise, with_ratios
from nongshi.bench.plot import svg_plot
from nongshi.bench.start import bench_start
from nongshi.bench.tables import markdown, print_tables
from nongshi.bench.tiny import bench_tiny
from nongshi.core.errors import BadInput, MissingExtra
from nongshi.dispatch.engines import ENGINES
from nongshi.files.whole import write_whole

CPU_S_BY_FIELDS = ((60, 5.0), (300, 8.0), (1000, 15.0), (3000, 35.0))  # the project's targets; between them a line
EXTRA_OF = {"ortools": "ortools", "ortools-warm": "ortools", "pyvrp": "pyvrp"}


def default_cpu_s(fields: int) -> float:
    """CPU-seconds that every engine gets on a region of so many fields."""
    sizes, seconds = zip(*CPU_S_BY_FIELDS, strict=True)
    return float(np.interp(fields, sizes, seconds))


def bench_dispatch(
    sizes: Sequence[int] = (60, 300, 1000),
    loads: Sequence[float] = (0.6, 1.0, 1.3),
    seeds: Sequence[int] = (1, 2, 3),
    engines: Sequence[str] = ("own", *ENGINES),
    out: Path = Path("out/bench"),
    cpu_s: float | None = None,
    on_step: Callable[[str], None] | None = None,
    *,
    tiny: int = 0,
    start: bool = False,
    show: bool = True,
) -> dict[str, Any]:
    """Run, judge, compare; writes `dispatch.json`, `dispatch.md` and `dispatch.svg` into `out`.

    Args:
        sizes: numbers of fields.
        loads: work wanted over work hours there are.
        seeds: of the generated regions.
        engines: `own` and any of the reference engines; `edd` is the phone dispatcher with a roster of his own.
        out: folder of the results.
        cpu_s: for each plan; None: :func:`default_cpu_s`.
        on_step: called with a line before each run.
        tiny: also compare so many tiny regions with their exhaustive optimum.
        start: also measure `--help`, and reading and checking a folder of 3,000 fields.
        show: print the tables on stderr.

    Raises:
        BadInput: no such engine, or nothing to run.
    """
    _check(sizes, loads, seeds, engines)
    figures: dict[str, Any] = {"format": "nongshi-bench/1", "season": "rice-harvest", "cases": []}
    if tiny:
        figures["tiny"] = bench_tiny(tiny)
    if start:
        figures["start"] = bench_start()
    cases = figures["cases"]
    for fields, load, seed in [(f, x, s) for x in loads for f in sizes for s in seeds]:
        rows = {}
        budget_s = default_cpu_s(fields) if cpu_s is None else cpu_s
        for engine in engines:
            if on_step is not None:
                on_step(f"{fields} fields, load {load}, seed {seed}: {engine}, {budget_s:g} CPU-s")
            rows[engine] = run_alone(fields=fields, load=load, seed=seed, engine=engine, cpu_s=budget_s)
        cases.append(with_ratios({"fields": fields, "load": load, "seed": seed, "cpu_s": budget_s, "engines": rows}))
    figures["summary"] = summarise(figures)
    write_results(figures, out)
    if show:
        print_tables(figures)
    return figures


def _check(sizes: Sequence[int], loads: Sequence[float], seeds: Sequence[int], engines: Sequence[str]) -> None:
    if not (sizes and loads and seeds and engines):
        raise BadInput("nothing to run: give at least one size, load, seed and engine")
    unknown = sorted(set(engines) - {"own", *ENGINES})
    if unknown:
        raise BadInput(f"no engine {', '.join(unknown)}; there are own, {', '.join(ENGINES)}")


def run_alone(**case: Any) -> dict[str, Any]:
    """One engine on one region in a process of its own.

    Raises:
        MissingExtra: the engine's package is not installed.
        RuntimeError: the process failed; its last words are in the message.
    """
    command = [sys.executable, "-m", "nongshi.bench.child", json.dumps(case)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return dict(json.loads(done.stdout.strip().splitlines()[-1]))
    engine = str(case["engine"])
    if "MissingExtra" in done.stderr:
        raise MissingExtra(EXTRA_OF[engine], extra="bench")
    raise RuntimeError(f"{engine} on {case} failed:\n{done.stderr[-2000:]}")


def write_results(figures: dict[str, Any], out: Path) -> None:
    """JSON for machines, Markdown for docs/benchmarks.md, and a plot."""
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "dispatch.json", json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    write_whole(out / "dispatch.md", markdown(figures))
    write_whole(out / "dispatch.svg", svg_plot(figures))
