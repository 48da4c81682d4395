"""What the grid says beside a cell, in the reader's language."""

from django.utils.translation import gettext as _

from nongshi.market import Doubt


def doubt_words(doubt: Doubt) -> str:
    """Why somebody should look again."""
    match doubt:
        case Doubt.NO_NAME:
            return _("No name was found in the line.")
        case Doubt.NO_AREA:
            return _("Not said: the whole field.")
        case Doubt.NO_WORK:
            return _("No work was said.")
        case Doubt.NO_DAY:
            return _("No day was said.")
        case Doubt.AREA_ABOUT:
            return _("The area was said roughly.")
        case Doubt.AREAS_SEVERAL:
            return _("More than one area was said; the first is taken.")
        case Doubt.WORK_BY_MONTH:
            return _("Which crop was not said; taken by the time of year.")
        case Doubt.DAY_OVER:
            return _("That day is over.")
        case Doubt.DAY_OPEN:
            return _("No last day was said; a week is taken.")
        case Doubt.DAY_VAGUE:
            return _("The day was said vaguely.")
        case Doubt.LEFT_OVER:
            return _("These words were not understood; kept as a note.")


def how_words() -> dict[str, str]:
    """The ways in which somebody says what is wanted."""
    return {"phone": _("by phone"), "visit": _("in person"), "wechat": _("by WeChat"), "paper": _("on paper")}


HOW_KEPT = {"phone": "电话", "visit": "上门", "wechat": "微信", "paper": "纸条"}  # as it is written down with the job
