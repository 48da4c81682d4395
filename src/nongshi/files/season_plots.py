"""Plots of a season as plain SVG: a band by week, a map of towns and weeks, differences as bars."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 320, 150, 44, 22, 24
CELL, LABEL = 20, 110
INK, SOFT, BAND, LINE, HOT, GOOD = "#17231d", "#55635b", "#a9dfb9", "#123f2d", "#c42f2f", "#2b8a57"


def bands(title: str, rows: Sequence[tuple[int, float, float, float]], weeks: int, starts: Mapping[int, str]) -> str:
    """10 to 90 % as a band and the middle as a line, over the season's weeks; weeks without a row are 0."""
    levels = {week: (low, middle, high) for week, low, middle, high in rows}
    top = max((high for _, _, _, high in rows), default=1.0) or 1.0

    def x(week: float) -> float:
        return LEFT + (WIDTH - LEFT - 20) * week / max(1, weeks - 1)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top

    every = [(week, *levels.get(week, (0.0, 0.0, 0.0))) for week in range(weeks)]
    edge = [f"{x(w):.1f},{y(high):.1f}" for w, _, _, high in every]
    edge += [f"{x(w):.1f},{y(low):.1f}" for w, low, _, _ in reversed(every)]
    middle = " ".join(f"{x(w):.1f},{y(m):.1f}" for w, _, m, _ in every)
    marks = [w for w in sorted(starts) if w in (0, weeks // 2, weeks - 1)] or sorted(starts)[:1]
    ticks = "".join(_text(x(w), HEIGHT - 6, starts[w], anchor="middle") for w in marks)
    values = "".join(_text(LEFT - 4, y(v) + 4, f"{v:,.0f}", anchor="end") for v in (0.0, top))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" font-size="11">'
        f"{_text(LEFT, 14, title, bold=True)}"
        f'<polygon points="{" ".join(edge)}" fill="{BAND}"/>'
        f'<polyline points="{middle}" fill="none" stroke="{LINE}" stroke-width="1.6"/>{ticks}{values}</svg>'
    )


def heat_map(names: Sequence[str], weeks: int, total: Mapping[tuple[str, int], float]) -> str:
    """A row a name, a column a week; the redder the more, every cell says its number when pointed at."""
    most = max(total.values(), default=0.0) or 1.0
    width, height = LABEL + CELL * weeks + 8, CELL * len(names) + 26
    cells = []
    for row, name in enumerate(names):
        cells.append(_text(LABEL - 6, CELL * row + 15, name, anchor="end"))
        for week in range(weeks):
            value = total.get((name, week), 0.0)
            depth = 0.12 + 0.88 * (value / most) ** 0.5 if value > 0 else 1.0
            cells.append(
                f'<rect x="{LABEL + CELL * week}" y="{CELL * row + 1}" width="{CELL - 2}" height="{CELL - 2}" '
                f'fill="{HOT if value > 0 else "#e3e9e5"}" fill-opacity="{depth:.2f}">'
                f"<title>{escape(name)} · {week + 1} · {value:,.0f}</title></rect>"
            )
    foot = CELL * len(names) + 16
    marks = "".join(
        _text(LABEL + CELL * week + CELL / 2 - 1, foot, str(week + 1), anchor="middle") for week in range(0, weeks, 2)
    )
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" font-size="11">{"".join(cells)}{marks}</svg>'
    )


def bars(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Mean change as a bar from zero, 10 to 90 % as a line over it; green saves, red costs."""
    width, label = 760, 300
    values = [float(change[key]) for _, change in rows for key in ("p10", "p90", "mean")] or [0.0]
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0

    def x(value: float) -> float:
        return label + 30 + (width - label - 80) * (value - low) / span

    lines = []
    for n, (name, change) in enumerate(rows):
        top, mean = 26 * n + 6, float(change["mean"])
        left, right = sorted((x(0.0), x(mean)))
        lines.append(_text(label - 8, top + 12, name, anchor="end"))
        lines.append(
            f'<rect x="{left:.1f}" y="{top}" width="{max(right - left, 1):.1f}" height="16" '
            f'fill="{GOOD if mean <= 0 else HOT}"><title>{escape(name)}: {mean:+,.0f}</title></rect>'
        )
        lines.append(
            f'<line x1="{x(float(change["p10"])):.1f}" x2="{x(float(change["p90"])):.1f}" y1="{top + 8}" '
            f'y2="{top + 8}" '
            f'stroke="{INK}" stroke-width="1.5"/>'
        )
    foot = 26 * len(rows) + 20
    lines += [_text(x(v), foot, f"{v:,.0f}", anchor="middle") for v in sorted({low, 0.0, high})]
    zero = f'<line x1="{x(0.0):.1f}" x2="{x(0.0):.1f}" y1="0" y2="{foot - 12}" stroke="{SOFT}"/>'
    body = zero + "".join(lines)
    return f'<svg viewBox="0 0 {width} {foot + 6}" width="{width}" role="img" font-size="12">{body}</svg>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}"{weight}>{escape(words)}</text>'
