"""Every sentence about a file, an import or a plan has Chinese words, and its values come along."""

import pytest
from django.utils import translation
from tests.site.base.said import SOURCES, sentences

from nongshi.core.said import Said, say
from nongshi.site.base.said_words import in_words, kept


def test_every_sentence_of_faults_and_breaches_has_chinese_words() -> None:
    bare, english = [], []
    with translation.override("zh-hans"):
        for path in SOURCES:
            for line, msgid in sentences(path):
                if msgid is None:
                    bare.append(f"{path.name}:{line}: write it with core.said.say")
                elif translation.gettext(msgid) == msgid and msgid != "%(noun)s %(id)s":
                    english.append(f"{path.name}:{line}: {msgid}")
    assert bare == []
    assert english == [], "give each its words in site/base/locale"


def test_values_come_along_in_both_languages_and_through_json() -> None:
    import json

    said = say("stands in row %(before)s already", before=7)
    nested = say(
        "%(served)s and is listed as unserved %(times)s time(s)", served=say("has %(count)s stop(s)", count=2), times=1
    )
    assert said == "stands in row 7 already"
    with translation.override("zh-hans"):
        assert in_words(said) == "与第 7 行重复"
        assert in_words(json.loads(json.dumps(kept(said)))) == "与第 7 行重复"
        assert (
            in_words(json.loads(json.dumps(kept(nested))))
            == in_words(nested)
            == "既已安排（有 2 处），又 1 次列为未安排"
        )
    with translation.override("en"):
        assert in_words(said) == "stands in row 7 already"
        assert in_words(kept("something that nobody foresaw")) == "something that nobody foresaw"


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_is_said_of_nothing(nothing: str | None) -> None:
    with translation.override("zh-hans"):
        assert in_words(nothing) == ""


def test_a_value_with_a_percent_sign_is_only_a_value() -> None:
    assert isinstance(say("cannot read %(item)s", item="50%(x)s"), Said)
    with translation.override("zh-hans"):
        assert in_words(say("cannot read %(item)s", item="50%(x)s")) == "读不懂 50%(x)s"
