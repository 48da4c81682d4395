"""Every change of a plan made anew, and whom to call, with names in place of numbers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nongshi.site.base.models import Person
from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.board.places import WORD, names_of
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.drafts import Loaded


def changes_shown(loaded: Loaded) -> dict[str, Any]:
    """`changes` by hour, `calls` by person, `at`: when the plan was made anew."""
    extra = loaded.plan.extra
    jobs = _jobs(loaded, [one["job_id"] for one in extra.get("changes", ())])
    growers = {
        str(person.pk): person
        for person in Person.objects.filter(
            pk__in=[int(c["id"]) for c in extra.get("calls", ()) if c["role"] == "grower" and str(c["id"]).isdigit()]
        )
    }
    changes = [_change(loaded, one, jobs.get(one["job_id"])) for one in extra.get("changes", ())]
    calls = [_call(loaded, one, growers, jobs) for one in extra.get("calls", ())]
    return {"changes": changes, "calls": [call for call in calls if call["who"]], "at": extra.get("planned_at", "")}


def _jobs(loaded: Loaded, ids: list[str]) -> Mapping[str, FieldJob]:
    """Jobs by id; those that are out of the plan by now, too."""
    found = {job_id: loaded.rows.job_of[job_id] for job_id in ids if job_id in loaded.rows.job_of}
    missing = {job_id.rpartition("/")[2] for job_id in set(ids) - set(found)}
    org_ids = [member.org_id for member in loaded.season.members.all()]
    rows = FieldJob.objects.filter(org_id__in=org_ids, ref__in=missing).select_related("org", "field", "grower")
    return found | {loaded.rows.key(row): row for row in rows}


def _change(loaded: Loaded, said: Mapping[str, Any], job: FieldJob | None) -> dict[str, Any]:
    kinds = {
        "cancelled": _("called off"), "unserved": _("left out"), "served": _("new in the plan"),
        "machine": _("other machine"), "day": _("other day"), "hour": _("other hour"), "operator": _("other operator"),
    }  # fmt: skip
    tones = {"cancelled": "", "unserved": "bad", "served": "ok", "machine": "late", "day": "late"}
    return {
        "job": job,
        "name": str(job.field) if job else said["job_id"],
        "operation": operation_names(job.operation) if job else "",
        "kinds": [kinds.get(one, one) for one in said["kinds"]],
        "tone": tones.get(said["kind"], "blue"),
        "before": [_served(loaded, one) for one in said["before"]],
        "after": [_served(loaded, one) for one in said["after"]],
        "reason": named(loaded, said["reason"] if in_english() else said["reason_zh"]),
    }


def _served(loaded: Loaded, said: Mapping[str, Any]) -> dict[str, Any]:
    start = datetime.fromisoformat(said["start"])
    return {
        "machine": str(loaded.rows.machine_of.get(said["machine_id"], said["machine_id"])),
        "operator": str(loaded.rows.operator_of.get(said["operator_id"], said["operator_id"] or "")),
        "start": f"{start:%m-%d %H:%M}",
    }


def _call(
    loaded: Loaded, said: Mapping[str, Any], growers: Mapping[str, Person], jobs: Mapping[str, FieldJob]
) -> dict[str, Any]:
    roles = {"grower": _("grower"), "owner": _("machine owner"), "operator": _("operator")}
    person: Any = growers.get(str(said["id"])) if said["role"] == "grower" else None
    if said["role"] == "operator" and said["id"] in loaded.rows.operator_of:
        person = loaded.rows.operator_of[said["id"]].person
    who = str(person or (said["id"] if said["role"] != "grower" else ""))
    about = [str(jobs[job_id].field) for job_id in said["job_ids"] if job_id in jobs]
    return {
        "role": roles.get(said["role"], said["role"]), "who": who, "phone": getattr(person, "phone", ""),
        "place": said.get("place", ""), "jobs": about,
    }  # fmt: skip


def named(loaded: Loaded, words: str) -> str:
    """A sentence with names in place of numbers."""
    names = names_of(loaded)
    return WORD.sub(lambda found: names.get(found.group(), found.group()), words)
