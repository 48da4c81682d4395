"""Every role at every operation and page: its own organisation's rows as far as its rights go, no row of another."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from tests.site.api.conftest import Caller
from tests.site.api.matrix import API, NEW, PACKAGES, PAGES, Entry, Page
from tests.site.api.two import OTHER, OWN, UP, Side, make_two, snapshot, undone

from nongshi.site.api.document import list_operations
from nongshi.site.base.rights import Reach, RoleKind, reach

KINDS = tuple(RoleKind)
OPERATIONS = {operation["operationId"]: (method, path) for method, path, operation in list_operations()}
REFUSED = (403, 404)


@pytest.fixture
def two(db: Any, settings: Any) -> tuple[Side, Side]:
    settings.API_RATE = 10**9
    return make_two()


def pages(resolver: Any = None, names: str = "") -> Iterator[str]:
    """Names of every address of the site that is not a package's."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from pages(pattern, names + (f"{pattern.namespace}:" if pattern.namespace else ""))
        elif not f"{names}{pattern.name}".startswith(PACKAGES) and pattern.name is not None:
            yield f"{names}{pattern.name}"


def allowed(entry: Entry, kind: RoleKind) -> bool:
    """Whether the table of rights lets a role reach its organisation's rows here."""
    least = Reach.TREE if kind in UP and not entry.at_home else Reach.ORG
    if entry.only is not None and kind not in entry.only:
        return False
    return not entry.own and all(reach(kind, resource, change=change) >= least for resource, change in entry.needs)


def ask(caller: Caller, name: str, side: Side) -> Any:
    """One operation at one cooperative's rows."""
    entry, (method, path) = API[name], OPERATIONS[name]
    for parameter, row in entry.path.items():
        path = path.replace(f"{{{parameter}}}", str(getattr(side, row).pk))
    query = f"?{entry.query(side)}" if entry.query else "?limit=200" if method == "GET" and not entry.path else ""
    body = entry.body(side) if entry.body else None
    return caller.ask(method, path.removeprefix("/api/v1") + query, body, If_Match="*")


def test_every_operation_stands_in_the_matrix() -> None:
    assert set(API) == set(OPERATIONS)


def test_every_page_stands_in_the_matrix() -> None:
    missing = sorted(set(pages()) - set(PAGES))
    assert missing == [], "give each an entry in tests/site/api/matrix.py"


@pytest.mark.parametrize("kind", KINDS)
def test_own_rows_are_reached_as_far_as_the_rights_go(two: Any, kind: RoleKind) -> None:
    own, _ = two
    caller = Caller(own.people[kind])
    wrong = []
    for name, entry in API.items():
        with undone():
            answer = ask(caller, name, own)
        method = OPERATIONS[name][0]
        if entry.path or method != "GET":
            reached = answer.status_code not in REFUSED
        else:
            resource = next((resource for resource, _ in entry.needs), None)
            row = entry.row or (resource.value if resource else "")
            reached = answer.status_code == 200 and (not row or _lists(answer, row, own))
        if reached != allowed(entry, kind) or answer.status_code >= 500:
            wrong.append(f"{name}: {answer.status_code} {answer.content[:200]!r}")
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_of_another_organisation_is_seen_or_changed(two: Any, kind: RoleKind) -> None:
    own, other = two
    caller, before, wrong = Caller(own.people[kind]), snapshot(other), []
    for name, entry in API.items():
        with undone():
            answer = ask(caller, name, other)
            refused = answer.status_code in REFUSED or not (entry.path or entry.body)
            told = OTHER.encode() in answer.content
            if not refused or told or snapshot(other) != before:
                wrong.append(f"{name}: {answer.status_code} {answer.content[:200]!r}")
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("change_field", lambda other: {"grower_id": other.person.pk}),
        ("change_machine", lambda other: {"owner_id": other.person.pk}),
        ("change_operator", lambda other: {"person_id": other.person.pk}),
    ],
)
def test_no_row_of_another_organisation_is_named_in_a_change(two: Any, name: str, body: Any) -> None:
    own, other = two
    caller = Caller(own.people[RoleKind.DISPATCHER])
    path = OPERATIONS[name][1].removeprefix("/api/v1").replace("{pk}", str(getattr(own, name.split("_")[1]).pk))
    answer = caller.ask("PATCH", path, body(other), If_Match="*")
    assert answer.status_code == 422
    assert OTHER.encode() not in answer.content


@pytest.mark.parametrize(
    ("kind", "column", "row"),
    [
        ("field", "grower_id", "person"),
        ("machine", "owner_id", "person"),
        ("operator", "person_id", "person"),
        ("lending", "machine_id", "machine"),
    ],
)
def test_no_row_of_another_organisation_is_named_in_a_new_one(two: Any, kind: str, column: str, row: str) -> None:
    own, other = two
    caller = Caller(own.people[RoleKind.DISPATCHER])
    given = NEW[kind](own)
    assert caller.post(f"/{kind}s", given).status_code == 201
    answer = caller.post(f"/{kind}s", given | {column: getattr(other, row).pk, "ref": "B"} if kind != "lending" else
                         given | {column: getattr(other, row).pk})  # fmt: skip
    assert answer.status_code == 422
    assert OTHER.encode() not in answer.content


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_shows_or_changes_a_row_of_another_organisation(two: Any, kind: RoleKind) -> None:
    own, other = two
    client, before, wrong = Client(raise_request_exception=False), snapshot(other), []
    client.force_login(own.people[kind].user)
    for name, page in PAGES.items():
        if page.why_open:
            continue
        shown = _opened(client, name, page, other)
        if page.names_orgs:
            names = [f"{OTHER} {word}".encode() for word in ("coop", "third")]
            shown = (answer.replace(names[0], b"").replace(names[1], b"") for answer in shown)
        told = [OTHER.encode() in answer or snapshot(other) != before for answer in shown]
        wrong += [name] * any(told)
    assert wrong == []


def test_a_page_that_told_would_be_found(two: Any) -> None:
    own, _ = two
    client = Client()
    client.force_login(own.people[RoleKind.DISPATCHER].user)
    assert any(OWN.encode() in body for body in _opened(client, "board:one", PAGES["board:one"], own))


def _opened(client: Client, name: str, page: Page, side: Side) -> Iterator[bytes]:
    given = {key: row(side) if callable(row) else getattr(side, row).pk for key, row in page.path.items()}
    address = reverse(name, kwargs=given)
    with undone():
        answer = client.get(address + (f"?{page.query(side)}" if page.query else ""))
        assert answer.status_code < 500, f"{name}: {answer.status_code}"
        yield b"".join(answer.streaming_content) if answer.streaming else answer.content
    if page.form is not None:
        with undone():
            answer = client.post(address, page.form(side))
            assert answer.status_code < 500, f"{name}: {answer.status_code}"
            yield answer.content


def _lists(answer: Any, name: str, side: Side) -> bool:
    row = getattr(side, name)
    return row.pk in {one["id"] for one in answer.json()["rows"]}
