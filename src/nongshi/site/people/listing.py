"""People as a list in a file: who is meant by each row, which roles come and go, and what of it is not the reader's.

A row is somebody of the register by the number in it, else by name and phone; a name that is here already with another
phone is a fault, so that nobody stands twice by a slip. ID numbers come in, encrypted; they never leave.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from nongshi.core.errors import BadInput
from nongshi.core.said import say
from nongshi.files.rows import Row, parse_day
from nongshi.site.base import crypt
from nongshi.site.base.models import Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.words import ROLE_WORDS
from nongshi.site.people.giving import may_manage
from nongshi.site.people.numbers import clean_id, clean_phone, masked_phone
from nongshi.site.register.cells import Context
from nongshi.site.register.columns import REF, SPLIT, Column, ListKind

Days = tuple[date | None, date | None]


@cache
def role_names() -> dict[str, RoleKind]:
    """Any name of a role, in small letters."""
    found = {kind.value: kind for kind in RoleKind}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {str(words).lower(): kind for kind, words in ROLE_WORDS.items()}
    return found


@cache
def _chinese_roles() -> dict[RoleKind, str]:
    with translation.override("zh-hans"):
        return {kind: str(words) for kind, words in ROLE_WORDS.items()}


def said_roles(roles: Mapping[RoleKind, Days]) -> str:
    """Roles as a cell has them."""
    words = _chinese_roles()
    return SPLIT.join(
        words[kind]
        + (f":{since.isoformat() if since else ''}/{until.isoformat() if until else ''}" if since or until else "")
        for kind, (since, until) in sorted(roles.items())
    )


def roles_of(person: Person) -> dict[RoleKind, Days]:
    """Roles in the person's own organisation."""
    return {RoleKind(r.kind): (r.since, r.until) for r in person.roles.all() if r.org_id == person.org_id}


def _write_phone(person: Any) -> str:
    return str(person.phone) if getattr(person, "managed", False) else masked_phone(person.phone)


def _read_roles(row: Row, _context: Context) -> dict[RoleKind, Days]:
    known, found = role_names(), {}
    for part in row.cell("roles").replace("；", ";").replace("，", ";").replace(",", ";").split(";"):
        said, _colon, days = part.strip().replace("：", ":").partition(":")
        if not said:
            continue
        since, _slash, until = days.partition("/")
        first, last = (parse_day(day.strip()) for day in (since, until))
        kind = known.get(said.lower())
        if kind is None:
            few = ", ".join(RoleKind)
            row.fault("roles", "is no role that we know", say("write one of: %(few)s", few=few), value=part.strip())
        elif (since.strip() and first is None) or (until.strip() and last is None) or (first and last and last < first):
            mend = "write it as operator:2026-01-01/2026-12-31"
            row.fault("roles", "is no time from, to", mend, value=part.strip())
        else:
            found[kind] = (first, last)
    return found


def _read_phone(row: Row, _context: Context) -> str:
    said = row.cell("phone")
    if "*" in said:
        return said  # as the list shows it: compared, never kept
    try:
        return clean_phone(said)
    except BadInput:
        row.fault("phone", "this cannot be a phone number", "write it like 138 1234 5678")
        return ""


def _read_id(row: Row, _context: Context) -> str:
    try:
        return clean_id(row.cell("id_number"))
    except BadInput:
        shown = crypt.masked(row.cell("id_number"))
        row.fault("id_number", "this ID number cannot be right", "type its 18 places again", value=shown)
        return ""


PEOPLE = ListKind(
    name="people", zh="人员", title=_("People"), one=_("person"), icon="people", model=Person, key_needed=False,
    secret=True, shown=(), search=(),
    columns=(
        Column(name="ref", zh="编号", label=REF.label, example="", also=REF.also, write=lambda row: str(row.pk)),
        Column(name="name", zh="姓名", label=_("Name"), needed=True, example="张三"),
        Column(
            name="phone", zh="电话", label=_("Phone"), example="13800138000", also=("手机", "手机号"),
            write=_write_phone, read=_read_phone,
        ),
        Column(
            name="roles", zh="角色", label=_("Roles"), example="农户; 机手:2026-01-01/2027-12-31",
            write=lambda row: said_roles(roles_of(row)), read=_read_roles,
        ),
        Column(name="id_number", zh="身份证号", label=_("ID number"), only="in", also=("身份证",), read=_read_id),
    ),
)  # fmt: skip


def list_rows(scope: Scope, said: Mapping[str, str]) -> list[Person]:
    """People in sight that the page's search leaves; telephone numbers are whole where the reader looks after them."""
    people = (
        found_people(scope, said).select_related("org", "user").prefetch_related("roles__org").order_by("name", "pk")
    )
    rows = list(people)
    for person in rows:
        person.managed = may_manage(scope, person)
    return rows


def found_people(scope: Scope, said: Mapping[str, str]) -> Any:
    """People in sight by `q` (part of name or number) and `role`."""
    q, kind = said.get("q", "").strip(), said.get("role", "")
    people = Person.objects.seen_by(scope)
    if q:
        people = people.filter(Q(name__icontains=q) | Q(phone__icontains=q))
    if kind in set(RoleKind):
        people = people.filter(roles__kind=kind)
    return people.distinct()
