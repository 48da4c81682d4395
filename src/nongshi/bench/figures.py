"""Ratios between engines, and the measured figures beside the targets."""

from collections.abc import Callable, Iterable
from statistics import mean
from typing import Any

RULES = ("edd", "nearest")  # the better of the two is the honest measure of what simple rules reach
REFERENCES = ("ortools", "ortools-warm", "pyvrp")
GAP_TARGETS = {0.6: 0.01, 1.0: 0.05, 1.3: 0.06}


def with_ratios(case: dict[str, Any]) -> dict[str, Any]:
    """The case with its common bound, and each row's gap, km a hectare, served share and ratios.

    The common bound is the least of all proven on the region: each is valid, so the least is.
    """
    rows = case["engines"]
    bounds = [row["bound_yuan"] for row in rows.values() if row["bound_yuan"] is not None]
    bound = min(bounds) if bounds else None
    best = max((rows[name]["value_yuan"] for name in REFERENCES if name in rows), default=None)
    best_rule = max((rows[name]["value_yuan"] for name in RULES if name in rows), default=None)
    phone = rows.get("edd")
    for row in rows.values():
        value = row["value_yuan"]
        row["gap"] = None if bound is None or value <= 0 else bound / value - 1
        row["km_ha"] = _over(row["km"], row["area_ha"])
        row["served_share"] = _over(row["area_ha"], row["wanted_ha"])
        row["to_edd"] = None if phone is None else _over(value, phone["value_yuan"])
        row["to_best_rule"] = None if best_rule is None else _over(value, best_rule)
        row["to_best_reference"] = None if best is None else _over(value, best)
        row["km_ha_to_edd"] = None
    for row in rows.values():
        if phone is not None and row["km_ha"] is not None and phone["km_ha"]:
            row["km_ha_to_edd"] = _over(row["km_ha"], phone["km_ha"])
    return {**case, "bound_yuan": bound}


def _over(number: float, divisor: float) -> float | None:
    return number / divisor if divisor > 0 else None


def summarise(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Each target beside what was measured; `met` is None where nothing was measured for it."""
    cases = figures["cases"]
    rows = [row for case in cases for row in case["engines"].values()]
    accepted = sum(row["accepted"] for row in rows)
    lines = [_line("plans accepted by the verifier", f"all {len(rows)}", accepted, lambda x: x == len(rows))]
    peak = [case for case in cases if case["load"] >= 1.0]
    to_edd, km = _own(peak, "to_edd"), _own(peak, "km_ha_to_edd")
    to_rule = _own(peak, "to_best_rule")
    to_best = _own(cases, "to_best_reference")
    lines += [
        _line("value to the phone dispatcher, load 1.0 and above, mean", ">= 1.06", _mean(to_edd), lambda x: x >= 1.06),
        _line("value to the better of edd and nearest, same, mean", ">= 1.06", _mean(to_rule), _least(1.06)),
        _line("km a hectare to the phone dispatcher, same, mean", "<= 0.75", _mean(km), lambda x: x <= 0.75),
        _line("value to the best of OR-Tools and PyVRP, mean", ">= 1.02", _mean(to_best), lambda x: x >= 1.02),
        _line("the same, least", ">= 1.00", min(to_best, default=None), lambda x: x >= 1.0),
    ]
    for load, most in GAP_TARGETS.items():
        gaps = _own([case for case in cases if case["load"] == load], "gap")
        lines.append(_line(f"gap at load {load}, mean", f"<= {most}", _mean(gaps), _most(most)))
    for fields, most_s in ((1000, 15.0), (3000, 35.0)):
        used = _own([case for case in cases if case["fields"] == fields], "cpu_s")
        lines.append(
            _line(f"CPU-s at {fields:,} fields, most", f"<= {most_s:g}", max(used, default=None), _most(most_s))
        )
    memory = _own([case for case in cases if case["fields"] == 3000], "rss_mb")
    lines.append(_line("peak memory at 3,000 fields, MB, most", "<= 500", max(memory, default=None), _most(500)))
    return lines + _tiny(figures.get("tiny")) + _start(figures.get("start"))


def _tiny(tiny: dict[str, Any] | None) -> list[dict[str, Any]]:
    if tiny is None:
        return []
    need = 0.99 * tiny["regions"]
    return [
        _line(
            "tiny regions solved to the optimum", f">= 99 % of {tiny['regions']}", tiny["solved"], lambda x: x >= need
        ),
        _line("tiny regions with a bound below the optimum", "0", tiny["bound_below"], lambda x: x == 0),
    ]


def _start(start: dict[str, Any] | None) -> list[dict[str, Any]]:
    if start is None:
        return []
    return [
        _line("`nongshi --help`, s", "<= 0.4", start["help_s"], _most(0.4)),
        _line("read and check 3,000 fields, s", "<= 2", start["check_s"], _most(2.0)),
    ]


def _most(limit: float) -> Callable[[float], bool]:
    return lambda measured: measured <= limit


def _least(limit: float) -> Callable[[float], bool]:
    return lambda measured: measured >= limit


def _own(cases: Iterable[dict[str, Any]], key: str) -> list[float]:
    found = [case["engines"]["own"][key] for case in cases if "own" in case["engines"]]
    return [number for number in found if number is not None]


def _mean(numbers: list[float]) -> float | None:
    return mean(numbers) if numbers else None


def _line(what: str, target: str, measured: float | None, met: Callable[[float], bool]) -> dict[str, Any]:
    return {"what": what, "target": target, "measured": measured, "met": None if measured is None else met(measured)}
