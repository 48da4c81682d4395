"""Sentences that whoever looks at a forecast must read: what is missing, what was filled in."""

from nongshi.agronomy.weather import Said
from nongshi.core.season import Season
from nongshi.forecast import uncertainty

AREAS_FROM_JOBS = "areas_from_jobs"  # key of season.extra: a plain region folder was read as a season


def sentences(season: Season, weather: tuple[Said, ...], *, history: bool) -> tuple[Said, ...]:
    """What a forecast of this season rests on, in both languages."""
    found = list(weather)
    if season.region.synthetic:
        found.append(
            Said("本季数据为模拟数据，不代表任何真实地方。", "This season is made up; it stands for no real place.")
        )
    if not history:
        times = f"{uncertainty.NO_HISTORY_TIMES:g}"
        found.append(
            Said(
                f"本地没有物候观测和往季作业记录，只按品种和常年播期推算，误差范围放大到{times}倍。",
                f"Nothing was seen or posted here before: computed from varieties and calendar alone, "
                f"intervals {times} times as wide.",
            )
        )
    undated = sum(sowing.area_ha for sowing in season.sowings if sowing.sown_from is None)
    whole = sum(sowing.area_ha for sowing in season.sowings)
    if undated:
        share = undated / whole
        found.append(
            Said(
                f"{share:.0%}的面积没有播期，按常年播期推算。",
                f"{share:.0%} of the area has no sowing dates; the crop calendar stands in.",
            )
        )
    if season.extra.get(AREAS_FROM_JOBS):
        found.append(
            Said(
                "没有种植台账，各作物面积取自作业单；补上 towns.csv 和 sowings.csv 会更准。",
                "No sowings are given: areas are those of the jobs; towns.csv and sowings.csv make this firmer.",
            )
        )
    if not season.sowings:
        found.append(Said("到这一天还没有任何种植面积上报。", "On this day no sown area is known yet."))
    return tuple(found)
