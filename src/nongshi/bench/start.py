"""How long a user waits for the first word: `--help`, and reading and checking a large folder."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from nongshi.bench.child import plan_by_rules
from nongshi.files.plan_files import write_plan
from nongshi.files.region_writer import write_region
from nongshi.synthetic import make_region

COMMAND = (sys.executable, "-c", "from nongshi.cli.main import run; run()")


def bench_start(*, fields: int = 3000, times: int = 5) -> dict[str, Any]:
    """Median wall seconds of whole processes: `nongshi --help`, and `nongshi check` of a generated folder and plan."""
    with tempfile.TemporaryDirectory() as parent:
        folder, plan_file = Path(parent) / "region", Path(parent) / "plan.json"
        region = make_region(fields=fields, machines=None, load=1.0, season="rice-harvest", seed=1, chains=False)
        write_region(region, folder)
        write_plan(plan_file, plan_by_rules(region, "edd"), zone=region.zone)
        return {
            "fields": fields,
            "times": times,
            "help_s": median_s(["--help"], times),
            "check_s": median_s(["check", str(folder), str(plan_file)], times),
        }


def median_s(arguments: Sequence[str], times: int) -> float:
    """Median wall seconds of a `nongshi` process.

    Raises:
        RuntimeError: the process failed.
    """
    taken = []
    for _ in range(times):
        began_s = time.perf_counter()
        done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
        taken.append(time.perf_counter() - began_s)
        if done.returncode != 0:
            raise RuntimeError(f"nongshi {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return median(taken)
