"""axe-core (MPL-2.0, vendor/) on an open page: what keeps people out."""

from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent / "vendor" / "axe.min.js"
GRAVE = ("serious", "critical")


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def serious(page: Any, *, within: str = "") -> list[str]:
    """Serious and critical findings, each with its place; empty is well."""
    return [f"{one['impact']} {one['id']}: {where}" for one, where in _findings(page, within) if one["impact"] in GRAVE]


def _findings(page: Any, within: str) -> list[tuple[dict[str, Any], str]]:
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_source())  # by the debugger, so the page's policy does not forbid it
    found = page.evaluate("(within) => window.axe.run(within || document, {resultTypes: ['violations']})", within)
    return [(one, node["html"][:120]) for one in found["violations"] for node in one["nodes"]]
