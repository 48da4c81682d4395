"""Rows and requests of the API, as typed dicts.

Made from the OpenAPI document by nongshi.client.make; not to be changed by hand.
"""

from typing import Any, Literal, NotRequired, TypedDict

AccountKind = Literal["farmer", "operator", "owner", "coop", "bank"]
Act = Literal[
    "quote",
    "lapse",
    "book",
    "dispatch",
    "recall",
    "start",
    "measure",
    "confirm",
    "dispute",
    "agree",
    "decide",
    "settle",
    "cancel",
    "miss",
]
CourseState = Literal["suggested", "open", "done", "cancelled"]
DeliveryState = Literal["waiting", "sent", "dead"]
EnrolmentState = Literal["wished", "seat", "refused", "withdrawn", "passed", "failed"]
Source = Literal["worker", "file", "api"]
JobStatus = Literal["posted", "planned", "working", "done", "confirmed", "disputed", "cancelled"]
RoleKind = Literal[
    "farmer",
    "clerk",
    "dispatcher",
    "owner",
    "operator",
    "trainer",
    "trainee",
    "officer",
    "auditor",
    "buyer",
]
NettingState = Literal["proposed", "accepted", "dropped"]
TransferState = Literal["open", "paid"]
State = Literal[
    "draft",
    "quoted",
    "booked",
    "dispatched",
    "in_work",
    "measured",
    "confirmed",
    "settled",
    "disputed",
    "cancelled",
    "no_show",
]
OrgKind = Literal["province", "district", "town", "coop", "farm"]
PaymentState = Literal["asked", "paid", "failed"]
PlanState = Literal["draft", "published", "old"]
RunState = Literal["queued", "running", "done", "failed", "cancelled"]
Wage = Literal["hour", "hectare"]


class AccountLineOut(TypedDict):
    """One posting as an account sees it."""

    at: str
    about: str
    kind: str
    amount_fen: int
    balance_fen: int


class AccountOut(TypedDict):
    """What somebody is owed (+) or owes (-) in a cooperative's books."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    kind: AccountKind
    person_id: int | None
    balance_fen: int


class AccountPage(TypedDict):
    """AccountPage."""

    rows: list[AccountOut]
    total: int
    page: int
    limit: int


class ActIn(TypedDict):
    """A move and what comes with it."""

    act: Literal["agree", "cancel", "confirm", "decide", "dispatch", "dispute", "miss", "recall", "settle", "start"]
    area_ha: NotRequired[float | None]
    note: NotRequired[str]
    said_by: NotRequired[str]


class AgreeIn(TypedDict):
    """Yes to a transfer."""

    said_by: NotRequired[str]


class BankIn(TypedDict):
    """A bank's list."""

    org_id: int
    text: str
    take: NotRequired[bool]


class LookedOut(TypedDict):
    """What becomes of a line of a bank's list."""

    at: str
    amount_fen: int
    name: str
    remark: str
    ref: str
    account_id: int | None
    known: bool


class BankOut(TypedDict):
    """A bank's list, line by line."""

    taken: int
    lines: list[LookedOut]


class CapIn(TypedDict):
    """A new version of a cap."""

    org_id: int
    operation: Literal[
        "bale",
        "direct_seed",
        "rape_harvest",
        "rape_sow",
        "rice_harvest",
        "rotary_till",
        "spray",
        "transplant",
        "wheat_harvest",
        "wheat_sow",
    ]
    since: str
    per_ha_fen: int
    minimum_fen: int


class CapOut(TypedDict):
    """A version of a district's cap."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    operation: str
    since: str
    per_ha_fen: int
    minimum_fen: int


class CapPage(TypedDict):
    """CapPage."""

    rows: list[CapOut]
    total: int
    page: int
    limit: int


class ChangeIn(TypedDict):
    """One thing that is otherwise; which values a kind takes is said there."""

    kind: Literal["alone", "dryers", "earlier", "machines", "operators", "rain", "staggered", "variety"]
    machine_class: NotRequired[str | None]
    licence: NotRequired[str | None]
    count: NotRequired[int | None]
    town: NotRequired[str | None]
    t_day: NotRequired[float | None]
    crop: NotRequired[str | None]
    days: NotRequired[float | None]
    from_variety: NotRequired[str | None]
    to_variety: NotRequired[str | None]
    share: NotRequired[float | None]
    week: NotRequired[int | None]


class CaseIn(TypedDict):
    """What is otherwise together."""

    name: str
    changes: list[ChangeIn]


class CodeOut(TypedDict):
    """One code."""

    id: int
    code: str
    name: str
    name_en: str
    data: dict[str, Any]


class CodePage(TypedDict):
    """CodePage."""

    rows: list[CodeOut]
    total: int
    page: int
    limit: int


class CodeTableOut(TypedDict):
    """A table of codes with its edition and source."""

    id: int
    name: str
    edition: str
    source: str
    since: str | None


class CodeTablePage(TypedDict):
    """CodeTablePage."""

    rows: list[CodeTableOut]
    total: int
    page: int
    limit: int


class Confirmation(TypedDict):
    """The work is well done."""

    stars: NotRequired[int | None]


class CourseChange(TypedDict):
    """What changes of a course; the rest stays."""

    start: NotRequired[str | None]
    end: NotRequired[str | None]
    town: NotRequired[str | None]
    venue: NotRequired[str | None]
    seats: NotRequired[int | None]
    minimum: NotRequired[int | None]
    cost_fen: NotRequired[int | None]


class CourseIn(TypedDict):
    """A new course, open for wishes at once."""

    org_id: int
    ref: str
    licence_class: Literal["G1", "G2", "K1", "K2", "L", "R", "S", "UAV"]
    start: str
    end: str
    town: str
    venue: NotRequired[str]
    seats: int
    minimum: NotRequired[int]
    cost_fen: NotRequired[int]


class CourseOut(TypedDict):
    """A course for one class of licence."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    ref: str
    licence_class: str
    town: str
    venue: str
    start: str
    end: str
    seats: int
    minimum: int
    cost_fen: int
    pass_rate: float | None
    state: CourseState
    advised: bool | None
    why_zh: str
    why_en: str
    generated: bool


class CoursePage(TypedDict):
    """CoursePage."""

    rows: list[CourseOut]
    total: int
    page: int
    limit: int


class DeliveryOut(TypedDict):
    """One event for one webhook."""

    id: int
    webhook_id: int
    event_id: int | None
    message_id: str
    kind: str
    state: DeliveryState
    tries: int
    status: int | None
    error: str
    created: str
    sent_at: str | None


class DeliveryPage(TypedDict):
    """DeliveryPage."""

    rows: list[DeliveryOut]
    total: int
    page: int
    limit: int


class Dispute(TypedDict):
    """What is wrong with the work."""

    why: str


class DryerChange(TypedDict):
    """What may be changed of a dryer."""

    ref: NotRequired[str | None]
    name: NotRequired[str | None]
    lon: NotRequired[float | None]
    lat: NotRequired[float | None]
    t_day: NotRequired[float | None]
    hold_t: NotRequired[float | None]


class DryerIn(TypedDict):
    """A new dryer."""

    ref: str
    name: NotRequired[str | None]
    lon: float
    lat: float
    t_day: float
    hold_t: float
    org_id: int


class DryerOut(TypedDict):
    """Takes wet grain."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    ref: str
    name: str
    lon: float
    lat: float
    t_day: float
    hold_t: float
    generated: bool


class DryerPage(TypedDict):
    """DryerPage."""

    rows: list[DryerOut]
    total: int
    page: int
    limit: int


class EnrolmentOut(TypedDict):
    """A person and a course, from the wish to the result."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    course_id: int
    licence_class: str
    person_id: int
    person_name: str
    rank: int | None
    state: EnrolmentState
    why_zh: str
    why_en: str
    answered_at: str | None
    result_at: str | None


class EnrolmentPage(TypedDict):
    """EnrolmentPage."""

    rows: list[EnrolmentOut]
    total: int
    page: int
    limit: int


class EventOut(TypedDict):
    """One act."""

    id: int
    at: str
    org_id: int | None
    by_id: int | None
    name: str
    about: str
    data: dict[str, Any]


class EventPage(TypedDict):
    """EventPage."""

    rows: list[EventOut]
    total: int
    page: int
    limit: int


class FactOut(TypedDict):
    """Something that has happened in a season; every plan takes it into account."""

    key: str
    kind: str
    what: str
    ids: list[str]
    said_by: int | None
    said_at: str


class FactsOut(TypedDict):
    """What a season remembers, and what was taken back."""

    version: int
    facts: list[FactOut]
    taken_back: list[dict[str, Any]]


class MultiPolygon(TypedDict):
    """An outline of several pieces (GeoJSON)."""

    type: Literal["MultiPolygon"]
    coordinates: list[list[list[list[float]]]]


class Polygon(TypedDict):
    """An outline (GeoJSON, WGS 84: longitude, latitude)."""

    type: Literal["Polygon"]
    coordinates: list[list[list[float]]]


class FieldChange(TypedDict):
    """What may be changed of a parcel."""

    ref: NotRequired[str | None]
    name: NotRequired[str | None]
    place: NotRequired[str | None]
    grower_id: NotRequired[int | None]
    area_ha: NotRequired[float | None]
    gate_lon: NotRequired[float | None]
    gate_lat: NotRequired[float | None]
    crop: NotRequired[str | None]
    variety: NotRequired[str | None]
    hazards: NotRequired[str | None]
    outline: NotRequired[Polygon | MultiPolygon | None]


class FieldIn(TypedDict):
    """A new parcel."""

    ref: str
    name: str
    place: NotRequired[str | None]
    grower_id: NotRequired[int | None]
    area_ha: float
    gate_lon: float
    gate_lat: float
    crop: NotRequired[str | None]
    variety: NotRequired[str | None]
    hazards: NotRequired[str | None]
    outline: NotRequired[Polygon | MultiPolygon | None]
    org_id: int


class FieldOut(TypedDict):
    """A parcel."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    ref: str
    name: str
    place: str
    grower_id: int | None
    area_ha: float
    gate_lon: float
    gate_lat: float
    crop: str
    variety: str
    hazards: str
    outline: Polygon | MultiPolygon | None
    generated: bool


class FieldPage(TypedDict):
    """FieldPage."""

    rows: list[FieldOut]
    total: int
    page: int
    limit: int


class FolderOut(TypedDict):
    """A season folder that forecasts are made of."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    name: str
    generated: bool


class FolderPage(TypedDict):
    """FolderPage."""

    rows: list[FolderOut]
    total: int
    page: int
    limit: int


class ForecastIn(TypedDict):
    """A season.json as `nongshi season` writes it."""

    org_id: int
    document: dict[str, Any]


class ForecastOut(TypedDict):
    """A forecast and what it is listed by; its numbers are in its file."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    region: str
    as_of: str
    first_day: str
    weeks: int
    scenarios: int
    generated: bool
    source: Source


class ForecastPage(TypedDict):
    """ForecastPage."""

    rows: list[ForecastOut]
    total: int
    page: int
    limit: int


class JobIn(TypedDict):
    """What is wanted: an operation on a field, from a day until a day."""

    field_id: int
    operation: Literal[
        "bale",
        "direct_seed",
        "rape_harvest",
        "rape_sow",
        "rice_harvest",
        "rotary_till",
        "spray",
        "transplant",
        "wheat_harvest",
        "wheat_sow",
    ]
    since: str
    until: str
    area_ha: NotRequired[float | None]
    note: NotRequired[str]
    said_by: NotRequired[str]
    urgent: NotRequired[bool]


class JobOut(TypedDict):
    """One operation wanted on one field."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    ref: str
    field_id: int
    field_ref: str
    field_name: str
    grower_id: int | None
    operation: str
    area_ha: float
    open: str
    due: str
    close: str
    value_fen: int
    status: JobStatus
    after_id: int | None
    after_h: float
    wet_t: float | None
    urgent: bool
    note: str
    said_by: str
    stars: int | None
    dispute: str
    confirmed_at: str | None
    measured_ha: float | None
    generated: bool


class JobPage(TypedDict):
    """JobPage."""

    rows: list[JobOut]
    total: int
    page: int
    limit: int


class LendingChange(TypedDict):
    """A lending may end earlier or later."""

    since: NotRequired[str | None]
    until: NotRequired[str | None]


class LendingIn(TypedDict):
    """Machines or operators lent, all or one, from day to day."""

    org_id: int
    to_id: int
    what: Literal["machine", "operator"]
    machine_id: NotRequired[int | None]
    operator_id: NotRequired[int | None]
    since: str
    until: str


class LendingOut(TypedDict):
    """What an organisation lends to another."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    to_id: int
    what: Literal["machine", "operator"]
    machine_id: int | None
    operator_id: int | None
    since: str
    until: str


class LendingPage(TypedDict):
    """LendingPage."""

    rows: list[LendingOut]
    total: int
    page: int
    limit: int


class LicenceIn(TypedDict):
    """A licence class that an operator holds."""

    licence_class: str
    valid_until: str


class LicenceOut(TypedDict):
    """A licence class that an operator holds."""

    licence_class: str
    valid_until: str


class LineOut(TypedDict):
    """One line of a price or sheet."""

    name: str
    amount_fen: int


class MachineChange(TypedDict):
    """What may be changed of a machine."""

    ref: NotRequired[str | None]
    name: NotRequired[str | None]
    machine_class: NotRequired[str | None]
    owner_id: NotRequired[int | None]
    yard_lon: NotRequired[float | None]
    yard_lat: NotRequired[float | None]
    plate: NotRequired[str | None]
    terminal: NotRequired[str | None]
    width_m: NotRequired[float | None]
    available_from: NotRequired[str | None]
    available_to: NotRequired[str | None]
    inspected_until: NotRequired[str | None]
    insured_until: NotRequired[str | None]
    permit_until: NotRequired[str | None]
    oversize_until: NotRequired[str | None]
    upkeep_due: NotRequired[str | None]


class MachineIn(TypedDict):
    """A new machine."""

    ref: str
    name: NotRequired[str | None]
    machine_class: str
    owner_id: NotRequired[int | None]
    yard_lon: float
    yard_lat: float
    plate: NotRequired[str | None]
    terminal: NotRequired[str | None]
    width_m: NotRequired[float | None]
    available_from: NotRequired[str | None]
    available_to: NotRequired[str | None]
    inspected_until: NotRequired[str | None]
    insured_until: NotRequired[str | None]
    permit_until: NotRequired[str | None]
    oversize_until: NotRequired[str | None]
    upkeep_due: NotRequired[str | None]
    org_id: int


class MachineOut(TypedDict):
    """A machine and its papers."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    ref: str
    name: str
    machine_class: str
    owner_id: int | None
    yard_lon: float
    yard_lat: float
    plate: str
    terminal: str
    width_m: float | None
    available_from: str | None
    available_to: str | None
    inspected_until: str | None
    insured_until: str | None
    permit_until: str | None
    oversize_until: str | None
    upkeep_due: str | None
    generated: bool


class MachinePage(TypedDict):
    """MachinePage."""

    rows: list[MachineOut]
    total: int
    page: int
    limit: int


class MarkOut(TypedDict):
    """What the records say of a provider, and the mark made of it."""

    owner_id: int
    orders: int
    on_time: int
    called_off: int
    disputes_lost: int
    stars: float | None
    points: int


class RoleOut(TypedDict):
    """A role held in an organisation."""

    person_id: int
    org_id: int
    kind: RoleKind
    since: str | None
    until: str | None


class Me(TypedDict):
    """Who asks, and what this key or session may do."""

    id: int
    name: str
    org_id: int
    language: str
    rights: list[str]
    roles: list[RoleOut]
    sees: dict[str, list[int]]
    changes: dict[str, list[int]]


class MeasureIn(TypedDict):
    """An area by hand, or the track that shows the work."""

    area_ha: NotRequired[float | None]
    fixes: NotRequired[list[list[float]]]
    width_m: NotRequired[float | None]


class MemberOut(TypedDict):
    """An organisation in a season."""

    org_id: int
    agreed: bool


class MemberPage(TypedDict):
    """MemberPage."""

    rows: list[MemberOut]
    total: int
    page: int
    limit: int


class MoveOut(TypedDict):
    """One move of an order."""

    id: int
    act: Act
    side: str
    by_id: int | None
    at: str
    start: str
    to: str
    note: str


class MovePage(TypedDict):
    """MovePage."""

    rows: list[MoveOut]
    total: int
    page: int
    limit: int


class NettingOut(TypedDict):
    """The fewest transfers after which all accounts are even."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    state: NettingState
    accounts: int


class NettingPage(TypedDict):
    """NettingPage."""

    rows: list[NettingOut]
    total: int
    page: int
    limit: int


class TransferOut(TypedDict):
    """One payment of a netting."""

    id: int
    payer_id: int
    payee_id: int
    amount_fen: int
    state: TransferState
    agreed: list[int]


class NettingWhole(TypedDict):
    """A netting with those of its transfers that are in sight."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    state: NettingState
    accounts: int
    transfers: list[TransferOut]


class NoticeOut(TypedDict):
    """Something that a person is told."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    person_id: int
    about: str
    text: str
    text_en: str
    sent_at: str | None
    read_at: str | None


class NoticePage(TypedDict):
    """NoticePage."""

    rows: list[NoticeOut]
    total: int
    page: int
    limit: int


class NoticeStep(TypedDict):
    """Calling off with so many hours of notice or more costs such a share of the price."""

    hours: float
    share: float


class OperatorChange(TypedDict):
    """What may be changed of an operator; `licences` replaces all of them."""

    ref: NotRequired[str | None]
    person_id: NotRequired[int | None]
    hours_max: NotRequired[float | None]
    shared: NotRequired[bool | None]
    off_days: NotRequired[list[str] | None]
    licences: NotRequired[list[LicenceIn] | None]


class OperatorIn(TypedDict):
    """A new operator."""

    ref: str
    person_id: NotRequired[int | None]
    hours_max: NotRequired[float | None]
    shared: NotRequired[bool | None]
    off_days: NotRequired[list[str] | None]
    licences: NotRequired[list[LicenceIn] | None]
    org_id: int


class OperatorOut(TypedDict):
    """Somebody who may drive."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    ref: str
    person_id: int | None
    person_name: str | None
    hours_max: float
    shared: bool
    off_days: list[str]
    licences: list[LicenceOut]
    generated: bool


class OperatorPage(TypedDict):
    """OperatorPage."""

    rows: list[OperatorOut]
    total: int
    page: int
    limit: int


class OrderIn(TypedDict):
    """Whose order."""

    job_id: int


class OrderOut(TypedDict):
    """An order of a job."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    job_id: int
    job_ref: str
    field_id: int
    field_name: str
    operation: str
    grower_id: int | None
    state: State
    machine_id: int | None
    operator_id: int | None
    start: str | None
    end: str | None
    held_until: str | None
    price: list[LineOut]
    price_fen: int
    conditions: list[str]
    booked_ha: float
    measured_ha: float | None
    measured_at: str | None
    measured: dict[str, Any]
    by_itself: bool
    agreed_by: str
    agreed_ha: float | None
    fuel_fen: int
    generated: bool


class OrderPage(TypedDict):
    """OrderPage."""

    rows: list[OrderOut]
    total: int
    page: int
    limit: int


class OrgIn(TypedDict):
    """Whose books."""

    org_id: int


class OrgOut(TypedDict):
    """A province, district, town, cooperative or farm."""

    id: int
    kind: OrgKind
    parent_id: int | None
    code: str
    name: str
    name_en: str
    generated: bool


class OrgPage(TypedDict):
    """OrgPage."""

    rows: list[OrgOut]
    total: int
    page: int
    limit: int


class PaidIn(TypedDict):
    """What a provider reports."""

    amount_fen: int


class PaymentOut(TypedDict):
    """A payment between a party and the cooperative's bank account."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    account_id: int
    provider: str
    ref: str
    amount_fen: int
    state: PaymentState
    paid_at: str | None
    about: str
    url: str


class PaymentPage(TypedDict):
    """PaymentPage."""

    rows: list[PaymentOut]
    total: int
    page: int
    limit: int


class PeriodIn(TypedDict):
    """Days that are over, both included."""

    first: str
    last: str


class PeriodOut(TypedDict):
    """What an account saw of a period."""

    opening_fen: int
    closing_fen: int
    lines: list[AccountLineOut]


class PersonChange(TypedDict):
    """What may be changed of a person."""

    phone: NotRequired[str | None]
    language: NotRequired[Literal["zh-hans", "en"] | None]
    consents: NotRequired[bool | None]


class PersonOut(TypedDict):
    """Somebody of an organisation; ID numbers are never told."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    name: str
    phone: str
    language: str
    tracks_consent_at: str | None
    generated: bool


class PersonPage(TypedDict):
    """PersonPage."""

    rows: list[PersonOut]
    total: int
    page: int
    limit: int


class PlaceOut(TypedDict):
    """One way to serve a job in the plan in force."""

    start: str
    end: str
    machine_id: int | None
    machine_name: str | None


class PlanOut(TypedDict):
    """A plan and the figures to list it by."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    season_id: int
    number: int
    state: PlanState
    title: str
    objective_fen: int
    jobs_served: int
    jobs_unserved: int
    published_at: str | None


class PlanPage(TypedDict):
    """PlanPage."""

    rows: list[PlanOut]
    total: int
    page: int
    limit: int


class PriceIn(TypedDict):
    """A new version of a price."""

    org_id: int
    operation: Literal[
        "bale",
        "direct_seed",
        "rape_harvest",
        "rape_sow",
        "rice_harvest",
        "rotary_till",
        "spray",
        "transplant",
        "wheat_harvest",
        "wheat_sow",
    ]
    since: str
    per_ha_fen: int
    minimum_fen: NotRequired[int]
    surcharges: NotRequired[dict[str, float]]
    small_ha: NotRequired[float]
    small_share: NotRequired[float]
    near_km: NotRequired[float]
    km_fen: NotRequired[int]


class PriceOut(TypedDict):
    """A version of a cooperative's price."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    operation: str
    since: str
    per_ha_fen: int
    minimum_fen: int
    surcharges: dict[str, float]
    small_ha: float
    small_share: float
    near_km: float
    km_fen: int


class PricePage(TypedDict):
    """PricePage."""

    rows: list[PriceOut]
    total: int
    page: int
    limit: int


class Problem(TypedDict):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    faults: list[dict[str, Any]]


class Published(TypedDict):
    """A plan is in force."""

    plan_id: int
    told: int


class QuoteIn(TypedDict):
    """What makes the work harder."""

    conditions: NotRequired[list[Literal["awkward", "lodged", "night", "wet"]]]
    yes_to_more: NotRequired[bool]


class WhyOut(TypedDict):
    """Why there is no place."""

    kind: str
    text: str
    text_zh: str


class QuoteOut(TypedDict):
    """Price and likely hours of a job."""

    price_fen_min: int
    price_fen_max: int
    planned: bool
    earliest: str | None
    latest: str | None
    places: list[PlaceOut]
    why: WhyOut | None


class Refusal(TypedDict):
    """Why there is no seat."""

    why: Literal["full", "other", "licence", "papers", "called_off"]


class ReportIn(TypedDict):
    """One report; the same key again is the same report."""

    key: str
    kind: Literal["start", "done", "problem", "sos"]
    at: str
    data: NotRequired[Problem]


class ReportOut(TypedDict):
    """What was said about a work order, and when it happened."""

    id: int
    key: str
    order_id: int | None
    by_id: int | None
    kind: str
    at: str
    said_at: str | None
    received: str
    data: dict[str, Any]
    flag: str
    cleared_at: str | None
    has_photo: bool


class ReportPage(TypedDict):
    """ReportPage."""

    rows: list[ReportOut]
    total: int
    page: int
    limit: int


class Result(TypedDict):
    """How it ended."""

    passed: bool


class RunOut(TypedDict):
    """One piece of long work."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    kind: str
    state: RunState
    share: float
    words: str
    result: dict[str, Any]
    fault: str
    ended: str | None


class RunPage(TypedDict):
    """RunPage."""

    rows: list[RunOut]
    total: int
    page: int
    limit: int


class Search(TypedDict):
    """How long to search for a plan."""

    cpu_s: NotRequired[float]
    seed: NotRequired[int]


class SeasonIn(TypedDict):
    """Days and work that organisations plan together; each asked one joins by its own word."""

    name: str
    org_id: int
    start_date: str
    horizon_days: NotRequired[int]
    operations: list[
        Literal[
            "bale",
            "direct_seed",
            "rape_harvest",
            "rape_sow",
            "rice_harvest",
            "rotary_till",
            "spray",
            "transplant",
            "wheat_harvest",
            "wheat_sow",
        ]
    ]
    member_ids: NotRequired[list[int]]
    work_start: NotRequired[str]
    work_end: NotRequired[str]


class SeasonOut(TypedDict):
    """Days that organisations plan together."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    name: str
    zone: str
    start_date: str
    horizon_days: int
    generated: bool


class SeasonPage(TypedDict):
    """SeasonPage."""

    rows: list[SeasonOut]
    total: int
    page: int
    limit: int


class SettlementOut(TypedDict):
    """The sheet of a settled order."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    order_id: int
    posting_id: str
    total_fen: int
    price: list[LineOut]
    parties: list[LineOut]


class SharedIn(TypedDict):
    """Who sees it."""

    shared: bool


class StatementOut(TypedDict):
    """A closed statement."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    account_id: int
    first: str
    last: str
    opening_fen: int
    closing_fen: int
    lines: list[AccountLineOut]
    digest: str


class StatementPage(TypedDict):
    """StatementPage."""

    rows: list[StatementOut]
    total: int
    page: int
    limit: int


class TakingBack(TypedDict):
    """A fact that was a mistake."""

    key: str
    only: NotRequired[str]
    why: str


class TermsIn(TypedDict):
    """A new version of terms."""

    org_id: int
    since: str
    coop_share: NotRequired[float]
    wage: NotRequired[Wage]
    wage_fen: NotRequired[int]
    deposit_share: NotRequired[float]
    notice: NotRequired[list[NoticeStep]]
    no_show_share: NotRequired[float]
    auto_settle: NotRequired[bool]


class TermsOut(TypedDict):
    """A version of a cooperative's terms."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    since: str
    coop_share: float
    wage: str
    wage_fen: int
    deposit_share: float
    notice: list[NoticeStep]
    no_show_share: float
    auto_settle: bool


class TermsPage(TypedDict):
    """TermsPage."""

    rows: list[TermsOut]
    total: int
    page: int
    limit: int


class TrackOut(TypedDict):
    """The fixes near the field that an order was measured by."""

    device: str
    began: str
    generated: bool
    fixes: list[list[float]]


class VacancyOut(TypedDict):
    """Hours for which a licensed operator is wanted."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    town: str
    licence_class: str
    operation: str
    start: str
    end: str
    hours: float
    places: int
    pay_fen_h: int
    is_open: bool
    generated: bool


class VacancyPage(TypedDict):
    """VacancyPage."""

    rows: list[VacancyOut]
    total: int
    page: int
    limit: int


class WebhookChange(TypedDict):
    """Pause it, or let it go on."""

    active: bool


class WebhookIn(TypedDict):
    """A new webhook."""

    org_id: int
    name: str
    url: str
    kinds: list[Literal["job", "plan", "order", "season", "run", "field", "machine", "operator", "lending"]]


class WebhookMade(TypedDict):
    """Its signing secret, told this once."""

    id: int
    secret: str


class WebhookOut(TypedDict):
    """An address that is told what happens."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    name: str
    url: str
    kinds: list[str]
    below: bool
    active: bool


class WebhookPage(TypedDict):
    """WebhookPage."""

    rows: list[WebhookOut]
    total: int
    page: int
    limit: int


class WhatIfIn(TypedDict):
    """Cases that are compared with the forecast."""

    name: str
    cases: list[CaseIn]


class WhatIfOut(TypedDict):
    """Cases asked of a forecast, and what came of them."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    forecast_id: int
    name: str
    cases: list[dict[str, Any]]
    result: dict[str, Any]
    run_id: int | None
    shared: bool


class WhatIfPage(TypedDict):
    """WhatIfPage."""

    rows: list[WhatIfOut]
    total: int
    page: int
    limit: int


class WishIn(TypedDict):
    """A course that one wants oneself."""

    course_id: int
    first: NotRequired[bool]


class Word(TypedDict):
    """An organisation's own word."""

    agreed: bool


class YardChange(TypedDict):
    """What may be changed of a yard."""

    ref: NotRequired[str | None]
    name: NotRequired[str | None]
    lon: NotRequired[float | None]
    lat: NotRequired[float | None]


class YardIn(TypedDict):
    """A new yard."""

    ref: str
    name: str
    lon: float
    lat: float
    org_id: int


class YardOut(TypedDict):
    """Where machines sleep."""

    id: int
    org_id: int
    version: int
    created: str
    changed: str
    etag: str
    ref: str
    name: str
    lon: float
    lat: float
    generated: bool


class YardPage(TypedDict):
    """YardPage."""

    rows: list[YardOut]
    total: int
    page: int
    limit: int
