"""plan.xlsx: the plan as sheets that a dispatcher sorts and filters. Real dates and numbers; no formulas at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.core.units import mu, yuan
from nongshi.files.plan_rows import stop_rows
from nongshi.files.texts import CLASSES, ENGINES, LICENCES, OPERATIONS, REASONS, SYNTHETIC, zh
from nongshi.files.whole import write_whole

Cell = str | int | float | datetime | date | None
# A name starting with = or looking like a link stays a name.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
WIDTH_MAX = 46  # characters; longer texts are read in the cell line


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: its name, its header row, its rows."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_workbook(path: Path, region: Region, plan: Plan, *, baseline: Plan | None = None) -> None:
    """Write plan.xlsx; `baseline` is the phone dispatcher's plan, shown beside in the summary.

    Raises:
        OSError: the folder cannot be written to.
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN) as book:
        book.set_properties({"title": f"{region.name} 农时计划", "comments": SYNTHETIC[0] if region.synthetic else ""})
        book.set_properties({"created": datetime.combine(region.start_date, datetime.min.time())})
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#123F2D", "font_color": "#FFFFFF", "text_wrap": True}),
            "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "number": book.add_format({"num_format": "#,##0.00"}),
        }
        for sheet in make_workbook(region, plan, baseline=baseline):
            _write_sheet(book, sheet, formats)
    write_whole(path, buffer.getvalue())


def make_workbook(region: Region, plan: Plan, *, baseline: Plan | None = None) -> list[Sheet]:
    """The tables of the workbook, before any cell is formatted."""
    return [
        _summary(region, plan, baseline),
        _stops(region, plan),
        _unserved(region, plan),
        _crews(region, plan),
        _prices(plan),
        _assumptions(region),
    ]


def _summary(region: Region, plan: Plan, baseline: Plan | None) -> Sheet:
    rows: list[list[Cell]] = [
        ["区域 Region", region.name],
        ["开始 From", region.start_date],
        ["天数 Days", region.horizon_days],
        ["数据 Data", f"{SYNTHETIC[0]} {SYNTHETIC[1]}" if region.synthetic else "真实数据 real data"],
        ["算法 Engine", zh(ENGINES, plan.engine), None if baseline is None else zh(ENGINES, baseline.engine)],
    ]
    ours, theirs = _figures(plan), {} if baseline is None else _figures(baseline)
    for name, value in ours.items():
        other = theirs.get(name)
        ratio = value / other if value is not None and other else None
        rows.append([name, value, other, ratio])
    return Sheet(
        name="总览 Summary", heads=["项目 Item", "本计划 Plan", "电话派单 Phone dispatcher", "倍数 Ratio"], rows=rows
    )


def _figures(plan: Plan) -> dict[str, float | int | None]:
    totals = plan.totals
    return {
        "净收益 元 Value yuan": yuan(plan.objective_fen),
        "上限 元 Bound yuan": None if plan.bound is None else yuan(plan.bound.bound_fen),
        "差距（上限÷净收益−1） Gap": plan.gap,
        "作业价值 元 Served value yuan": yuan(totals.value_fen),
        "误农时损失 元 Loss by lateness yuan": yuan(totals.loss_fen),
        "转移费用 元 Move cost yuan": yuan(totals.move_cost_fen),
        "作业费用 元 Work cost yuan": yuan(totals.work_cost_fen),
        "面积 公顷 Area ha": totals.area_ha,
        "面积 亩 Area mu": mu(totals.area_ha),
        "转移 公里 Moves km": totals.km,
        "已安排作业 Jobs served": totals.jobs_served,
        "未派作业 Jobs unserved": totals.jobs_unserved,
    }


def _stops(region: Region, plan: Plan) -> Sheet:
    heads = (
        "农机 Machine,机型 Class,站 Stop,农机手 Operator,证件 Licence,作业单 Job,份 Part,地块 Field,地块名 Field name"
    )
    heads += ",村 Place,种植户 Grower,作业 Operation,亩 mu,公顷 ha,窗口始 Open,最佳期限 Due,窗口止 Close,出发 Depart"
    heads += ",到达 Arrive"
    heads += ",开工 Start,完工 End,晚几天 Days late,损失 元 Loss yuan,转移 公里 km"
    rows: list[list[Cell]] = []
    for row in stop_rows(region, plan):
        stop, job, field, kind = row.stop, row.job, row.field, region.class_of[row.machine.machine_class]
        about: list[Cell] = [job.id, stop.part, field.id, field.name, field.place, field.grower_id]
        cells: list[Cell] = [row.machine.id, zh(CLASSES, kind.id, kind.name), row.order, "; ".join(row.operator_ids)]
        cells += [kind.licence, *about, zh(OPERATIONS, job.operation), mu(stop.area_ha), stop.area_ha]
        cells += [job.open, job.due, job.close, stop.depart, stop.arrive, stop.start, stop.end]
        rows.append([*cells, row.late_d, yuan(row.loss_fen), stop.km])
    return Sheet(name="作业 Stops", heads=heads.split(","), rows=rows)


def _unserved(region: Region, plan: Plan) -> Sheet:
    heads = "作业单 Job,地块名 Field name,村 Place,作业 Operation,亩 mu,价值 元 Value yuan"
    heads += ",窗口始 Open,窗口止 Close,原因 Reason,说明,Text"
    rows: list[list[Cell]] = []
    for left in sorted(plan.unserved, key=lambda u: -region.job_of[u.job_id].value_fen):
        job = region.job_of[left.job_id]
        field = region.field_of[job.field_id]
        cells: list[Cell] = [job.id, field.name, field.place, zh(OPERATIONS, job.operation), mu(job.area_ha)]
        cells += [yuan(job.value_fen), job.open, job.close]
        rows.append([*cells, zh(REASONS, left.reason.value), left.text_zh, left.text])
    return Sheet(name="未派 Unserved", heads=heads.split(","), rows=rows)


def _crews(region: Region, plan: Plan) -> Sheet:
    rows: list[list[Cell]] = []
    for crew in plan.crews:
        kind = region.class_of[region.machine_of[crew.machine_id].machine_class]
        name = zh(CLASSES, kind.id, kind.name)
        rows.append([crew.date, crew.machine_id, name, crew.operator_id, kind.licence])
    heads = ["日期 Date", "农机 Machine", "机型 Class", "农机手 Operator", "证件 Licence"]
    return Sheet(name="班组 Crews", heads=heads, rows=rows)


def _prices(plan: Plan) -> Sheet:
    machine_prices = () if plan.bound is None else plan.bound.machine_prices
    licence_prices = () if plan.bound is None else plan.bound.licence_prices
    rows: list[list[Cell]] = []
    for price in machine_prices:
        rows += _price_rows("机时 machine-hour", zh(CLASSES, price.machine_class), price.fen_h_by_day)
    for licence in licence_prices:
        rows += _price_rows("工时 operator-hour", zh(LICENCES, licence.licence), licence.fen_h_by_day)
    return Sheet(name="单价 Prices", heads=["类别 Kind", "名称 Name", "日期 Date", "元/小时 Yuan per hour"], rows=rows)


def _price_rows(kind: str, name: str, fen_h_by_day: Mapping[date, float]) -> list[list[Cell]]:
    return [[kind, name, day, yuan(fen_h)] for day, fen_h in sorted(fen_h_by_day.items())]


def _assumptions(region: Region) -> Sheet:
    rows: list[list[Cell]] = [["绕行系数 Detour", region.detour, "× 直线距离", "region.toml", None]]
    for rate in region.work_rates:
        name = f"{zh(CLASSES, rate.machine_class)} {zh(OPERATIONS, rate.operation)}"
        rows.append([name, rate.rate_ha_h, "ha/h", rate.source, None])
    for curve in region.loss_curves:
        points = zip(curve.days_late, curve.loss_share, strict=True)
        rows += [
            [f"误期损失 {curve.id} 晚 {late_d:g} 天", share, "", "loss_curves.csv", None] for late_d, share in points
        ]
    for item in region.extra.get("assumptions", []):
        if isinstance(item, Mapping):
            rows.append([_plain(item.get(key)) for key in ("name", "value", "unit", "source", "date")])
    heads = ["名称 Name", "数值 Value", "单位 Unit", "出处 Source", "日期 Date"]
    return Sheet(name="假设 Assumptions", heads=heads, rows=rows)


def _plain(value: Any) -> Cell:
    return value if value is None or isinstance(value, str | int | float | date) else str(value)


def _write_sheet(book: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    page.write_row(0, 0, sheet.heads, formats["head"])
    for at, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(page, at, column, cell, formats)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)
    for column, head in enumerate(sheet.heads):
        texts = [head, *(_shown(row[column]) for row in sheet.rows[:500] if column < len(row))]
        page.set_column(column, column, min(WIDTH_MAX, max(map(_width, texts)) + 3))


def _write_cell(page: Any, at: int, column: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    if isinstance(cell, datetime):  # Excel knows wall time only
        page.write_datetime(at, column, cell.replace(tzinfo=None), formats["datetime"])
    elif isinstance(cell, date):
        page.write_datetime(at, column, datetime.combine(cell, datetime.min.time()), formats["date"])
    elif isinstance(cell, float):
        page.write_number(at, column, cell, formats["number"] if abs(cell) >= 1 or cell == 0 else None)
    elif isinstance(cell, bool | str):
        page.write_string(at, column, str(cell))
    elif cell is not None:
        page.write_number(at, column, cell)


def _shown(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return "2026-11-01 07:00"
    return f"{cell:,.2f}" if isinstance(cell, float) else "" if cell is None else str(cell)


def _width(text: str) -> int:
    """Width in the columns' unit; a Chinese sign is two wide."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
