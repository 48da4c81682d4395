"""The season's report as PDF: a head with figures, tables, and what the numbers mean. Words come from the caller."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import as_file, files
from typing import Any

import typst

from nongshi.files.texts import SYNTHETIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table; `nums` are the columns of numbers, `widths` shares of the page (0: as wide as need be)."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    nums: Sequence[int] = ()
    widths: Sequence[int] = ()
    empty: str = ""  # said where there is no row


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """All that the report says."""

    title: str
    lead: str
    foot: str
    figures: Sequence[tuple[str, str]]  # name and value
    sections: Sequence[Section]
    notes_title: str
    notes: Sequence[str]
    lang: str = "zh"
    synthetic: bool = False
    synthetic_word: str = field(default=SYNTHETIC[0])


def make_season_report(words: ReportWords) -> bytes:
    """The PDF; the same words make the same bytes."""
    data = asdict(words)
    for section in data["sections"]:
        section["widths"] = list(section["widths"]) or [0] * len(section["heads"])
    source = files("nongshi.files")
    with as_file(source / "season_report.typ") as template, as_file(source / "fonts") as fonts:
        options: dict[str, Any] = {
            "font_paths": [str(fonts)],
            "ignore_system_fonts": True,
            "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
        }
        compiler = typst.Compiler(str(template), root=str(template.parent), **options)
        pdf: Any = compiler.compile(format="pdf", timestamp=0)
    return bytes(pdf)
