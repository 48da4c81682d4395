"""`nongshi bench imports`: lists of many rows looked at and taken over, each in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nongshi.core.errors import BadInput, MissingExtra

PROGRAM = [sys.executable, "-c", "from nongshi.cli.main import run; run()"]
LISTS = ("fields", "machines", "operators", "people", "jobs")  # jobs need fields: they come behind them


def bench_imports(
    *, rows: int = 20_000, lists: Sequence[str] = LISTS, seed: int = 1, on_step: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """CPU seconds of preview and of taking over, and peak memory: all rows new, then a cell changed in each.

    The site's home is thrown away; the files are generated. Peak memory is that of the whole process, Django included.

    Raises:
        BadInput: a list that there is not.
        MissingExtra: the site is not installed.
    """
    if find_spec("django") is None:
        raise MissingExtra("django", extra="site")
    if unknown := sorted(set(lists) - set(LISTS)):
        raise BadInput(f"there is no list {', '.join(unknown)}; there is: {', '.join(LISTS)}")
    tell, runs = on_step or (lambda words: None), []
    with tempfile.TemporaryDirectory(prefix="nongshi-imports-") as home:
        _manage(home, "migrate", "-v0")
        for name in LISTS:
            if name not in lists and not (name == "fields" and "jobs" in lists):
                continue
            for changed in (False, True):
                tell(f"{name}, {rows} rows{', each changed' if changed else ''}")
                found = _one(home, name, rows, seed, changed=changed)
                runs += [found] if name in lists else []
    return {"format": "nongshi-bench-imports/1", "rows": rows, "seed": seed, "load": round(os.getloadavg()[0], 1),
            "runs": runs}  # fmt: skip


def _one(home: str, name: str, rows: int, seed: int, *, changed: bool) -> dict[str, Any]:
    file = Path(home) / f"{name}.{'geojson' if name == 'fields' else 'xlsx'}"
    sizes = [f"--rows={rows}", f"--seed={seed}", *(["--changed"] if changed else [])]
    _manage(home, "measure_import", name, str(file), "--make", *sizes)
    return {"changed_file": changed, **json.loads(_manage(home, "measure_import", name, str(file)).splitlines()[-1])}


def _manage(home: str, *words: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NONGSHI_", "DATABASE_URL"))}
    done = subprocess.run(
        [*PROGRAM, "manage", *words], env=kept | {"NONGSHI_HOME": home}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BadInput(f"nongshi manage {words[0]} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout
