"""Work orders as an iCalendar (RFC 5545); the same orders give the same bytes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import area
from nongshi.site.feeds.assumptions import CALENDAR_FRESH_MIN
from nongshi.site.feeds.models import CalendarFeed, CalendarKind
from nongshi.site.plans.models import OrderState, WorkOrder

PRODID = "-//Nongshi//Work orders//ZH"


def calendar_bytes(feed: CalendarFeed, orders: Iterable[WorkOrder]) -> bytes:
    """The calendar in its person's language."""
    parts: dict[tuple[int, int], list[WorkOrder]] = defaultdict(list)
    for order in orders:
        parts[order.job_id, order.part].append(order)
    with translation.override(feed.person.language):
        calendar = Calendar()
        calendar.add("prodid", PRODID)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("x-wr-calname", _title(feed))
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
        calendar.add("refresh-interval", timedelta(minutes=CALENDAR_FRESH_MIN), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vText(f"PT{CALENDAR_FRESH_MIN}M"))
        for issued in sorted(parts.values(), key=lambda rows: (rows[-1].start, rows[-1].pk)):
            calendar.add_component(_event(feed, issued))
        return calendar.to_ical()


def _title(feed: CalendarFeed) -> str:
    if feed.kind == CalendarKind.FARMER:
        return _("Nongshi: work on my fields")
    shown = feed.machine if feed.kind == CalendarKind.MACHINE else feed.person
    return _("Nongshi: %(name)s") % {"name": shown}


def _event(feed: CalendarFeed, issued: Sequence[WorkOrder]) -> Event:
    """One part of a job: its newest order; an order issued anew is the same event, moved."""
    order = max(issued, key=lambda row: (row.state != OrderState.WITHDRAWN, row.pk))
    withdrawn = sum(row.state == OrderState.WITHDRAWN for row in issued)
    job, field = order.job, order.job.field
    event = Event()
    event.add("uid", f"job-{order.job_id}-{order.part}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", sum(row.version for row in issued) + withdrawn - 1)
    changed = max(row.changed for row in issued).astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("created", min(row.created for row in issued).astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _utc(order.began_at or order.start))
    event.add("dtend", _utc(order.ended_at or order.end))
    event.add("status", "CANCELLED" if order.state == OrderState.WITHDRAWN else "CONFIRMED")
    event.add("summary", _("%(work)s: %(field)s") % {"work": operation_names(job.operation), "field": field})
    event.add("description", _description(feed, order))
    if field.place:
        event.add("location", f"{field.place} {field}")
    event.add("geo", (round(field.gate_lat, 6), round(field.gate_lon, 6)))
    event.add("transp", "OPAQUE" if feed.kind != CalendarKind.FARMER else "TRANSPARENT")
    return event


def _description(feed: CalendarFeed, order: WorkOrder) -> str:
    lines = [
        _("Area: %(area)s") % {"area": area(order.area_ha)},
        _("Machine: %(machine)s") % {"machine": order.machine},
        _("State: %(state)s") % {"state": order.get_state_display()},
    ]
    if order.job.field.hazards and feed.kind != CalendarKind.FARMER:
        lines.append(_("Look out: %(hazards)s") % {"hazards": order.job.field.hazards})
    return "\n".join(lines)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
