"""Starting long work, telling how far it is, stopping it, and taking up what a dead worker left."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from nongshi.core.errors import BadUsage, NongshiError
from nongshi.site.base.models import Event
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.work.models import Run, RunState

BEAT_S = 20.0  # a run that gave no sign for so long has lost its worker
TRIES_MAX = 3

Step = Callable[[float, str], None]  # share 0..1, words; raises Stopped where the run was cancelled
Kind = Callable[[Mapping[str, Any], Step], Mapping[str, Any]]
QUEUES: list[Callable[[int], Any]] = []  # whom to tell of a new run; filled in apps.ready
BESIDE: list[
    Callable[[threading.Event], None]
] = []  # what a worker does beside the queue, in a thread each, until told
KINDS: dict[str, Kind] = {}  # filled by the apps whose work it is, in their apps.ready


class Stopped(NongshiError):
    """Somebody cancelled the run."""

    code = "stopped"


def kind(name: str) -> Callable[[Kind], Kind]:
    """Mark a function as a kind of long work; it takes what was given and a step to call, and returns its result."""

    def mark(function: Kind) -> Kind:
        KINDS[name] = function
        return function

    return mark


def start(name: str, given: Mapping[str, Any], *, scope: Scope, org_id: int) -> Run:
    """Queue a run; a worker takes it up when the transaction is committed."""
    if name not in KINDS:
        raise BadUsage(f"there is no long work called {name}; there is: {', '.join(sorted(KINDS))}")
    run = Run.objects.create(kind=name, given=dict(given), org_id=org_id, by_id=scope.person_id)
    log("RunStarted", f"run:{run.pk}", scope=scope, org_id=org_id, kind=name)
    transaction.on_commit(lambda: enqueue(run.pk))
    return run


def enqueue(run_id: int) -> None:
    """Tell a worker; without one the run waits until one comes."""
    for tell in QUEUES:
        tell(run_id)


def cancel(scope: Scope, run_id: int) -> Run:
    """Ask a run to stop; one that nobody took up yet never begins."""
    run = Run.objects.get_changed(scope, pk=run_id)
    if run.state == RunState.QUEUED:
        run.state, run.ended = RunState.CANCELLED, timezone.now()
    run.cancel = True
    run.save()
    return run


def claim(run_id: int) -> Run | None:
    """Take a run that waits; None where somebody else did, or it was cancelled."""
    taken = Run.objects.filter(pk=run_id, state=RunState.QUEUED).update(
        state=RunState.RUNNING, beat=timezone.now(), tries=F("tries") + 1
    )
    return Run.objects.get(pk=run_id) if taken else None


def list_lost() -> list[int]:
    """Runs that have to be taken up: their worker gave no sign, or nobody ever told one about them."""
    dead = timezone.now() - timedelta(seconds=BEAT_S)
    lost = Run.objects.filter(state=RunState.RUNNING, beat__lt=dead)
    lost.filter(Q(tries__gte=TRIES_MAX) | Q(cancel=True)).update(
        state=RunState.FAILED, fault="the worker stopped while at it", ended=timezone.now()
    )
    lost.filter(tries__lt=TRIES_MAX).update(state=RunState.QUEUED)
    return list(Run.objects.filter(state=RunState.QUEUED, changed__lt=dead).values_list("pk", flat=True))


def work(run: Run) -> Run:
    """Do a run that was taken, and keep what came of it."""

    def step(share: float, words: str) -> None:
        kept = Run.objects.filter(pk=run.pk, cancel=False).update(share=share, words=words[:200], beat=timezone.now())
        if not kept:
            raise Stopped("the run was cancelled")

    try:
        result = dict(KINDS[run.kind](run.given, step))
    except Stopped:
        ended: dict[str, Any] = {"state": RunState.CANCELLED}
    except NongshiError as fault:
        ended = {"state": RunState.FAILED, "fault": str(fault)}
    except Exception as fault:
        ended = {"state": RunState.FAILED, "fault": f"{type(fault).__name__}: {fault}"}
    else:
        ended = {"state": RunState.DONE, "result": result, "share": 1.0}
    Run.objects.filter(pk=run.pk).update(**ended, ended=timezone.now())
    run.refresh_from_db()
    Event.objects.create(
        name="RunEnded", about=f"run:{run.pk}", org_id=run.org_id, by=None, data={"state": run.state, "kind": run.kind}
    )
    return run
