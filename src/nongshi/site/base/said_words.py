"""Faults of files and breaches of plans in the reader's language: the one place where the site says them.

They are made in English, those with values in them by `core.said.say`; every such sentence has its Chinese words
in this app's locale (`tests/site/base/test_said_words.py` reads the sources and finds what has none). A sentence that
nobody foresaw stays as it is.
"""

from typing import Any

from django.utils.translation import gettext as _

from nongshi.core.said import Said

NAMES = frozenset({"noun"})  # values that are words of ours and not names


def in_words(said: Any) -> str:
    """A sentence, or what `kept` made of one, in the reader's language."""
    if isinstance(said, Said):
        return _filled(said.msgid, dict(said.values))
    if isinstance(said, list | tuple):
        return _filled(said[1], said[2]) if said[1] else in_words(said[0])
    text = "" if said is None else str(said)
    return _(text) if text else ""


def _filled(msgid: str, values: dict[str, Any]) -> str:
    shown = {name: in_words(v) if isinstance(v, Said | list) or name in NAMES else v for name, v in values.items()}
    return _(msgid) % shown


def kept(said: str) -> list[Any]:
    """A sentence as JSON keeps it: its English text, what it was made of, its values."""
    if not isinstance(said, Said):
        return [str(said), "", {}]
    return [str(said), said.msgid, {n: kept(v) if isinstance(v, Said) else v for n, v in said.values.items()}]
