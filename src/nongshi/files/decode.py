"""Which encoding a file is in: UTF-8 (with or without mark), UTF-16, or GBK / GB18030 as Excel saves it in China.

The trap: the GBK bytes of short Chinese texts (such as 农时, 牛, 路) are valid UTF-8 by chance. A file is
therefore read both ways where both are possible, and the reading whose letters are likelier wins.
"""

import codecs
import re
from collections import Counter
from functools import lru_cache

from nongshi.core.errors import BadInput

SCORE_GB_MIN = 0.3  # assumption: below this, bytes only happen to be GB18030 (such as Latin-1 accents)
NUL_SHARE_MIN = 0.1  # assumption: unmarked UTF-16 of a table has more zero bytes, a picture fewer
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ASCII = re.compile(r"[\x00-\x7f]+")
_WORD = re.compile(r"[^\W\d_]*[A-Za-z][^\W\d_]*|[0-9] ?[°²³]")  # Latin words, and units


class UnknownEncoding(BadInput):
    """Bytes that are text in none of the encodings we read."""

    code = "unknown_encoding"

    def __init__(self) -> None:
        super().__init__("the text is neither UTF-8 nor UTF-16 nor GBK/GB18030")


def decode(data: bytes) -> str:
    """The text of a file's bytes, without its mark.

    Raises:
        UnknownEncoding: in none of the encodings is this a text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_strict(data[len(mark) :], encoding)
    if data.isascii() and b"\0" not in data:
        return data.decode("ascii")
    if b"\0" in data:
        if data.count(0) < NUL_SHARE_MIN * len(data):
            raise UnknownEncoding
        return _decode_strict(data, "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be")
    return _likelier(data)


def encode(text: str) -> bytes:
    """UTF-8; marked as such only where the bytes alone could be taken for GBK."""
    data = text.encode()
    try:
        plain = decode(data) == text
    except UnknownEncoding:
        plain = False
    return data if plain else codecs.BOM_UTF8 + data


def _decode_strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnknownEncoding from None


def _likelier(data: bytes) -> str:
    """Of the readings as UTF-8 and as GB18030, the one that people would write; UTF-8 where both are alike."""
    utf8 = _decode_or_none(data, "utf-8")
    score_utf8 = -1.0 if utf8 is None else _score(utf8)
    if utf8 is not None and score_utf8 >= 1.0:
        return utf8
    gb = _decode_or_none(data, "gb18030")
    score_gb = -1.0 if gb is None else _score(gb)
    if utf8 is not None and score_utf8 >= score_gb:
        return utf8
    if gb is not None and score_gb >= SCORE_GB_MIN:
        return gb
    raise UnknownEncoding


def _decode_or_none(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _score(text: str) -> float:
    """Mean likelihood (0..1) of the characters beyond ASCII; accented letters count as likely inside Latin words."""
    counts = Counter(_ASCII.sub("", text))
    total = sum(counts.values())
    if not total:
        return 1.0
    likely = sum(_likelihood(char) * count for char, count in counts.items())
    if any(char < "\u0250" for char in counts):
        in_words = Counter(char for word in _WORD.findall(text) for char in word if "\x7f" < char < "\u0250")
        likely += sum((1 - _likelihood(char)) * count for char, count in in_words.items())
    return likely / total


@lru_cache(maxsize=8192)
def _likelihood(char: str) -> float:
    """By where GB 2312 puts a character: its first level holds the 3,755 hanzi of daily use.

    The four weights are assumptions; only their order matters. Scripts that we do not expect stay below a
    reading made wholly of daily hanzi, and above one of rare hanzi, so that Uyghur or Russian stays what it is.
    """
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        lead = 0
    if 0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3):
        return 1.0 if char >= "\u2000" else 0.2
    if lead >= 0xD8:
        return 0.5
    if char < "\u0370" or not char.isalpha():
        return 0.2
    return 0.0 if "\u3400" <= char <= "\u9fff" or char >= "\U00020000" else 0.7
