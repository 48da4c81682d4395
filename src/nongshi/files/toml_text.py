"""Writes TOML, which the standard library only reads: enough for region.toml and the tables others keep in it."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(values: Mapping[str, Any]) -> str:
    """The TOML text of nested mappings; `tomllib.loads` gives the same values back.

    Raises:
        TypeError: a value that TOML has no form for, such as None.
    """
    return "\n".join(_table_lines(values, ())).lstrip("\n") + "\n"


def _table_lines(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    """Plain values first, for what stands behind a table's header belongs to that table."""
    lines = [f"{_key(key)} = {_value(value)}" for key, value in values.items() if not _is_table(value)]
    for key, value in values.items():
        if not _is_table(value):
            continue
        header = ".".join(_key(part) for part in (*path, key))
        for table in [value] if isinstance(value, Mapping) else value:
            opening = f"[{header}]" if isinstance(value, Mapping) else f"[[{header}]]"
            lines += ["", opening, *_table_lines(table, (*path, key))]
    return lines


def _is_table(value: Any) -> bool:
    """A mapping, or a list of nothing but mappings."""
    return isinstance(value, Mapping) or (
        isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)
    )


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    """JSON's escapes are TOML's too, but for the delete character, which TOML forbids bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(f"TOML has no form for {value!r}")
