"""A forecast as plain values, "nongshi-season/1" (docs/formats.md): yuan, hectares, hours, dates as text."""

from datetime import timedelta
from typing import Any

import numpy as np

from nongshi.agronomy import OPERATIONS
from nongshi.core.units import FEN_PER_YUAN
from nongshi.forecast.ahead import Ahead
from nongshi.forecast.arrays import Floats
from nongshi.forecast.hours import by_period
from nongshi.forecast.shortage import Shortage, operator_shortages, usual_rates

FORMAT = "nongshi-season/1"
LEVELS = (0.1, 0.5, 0.9)
KEYS = ("p10", "p50", "p90")
LEAST = 0.05  # hectares, hours or yuan an hour below which a row is left out
Values = dict[str, Any]


def demand_answer(ahead: Ahead) -> Values:
    """Head, demand by week and demand of the next days."""
    season = ahead.season
    weeks = by_period(ahead.demand.released_ha, ahead.weeks, axis=2)
    days, rate_ha_h = ahead.days_ahead, usual_rates(ahead)
    soon = by_period(ahead.demand.released_ha, days, axis=2) if days else None
    return {
        "format": FORMAT,
        "region": season.region.name,
        "synthetic": season.region.synthetic,
        "as_of": season.today.isoformat(),
        "first_day": season.first_day.isoformat(),
        "weeks": season.weeks,
        "scenarios": len(ahead.demand.released_ha),
        "seed": season.seed,
        "said": [{"zh": one.zh, "en": one.en} for one in ahead.said],
        "towns": [{"town": t.name, "lon": t.lon, "lat": t.lat, "people": t.people} for t in season.towns],
        "operations": _operations(ahead),
        "demand": _demand(ahead, weeks, rate_ha_h, ahead.weeks, "week"),
        "whole": _whole(ahead, weeks, rate_ha_h),
        "days": [] if soon is None else _demand(ahead, soon, rate_ha_h, days, "date"),
    }


def season_answer(shortage: Shortage, *, days: Shortage | None = None) -> Values:
    """The whole answer; `days` is the shortage of the next days, one by one."""
    ahead = shortage.ahead
    answer = demand_answer(ahead)
    answer["shortage"] = _shortage(shortage, "week")
    answer["shortage_days"] = [] if days is None else _shortage(days, "date")
    answer["operator_shortage"] = _operator_shortage(shortage)
    answer["prices"] = _prices(shortage)
    answer["totals"] = totals(shortage)
    return answer


def forecast_answer(ahead: Ahead) -> Values:
    """The answer of a forecast alone: nothing is said about what will be short."""
    answer = demand_answer(ahead)
    return answer | {"shortage": [], "shortage_days": [], "operator_shortage": [], "prices": [], "totals": {}}


def totals(shortage: Shortage) -> Values:
    """Loss of the season with foresight and without, and what it is made of."""
    return {
        "loss_yuan": summary(shortage.cost_fen / FEN_PER_YUAN),
        "rolling_loss_yuan": summary(shortage.rolled_fen / FEN_PER_YUAN),
        "foresight_ratio": round(shortage.foresight_ratio, 4),
        "parts_yuan": {name: round(float(fen.mean()) / FEN_PER_YUAN, 2) for name, fen in shortage.shares_fen.items()},
        "late_ha": summary(shortage.short_ha.sum(axis=(1, 2, 3))),
        "short_h": summary(shortage.short_h.sum(axis=(1, 2, 3))),
    }


def summary(values: Floats) -> Values:
    """10, 50, 90 % and mean of one number a scenario; nulls where there is no scenario."""
    if not len(values):
        return {"p10": None, "p50": None, "p90": None, "mean": None}
    levels = np.quantile(values, LEVELS)
    return {key: round(float(v), 2) for key, v in zip(KEYS, levels, strict=True)} | {
        "mean": round(float(values.mean()), 2)
    }


def _operations(ahead: Ahead) -> list[Values]:
    usual = {row.operation: row.machine_class for row in reversed(ahead.season.operations)}
    kinds = ahead.season.region.class_of
    found = []
    for name in ahead.names.operations:
        known, kind = OPERATIONS.get(name), kinds.get(usual[name])
        found.append(
            {
                "id": name,
                "name_zh": known.name_zh if known else name,
                "name_en": known.name_en if known else name,
                "licence": kind.licence if kind else None,
                "machine_class": usual[name],
            }
        )
    return found


def _place(shortage_ahead: Ahead, edges: tuple[int, ...], i: int, t: int, key: str) -> Values:
    """Town and period as every row begins."""
    start = (shortage_ahead.season.first_day + timedelta(days=edges[t])).isoformat()
    place: Values = {"town": shortage_ahead.names.towns[i]}
    return place | ({"week": t, "start": start} if key == "week" else {"date": start})


def _levels(values: Floats) -> Values:
    return {key: round(float(v), 2) for key, v in zip(KEYS, values, strict=True)}


def _demand(ahead: Ahead, released: Floats, rate_ha_h: Floats, edges: tuple[int, ...], key: str) -> list[Values]:
    levels = np.quantile(released, LEVELS, axis=0)
    rows = []
    for i, o, t in np.ndindex(levels.shape[1], levels.shape[3], levels.shape[2]):
        if levels[2, i, t, o] >= LEAST:
            row = _place(ahead, edges, i, t, key) | {"operation": ahead.names.operations[o]}
            area = levels[:, i, t, o]
            rows.append(row | {"area_ha": _levels(area), "hours": _levels(area / rate_ha_h[o])})
    return rows


def _whole(ahead: Ahead, released: Floats, rate_ha_h: Floats) -> list[Values]:
    """Demand of all towns together: levels of towns do not add up, those of their sum stand here."""
    rows = _demand(ahead, released.sum(axis=1, keepdims=True), rate_ha_h, ahead.weeks, "week")
    return [{key: value for key, value in row.items() if key != "town"} for row in rows]


def _shortage(shortage: Shortage, key: str) -> list[Values]:
    ahead, kinds = shortage.ahead, shortage.ahead.season.region.class_of
    usual = {row.operation: row.machine_class for row in reversed(ahead.season.operations)}
    tables = shortage.short_h, shortage.late_ha, shortage.loss_fen / FEN_PER_YUAN
    short, late, loss = (np.quantile(table, LEVELS, axis=0) for table in tables)
    means = [table.mean(axis=0) for table in tables]
    rows = []
    for i, o, t in np.ndindex(means[0].shape[0], means[0].shape[2], means[0].shape[1]):
        if means[0][i, t, o] < LEAST and means[2][i, t, o] < LEAST:
            continue
        name = ahead.names.operations[o]
        kind = kinds.get(usual[name])
        row = _place(ahead, shortage.edges, i, t, key) | {"operation": name, "machine_class": usual[name]}
        row["licence"] = kind.licence if kind else None
        for column, levels, mean in zip(("short_h", "late_ha", "loss_yuan"), (short, late, loss), means, strict=True):
            row[column] = _levels(levels[:, i, t, o]) | {"mean": round(float(mean[i, t, o]), 2)}
        rows.append(row)
    return rows


def _operator_shortage(shortage: Shortage) -> list[Values]:
    rows = []
    for one in operator_shortages(shortage):
        levels = np.quantile(np.array(one.short_h), LEVELS)
        rows.append(
            {
                "town": one.town,
                "week": one.week,
                "start": one.week_start.isoformat(),
                "licence": one.licence,
                "short_h": _levels(levels) | {"mean": round(one.mean_h, 2)},
                "short_h_scenarios": list(one.short_h),
                "price_yuan_h": one.price_fen_h / FEN_PER_YUAN,
                "idle_machines": one.idle_machines,
                "operator_h": one.operator_h,
            }
        )
    return rows


def _prices(shortage: Shortage) -> list[Values]:
    """Yuan that an hour more would save, by what, town and week; dryers stand for the whole region."""
    ahead, prices = shortage.ahead, shortage.prices
    rows: list[Values] = []
    if not len(prices.machine_fen_h):
        return rows
    for what, table, names in (
        ("machine", prices.machine_fen_h, ahead.names.classes),
        ("operator", prices.operator_fen_h, ahead.names.licences),
    ):
        mean = table.mean(axis=0) / FEN_PER_YUAN
        for i, t, x in zip(*np.nonzero(mean >= LEAST), strict=True):
            row = {"what": what} | _place(ahead, shortage.edges, int(i), int(t), "week")
            rows.append(row | {"class": names[x], "yuan_h": round(float(mean[i, t, x]), 2)})
    dryers = ahead.season.region.dryers
    if dryers:
        t_h = sum(dryer.t_day for dryer in dryers) / len(dryers) / 24
        mean = prices.dryer_fen_t.mean(axis=0) * t_h / FEN_PER_YUAN
        for t in np.flatnonzero(mean >= LEAST):
            row = {"what": "dryer"} | _place(ahead, shortage.edges, 0, int(t), "week") | {"town": ""}
            rows.append(row | {"class": "", "yuan_h": round(float(mean[t]), 2)})
    return rows
