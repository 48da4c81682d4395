"""Numbers as people write them: 12.5, １２, 十二, 两百三, 半."""

import unicodedata

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "壹": 1, "贰": 2, "叁": 3}
TENS = {"十": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}
NUMBER = r"(?:\d+(?:\.\d+)?|[零〇一二两俩三四五六七八九十百千廿卅半]+)"  # as part of a pattern
LENGTH_MAX = 12  # longer is no number that somebody says


def plain(text: str) -> str:
    """Full-width digits and signs as narrow ones; all kinds of dashes, commas and spaces as one kind.

    >>> plain("１２．５亩，明天—后天")
    '12.5亩,明天-后天'
    """
    narrow = unicodedata.normalize("NFKC", text)
    return narrow.translate({ord(c): "-" for c in "—–－~～〜−"} | {ord(c): "," for c in "、;；。"} | {0x3000: " "})


def number(text: str) -> float | None:
    """The number that a word says; None: it says none.

    >>> [number(word) for word in ("12.5", "十二", "二十", "两百三十", "一百零五", "半", "三半", "廿八", "二八")]
    [12.5, 12.0, 20.0, 230.0, 105.0, 0.5, 3.5, 28.0, 28.0]
    """
    if not text or len(text) > LENGTH_MAX:
        return None
    if text[0].isascii():
        try:
            return float(text)
        except ValueError:
            return None
    half = 0.5 if text.endswith("半") else 0.0
    body = text.removesuffix("半")
    if "半" in body:
        return None
    if not body:
        return half
    whole = _digits(body) if all(c in DIGITS for c in body) else _counted(body)
    return None if whole is None else whole + half


def _digits(body: str) -> float | None:
    """Digits one after the other: 二八 is 28."""
    return float("".join(str(DIGITS[c]) for c in body))


def _counted(body: str) -> float | None:
    """Tens, hundreds and thousands: 一百零五; 两百三 is 230."""
    total, pending, last = 0, None, 0
    for c in body:
        if c in DIGITS:
            pending = DIGITS[c]
        elif c in TENS:
            unit = TENS[c]
            if c in "廿卅":
                total, last = total + unit, 10
            else:
                total, last = total + (1 if pending is None else pending) * unit, unit
            pending = None
        else:
            return None
    if pending is not None:
        total += pending * (last // 10 if last >= 100 and "零" not in body and "〇" not in body else 1)
    return float(total)
