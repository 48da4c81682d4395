"""Who may see and change what: one table. A test walks it against every API operation and page.

A role is held in an organisation. *Self* rows are those that name the person (a farmer's own jobs, an operator's own
work), *org* rows are the organisation's own, *tree* rows also those of all organisations below it. What an organisation
lends to another (machines, operators) is seen there while it is lent, and never changed there; what organisations bring
into a season by their own word is seen by the one that leads it. What an organisation tells all below it (forecasts,
courses, vacancies) is seen there as its own rows are, and never changed there.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum


class RoleKind(StrEnum):
    """What somebody is in an organisation."""

    FARMER = "farmer"
    CLERK = "clerk"
    DISPATCHER = "dispatcher"
    OWNER = "owner"
    OPERATOR = "operator"
    TRAINER = "trainer"
    TRAINEE = "trainee"
    OFFICER = "officer"
    AUDITOR = "auditor"
    BUYER = "buyer"


class Resource(StrEnum):
    """Kinds of rows that rights speak of."""

    ORG = "org"
    PERSON = "person"
    FIELD = "field"
    MACHINE = "machine"
    OPERATOR = "operator"
    DRYER = "dryer"
    YARD = "yard"
    LENDING = "lending"
    JOB = "job"
    SEASON = "season"
    PLAN = "plan"
    WORK_ORDER = "work_order"
    RUN = "run"
    NOTICE = "notice"
    EVENT = "event"
    CALENDAR = "calendar"
    WEBHOOK = "webhook"
    ORDER = "order"
    ACCOUNT = "account"
    FORECAST = "forecast"
    COURSE = "course"
    ENROLMENT = "enrolment"
    VACANCY = "vacancy"
    ANSWER = "answer"


class Reach(IntEnum):
    """How far a right goes."""

    NONE = 0
    SELF = 1
    ORG = 2
    TREE = 3


Rights = Mapping[Resource, tuple[Reach, Reach]]  # (see, change)

_R, _N, _S, _O, _T = Resource, Reach.NONE, Reach.SELF, Reach.ORG, Reach.TREE

RIGHTS: Mapping[RoleKind, Rights] = {
    RoleKind.FARMER: {
        _R.ORG: (_O, _N), _R.PERSON: (_S, _S), _R.FIELD: (_S, _N), _R.JOB: (_S, _S), _R.WORK_ORDER: (_S, _N),
        _R.NOTICE: (_S, _N),
        _R.CALENDAR: (_S, _S),
        _R.ORDER: (_S, _S), _R.ACCOUNT: (_S, _N),
    },
    RoleKind.CLERK: {
        _R.ORG: (_O, _N), _R.PERSON: (_O, _O), _R.FIELD: (_O, _O), _R.JOB: (_O, _O), _R.WORK_ORDER: (_O, _N),
        _R.NOTICE: (_O, _N), _R.SEASON: (_O, _N), _R.RUN: (_O, _N),
        _R.CALENDAR: (_S, _S),
        _R.ORDER: (_O, _O),
        _R.FORECAST: (_O, _N), _R.COURSE: (_O, _N), _R.ENROLMENT: (_O, _N),
    },
    RoleKind.DISPATCHER: {
        _R.ORG: (_O, _N), _R.PERSON: (_O, _O), _R.FIELD: (_O, _O), _R.MACHINE: (_O, _O), _R.OPERATOR: (_O, _O),
        _R.DRYER: (_O, _O), _R.YARD: (_O, _O), _R.LENDING: (_O, _O), _R.JOB: (_O, _O), _R.SEASON: (_O, _O),
        _R.PLAN: (_O, _O), _R.WORK_ORDER: (_O, _O), _R.RUN: (_O, _O), _R.NOTICE: (_O, _O), _R.EVENT: (_O, _N),
        _R.CALENDAR: (_O, _O), _R.WEBHOOK: (_O, _O),
        _R.ORDER: (_O, _O), _R.ACCOUNT: (_O, _O),
        _R.FORECAST: (_O, _O), _R.COURSE: (_O, _N), _R.ENROLMENT: (_O, _N), _R.VACANCY: (_O, _O), _R.ANSWER: (_O, _O),
    },
    RoleKind.OWNER: {
        _R.ORG: (_O, _N), _R.PERSON: (_S, _S), _R.MACHINE: (_S, _S), _R.YARD: (_O, _N), _R.WORK_ORDER: (_S, _N),
        _R.NOTICE: (_S, _N),
        _R.CALENDAR: (_S, _S),
        _R.ORDER: (_S, _N), _R.ACCOUNT: (_S, _N),
        _R.FORECAST: (_O, _N), _R.VACANCY: (_O, _N),
    },
    RoleKind.OPERATOR: {
        _R.ORG: (_O, _N), _R.PERSON: (_S, _S), _R.OPERATOR: (_S, _N), _R.WORK_ORDER: (_S, _S), _R.NOTICE: (_S, _N),
        _R.CALENDAR: (_S, _S),
        _R.ORDER: (_S, _S), _R.ACCOUNT: (_S, _N),
        _R.COURSE: (_O, _N), _R.ENROLMENT: (_S, _S), _R.VACANCY: (_O, _N), _R.ANSWER: (_S, _S),
    },
    RoleKind.TRAINER: {
        _R.ORG: (_O, _N), _R.PERSON: (_S, _S), _R.NOTICE: (_S, _N),
        _R.CALENDAR: (_S, _S),
        _R.FORECAST: (_O, _N), _R.COURSE: (_O, _O), _R.ENROLMENT: (_O, _O), _R.VACANCY: (_O, _N),
        _R.OPERATOR: (_T, _N),
    },
    RoleKind.TRAINEE: {
        _R.ORG: (_O, _N), _R.PERSON: (_S, _S), _R.NOTICE: (_S, _N),
        _R.CALENDAR: (_S, _S),
        _R.COURSE: (_O, _N), _R.ENROLMENT: (_S, _S), _R.VACANCY: (_O, _N), _R.ANSWER: (_S, _S),
    },
    RoleKind.OFFICER: {
        _R.ORG: (_T, _O), _R.FIELD: (_T, _N), _R.MACHINE: (_T, _N), _R.DRYER: (_T, _N), _R.YARD: (_T, _N),
        _R.JOB: (_T, _N), _R.SEASON: (_T, _N), _R.PLAN: (_T, _N), _R.WORK_ORDER: (_T, _N), _R.NOTICE: (_S, _N),
        _R.PERSON: (_S, _S),
        _R.CALENDAR: (_S, _S), _R.WEBHOOK: (_O, _O),
        _R.ORDER: (_T, _T),
        _R.FORECAST: (_T, _O), _R.COURSE: (_T, _N), _R.ENROLMENT: (_T, _N), _R.VACANCY: (_T, _N), _R.RUN: (_O, _O),
    },
    RoleKind.AUDITOR: {
        _R.ORG: (_T, _N), _R.FIELD: (_T, _N), _R.MACHINE: (_T, _N), _R.OPERATOR: (_T, _N), _R.DRYER: (_T, _N),
        _R.YARD: (_T, _N), _R.LENDING: (_T, _N), _R.JOB: (_T, _N), _R.SEASON: (_T, _N), _R.PLAN: (_T, _N),
        _R.WORK_ORDER: (_T, _N), _R.EVENT: (_T, _N), _R.PERSON: (_S, _S),
        _R.NOTICE: (_S, _N), _R.CALENDAR: (_S, _S),
        _R.ORDER: (_T, _N), _R.ACCOUNT: (_T, _N),
        _R.FORECAST: (_T, _N), _R.COURSE: (_T, _N), _R.ENROLMENT: (_T, _N), _R.VACANCY: (_T, _N),
    },
    RoleKind.BUYER: {
        _R.ORG: (_O, _N), _R.PERSON: (_S, _S),
        _R.NOTICE: (_S, _N), _R.CALENDAR: (_S, _S),
    },
}  # fmt: skip

TOLD_DOWN = frozenset({Resource.FORECAST, Resource.COURSE, Resource.VACANCY})  # seen by those below, too
LENT = frozenset({Resource.MACHINE, Resource.OPERATOR})  # what may be lent sideways
# What the organisation that leads a season sees of those that agreed to plan with it; it changes none of it.
LED = frozenset(
    {Resource.FIELD, Resource.MACHINE, Resource.OPERATOR, Resource.DRYER, Resource.JOB, Resource.WORK_ORDER}
)


def reach(kind: RoleKind, resource: Resource, *, change: bool) -> Reach:
    """How far a role sees, or changes, rows of a kind; nothing that is not in the table."""
    return RIGHTS[kind].get(resource, (Reach.NONE, Reach.NONE))[int(change)]
