"""A season.json drawn by hand: two towns, three weeks, tracked combines; small enough to count on paper."""

import json
from datetime import date, timedelta
from typing import Any

FIRST = date(2026, 10, 26)
TOWNS = ("廊下", "吕巷")


def spread(p10: float, p50: float, p90: float) -> dict[str, float]:
    """An interval."""
    return {"p10": p10, "p50": p50, "p90": p90}


def document(
    first: date = FIRST, *, short_h: tuple[float, float, float] = (0.0, 108.0, 216.0), **more: Any
) -> dict[str, Any]:
    """Langxia lacks 108 operator-hours in week 1 where one operator can work 54: two people; Lvxiang nothing."""
    weeks = [first + timedelta(weeks=n) for n in range(3)]

    def rows(**values: Any) -> list[dict[str, Any]]:
        return [
            {"town": town, "week": at, "start": str(start), **values}
            for town in TOWNS
            for at, start in enumerate(weeks)
        ]

    demand = rows(operation="rice_harvest", area_ha=spread(10, 20, 30), hours=spread(30, 60, 90))
    demand[1]["area_ha"] = spread(60, 100, 150)
    shortage = rows(
        operation="rice_harvest", machine_class="combine-full", licence="S", short_h=spread(0, 0, 0),
        late_ha=spread(0, 0, 0), loss_yuan=spread(0, 0, 0),
    )  # fmt: skip
    shortage[1] |= {"short_h": spread(0, 80, 160), "late_ha": spread(0, 20, 40), "loss_yuan": spread(0, 9000, 20000)}
    operators = rows(
        licence="S", short_h=spread(0, 0, 0), short_h_scenarios=[0.0] * 5, price_yuan_h=0.0, idle_machines=0.0,
        operator_h=54.0,
    )  # fmt: skip
    low, middle, high = short_h
    operators[1] |= {
        "short_h": spread(*short_h), "short_h_scenarios": [low, middle, middle, middle, high], "price_yuan_h": 95.0,
        "idle_machines": 2.4,
    }  # fmt: skip
    return {
        "format": "nongshi-season/1", "region": "五镇", "synthetic": True, "as_of": str(first - timedelta(days=20)),
        "first_day": str(first), "weeks": 3, "scenarios": 5, "seed": 1,
        "said": [{"zh": "没有历史单子：预测只按面积表。", "en": "No history of jobs: it follows the areas alone."}],
        "towns": [{"town": "廊下", "lon": 121.17, "lat": 30.8}, {"town": "吕巷", "lon": 121.1, "lat": 30.83}],
        "operations": [
            {"id": "rice_harvest", "name_zh": "水稻收割", "name_en": "rice harvest", "licence": "S",
             "machine_class": "combine-full"}
        ],
        "demand": demand, "days": [], "shortage": shortage, "operator_shortage": operators,
        "prices": [
            {"what": "operator", "town": "廊下", "week": 1, "start": str(weeks[1]), "class": "S", "yuan_h": 95.0},
            {"what": "machine", "town": "廊下", "week": 1, "start": str(weeks[1]), "class": "combine-full",
             "yuan_h": 40.0},
        ],
        "totals": {
            "loss_yuan": spread(1000, 9000, 20000) | {"mean": 10000.0},
            "rolling_loss_yuan": spread(1500, 11000, 24000) | {"mean": 12000.0}, "foresight_ratio": 1.2,
        },
    } | more  # fmt: skip


def text(*args: Any, **more: Any) -> str:
    """The same as a file."""
    return json.dumps(document(*args, **more), ensure_ascii=False)
