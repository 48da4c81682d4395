"""The words that the board's script says, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def board_texts() -> dict[str, str]:
    """Key -> words."""
    return {
        **_frame(), **_states(), **_exceptions(), **_acts(), **_faults(),
    }  # fmt: skip


def _frame() -> dict[str, str]:
    return {
        "weekdays": _("Mon Tue Wed Thu Fri Sat Sun"),
        "months": _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        "yuan": _("yuan"),
        "gantt": _("Machines and their days"),
        "machines_n": _("{n} machines"),
        "no_machine_shown": _("No machine matches the filter."),
        "no_work": _("no work"),
        "rain": _("rain"),
        "hours_n": _("{n} hours of work"),
        "h_n": _("{n} h"),
        "not_there": _("Not there, or broken"),
        "lists": _("Lists"),
        "days": pgettext("tab", "Days"),
        "tab_exceptions": _("Exceptions"),
        "tab_unserved": _("Left out"),
        "tab_history": _("Changes"),
        "tab_now": _("Live"),
        "now_silent": _("silent"),
        "now_work": _("in work"),
        "now_free": _("not in work"),
        "now_nowhere": _("No position of this machine is known."),
        "now_job": _("{job}: since {since}, planned until {until}"),
        "now_today": _("today {done} of {of} jobs · {done_area} of {area}"),
        "source_terminal": _("position of its terminal"),
        "source_report": _("position of a report by phone"),
        "source_generated": _("generated position"),
        "none_exceptions": _("Nothing is late, at risk or out of order."),
        "none_unserved": _("Every job has its place."),
        "none_history": _("Nothing was changed by hand yet."),
        "more": _("Show {n} more"),
        "back": _("Back to the lists"),
        "load_failed": _("The plan could not be loaded."),
        "map_failed": _("The map could not be drawn; everything else works."),
        "again": _("Try again"),
        "k_served": _("Jobs served"),
        "k_late": _("Late"),
        "k_risk": _("At risk"),
        "k_left": _("Left out"),
        "k_value": _("Net value"),
        "k_area": _("Area"),
        "k_km": _("On the road"),
        "f_area": _("Area"),
        "f_value": _("Worth"),
        "f_window": _("Window"),
        "f_due": _("Best before"),
        "f_grower": _("Grower"),
        "f_wet": _("Wet grain"),
        "no_stops": _("This machine has no work in this plan."),
        "no_stops_day": _("No machine works on this day."),
        "way_km": _("{km} km"),
        "machine_sum": _("{n} stops · {area} · {km} km on the road"),
    }


def _states() -> dict[str, str]:
    return {
        "state_ok": _("in time"),
        "state_risk": _("at risk"),
        "state_late": _("late"),
        "state_left": _("left out"),
        "state_issued": _("in time"),
        "state_started": _("in work"),
        "state_done": _("done"),
        "state_problem": _("problem"),
        "urgent": _("urgent"),
        "fixed_pinned": _("pinned"),
        "fixed_machine_day": _("on a pinned day"),
        "fixed_frozen": _("frozen"),
        "fixed_begun": _("begun"),
    }


def _exceptions() -> dict[str, str]:
    return {
        "kind_late": _("late"),
        "kind_risk": _("at risk"),
        "kind_pin": _("pin broken"),
        "kind_licence": _("licence"),
        "kind_papers": _("papers"),
        "x_late": _("{hours} h after its best time; {yuan} are lost"),
        "x_risk": _("{hours} h before its best time ends"),
        "x_pin_gone": _("Pinned, but not in the plan any more"),
        "x_pin_machine": _("Pinned, but on another machine now"),
        "x_pin_hour": _("Pinned, but at another hour now"),
        "x_licence": _("{who} drives on {day}, but has no valid licence {licence}"),
        "x_papers": _("Runs out during the plan: {what}"),
        "x_left": _("until {due} · {yuan}"),
        "paper_inspection": _("inspection"),
        "paper_insurance": _("insurance"),
    }


def _acts() -> dict[str, str]:
    return {
        "pin": _("Pin"),
        "unpin": _("Unpin"),
        "pin_day": _("Pin the day"),
        "carry": _("Move (M)"),
        "drop": _("Take out"),
        "why_here": _("Why here"),
        "why_not": _("Why not"),
        "what_helps": _("What would help"),
        "others_would": _("Other machines instead"),
        "sheet": _("Sheet"),
        "best_places": _("Best places"),
        "all_machines": _("All machines: {can} can, {cannot} cannot"),
        "here_now": _("here now"),
        "nowhere": _("No machine can take it as the plan stands."),
        "cannot": _("cannot"),
        "drop_hint": _("Drop it on a machine; Esc lets go"),
        "let_go": _("Let go; nothing was changed."),
        "move_to": _("Move to ..."),
        "chosen_n": _("{n} jobs chosen"),
        "moved": _("{job} moved to {machine}: {money}"),
        "moved_n": _("{n} jobs moved"),
        "did_pin": _("Pinned"),
        "did_unpin": _("Unpinned"),
        "did_drop": _("Taken out of the plan"),
        "did_undo": _("Undone"),
        "did_redo": _("Done again"),
        "did_freeze": _("Frozen up to then"),
        "did_thaw": _("Nothing is frozen any more"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "undone": _("undone; can be done again"),
        "drop_sure": _("Take {n} jobs out of the plan? Jobs that wait for them go, too."),
        "changed_by": _("{by} changed the plan: {words}. You see it as it is now."),
        "changed_by_other": _("Somebody else changed the plan. You see it as it is now."),
    }


def _faults() -> dict[str, str]:
    """By the code of the fault; a reader of English gets the server's own, longer words."""
    return {
        "fault_no_place_there": _("It does not fit there any more; look at the best places again."),
        "fault_bad_usage": _("That does not go now: it is pinned, frozen, begun, or the plan is no draft any more."),
        "fault_bad_input": _("That cannot be right; nothing was changed."),
        "fault_not_found": _("It is not there any more; load the page again."),
        "fault_not_plannable": _("The plan does not hold as things are now; plan it again by a disruption button."),
        "fault_forbidden": _("Your role does not reach this."),
        "fault_too_many": _("Too many requests; wait a little, then try again."),
    }
