"""The finder of untranslated texts finds what it should, and nothing else."""

from collections import defaultdict
from gettext import GNUTranslations
from pathlib import Path

import pytest
from tests.site.texts import foreign

from nongshi import site

CATALOGUES = sorted(Path(site.__file__).parent.glob("*/locale/zh_Hans/LC_MESSAGES/django.mo"))

PAGE = '<html lang="{lang}"><body>{body}</body></html>'


@pytest.mark.parametrize(
    "body",
    [
        "<p>保存</p>",
        '<button aria-label="保存"></button>',
        '<input placeholder="保存">',
        '<script type="application/json" data-texts>{"a": "保存"}</script>',
        "<p data-text>张三</p><p>保存</p>",
        "<p data-text><br>张三</p><p>保存</p>",
    ],
)
def test_chinese_in_the_english_page_is_found(body: str) -> None:
    assert len(foreign(PAGE.format(lang="en", body=body), "en")) == 1


@pytest.mark.parametrize("body", ["<p>Save</p>", '<input type="submit" value="Save">', '<a title="Save">保存</a>'])
def test_english_in_the_chinese_page_is_found(body: str) -> None:
    assert len(foreign(PAGE.format(lang="zh-Hans", body=body), "zh")) == 1


@pytest.mark.parametrize(
    "body",
    [
        '<p><span lang="en">English</span></p>',
        "<p data-text>Chrome, <b>Linux</b></p>",
        "<p>12 ha, https://example.org/l/x</p>",
        "<script>var word = 1</script>",
        "<p>M</p>",
    ],
)
def test_data_units_addresses_and_marked_words_are_no_leftovers(body: str) -> None:
    assert foreign(PAGE.format(lang="zh-Hans", body=body), "zh") == []


def test_one_sentence_has_one_chinese_word_in_all_apps() -> None:
    """Django joins the catalogues, so that the first app would win everywhere; a second meaning has a context."""
    said: defaultdict[object, dict[str, str]] = defaultdict(dict)
    for path in CATALOGUES:
        with path.open("rb") as file:
            for msgid, words in GNUTranslations(file)._catalog.items():  # type: ignore[attr-defined]
                if msgid:
                    said[msgid][path.parts[-5]] = words
    assert len(said) > 1_000
    torn = {msgid: apps for msgid, apps in said.items() if len(set(apps.values())) > 1}
    assert torn == {}, "use {% translate ... context ... %} or pgettext where two things are meant"


def test_every_compiled_catalogue_says_what_its_source_says() -> None:
    """A forgotten msgfmt: as many entries, and every Chinese text of the source in the compiled file."""
    assert CATALOGUES
    for path in CATALOGUES:
        source = path.with_suffix(".po").read_text(encoding="utf-8")
        with path.open("rb") as file:
            words = set(map(str, GNUTranslations(file)._catalog.values()))  # type: ignore[attr-defined]
        single = [line[8:-1] for line in source.split("\n") if line.startswith('msgstr "') and len(line) > 9]
        plain = [text.replace('\\"', '"') for text in single if "\\" not in text.replace('\\"', "")]
        lost = [text for text in plain if text not in words and not any(text in one for one in words)]
        assert lost == [], f"{path}: run msgfmt -o django.mo django.po"
