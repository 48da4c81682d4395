"""Five towns on both sides of the Shanghai-Zhejiang border, and their villages.

Names and codes: Vonng/adcode (github.com/Vonng/adcode, commit b755d6e), licence CC BY 4.0; "村委会" and
"村民委员会" are cut from the village names. Centres marked `adcode` come from the same data and were shifted
from the Chinese map offset (GCJ-02) to WGS 84; those marked `generated` are not known and were spread
evenly over their town on 2026-11-23, so a field at such a village lies at no real place.
"""

from dataclasses import dataclass
from typing import Literal

CentreSource = Literal["adcode", "generated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A village and where its middle is taken to be, WGS 84."""

    code: str
    name: str
    lon: float
    lat: float
    centre_source: CentreSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town, the county and province it belongs to, and its villages."""

    code: str
    name: str
    county: str
    province: str
    lon: float
    lat: float
    villages: tuple[Village, ...]


def _villages(*rows: tuple[str, str, float, float, CentreSource]) -> tuple[Village, ...]:
    return tuple(
        Village(code=code, name=name, lon=lon, lat=lat, centre_source=source) for code, name, lon, lat, source in rows
    )


FIVE_TOWNS: tuple[Town, ...] = (
    Town(
        code="310116107",
        name="廊下镇",
        county="金山区",
        province="上海市",
        lon=121.1881,
        lat=30.7932,
        villages=_villages(
            ("310116107201", "万春村", 121.1423, 30.8010, "generated"),
            ("310116107203", "中联村", 121.1932, 30.7873, "generated"),
            ("310116107204", "勇敢村", 121.1982, 30.8092, "generated"),
            ("310116107206", "中丰村", 121.2307, 30.7918, "generated"),
            ("310116107208", "景阳村", 121.1605, 30.8028, "generated"),
            ("310116107209", "中民村", 121.2138, 30.7999, "generated"),
            ("310116107211", "山塘村", 121.1619, 30.7858, "generated"),
            ("310116107212", "中华村", 121.1527, 30.7919, "generated"),
            ("310116107214", "南陆村", 121.1771, 30.7833, "generated"),
            ("310116107216", "南塘村", 121.2283, 30.8103, "generated"),
            ("310116107217", "光明村", 121.1787, 30.8031, "generated"),
            ("310116107219", "友好村", 121.2321, 30.7748, "generated"),
        ),
    ),
    Town(
        code="310116105",
        name="吕巷镇",
        county="金山区",
        province="上海市",
        lon=121.1783,
        lat=30.8340,
        villages=_villages(
            ("310116105201", "荡田村", 121.1359, 30.8405, "generated"),
            ("310116105203", "夹漏村", 121.1691, 30.8207, "generated"),
            ("310116105204", "姚家村", 121.2175, 30.8335, "generated"),
            ("310116105205", "马新村", 121.1613, 30.8366, "adcode"),
            ("310116105209", "太平村", 121.1487, 30.8570, "generated"),
            ("310116105210", "蔷薇村", 121.1790, 30.8565, "generated"),
            ("310116105212", "龙跃村", 121.1416, 30.8178, "generated"),
            ("310116105215", "和平村", 121.2097, 30.8600, "generated"),
            ("310116105216", "白漾村", 121.2401, 30.8372, "adcode"),
            ("310116105218", "颜圩村", 121.1934, 30.8329, "generated"),
        ),
    ),
    Town(
        code="310116103",
        name="张堰镇",
        county="金山区",
        province="上海市",
        lon=121.2936,
        lat=30.8038,
        villages=_villages(
            ("310116103201", "旧港村", 121.3077, 30.7870, "generated"),
            ("310116103202", "桑园村", 121.3007, 30.8086, "generated"),
            ("310116103203", "甪里村", 121.2567, 30.8279, "generated"),
            ("310116103204", "鲁堰村", 121.2873, 30.7703, "generated"),
            ("310116103205", "百家村", 121.2735, 30.8087, "generated"),
            ("310116103208", "秦望村", 121.2502, 30.8027, "generated"),
            ("310116103209", "秦山村", 121.2820, 30.8354, "generated"),
            ("310116103210", "秦阳村", 121.2689, 30.7858, "adcode"),
            ("310116103212", "建农村", 121.2570, 30.7740, "generated"),
        ),
    ),
    Town(
        code="330482106",
        name="广陈镇",
        county="平湖市",
        province="浙江省",
        lon=121.1300,
        lat=30.7523,
        villages=_villages(
            ("330482106200", "曹港村", 121.0668, 30.7715, "adcode"),
            ("330482106201", "民主村", 121.1076, 30.7779, "generated"),
            ("330482106202", "前港村", 121.1433, 30.7382, "generated"),
            ("330482106203", "三红村", 121.1554, 30.7578, "generated"),
            ("330482106204", "高新村", 121.0966, 30.7522, "adcode"),
            ("330482106205", "港中村", 121.1421, 30.7735, "generated"),
            ("330482106206", "龙兴村", 121.1157, 30.7352, "adcode"),
            ("330482106207", "三兴村", 121.1299, 30.7163, "generated"),
            ("330482106208", "泗泾村", 121.0865, 30.7365, "generated"),
            ("330482106209", "山塘村", 121.1229, 30.7583, "generated"),
            ("330482106210", "龙萌村", 121.1068, 30.7171, "generated"),
        ),
    ),
    Town(
        code="330482103",
        name="新仓镇",
        county="平湖市",
        province="浙江省",
        lon=121.1860,
        lat=30.7245,
        villages=_villages(
            ("330482103216", "三叉河村", 121.1660, 30.7236, "generated"),
            ("330482103217", "友联村", 121.1808, 30.7476, "generated"),
            ("330482103218", "石路村", 121.1707, 30.6947, "generated"),
            ("330482103219", "秦沙村", 121.1957, 30.7315, "adcode"),
            ("330482103220", "双红村", 121.1504, 30.7017, "generated"),
            ("330482103221", "芦湾村", 121.2175, 30.7485, "generated"),
            ("330482103222", "杉青港村", 121.1947, 30.7107, "generated"),
            ("330482103223", "中华村", 121.2268, 30.7285, "generated"),
        ),
    ),
)
