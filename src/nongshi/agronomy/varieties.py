"""The varieties of the lower Yangtze as clocks: one table, each row with what it was fitted to and when.

The shapes (base, best temperature, day length, cold) are assumptions from general crop physiology; the two sums of
degree-days of each row are fitted by `phenology_fit.fit` to the calendar below on five years of Shanghai weather
(`nongshi bench phenology --fit` does it again). Only dates that are somebody's are called a source; the rest says
assumption. Put your own rows beside them: a variety is a name and a CropParameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nongshi.agronomy.crop_parameters import CropParameters

SONGJIANG = (
    "Songjiang extension note on Songxiangjing 1855: sowing to heading about 98 d, heading to ripeness about 52 d"
)
SOWING = "Chongming trial 2018: nursery 11 May; direct seeding late May to early June"
LANGXIA = "Langxia news 2022-05-05: 105 d in all, transplanted 5-20 May, cut in mid August; 105 d read as from sowing"
JIASHAN = "Jiashan 2017: wheat and rapeseed cut by 12 June; Taixing: best sowing 28 Oct-5 Nov; Fengxian: peak 20 Nov"
JINSHAN = "nongjitong 2012-05-16: barley cut 12-16 May in an early year, Jinshan"
RAPE_NOTE = "lower Yangtze notes: nursery sown mid to late September, ready by late May"
DATE = "2026-11-27"

MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a variety is fitted to: sown on that day, so many days to heading and to ripeness."""

    sown: MonthDay
    heading_d: int | None
    maturity_d: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Variety:
    """A named clock, what it was fitted to, and what is usual where nobody says when or how it was sown."""

    id: str
    crop: str  # rice, wheat, rapeseed, barley
    name_zh: str
    name_en: str
    clock: CropParameters
    targets: tuple[Target, ...]
    sown_from: MonthDay  # usual sowing; of the nursery, where it is transplanted
    sown_to: MonthDay
    seedling_age_d: int  # in the nursery, where it is transplanted
    source: str
    date: str = DATE


_RICE = CropParameters(
    emergence_c_d=90.0,
    emergence_base_c=8.0,
    emergence_top_c=30.0,
    heading_c_d=1098.0,
    ripening_c_d=704.0,
    warm=((8.0, 0.0), (30.0, 22.0), (42.0, 22.0)),
    day_full_h=12.5,
    day_critical_h=16.6,
    shock_d=4,
    frost_kills_c=0.0,
    ripe_by=(11, 25),
)
_WHEAT = CropParameters(
    emergence_c_d=110.0,
    emergence_base_c=0.0,
    emergence_top_c=30.0,
    heading_c_d=606.0,
    ripening_c_d=801.0,
    warm=((0.0, 0.0), (30.0, 30.0), (45.0, 30.0)),
    day_full_h=15.0,
    day_critical_h=8.0,
    cold_full_d=30.0,
    cold_base_d=5.0,
    cold=((-4.0, 0.0), (3.0, 1.0), (8.0, 1.0), (17.0, 0.0)),
    cold_until=0.3,
    ripe_by=(6, 25),
)
_BARLEY = replace(_WHEAT, heading_c_d=512.0, ripening_c_d=750.0, cold_full_d=20.0, cold_base_d=0.0, ripe_by=(6, 15))
_RAPE = replace(
    _WHEAT,
    emergence_c_d=80.0,
    emergence_base_c=3.0,
    heading_c_d=217.0,
    ripening_c_d=1058.0,
    warm=((0.0, 0.0), (25.0, 25.0), (40.0, 25.0)),
    day_critical_h=10.0,
    cold_full_d=60.0,
    cold_base_d=10.0,
    cold_until=0.6,
    shock_d=5,
    ripe_by=(6, 20),
)
_EARLY_RICE = replace(
    _RICE, heading_c_d=988.0, ripening_c_d=664.0, day_full_h=None, day_critical_h=None, ripe_by=(10, 31)
)

_LATE_TARGETS = tuple(Target(sown=day, heading_d=98, maturity_d=150) for day in ((5, 25), (6, 1), (6, 8)))

VARIETIES: Mapping[str, Variety] = {
    variety.id: variety
    for variety in (
        Variety(
            id="late-japonica",
            crop="rice",
            name_zh="迟熟粳稻（松香粳1855、沪软玉1号）",
            name_en="late japonica (Songxiangjing 1855, Huruanyu 1)",
            clock=_RICE,
            targets=_LATE_TARGETS,
            sown_from=(5, 11),
            sown_to=(6, 8),
            seedling_age_d=20,
            source=f"{SONGJIANG}; {SOWING}",
        ),
        Variety(
            id="early-japonica",
            crop="rice",
            name_zh="特早熟粳稻（八月香）",
            name_en="very early japonica (Bayuexiang)",
            clock=_EARLY_RICE,
            targets=tuple(Target(sown=day, heading_d=73, maturity_d=105) for day in ((4, 15), (4, 22), (4, 30))),
            sown_from=(4, 15),
            sown_to=(4, 30),
            seedling_age_d=20,
            source=f"{LANGXIA}; 73 d to heading: assumption",
        ),
        Variety(
            id="winter-wheat",
            crop="wheat",
            name_zh="冬小麦",
            name_en="winter wheat",
            clock=_WHEAT,
            targets=(
                Target(sown=(11, 1), heading_d=163, maturity_d=206),
                Target(sown=(11, 10), heading_d=158, maturity_d=200),
                Target(sown=(11, 20), heading_d=153, maturity_d=193),
            ),
            sown_from=(10, 28),
            sown_to=(11, 25),
            seedling_age_d=0,
            source=f"{JIASHAN}; ripe 26 May to 1 June, heading mid to late April: assumption within that",
        ),
        Variety(
            id="barley",
            crop="barley",
            name_zh="大麦",
            name_en="barley",
            clock=_BARLEY,
            targets=(
                Target(sown=(10, 30), heading_d=155, maturity_d=197),
                Target(sown=(11, 8), heading_d=151, maturity_d=191),
            ),
            sown_from=(10, 25),
            sown_to=(11, 15),
            seedling_age_d=0,
            source=f"{JINSHAN}; ripe 15 to 18 May in the mean, heading early April: assumption within that",
        ),
        Variety(
            id="rapeseed",
            crop="rapeseed",
            name_zh="油菜",
            name_en="rapeseed",
            clock=_RAPE,
            targets=(
                Target(sown=(9, 20), heading_d=183, maturity_d=244),
                Target(sown=(10, 15), heading_d=164, maturity_d=224),
            ),
            sown_from=(9, 15),
            sown_to=(10, 20),
            seedling_age_d=30,
            source=f"{RAPE_NOTE}; flowering late March, ripe 22 to 27 May: assumption within that",
        ),
    )
}
DEFAULT_VARIETY: Mapping[str, str] = {  # where a region names the crop alone
    "rice": "late-japonica",
    "wheat": "winter-wheat",
    "barley": "barley",
    "rapeseed": "rapeseed",
}
