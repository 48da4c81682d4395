"""Vacancies from forecast shortage: offered by a dispatcher, seen with pay and distance, answered with a yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from nongshi.core.errors import BadInput, BadUsage
from nongshi.geo.distance import km_between
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org, OrgKind, Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.forecasts.figures import lacks
from nongshi.site.forecasts.models import Forecast
from nongshi.site.forecasts.season_json import SeasonDoc
from nongshi.site.plans.models import Notice
from nongshi.site.plans.report_words import dispatchers_of
from nongshi.site.register.models import Licence, Machine, Operator, Yard
from nongshi.site.training.assumptions import DETOUR, HOURS_DAY, NEAR_KM, PAY_FEN_H, pay_fen_h
from nongshi.site.training.models import Answer, AnswerState, Vacancy
from nongshi.site.training.services import LEARNERS

SHOWN_MAX = 30
PLACES_MAX = 50


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the newest forecast lacks and nobody offered yet."""

    town: str
    licence: str
    operation: str
    start: date
    places: int
    hours: float  # of one person
    pay_fen_h: int  # by the tables; may be changed
    worth_yuan_h: float  # what an hour is worth there and then


@dataclass(frozen=True, slots=True)
class Shown:
    """A vacancy as an operator sees it."""

    row: Vacancy
    km: float | None
    answer: Answer | None

    @property
    def pay_fen(self) -> int:
        """Pay of all its hours."""
        return round(self.row.hours * self.row.pay_fen_h)


def suggest(scope: Scope, forecast: Forecast, today: date) -> list[Suggested]:
    """Lacks of the forecast's middle for which no vacancy was made from it, the most first."""
    doc = forecast.doc
    made = set(
        Vacancy.objects.filter(forecast=forecast, org_id__in=scope.orgs(Resource.VACANCY, change=True)).values_list(
            "town", "licence_class", "start"
        )
    )
    found = []
    for one in lacks(doc, today):
        if not one.sure or (one.town, one.licence, one.start) in made:
            continue
        operation, machine_class = _work_of(doc, one.town, one.licence, one.week)
        hours = next(
            row.operator_h for row in doc.operator_shortage
            if (row.town, row.licence, row.week) == (one.town, one.licence, one.week)
        )  # fmt: skip
        found.append(
            Suggested(
                town=one.town,
                licence=one.licence,
                operation=operation,
                start=one.start,
                places=one.count,
                hours=hours or HOURS_DAY,
                pay_fen_h=pay_fen_h(operation, machine_class),
                worth_yuan_h=one.price_yuan_h,
            )
        )
    return found


def offer(
    scope: Scope, org_id: int, forecast_id: int, town: str, licence: str, start: date, *, places: int, pay_fen: int
) -> Vacancy:
    """Offer what the forecast lacks to all operators of the region.

    Raises:
        Forbidden: another organisation's.
        BadInput: pay or places that cannot be meant.
        BadUsage: the forecast lacks nothing there any more, or it is offered already.
    """
    if not scope.may(Resource.VACANCY, org_id, change=True):
        raise Forbidden(f"you may not offer work for organisation {org_id}")
    if pay_fen not in PAY_FEN_H or not 1 <= places <= PLACES_MAX:
        raise BadInput(f"write 1 to {PLACES_MAX} people, and pay of 10 to 1,000 yuan an hour")
    forecast = Forecast.objects.select_related("org").get_seen(scope, pk=forecast_id)
    with transaction.atomic():
        org = Org.objects.select_for_update().get(pk=org_id)  # two that press at once: one vacancy
        found = next(
            (one for one in suggest(scope, forecast, timezone.localdate())
             if (one.town, one.licence, one.start) == (town, licence, start)), None,
        )  # fmt: skip
        if found is None:
            raise BadUsage("this is offered already, or the forecast does not lack it; look at the list again")
        place = next((one for one in forecast.doc.towns if one.town == town), None)
        row = Vacancy.objects.create(
            org=org, told_in=_district_of(org), forecast=forecast, town=town, licence_class=licence,
            operation=found.operation, start=start, end=start + timedelta(days=6), hours=found.hours, places=places,
            pay_fen_h=pay_fen, lon=place.lon if place else None, lat=place.lat if place else None,
            generated=forecast.generated,
        )  # fmt: skip
        log("VacancyOffered", f"vacancy:{row.pk}", scope=scope, org_id=org_id, places=places)
    return row


def close(scope: Scope, pk: int) -> Vacancy:
    """Nobody else is looked for."""
    with transaction.atomic():
        row = Vacancy.objects.select_for_update(of=("self",)).get_changed(scope, pk=pk)
        row.is_open, row.version = False, row.version + 1
        row.save()
        log("VacancyClosed", f"vacancy:{pk}", scope=scope, org_id=row.org_id)
    return row


def own_offers(scope: Scope) -> QuerySet:
    """Vacancies that one offered, newest first, with the answers to them."""
    return Vacancy.objects.changed_by(scope).prefetch_related("answers__person").order_by("-is_open", "start", "-pk")


def open_to(scope: Scope, person: Person, today: date) -> list[Shown]:
    """Vacancies that fit one's licences, nearest first; the licence must hold in those days."""
    held = {
        one.licence_class: one.valid_until for one in Licence.objects.filter(operator__person=person)
    }  # fmt: skip
    rows = (
        Vacancy.objects.seen_by(scope)
        .filter(Q(is_open=True) | Q(answers__person=person), licence_class__in=held, end__gte=today)
        .select_related("org")
        .distinct()
    )
    answers = {one.vacancy_id: one for one in Answer.objects.filter(person=person, vacancy__in=rows)}
    here = home_of(person)
    found = []
    for row in rows:
        answer = answers.get(row.pk)
        if held[row.licence_class] < row.end and answer is None:
            continue
        km = None if here is None or row.lon is None or row.lat is None else _km(here, (row.lon, row.lat))
        if answer is not None or km is None or km <= NEAR_KM:
            found.append(Shown(row, km, answer))
    return sorted(found, key=lambda one: (one.km is None, one.km or 0.0, one.row.start))[:SHOWN_MAX]


def say_yes(scope: Scope, pk: int) -> Answer:
    """Say yes to a vacancy; its dispatchers are told. Once more is no second yes.

    Raises:
        BadUsage: it is closed, or the licence does not hold in those days.
    """
    person = _oneself(scope)
    with transaction.atomic():
        row = Vacancy.objects.select_for_update(of=("self",)).get_seen(scope, pk=pk)
        shown = {one.row.pk for one in open_to(scope, person, timezone.localdate())}
        if not row.is_open or row.pk not in shown:
            raise BadUsage("this work is given away, or your licence does not fit it; look at the list again")
        answer, new = Answer.objects.get_or_create(vacancy=row, person=person, defaults={"org_id": row.org_id})
        if not new and answer.state in (AnswerState.YES, AnswerState.TAKEN):
            return answer
        if answer.state == AnswerState.REFUSED:
            raise BadUsage("you were told no for this work")
        answer.state, answer.version = AnswerState.YES, answer.version + int(not new)
        answer.save()
        log("VacancyAnswered", f"answer:{answer.pk}", scope=scope, org_id=row.org_id)
        text = f"{person}愿意接{row.town}{row.start.month}月{row.start.day}日起的作业（{row.licence_class}）。"
        text_en = f"{person} says yes to the work in {row.town} from {row.start} ({row.licence_class})."
        Notice.objects.bulk_create(
            Notice(org_id=org_id, person=to, about=f"vacancy:{row.pk}", text=text, text_en=text_en)
            for to, org_id in dispatchers_of([row.org_id])
        )
    return answer


def take_back(scope: Scope, pk: int) -> Answer:
    """Take one's yes back.

    Raises:
        BadUsage: one is taken on; then one telephones.
    """
    with transaction.atomic():
        row = Answer.objects.select_for_update(of=("self",)).get_changed(scope, pk=pk)
        if row.person_id != scope.person_id or row.state != AnswerState.YES:
            raise BadUsage("you are taken on already, or said no before; ring up your dispatcher")
        row.state, row.version = AnswerState.BACK, row.version + 1
        row.save()
        log("AnswerTakenBack", f"answer:{pk}", scope=scope, org_id=row.org_id)
    return row


def decide(scope: Scope, pk: int, *, taken: bool) -> Answer:
    """Take somebody on, or not; they are told. With the last place taken the vacancy closes.

    Raises:
        BadUsage: no place is free, or the yes was taken back.
    """
    with transaction.atomic():
        row = Answer.objects.select_related("vacancy", "person").get_changed(scope, pk=pk)
        if not scope.may(Resource.ANSWER, row.org_id, change=True):
            raise Forbidden("only the dispatchers who offered the work decide")
        vacancy = Vacancy.objects.select_for_update(of=("self",)).get(pk=row.vacancy_id)
        row = Answer.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)
        held = vacancy.answers.filter(state=AnswerState.TAKEN).exclude(pk=pk).count()
        if row.state == AnswerState.BACK or (taken and held >= vacancy.places):
            raise BadUsage("all places are taken, or the yes was taken back; look at the list again")
        row.state, row.version = AnswerState.TAKEN if taken else AnswerState.REFUSED, row.version + 1
        row.save()
        if taken and held + 1 >= vacancy.places:
            vacancy.is_open, vacancy.version = False, vacancy.version + 1
            vacancy.save()
        log("AnswerDecided", f"answer:{pk}", scope=scope, org_id=row.org_id, taken=taken)
        _tell(row, vacancy, taken)
    return row


def home_of(person: Person) -> tuple[float, float] | None:
    """Where somebody sets out: a yard or a machine's place of their organisation, longitude and latitude."""
    operator = Operator.objects.filter(person=person, out_since=None).order_by("pk").first()
    org_id = operator.org_id if operator is not None else person.org_id
    yard = Yard.objects.filter(org_id=org_id, out_since=None).order_by("pk").first()
    if yard is not None:
        return yard.lon, yard.lat
    machine = Machine.objects.filter(org_id=org_id, out_since=None).order_by("pk").first()
    return None if machine is None else (machine.yard_lon, machine.yard_lat)


def _work_of(doc: SeasonDoc, town: str, licence: str, week: int) -> tuple[str, str]:
    """Operation and machine class that the licence is wanted for there and then: those with most hours."""
    rows = [row for row in doc.shortage if (row.town, row.week, row.licence) == (town, week, licence)]
    if rows:
        most = max(rows, key=lambda row: row.short_h.p50)
        return most.operation, most.machine_class
    found: Iterable[tuple[str, str]] = ((one.id, one.machine_class) for one in doc.operations if one.licence == licence)
    return next(iter(found), ("", ""))


def _district_of(org: Org) -> Org | None:
    """The district above, in which operators are told of it."""
    return Org.objects.filter(pk__in=org.lineage, kind=OrgKind.DISTRICT).first()


def _oneself(scope: Scope) -> Person:
    person = Person.objects.filter(pk=scope.person_id).first()
    if person is None or not scope.has(*LEARNERS):
        raise Forbidden("only operators and trainees say yes to work")
    return person


def _km(here: tuple[float, float], there: tuple[float, float]) -> float:
    lon, lat, lon_to, lat_to = (np.array([value]) for value in (*here, *there))
    return round(float(km_between(lon, lat, lon_to, lat_to)[0]) * DETOUR * 2) / 2  # to half a kilometre


def _tell(row: Answer, vacancy: Vacancy, taken: bool) -> None:
    zh, en = ("已录用", "you are taken on") if taken else ("这次未录用", "not taken on this time")
    Notice.objects.create(
        org_id=row.person.org_id, person=row.person, about=f"answer:{row.pk}",
        text=f"{vacancy.town}{vacancy.start.month}月{vacancy.start.day}日起的作业：{zh}。",
        text_en=f"Work in {vacancy.town} from {vacancy.start}: {en}.",
    )  # fmt: skip
