"""`nongshi bench scale`: what a plan of a whole province costs, and what more workers would make of it."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from nongshi.core.errors import BadInput
from nongshi.files.whole import write_whole

CPU_MS_JOB_MAX = 12.0  # the project's targets, for 100,000 jobs
RSS_MB_MAX = 1500.0
WORKERS_SHOWN = (2, 8, 32)

HEAD = (
    "jobs", "machines", "pieces", "workers", "value, yuan", "served %", "CPU ms/job", "wall s",
    "MB", "MB worker", "serial %", "longest piece s",
    *(f"speed-up {n}" for n in WORKERS_SHOWN), "same plan", "accepted",
)  # fmt: skip


def bench_scale(
    jobs: Sequence[int] = (10_000, 30_000, 100_000),
    workers: Sequence[int] = (1, 2),
    *,
    seed: int = 1,
    iterations_per_job: float,
    season: str = "rice-harvest",
    out: Path = Path("out/bench"),
    on_step: Callable[[str], None] | None = None,
    show: bool = True,
) -> dict[str, Any]:
    """Plan provinces of each size with each number of workers; writes `scale.json` into `out`.

    Every run is a process of its own, so that its memory is its own. `same_plan` compares the plans of one size
    byte for byte; the first of each size is also judged by the verifier.

    Raises:
        BadInput: nothing to run.
        RuntimeError: a run failed; its last words are in the message.
    """
    if not (jobs and workers):
        raise BadInput("nothing to run: give at least one number of jobs and of workers")
    rows: list[dict[str, Any]] = []
    for size in jobs:
        first: dict[str, Any] | None = None
        for count in workers:
            if on_step is not None:
                on_step(f"{size:,} jobs, {count} worker(s)")
            case = {"jobs": size, "workers": count, "seed": seed, "season": season, "check": first is None}
            row = run_alone(**case, iterations_per_job=iterations_per_job)
            first = first or row
            row["same_plan"] = row["digest"] == first["digest"]
            rows.append(row)
    head = {"season": season, "seed": seed, "iterations_per_job": iterations_per_job}
    figures = {"format": "nongshi-bench-scale/1", **head, "runs": rows, "summary": summarise(rows)}
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "scale.json", json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    if show:
        print_scale(figures)
    return figures


def run_alone(**case: Any) -> dict[str, Any]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "nongshi.bench.scale_child", json.dumps(case)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{case} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def summarise(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The targets beside the worst of all runs."""
    cpu_ms = max(row["cpu_ms_job"] for row in rows)
    rss_mb = max(max(row["rss_mb"], row["worker_rss_mb"]) for row in rows)
    same = all(row["same_plan"] for row in rows)
    broken = [row for row in rows if row["accepted"] is False]
    return [
        {"what": "CPU ms a job, most", "target": CPU_MS_JOB_MAX, "measured": cpu_ms, "met": cpu_ms <= CPU_MS_JOB_MAX},
        {"what": "MB a process, most", "target": RSS_MB_MAX, "measured": rss_mb, "met": rss_mb <= RSS_MB_MAX},
        {"what": "same plan, any workers", "target": True, "measured": same, "met": same},
        {"what": "plans that break rules", "target": 0, "measured": len(broken), "met": not broken},
    ]


def print_scale(figures: dict[str, Any]) -> None:
    """Tables on stderr, so that stdout stays free for JSON."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        console.width = 200  # a log has no edge at which to cut figures
    table = Table(*HEAD, title=f"Provinces, {figures['season']}, {figures['iterations_per_job']:g} steps a job")
    for row in figures["runs"]:
        table.add_row(*_cells(row))
    console.print(table)
    targets = Table("what", "target", "measured", "met", title="Targets")
    for line in figures["summary"]:
        shown = (
            f"{value:,.1f}" if isinstance(value, float) else str(value) for value in (line["target"], line["measured"])
        )
        targets.add_row(line["what"], *shown, "yes" if line["met"] else "NO")
    console.print(targets)


def _cells(row: dict[str, Any]) -> list[str]:
    words = {True: "yes", False: "NO", None: "-"}
    return [
        f"{row['jobs']:,}",
        f"{row['machines']:,}",
        str(row["pieces"]),
        str(row["workers"]),
        f"{row['value_yuan']:,.0f}",
        f"{100 * row['served_share']:.1f}",
        f"{row['cpu_ms_job']:.2f}",
        f"{row['wall_s']:.1f}",
        f"{row['rss_mb']:.0f}",
        f"{row['worker_rss_mb']:.0f}",
        f"{100 * row['serial_share']:.2f}",
        f"{row['longest_piece_s']:.2f}",
        *(f"{row['speed_up'][str(n)]:.1f}" for n in WORKERS_SHOWN),
        words[row["same_plan"]],
        words[row["accepted"]],
    ]
