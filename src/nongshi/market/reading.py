"""What was understood of one line, and what of it somebody should look at again."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Doubt(StrEnum):
    """Why a cell of a reading may be wrong; the shell has the words."""

    NO_NAME = "no_name"
    NO_AREA = "no_area"
    NO_WORK = "no_work"
    NO_DAY = "no_day"
    AREA_ABOUT = "area_about"  # "12 亩左右"
    AREAS_SEVERAL = "areas_several"  # more than one area in the line; the first counts
    WORK_BY_MONTH = "work_by_month"  # "收割" or "播种": which crop follows from the time of year only
    DAY_OVER = "day_over"  # the day named lies in the past
    DAY_OPEN = "day_open"  # "28号以后": no last day was named
    DAY_VAGUE = "day_vague"  # "这几天", "尽快"
    LEFT_OVER = "left_over"  # words that nothing was made of


CELL_OF = {
    Doubt.NO_NAME: "grower",
    Doubt.NO_AREA: "area",
    Doubt.NO_WORK: "work",
    Doubt.NO_DAY: "since",
    Doubt.AREA_ABOUT: "area",
    Doubt.AREAS_SEVERAL: "area",
    Doubt.WORK_BY_MONTH: "work",
    Doubt.DAY_OVER: "until",
    Doubt.DAY_OPEN: "until",
    Doubt.DAY_VAGUE: "until",
    Doubt.LEFT_OVER: "note",
}  # beside which cell of a grid a doubt is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One job as somebody said it; what was not said is empty."""

    said: str  # the line as it came
    grower: str = ""
    phone: str = ""
    place: str = ""  # village, group, name of the field
    area_ha: float | None = None
    operation: str = ""  # code of agronomy.OPERATIONS
    since: date | None = None
    until: date | None = None
    note: str = ""
    urgent: bool = False
    doubts: tuple[Doubt, ...] = ()
