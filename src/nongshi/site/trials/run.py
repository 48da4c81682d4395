"""All trials of orders, one after another, on one database of their own; and what of the promises did not hold."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nongshi.site.trials.shop import own_database

FORMAT = "nongshi-bench-orders/1"


def bench_orders(
    parts: Sequence[str], given: Mapping[str, Mapping[str, Any]], on_step: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Figures by part; `broken` names the promises that did not hold, whatever the speed."""
    with own_database() as vendor:
        from nongshi.site.trials.kill import bench_kill
        from nongshi.site.trials.load import bench_load
        from nongshi.site.trials.race import bench_race
        from nongshi.site.trials.season import bench_season

        trials: dict[str, Callable[..., dict[str, Any]]] = {
            "load": bench_load, "race": bench_race, "season": bench_season, "kill": bench_kill,
        }  # fmt: skip
        figures: dict[str, Any] = {
            "format": FORMAT, "generated": True, "database": vendor, "machine_load": os.getloadavg()[0],
            "loop_ns": _loop_ns(), "broken": [],
        }  # fmt: skip
        for name in parts:
            if on_step is not None:
                on_step(name)
            figures[name] = trials[name](**given[name])
            figures["broken"] += [f"{name}: {words}" for words in broken(name, figures[name])]
    return figures


def broken(name: str, found: Mapping[str, Any]) -> list[str]:
    """Promises that a part's figures do not keep."""
    wrong = [str(fault) for fault in found.get("faults", ())]
    equal: dict[str, tuple[tuple[str, str], ...]] = {
        "load": (("booked", "bookings"),),
        "race": (("won", "places"), ("places_taken", "places")),
        "season": (("settled", "orders"), ("sheets", "orders")),
        "kill": (),
    }
    wrong += [
        f"{one} is {found[one]}, {other} {found[other]}" for one, other in equal[name] if found[one] != found[other]
    ]
    wrong += [f"{key} is {found[key]}" for key in ("lost", "incomplete", "sum_fen") if found.get(key)]
    if name == "race" and not found["complete"]:
        wrong.append("a process ended before it had answered")
    return wrong


def _loop_ns() -> float:
    """CPU time of one step of a plain loop: how fast this machine is just now, to read the other figures by."""
    begin_s = time.process_time()
    total = 0
    for i in range(1_000_000):
        total += i
    return round((time.process_time() - begin_s) * 1000, 1)
