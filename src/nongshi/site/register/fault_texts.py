"""Faults of files in the reader's language. They are made in English, some with values in them."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

PLAIN = (
    gettext_noop("the cell is empty"),
    gettext_noop("is not a number"),
    gettext_noop("is no plain number"),
    gettext_noop("is not a finite number"),
    gettext_noop("is not a date"),
    gettext_noop("is not a date and time"),
    gettext_noop("is neither true nor false"),
    gettext_noop("is no code that we know"),
    gettext_noop("several people have this name"),
    gettext_noop("there is no such person"),
    gettext_noop("is no time from, to"),
    gettext_noop("is no licence with its last day"),
    gettext_noop("we know no such column"),
    gettext_noop("the column stands twice"),
    gettext_noop("the column is missing"),
    gettext_noop("new rows need this column"),
    gettext_noop("the file is empty"),
    gettext_noop("is no GeoJSON FeatureCollection"),
    gettext_noop("a point is not on Earth"),
    gettext_noop("has characters that nobody sees"),
    gettext_noop("the row has more cells than the header"),
    gettext_noop("the text is neither UTF-8 nor UTF-16 nor GBK/GB18030"),
    gettext_noop("write digits only, such as 1.5, without a unit"),
    gettext_noop("write a point before decimals and nothing between thousands: 1234.5"),
    gettext_noop("write it as YYYY-MM-DD, such as 2026-11-03"),
    gettext_noop("write true or false (or 1/0, yes/no, 是/否)"),
    gettext_noop("write the name as the list of people shows it"),
    gettext_noop("write longitude first, then latitude, in degrees"),
    gettext_noop("mend the outline at that point"),
    gettext_noop("give each row its own number"),
    gettext_noop("its first row must name the columns; load the template"),
    gettext_noop("add the column 编号 (ref); load the template"),
    gettext_noop("save it again as .xlsx, or as 'CSV UTF-8'"),
    gettext_noop("save it again from the map program"),
    gettext_noop("save it again as GeoJSON from the map program"),
    gettext_noop("delete or rename one of the two"),
    gettext_noop("send it in parts"),
    gettext_noop("write it shorter"),
    gettext_noop("type it again"),
    gettext_noop("put a text with a comma into double quotes"),
)
SHAPES = tuple(
    (re.compile(pattern, re.S), words)
    for pattern, words in (
        (r"fill in \w+ as a number.*", gettext_noop("fill in a number such as 1.5")),
        (r"fill in \w+", gettext_noop("fill in this cell")),
        (r"correct \w+", gettext_noop("correct it")),
        (r"must be (?P<a>.+) and at most (?P<b>.+)", gettext_noop("out of range: %(a)s, at most %(b)s")),
        (r"is longer than (?P<a>\d+) characters", gettext_noop("is longer than %(a)s characters")),
        (r"stands in row (?P<a>\d+) already", gettext_noop("stands in row %(a)s already")),
        (r"the outline crosses itself: .*\[(?P<a>[^]]+)\]", gettext_noop("the outline crosses itself at %(a)s")),
        (r"is no Excel file that can be read.*", gettext_noop("is no Excel file that can be read")),
        (r"is no JSON.*", gettext_noop("is no JSON")),
        (r"is no geometry.*", gettext_noop("is no geometry")),
        (r"line (?P<a>\d+) is no CSV.*", gettext_noop("line %(a)s cannot be read")),
        (r"look for a lone double quote.*", gettext_noop("look for a lone double quote in or above that line")),
        (r"is larger than (?P<a>\d+) MB.*", gettext_noop("is larger than %(a)s MB")),
        (r"has more than (?P<a>\d+) rows", gettext_noop("has more than %(a)s rows")),
        (r"write one of: (?P<a>.+); or a local.*", gettext_noop("write one of: %(a)s; or a code of your district")),
        (r"delete or rename it; we know: (?P<a>.+)", gettext_noop("delete or rename it; we know: %(a)s")),
        (r"write the name with the number, such as (?P<a>.+)", gettext_noop("write the name with its number: %(a)s")),
        (r"write class:day, such as .*; classes: (?P<a>.+)", gettext_noop("write S:2029-06-30; classes: %(a)s")),
        (r"write it as (?P<a>\S+)", gettext_noop("write it as %(a)s")),
        (r"add the column (?P<a>.+)", gettext_noop("add the column %(a)s")),
        (r"is a (?P<a>\w+)", gettext_noop("is of the wrong kind: %(a)s")),
        (r"it must be: (?P<a>.+)", gettext_noop("it must be: %(a)s")),
    )
)


def in_words(text: str) -> str:
    """The fault's text translated; one that nobody foresaw stays as it is."""
    if text in PLAIN:
        return _(text)
    for pattern, words in SHAPES:
        match = pattern.fullmatch(text)
        if match:
            return _(words) % match.groupdict()
    return text
