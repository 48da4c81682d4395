"""Rows of the register by the API: added, changed, taken away, each with one event; what they name is in sight."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from nongshi.core.errors import BadInput
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.rows import OrgRow
from nongshi.site.base.services import log


def check_may_add(request: HttpRequest, model: type[OrgRow], org_id: int) -> None:
    """Refuse whoever may not add rows to an organisation; before anything that is named is looked up.

    Raises:
        Forbidden: so.
    """
    if not request.scope.may(model.resource, org_id, change=True):
        raise Forbidden(f"you may not add rows of this kind in organisation {org_id}")


def add_row(request: HttpRequest, model: type[OrgRow], org_id: int, values: dict[str, Any]) -> OrgRow:
    """A new row of an organisation."""
    return _keep(request, model(org_id=org_id), values, "Added")


def change_row(request: HttpRequest, row: OrgRow, values: dict[str, Any]) -> OrgRow:
    """Change columns of a row; who takes care of the version did so before."""
    row.version += 1
    return _keep(request, row, values, "Changed")


def remove_row(request: HttpRequest, row: OrgRow) -> None:
    """Take a row away; one that others name stays.

    Raises:
        ProtectedError: jobs or orders name it.
    """
    name, pk, org_id = row._meta.model_name, row.pk, row.org_id
    row.delete()
    log(f"{row._meta.object_name}Removed", f"{name}:{pk}", scope=request.scope, org_id=org_id)


def check_named(request: HttpRequest, model: type[OrgRow], pk: int | None, *, org_id: int) -> None:
    """Refuse to name a row that is not there, or is another organisation's.

    Raises:
        BadInput: so.
    """
    if pk is not None and not model.objects.seen_by(request.scope).filter(pk=pk, org_id=org_id).exists():
        raise BadInput(f"there is no {model._meta.model_name} {pk} in organisation {org_id}; choose one of it")


def _keep(request: HttpRequest, row: OrgRow, values: dict[str, Any], what: str) -> OrgRow:
    for name, value in values.items():
        setattr(row, name, value)
    row.changed = timezone.now()
    row.full_clean()
    row.save()
    columns = sorted(values)
    about = f"{row._meta.model_name}:{row.pk}"
    log(f"{row._meta.object_name}{what}", about, scope=request.scope, org_id=row.org_id, columns=columns)
    return row
