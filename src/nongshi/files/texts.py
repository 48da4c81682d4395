"""Words that people read, Chinese first: operations, machine classes, licences, reasons, engines, the report's page.

A region may use names of its own; what is not in a table here is shown as it is written in the region's files.
Licence names follow the Chinese classes of the tractor and combine driving licence (MARA order 2018/1, read
2026-11); the drone operator's certificate is no part of those classes and is named after its common use.
"""

from collections.abc import Mapping
from datetime import date

Words = Mapping[str, tuple[str, str]]  # key -> (Chinese, English)

OPERATIONS: Words = {
    "rice_harvest": ("水稻机收", "rice harvest"),
    "wheat_harvest": ("小麦机收", "wheat harvest"),
    "maize_harvest": ("玉米机收", "maize harvest"),
    "rape_harvest": ("油菜机收", "rapeseed harvest"),
    "wheat_sow": ("小麦播种", "wheat sowing"),
    "rape_sow": ("油菜播种", "rapeseed sowing"),
    "rice_sow": ("水稻直播", "direct rice sowing"),
    "transplant": ("机插秧", "rice transplanting"),
    "rice_transplant": ("机插秧", "rice transplanting"),
    "rotary_till": ("旋耕", "rotary tillage"),
    "plough": ("犁耕", "ploughing"),
    "deep_plough": ("深翻", "deep ploughing"),
    "subsoil": ("深松", "subsoiling"),
    "paddle": ("水田打浆", "puddling"),
    "puddle": ("水田打浆", "puddling"),
    "level": ("平地", "levelling"),
    "ditch": ("开沟", "ditching"),
    "spray": ("植保", "spraying"),
    "fertilise": ("施肥", "fertilising"),
    "bale": ("秸秆打捆", "straw baling"),
    "straw_bale": ("秸秆打捆", "straw baling"),
    "straw_return": ("秸秆还田", "straw chopping"),
}

CLASSES: Words = {
    "combine-full": ("全喂入履带收割机", "full-feed tracked combine"),
    "combine-half": ("半喂入履带收割机", "half-feed tracked combine"),
    "combine-wheeled": ("轮式收割机", "wheeled combine"),
    "tractor-wheeled": ("轮式拖拉机", "wheeled tractor"),
    "tractor-crawler": ("履带拖拉机", "crawler tractor"),
    "uav": ("植保无人机", "spraying drone"),
    "transplanter": ("插秧机", "transplanter"),
}

LICENCES: Words = {
    "S": ("S 证（履带式收割机）", "S (tracked combine)"),
    "R": ("R 证（轮式收割机）", "R (wheeled combine)"),
    "G1": ("G1 证（轮式拖拉机）", "G1 (wheeled tractor)"),
    "G2": ("G2 证（拖拉机运输机组）", "G2 (tractor and trailer)"),
    "K1": ("K1 证（手扶拖拉机）", "K1 (walking tractor)"),
    "L": ("L 证（履带拖拉机）", "L (crawler tractor)"),
    "UAV": ("植保无人机操控证", "drone operator's certificate"),
}

REASONS: Words = {
    "no_machine": ("没有能干这活的农机", "no machine can do it"),
    "no_licence": ("没有持证农机手", "nobody holds the licence"),
    "no_operator": ("农机手排不开", "no operator free for the machine"),
    "no_work_hours": ("窗口内没有可作业的时间", "no work hours in the window"),
    "window_too_short": ("农时窗口太短，干不完", "window too short for the work"),
    "not_worth": ("跑一趟不划算", "not worth the trip"),
    "after_unserved": ("同一地块的前一项作业未安排", "the job before it is left out"),
    "dryers_full": ("烘干能力已满", "the dryers are full"),
    "no_capacity": ("农机都在干更要紧的活", "machines busy with work worth more"),
}

ENGINES: Words = {
    "edd": ("电话派单", "phone dispatcher"),
}

WEEKDAYS_ZH = "一二三四五六日"
SYNTHETIC: tuple[str, str] = ("生成数据", "generated data")


def zh(words: Words, key: str, fallback: str = "") -> str:
    """The Chinese word of a key; else the fallback, else the key itself.

    >>> zh(OPERATIONS, "rotary_till"), zh(OPERATIONS, "mow_moss")
    ('旋耕', 'mow_moss')
    """
    return words[key][0] if key in words else fallback or key


def en(words: Words, key: str, fallback: str = "") -> str:
    """The English word of a key; else the fallback, else the key itself."""
    return words[key][1] if key in words else fallback or key


def weekday_zh(day: date) -> str:
    """Weekday as it is said in China.

    >>> weekday_zh(date(2026, 11, 1))
    '周日'
    """
    return "周" + WEEKDAYS_ZH[day.weekday()]
