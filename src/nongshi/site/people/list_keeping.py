"""What a file of people showed, written: people, roles and ID numbers, with one act each."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from nongshi.core.errors import BadFiles
from nongshi.site.base.models import Event, Org, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log_all
from nongshi.site.people.list_reading import Change
from nongshi.site.register.importing import BATCH, CHANGED, NEW, SAME, Preview, Tell, update_all


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
        for one in moved:
            one.person.version += 1
        update_all([one.person for one in moved], ["name", "phone", "changed", "version"])
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
    update_all([one.person for one in changes], ["id_sealed", "id_digest"])


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
    update_all(moved, ["since", "until"])
    for at in range(0, len(gone), BATCH):
        Role.objects.filter(pk__in=gone[at : at + BATCH]).delete()
    return acts
