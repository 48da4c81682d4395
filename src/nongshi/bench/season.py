"""`nongshi bench season`: how good, how fast and how honest the season's forecast is, on made-up seasons.

Sowings, fields and jobs are made up (nongshi.synthetic.season_world, by rules that are not the forecast's); the weather
is made up too, or measured where a table of five years is given.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from nongshi.agronomy.weather import Daily
from nongshi.bench.season_years import left_out
from nongshi.core.region import WorkRate
from nongshi.core.season import Season, SeasonOperation
from nongshi.forecast.ahead import look_ahead
from nongshi.forecast.arrays import Floats
from nongshi.forecast.backlog_model import build_model
from nongshi.forecast.backlog_solve import Program, make_sides, solve_all
from nongshi.forecast.capacity import make_fleet, make_works
from nongshi.forecast.hours import by_period
from nongshi.forecast.posted import posted_by_day
from nongshi.forecast.prices import machine_unit, make_prices, operator_rows, saved_fen
from nongshi.forecast.prices_checked import dearest
from nongshi.forecast.rolling import roll
from nongshi.forecast.scores import Score, score
from nongshi.synthetic.season_world import MadeSeason, make_season

LOAD = 1.3
LAST_YEAR_D = 364  # the same week day of the year before
PRICE_STEP_H = 0.25
PRICE_SCENARIOS = 20
Step = Callable[[str], None] | None


def bench_scores(years: Daily | None, seeds: Sequence[int], *, on_step: Step = None) -> list[dict[str, Any]]:
    """Pinball loss, coverage and skill on seasons whose year's weather the forecast has not seen.

    Args:
        years: measured weather; each whole year is left out in turn. None: made-up weather, a season a seed.
        seeds: of sowings and jobs.
        on_step: told of every season.
    """
    rows = []
    for year, weather in [(2027, None)] if years is None else left_out(years):
        for seed in seeds:
            made = make_season(seed=seed, year=year, weather=weather, load=LOAD, scenarios=200)
            for weeks, history in ((0, True), (8, True), (16, True), (0, False)):
                season = replace(made.season, today=made.season.first_day + timedelta(weeks=weeks))
                known = season if history else replace(season, stages=(), posted=())
                found = _score(known, made, weeks)
                row = {"year": year, "seed": seed, "weeks_in": weeks, "history": history}
                rows.append(row | found.as_dict())
            if on_step:
                on_step(f"{year}, seed {seed}: coverage {rows[-4]['coverage_80']:.3f}")
    return rows


def _score(known: Season, made: MadeSeason, weeks_in: int) -> Score:
    """Weekly demand of every town and operation from the day of the forecast on, against what was posted."""
    ahead = look_ahead(known, made.weather)
    actual = posted_by_day(made.season.posted, ahead.demand)
    moved = replace(ahead.demand, first_day=ahead.demand.first_day - timedelta(days=LAST_YEAR_D))
    before = posted_by_day(made.season.posted, moved)

    def weekly(daily: Floats, axis: int) -> Floats:
        found = by_period(daily, ahead.weeks, axis=axis)
        return np.asarray(found[..., weeks_in:, :])

    return score(weekly(ahead.demand.released_ha, 2), weekly(actual, 1), weekly(before, 1))


def bench_speed(towns: int, weeks: int, operations: int, scenarios: int, *, seed: int) -> dict[str, Any]:
    """CPU seconds of scenarios and of solving all of them, for a season of a size."""
    made = make_season(towns=towns, weeks=weeks, seed=seed, scenarios=scenarios, load=LOAD, history=False)
    season = _with_operations(made.season, operations)
    look_ahead(season, made.weather, scenarios=10)  # warm
    began = time.process_time()
    ahead = look_ahead(season, made.weather)
    wanted = ahead.wanted(ahead.weeks)
    built = time.process_time()
    model = build_model(wanted, make_works(ahead.season), make_fleet(ahead.season, ahead.weeks))
    program = Program(model)
    solved = solve_all(model, make_sides(model, wanted), program=program)
    ended = time.process_time()
    return {
        "towns": towns,
        "weeks": weeks,
        "operations": len(ahead.names.operations),
        "scenarios": scenarios,
        "rows": model.rows,
        "columns": model.columns,
        "parts": len(program.parts),
        "scenario_cpu_s": round(built - began, 2),
        "solve_cpu_s": round(ended - built, 2),
        "cpu_s": round(ended - began, 2),
        "mean_loss_yuan": round(float(solved.cost_fen(model).mean()) / 100, 0),
    }


def bench_rolling(seeds: Sequence[int], *, seasons: int, on_step: Step = None) -> list[dict[str, Any]]:
    """Loss of seasons lived through without foresight over that of the same seasons with it."""
    rows = []
    for seed in seeds:
        made = make_season(seed=seed, load=LOAD, scenarios=100)
        ahead = look_ahead(made.season, made.weather)
        wanted = ahead.wanted(ahead.weeks)
        model = build_model(wanted, make_works(ahead.season), make_fleet(ahead.season, ahead.weeks))
        program = Program(model)
        seen = solve_all(model, make_sides(model, wanted), program=program).cost_fen(model)
        lived = np.unique(np.linspace(0, len(seen) - 1, seasons).round().astype(np.int64))
        decided = roll(model, wanted, lived, program=program) @ (model.cost - model.wait_cost)
        rows.append(
            {
                "seed": seed,
                "seasons": len(lived),
                "foresight_yuan": round(float(seen[lived].mean()) / 100, 2),
                "rolling_yuan": round(float(decided.mean()) / 100, 2),
                "ratio": round(float(decided.sum() / max(seen[lived].sum(), 1e-9)), 4),
            }
        )
        if on_step:
            on_step(f"seed {seed}: rolling over foresight {rows[-1]['ratio']:.3f}")
    return rows


def bench_prices(seed: int, *, cells: int = 20) -> list[dict[str, Any]]:
    """The dearest prices beside what a little more saves when the same scenarios are solved again."""
    made = make_season(seed=seed, load=LOAD, scenarios=100)
    ahead = look_ahead(made.season, made.weather)
    wanted = ahead.wanted(ahead.weeks)
    model = build_model(wanted, make_works(ahead.season), make_fleet(ahead.season, ahead.weeks))
    program, sides = Program(model), make_sides(model, wanted)
    some = np.arange(0, 100, 100 // PRICE_SCENARIOS)
    prices = make_prices(model, wanted, sides, some, program=program)
    machine, operator = dearest(prices.machine_fen_h, cells // 2), dearest(prices.operator_fen_h, cells - cells // 2)
    rows_of = operator_rows(model)
    saved, told = np.zeros((2, len(machine) + len(operator)))
    for n, s in enumerate(some):
        units = [machine_unit(model, wanted, int(s), *cell) for cell in machine]
        units += [(rows_of[cell], np.ones(len(rows_of[cell]))) for cell in operator]
        stepped = [(rows, PRICE_STEP_H * amounts) for rows, amounts in units]
        saved += saved_fen(program, sides, int(s), stepped) / PRICE_STEP_H
        told += np.array(
            [prices.machine_fen_h[n][cell] for cell in machine] + [prices.operator_fen_h[n][cell] for cell in operator]
        )
    return [
        {
            "what": "machine" if n < len(machine) else "operator",
            "town": ahead.names.towns[cell[0]],
            "week": cell[1],
            "class": (ahead.names.classes if n < len(machine) else ahead.names.licences)[cell[2]],
            "price_yuan_h": round(told[n] / len(some) / 100, 2),
            "saved_yuan_h": round(saved[n] / len(some) / 100, 2),
            "ratio": round(float(saved[n] / told[n]), 4),
        }
        for n, cell in enumerate([*machine, *operator])
    ]


def _with_operations(season: Season, count: int) -> Season:
    """The season with so many operations: the first ones, or rounds of spraying and tilling as ones of their own."""
    rows: list[SeasonOperation] = list(season.operations)
    rates = list(season.region.work_rates)
    names = list(dict.fromkeys(row.operation for row in rows))
    if len(names) > count:
        kept = set(names[:count])
        return replace(season, operations=tuple(row for row in rows if row.operation in kept))
    number = 0
    for n, row in enumerate(rows):
        first = next(m for m, other in enumerate(rows) if other.operation == row.operation)
        if len(names) < count and n != first:
            number += 1
            name = f"{row.operation}_{number}"
            names.append(name)
            rates += [
                WorkRate(machine_class=r.machine_class, operation=name, rate_ha_h=r.rate_ha_h, source=r.source)
                for r in season.region.work_rates
                if r.operation == row.operation
            ]
            rows[n] = replace(row, operation=name)
    return replace(season, operations=tuple(rows), region=replace(season.region, work_rates=tuple(rates)))


def summarise(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Each target beside what was measured."""
    lines = []
    scores = [row for row in figures.get("scores", []) if row["history"]]
    if scores:
        weight = np.array([row["cells"] for row in scores], float)
        covered = float(np.average([row["coverage_80"] for row in scores], weights=weight))
        lines.append(
            _line("80 % interval covers, all days of forecast", "0.75 to 0.85", covered, 0.75 <= covered <= 0.85)
        )
        for weeks in sorted({row["weeks_in"] for row in scores}):
            some = [row for row in scores if row["weeks_in"] == weeks]
            for key in ("coverage_80", "mase", "skill"):
                mean = float(np.mean([row[key] for row in some]))
                lines += [_line(f"{key}, {weeks} weeks in", "", mean, None)]
    for row in figures.get("speed", []):
        limit = 3.0 if row["towns"] <= 5 else 120.0
        size = f"{row['towns']} x {row['weeks']} x {row['operations']} x {row['scenarios']}"
        lines.append(_line(f"CPU-s, {size}", f"<= {limit:g}", row["cpu_s"], row["cpu_s"] <= limit))
    if figures.get("rolling"):
        seen = sum(row["foresight_yuan"] for row in figures["rolling"])
        ratio = sum(row["rolling_yuan"] for row in figures["rolling"]) / max(seen, 1e-9)
        lines.append(_line("loss without foresight over with it", "<= 1.15", ratio, ratio <= 1.15))
    if figures.get("prices"):
        worst = max(abs(row["ratio"] - 1) for row in figures["prices"])
        near = sum(abs(row["ratio"] - 1) <= 0.05 for row in figures["prices"])
        lines.append(_line(f"prices within 5 %, of {len(figures['prices'])}", "all", near, worst <= 0.05))
    return lines


def _line(what: str, target: str, measured: float, met: bool | None) -> dict[str, Any]:
    return {"what": what, "target": target, "measured": round(measured, 4), "met": met}
