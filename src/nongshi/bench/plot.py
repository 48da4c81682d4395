"""A plot of ratios and gaps as plain SVG: one dot a region and engine."""

from typing import Any
from xml.sax.saxutils import escape

WIDTH, TOP, LEFT, RIGHT = 820, 40, 120, 30
COLOURS = {"own": "#1b7837", "edd": "#8c510a", "nearest": "#bf812d", "ortools": "#2166ac", "ortools-warm": "#67a9cf"}
OTHER = "#762a83"
PANELS = (("to_edd", "value to the phone dispatcher", 1.0), ("gap", "gap to the common bound, %", 100.0))


Dot = tuple[str, float, str]  # row, value, what it is


def svg_plot(figures: dict[str, Any]) -> str:
    """The plot of all cases."""
    engines = list(dict.fromkeys(name for case in figures["cases"] for name in case["engines"]))
    panels = []
    for key, title, times in PANELS:
        dots = [
            (name, row[key] * times, f"{case['fields']} fields, load {case['load']}, seed {case['seed']}")
            for case in figures["cases"]
            for name, row in case["engines"].items()
            if row[key] is not None
        ]
        panels.append((title, dots))
    return svg_panels(engines, panels)


def svg_panels(names: list[str], panels: list[tuple[str, list[Dot]]]) -> str:
    """Panels below each other, a row of dots for each name in each."""
    panel = TOP + 24 * len(names) + 40
    body = [line for i, (title, dots) in enumerate(panels) for line in _panel(i * panel, title, names, dots)]
    height = panel * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12">\n<rect width="{WIDTH}" height="{height}" fill="white"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _panel(top: int, title: str, engines: list[str], dots: list[Dot]) -> list[str]:
    lines = [f'<text x="{LEFT}" y="{top + 24}" font-weight="bold">{escape(title)}</text>']
    values = [value for _, value, _ in dots] or [0.0, 1.0]
    low, high = min(values), max(values)
    low, high = (low - 0.5, high + 0.5) if high - low < 1e-9 else (low, high)

    def x(value: float) -> float:
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    for i, name in enumerate(engines):
        y = top + TOP + 24 * i + 8
        lines.append(f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        lines.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        lines += [
            f'<circle cx="{x(value):.1f}" cy="{y}" r="5" fill="{COLOURS.get(name, OTHER)}" fill-opacity="0.6">'
            f"<title>{escape(what)}: {value:.3f}</title></circle>"
            for engine, value, what in dots
            if engine == name
        ]
    foot = top + TOP + 24 * len(engines) + 12
    for value in (low, (low + high) / 2, high):
        lines.append(f'<text x="{x(value):.1f}" y="{foot}" text-anchor="middle" fill="#555">{value:.2f}</text>')
    return lines
