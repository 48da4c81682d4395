"""Days in a line: 11月28日, 28号, 周四前, 下周二, 明后天, 28到30号, 月底前, 三天内, 尽快."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from nongshi.market.numerals import NUMBER, number

OPEN_DAYS = 7  # assumption: "28号以后" means within a week of it, until somebody names a last day
SOON_DAYS = 3  # assumption: "尽快", "这几天"
PAST_DAYS = 60  # assumption: a day without a year that is over for longer means next year's
Days = tuple[date, date]

_N = NUMBER
_WEEK = r"(?:周|星期|礼拜)"
_NOT_DAY = r"(?![田地块棚楼机桥组队线圩])"  # 1号田 is a field
_WORDS = {
    "大后天": 3,
    "后天": 2,
    "后日": 2,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
}
_PAIRS = {"今明两天": (0, 1), "今明": (0, 1), "明后两天": (1, 2), "明后天": (1, 2), "明后": (1, 2)}
_THIRDS = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}


@dataclass(frozen=True, slots=True)
class SaidDays:
    """First and last day, what is doubtful of them, and where they stand."""

    since: date
    until: date
    over: bool
    open: bool
    vague: bool
    span: tuple[int, int]


def find_days(text: str, today: date) -> SaidDays | None:
    """The first days that a plain text names."""
    hit = _PATTERN.search(text)
    while hit is not None:
        found = _read(hit, today)
        if found is not None:
            return found
        hit = _PATTERN.search(text, hit.end())
    return None


def _read(hit: re.Match[str], today: date) -> SaidDays | None:
    try:
        return _spoken(hit, today)
    except (ValueError, OverflowError):  # 31 February, the year 99999
        return None


def _spoken(hit: re.Match[str], today: date) -> SaidDays | None:
    if hit["within"]:
        days = number(hit["within"])
        if days is None or not 0 < days <= 366:
            return None
        return SaidDays(today, today + timedelta(days=int(days)), False, False, False, hit.span())
    if hit["soon"]:
        return SaidDays(today, today + timedelta(days=SOON_DAYS), False, False, True, hit.span())
    first = _atom(hit["a"], today)
    if first is None:
        return None
    since, until = first
    if hit["b"]:
        last = _atom(hit["b"], today, after=since)
        if last is None or last[1] < since:
            return None
        until = last[1]
    if hit["before"]:
        over = until < today
        return SaidDays(min(today, until), until, over, False, False, hit.span())
    if hit["from"]:
        return SaidDays(since, until + timedelta(days=OPEN_DAYS), since < today, True, False, hit.span())
    since = today if since < today <= until else since  # of days that have begun the rest counts
    return SaidDays(since, until, until < today, False, bool(hit["about"]), hit.span())


def _atom(text: str, today: date, after: date | None = None) -> Days | None:
    """One named day or stretch of days; after a first day, a bare number is a day of the same month."""
    for pattern, read in _ATOMS:
        hit = pattern.fullmatch(text.strip())
        if hit is not None:
            return read(hit, today, after)
    return None


def _of_words(hit: re.Match[str], today: date, after: date | None) -> Days:
    first, last = _PAIRS.get(hit[0], (_WORDS.get(hit[0], 0),) * 2)
    return today + timedelta(days=first), today + timedelta(days=last)


def _of_full(hit: re.Match[str], today: date, after: date | None) -> Days:
    day = date(int(hit["y"]), int(hit["m"]), int(hit["d"]))
    return day, day


def _of_month(hit: re.Match[str], today: date, after: date | None) -> Days | None:
    month, day_of = number(hit["m"]), number(hit["d"])
    if month is None or day_of is None or month % 1 or day_of % 1:
        return None
    day = _near(today.year, int(month), int(day_of), after or today)
    return day, day


def _of_number(hit: re.Match[str], today: date, after: date | None) -> Days | None:
    """28号: of this month, or of the next where it is over."""
    value = number(hit["d"])
    if value is None or value % 1 or not 1 <= value <= 31:
        return None
    start = after or today
    for step in range(3):  # a month without a 31st is passed over
        month = start.month - 1 + step
        year, month = start.year + month // 12, month % 12 + 1
        if value <= monthrange(year, month)[1] and date(year, month, int(value)) >= start:
            day = date(year, month, int(value))
            return day, day
    return None


def _of_week(hit: re.Match[str], today: date, after: date | None) -> Days | None:
    which, name = hit["which"] or "", hit["name"]
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=which.count("下"))
    if name == "末":
        first, last = monday + timedelta(days=5), monday + timedelta(days=6)
    elif name in ("内", "之内", "里"):
        first, last = max(today, monday), monday + timedelta(days=6)
    else:
        first = last = monday + timedelta(days="一二三四五六日".index("日" if name in ("天", "7") else _weekday(name)))
    start = after or today
    if not which and last < start:  # plain 周四: the next one
        first, last = first + timedelta(weeks=1), last + timedelta(weeks=1)
    return first, last


def _weekday(name: str) -> str:
    return "一二三四五六日"[int(name) - 1] if name.isascii() else name


def _of_third(hit: re.Match[str], today: date, after: date | None) -> Days | None:
    month = number(hit["m"]) if hit["m"] else today.month + (1 if hit["next"] else 0)
    if month is None or month % 1 or not 1 <= month <= 13:
        return None
    year, month = today.year + (int(month) - 1) // 12, (int(month) - 1) % 12 + 1
    low, high = _THIRDS[{"底": "下", "末": "下", "初": "上"}.get(hit["part"], hit["part"])]
    first = _near(year, month, low, today)
    last_day = monthrange(first.year, first.month)[1]
    if hit["part"] in "底末":
        low = last_day - 4
    elif hit["part"] == "初":
        high = 5
    return first.replace(day=low), first.replace(day=min(high, last_day))


def _near(year: int, month: int, day: int, today: date) -> date:
    """A day without a year: this year's, or next year's where that is long over."""
    found = date(year, month, day)
    return date(year + 1, month, day) if (today - found).days > PAST_DAYS else found


Read = Callable[[re.Match[str], date, date | None], Days | None]
_SOURCES: tuple[tuple[str, Read], ...] = (
    ("|".join((*_PAIRS, *_WORDS)), _of_words),
    (r"(?P<y>20\d\d)[年/.-](?P<m>\d{1,2})[月/.-](?P<d>\d{1,2})[日号]?", _of_full),
    (rf"(?P<m>{_N})月(?:份)?(?P<d>{_N})[日号]?{_NOT_DAY}", _of_month),
    (r"(?P<m>1[0-2]|0?[1-9])[/.-](?P<d>3[01]|[12]\d|0?[1-9])(?![\d.]|\s*(?:亩|公顷|ha|分|多|来|平))", _of_month),
    (rf"(?:本月|这个月)?(?P<d>{_N})[日号]{_NOT_DAY}", _of_number),
    (rf"(?P<which>下下个?|下个?|本|这个?)?{_WEEK}(?P<name>[一二三四五六日天末1-7]|之?内|里)", _of_week),
    (rf"(?:(?P<m>{_N})月|(?P<next>下个?月)|(?:本|这个?)?月)?(?P<part>[上中下](?=旬)|[底末初](?!伏))旬?", _of_third),
)


def _bare(source: str) -> str:
    """A pattern without the names of its groups, to stand inside a larger one."""
    return re.sub(r"\?P<\w+>", "?:", source)


_THIRD_WHOLE = rf"(?:{_N}月|下个?月|(?:本|这个?)月|月)(?:[上中下]旬|底|末|初)|[上中下]旬"
_ANY = "|".join(f"(?:{_bare(source)})" for source, _ in _SOURCES[:-1]) + f"|(?:{_THIRD_WHOLE})"
_TO = r"\s*(?:到|至|-|,|和|或者?)\s*"
_BARE_DAY = rf"{_N}(?={_TO}{_N}[日号]{_NOT_DAY})"  # the 28 of 28到30号
_PATTERN = re.compile(
    rf"(?P<within>{_N})\s*(?:天|日)(?:之内|以内|内)"
    r"|(?P<soon>尽快|尽早|马上|越快越好|这几天|这两天|近几天|近期|最近)"
    rf"|(?P<a>{_ANY}|{_BARE_DAY})(?:{_TO}(?P<b>{_ANY}))?\s*"
    r"(?:(?P<before>之前|以前|前面?|截止|为止)|(?P<from>以后|之后|后(?!天)|起|开始)|(?P<about>左右|前后))?(?:之内)?(?:完成|做完|收完|弄好)?"
)
_ATOMS: tuple[tuple[re.Pattern[str], Read], ...] = (
    *((re.compile(source), read) for source, read in _SOURCES),
    (re.compile(rf"(?P<d>{_N})"), _of_number),
)
