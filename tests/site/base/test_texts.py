"""The finder of untranslated texts finds what it should, and nothing else."""

import pytest
from tests.site.texts import foreign

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
