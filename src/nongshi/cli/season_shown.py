"""The tables of `nongshi season`."""

from collections import defaultdict
from typing import Any

import typer

from nongshi.cli.options import Lang
from nongshi.cli.show import print_table
from nongshi.cli.texts import text
from nongshi.core.units import mu

WEEKS_SHOWN = 6
ROWS_SHOWN = 12

Values = dict[str, Any]


def show_head(answer: Values, words: Lang) -> None:
    """What it is about, and every sentence that must be read."""
    typer.echo(text(words, "season_head", **{key: answer[key] for key in ("region", "as_of", "scenarios")}))
    for said in answer["said"]:
        typer.echo("  " + said["zh" if words is Lang.ZH else "en"])


def show_demand(answer: Values, words: Lang) -> None:
    """A row an operation, a column a week, from the week of the forecast on."""
    show_head(answer, words)
    names = _names(answer, words)
    starts = sorted({row["start"] for row in answer["whole"] if _ends_after(row["start"], answer["as_of"])})
    for first in range(0, min(len(starts), 5 * WEEKS_SHOWN), WEEKS_SHOWN):
        shown = starts[first : first + WEEKS_SHOWN]
        cells: dict[str, dict[str, str]] = defaultdict(dict)
        for row in answer["whole"]:
            if row["start"] in shown:
                cells[row["operation"]][row["start"]] = _levels(row["area_ha"], words)
        rows = [[names[name], *(cells[name].get(start, "") for start in shown)] for name in names if name in cells]
        title = text(words, "season_demand") if first == 0 else ""
        print_table(title, ["", *(start[5:] for start in shown)], rows)


def show_shortage(answer: Values, words: Lang) -> None:
    """Totals, then the dearest rows of what is short, of operators and of prices."""
    show_head(answer, words)
    _show_totals(answer["totals"], words)
    names = _names(answer, words)
    short = sorted(answer["shortage"], key=lambda row: -row["loss_yuan"]["mean"])[:ROWS_SHOWN]
    if not short:
        typer.echo(text(words, "season_short_none"))
    for title, rows in (("season_short", short), ("season_days", _days(answer))):
        if rows:
            when = "season_week" if title == "season_short" else "season_date"
            head = ["season_town", when, "season_operation", "season_short_h", "season_late", "season_loss"]
            print_table(
                text(words, "season_short") + ("" if title == "season_short" else f" · {text(words, when)}"),
                [text(words, key) for key in head],
                [_short_row(row, names, words) for row in rows],
            )
    operators = sorted(answer["operator_shortage"], key=lambda row: -row["short_h"]["mean"])[:ROWS_SHOWN]
    if operators:
        head = ["season_town", "season_week", "season_licence", "season_short_h", "season_idle", "season_price"]
        print_table(
            text(words, "season_operators"),
            [text(words, key) for key in head],
            [_operator_row(row) for row in operators],
        )
    prices = sorted(answer["prices"], key=lambda row: -row["yuan_h"])[:ROWS_SHOWN]
    if prices:
        print_table(
            text(words, "season_prices"),
            [text(words, key) for key in ("season_town", "season_week", "figure", "season_class", "season_price")],
            [
                [
                    row["town"],
                    row["start"],
                    text(words, f"season_what_{row['what']}"),
                    row["class"],
                    f"{row['yuan_h']:,.0f}",
                ]
                for row in prices
            ],
        )


def show_cases(answer: Values, names: list[str], words: Lang) -> None:
    """The base and every case beside it."""
    show_head(answer, words)
    base = answer["base"]["loss_yuan"]
    rows = [[text(words, "season_base"), f"{base['mean']:,.0f}", "", ""]]
    for case, name in zip(answer["cases"], names, strict=True):
        apart = case["difference_yuan"]
        spread = f"{apart['p10']:+,.0f} … {apart['p90']:+,.0f}"
        rows.append([name, f"{case['totals']['loss_yuan']['mean']:,.0f}", f"{apart['mean']:+,.0f}", spread])
    head = ["figure", "season_mean_short", "season_change", "season_change_range"]
    print_table(text(words, "season_whatif"), [text(words, key) for key in head], rows)


def _show_totals(totals: Values, words: Lang) -> None:
    loss, rolled = totals["loss_yuan"], totals["rolling_loss_yuan"]
    rows = [
        [text(words, "season_loss_seen"), f"{loss['p50']:,.0f} ({loss['p10']:,.0f}-{loss['p90']:,.0f})"],
        [text(words, "season_mean"), f"{loss['mean']:,.0f}"],
    ]
    if rolled["mean"] is not None:
        rows.append([text(words, "season_loss_rolled"), f"{rolled['mean']:,.0f}"])
        rows.append([text(words, "season_ratio"), f"{totals['foresight_ratio']:.3f}"])
    print_table(text(words, "season_totals"), ["", ""], rows)


def _days(answer: Values) -> list[Values]:
    return sorted(answer["shortage_days"], key=lambda row: -row["loss_yuan"]["mean"])[:ROWS_SHOWN]


def _short_row(row: Values, names: dict[str, str], words: Lang) -> list[str]:
    late = row["late_ha"]["mean"]
    return [
        row["town"],
        row.get("start") or row["date"],
        names[row["operation"]],
        f"{row['short_h']['mean']:,.0f} ({row['short_h']['p90']:,.0f})",
        f"{mu(late) if words is Lang.ZH else late:,.0f}",
        f"{row['loss_yuan']['mean']:,.0f}",
    ]


def _operator_row(row: Values) -> list[str]:
    short = f"{row['short_h']['mean']:,.0f} ({row['short_h']['p90']:,.0f})"
    return [
        row["town"],
        row["start"],
        row["licence"],
        short,
        f"{row['idle_machines']:.1f}",
        f"{row['price_yuan_h']:,.0f}",
    ]


def _levels(area: Values, words: Lang) -> str:
    low, middle, high = (mu(area[key]) if words is Lang.ZH else area[key] for key in ("p10", "p50", "p90"))
    return f"{middle:,.0f} ({low:,.0f}-{high:,.0f})"


def _names(answer: Values, words: Lang) -> dict[str, str]:
    key = "name_zh" if words is Lang.ZH else "name_en"
    return {row["id"]: row[key] for row in answer["operations"]}


def _ends_after(start: str, day: str) -> bool:
    from datetime import date, timedelta

    return date.fromisoformat(start) + timedelta(days=7) > date.fromisoformat(day)
