"""The default numbers of the feeds are documented as they are."""

from pathlib import Path

from nongshi.agronomy import markdown_table
from nongshi.site.feeds.assumptions import WAITS_S, feed_assumptions

DOCS = Path(__file__).parents[3] / "docs"


def test_docs_list_every_default_as_the_code_has_it() -> None:
    table = markdown_table(feed_assumptions())
    found = (DOCS / "assumptions.md").read_text(encoding="utf-8")
    assert table in found, "put this table into docs/assumptions.md:\n" + table


def test_the_page_tells_when_it_is_tried_again() -> None:
    words = [f"{s} s" if s < 60 else f"{s // 60} min" if s < 3600 else f"{s // 3600} h" for s in WAITS_S]
    assert ", ".join(words) in (DOCS / "site-feeds.md").read_text(encoding="utf-8")


def test_the_receivers_function_of_the_docs_is_right() -> None:
    """What a reader copies out of the page accepts our messages and no others."""
    import time

    from nongshi.site.feeds import signing

    text = (DOCS / "site-feeds.md").read_text(encoding="utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    said: dict[str, object] = {}
    exec(compile(code, "site-feeds.md", "exec"), said)
    verify, secret, body = said["verify"], signing.new_secret(), b'{"type": "test"}'
    headers = {k.lower(): v for k, v in signing.headers(secret, "msg_1", int(time.time()), body).items()}
    assert callable(verify)
    assert verify(secret, headers, body)
    assert not verify(secret, headers, body + b" ")
    assert not verify(signing.new_secret(), headers, body)
