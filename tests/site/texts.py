"""No page keeps a text in the other language: `leftovers(client, "/access")` is empty for both."""

from typing import Any

from nongshi.bench.page_words import foreign, said_by

__all__ = ["foreign", "leftovers", "said_by"]


def leftovers(client: Any, path: str, *, allowed: frozenset[str] = frozenset(), status: int = 200) -> list[str]:
    """What a page leaves in the other language, asked for in Chinese and in English."""
    found = []
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        answer = client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        found += foreign(answer.content.decode(), language[:2], allowed=allowed)
    return found
