"""A sentence with values in it, which a reader of another language can be told in theirs.

The text itself is English. `msgid` is the sentence as it stands in the source, with `%(name)s` for the values: a stable
code under which every translation is kept in one place (`site/base`).
"""

from collections.abc import Mapping


class Said(str):
    """An English text that remembers what it was made of."""

    __slots__ = ("msgid", "values")
    msgid: str
    values: Mapping[str, str]


def say(msgid: str, **values: object) -> Said:
    """The sentence filled in.

    >>> text = say("is longer than %(most)s characters", most=40)
    >>> text, text.msgid, dict(text.values)
    ('is longer than 40 characters', 'is longer than %(most)s characters', {'most': '40'})
    """
    shown = {name: value if isinstance(value, Said) else str(value) for name, value in values.items()}
    said = Said(msgid % shown if values else msgid)
    said.msgid, said.values = msgid, shown
    return said
