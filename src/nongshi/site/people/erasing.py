"""Erasing a person: who they were goes, what was done and owed stays, under a number that names nobody.

The person's row stays as a stump, so that books, orders and the log of acts still hold together.
"""

from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import transaction
from django.db.models import Q

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Answered, ApiToken, Person, Role, SignedLink
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.people.giving import may_manage

UNDER_WAY = ("quoted", "booked", "dispatched", "in_work", "measured", "confirmed", "disputed")
# model, text columns, whose row it is: where somebody may have written a name or number by hand
WRITTEN = (
    ("plans.Notice", ("text", "text_en"), ()),
    ("orders.OrderMove", ("note",), ("order__job__grower", "order__operator__person", "order__machine__owner")),
    ("jobs.FieldJob", ("note", "dispute", "said_by"), ("grower",)),
    ("plans.WorkOrder", ("note",), ("job__grower", "operator__person")),
    ("register.Field", ("name",), ("grower",)),
    ("register.Machine", ("name",), ("owner",)),
)
GONE = "—"
WHEREABOUTS = ("lon", "lat", "accuracy_m", "words")  # of a report: where they stood, and their own words


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why somebody cannot be erased yet."""

    what: str  # order, job, account
    name: str
    owed_fen: int = 0

    def __str__(self) -> str:
        state = f"is not even ({self.owed_fen} fen)" if self.owed_fen else "is under way"
        return f"{self.what} {self.name} {state}"


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
        _forget_in_admin(person)
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


def get_erasable(scope: Scope, pk: int) -> Person:
    """Somebody whom a dispatcher may erase: of their own organisation, with no right that they could not give.

    Raises:
        NotFound: nobody in reach, or erased before.
        Forbidden: only dispatchers erase, nobody with more rights, and nobody themselves.
    """
    person = Person.objects.select_related("user", "org").get_changed(scope, pk=pk)
    if person.name == stump_name(pk):
        raise NotFound(f"no person {pk}")
    if not may_erase(scope, person):
        raise Forbidden(
            "a dispatcher erases people of their own organisation with no roles beyond theirs, and never themselves"
        )
    return person


def may_erase(scope: Scope, person: Person) -> bool:
    """Whether somebody in reach is in the hands of a dispatcher who reads this."""
    in_hand = person.org_id in scope.orgs_as(RoleKind.DISPATCHER) and may_manage(scope, person)
    return in_hand and person.pk != scope.person_id and person.name != stump_name(person.pk)


def erase_as_dispatcher(scope: Scope, pk: int, name: str) -> dict[str, int]:
    """As `erase`, by whoever keeps the people of an organisation and wrote the name once more.

    Raises:
        NotFound, Forbidden: as `get_erasable`.
        BadInput: another name.
        BadUsage: as `erase`.
    """
    with transaction.atomic():
        if name.strip() != get_erasable(scope, pk).name:
            raise BadInput("write the person's name as it stands above")
        return erase(scope, pk)


def list_hindrances(person: Person) -> list[Hindrance]:
    """What has to end before somebody can be erased."""
    orders, jobs = apps.get_model("orders.OrderRow").objects, apps.get_model("jobs.FieldJob").objects
    mine = Q(job__grower=person) | Q(operator__person=person) | Q(machine__owner=person)
    open_orders = orders.filter(mine, state__in=UNDER_WAY).order_by("pk").values_list("pk", flat=True).distinct()
    found = [Hindrance("order", str(pk)) for pk in open_orders]
    open_jobs = jobs.filter(grower=person, status__in=("posted", "planned", "working")).order_by("pk")
    found += [Hindrance("job", ref) for ref in open_jobs.values_list("ref", flat=True)]
    for account in apps.get_model("money.Account").objects.filter(person=person):
        owed = sum(account.entries.values_list("amount_fen", flat=True))
        found += [Hindrance("account", str(account.pk), owed)] if owed else []
    return found


def _check_done(person: Person) -> None:
    wrong = [str(one) for one in list_hindrances(person)]
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
    for report in apps.get_model("plans.Report").objects.filter(by=person):
        if report.photo:
            report.photo.delete(save=False)
        report.data = {key: said for key, said in report.data.items() if key not in WHEREABOUTS}
        report.save(update_fields=["photo", "data"])
    calendars = apps.get_model("feeds.CalendarFeed").objects.filter(person=person)
    drafts = apps.get_model("register.Draft").objects.filter(by=person)
    return {
        "tracks": tracks.delete()[0],
        "licences": licences.delete()[0],
        "drafts": drafts.delete()[0],
        "calendars": calendars.delete()[0],
    }


def _forget_bank(person: Person) -> None:
    """Where their money goes, and what was written down of their word about it by hand."""
    accounts = apps.get_model("money.Account").objects.filter(person=person)
    accounts.update(bank_sealed="", holder="", bank_code="")
    transfers = apps.get_model("money.NettingTransfer").objects
    for transfer in transfers.filter(Q(payer__in=accounts) | Q(payee__in=accounts)):
        for yes in transfer.agreed.values():
            yes["said_by"] = GONE if yes.get("said_by") else ""
        transfer.save(update_fields=["agreed"])


def _forget_in_admin(person: Person) -> None:
    """What the pages of the site's administration wrote down of changes to them."""
    entries = apps.get_model("admin.LogEntry").objects.filter(
        content_type__app_label="base", content_type__model="person", object_id=str(person.pk)
    )
    entries.update(object_repr=stump_name(person.pk))


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
