"""Lines of free text, or rows of a sheet, read as jobs. Nothing is guessed in silence: doubts go along."""

import re
from collections.abc import Collection, Iterator
from datetime import date

from nongshi.market.areas import find_areas
from nongshi.market.days import find_days
from nongshi.market.names import split_names
from nongshi.market.numerals import plain
from nongshi.market.reading import Doubt, Reading
from nongshi.market.sheet import sheet_rows
from nongshi.market.works import SaidWork, find_works

LINES_MAX = 500
LINE_MAX = 300  # letters; the rest of a longer line is left out
_PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?!\d)|(?<!\d)(0\d{2,3}-\d{7,8})(?!\d)")
_URGENT = re.compile(r"加急|紧急|急用|很急|急(?!需要)")
_LEAD = re.compile(r"^\s*(?:\(?\d{1,3}[.),:](?!\d)|[-*•·])\s*")  # "1." or a dash before a line of a list
_IDLE = re.compile(
    r"(?:请|麻烦|帮忙|帮我|帮|我要|我家|想要|想|需要|要|安排|预约|预定|登记|一下|来|去|在|的|地|和|跟|加|再|都|家里|共计|共|一共|总共|面积|大约|左右|"
    r"作业|完成|做完|弄完|之内|谢谢|机器|农机|电话|手机|联系|人|了|吧|啊|哦|呢|：|:)"
)


def read_text(text: str, today: date, *, growers: Collection[str] = (), fields: Collection[str] = ()) -> list[Reading]:
    """What a text asks for, one reading a job; a line that names two works is two jobs.

    `growers` and `fields`: names of the register; they are found wherever they stand in a line.
    """
    found: list[Reading] = []
    for said in _lines(text):
        found += read_line(said, today, growers=growers, fields=fields)
    return found


def read_line(said: str, today: date, *, growers: Collection[str] = (), fields: Collection[str] = ()) -> list[Reading]:
    """The jobs of one line; none where it is empty."""
    text = plain(said[:LINE_MAX])
    if not text.strip(" ,.-|"):
        return []
    text = _LEAD.sub("", text)
    doubts: list[Doubt] = []
    text, phone = _cut_phone(text)
    text, named, known_field = _cut_known(text, growers, fields)
    days = find_days(text, today)
    if days is None:
        doubts.append(Doubt.NO_DAY)
    else:
        of_days = ((Doubt.DAY_OVER, days.over), (Doubt.DAY_OPEN, days.open), (Doubt.DAY_VAGUE, days.vague))
        doubts += [doubt for doubt, on in of_days if on]
        text = _cut(text, days.span)
    areas = find_areas(text)
    if areas:
        doubts += [d for d, on in ((Doubt.AREA_ABOUT, areas[0].about), (Doubt.AREAS_SEVERAL, len(areas) > 1)) if on]
        for one in reversed(areas):
            text = _cut(text, one.span)
    else:
        doubts.append(Doubt.NO_AREA)
    works = find_works(text, (days.since if days else today).month)
    for found in reversed(works):
        text = _cut(text, found.span)
    urgent = bool(_URGENT.search(text))
    text = _IDLE.sub(" ", _URGENT.sub(" ", text))
    grower, place, rest = split_names(text, grower=named, place=known_field)
    doubts += [d for d, on in ((Doubt.NO_NAME, not grower), (Doubt.LEFT_OVER, bool(rest))) if on]
    if not works:
        doubts.append(Doubt.NO_WORK)
    wanted: list[SaidWork | None] = [*works] or [None]
    return [
        Reading(
            said=said.strip(),
            grower=grower,
            phone=phone,
            place=place,
            area_ha=round(areas[0].area_ha, 4) if areas else None,
            operation=work.operation if work else "",
            since=days.since if days else None,
            until=days.until if days else None,
            note=rest,
            urgent=urgent,
            doubts=(*doubts, Doubt.WORK_BY_MONTH) if work and work.by_month else tuple(doubts),
        )
        for work in wanted
    ]


def _lines(text: str) -> Iterator[str]:
    """The lines of a text; those of a sheet with their columns made into words that are read alike."""
    rows = sheet_rows(text)
    lines = text.splitlines() if rows is None else rows
    yield from lines[:LINES_MAX]


def _cut(text: str, span: tuple[int, int]) -> str:
    return f"{text[: span[0]]} {text[span[1] :]}"


def _cut_phone(text: str) -> tuple[str, str]:
    hit = _PHONE.search(text)
    if hit is None:
        return text, ""
    return _cut(text, hit.span()), re.sub(r"[\s-]", "", hit[1]) if hit[1] else hit[2]


def _cut_known(text: str, growers: Collection[str], fields: Collection[str]) -> tuple[str, str, str]:
    """Names of the register that stand in the line as they are; the longest counts."""
    found = ["", ""]
    for i, names in enumerate((fields, growers)):
        name = max((n for n in names if len(n) > 1 and plain(n) in text), key=len, default="")
        if name:
            at = text.index(plain(name))
            text, found[i] = _cut(text, (at, at + len(plain(name)))), name
    return text, found[1], found[0]
