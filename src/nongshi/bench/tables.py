"""The figures as tables: in the terminal and as Markdown, from the same cells."""

from typing import Any

from rich.console import Console
from rich.table import Table

HEAD = (
    "fields", "seed", "engine", "value, yuan", "gap %", "km", "km/ha", "served %",
    "CPU-s", "MB", "to edd", "to best rule", "to best reference", "accepted",
)  # fmt: skip
SUMMARY_HEAD = ("what", "target", "measured", "met")


def list_tables(figures: dict[str, Any]) -> list[tuple[str, tuple[str, ...], list[list[str]]]]:
    """Title, head and cells: one table a load, then the targets."""
    tables = []
    for load in sorted({case["load"] for case in figures["cases"]}):
        rows = [
            _cells(case, name, row)
            for case in figures["cases"]
            if case["load"] == load
            for name, row in case["engines"].items()
        ]
        tables.append((f"Load {load}", HEAD, rows))
    summary = [
        [line["what"], line["target"], _number(line["measured"], 3), {True: "yes", False: "no", None: "-"}[line["met"]]]
        for line in figures["summary"]
    ]
    return [*tables, ("Targets", SUMMARY_HEAD, summary)]


def _cells(case: dict[str, Any], engine: str, row: dict[str, Any]) -> list[str]:
    return [
        f"{case['fields']:,}",
        str(case["seed"]),
        engine,
        f"{row['value_yuan']:,.0f}",
        _number(row["gap"], 2, 100),
        f"{row['km']:,.0f}",
        _number(row["km_ha"], 2),
        _number(row["served_share"], 1, 100),
        _number(row["cpu_s"], 1),
        _number(row["rss_mb"], 0),
        _number(row["to_edd"], 3),
        _number(row["to_best_rule"], 3),
        _number(row["to_best_reference"], 3),
        "yes" if row["accepted"] else "NO",
    ]


def _number(number: float | None, digits: int, times: float = 1.0) -> str:
    return "-" if number is None else f"{number * times:,.{digits}f}"


def markdown(figures: dict[str, Any]) -> str:
    """Markdown tables, ready for docs/benchmarks.md."""
    lines = []
    for title, head, rows in list_tables(figures):
        lines += [f"### {title}", "", _bar(head), _bar(["---"] * len(head)), *(_bar(row) for row in rows), ""]
    return "\n".join(lines)


def _bar(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def print_tables(figures: dict[str, Any]) -> None:
    """Tables on stderr, so that stdout stays free for JSON."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        console.width = 160  # a log has no edge at which to cut figures
    for title, head, rows in list_tables(figures):
        table = Table(title=title)
        for column in head:
            table.add_column(column, justify="left" if column in ("engine", "what") else "right")
        for row in rows:
            table.add_row(*row)
        console.print(table)
