"""The sentences of faults and breaches as they stand in the source: what must have Chinese words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import nongshi

SRC = Path(nongshi.__file__).parent
SOURCES = (  # whatever the site shows of files, imports and the verifier
    *(SRC / "files" / f"{name}.py" for name in (
        "rows", "tables", "outlines", "region_rows", "region_checks", "region_head", "region_reader",
    )),
    *sorted((SRC / "verify").glob("*.py")),
    *(SRC / "site" / name for name in (
        "register/cells.py", "register/reading.py", "register/importing.py", "register/lending_list.py",
        "register/code_list.py", "jobs/listing.py", "people/listing.py", "people/list_reading.py",
        "seasons/services.py",
    )),
)  # fmt: skip
NAMES = frozenset({"problem", "mend"})  # what texts are called before they are told


def sentences(path: Path) -> Iterator[tuple[int, str | None]]:
    """(line, msgid) of every sentence; None: a sentence with values that nobody could translate."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for given in _told(node):
                yield from _read(given)
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id in NAMES for t in node.targets):
            yield from _read(node.value)


def _told(call: ast.Call) -> Iterator[ast.expr]:
    """What a call tells: problem and mend of a fault, place and text of a breach, the sentence of `say`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "say":
        yield call.args[0]
    elif name in ("fault", "_fault") or (name == "add" and "fault" in ast.unparse(call.func).lower()):
        yield from call.args[1:3]
    elif name == "breach":
        yield from call.args[1:2]
    elif name in ("Fault", "Breach"):
        yield from (word.value for word in call.keywords if word.arg in ("problem", "mend", "text", "where"))


def _read(given: ast.expr) -> Iterator[tuple[int, str | None]]:
    match given:
        case ast.Constant(value=str(text)) if text:
            yield given.lineno, text
        case ast.JoinedStr():
            yield given.lineno, None
        case ast.IfExp():
            yield from _read(given.body)
            yield from _read(given.orelse)
        case _:
            pass
