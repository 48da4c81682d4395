"""Erasing a person: who they were goes, what was done and owed stays, under a number that names nobody.

The person's row stays as a stump, so that books, orders and the log of acts still hold together.
"""

from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import transaction
from django.db.models import Q

from nongshi.core.errors import BadUsage, NotFound
from nongshi.site.base.models import Answered, ApiToken, Person, Role, SignedLink
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log

UNDER_WAY = ("quoted", "booked", "dispatched", "in_work", "measured", "confirmed", "disputed")
# model, text columns, whose row it is: where somebody may have written a name or number by hand
WRITTEN = (
    ("plans.Notice", ("text", "text_en"), ()),
    ("orders.OrderMove", ("note",), ("order__job__grower", "order__operator__person", "order__machine__owner")),
    ("jobs.FieldJob", ("note", "dispute"), ("grower",)),
    ("plans.WorkOrder", ("note",), ("job__grower", "operator__person")),
    ("register.Field", ("name",), ("grower",)),
    ("register.Machine", ("name",), ("owner",)),
)
GONE = "—"


def stump_name(pk: int) -> str:
    """What stands for an erased person."""
    return f"已删除 {pk}"


def erase(scope: Scope, pk: int) -> dict[str, int]:
    """Erase a person; how many rows of which kind were removed or written over.

    Raises:
        NotFound: not of an organisation in reach.
        BadUsage: something is under way with them, or owed; all of it is named.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).get_changed(scope, pk=pk)
        _check_done(person)
        counts = _end_ways_in(person) | _forget_whereabouts(person)
        counts["texts"] = _write_over(person)
        _forget_bank(person)
        counts["notices"] = person.notices.all().delete()[0]
        counts["roles"] = Role.objects.filter(person=person).delete()[0]
        person.name, person.phone, person.id_sealed, person.id_digest = stump_name(pk), "", "", ""
        person.user, person.tracks_consent_at, person.version = None, None, person.version + 1
        person.save()
        log("PersonErased", f"person:{pk}", scope=scope, org_id=person.org_id)
    return counts


def find_person(pk: int) -> Person:
    """Somebody who is not erased yet.

    Raises:
        NotFound: nobody, or erased before.
    """
    person = Person.objects.filter(pk=pk).first()
    if person is None or person.name == stump_name(pk):
        raise NotFound(f"no person {pk}")
    return person


def _check_done(person: Person) -> None:
    orders, jobs = apps.get_model("orders.OrderRow").objects, apps.get_model("jobs.FieldJob").objects
    mine = Q(job__grower=person) | Q(operator__person=person) | Q(machine__owner=person)
    open_orders = orders.filter(mine, state__in=UNDER_WAY).values_list("pk", flat=True)
    wrong = [f"order {pk} is under way" for pk in open_orders]
    open_jobs = jobs.filter(grower=person, status__in=("posted", "planned", "working"))
    wrong += [f"job {ref} is under way" for ref in open_jobs.values_list("ref", flat=True)]
    balance = apps.get_model("money.Account")
    for account in balance.objects.filter(person=person):
        owed = sum(account.entries.values_list("amount_fen", flat=True))
        wrong += [f"account {account.pk} is not even ({owed} fen)"] if owed else []
    if wrong:
        raise BadUsage(f"person {person.pk} cannot be erased yet: {'; '.join(wrong[:20])}; end these first")


def _end_ways_in(person: Person) -> dict[str, int]:
    counts = {
        "links": SignedLink.objects.filter(person=person).delete()[0],
        "tokens": ApiToken.objects.filter(person=person).delete()[0],
        "answers": Answered.objects.filter(person=person).delete()[0],
    }
    user = person.user
    if user is not None:
        for session in UserSession.objects.filter(user=user):
            session.end()
        person.user = None
        person.save(update_fields=["user"])
        user.delete()
    return counts | {"logins": int(user is not None)}


def _forget_whereabouts(person: Person) -> dict[str, int]:
    """Tracks of the machine while they drove it, and what licences and reports show."""
    tracks = apps.get_model("orders.OrderTrack").objects.filter(order__operator__person=person)
    licences = apps.get_model("register.Licence").objects.filter(operator__person=person)
    for licence in licences:
        if licence.photo:
            licence.photo.delete(save=False)
    calendars = apps.get_model("feeds.CalendarFeed").objects.filter(person=person)
    drafts = apps.get_model("register.Draft").objects.filter(by=person)
    return {
        "tracks": tracks.delete()[0],
        "licences": licences.delete()[0],
        "drafts": drafts.delete()[0],
        "calendars": calendars.delete()[0],
    }


def _forget_bank(person: Person) -> None:
    apps.get_model("money.Account").objects.filter(person=person).update(bank_sealed="")


def _write_over(person: Person) -> int:
    """Put a dash for the name and the number where somebody wrote them by hand."""
    words = [word for word in (person.name, person.phone, person.id_number) if len(word) > 1]
    count = 0
    for label, columns, whose in WRITTEN:
        model: Any = apps.get_model(label)
        found, theirs = Q(), Q() if whose else Q(org_id=person.org_id)
        for path in whose:
            theirs |= Q(**{path: person})
        for column in columns:
            for word in words:
                found |= Q(**{f"{column}__contains": word})
        for row in model._base_manager.filter(found & theirs) if words else ():
            for column in columns:
                text = getattr(row, column)
                for word in words:
                    text = text.replace(word, GONE)
                setattr(row, column, text)
            row.save(update_fields=list(columns))
            count += 1
    return count
