"""The client's models and operations, made from the OpenAPI document; a test holds the committed files to it.

`nongshi manage show_openapi | python -m nongshi.client.make` writes them anew.
"""

import json
import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MADE = "Made from the OpenAPI document by nongshi.client.make; not to be changed by hand."
PLAIN = {"integer": "int", "number": "float", "string": "str", "boolean": "bool", "null": "None"}
Document = Mapping[str, Any]
WIDTH = 120


def make_client(document: Document) -> dict[str, str]:
    """File name -> text."""
    return {"models.py": _models(document), "operations.py": _operations(document)}


def _models(document: Document) -> str:
    schemas = document["components"]["schemas"]
    wanted = _ordered(sorted(name for name in schemas if name in _named(document)), schemas)
    parts = [f'"""Rows and requests of the API, as typed dicts.\n\n{MADE}\n"""\n']
    parts.append("from typing import Any, Literal, NotRequired, TypedDict\n")
    enums = [name for name in wanted if "enum" in schemas[name]]
    parts.append("".join(_model(name, schemas[name])[1:] for name in enums))
    parts += [_model(name, schemas[name]) for name in wanted if name not in enums]
    return _narrow("\n".join(parts))


def _narrow(text: str) -> str:
    """Long lists of words as the formatter lays them: on a line of their own, or a line each."""
    lines = []
    for line in text.split("\n"):
        start, found, words = line.partition("Literal[")
        if len(line) <= WIDTH or not found or not words.endswith("]"):
            lines.append(line)
            continue
        deep = start.endswith("list[")
        indent = " " * (len(line) - len(line.lstrip()))
        step = indent + ("        " if deep else "    ")
        inner = words.removesuffix("]").removesuffix("]" if deep else "")
        listed = [f"{step}{one}," for one in inner.split(", ")]
        body = [f"{step}{inner}"] if len(f"{step}{inner}") <= WIDTH else listed
        if deep:
            lines += [start, f"{indent}    Literal[", *body, f"{indent}    ]", f"{indent}]"]
        else:
            lines += [f"{start}Literal[", *body, f"{indent}]"]
    return "\n".join(lines)


def _model(name: str, schema: Document) -> str:
    words = _sentence(schema.get("description") or f"{name}.")
    if "enum" in schema:
        return "\n".join(["", *_wrapped(f"{name} = ", type_of(schema), "")]) + "\n"
    lines = [f"\nclass {name}(TypedDict):", f'    """{words}"""', ""]
    needed = set(schema.get("required", ()))
    made = not name.endswith(("In", "Change")) and schema.get("additionalProperties") is not False  # shown: all there
    for column, inner in schema.get("properties", {}).items():
        found = type_of(inner)
        lines += _wrapped(f"    {column}: ", found if made or column in needed else f"NotRequired[{found}]")
    return "\n".join(lines) + "\n"


def type_of(schema: Document) -> str:
    """A schema as a type.

    >>> type_of({"anyOf": [{"type": "integer"}, {"type": "null"}]})
    'int | None'
    """
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[1])
    if "const" in schema:
        return f"Literal[{json.dumps(schema['const'])}]"
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(value) for value in schema['enum'])}]"
    several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if several:
        return " | ".join(dict.fromkeys(type_of(one) for one in several))
    if schema.get("type") == "array":
        return f"list[{type_of(schema.get('items', {}))}]"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {type_of(inner) if isinstance(inner, dict) and inner else 'Any'}]"
    return PLAIN.get(str(schema.get("type")), "Any")


def _operations(document: Document) -> str:
    found = sorted(_each(document), key=lambda one: str(one[2]["operationId"]))
    body = "".join(_operation(method, path, operation) for method, path, operation in found)
    models = sorted(
        name for name in document["components"]["schemas"] if re.search(rf"\b{name}\b", re.sub(r'""".*?"""', "", body))
    )
    named = "\n".join(f"    {name}," for name in models)
    typing = "Any, Literal" if "Literal[" in body else "Any"
    return f'''"""Every operation of the API as a method.

{MADE}
"""

from collections.abc import Mapping
from typing import {typing}
from urllib.parse import quote

from nongshi.client.models import (
{named}
)


class Operations:
    """What the site can be asked for."""

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        if_match: str | None = None,
        key: str | None = None,
    ) -> Any:
        """Send one request; the client says how."""
        raise NotImplementedError
{body}'''


def _operation(method: str, path: str, operation: Document) -> str:
    takes, query = ["self"], []
    at = [one for one in operation["parameters"] if one["in"] == "path"]
    takes += [f"{_word(one['name'])}: {type_of(one['schema'])}" for one in at]
    body = operation.get("requestBody")
    if body:
        takes.append(f"body: {type_of(body['content']['application/json']['schema'])}")
    named = []
    for one in operation["parameters"]:
        if one["in"] == "query":
            kind = re.sub(r"Literal\[[^]]*\]", "str", type_of(one["schema"]))  # a wrong word is refused by name
            named.append(f"{_word(one['name'])}: {kind}" + ("" if one["required"] else _none(kind)))
            query.append(f'"{one["name"]}": {_word(one["name"])}')
    headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
    if "If-Match" in headers:
        named.insert(0, "if_match: str")
    if "Idempotency-Key" in headers:
        named.append("key: str | None = None")
    takes += ["*", *named] if named else []
    address = re.sub(r"{(\w+)}", r"{quote(str(\1))}", path)
    sent = [f'"{method}"', f'{"f" if address != path else ""}"{address}"']
    sent += [f"query={{{', '.join(query)}}}"] if query else []
    sent += ["body=body"] if body else []
    sent += ["if_match=if_match"] if "If-Match" in headers else []
    sent += ["key=key"] if "Idempotency-Key" in headers else []
    answer = _answer(operation)
    lines = ["", *_def(operation["operationId"], takes, answer), f'        """{_sentence(operation["description"])}"""']
    start = "        " if answer == "None" else f"        found: {answer} = "
    lines += _broken(f"{start}self.request(", sent, ")", "        ")
    lines += [] if answer == "None" else ["        return found"]
    return "\n".join(lines) + "\n"


def _def(name: str, takes: list[str], answer: str) -> list[str]:
    return _broken(f"    def {name}(", takes, f") -> {answer}:", "    ")


def _broken(start: str, parts: list[str], end: str, indent: str) -> list[str]:
    """One line, or the parts on a line of their own, or a line each: as the formatter does it."""
    joined = ", ".join(parts)
    if len(f"{start}{joined}{end}") <= WIDTH:
        return [f"{start}{joined}{end}"]
    if len(f"{indent}    {joined}") <= WIDTH:
        return [start, f"{indent}    {joined}", f"{indent}{end}"]
    return [start, *(line for one in parts for line in _part(one, f"{indent}    ")), f"{indent}{end}"]


def _part(part: str, indent: str) -> list[str]:
    """One argument; a dict that is too long has a line for each key."""
    if len(f"{indent}{part},") <= WIDTH or not part.startswith("query={"):
        return [f"{indent}{part},"]
    inner = part.removeprefix("query={").removesuffix("}").split(", ")
    return [f"{indent}query={{", *(f"{indent}    {one}," for one in inner), f"{indent}}},"]


def _wrapped(start: str, kind: str, indent: str = "    ") -> list[str]:
    """A column's type; a long list of words has a line for each."""
    if len(start + kind) > WIDTH and kind.startswith("Literal["):
        return _listed(start, kind, indent)
    if len(start + kind) > WIDTH and kind.startswith("list[Literal["):
        inner = _listed(f"{indent}    ", kind.removeprefix("list[").removesuffix("]"), f"{indent}    ")
        return [f"{start}list[", *inner, f"{indent}]"]
    return [start + kind]


def _listed(start: str, kind: str, indent: str) -> list[str]:
    words = kind.removeprefix("Literal[").removesuffix("]").split(", ")
    return [f"{start}Literal[", *(f"{indent}    {word}," for word in words), f"{indent}]"]


def _answer(operation: Document) -> str:
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            content = answer.get("content", {}).get("application/json")
            return "None" if content is None else type_of(content["schema"])
    return "None"


def _each(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, by_method in document["paths"].items():
        for method, operation in by_method.items():
            yield method.upper(), path, operation


def _named(document: Document) -> set[str]:
    """Schemas that operations take or answer, and what those are made of."""
    schemas = document["components"]["schemas"]
    found: set[str] = set()
    waiting = re.findall(r"#/components/schemas/(\w+)", json.dumps(document["paths"]))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += re.findall(r"#/components/schemas/(\w+)", json.dumps(schemas[name]))
    return found


def _ordered(names: list[str], schemas: Document) -> list[str]:
    """Each after those that it names."""
    found: list[str] = []

    def add(name: str) -> None:
        for other in re.findall(r"#/components/schemas/(\w+)", json.dumps(schemas[name])):
            if other != name and other not in found:
                add(other)
        if name not in found:
            found.append(name)

    for name in names:
        add(name)
    return found


def _none(kind: str) -> str:
    return " = None" if "None" in kind.split(" | ") else " | None = None"


def _sentence(text: str) -> str:
    return text.strip().splitlines()[0]


def _word(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


if __name__ == "__main__":
    for file, text in make_client(json.load(sys.stdin)).items():
        (HERE / file).write_text(text, encoding="utf-8")
