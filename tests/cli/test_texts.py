from string import Formatter

import pytest

from nongshi.cli.options import Lang
from nongshi.cli.texts import TEXTS, language, text
from nongshi.core.plan import Reason


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    english, chinese = ({name for _, name, _, _ in Formatter().parse(words) if name} for words in TEXTS[key])
    assert english == chinese


@pytest.mark.parametrize("key", [key for key in TEXTS if key not in ("figure", "unknown")])
def test_chinese_is_chinese_and_english_is_not(key: str) -> None:
    def has_han(words: str) -> bool:
        return any("一" <= letter <= "鿿" for letter in words)

    english, chinese = TEXTS[key]
    assert has_han(chinese) or "{" in chinese
    assert english
    assert not has_han(english)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_words(reason: Reason) -> None:
    assert text(Lang.EN, reason) != text(Lang.ZH, reason)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, Lang.ZH),
        ({"LANG": "en_GB.UTF-8"}, Lang.EN),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, Lang.EN),
        ({"LANG": "C", "LC_ALL": "zh_TW"}, Lang.ZH),
        ({"LC_ALL": "", "LANG": "zh_CN"}, Lang.ZH),
        ({}, Lang.EN),
    ],
)
def test_the_terminal_decides_the_language(
    environment: dict[str, str], expected: Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(None) is expected


def test_the_option_goes_before_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert language(Lang.EN) is Lang.EN
