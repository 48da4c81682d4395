"""People as a list in a file: who is meant by each row, which roles come and go, and what of it is not the reader's.

A row is somebody of the register by the number in it, else by name and phone; a name that is here already with another
phone is a fault, so that nobody stands twice by a slip. ID numbers come in, encrypted; they never leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from nongshi.core.errors import BadFiles, BadInput
from nongshi.files.faults import Faults
from nongshi.files.rows import Row, parse_day
from nongshi.site.base import crypt
from nongshi.site.base.models import Event, Org, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log_all
from nongshi.site.base.words import ROLE_WORDS
from nongshi.site.people.giving import may_give, may_manage
from nongshi.site.people.numbers import clean_id, clean_phone, masked_phone
from nongshi.site.register.cells import Context, read_cell
from nongshi.site.register.columns import REF, SPLIT, Column, ListKind
from nongshi.site.register.importers import Importer
from nongshi.site.register.importing import BATCH, CHANGED, NEW, SAME, Line, Preview, Tell
from nongshi.site.register.reading import Given, read_list

NEW_WORDS = frozenset({"new", "新增", "新"})
NAME_MAX = 60
Days = tuple[date | None, date | None]


def role_names() -> dict[str, RoleKind]:
    """Any name of a role, in small letters."""
    found = {kind.value: kind for kind in RoleKind}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {str(words).lower(): kind for kind, words in ROLE_WORDS.items()}
    return found


def _said_roles(roles: Mapping[RoleKind, Days]) -> str:
    with translation.override("zh-hans"):
        return SPLIT.join(
            f"{ROLE_WORDS[kind]}"
            + (f":{since.isoformat() if since else ''}/{until.isoformat() if until else ''}" if since or until else "")
            for kind, (since, until) in sorted(roles.items())
        )


def _roles_of(person: Person) -> dict[RoleKind, Days]:
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
            row.fault("roles", "is no role that we know", f"write one of: {few}", value=part.strip())
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
            write=lambda row: _said_roles(_roles_of(row)), read=_read_roles,
        ),
        Column(name="id_number", zh="身份证号", label=_("ID number"), only="in", also=("身份证",), read=_read_id),
    ),
)  # fmt: skip


@dataclass(slots=True)
class Change:
    """What one row does: somebody, new or not, and the roles that they have after it; None: as they are."""

    person: Person
    roles: Mapping[RoleKind, Days] | None = None
    id_number: str = field(default="", repr=False)


class _Reader:
    """One file against the people of an organisation."""

    def __init__(self, org: Org, scope: Scope) -> None:
        self.org, self.scope = org, scope
        people = Person.objects.filter(org=org).select_related("user").prefetch_related("roles__org")
        self.people = {person.pk: person for person in people}
        self.managed = {pk for pk, person in self.people.items() if may_manage(scope, person)}
        self.given = may_give(scope, org)
        self.named: dict[str, list[Person]] = {}
        for person in self.people.values():
            self.named.setdefault(person.name, []).append(person)
        self.context = Context()

    def line(self, one: Given, columns: frozenset[str]) -> Line:
        """One row; faults are noted in it."""
        said = {c.name: read_cell(c, one.row, self.context) for c in PEOPLE.columns if c.name in columns}
        if len(said.get("name", "")) > NAME_MAX:
            one.row.fault("name", f"is longer than {NAME_MAX} characters", "write it shorter")
        person = self._who(one.row, said)
        change = Change(person or Person(org=self.org, name=""))
        line = Line(one.number, "" if person is None else str(person.pk), NEW if person is None else SAME, [], change)
        if one.row.sound:
            self._compare(line, said, one.row)
        if line.state == SAME and line.cells:
            line.state = CHANGED
            if change.person.pk not in self.managed:
                mend = "leave this row out, or ask a dispatcher"
                one.row.fault(None, "this person holds roles that you could not give", mend)
        return line

    def _who(self, row: Row, said: Mapping[str, Any]) -> Person | None:
        number, name, phone = (str(said.get(key, "")) for key in ("ref", "name", "phone"))
        if number.lower() in NEW_WORDS:
            return None
        if number:
            found = self.people.get(int(number)) if number.isascii() and number.isdigit() else None
            if found is None:
                row.fault("ref", "there is no person of this number here", "leave the cell empty for somebody new")
            return found
        same = self.named.get(name, [])
        fitting = [person for person in same if phone in (person.phone, masked_phone(person.phone))]
        if len(fitting) == 1:
            return fitting[0]
        if same:
            few = ", ".join(str(person.pk) for person in same[:5])
            mend = f"write the number of the one that is meant ({few}), or 'new'"
            row.fault("ref", "somebody of this name is here already", mend, value=name)
        return None

    def _compare(self, line: Line, said: Mapping[str, Any], row: Row) -> None:
        change, person, fresh = line.row, line.row.person, line.state == NEW
        for column in PEOPLE.columns:
            if column.name not in said or column.name == "ref":
                continue
            new = said[column.name]
            match column.name:
                case "roles":
                    old = {} if fresh else _roles_of(person)
                    if new != old:
                        self._check_roles(row, old, new)
                        change.roles = new
                        line.cells.append((column, _said_roles(old), _said_roles(new)))
                case "id_number":
                    if new and (fresh or crypt.digest(new) != person.id_digest):
                        change.id_number = new
                        old_shown = "" if fresh or not person.id_sealed else person.id_masked
                        line.cells.append((column, old_shown, crypt.masked(new)))
                case name:
                    kept = "" if fresh else getattr(person, name)
                    if new == kept or (name == "phone" and not fresh and new == masked_phone(kept)):
                        continue
                    if name == "phone" and "*" in new:
                        row.fault(name, "this cannot be a phone number", "write it like 138 1234 5678")
                    setattr(person, name, new)
                    shown = masked_phone if name == "phone" else str
                    line.cells.append((column, shown(kept), shown(new)))

    def _check_roles(self, row: Row, old: Mapping[RoleKind, Days], new: Mapping[RoleKind, Days]) -> None:
        moved = {kind for kind in {*old, *new} if old.get(kind) != new.get(kind)}
        if beyond := sorted(moved - self.given):
            few = ", ".join(sorted(self.given))
            row.fault("roles", f"not yours to give or take: {', '.join(beyond)}", f"you may give: {few}")

    def check_dispatchers(self, lines: Sequence[Line], rows: Mapping[int, Row]) -> None:
        """An organisation that has a dispatcher keeps one."""
        today = timezone.localdate()

        def holds(roles: Mapping[RoleKind, Days]) -> bool:
            if RoleKind.DISPATCHER not in roles:
                return False
            since, until = roles[RoleKind.DISPATCHER]
            return (since is None or since <= today) and (until is None or until >= today)

        before = {pk for pk, person in self.people.items() if holds(_roles_of(person))}
        said = [line for line in lines if line.row.roles is not None]
        taken = {
            line.row.person.pk: line for line in said if not holds(line.row.roles) and line.row.person.pk in before
        }
        if taken and before <= taken.keys() and not any(holds(line.row.roles) for line in said):
            last = max(taken.values(), key=lambda line: line.number)
            mend = "leave the role with one of them, or name another dispatcher"
            rows[last.number].fault("roles", "this is the last dispatcher of the organisation", mend)


def make_preview(org: Org, scope: Scope, file: str, data: bytes, tell: Tell) -> Preview:
    """What a file would do to an organisation's people, by somebody's rights; the database is only read."""
    faults = Faults()
    given = read_list(PEOPLE, file, data, faults)
    reader, lines, seen = _Reader(org, scope), [], dict[str, int]()
    for at, one in enumerate(given.rows):
        if at % BATCH == 0:
            tell(0.9 * at / max(1, len(given.rows)), f"{at}")
        line = reader.line(one, given.columns)
        person = line.row.person
        key = line.ref or f"{person.name} {person.phone}"
        before = seen.setdefault(key, one.number)
        if before != one.number and one.row.sound:
            one.row.fault("name", f"stands in row {before} already", "delete one of the two rows")
        lines.append(line)
    if given.rows and "name" not in given.columns and any(line.state == NEW for line in lines):
        faults.add(file, "new rows need this column", "add the column 姓名 (name)", row=1, column="name")
    reader.check_dispatchers(lines, {one.number: one.row for one in given.rows})
    return Preview(lines, faults.listed(), [])


def keep(org: Org, scope: Scope, preview: Preview, tell: Tell) -> dict[str, int]:
    """Write what a preview showed, all or nothing, with one act each.

    Raises:
        BadFiles: something in the file is wrong.
    """
    if preview.faults:
        raise BadFiles(preview.faults)
    fresh = [line.row for line in preview.lines if line.state == NEW]
    moved = [line.row for line in preview.lines if line.state == CHANGED]
    with transaction.atomic():
        Person.objects.bulk_create([one.person for one in fresh], batch_size=BATCH)
        tell(0.92, "")
        now = timezone.now()
        for one in moved:
            one.person.changed = now
        ids = [one.person.pk for one in moved]
        Person.objects.bulk_update([one.person for one in moved], ["name", "phone", "changed"], batch_size=200)
        for at in range(0, len(ids), BATCH):
            Person.objects.filter(pk__in=ids[at : at + BATCH]).update(version=F("version") + 1)
        _keep_ids([one for one in (*fresh, *moved) if one.id_number])
        acts = _keep_roles(org, scope, [one for one in (*fresh, *moved) if one.roles is not None])
        acts += [_act(scope, org, "PersonAdded", one) for one in fresh]
        acts += [_act(scope, org, "PersonChanged", one) for one in moved]
        acts += [_act(scope, org, "IdNumberSet", one) for one in (*fresh, *moved) if one.id_number]
        log_all(acts)
    return {NEW: len(fresh), CHANGED: len(moved), SAME: len(preview.lines) - len(fresh) - len(moved)}


def _act(scope: Scope, org: Org, name: str, one: Change, **data: Any) -> Event:
    return Event(name=name, about=f"person:{one.person.pk}", by_id=scope.person_id, org_id=org.pk, data=data)


def _keep_ids(changes: Sequence[Change]) -> None:
    for one in changes:
        one.person.set_id_number(one.id_number)
    Person.objects.bulk_update([one.person for one in changes], ["id_sealed", "id_digest"], batch_size=200)


def _keep_roles(org: Org, scope: Scope, changes: Sequence[Change]) -> list[Event]:
    """Roles in this organisation as the rows say; those in others stay."""
    acts: list[Event] = []
    held: dict[tuple[int, str], Role] = {
        (role.person_id, role.kind): role for role in Role.objects.filter(org=org).select_related("person")
    }
    fresh, moved, gone = [], [], []
    for one in changes:
        old = {kind: held[one.person.pk, kind] for kind in RoleKind if (one.person.pk, kind) in held}
        new = one.roles or {}
        for kind, (since, until) in new.items():
            role = old.get(kind)
            if role is None:
                fresh.append(Role(person=one.person, org=org, kind=kind, since=since, until=until))
            elif (role.since, role.until) != (since, until):
                role.since, role.until = since, until
                moved.append(role)
            else:
                continue
            acts.append(_act(scope, org, "RoleGiven", one, role=str(kind)))
        for kind in old.keys() - new.keys():
            gone.append(old[kind].pk)
            acts.append(_act(scope, org, "RoleTaken", one, role=str(kind)))
    Role.objects.bulk_create(fresh, batch_size=BATCH)
    Role.objects.bulk_update(moved, ["since", "until"], batch_size=200)
    for at in range(0, len(gone), BATCH):
        Role.objects.filter(pk__in=gone[at : at + BATCH]).delete()
    return acts


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


IMPORTER = Importer(kind=PEOPLE, preview=make_preview, keep=keep, rows=list_rows, home=("people:home",))


def find(name: str) -> Importer | None:
    """The list of people, by its name."""
    return IMPORTER if name == PEOPLE.name else None
