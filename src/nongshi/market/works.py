"""Work in people's words: 收割, 打捆, 旋地, 飞防 ... as codes of operations."""

import re
from dataclasses import dataclass

WORDS: dict[str, str] = {
    "rice_harvest": (
        "水稻收割 稻子收割 收割水稻 收割稻 收水稻 割水稻 收晚稻 割晚稻 收单季稻 晚稻收割 "
        "收稻子 割稻子 收稻谷 收稻 割稻 收谷子 割谷 收谷"
    ),
    "wheat_harvest": "小麦收割 麦子收割 收割小麦 收小麦 割小麦 收麦子 割麦子 收麦 割麦 麦收",
    "rape_harvest": "油菜收割 收割油菜 收油菜籽 收油菜 割油菜 收菜籽 割菜籽",
    "bale": "秸秆打捆 稻草打捆 秸秆捆扎 打捆 捆秸秆 捆稻草 捆草 打草捆 秸秆打包 打包 秸秆离田 收秸秆 收稻草",
    "rotary_till": "旋耕 旋地 旋田 翻耕 翻地 翻田 耕地 耕田 犁地 犁田 整地 打地 打田 耙田 深翻",
    "wheat_sow": "小麦播种 播种小麦 播小麦 种小麦 麦子播种 播麦子 种麦子 播麦 种麦",
    "rape_sow": "油菜播种 播种油菜 油菜直播 播油菜 种油菜",
    "transplant": "机插秧 插秧 机插 插田 栽秧 种秧 抛秧",
    "direct_seed": "水稻直播 直播稻 水稻播种 播水稻 播稻 撒稻种 直播",
    "spray": "植保喷药 喷农药 打农药 喷药 打药 植保 飞防 统防 治虫 打虫 除虫 喷防 除草",
}
UNCLEAR: dict[str, dict[str, tuple[int, ...]]] = {
    "收割 机收 收 割": {"wheat_harvest": (4, 5, 6), "rice_harvest": (1, 2, 3, 7, 8, 9, 10, 11, 12)},
    "播种 播 种": {"direct_seed": (4, 5, 6, 7), "wheat_sow": (1, 2, 3, 8, 9, 10, 11, 12)},
}  # words that leave the crop open: which it is in which months; assumption, from the region's rice-wheat year
SURE = {("rice_harvest", month) for month in (9, 10, 11, 12)}  # then nothing else stands to be harvested here


@dataclass(frozen=True, slots=True)
class SaidWork:
    """An operation, whether only the month tells which, and where it stands."""

    operation: str
    by_month: bool
    span: tuple[int, int]


_EXACT = {word: operation for operation, words in WORDS.items() for word in words.split()}
_OPEN = {word: months for words, months in UNCLEAR.items() for word in words.split()}
_PATTERN = re.compile("|".join(sorted((*_EXACT, *_OPEN), key=len, reverse=True)))


def find_works(text: str, month: int, names: tuple[str, ...] = ()) -> list[SaidWork]:
    """Every operation of a plain text, each once, in order; `names`: codes and names that count as they stand."""
    found: dict[str, SaidWork] = {}
    for hit in _PATTERN.finditer(text):
        word = hit[0]
        if word in _EXACT:
            operation, by_month = _EXACT[word], False
        else:
            if len(word) == 1 and not _alone(text, hit):
                continue
            operation = next(name for name, months in _OPEN[word].items() if month in months)
            by_month = (operation, month) not in SURE
        found.setdefault(operation, SaidWork(operation, by_month, hit.span()))
    return sorted(found.values(), key=lambda one: one.span)


def _alone(text: str, hit: re.Match[str]) -> bool:
    """A word of one letter counts only where it is no part of another word."""
    before, after = text[hit.start() - 1 : hit.start()], text[hit.end() : hit.end() + 1]
    return (not before or not _letter(before)) and (not after or not _letter(after))


def _letter(c: str) -> bool:
    return "一" <= c <= "鿿" and c not in "亩的要来去请帮天日号前"
