"""What the lists of the register consist of: one table that import, export, templates and pages read.

A cell is compared by its text: what would be written of the old value against what would be written of the new one, so
that a file which was exported and comes back unchanged changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from nongshi.site.register.models import Dryer, Field, Machine, Operator, Yard

SPLIT = "; "  # between several values of one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its English name, its Chinese name, what stands in it."""

    name: str
    zh: str
    label: Any  # lazy text, as pages say it
    kind: str = "text"  # how it is read and written: cells.py
    attr: str = ""  # of the row; empty: the same as the name
    needed: bool = False
    above: float | None = None
    least: float | None = None
    most: float = 1e9
    table: str = ""  # of a code: the table that knows it
    example: str = ""  # for the template file
    also: tuple[str, ...] = ()  # other names that people give it
    only: str = ""  # "out": written and never read; "in": read and never written
    write: Callable[[Any], str] | None = None  # of a row; None: by its kind
    read: Callable[[Any, Any], Any] | None = None  # of (row of the file, context); None: by its kind

    @property
    def shown_label(self) -> Any:
        """What a page calls it, where areas stand in the reader's unit."""
        return _("Area") if self.kind == "mu" else self.label

    @property
    def attribute(self) -> str:
        """Where the value stands on the row."""
        return self.attr or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKind:
    """One list of the register."""

    name: str  # in addresses
    zh: str
    title: Any
    one: Any  # what one row is called
    icon: str
    model: Any
    columns: tuple[Column, ...]
    shown: tuple[str, ...]  # columns of the page's table
    search: tuple[str, ...]
    point: tuple[str, str] = ("", "")  # columns of longitude and latitude
    outlined: bool = False
    key_needed: bool = True  # False: a row without a number is a new one
    secret: bool = False  # a file of it is kept encrypted, and no longer than until it is taken over

    @property
    def shapes(self) -> tuple[str, ...]:
        """Formats in which it leaves and comes."""
        return ("xlsx", "csv", "geojson") if self.name in LISTS else ("xlsx", "csv")

    @property
    def written(self) -> tuple[Column, ...]:
        """The columns of a file that leaves."""
        return tuple(column for column in self.columns if column.only != "in")

    @property
    def taken(self) -> tuple[Column, ...]:
        """The columns of a template: those that a file may bring."""
        return tuple(column for column in self.columns if column.only != "out")

    def column(self, name: str) -> Column:
        """A column by its English name."""
        return next(column for column in self.columns if column.name == name)

    def find(self, heading: str) -> Column | None:
        """A column by any name that a header may carry."""
        return self.by_name.get(bare(heading))

    @property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by all their names, bare; whoever looks up many headings keeps it."""
        found: dict[str, Column] = {}
        for column in self.columns:
            for name in (column.name, column.zh, *column.also):
                found.setdefault(bare(name), column)
        return found


@lru_cache(maxsize=1_024)
def bare(heading: str) -> str:
    """A heading without what people write differently."""
    return heading.strip().lower().replace("(", "（").replace(")", "）").replace(" ", "")


def _lon(name: str, zh: str, label: Any, example: str) -> Column:
    return Column(
        name=name, zh=zh, label=label, kind="number", needed=True, least=-180, most=180, example=example,
        also=("lon", "lng", "longitude", "入口经度"),
    )  # fmt: skip


def _lat(name: str, zh: str, label: Any, example: str) -> Column:
    return Column(
        name=name, zh=zh, label=label, kind="number", needed=True, least=-90, most=90, example=example,
        also=("lat", "latitude", "入口纬度"),
    )  # fmt: skip


def _day(name: str, zh: str, label: Any, example: str = "") -> Column:
    return Column(name=name, zh=zh, label=label, kind="day", example=example)


REF = Column(name="ref", zh="编号", label=_("Number"), needed=True, example="P001", also=("id", "number", "号"))
NAME = Column(name="name", zh="名称", label=_("Name"), also=("名字",))
OUT = _day("out_since", "停用日期", _("Out of use since"))
OWNER_REF = Column(name="owner_ref", zh="机主编号", label=_("Owner's number"), also=("owner_id",))
FIELDS = ListKind(
    name="fields", zh="田块", title=_("Fields"), one=_("field"), icon="field", model=Field, outlined=True,
    columns=(
        REF,
        Column(name="name", zh="名称", label=_("Name"), needed=True, example="东头大田", also=("名字", "地块", "田块")),
        Column(name="place", zh="村镇", label=_("Village or town"), example="廊下镇", also=("村", "镇")),
        Column(name="grower", zh="种植户", label=_("Grower"), kind="person", example="张三", also=("农户",)),
        Column(
            name="area_mu", zh="面积（亩）", label=_("Area, mu"), kind="mu", attr="area_ha", needed=True, above=0,
            most=150_000, example="12.6", also=("面积", "亩", "area"),
        ),
        _lon("gate_lon", "田口经度", _("Gate, longitude"), "121.1812345"),
        _lat("gate_lat", "田口纬度", _("Gate, latitude"), "30.8012345"),
        Column(name="crop", zh="作物", label=_("Crop"), kind="code", table="crop", example="水稻"),
        Column(name="variety", zh="品种", label=_("Variety"), example="南粳46"),
        Column(name="hazards", zh="注意事项", label=_("Look out for"), example="北边有沟", also=("障碍",)),
        OUT,
    ),
    shown=("ref", "name", "place", "grower", "area_mu", "crop"),
    search=("ref", "name", "place", "grower__name", "variety"), point=("gate_lon", "gate_lat"),
)  # fmt: skip
MACHINES = ListKind(
    name="machines", zh="农机", title=_("Machines"), one=_("machine"), icon="machine", model=Machine,
    columns=(
        REF,
        NAME,
        Column(
            name="machine_class", zh="机型", label=_("Machine class"), kind="code", table="machine_class", needed=True,
            example="全喂入履带收割机", also=("类别",),
        ),
        Column(name="owner", zh="机主", label=_("Owner"), kind="person", example="李四"),
        OWNER_REF,
        _lon("yard_lon", "停放经度", _("Yard, longitude"), "121.1812345"),
        _lat("yard_lat", "停放纬度", _("Yard, latitude"), "30.8012345"),
        Column(name="plate", zh="牌照号", label=_("Plate"), example="沪01-12345", also=("号牌",)),
        Column(name="terminal", zh="终端号", label=_("Terminal"), example="013812345678", also=("终端",)),
        Column(
            name="width_m", zh="作业幅宽（米）", label=_("Working width, m"), kind="number", above=0, most=40,
            example="2.0", also=("幅宽",),
        ),
        Column(name="available_from", zh="可用起", label=_("Here from"), kind="moment"),
        Column(name="available_to", zh="可用止", label=_("Here to"), kind="moment"),
        Column(name="down", zh="停机时段", label=_("Broken from, to"), kind="spans"),
        _day("inspected_until", "年检有效期至", _("Inspection valid to"), "2027-05-31"),
        _day("insured_until", "保险有效期至", _("Insurance valid to"), "2027-05-31"),
        _day("permit_until", "跨区作业证有效期至", _("Cross-region permit valid to")),
        _day("oversize_until", "超限运输证有效期至", _("Oversize permit valid to")),
        _day("upkeep_due", "下次保养", _("Upkeep due")),
        OUT,
    ),
    shown=("ref", "name", "machine_class", "plate", "terminal", "owner"),
    search=("ref", "name", "plate", "terminal", "owner__name"), point=("yard_lon", "yard_lat"),
)  # fmt: skip
OPERATORS = ListKind(
    name="operators", zh="机手", title=_("Operators"), one=_("operator"), icon="wheel", model=Operator,
    columns=(
        REF,
        Column(name="person", zh="姓名", label=_("Name"), kind="person", example="王五", also=("机手",)),
        OWNER_REF,
        Column(
            name="licences", zh="驾驶证", label=_("Licences"), kind="licences", example="S:2029-06-30; G1:2028-04-15",
        ),
        Column(
            name="hours_max", zh="每日最长小时", label=_("Hours a day at most"), kind="number", above=0, most=24,
            example="10",
        ),
        Column(name="shared", zh="可开他人农机", label=_("Drives for other owners"), kind="flag", example="是"),
        Column(name="off_days", zh="休息日", label=_("Days off"), kind="days"),
        OUT,
    ),
    shown=("ref", "person", "licences", "hours_max", "shared"),
    search=("ref", "person__name", "owner_ref"),
)  # fmt: skip
DRYERS = ListKind(
    name="dryers", zh="烘干点", title=_("Dryers"), one=_("dryer"), icon="grain", model=Dryer,
    columns=(
        REF,
        NAME,
        _lon("lon", "经度", _("Longitude"), "121.1812345"),
        _lat("lat", "纬度", _("Latitude"), "30.8012345"),
        Column(
            name="t_day", zh="日烘干量（吨）", label=_("Tonnes a day"), kind="number", needed=True, above=0,
            most=100_000, example="60",
        ),
        Column(
            name="hold_t", zh="可过夜存放（吨）", label=_("Tonnes that may wait over night"), kind="number",
            needed=True, least=0, most=100_000, example="30",
        ),
        Column(name="down", zh="停用时段", label=_("Out of order from, to"), kind="dayspans"),
        OUT,
    ),
    shown=("ref", "name", "t_day", "hold_t"), search=("ref", "name"), point=("lon", "lat"),
)  # fmt: skip
YARDS = ListKind(
    name="yards", zh="停放场", title=_("Yards"), one=_("yard"), icon="place", model=Yard,
    columns=(
        REF,
        Column(name="name", zh="名称", label=_("Name"), needed=True, example="合作社机库"),
        _lon("lon", "经度", _("Longitude"), "121.1812345"),
        _lat("lat", "纬度", _("Latitude"), "30.8012345"),
        OUT,
    ),
    shown=("ref", "name"), search=("ref", "name"), point=("lon", "lat"),
)  # fmt: skip
LISTS: Mapping[str, ListKind] = {kind.name: kind for kind in (FIELDS, MACHINES, OPERATORS, DRYERS, YARDS)}
