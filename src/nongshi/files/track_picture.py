"""A picture of measured work: field, swaths, overlap, skips and the machine's way; SVG, or PNG through typst."""

import base64
import struct
import tempfile
import zlib
from html import escape
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import typst
from shapely import MultiPolygon, Polygon

from nongshi.core.errors import BadInput
from nongshi.core.units import mu
from nongshi.files.whole import write_whole
from nongshi.tracks.area import AreaMeasure
from nongshi.tracks.area_ground import Ground
from nongshi.tracks.area_raster import CELL_M, to_cells

WIDTH_PX, LEGEND_PX, EDGE_PX = 900.0, 150.0, 20.0
CELLS_MAX = 3000  # of a layer's side; larger ground is drawn coarser
# colours from the Okabe-Ito set, which eyes of all kinds tell apart
COLOURS = {"covered": (0, 158, 115, 150), "double": (230, 159, 0, 190), "skipped": (213, 94, 0, 230)}
CLOSED = (86, 180, 233, 200)
WORDS = {
    "covered": ("worked", "已作业"),
    "double": ("overlap", "重叠"),
    "skipped": ("skips", "漏作"),
    "closed": ("narrow gaps, counted as worked", "窄缝，计入作业"),
}


def write_picture(path: Path, survey: AreaMeasure, field: Polygon | MultiPolygon | None, *, title: str) -> None:
    """Write the picture; the ending says which kind.

    Raises:
        BadInput: an ending other than .svg or .png, or nothing to draw.
        OSError: the folder cannot be written to.
    """
    if path.suffix.lower() not in (".svg", ".png"):
        raise BadInput(f"a picture is written as .svg or .png, not {path.suffix or 'without an ending'}")
    if not survey.ground:
        raise BadInput("there is no worked ground to draw")
    svg = picture_svg(survey, field, title=title)
    write_whole(path, svg if path.suffix.lower() == ".svg" else _png_of(svg))


def picture_svg(survey: AreaMeasure, field: Polygon | MultiPolygon | None, *, title: str) -> str:
    """The picture as SVG text, north up, one unit a pixel."""
    lines = survey.lines
    outline = _outline(survey, field)
    xs = np.concatenate([lines.x_m, *(ring[:, 0] for ring in outline)])
    ys = np.concatenate([lines.y_m, *(ring[:, 1] for ring in outline)])
    left, top = float(xs.min()) - 5, float(ys.max()) + 5
    scale = (WIDTH_PX - 2 * EDGE_PX) / max(float(np.ptp(xs)) + 10, float(np.ptp(ys)) + 10)
    height = (float(np.ptp(ys)) + 10) * scale + 2 * EDGE_PX
    move = f"translate({EDGE_PX},{EDGE_PX}) scale({scale:.6f}) translate({-left:.3f},{top:.3f})"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {WIDTH_PX:.0f} {height + LEGEND_PX:.0f}" font-family="Noto Sans CJK SC, sans-serif">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<g transform="{move}">',
        *(_layer(ground) for ground in survey.ground),
        *(_ring(ring, "#333333", 1.5 / scale) for ring in outline),
        *(_way(survey, run, 0.8 / scale) for run in range(len(lines.start) - 1)),
        "</g>",
        *_legend(survey, title, height, scale),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _outline(survey: AreaMeasure, field: Polygon | MultiPolygon | None) -> list[np.ndarray]:
    if field is None:
        return []
    parts = list(field.geoms) if isinstance(field, MultiPolygon) else [field]
    rings = [np.asarray(ring.coords)[:, :2] for part in parts for ring in (part.exterior, *part.interiors)]
    return [np.column_stack(survey.plane.to_m(ring[:, 0], ring[:, 1])) for ring in rings]


def _ring(ring: np.ndarray, colour: str, thick: float) -> str:
    points = " ".join(f"{x:.2f},{-y:.2f}" for x, y in ring)
    return f'<polygon points="{points}" fill="none" stroke="{colour}" stroke-width="{thick:.3f}"/>'


def _way(survey: AreaMeasure, run: int, thick: float) -> str:
    begin, end = survey.lines.start[run], survey.lines.start[run + 1]
    xs, ys = survey.lines.x_m[begin:end], survey.lines.y_m[begin:end]
    points = " ".join(f"{x:.2f},{-y:.2f}" for x, y in zip(xs, ys, strict=True))
    return f'<polyline points="{points}" fill="none" stroke="#00303f" stroke-opacity="0.6" stroke-width="{thick:.3f}"/>'


def _layer(ground: Ground) -> str:
    """The rasters as an image, turned back into the plane."""
    coarse = int(np.ceil(max(ground.covered.shape[0], ground.covered.shape[1] * 64) / CELLS_MAX))
    image = np.zeros((*to_cells(ground.covered)[::coarse, ::coarse].shape, 4), dtype=np.uint8)
    closed = ground.worked & ~ground.covered
    for bits, colour in ((ground.covered, COLOURS["covered"]), (closed, CLOSED)):
        image[to_cells(bits)[::coarse, ::coarse] == 1] = colour
    for bits, colour in ((ground.double, COLOURS["double"]), (ground.skipped, COLOURS["skipped"])):
        image[to_cells(bits)[::coarse, ::coarse] == 1] = colour
    cos, sin, cell = np.cos(ground.turned), np.sin(ground.turned), CELL_M * coarse
    ox, oy = ground.origin
    at = (cell * cos, cell * sin, cell * sin, -cell * cos, cos * ox + sin * oy, sin * ox - cos * oy)
    data = base64.b64encode(_png(image)).decode()
    matrix = ",".join(f"{number:.9g}" for number in at)
    rows, columns = image.shape[:2]
    return (
        f'<image transform="matrix({matrix})" width="{columns}" height="{rows}" preserveAspectRatio="none" '
        f'style="image-rendering:pixelated" xlink:href="data:image/png;base64,{data}"/>'
    )


def _legend(survey: AreaMeasure, title: str, top: float, scale: float) -> list[str]:
    m = survey.measured
    generated = survey.device_id.startswith(("constructed", "simulated"))
    figures_en = f"{m.worked_ha:.3f} ha ({m.low_ha:.3f} to {m.high_ha:.3f})"
    figures_en += f"; overlap {m.overlap_ha:.3f}, skips {m.skip_ha:.3f}"
    figures_zh = f"作业 {mu(m.worked_ha):.2f} 亩（{mu(m.low_ha):.2f}–{mu(m.high_ha):.2f}）"
    figures_zh += f"，重叠 {mu(m.overlap_ha):.2f}，漏作 {mu(m.skip_ha):.2f}"
    note = " · generated data 生成数据" if generated else ""
    rows = [
        _text(EDGE_PX, top + 18, 16, f"{title}{note}"),
        _text(EDGE_PX, top + 40, 13, f"{figures_zh} · {figures_en}"),
        _text(EDGE_PX, top + 60, 13, "可自动结算 may be settled" if m.auto_settle else f"不自动结算：{m.why_zh}"),
    ]
    if not m.auto_settle:
        rows.append(_text(EDGE_PX, top + 78, 11, f"not settled by itself: {m.why}"))
    colours = COLOURS | {"closed": CLOSED}
    for i, (name, (english, chinese)) in enumerate(WORDS.items()):
        x = EDGE_PX + i * 170
        r, g, b, alpha = colours[name]
        fill = f'fill="rgb({r},{g},{b})" fill-opacity="{alpha / 255:.2f}"'
        rows.append(f'<rect x="{x}" y="{top + 92}" width="14" height="14" {fill}/>')
        rows.append(_text(x + 20, top + 104, 11, f"{chinese} {english}"))
    bar = 10 ** np.floor(np.log10(WIDTH_PX / 4 / scale))
    ends = f'x1="{EDGE_PX}" y1="{top + 130}" x2="{EDGE_PX + bar * scale:.1f}" y2="{top + 130}"'
    rows.append(f'<line {ends} stroke="black" stroke-width="3"/>')
    rows.append(_text(EDGE_PX + bar * scale + 8, top + 134, 11, f"{bar:g} m 米"))
    return rows


def _text(x: float, y: float, size: int, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="black">{escape(words)}</text>'


def _png(rgba: np.ndarray) -> bytes:
    """An RGBA image as PNG."""
    rows, columns = rgba.shape[:2]
    raw = np.concatenate([np.zeros((rows, 1), np.uint8), rgba.reshape(rows, -1)], axis=1).tobytes()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 6)) + chunk(b"IEND", b"")


def _png_of(svg: str) -> bytes:
    """The SVG drawn by typst with the package's font."""
    with tempfile.TemporaryDirectory() as folder, as_file(files("nongshi.files") / "fonts") as fonts:
        source = Path(folder) / "picture.typ"
        (Path(folder) / "picture.svg").write_text(svg, encoding="utf-8")
        source.write_text(
            '#set text(font: "Noto Sans CJK SC")\n#set page(width: 600pt, height: auto, margin: 0pt)\n'
            '#image("picture.svg", width: 600pt)\n',
            encoding="utf-8",
        )
        drawn = typst.compile(
            str(source), root=folder, format="png", ppi=144.0, font_paths=[str(fonts)], ignore_system_fonts=True
        )
    return bytes(drawn)
