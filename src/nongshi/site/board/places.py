"""Where a job may go: for every machine the best place with its cost, or the reason why not, in the reader's words."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from nongshi.core.errors import NotFound
from nongshi.dispatch.explain_cannot import list_cannot
from nongshi.dispatch.explain_job import Explanation, explain_job
from nongshi.dispatch.explain_words import Line
from nongshi.dispatch.quote import Offer
from nongshi.files.texts import CLASSES
from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.board.data import Clock, licence_name, worded
from nongshi.site.plans.drafts import Loaded
from nongshi.site.plans.sight import Sight

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]*[A-Za-z0-9]")  # a number of the register
WHY_MAX = 8  # other machines named in an explanation: nobody reads 150


def places(loaded: Loaded, job_id: str) -> dict[str, Any]:
    """What each machine would take, in the order of the region's machines.

    `offers`: {machine: [yuan more than now, km, start, end, operator]}; `cannot`: {machine: words}; `fixed`: why the
    job may not be moved at all, or null.
    """
    if job_id not in loaded.region.job_of:
        raise NotFound(f"job {job_id} does not stand in the plan; load the page again")
    key = ("places", job_id, in_english())
    found: dict[str, Any] = loaded.once(key, lambda: _places(loaded, job_id))
    return found


def _places(loaded: Loaded, job_id: str) -> dict[str, Any]:
    quoter, gain_fen = loaded.lift(job_id)
    job, clock = loaded.lifter.region.job_of[job_id], Clock(loaded)
    offers = quoter.best_by_machine(job)
    numbers = {machine.id: m for m, machine in enumerate(loaded.region.machines)}
    words = CannotWords(loaded, job_id)
    return {
        "version": loaded.version,
        "job": job_id,
        "fixed": loaded.fixed().get(job_id),
        "offers": {numbers[m]: _offer(loaded, clock, offer, gain_fen) for m, offer in offers.items()},
        "cannot": {numbers[m]: words.of(m, why) for m, why in list_cannot(quoter, job, set(offers))},
    }


def _offer(loaded: Loaded, clock: Clock, offer: Offer, gain_fen: float) -> list[Any]:
    piece = offer.pieces[0]
    driver = loaded.rows.operator_of.get(piece.operator_id)
    return [
        round((offer.gain_fen - gain_fen) / 100), round(offer.km, 1), clock.minute(piece.start),
        clock.minute(piece.end), str(driver or piece.operator_id), int(bool(offer.crew_new)),
    ]  # fmt: skip


class CannotWords:
    """Why machines cannot take a job, without their names in front; what is the same for a class is said once."""

    def __init__(self, loaded: Loaded, job_id: str) -> None:
        self._region, self._english = loaded.region, in_english()
        self._operation = loaded.region.job_of[job_id].operation
        self._of_class: dict[tuple[str, str], str] = {}

    def of(self, machine_id: str, why: Line) -> str:
        """The words for a machine."""
        if why.kind in ("cannot_class", "cannot_licence"):
            key = (why.kind, self._region.machine_of[machine_id].machine_class)
            if key not in self._of_class:
                self._of_class[key] = self._class_words(*key)
            return self._of_class[key]
        said = why.en if self._english else why.zh
        return said[len(machine_id) + 1 :].strip().rstrip("。.")

    def _class_words(self, why: str, class_id: str) -> str:
        kind = self._region.class_of[class_id]
        if why == "cannot_licence":
            return _("nobody holds a valid licence: %(licence)s") % {"licence": licence_name(kind.licence or "")}
        name, what = worded(CLASSES, kind.id, kind.name), operation_names(self._operation)
        return _("a %(name)s cannot do %(what)s") % {"name": name, "what": what}


def why(loaded: Loaded, job_id: str, sight: Sight | None = None) -> dict[str, Any]:
    """Why a job stands where it stands or is left out, and what would help; sentences in the reader's language.

    `sight`: what a member of a common plan may be told of; None: everything.
    """
    if job_id not in loaded.region.job_of or (sight is not None and job_id not in sight.jobs):
        raise NotFound(f"job {job_id} does not stand in the plan; load the page again")

    def make() -> Explanation:
        with loaded.lock:
            return explain_job(loaded.lifter.region, loaded.plan, job_id)

    found: Explanation = loaded.once(("why", job_id), make)

    def told(lines: Iterable[Line]) -> list[str]:
        return [words for line in lines if (words := said(loaded, line, sight))]

    own = [one for one in found.instead if sight is None or one.machine_id in sight.machines]
    return {
        "served": found.served,
        "why": told(found.why),
        "frees": told(found.frees),
        "instead": told(one.line for one in own if one.offer is not None)[:WHY_MAX],
    }


def said(loaded: Loaded, line: Line, sight: Sight | None = None) -> str:
    """A sentence with the names of people, machines and fields in place of their numbers.

    For a member: others' machines and operators have no name, and what speaks of others' jobs is not said at all ("").
    """
    names = names_of(loaded)
    if sight is not None:
        hidden = _hidden(loaded, sight)
        if any(word in hidden and hidden[word] is None for word in WORD.findall(line.en)):
            return ""
        names = names | {name: words for name, words in hidden.items() if words is not None}
    words = line.en if in_english() else line.zh
    for kind in loaded.region.machine_classes:
        if kind.name:
            words = words.replace(kind.name, worded(CLASSES, kind.id, kind.name))
    return WORD.sub(lambda found: names.get(found.group(), found.group()), words)


def _hidden(loaded: Loaded, sight: Sight) -> dict[str, str | None]:
    """Numbers that a member is not told -> words in their place; None: the whole sentence is left out."""
    region = loaded.region
    found: dict[str, str | None] = {job.id: None for job in region.jobs if job.id not in sight.jobs}
    machine, operator = _("a machine of another organisation"), _("an operator of another organisation")
    found |= {one.id: machine for one in region.machines if one.id not in sight.machines}
    return found | {one.id: operator for one in region.operators if one.id not in sight.operators}


def names_of(loaded: Loaded) -> dict[str, str]:
    """Numbers of the register -> what people call it."""
    names: dict[str, str] = loaded.once("names", lambda: _names(loaded))
    return names


def _names(loaded: Loaded) -> dict[str, str]:
    rows = loaded.rows
    jobs = {key: str(job.field) for key, job in rows.job_of.items()}
    machines = {key: str(machine) for key, machine in rows.machine_of.items()}
    return jobs | machines | {key: str(operator) for key, operator in rows.operator_of.items()}
