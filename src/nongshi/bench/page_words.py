"""What a page says to people, and which of it is in the wrong language.

Chinese letters in the English page and Latin words in the Chinese page are left over, unless they stand below an
element with `data-text` (data: names, numbers) or with a `lang` of its own, or in ALLOWED.
"""

import json
import re
from html.parser import HTMLParser

CJK = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z-]+")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+|\{\w+\}")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-confirm", "data-label", "content")
SILENT = {"style", "template", "noscript"}
VOID = {"meta", "link", "input", "img", "br", "hr", "path", "circle", "use", "source", "wbr", "col"}
ALLOWED = frozenset(
    {
        "ha",
        "km",
        "kg",
        "GPS",
        "QR",
        "SOS",
        "PDF",
        "XLSX",
        "CSV",
        "GeoJSON",
        "JSON",
        "API",
        "URL",
        "OIDC",
        "ID",
        "IP",
        "BBCH",
        "Tab",
        "Ctrl",
    }
)


class _Reader(HTMLParser):
    """Collects what a page says to people."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tag, whether all below it is data
        self._texts = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        data = self._is_data or "data-text" in said or ("lang" in said and tag != "html") or tag in SILENT
        if tag == "script":
            self._texts = "data-texts" in said
            data = True
        if not data:
            self.said += [said[name] or "" for name in SPOKEN if name in said and (name != "content" or tag != "meta")]
            if tag == "input" and said.get("type") in ("submit", "button"):
                self.said.append(said.get("value") or "")
        if tag not in VOID:
            self._open.append((tag, data))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "script":
            self._texts = False

    def handle_data(self, data: str) -> None:
        if self._texts:
            self.said += [str(words) for words in json.loads(data).values()]
        elif not self._is_data:
            self.said.append(data)

    @property
    def _is_data(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def said_by(html: str) -> list[str]:
    """All that a page says, without data."""
    reader = _Reader()
    reader.feed(html)
    return [text.strip() for text in reader.said if text.strip()]


def foreign(html: str, language: str, *, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Texts of the page that are in the other language."""
    found = []
    for text in said_by(html):
        bare = ADDRESS.sub(" ", text)
        words = (
            CJK.findall(bare) if language == "en" else [w for w in LATIN.findall(bare) if w not in ALLOWED | allowed]
        )
        if words:
            found.append(f"{language}: {' '.join(words)!r} in {text[:80]!r}")
    return found
