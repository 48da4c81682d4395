"""Files on their way into the register: kept, looked at, taken over; large ones by the worker."""

import base64
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from nongshi.core.errors import BadUsage, NotFound
from nongshi.site.base import crypt
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.models import Org, Person
from nongshi.site.base.rows import OrgRow
from nongshi.site.base.said_words import kept
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log, scope_of
from nongshi.site.register.importers import get_importer
from nongshi.site.register.importing import CHANGED, NEW, SAME, Preview, Tell, quiet
from nongshi.site.register.models import Draft, Field
from nongshi.site.work.models import Run, RunState
from nongshi.site.work.services import Step, kind, start

BY_WORKER_BYTES = 400_000  # assumption: about 700 fields, unpacked; about a second's work
XLSX_PACKS = 6  # a workbook's rows as CSV are about so many times its bytes (seen with generated lists, 2026-11-27)
DRAFTS_KEPT = 5  # of a person; older ones go
ROWS_SHOWN, FAULTS_SHOWN = 300, 200


def check_org(scope: Scope, list_name: str, org_id: int) -> Org:
    """The organisation whose list is to be changed.

    Raises:
        Forbidden: nobody gave this person that right.
    """
    if org_id not in get_importer(list_name).orgs_changed(scope):
        raise Forbidden(f"you may not change the {list_name} of this organisation")
    return Org.objects.get(pk=org_id)


def keep_draft(scope: Scope, list_name: str, org_id: int, file_name: str, data: bytes) -> Draft:
    """Keep a file to be looked at; a large one goes to the worker at once."""
    org = check_org(scope, list_name, org_id)
    draft = Draft(org=org, list_name=list_name, file_name=file_name[-120:] or list_name, by_id=scope.person_id)
    draft.data = data if not get_importer(list_name).kind.secret else b""
    draft.save()
    if get_importer(list_name).kind.secret:  # bound to its row, so that only after that is there a number
        draft.data = crypt.encrypt(base64.b64encode(data).decode("ascii"), bound_to=_bound(draft)).encode("ascii")
        draft.save(update_fields=["data"])
    old = Draft.objects.filter(by_id=scope.person_id).values_list("pk", flat=True)[DRAFTS_KEPT:]
    Draft.objects.filter(pk__in=list(old)).delete()
    if _is_large(data):
        run = start("register_look", {"draft": draft.pk}, scope=scope, org_id=org.pk)
        Draft.objects.filter(pk=draft.pk).update(run_id=run.pk)
        draft.run_id = run.pk
    return draft


def _is_large(data: bytes) -> bool:
    return len(data) * (XLSX_PACKS if data[:2] == b"PK" else 1) > BY_WORKER_BYTES


def get_draft(scope: Scope, pk: int) -> Draft:
    """One's own draft.

    Raises:
        NotFound: there is none.
    """
    found = Draft.objects.select_related("org").filter(pk=pk, by_id=scope.person_id).first()
    if found is None or scope.person_id is None:
        raise NotFound(f"no file {pk} is waiting; send it again")
    check_org(scope, found.list_name, found.org_id)
    return found


def run_of(draft: Draft) -> Run | None:
    """The worker's run that is at a draft."""
    return Run.objects.filter(pk=draft.run_id).first() if draft.run_id else None


def _bound(draft: Draft) -> str:
    return f"register.draft.data.{draft.pk}"


def bytes_of(draft: Draft) -> bytes:
    """The file as it was sent."""
    data = bytes(draft.data)
    if not get_importer(draft.list_name).kind.secret or not data:
        return data
    return base64.b64decode(crypt.decrypt(data.decode("ascii"), bound_to=_bound(draft)))


def preview_of(draft: Draft, tell: Tell = quiet) -> Preview:
    """What a draft would do, against the register as it is now, with the rights that its sender has now."""
    importer = get_importer(draft.list_name)
    return importer.preview(draft.org, scope_of(draft.by), draft.file_name, bytes_of(draft), tell)


def summary_of(preview: Preview) -> dict[str, Any]:
    """A preview as a page shows it: counts, faults, the first rows that change something."""
    shown = [line for line in preview.lines if line.state != SAME][:ROWS_SHOWN]
    return {
        "counts": {state: preview.count(state) for state in (NEW, CHANGED, SAME)},
        "faulty": len({fault.row for fault in preview.faults}),
        "faults": [
            {"row": f.row, "column": f.column, "value": f.value, "problem": kept(f.problem), "mend": kept(f.mend)}
            for f in preview.faults[:FAULTS_SHOWN]
        ],
        "fault_count": len(preview.faults),
        "lines": [
            {
                "number": line.number, "ref": line.ref, "state": line.state,
                "cells": [[column.name if column else "outline", old, new] for column, old, new in line.cells],
            }
            for line in shown
        ],
        "more": max(0, preview.count(NEW) + preview.count(CHANGED) - len(shown)),
        "people": preview.new_people[:ROWS_SHOWN],
        "may": preview.may_be_taken,
    }  # fmt: skip


def seen_counts(summary: Mapping[str, Any]) -> str:
    """What the reader agreed to; when the register moved on in between, it is another text."""
    counts = summary["counts"]
    return f"{counts[NEW]}-{counts[CHANGED]}-{counts[SAME]}"


def take_over(scope: Scope, pk: int, agreed: str) -> dict[str, int] | Run:
    """Write a draft into the register, all or nothing; a large one is written by the worker.

    Raises:
        Outdated: the register changed since the preview, so that other rows would change than were shown.
        BadUsage: it was taken over before.
    """
    draft = get_draft(scope, pk)
    if draft.taken:
        raise BadUsage("this file was taken over before")
    if draft.run_id:
        given = {"draft": draft.pk, "by": scope.person_id, "agreed": agreed}
        run = start("register_take", given, scope=scope, org_id=draft.org_id)
        Draft.objects.filter(pk=draft.pk).update(run_id=run.pk)
        return run
    return take_draft(draft, agreed, scope)


def take_draft(draft: Draft, agreed: str, scope: Scope, step: Step | None = None) -> dict[str, int]:
    """Write a draft as it was agreed to, in one transaction; `take_over` decides who does it.

    With a `step`, the file is read before the transaction, which then is short and locks nobody out for long; it is
    read again inside where the list moved on in between.
    """
    told = quiet if step is None else step
    stamp, preview = _stamp(draft), None
    if step is not None:
        preview = preview_of(draft, lambda share, words: told(share * 0.8, words))
    with transaction.atomic():
        locked = Draft.objects.select_for_update(of=("self",)).select_related("org", "by").get(pk=draft.pk)
        if locked.taken:
            raise BadUsage("this file was taken over before")
        if preview is None or stamp != _stamp(draft):
            preview = preview_of(locked)
        if seen_counts(summary_of(preview)) != agreed:
            raise Outdated(f"the list of {locked.list_name}")
        importer = get_importer(locked.list_name)
        counts = importer.keep(locked.org, scope_of(locked.by), preview, told)
        locked.taken = timezone.now()
        if importer.kind.secret:
            locked.data = b""
        locked.save(update_fields=["taken", "data"])
        log("ListTakenOver", f"{locked.list_name}:{locked.pk}", scope=scope, org_id=locked.org_id, **counts)
    return counts


def _stamp(draft: Draft) -> tuple[Any, ...]:
    """What changes when a row of the list, or somebody whom it could name, is added, changed or taken away."""
    found: list[Any] = []
    for model in (get_importer(draft.list_name).kind.model, Person, Field):
        if issubclass(model, OrgRow):
            rows = model.objects.filter(org_id=draft.org_id)
            found += rows.aggregate(n=Count("pk"), at=Max("changed"), last=Max("pk")).values()
    return tuple(found)


@kind("register_look")
def look(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Preview a large file."""
    draft = Draft.objects.select_related("org").get(pk=given["draft"])
    preview = preview_of(draft, step)
    Draft.objects.filter(pk=draft.pk).update(summary=summary_of(preview))
    return {"draft": draft.pk}


@kind("register_take")
def take(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Take a large file over; progress is told outside the transaction's sight only once it is done."""
    draft = Draft.objects.select_related("org").get(pk=given["draft"])
    scope = Scope(person_id=given.get("by"))
    return take_draft(draft, str(given["agreed"]), scope)


def is_busy(run: Run | None) -> bool:
    """Whether a worker is at it, or will be."""
    return run is not None and run.state in (RunState.QUEUED, RunState.RUNNING)
