"""Who changed what in a plan: its steps as sentences."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nongshi.site.base.models import Person
from nongshi.site.plans.drafts import Loaded
from nongshi.site.plans.models import PlanRow

SHOWN = 20


def history(row: PlanRow, loaded: Loaded) -> dict[str, Any]:
    """What stands and can be undone, newest first; what was undone; each with who, when and what it brought."""
    done, undone = row.undo[-SHOWN:][::-1], row.redo[-SHOWN:][::-1]
    names = _people(entry["by"] for entry in (*done, *undone))
    return {
        "undo": [_entry(loaded, entry, names) for entry in done],
        "redo": [_entry(loaded, entry, names) for entry in undone],
    }


def _people(ids: Iterable[int | None]) -> Mapping[int | None, str]:
    found = Person.objects.filter(pk__in=[one for one in ids if one is not None])
    return {person.pk: person.name for person in found}


def _entry(loaded: Loaded, entry: Mapping[str, Any], names: Mapping[int | None, str]) -> dict[str, Any]:
    at = parse_datetime(entry["at"])
    return {
        "words": step_words(loaded, entry),
        "by": names.get(entry["by"], ""),
        "at": "" if at is None else f"{at.astimezone(loaded.tz):%m-%d %H:%M}",
        "yuan": round(entry.get("delta_fen", 0) / 100),
    }


def step_words(loaded: Loaded, entry: Mapping[str, Any]) -> str:
    """One step as a sentence."""
    jobs = entry.get("jobs", [])
    first = loaded.rows.job_of.get(jobs[0]) if jobs else None
    facts = {
        "what": str(first.field) if len(jobs) == 1 and first is not None
        else ngettext("%(n)d job", "%(n)d jobs", len(jobs)) % {"n": len(jobs)},
        "machine": str(loaded.rows.machine_of.get(entry.get("machine", ""), entry.get("machine", ""))),
        "day": entry.get("day", "")[5:],
        "until": entry.get("until", "")[5:].replace("T", " "),
    }  # fmt: skip
    words = {
        "move": _("%(what)s moved to %(machine)s"),
        "drop": _("%(what)s taken out of the plan"),
        "pin": _("%(what)s pinned"),
        "unpin": _("%(what)s unpinned"),
        "pin_day": _("%(machine)s pinned on %(day)s"),
        "unpin_day": _("%(machine)s unpinned on %(day)s"),
        "freeze": _("All before %(until)s frozen") if facts["until"] else _("Nothing is frozen any more"),
    }
    return words[entry["what"]] % facts
