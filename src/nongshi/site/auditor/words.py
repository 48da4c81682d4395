"""Codes of the audit in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from nongshi.site.auditor.risk import AREA_SHARE, FAST_FACTOR, WEIGHTS, Rule

ACTS: Mapping[str, Any] = {
    "CalendarMade": _("calendar made"),
    "CalendarRevoked": _("calendar taken back"),
    "CodeMapped": _("local code set"),
    "CodesMapped": _("local codes set"),
    "ImplementDropped": _("implement removed"),
    "ImplementKept": _("implement kept"),
    "FactTakenBack": _("season's record taken back"),
    "IdNumberSet": _("ID number kept"),
    "JobCancelled": _("job called off"),
    "JobChanged": _("job changed"),
    "JobConfirmed": _("job confirmed"),
    "JobDisputed": _("job disputed"),
    "JobPosted": _("job posted"),
    "JobQuoted": _("job quoted"),
    "LendingChanged": _("lending changed"),
    "Lent": _("lent out"),
    "LicenceDropped": _("licence removed"),
    "LicenceKept": _("licence kept"),
    "LinkFollowed": _("came by a link"),
    "LinkRevoked": _("link taken back"),
    "ListTakenOver": _("list imported"),
    "PersonAdded": _("person added"),
    "PersonChanged": _("person changed"),
    "PlanChanged": _("plan changed"),
    "PlanMade": _("plan made"),
    "PlanPublished": _("plan put in force"),
    "ReportCleared": _("report cleared"),
    "RoleGiven": _("role given"),
    "RoleTaken": _("role taken"),
    "RowAdded": _("register row added"),
    "RowDeleted": _("register row deleted"),
    "RowOutOfUse": _("register row out of use"),
    "RowRemoved": _("register row removed"),
    "RunEnded": _("run ended"),
    "RunStarted": _("run started"),
    "SeasonMade": _("season made"),
    "SessionEnded": _("session ended"),
    "TakenBack": _("lending taken back"),
    "TokenMade": _("API key made"),
    "TokenRevoked": _("API key taken back"),
    "WebhookMade": _("webhook made"),
    "WebhookResumed": _("webhook resumed"),
    "WebhookRevoked": _("webhook taken back"),
    "WorkMeasured": _("area measured"),
}
OBJECTS: Mapping[str, Any] = {
    "job": _("job"),
    "plan": _("plan"),
    "order": _("work order"),
    "machine": _("machine"),
    "operator": _("operator"),
    "field": _("field"),
    "person": _("person"),
    "season": _("season"),
    "run": _("run"),
    "link": _("link"),
    "signedlink": _("link"),
    "session": _("session"),
    "apitoken": _("API key"),
}
PAPERS: Mapping[str, Any] = {
    "inspection": _("inspection"),
    "insurance": _("insurance"),
    "permit": _("cross-region permit"),
    "oversize": _("oversize permit"),
}
RULES: Mapping[Rule, Any] = {
    Rule.LICENCE: _("licence did not hold that day"),
    Rule.TOO_FAST: _("done faster than the machine can"),
    Rule.ENDS_BEFORE_START: _("ends before it starts"),
    Rule.NO_REPORT: _("no report of its end"),
    Rule.AREA: _("measured area is far from the booked one"),
    Rule.PAPERS: _("machine papers missing"),
}
RULE_HOW: Mapping[Rule, Any] = {
    Rule.LICENCE: _("The operator of a work order does not hold the class that the machine needs, or it ended before."),
    Rule.TOO_FAST: _("From reported start to reported end, more hectares an hour than %(factor)s times the work rate."),
    Rule.ENDS_BEFORE_START: _("The reported end lies before the reported start."),
    Rule.NO_REPORT: _("The job is marked as done, but no cab sent a report of its end."),
    Rule.AREA: _("Measured from tracks, more than %(percent)s %% away from the booked area."),
    Rule.PAPERS: _("Inspection or insurance did not hold on the day of work, or is not in the register."),
}
FIGURES: Mapping[str, Any] = {
    "objective_fen": _("net value"),
    "value_fen": _("value of the work"),
    "loss_fen": _("lost by lateness"),
    "move_cost_fen": _("cost of moves"),
    "work_cost_fen": _("cost of work"),
    "area_ha": _("area served"),
    "km": _("distance, km"),
    "jobs_served": _("jobs served"),
    "jobs_unserved": _("jobs left out"),
}
REPORTS: Mapping[str, Any] = {
    "start": _("start"),
    "done": _("done"),
    "problem": _("problem"),
}


def act_words(name: str) -> str:
    """An act in words; one that we have no words for keeps its name."""
    return str(ACTS.get(name, name))


def object_words(about: str) -> str:
    """What an act is about: job 12."""
    kind, _colon, number = about.partition(":")
    return f"{OBJECTS.get(kind, kind)} {number}".strip()


def rules_shown() -> list[dict[str, Any]]:
    """Every rule with its words, how it is looked at, and its weight; heaviest first."""
    numbers = {"factor": f"{FAST_FACTOR:g}", "percent": f"{AREA_SHARE * 100:g}"}
    return [
        {"rule": rule, "name": RULES[rule], "how": str(RULE_HOW[rule]) % numbers, "weight": WEIGHTS[rule]}
        for rule in sorted(Rule, key=lambda one: -WEIGHTS[one])
    ]
