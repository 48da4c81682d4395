"""A file of people against those who are there: who is meant by each row, and what may not be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from nongshi.core.said import say
from nongshi.files.faults import Faults
from nongshi.files.rows import Row
from nongshi.site.base import crypt
from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.people.giving import may_give, may_manage
from nongshi.site.people.listing import PEOPLE, Days, roles_of, said_roles
from nongshi.site.people.numbers import masked_phone
from nongshi.site.register.cells import Context, read_cell
from nongshi.site.register.importing import BATCH, CHANGED, NEW, SAME, Line, Preview, Tell
from nongshi.site.register.reading import Given, read_list

NEW_WORDS = frozenset({"new", "新增", "新"})


NAME_MAX = 60


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
            one.row.fault("name", say("is longer than %(most)s characters", most=NAME_MAX), "write it shorter")
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
            mend = say("write the number of the one that is meant (%(few)s), or 'new'", few=few)
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
                    old = {} if fresh else roles_of(person)
                    if new != old:
                        self._check_roles(row, old, new)
                        change.roles = new
                        line.cells.append((column, said_roles(old), said_roles(new)))
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
            row.fault(
                "roles",
                say("not yours to give or take: %(beyond)s", beyond=", ".join(beyond)),
                say("you may give: %(few)s", few=few),
            )

    def check_dispatchers(self, lines: Sequence[Line], rows: Mapping[int, Row]) -> None:
        """An organisation that has a dispatcher keeps one."""
        today = timezone.localdate()

        def holds(roles: Mapping[RoleKind, Days]) -> bool:
            if RoleKind.DISPATCHER not in roles:
                return False
            since, until = roles[RoleKind.DISPATCHER]
            return (since is None or since <= today) and (until is None or until >= today)

        before = {pk for pk, person in self.people.items() if holds(roles_of(person))}
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
            one.row.fault("name", say("stands in row %(before)s already", before=before), "delete one of the two rows")
        lines.append(line)
    if given.rows and "name" not in given.columns and any(line.state == NEW for line in lines):
        faults.add(file, "new rows need this column", "add the column 姓名 (name)", row=1, column="name")
    reader.check_dispatchers(lines, {one.number: one.row for one in given.rows})
    return Preview(lines, faults.listed(), [])
