"""season.json and season.html, whatif.json and whatif.html: what `nongshi season` found, to keep and to look at.

The page is one file without any script or network: figures as SVG, words in Chinese first and English behind.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from nongshi.files.season_plots import bands, bars, heat_map
from nongshi.files.whole import write_whole

Values = Mapping[str, Any]
ROWS_SHOWN = 40
CSS = (
    ".two{color:var(--soft);font-weight:400;font-size:.85em}table{border-collapse:collapse;width:100%}"
    "td,th{padding:4px 8px;border-bottom:1px solid var(--line);text-align:right}"
    "td:first-child,th:first-child{text-align:left}.wide{overflow-x:auto}"
    ".plots{display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(300px,1fr))}"
    ".plots svg,.wide svg{fill:initial;stroke:none;max-width:100%;height:auto}"
)


def write_season_answer(folder: Path, answer: Values) -> list[Path]:
    """Write season.json and season.html; gives their paths.

    Raises:
        OSError: the folder cannot be written to.
    """
    return _write(folder, "season", answer, season_page(answer))


def write_whatif_answer(folder: Path, answer: Values) -> list[Path]:
    """Write whatif.json and whatif.html; gives their paths.

    Raises:
        OSError: the folder cannot be written to.
    """
    return _write(folder, "whatif", answer, whatif_page(answer))


def _write(folder: Path, stem: str, answer: Values, page: str) -> list[Path]:
    found = folder / f"{stem}.json", folder / f"{stem}.html"
    write_whole(found[0], json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    write_whole(found[1], page)
    return list(found)


def season_page(answer: Values) -> str:
    """The page of a forecast, with what is short where that was computed."""
    names = {row["id"]: _two(row["name_zh"], row["name_en"]) for row in answer["operations"]}
    parts = [_section("进入作业期的面积", "Work released by week, all towns, ha", _demand_plots(answer))]
    if answer["totals"]:
        parts.insert(0, _cards(answer["totals"]))
        parts.append(_section("损失：乡镇与周", "Loss by town and week, yuan", _loss_map(answer)))
        parts.append(_section("缺机手", "Operators lacking, hours a week by licence", _operator_plot(answer)))
        parts.append(_section("缺口，损失大的在前", "What is short, dearest first", _short_table(answer, names)))
        parts.append(_section("多一小时能少损失多少", "What an hour more would save", _price_table(answer)))
    return _page(answer, "农时：来季预报", "the season ahead", parts)


def whatif_page(answer: Values) -> str:
    """The page of cases side by side."""
    rows = [(case["name"], case["difference_yuan"]) for case in answer["cases"]]
    plot = f'<div class="wide">{bars(rows)}</div>'
    head = ("方案 case", "平均损失 mean loss", "变化 change", "10–90 %")
    table = [("现状 as it is", _money(answer["base"]["loss_yuan"]["mean"]), "", "")]
    for case in answer["cases"]:
        apart = case["difference_yuan"]
        spread = f"{_money(apart['p10'])} … {_money(apart['p90'])}"
        table.append((case["name"], _money(case["totals"]["loss_yuan"]["mean"]), _money(apart["mean"]), spread))
    parts = [_section("全季损失的变化（元）", "Change of the season's loss, yuan", plot + _table(head, table))]
    return _page(answer, "农时：假如", "what if", parts)


def _page(answer: Values, zh: str, en: str, parts: Iterable[str]) -> str:
    style = (files("nongshi.files") / "report_page" / "report.css").read_text(encoding="utf-8")
    made = '<span class="badge">模拟数据 generated</span>' if answer["synthetic"] else ""
    said = "".join(
        f'<p class="note">{escape(s["zh"])} <span class="two">{escape(s["en"])}</span></p>' for s in answer["said"]
    )
    about = f"截至 as known on {escape(str(answer['as_of']))} · {answer['scenarios']} 个情景 scenarios"
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{zh}</title><link rel="icon" href="data:,"><style>{style}{CSS}</style></head><body>'
        f'<header><h1>{zh} · {en}</h1><p class="where"><b>{escape(answer["region"])}</b> {about} {made}</p></header>'
        f"<main>{said}{''.join(parts)}</main></body></html>\n"
    )


def _section(zh: str, en: str, body: str) -> str:
    return f'<section class="panel"><div class="bar"><h2>{_two(zh, en)}</h2></div>{body}</section>'


def _two(zh: str, en: str) -> str:
    return f'{escape(zh)} <span class="two">{escape(en)}</span>'


def _money(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"


def _cards(totals: Values) -> str:
    loss, rolled = totals["loss_yuan"], totals["rolling_loss_yuan"]
    cards = [
        (
            _two("预知全季的损失（元）", "loss with foresight, yuan"),
            _money(loss["p50"]),
            f"10–90 %: {_money(loss['p10'])} – {_money(loss['p90'])}",
        ),
        (
            _two("逐周决策的平均损失（元）", "without foresight, mean"),
            _money(rolled["mean"]),
            f"÷ {totals['foresight_ratio']:.3f}",
        ),
        (
            _two("误期（公顷）", "late, ha"),
            _money(totals["late_ha"]["p50"]),
            f"90 %: {_money(totals['late_ha']['p90'])}",
        ),
        (_two("缺（小时）", "short, h"), _money(totals["short_h"]["p50"]), f"90 %: {_money(totals['short_h']['p90'])}"),
    ]
    return (
        '<section class="cards">'
        + "".join(f'<div class="card"><h3>{name}</h3><b>{value}</b><p>{more}</p></div>' for name, value, more in cards)
        + "</section>"
    )


def _demand_plots(answer: Values) -> str:
    by_operation: dict[str, list[Values]] = defaultdict(list)
    for row in answer["whole"]:
        by_operation[row["operation"]].append(row)
    plots = []
    for operation in answer["operations"]:
        rows = by_operation.get(operation["id"])
        if rows:
            found = [(row["week"], row["area_ha"]["p10"], row["area_ha"]["p50"], row["area_ha"]["p90"]) for row in rows]
            starts = {row["week"]: row["start"][5:] for row in answer["whole"]}
            title = f"{operation['name_zh']} {operation['name_en']}"
            plots.append(bands(title, found, answer["weeks"], starts))
    return f'<div class="plots">{"".join(plots)}</div>'


def _loss_map(answer: Values) -> str:
    total: dict[tuple[str, int], float] = defaultdict(float)
    for row in answer["shortage"]:
        total[row["town"], row["week"]] += row["loss_yuan"]["mean"]
    towns = [town["town"] for town in answer["towns"]]
    return f'<div class="wide">{heat_map(towns, answer["weeks"], total)}</div>'


def _operator_plot(answer: Values) -> str:
    total: dict[tuple[str, int], float] = defaultdict(float)
    for row in answer["operator_shortage"]:
        total[row["licence"] or "—", row["week"]] += row["short_h"]["mean"]
    licences = sorted({licence for licence, _ in total})
    return f'<div class="wide">{heat_map(licences, answer["weeks"], total)}</div>' if licences else "<p>—</p>"


def _short_table(answer: Values, names: Mapping[str, str]) -> str:
    rows = sorted(answer["shortage"], key=lambda row: -row["loss_yuan"]["mean"])[:ROWS_SHOWN]
    head = (
        "乡镇 town",
        "周起 week of",
        "作业 operation",
        "机型 class",
        "证 licence",
        "缺 h (90 %)",
        "误期 ha",
        "损失 yuan",
    )
    cells = [
        (
            *(row["town"], row["start"], row["operation"], row["machine_class"], row["licence"] or ""),
            f"{row['short_h']['mean']:,.0f} ({row['short_h']['p90']:,.0f})",
            *(f"{row['late_ha']['mean']:,.1f}", _money(row["loss_yuan"]["mean"])),
        )
        for row in rows
    ]
    return _table(head, cells, {row["operation"]: names[row["operation"]] for row in rows})


def _price_table(answer: Values) -> str:
    what = {"machine": "农机 machine", "operator": "机手 operator", "dryer": "烘干 dryers"}
    rows = sorted(answer["prices"], key=lambda row: -row["yuan_h"])[:ROWS_SHOWN]
    cells = [(what[r["what"]], r["town"], r["start"], r["class"], _money(r["yuan_h"])) for r in rows]
    return _table(("", "乡镇 town", "周起 week of", "机型或证 class", "元/小时 yuan/h"), cells)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], shown: Mapping[str, str] | None = None) -> str:
    """A table; `shown` gives markup for some cells, all others are escaped."""
    markup = shown or {}
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{markup.get(cell) or escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{heads}</tr>{body}</table></div>'
