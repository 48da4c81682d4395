"""day-sheets.pdf: what an operator takes along, one A5 page per machine and crewed day with work, in Chinese.

The font comes with the package (`fonts/`, GB 2312 and Latin-1), and typst is kept from the system's fonts, so the
PDF looks the same everywhere. A character outside it does not stop the sheet: it is printed as an empty box.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst

from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.core.units import mu
from nongshi.files.plan_rows import StopRow, crewed_spans, stop_rows
from nongshi.files.texts import CLASSES, LICENCES, OPERATIONS, SYNTHETIC, weekday_zh, zh
from nongshi.files.whole import write_whole

HEADS = ("序", "时间", "地块 / 村", "作业", "面积 亩", "种植户", "转移 公里")
QR_BYTES_MAX = 300  # reads well at 25 mm from a phone held over the sheet (assumption: fits version 13, level M)


def write_day_sheets(path: Path, region: Region, plan: Plan) -> int:
    """Write the PDF; returns the number of its pages. A long day goes on on a second page.

    A plan without any work gives one page that says so.

    Raises:
        OSError: the folder cannot be written to.
    """
    rows = stop_rows(region, plan)
    data = {
        "title": f"{region.name} 作业单",
        "heading": "农机作业单",
        "region": region.name,
        "synthetic": region.synthetic,
        "synthetic_word": SYNTHETIC[0],
        "heads": HEADS,
        "sheets": make_sheets(region, plan, rows) or [_empty_sheet(region)],
    }
    source = files("nongshi.files")
    with as_file(source / "day_sheet.typ") as template, as_file(source / "fonts") as fonts:
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        options: dict[str, Any] = {"font_paths": [str(fonts)], "ignore_system_fonts": True, "sys_inputs": inputs}
        compiler = typst.Compiler(str(template), root=str(template.parent), **options)
        pdf: Any = compiler.compile(format="pdf", timestamp=0)
        pages = int(json.loads(compiler.query("<pages>", field="value", one=True)))
    write_whole(path, pdf)
    return pages


def make_sheets(region: Region, plan: Plan, rows: Sequence[StopRow]) -> list[dict[str, Any]]:
    """The words of every sheet, by machine and day."""
    operator_of = {(crew.machine_id, crew.date): crew.operator_id for crew in plan.crews}
    by_day: dict[tuple[str, date], list[StopRow]] = {}
    for row in rows:
        for day in row.worked:
            by_day.setdefault((row.machine.id, day), []).append(row)
    return [
        _sheet(region, machine_id, day, by_day[machine_id, day], operator_of)
        for machine_id, day in sorted(by_day, key=lambda key: (key[0], key[1]))
    ]


def _sheet(
    region: Region, machine_id: str, day: date, rows: Sequence[StopRow], operator_of: Mapping[tuple[str, date], str]
) -> dict[str, Any]:
    machine = region.machine_of[machine_id]
    kind = region.class_of[machine.machine_class]
    first, last = crewed_spans(region, machine_id, operator_of)[day]
    licence = zh(LICENCES, kind.licence) if kind.licence else "不需要证件"
    km = sum(_km_of_day(row, day) for row in rows)
    return {
        "date": f"{day.year}年{day.month}月{day.day}日 {weekday_zh(day)}",
        "facts": [
            ["农机", f"{machine_id}　{zh(CLASSES, kind.id, kind.name)}　机主 {machine.owner_id}"],
            ["农机手", f"{operator_of[machine_id, day]}　{licence}"],
            ["工时", f"{first:%H:%M} – {last:%H:%M}"],
        ],
        "rows": [_cells(number, row, day) for number, row in enumerate(rows, start=1)],
        "sum": f"共 {len(rows)} 站，转移 {km:.1f} 公里。标“续”的活前一天已开工；标“未完”的活改日接着干。",
        "qr": _qr_svg(qr_text(region.name, machine_id, day, rows)),
    }


def _cells(number: int, row: StopRow, day: date) -> list[str]:
    start, end = row.worked[day]
    marks = ("（续）" if min(row.worked) < day else "") + ("（未完）" if max(row.worked) > day else "")
    parts = f" 第{row.stop.part}份" if row.stop.area_ha < row.job.area_ha - 1e-9 else ""
    place = f"\n{row.field.place}" if row.field.place else ""
    return [
        str(number),
        f"{start:%H:%M}–{end:%H:%M}" + (f"\n{marks}" if marks else ""),
        f"{row.field.name}{place}",
        zh(OPERATIONS, row.job.operation) + parts,
        f"{mu(row.stop.area_ha):.1f}",
        row.field.grower_id,
        f"{_km_of_day(row, day):.1f}",
    ]


def _km_of_day(row: StopRow, day: date) -> float:
    """The move stands on the sheet of the day on which work begins."""
    return row.stop.km if day == min(row.worked) else 0.0


def qr_text(region_name: str, machine_id: str, day: date, rows: Sequence[StopRow]) -> str:
    """`nongshi:1|region|machine|date|job@HH:MM;...`; whole stops are left off where it grows too long."""
    text = f"nongshi:1|{region_name}|{machine_id}|{day.isoformat()}|"
    for row in rows:
        more = f"{row.stop.job_id}@{_clock(row.worked[day][0])};"
        if len((text + more).encode()) > QR_BYTES_MAX:
            break
        text += more
    return text.rstrip(";")


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _qr_svg(text: str) -> str:
    picture = BytesIO()
    segno.make(text, micro=False, error="m", encoding="utf-8").save(picture, kind="svg", border=2, xmldecl=False)
    return picture.getvalue().decode()


def _empty_sheet(region: Region) -> dict[str, Any]:
    return {
        "date": region.start_date.isoformat(),
        "facts": [["说明", "本计划没有安排任何作业。"]],
        "rows": [],
        "sum": "",
        "qr": _qr_svg(f"nongshi:1|{region.name}"),
    }
