"""Faults in the reader's language: a title and what to do. The fault's own words, in English, stand beside it."""

from typing import Any

from django.utils.translation import gettext as _

from nongshi.core.errors import BadFiles, BadInput, BadUsage, NongshiError, NotPlannable, PlanBroken
from nongshi.site.base.faults import Forbidden, InFlight, Outdated, TooMany


def fault_context(fault: NongshiError) -> dict[str, Any]:
    """What base/fault.html shows of a fault."""
    title, words = words_of(fault)
    return {
        "title": title,
        "words": words,
        "detail": str(fault),
        "faults": fault.faults if isinstance(fault, BadFiles) else (),
        "fault": fault,
    }


def words_of(fault: NongshiError) -> tuple[str, str]:
    """Title and advice."""
    match fault:
        case TooMany():
            return _("Too many requests"), _("Wait %(wait)s seconds, then try again.") % {"wait": fault.retry_s}
        case Outdated():
            return _("Somebody else was faster"), _(
                "It was changed in the meantime and nothing was overwritten. Load it again, then repeat."
            )
        case InFlight():
            return _("It is being done"), _("The same request is on its way. Wait a second, then load the page again.")
        case Forbidden():
            return _("No right"), _("Your role does not reach this. If it should, ask whoever gave you the role.")
        case BadFiles():
            return _("Faults in the data"), _("Nothing was taken over. Mend the rows below and send the file again.")
        case PlanBroken():
            return _("The plan does not hold any more"), _(
                "Jobs, machines or people changed since it was made. Plan again, then publish."
            )
        case NotPlannable():
            return _("No plan is possible"), _(
                "With the jobs, machines and people there are now, nothing can be planned."
            )
        case BadUsage():
            return _("That does not go now"), _("It does not fit the present state. Load the page again and look.")
        case BadInput():
            return _("That cannot be right"), _("Check what was entered; nothing was changed.")
        case _:
            return _("This did not work"), _("Nothing was changed. Please try again.")
