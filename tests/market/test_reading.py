"""Lines as people write them are read as they are meant; what is doubtful is said; nothing crashes on any text."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.market import Doubt, Reading, read_text
from nongshi.market.areas import find_areas
from nongshi.market.days import find_days
from nongshi.market.freetext import LINES_MAX, read_line
from nongshi.market.numerals import plain
from nongshi.market.works import WORDS, find_works

TODAY = date(2026, 11, 27)  # a Friday
PHRASES = """
张三 廊下3队 12亩 收割 周四前 | 张三 | 廊下3队 | 12 | rice_harvest | 11-27 | 12-03
李四家东塘田五亩半 明天打捆 | 李四 | 东塘田 | 5.5 | bale | 11-28 | 11-28
王大爷 万春村1号田 收水稻 11月28日 13812345678 | 王大爷 | 万春村1号田 | | rice_harvest | 11-28 | 11-28
老张 8分地 旋耕 下周二 | 老张 | | 0.8 | rotary_till | 12-01 | 12-01
吴建国 3000平方米 飞防 后天 | 吴建国 | | 4.5 | spray | 11-29 | 11-29
徐阿根南圩 十二亩左右 种麦 12月上旬 | 徐阿根 | 南圩 | 12 | wheat_sow | 12-01 | 12-10
万春村 沈国良 半公顷 旋地 这几天 | 沈国良 | 万春村 | 7.5 | rotary_till | 11-27 | 11-30
中丰村12队张伯伯家3亩 打药 明早 | 张伯伯 | 中丰村12队 | 3 | spray | 11-28 | 11-28
周四前收割 12亩 赵六 | 赵六 | | 12 | rice_harvest | 11-27 | 12-03
朱家宅12亩收割28号前 | | 朱家宅 | 12 | rice_harvest | 11-27 | 11-28
1. 陈卫国，中华村5组，两亩三分，收稻，28到30号 | 陈卫国 | 中华村5组 | 2.3 | rice_harvest | 11-28 | 11-30
２、陈卫国 １２．５亩 收稻 １１月２８日 | 陈卫国 | | 12.5 | rice_harvest | 11-28 | 11-28
- 陆建明 十五亩 割稻 周一 | 陆建明 | | 15 | rice_harvest | 11-30 | 11-30
顾林根 一亩八 打捆 礼拜天 | 顾林根 | | 1.8 | bale | 11-29 | 11-29
顾林根 0.8公顷 打捆 星期天前 | 顾林根 | | 12 | bale | 11-27 | 11-29
俞老板 六里村 二十三亩 秸秆打捆 月底前 | 俞老板 | 六里村 | 23 | bale | 11-27 | 11-30
姚师傅 廿亩 翻地 12月5号以后 | 姚师傅 | | 20 | rotary_till | 12-05 | 12-12
小李 三亩三分 耕田 三天内 | 小李 | | 3.3 | rotary_till | 11-27 | 11-30
金国平 勇敢村8组 9亩 播小麦 12月1日到5日 | 金国平 | 勇敢村8组 | 9 | wheat_sow | 12-01 | 12-05
金国平 9亩 播麦 12.1-12.5 | 金国平 | | 9 | wheat_sow | 12-01 | 12-05
汪秀英 4亩2分 油菜播种 11/30 | 汪秀英 | | 4.2 | rape_sow | 11-30 | 11-30
倪金龙 十亩 种油菜 2026-12-02 | 倪金龙 | | 10 | rape_sow | 12-02 | 12-02
范阿姨 半亩 收谷 下礼拜三 | 范阿姨 | | 0.5 | rice_harvest | 12-02 | 12-02
施根宝 一百二十亩 机收 下下周一 | 施根宝 | | 120 | rice_harvest | 12-07 | 12-07
施根宝 两百三十亩 收晚稻 本周末 | 施根宝 | | 230 | rice_harvest | 11-28 | 11-29
俞建芳 18亩 稻子收割 周末 | 俞建芳 | | 18 | rice_harvest | 11-28 | 11-29
许文 18亩 收稻谷 周三到周五 | 许文 | | 18 | rice_harvest | 12-02 | 12-04
何小妹 山塘村 6.5亩 捆草 明后天 | 何小妹 | 山塘村 | 6.5 | bale | 11-28 | 11-29
何小妹 6.5亩 稻草打捆 今明两天 | 何小妹 | | 6.5 | bale | 11-27 | 11-28
郁师傅 7亩 收稻 大后天 | 郁师傅 | | 7 | rice_harvest | 11-30 | 11-30
费福生 光明村 11亩 整地 十二月三号 | 费福生 | 光明村 | 11 | rotary_till | 12-03 | 12-03
费福生 11亩 打田 十一月二十九号前 | 费福生 | | 11 | rotary_till | 11-27 | 11-29
郭林 2公顷 水稻收割 28号、29号 | 郭林 | | 30 | rice_harvest | 11-28 | 11-29
周永明 30亩 收割水稻 11月28、29号 | 周永明 | | 30 | rice_harvest | 11-28 | 11-29
周永明 30亩 割晚稻 11月28日-12月2日 | 周永明 | | 30 | rice_harvest | 11-28 | 12-02
钱志强 电话13912345678 8亩 打农药 尽快 | 钱志强 | | 8 | spray | 11-27 | 11-30
钱志强 139-1234-5678 8亩 治虫 明天 | 钱志强 | | 8 | spray | 11-28 | 11-28
孙桂芳 塘湾 约5亩 收稻 周二之前 | 孙桂芳 | 塘湾 | 5 | rice_harvest | 11-27 | 12-01
孙桂芳 5亩多 收稻 周二以前完成 | 孙桂芳 | | 5 | rice_harvest | 11-27 | 12-01
请帮徐建平安排一下收割 14亩 下周五 | 徐建平 | | 14 | rice_harvest | 12-04 | 12-04
麻烦明天来打捆，蒋金根，9亩 | 蒋金根 | | 9 | bale | 11-28 | 11-28
胡家埭3亩旋耕 30号 | | 胡家埭 | 3 | rotary_till | 11-30 | 11-30
万春村1号田 收割 3号前 | | 万春村1号田 | | rice_harvest | 11-27 | 12-03
谢永康(南塘) 16亩 收割 12月2日前 | 谢永康 | 南塘 | 16 | rice_harvest | 11-27 | 12-02
唐国华/5队/12亩/收割/周四 | 唐国华 | 5队 | 12 | rice_harvest | 12-03 | 12-03
唐国华，5队，12亩，收割，这周六 | 唐国华 | 5队 | 12 | rice_harvest | 11-28 | 11-28
宋伟明 12 亩 收割 下月初 | 宋伟明 | | 12 | rice_harvest | 12-01 | 12-05
宋伟明 12亩 旋耕 12月中旬 | 宋伟明 | | 12 | rotary_till | 12-11 | 12-20
曹阿毛 4亩 收割 今天 | 曹阿毛 | | 4 | rice_harvest | 11-27 | 11-27
邹建华 4亩半 收稻 29日起 | 邹建华 | | 4.5 | rice_harvest | 11-29 | 12-06
柳文斌 10来亩 翻耕 这两天 | 柳文斌 | | 10 | rotary_till | 11-27 | 11-30
裘金花 三十亩 植保 星期三 | 裘金花 | | 30 | spray | 12-02 | 12-02
屠国强 12 ha 收稻 1月5日 | 屠国强 | | 180 | rice_harvest | 01-05 | 01-05
章林妹 2000平米 打药 30号 | 章林妹 | | 3 | spray | 11-30 | 11-30
彭建新 15亩 秸秆离田 下周内 | 彭建新 | | 15 | bale | 11-30 | 12-06
潘国荣 15亩 打包 本周内 | 潘国荣 | | 15 | bale | 11-27 | 11-29
丁根娣 七亩 收稻子 11月底 | 丁根娣 | | 7 | rice_harvest | 11-27 | 11-30
余明 七亩 收割 周四或者周五 | 余明 | | 7 | rice_harvest | 12-03 | 12-04
阿根 南角 二亩 旋田 明天下午 | 阿根 | 南角 | 2 | rotary_till | 11-28 | 11-28
任雪英 9亩 晚稻收割 20天内 | 任雪英 | | 9 | rice_harvest | 11-27 | 12-17
石头村 9亩 收割 28号 |  | 石头村 | 9 | rice_harvest | 11-28 | 11-28
汤建忠 9亩 收割 31号 | 汤建忠 | | 9 | rice_harvest | 12-31 | 12-31
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in PHRASES.strip().splitlines()]


def one(line: str, **more: object) -> Reading:
    found = read_line(line, TODAY, **more)  # type: ignore[arg-type]
    assert len(found) == 1
    return found[0]


def test_there_are_enough_phrases() -> None:
    assert len(ROWS) >= 60


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_line_is_read_as_it_is_meant(row: tuple[str, ...]) -> None:
    line, grower, place, mu, operation, since, until = row
    found = one(line)
    assert (found.grower, found.place) == (grower, place)
    assert found.area_ha is None if not mu else found.area_ha == pytest.approx(float(mu) / 15, abs=1e-4)
    assert found.operation == operation
    assert found.since is not None
    assert found.until is not None
    assert (f"{found.since:%m-%d}", f"{found.until:%m-%d}") == (since, until)


def test_phones_are_found_with_and_without_dashes() -> None:
    assert one("钱志强 139-1234-5678 8亩 治虫 明天").phone == "13912345678"
    assert one("钱志强13912345678 8亩 治虫 明天").phone == "13912345678"
    assert one("钱志强 0573-85012345 8亩 治虫 明天").phone == "0573-85012345"


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("12亩 收割 明天", Doubt.NO_NAME),
        ("张三 收割 明天", Doubt.NO_AREA),
        ("张三 12亩 明天", Doubt.NO_WORK),
        ("张三 12亩 收割", Doubt.NO_DAY),
        ("张三 12亩左右 收割 明天", Doubt.AREA_ABOUT),
        ("张三 12亩 8亩 收割 明天", Doubt.AREAS_SEVERAL),
        ("张三 12亩 播种 12月3号", Doubt.WORK_BY_MONTH),
        ("张三 12亩 收割 11月20日", Doubt.DAY_OVER),
        ("张三 12亩 收割 29号以后", Doubt.DAY_OPEN),
        ("张三 12亩 收割 尽快", Doubt.DAY_VAGUE),
        ("张三 东塘 12亩 收割 明天 桥头等待装车", Doubt.LEFT_OVER),
    ],
)
def test_what_is_doubtful_is_said(line: str, doubt: Doubt) -> None:
    assert doubt in one(line).doubts


def test_in_may_a_plain_harvest_is_doubtful_in_november_it_is_rice() -> None:
    may = read_line("张三 12亩 收割 明天", date(2026, 5, 28))[0]
    assert (may.operation, may.doubts) == ("wheat_harvest", (Doubt.WORK_BY_MONTH,))
    assert one("张三 12亩 收割 明天").doubts == ()


def test_two_works_in_a_line_are_two_jobs() -> None:
    found = read_line("张三 东塘 12亩 收割加打捆 28到30号", TODAY)
    assert [r.operation for r in found] == ["rice_harvest", "bale"]
    assert len({(r.grower, r.place, r.area_ha, r.since) for r in found}) == 1


def test_names_of_the_register_are_found_wherever_they_stand() -> None:
    found = one("明天万春村1号田收割,G0001", growers={"G0001", "G0002"}, fields={"万春村1号田", "万春村11号田"})
    assert (found.grower, found.place) == ("G0001", "万春村1号田")


def test_urgent_is_noticed() -> None:
    assert one("张三 12亩 收割 明天 加急").urgent
    assert not one("张三 12亩 收割 明天").urgent


@pytest.mark.parametrize(
    "sheet",
    [
        "序号\t姓名\t田块\t面积（亩）\t作业\t截止日期\n1\t张三\t东塘田\t12.5\t收割\t2026/12/3\n2\t李四\t西塘田\t3\t打捆\t12月5日",
        "姓名\t电话\t村组\t亩数\t作业类型\t最晚\n张三\t13812345678\t东塘田\t12.5\t收水稻\t12-03\n李四\t\t西塘田\t3\t打捆\t12-05\n",
        "张三\t东塘田\t12.5\t收割\t12月3日前\n李四\t西塘田\t3\t打捆\t12月5日前",
        "1\t张三\t东塘田\t12.5\t收割\t12月3日前\n2\t李四\t西塘田\t3亩\t打捆\t12月5日前",
        "name\tfield\tarea(ha)\twork\tuntil\n张三\t东塘田\t0.8333\t收割\t2026-12-03\n李四\t西塘田\t0.2\t打捆\t2026-12-05",
    ],
)
def test_a_sheet_is_read_with_headings_or_without(sheet: str) -> None:
    first, second = read_text(sheet, TODAY)
    assert (first.grower, first.place, first.operation) == ("张三", "东塘田", "rice_harvest")
    assert first.area_ha == pytest.approx(12.5 / 15, abs=1e-3)
    assert (first.until, second.until) == (date(2026, 12, 3), date(2026, 12, 5))
    assert (second.grower, second.operation) == ("李四", "bale")
    assert second.area_ha == pytest.approx(0.2, abs=1e-3)


SAID = "张三李四老王廊下村队田塘亩分公顷半一二三十百廿两零0123456789１２.．-/到至前后月日号周下本旬底天明今"
SAID += "收割打捆旋耕种麦药，, \t\n13812345678"


@given(
    st.one_of(st.text(max_size=200), st.text(alphabet=SAID, max_size=80)), st.dates(date(2020, 1, 1), date(2090, 1, 1))
)
def test_no_text_breaks_the_reader(text: str, today: date) -> None:
    for reading in read_text(text, today, growers={"张三", "("}, fields={"东塘", "1号田"}):
        assert reading.area_ha is None or reading.area_ha > 0
        assert (reading.since is None) == (reading.until is None)
        if reading.since is not None and reading.until is not None:
            assert reading.since <= reading.until
        assert len(reading.grower) <= 40
        assert len(reading.place) <= 80


FORMS = (
    "{d.year}年{d.month}月{d.day}日", "{d.year}-{d.month:02}-{d.day:02}", "{d.year}/{d.month}/{d.day}",
    "{d.year}.{d.month}.{d.day}",
)  # fmt: skip
SHORT = ("{d.month}月{d.day}日", "{d.month}月{d.day}号", "{d.month}/{d.day}", "{d.month}.{d.day}", "{d.month}-{d.day}")


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.sampled_from(FORMS))
def test_a_day_written_in_full_is_that_day(day: date, form: str) -> None:
    found = find_days(plain(form.format(d=day)), TODAY)
    assert found is not None
    assert (found.since, found.until) == (min(day, day), day)


@given(st.integers(0, 250), st.sampled_from(SHORT))
def test_a_day_of_the_coming_months_needs_no_year(ahead: int, form: str) -> None:
    day = TODAY + timedelta(days=ahead)
    found = find_days(form.format(d=day), TODAY)
    assert found is not None
    assert (found.since, found.until) == (day, day)


@given(st.integers(0, 27), st.sampled_from(("号", "日")))
def test_a_bare_number_is_the_next_such_day(ahead: int, word: str) -> None:
    day = TODAY + timedelta(days=ahead)
    found = find_days(f"{day.day}{word}", TODAY)
    assert found is not None
    assert found.since == day


@given(st.integers(1, 99_999))
def test_an_area_written_in_mu_is_that_area(hundredths: int) -> None:
    mu = hundredths / 100
    found = find_areas(f"张三{mu:g}亩")
    assert [one.area_ha for one in found] == [pytest.approx(mu / 15)]


@pytest.mark.parametrize(("operation", "words"), WORDS.items())
def test_every_word_for_work_is_read_as_that_work(operation: str, words: str) -> None:
    for word in words.split():
        assert [w.operation for w in find_works(f"张三 {word} 12亩", 11)][:1] == [operation], word


def test_a_huge_paste_is_cut_not_refused() -> None:
    assert len(read_text("张三 12亩 收割 明天\n" * (LINES_MAX + 50), TODAY)) == LINES_MAX
