"""Rows changed one by one: kept with their version, taken out of use, lent, taken back; licences and photos."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.register.columns import ListKind
from nongshi.site.register.models import Implement, Lending, Licence, Machine, Operator

PHOTO_BYTES_MAX = 6 * 2**20
MAGIC = ((b"\xff\xd8\xff", "jpg", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "png", "image/png"))
EXPIRES_DAYS = 90  # a licence may be renewed in its last three months (rule of 2018-06-01)


def save_row(scope: Scope, row: Any, *, version: int | None) -> Any:
    """Keep a new row (`version` None) or a changed one that somebody saw at `version`.

    Raises:
        Outdated: somebody else changed it since.
        Forbidden: not a row of an organisation that this person may change.
    """
    if not scope.may(row.resource, row.org_id, change=True):
        raise Forbidden(f"you may not change this {row._meta.model_name}")
    with transaction.atomic():
        if row.pk:
            now = type(row).objects.select_for_update(of=("self",)).get_changed(scope, pk=row.pk)
            if now.version != version:
                raise Outdated(f"{row._meta.model_name} {row.ref}")
            row.version = now.version + 1
        name = "RowChanged" if row.pk else "RowAdded"
        row.save()
        log(name, f"{row._meta.model_name}:{row.pk}", scope=scope, org_id=row.org_id)
    return row


def hangs_on(row: Any) -> list[tuple[Any, int]]:
    """What other rows speak of this one: (what they are called, how many)."""
    found = []
    for relation in row._meta.related_objects:
        if relation.related_model._meta.app_label == "register" and relation.related_model in (Licence, Implement):
            continue
        count = relation.related_model._base_manager.filter(**{relation.field.name: row}).count()
        if count:
            found.append((relation.related_model._meta.verbose_name_plural, count))
    return found


def take_out(scope: Scope, kind: ListKind, pk: int, version: int) -> str:
    """Take a row out of use; one that nothing hangs on goes altogether. Answers `gone` or `out`.

    Raises:
        Outdated: somebody else changed it since.
    """
    with transaction.atomic():
        row = kind.model.objects.select_for_update(of=("self",)).get_changed(scope, pk=pk)
        if row.version != version:
            raise Outdated(f"{row._meta.model_name} {row.ref}")
        about = f"{row._meta.model_name}:{row.pk}"
        if not hangs_on(row):
            row.delete()
            log("RowDeleted", about, scope=scope, org_id=row.org_id, ref=row.ref)
            return "gone"
        row.out_since = timezone.localdate()
        row.version += 1
        row.save()
        log("RowOutOfUse", about, scope=scope, org_id=row.org_id)
        return "out"


def take_back_in(scope: Scope, kind: ListKind, pk: int, version: int) -> None:
    """Use a row again."""
    row = kind.model.objects.get_changed(scope, pk=pk)
    row.out_since = None
    save_row(scope, row, version=version)


def lend(scope: Scope, lending: Lending) -> Lending:
    """Lend a machine, an operator, or all of a kind, to another organisation.

    Raises:
        BadInput: the days or the borrower cannot be right, or it is lent already.
        Forbidden: it is not this organisation's to lend.
    """
    if not scope.may(Resource.LENDING, lending.org_id, change=True):
        raise Forbidden("you may not lend for this organisation")
    if lending.to_id == lending.org_id:
        raise BadInput("an organisation cannot lend to itself; choose another one")
    if lending.until < lending.since:
        raise BadInput(f"the last day, {lending.until}, lies before the first, {lending.since}; correct them")
    thing = lending.machine or lending.operator
    if thing is not None and thing.org_id != lending.org_id:
        raise Forbidden("only what is one's own can be lent")
    same = Lending.objects.filter(
        org_id=lending.org_id, to_id=lending.to_id, what=lending.what, machine=lending.machine,
        operator=lending.operator, since__lte=lending.until, until__gte=lending.since,
    )  # fmt: skip
    if same.exists():
        raise BadInput("this is lent to the same organisation on these days already; take that back first")
    lending.save()
    log("Lent", f"lending:{lending.pk}", scope=scope, org_id=lending.org_id, to=lending.to_id, what=lending.what)
    return lending


def take_back(scope: Scope, pk: int, today: date | None = None) -> None:
    """End a lending today; one that has not begun never was."""
    today = today or timezone.localdate()
    row = Lending.objects.get_changed(scope, pk=pk)
    about = f"lending:{row.pk}"
    if row.since >= today:
        row.delete()
    else:
        row.until = min(row.until, date.fromordinal(today.toordinal() - 1))
        row.version += 1
        row.save()
    log("TakenBack", about, scope=scope, org_id=row.org_id)


def kind_of_photo(data: bytes) -> tuple[str, str]:
    """Ending and type of a picture, by its first bytes and not by its name.

    Raises:
        BadInput: no JPEG or PNG, or too large.
    """
    if len(data) > PHOTO_BYTES_MAX:
        raise BadInput(f"the photo is larger than {PHOTO_BYTES_MAX // 2**20} MB; take a smaller one")
    for magic, ending, mime in MAGIC:
        if data.startswith(magic):
            return ending, mime
    raise BadInput("the file is no photo; take a JPEG or PNG")


def keep_licence(scope: Scope, operator_id: int, name: str, until: date, photo: bytes | None) -> Licence:
    """A class that an operator holds, with its photo where one is given."""
    operator = Operator.objects.get_changed(scope, pk=operator_id)
    file = None
    if photo:
        ending, _mime = kind_of_photo(photo)
        file = ContentFile(photo, name=f"{uuid4().hex}.{ending}")
    with transaction.atomic():
        licence, _ = Licence.objects.get_or_create(
            operator=operator, licence_class=name, defaults={"valid_until": until}
        )
        licence.valid_until = until
        if file is not None:
            licence.photo = file
        licence.save()
        _raise_version(operator)
        log("LicenceKept", f"operator:{operator.pk}", scope=scope, org_id=operator.org_id, licence_class=name)
    return licence


def drop_licence(scope: Scope, operator_id: int, pk: int) -> None:
    """An operator does not hold a class any more; its photo goes, too.

    Raises:
        NotFound: no such licence of this operator.
    """
    operator = Operator.objects.get_changed(scope, pk=operator_id)
    licence = Licence.objects.filter(operator=operator, pk=pk).first()
    if licence is None:
        raise NotFound(f"no licence {pk}")
    with transaction.atomic():
        if licence.photo:
            storage, name = licence.photo.storage, licence.photo.name
            transaction.on_commit(lambda: storage.delete(name))
        licence.delete()
        _raise_version(operator)
        log("LicenceDropped", f"operator:{operator.pk}", scope=scope, org_id=operator.org_id)


def keep_implement(scope: Scope, machine_id: int, implement: Implement) -> None:
    """A tool for a machine."""
    machine = Machine.objects.get_changed(scope, pk=machine_id)
    if implement.since and implement.until and implement.until < implement.since:
        raise BadInput("the last day lies before the first; correct them")
    implement.machine = machine
    with transaction.atomic():
        implement.save()
        _raise_version(machine)
        log("ImplementKept", f"machine:{machine.pk}", scope=scope, org_id=machine.org_id)


def drop_implement(scope: Scope, machine_id: int, pk: int) -> None:
    """A tool that a machine has no more.

    Raises:
        NotFound: no such tool of this machine.
    """
    machine = Machine.objects.get_changed(scope, pk=machine_id)
    if not Implement.objects.filter(machine=machine, pk=pk).delete()[0]:
        raise NotFound(f"no implement {pk}")
    _raise_version(machine)
    log("ImplementDropped", f"machine:{machine.pk}", scope=scope, org_id=machine.org_id)


def _raise_version(row: Any) -> None:
    row.version += 1
    row.save(update_fields=["version", "changed"])
