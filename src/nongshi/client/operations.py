"""Every operation of the API as a method.

Made from the OpenAPI document by nongshi.client.make; not to be changed by hand.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from nongshi.client.models import (
    AccountOut,
    AccountPage,
    ActIn,
    AgreeIn,
    BankIn,
    BankOut,
    CapIn,
    CapOut,
    CapPage,
    CodePage,
    CodeTableOut,
    CodeTablePage,
    Confirmation,
    CourseChange,
    CourseIn,
    CourseOut,
    CoursePage,
    CourseState,
    DeliveryPage,
    Dispute,
    DryerChange,
    DryerIn,
    DryerOut,
    DryerPage,
    EnrolmentOut,
    EnrolmentPage,
    EnrolmentState,
    EventPage,
    FactsOut,
    FieldChange,
    FieldIn,
    FieldOut,
    FieldPage,
    FolderPage,
    ForecastIn,
    ForecastOut,
    ForecastPage,
    JobIn,
    JobOut,
    JobPage,
    LendingChange,
    LendingIn,
    LendingOut,
    LendingPage,
    MachineChange,
    MachineIn,
    MachineOut,
    MachinePage,
    MarkOut,
    Me,
    MeasureIn,
    MemberPage,
    MovePage,
    NettingPage,
    NettingWhole,
    NoticeOut,
    NoticePage,
    OperatorChange,
    OperatorIn,
    OperatorOut,
    OperatorPage,
    OrderIn,
    OrderOut,
    OrderPage,
    OrgIn,
    OrgOut,
    OrgPage,
    PaidIn,
    PaymentOut,
    PaymentPage,
    PeriodIn,
    PeriodOut,
    PersonChange,
    PersonOut,
    PersonPage,
    PlanOut,
    PlanPage,
    PlanState,
    PriceIn,
    PriceOut,
    PricePage,
    Published,
    QuoteIn,
    QuoteOut,
    Refusal,
    ReportIn,
    ReportOut,
    ReportPage,
    Result,
    RoleOut,
    RunOut,
    RunPage,
    RunState,
    Search,
    SeasonIn,
    SeasonOut,
    SeasonPage,
    SettlementOut,
    SharedIn,
    StatementOut,
    StatementPage,
    TakingBack,
    TermsIn,
    TermsOut,
    TermsPage,
    TrackOut,
    VacancyOut,
    VacancyPage,
    WebhookChange,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    WebhookPage,
    WhatIfIn,
    WhatIfOut,
    WhatIfPage,
    WishIn,
    Word,
    YardChange,
    YardIn,
    YardOut,
    YardPage,
)


class Operations:
    """What the site can be asked for."""

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        if_match: str | None = None,
        key: str | None = None,
    ) -> Any:
        """Send one request; the client says how."""
        raise NotImplementedError

    def act_order(self, order_id: int, body: ActIn, *, if_match: str, key: str | None = None) -> OrderOut:
        """Any other move of the table, by the side that one speaks for."""
        found: OrderOut = self.request(
            "POST", f"/api/v1/orders/{quote(str(order_id))}/acts", body=body, if_match=if_match, key=key
        )
        return found

    def add_cap(self, body: CapIn, *, key: str | None = None) -> CapOut:
        """A new version of a district's cap."""
        found: CapOut = self.request("POST", "/api/v1/caps", body=body, key=key)
        return found

    def add_course(self, body: CourseIn, *, key: str | None = None) -> CourseOut:
        """Open a new course."""
        found: CourseOut = self.request("POST", "/api/v1/courses", body=body, key=key)
        return found

    def add_dryer(self, body: DryerIn, *, key: str | None = None) -> DryerOut:
        """A new dryer of an organisation."""
        found: DryerOut = self.request("POST", "/api/v1/dryers", body=body, key=key)
        return found

    def add_field(self, body: FieldIn, *, key: str | None = None) -> FieldOut:
        """A new field of an organisation."""
        found: FieldOut = self.request("POST", "/api/v1/fields", body=body, key=key)
        return found

    def add_lending(self, body: LendingIn, *, key: str | None = None) -> LendingOut:
        """A new lending of an organisation."""
        found: LendingOut = self.request("POST", "/api/v1/lendings", body=body, key=key)
        return found

    def add_machine(self, body: MachineIn, *, key: str | None = None) -> MachineOut:
        """A new machine of an organisation."""
        found: MachineOut = self.request("POST", "/api/v1/machines", body=body, key=key)
        return found

    def add_operator(self, body: OperatorIn, *, key: str | None = None) -> OperatorOut:
        """A new operator of an organisation."""
        found: OperatorOut = self.request("POST", "/api/v1/operators", body=body, key=key)
        return found

    def add_price(self, body: PriceIn, *, key: str | None = None) -> PriceOut:
        """A new version of a price, from today or later on; earlier ones stay as they were."""
        found: PriceOut = self.request("POST", "/api/v1/prices", body=body, key=key)
        return found

    def add_season(self, body: SeasonIn, *, key: str | None = None) -> SeasonOut:
        """A season from the register's own fields, machines, operators and jobs."""
        found: SeasonOut = self.request("POST", "/api/v1/seasons", body=body, key=key)
        return found

    def add_terms(self, body: TermsIn, *, key: str | None = None) -> TermsOut:
        """A new version of terms; orders keep those of the day on which they were begun. The bank account stays."""
        found: TermsOut = self.request("POST", "/api/v1/terms", body=body, key=key)
        return found

    def add_webhook(self, body: WebhookIn, *, key: str | None = None) -> WebhookMade:
        """A new webhook and the secret that its messages are signed with."""
        found: WebhookMade = self.request("POST", "/api/v1/webhooks", body=body, key=key)
        return found

    def add_yard(self, body: YardIn, *, key: str | None = None) -> YardOut:
        """A new yard of an organisation."""
        found: YardOut = self.request("POST", "/api/v1/yards", body=body, key=key)
        return found

    def agree_transfer(self, transfer_id: int, body: AgreeIn, *, key: str | None = None) -> NettingWhole:
        """Say yes to a transfer; once both ends of all have, the netting is accepted."""
        found: NettingWhole = self.request(
            "POST", f"/api/v1/transfers/{quote(str(transfer_id))}/agree", body=body, key=key
        )
        return found

    def ask_payment(self, account_id: int, *, key: str | None = None) -> PaymentOut:
        """Ask for what an account owes; asked again for the same sum it is the same payment."""
        found: PaymentOut = self.request("POST", f"/api/v1/accounts/{quote(str(account_id))}/ask", key=key)
        return found

    def ask_whatif(self, forecast_id: int, body: WhatIfIn, *, key: str | None = None) -> RunOut:
        """Have cases compared with a forecast by the worker; the run's result names the what-if."""
        found: RunOut = self.request("POST", f"/api/v1/forecasts/{quote(str(forecast_id))}/whatifs", body=body, key=key)
        return found

    def begin_order(self, body: OrderIn, *, key: str | None = None) -> OrderOut:
        """The order of a job, begun where there is none."""
        found: OrderOut = self.request("POST", "/api/v1/orders", body=body, key=key)
        return found

    def book_order(self, order_id: int, *, if_match: str, key: str | None = None) -> OrderOut:
        """Take the place that is held; 409 where it is gone, naming the next ones."""
        found: OrderOut = self.request(
            "POST", f"/api/v1/orders/{quote(str(order_id))}/book", if_match=if_match, key=key
        )
        return found

    def cancel_course(self, course_id: int, *, if_match: str, key: str | None = None) -> CourseOut:
        """Call a course off; whoever wished for it is told."""
        found: CourseOut = self.request(
            "POST", f"/api/v1/courses/{quote(str(course_id))}/cancel", if_match=if_match, key=key
        )
        return found

    def cancel_job(self, job_id: int, *, if_match: str, key: str | None = None) -> JobOut:
        """Call a job off; work in progress cannot be."""
        found: JobOut = self.request("POST", f"/api/v1/jobs/{quote(str(job_id))}/cancel", if_match=if_match, key=key)
        return found

    def cancel_run(self, run_id: int, *, key: str | None = None) -> RunOut:
        """Ask a run to stop; one that is over stays as it is."""
        found: RunOut = self.request("POST", f"/api/v1/runs/{quote(str(run_id))}/cancel", key=key)
        return found

    def change_course(self, course_id: int, body: CourseChange, *, if_match: str) -> CourseOut:
        """Change days, place, seats."""
        found: CourseOut = self.request(
            "PATCH", f"/api/v1/courses/{quote(str(course_id))}", body=body, if_match=if_match
        )
        return found

    def change_dryer(self, pk: int, body: DryerChange, *, if_match: str) -> DryerOut:
        """Change a dryer; columns left out stay."""
        found: DryerOut = self.request("PATCH", f"/api/v1/dryers/{quote(str(pk))}", body=body, if_match=if_match)
        return found

    def change_field(self, pk: int, body: FieldChange, *, if_match: str) -> FieldOut:
        """Change a field; columns left out stay."""
        found: FieldOut = self.request("PATCH", f"/api/v1/fields/{quote(str(pk))}", body=body, if_match=if_match)
        return found

    def change_lending(self, pk: int, body: LendingChange, *, if_match: str) -> LendingOut:
        """Change a lending; columns left out stay."""
        found: LendingOut = self.request("PATCH", f"/api/v1/lendings/{quote(str(pk))}", body=body, if_match=if_match)
        return found

    def change_machine(self, pk: int, body: MachineChange, *, if_match: str) -> MachineOut:
        """Change a machine; columns left out stay."""
        found: MachineOut = self.request("PATCH", f"/api/v1/machines/{quote(str(pk))}", body=body, if_match=if_match)
        return found

    def change_operator(self, pk: int, body: OperatorChange, *, if_match: str) -> OperatorOut:
        """Change a operator; columns left out stay."""
        found: OperatorOut = self.request("PATCH", f"/api/v1/operators/{quote(str(pk))}", body=body, if_match=if_match)
        return found

    def change_person(self, person_id: int, body: PersonChange, *, if_match: str) -> PersonOut:
        """Change phone, language or consent."""
        found: PersonOut = self.request(
            "PATCH", f"/api/v1/people/{quote(str(person_id))}", body=body, if_match=if_match
        )
        return found

    def change_webhook(self, webhook_id: int, body: WebhookChange, *, if_match: str) -> WebhookOut:
        """Pause a webhook, or let it go on."""
        found: WebhookOut = self.request(
            "PATCH", f"/api/v1/webhooks/{quote(str(webhook_id))}", body=body, if_match=if_match
        )
        return found

    def change_yard(self, pk: int, body: YardChange, *, if_match: str) -> YardOut:
        """Change a yard; columns left out stay."""
        found: YardOut = self.request("PATCH", f"/api/v1/yards/{quote(str(pk))}", body=body, if_match=if_match)
        return found

    def clear_report(self, report_id: int, *, key: str | None = None) -> ReportOut:
        """A dispatcher has seen to it."""
        found: ReportOut = self.request("POST", f"/api/v1/reports/{quote(str(report_id))}/clear", key=key)
        return found

    def close_statement(self, account_id: int, body: PeriodIn, *, key: str | None = None) -> StatementOut:
        """Keep the statement of days that are over; the same days again are the same statement."""
        found: StatementOut = self.request(
            "POST", f"/api/v1/accounts/{quote(str(account_id))}/statements", body=body, key=key
        )
        return found

    def confirm_job(self, job_id: int, body: Confirmation, *, if_match: str, key: str | None = None) -> JobOut:
        """Say that the work is well done."""
        found: JobOut = self.request(
            "POST", f"/api/v1/jobs/{quote(str(job_id))}/confirm", body=body, if_match=if_match, key=key
        )
        return found

    def dispute_job(self, job_id: int, body: Dispute, *, if_match: str, key: str | None = None) -> JobOut:
        """Say what is wrong with the work."""
        found: JobOut = self.request(
            "POST", f"/api/v1/jobs/{quote(str(job_id))}/dispute", body=body, if_match=if_match, key=key
        )
        return found

    def drop_netting(self, netting_id: int, *, key: str | None = None) -> NettingWhole:
        """Take a netting back; what was paid of it stays posted."""
        found: NettingWhole = self.request("POST", f"/api/v1/nettings/{quote(str(netting_id))}/drop", key=key)
        return found

    def forecast_folder(self, folder_id: int, *, key: str | None = None) -> RunOut:
        """Have a kept season folder forecast anew by the worker; the run's result names the forecast."""
        found: RunOut = self.request("POST", f"/api/v1/season-folders/{quote(str(folder_id))}/forecasts", key=key)
        return found

    def forecast_season(self, season_id: int, *, key: str | None = None) -> RunOut:
        """Have a season that is planned here forecast by the worker; the run's result names the forecast."""
        found: RunOut = self.request("POST", f"/api/v1/seasons/{quote(str(season_id))}/forecasts", key=key)
        return found

    def get_account(self, account_id: int) -> AccountOut:
        """One account."""
        found: AccountOut = self.request("GET", f"/api/v1/accounts/{quote(str(account_id))}")
        return found

    def get_code_table(self, pk: int) -> CodeTableOut:
        """One table."""
        found: CodeTableOut = self.request("GET", f"/api/v1/code-tables/{quote(str(pk))}")
        return found

    def get_course(self, course_id: int) -> CourseOut:
        """One course."""
        found: CourseOut = self.request("GET", f"/api/v1/courses/{quote(str(course_id))}")
        return found

    def get_dryer(self, pk: int) -> DryerOut:
        """One dryer."""
        found: DryerOut = self.request("GET", f"/api/v1/dryers/{quote(str(pk))}")
        return found

    def get_enrolment(self, enrolment_id: int) -> EnrolmentOut:
        """One enrolment."""
        found: EnrolmentOut = self.request("GET", f"/api/v1/enrolments/{quote(str(enrolment_id))}")
        return found

    def get_field(self, pk: int) -> FieldOut:
        """One field."""
        found: FieldOut = self.request("GET", f"/api/v1/fields/{quote(str(pk))}")
        return found

    def get_forecast(self, forecast_id: int) -> ForecastOut:
        """One forecast."""
        found: ForecastOut = self.request("GET", f"/api/v1/forecasts/{quote(str(forecast_id))}")
        return found

    def get_forecast_file(self, forecast_id: int) -> dict[str, Any]:
        """All its numbers, as they were kept."""
        found: dict[str, Any] = self.request("GET", f"/api/v1/forecasts/{quote(str(forecast_id))}/season.json")
        return found

    def get_job(self, job_id: int) -> JobOut:
        """One job."""
        found: JobOut = self.request("GET", f"/api/v1/jobs/{quote(str(job_id))}")
        return found

    def get_lending(self, pk: int) -> LendingOut:
        """One lending."""
        found: LendingOut = self.request("GET", f"/api/v1/lendings/{quote(str(pk))}")
        return found

    def get_machine(self, pk: int) -> MachineOut:
        """One machine."""
        found: MachineOut = self.request("GET", f"/api/v1/machines/{quote(str(pk))}")
        return found

    def get_me(self) -> Me:
        """Who I am and what I reach."""
        found: Me = self.request("GET", "/api/v1/me")
        return found

    def get_netting(self, netting_id: int) -> NettingWhole:
        """One netting with its transfers in sight."""
        found: NettingWhole = self.request("GET", f"/api/v1/nettings/{quote(str(netting_id))}")
        return found

    def get_notice(self, notice_id: int) -> NoticeOut:
        """One notice."""
        found: NoticeOut = self.request("GET", f"/api/v1/notices/{quote(str(notice_id))}")
        return found

    def get_operator(self, pk: int) -> OperatorOut:
        """One operator."""
        found: OperatorOut = self.request("GET", f"/api/v1/operators/{quote(str(pk))}")
        return found

    def get_order(self, order_id: int) -> OrderOut:
        """One order."""
        found: OrderOut = self.request("GET", f"/api/v1/orders/{quote(str(order_id))}")
        return found

    def get_org(self, org_id: int) -> OrgOut:
        """One organisation."""
        found: OrgOut = self.request("GET", f"/api/v1/orgs/{quote(str(org_id))}")
        return found

    def get_payment(self, payment_id: int) -> PaymentOut:
        """One payment."""
        found: PaymentOut = self.request("GET", f"/api/v1/payments/{quote(str(payment_id))}")
        return found

    def get_payment_file(self, netting_id: int) -> dict[str, str]:
        """What the cooperative pays out of an accepted netting, as ISO 20022 pain.001 in `xml`."""
        found: dict[str, str] = self.request("GET", f"/api/v1/nettings/{quote(str(netting_id))}/payment-file")
        return found

    def get_person(self, person_id: int) -> PersonOut:
        """One person."""
        found: PersonOut = self.request("GET", f"/api/v1/people/{quote(str(person_id))}")
        return found

    def get_plan(self, plan_id: int) -> PlanOut:
        """One plan's figures."""
        found: PlanOut = self.request("GET", f"/api/v1/plans/{quote(str(plan_id))}")
        return found

    def get_plan_file(self, plan_id: int) -> dict[str, Any]:
        """The plan itself (docs/formats.md), cut to what is in sight: sums stay those of all."""
        found: dict[str, Any] = self.request("GET", f"/api/v1/plans/{quote(str(plan_id))}/plan.json")
        return found

    def get_report(self, report_id: int) -> ReportOut:
        """One report."""
        found: ReportOut = self.request("GET", f"/api/v1/reports/{quote(str(report_id))}")
        return found

    def get_run(self, run_id: int) -> RunOut:
        """How far a run is."""
        found: RunOut = self.request("GET", f"/api/v1/runs/{quote(str(run_id))}")
        return found

    def get_season(self, season_id: int) -> SeasonOut:
        """One season."""
        found: SeasonOut = self.request("GET", f"/api/v1/seasons/{quote(str(season_id))}")
        return found

    def get_settlement(self, order_id: int) -> SettlementOut:
        """The sheet of a settled order."""
        found: SettlementOut = self.request("GET", f"/api/v1/orders/{quote(str(order_id))}/settlement")
        return found

    def get_statement(self, statement_id: int) -> StatementOut:
        """One closed statement."""
        found: StatementOut = self.request("GET", f"/api/v1/statements/{quote(str(statement_id))}")
        return found

    def get_track(self, order_id: int) -> TrackOut:
        """The fixes near the field that an order was measured by."""
        found: TrackOut = self.request("GET", f"/api/v1/orders/{quote(str(order_id))}/track")
        return found

    def get_vacancy(self, vacancy_id: int) -> VacancyOut:
        """One vacancy."""
        found: VacancyOut = self.request("GET", f"/api/v1/vacancies/{quote(str(vacancy_id))}")
        return found

    def get_webhook(self, webhook_id: int) -> WebhookOut:
        """One webhook."""
        found: WebhookOut = self.request("GET", f"/api/v1/webhooks/{quote(str(webhook_id))}")
        return found

    def get_whatif(self, whatif_id: int) -> WhatIfOut:
        """One what-if with its result."""
        found: WhatIfOut = self.request("GET", f"/api/v1/whatifs/{quote(str(whatif_id))}")
        return found

    def get_work_order(self, order_id: int) -> OrderOut:
        """One work order."""
        found: OrderOut = self.request("GET", f"/api/v1/work-orders/{quote(str(order_id))}")
        return found

    def get_yard(self, pk: int) -> YardOut:
        """One yard."""
        found: YardOut = self.request("GET", f"/api/v1/yards/{quote(str(pk))}")
        return found

    def give_seat(self, enrolment_id: int, *, if_match: str, key: str | None = None) -> EnrolmentOut:
        """Give a seat to whoever wished for it; they are told."""
        found: EnrolmentOut = self.request(
            "POST", f"/api/v1/enrolments/{quote(str(enrolment_id))}/seat", if_match=if_match, key=key
        )
        return found

    def keep_forecast(self, body: ForecastIn, *, key: str | None = None) -> ForecastOut:
        """Keep a forecast that was made elsewhere, once it is checked."""
        found: ForecastOut = self.request("POST", "/api/v1/forecasts", body=body, key=key)
        return found

    def keep_result(self, enrolment_id: int, body: Result, *, if_match: str, key: str | None = None) -> EnrolmentOut:
        """Whether somebody passed; who did gets certificate and licence. A result stays."""
        found: EnrolmentOut = self.request(
            "POST", f"/api/v1/enrolments/{quote(str(enrolment_id))}/result", body=body, if_match=if_match, key=key
        )
        return found

    def list_accounts(self, *, page: int | None = None, limit: int | None = None) -> AccountPage:
        """Accounts in sight with their balances."""
        found: AccountPage = self.request("GET", "/api/v1/accounts", query={"page": page, "limit": limit})
        return found

    def list_caps(
        self,
        *,
        operation: str | None = None,
        org_id: int | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> CapPage:
        """Caps of the districts that one's organisations lie in."""
        found: CapPage = self.request(
            "GET", "/api/v1/caps", query={"operation": operation, "org_id": org_id, "page": page, "limit": limit}
        )
        return found

    def list_code_tables(self, *, page: int | None = None, limit: int | None = None) -> CodeTablePage:
        """Tables of codes, each edition with its source."""
        found: CodeTablePage = self.request("GET", "/api/v1/code-tables", query={"page": page, "limit": limit})
        return found

    def list_codes(self, pk: int, *, page: int | None = None, limit: int | None = None) -> CodePage:
        """The codes of a table."""
        found: CodePage = self.request(
            "GET", f"/api/v1/code-tables/{quote(str(pk))}/codes", query={"page": page, "limit": limit}
        )
        return found

    def list_courses(
        self,
        *,
        state: CourseState | None = None,
        licence_class: str | None = None,
        org_id: int | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> CoursePage:
        """Courses in sight by their first day."""
        found: CoursePage = self.request(
            "GET",
            "/api/v1/courses",
            query={"state": state, "licence_class": licence_class, "org_id": org_id, "page": page, "limit": limit},
        )
        return found

    def list_deliveries(self, webhook_id: int, *, page: int | None = None, limit: int | None = None) -> DeliveryPage:
        """What was sent to a webhook, newest first."""
        found: DeliveryPage = self.request(
            "GET", f"/api/v1/webhooks/{quote(str(webhook_id))}/deliveries", query={"page": page, "limit": limit}
        )
        return found

    def list_dryers(
        self,
        *,
        org_id: int | None = None,
        ref: str | None = None,
        q: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> DryerPage:
        """Dryers in sight."""
        found: DryerPage = self.request(
            "GET", "/api/v1/dryers", query={"org_id": org_id, "ref": ref, "q": q, "page": page, "limit": limit}
        )
        return found

    def list_enrolments(
        self,
        *,
        course_id: int | None = None,
        person_id: int | None = None,
        state: EnrolmentState | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> EnrolmentPage:
        """Wishes, seats and results in sight."""
        found: EnrolmentPage = self.request(
            "GET",
            "/api/v1/enrolments",
            query={"course_id": course_id, "person_id": person_id, "state": state, "page": page, "limit": limit},
        )
        return found

    def list_events(
        self,
        *,
        name: str | None = None,
        about: str | None = None,
        since: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> EventPage:
        """Acts of organisations whose log is in sight, newest first."""
        found: EventPage = self.request(
            "GET", "/api/v1/events", query={"name": name, "about": about, "since": since, "page": page, "limit": limit}
        )
        return found

    def list_fields(
        self,
        *,
        org_id: int | None = None,
        ref: str | None = None,
        q: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> FieldPage:
        """Fields in sight."""
        found: FieldPage = self.request(
            "GET", "/api/v1/fields", query={"org_id": org_id, "ref": ref, "q": q, "page": page, "limit": limit}
        )
        return found

    def list_forecasts(
        self,
        *,
        org_id: int | None = None,
        as_of_from: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> ForecastPage:
        """Forecasts in sight, the newest first: one's own organisation's, those above and below."""
        found: ForecastPage = self.request(
            "GET", "/api/v1/forecasts", query={"org_id": org_id, "as_of_from": as_of_from, "page": page, "limit": limit}
        )
        return found

    def list_jobs(
        self,
        *,
        status: list[str] | None = None,
        operation: str | None = None,
        field_id: int | None = None,
        org_id: int | None = None,
        ref: str | None = None,
        due_from: str | None = None,
        due_to: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> JobPage:
        """Jobs in sight, the most urgent first."""
        found: JobPage = self.request(
            "GET",
            "/api/v1/jobs",
            query={
                "status": status,
                "operation": operation,
                "field_id": field_id,
                "org_id": org_id,
                "ref": ref,
                "due_from": due_from,
                "due_to": due_to,
                "page": page,
                "limit": limit,
            },
        )
        return found

    def list_lendings(
        self,
        *,
        org_id: int | None = None,
        ref: str | None = None,
        q: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> LendingPage:
        """Lendings in sight."""
        found: LendingPage = self.request(
            "GET", "/api/v1/lendings", query={"org_id": org_id, "ref": ref, "q": q, "page": page, "limit": limit}
        )
        return found

    def list_lines(self, account_id: int, *, first: str, last: str) -> PeriodOut:
        """What came and went from a day to another, both included."""
        found: PeriodOut = self.request(
            "GET", f"/api/v1/accounts/{quote(str(account_id))}/lines", query={"first": first, "last": last}
        )
        return found

    def list_machines(
        self,
        *,
        org_id: int | None = None,
        ref: str | None = None,
        q: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> MachinePage:
        """Machines in sight."""
        found: MachinePage = self.request(
            "GET", "/api/v1/machines", query={"org_id": org_id, "ref": ref, "q": q, "page": page, "limit": limit}
        )
        return found

    def list_members(self, season_id: int, *, page: int | None = None, limit: int | None = None) -> MemberPage:
        """Who plans together in a season."""
        found: MemberPage = self.request(
            "GET", f"/api/v1/seasons/{quote(str(season_id))}/members", query={"page": page, "limit": limit}
        )
        return found

    def list_moves(self, order_id: int, *, page: int | None = None, limit: int | None = None) -> MovePage:
        """What happened to an order, first move first."""
        found: MovePage = self.request(
            "GET", f"/api/v1/orders/{quote(str(order_id))}/moves", query={"page": page, "limit": limit}
        )
        return found

    def list_nettings(self, *, page: int | None = None, limit: int | None = None) -> NettingPage:
        """Nettings in sight, newest first."""
        found: NettingPage = self.request("GET", "/api/v1/nettings", query={"page": page, "limit": limit})
        return found

    def list_notices(
        self, *, unread: bool | None = None, about: str | None = None, page: int | None = None, limit: int | None = None
    ) -> NoticePage:
        """Notices in sight, newest first."""
        found: NoticePage = self.request(
            "GET", "/api/v1/notices", query={"unread": unread, "about": about, "page": page, "limit": limit}
        )
        return found

    def list_operators(
        self,
        *,
        org_id: int | None = None,
        ref: str | None = None,
        q: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> OperatorPage:
        """Operators in sight."""
        found: OperatorPage = self.request(
            "GET", "/api/v1/operators", query={"org_id": org_id, "ref": ref, "q": q, "page": page, "limit": limit}
        )
        return found

    def list_orders(
        self,
        *,
        state: list[str] | None = None,
        org_id: int | None = None,
        job_id: int | None = None,
        machine_id: int | None = None,
        start_from: str | None = None,
        start_to: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> OrderPage:
        """Orders in sight, newest first."""
        found: OrderPage = self.request(
            "GET",
            "/api/v1/orders",
            query={
                "state": state,
                "org_id": org_id,
                "job_id": job_id,
                "machine_id": machine_id,
                "start_from": start_from,
                "start_to": start_to,
                "page": page,
                "limit": limit,
            },
        )
        return found

    def list_orgs(self, *, page: int | None = None, limit: int | None = None) -> OrgPage:
        """Organisations in sight."""
        found: OrgPage = self.request("GET", "/api/v1/orgs", query={"page": page, "limit": limit})
        return found

    def list_payments(
        self,
        *,
        account_id: int | None = None,
        org_id: int | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> PaymentPage:
        """Payments in sight, newest first."""
        found: PaymentPage = self.request(
            "GET", "/api/v1/payments", query={"account_id": account_id, "org_id": org_id, "page": page, "limit": limit}
        )
        return found

    def list_people(self, *, page: int | None = None, limit: int | None = None) -> PersonPage:
        """People in sight."""
        found: PersonPage = self.request("GET", "/api/v1/people", query={"page": page, "limit": limit})
        return found

    def list_plans(
        self,
        *,
        season_id: int | None = None,
        state: PlanState | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> PlanPage:
        """Plans in sight, newest first."""
        found: PlanPage = self.request(
            "GET", "/api/v1/plans", query={"season_id": season_id, "state": state, "page": page, "limit": limit}
        )
        return found

    def list_prices(
        self,
        *,
        operation: str | None = None,
        org_id: int | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> PricePage:
        """Versions of prices in sight; of an operation the newest first."""
        found: PricePage = self.request(
            "GET", "/api/v1/prices", query={"operation": operation, "org_id": org_id, "page": page, "limit": limit}
        )
        return found

    def list_ratings(self) -> list[MarkOut]:
        """Marks of the machine owners whose orders are in sight: by fact first, stars second; best first."""
        found: list[MarkOut] = self.request("GET", "/api/v1/ratings")
        return found

    def list_reports(
        self,
        *,
        order_id: int | None = None,
        kind: str | None = None,
        open: bool | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> ReportPage:
        """Reports on work orders in sight, newest first."""
        found: ReportPage = self.request(
            "GET",
            "/api/v1/reports",
            query={"order_id": order_id, "kind": kind, "open": open, "page": page, "limit": limit},
        )
        return found

    def list_roles(self, person_id: int) -> list[RoleOut]:
        """A person's roles in organisations in sight, and all of one's own."""
        found: list[RoleOut] = self.request("GET", f"/api/v1/people/{quote(str(person_id))}/roles")
        return found

    def list_runs(
        self,
        *,
        state: RunState | None = None,
        kind: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> RunPage:
        """Runs in sight, newest first."""
        found: RunPage = self.request(
            "GET", "/api/v1/runs", query={"state": state, "kind": kind, "page": page, "limit": limit}
        )
        return found

    def list_season_facts(self, season_id: int) -> FactsOut:
        """Rain, breakdowns, days off, other areas and jobs taken out that a season remembers; for whoever leads it."""
        found: FactsOut = self.request("GET", f"/api/v1/seasons/{quote(str(season_id))}/facts")
        return found

    def list_season_folders(self, *, page: int | None = None, limit: int | None = None) -> FolderPage:
        """Season folders of one's own organisations, newest first."""
        found: FolderPage = self.request("GET", "/api/v1/season-folders", query={"page": page, "limit": limit})
        return found

    def list_seasons(self, *, page: int | None = None, limit: int | None = None) -> SeasonPage:
        """Seasons in sight."""
        found: SeasonPage = self.request("GET", "/api/v1/seasons", query={"page": page, "limit": limit})
        return found

    def list_statements(
        self,
        *,
        account_id: int | None = None,
        org_id: int | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> StatementPage:
        """Closed statements in sight, newest first."""
        found: StatementPage = self.request(
            "GET",
            "/api/v1/statements",
            query={"account_id": account_id, "org_id": org_id, "page": page, "limit": limit},
        )
        return found

    def list_terms(self, *, page: int | None = None, limit: int | None = None) -> TermsPage:
        """Versions of terms in sight, newest first."""
        found: TermsPage = self.request("GET", "/api/v1/terms", query={"page": page, "limit": limit})
        return found

    def list_vacancies(
        self,
        *,
        is_open: bool | None = None,
        licence_class: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> VacancyPage:
        """Work for which operators are wanted, by its first day."""
        found: VacancyPage = self.request(
            "GET",
            "/api/v1/vacancies",
            query={"is_open": is_open, "licence_class": licence_class, "page": page, "limit": limit},
        )
        return found

    def list_webhooks(self, *, page: int | None = None, limit: int | None = None) -> WebhookPage:
        """Webhooks of one's organisations."""
        found: WebhookPage = self.request("GET", "/api/v1/webhooks", query={"page": page, "limit": limit})
        return found

    def list_whatifs(self, *, page: int | None = None, limit: int | None = None) -> WhatIfPage:
        """What-ifs in sight, newest first: one's own organisation's, and those that were shared."""
        found: WhatIfPage = self.request("GET", "/api/v1/whatifs", query={"page": page, "limit": limit})
        return found

    def list_work_orders(
        self,
        *,
        state: list[str] | None = None,
        job_id: int | None = None,
        machine_id: int | None = None,
        operator_id: int | None = None,
        plan_id: int | None = None,
        start_from: str | None = None,
        start_to: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> OrderPage:
        """Work orders in sight, by start."""
        found: OrderPage = self.request(
            "GET",
            "/api/v1/work-orders",
            query={
                "state": state,
                "job_id": job_id,
                "machine_id": machine_id,
                "operator_id": operator_id,
                "plan_id": plan_id,
                "start_from": start_from,
                "start_to": start_to,
                "page": page,
                "limit": limit,
            },
        )
        return found

    def list_yards(
        self,
        *,
        org_id: int | None = None,
        ref: str | None = None,
        q: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> YardPage:
        """Yards in sight."""
        found: YardPage = self.request(
            "GET", "/api/v1/yards", query={"org_id": org_id, "ref": ref, "q": q, "page": page, "limit": limit}
        )
        return found

    def measure_order(self, order_id: int, body: MeasureIn, *, if_match: str, key: str | None = None) -> OrderOut:
        """Measure an order in work by a track, or enter its area where none shows the work."""
        found: OrderOut = self.request(
            "POST", f"/api/v1/orders/{quote(str(order_id))}/measure", body=body, if_match=if_match, key=key
        )
        return found

    def open_course(self, course_id: int, *, if_match: str, key: str | None = None) -> CourseOut:
        """Open a suggested course for wishes."""
        found: CourseOut = self.request(
            "POST", f"/api/v1/courses/{quote(str(course_id))}/open", if_match=if_match, key=key
        )
        return found

    def pay_transfer(self, transfer_id: int, *, key: str | None = None) -> NettingWhole:
        """Post a transfer that was paid from bank to bank, once."""
        found: NettingWhole = self.request("POST", f"/api/v1/transfers/{quote(str(transfer_id))}/paid", key=key)
        return found

    def post_job(self, body: JobIn, *, key: str | None = None) -> JobOut:
        """Post a job; its price and latest hour follow from the table of operations."""
        found: JobOut = self.request("POST", "/api/v1/jobs", body=body, key=key)
        return found

    def propose_netting(self, body: OrgIn, *, key: str | None = None) -> NettingWhole:
        """A new proposal from the books as they are."""
        found: NettingWhole = self.request("POST", "/api/v1/nettings", body=body, key=key)
        return found

    def publish_plan(self, plan_id: int, *, if_match: str, key: str | None = None) -> Published:
        """Put a draft in force: work orders are issued, and those whose time moved are told."""
        found: Published = self.request(
            "POST", f"/api/v1/plans/{quote(str(plan_id))}/publish", if_match=if_match, key=key
        )
        return found

    def quote_field(
        self,
        field_id: int,
        *,
        operation: str,
        since: str,
        until: str,
        area_ha: float | None = None,
        explain: bool | None = None,
    ) -> QuoteOut:
        """What a job would cost and when somebody would come, before it is posted."""
        found: QuoteOut = self.request(
            "GET",
            f"/api/v1/fields/{quote(str(field_id))}/quote",
            query={"operation": operation, "since": since, "until": until, "area_ha": area_ha, "explain": explain},
        )
        return found

    def quote_job(self, job_id: int, *, explain: bool | None = None) -> QuoteOut:
        """What a posted job costs and when somebody would come: by the plan in force where it serves the job."""
        found: QuoteOut = self.request("GET", f"/api/v1/jobs/{quote(str(job_id))}/quote", query={"explain": explain})
        return found

    def quote_order(self, order_id: int, body: QuoteIn, *, if_match: str, key: str | None = None) -> OrderOut:
        """Price an order and hold the first free place for it; 409 where there is none, naming the next ones."""
        found: OrderOut = self.request(
            "POST", f"/api/v1/orders/{quote(str(order_id))}/quote", body=body, if_match=if_match, key=key
        )
        return found

    def read_bank_list(self, body: BankIn, *, key: str | None = None) -> BankOut:
        """Look at a bank's list, or post what it brought; a line goes to the account whose code its remark names."""
        found: BankOut = self.request("POST", "/api/v1/bank-lists", body=body, key=key)
        return found

    def read_notice(self, notice_id: int, *, key: str | None = None) -> NoticeOut:
        """Say that one has read a notice to oneself."""
        found: NoticeOut = self.request("POST", f"/api/v1/notices/{quote(str(notice_id))}/read", key=key)
        return found

    def refuse_seat(self, enrolment_id: int, body: Refusal, *, if_match: str, key: str | None = None) -> EnrolmentOut:
        """Say no to a wish with a reason; they are told it."""
        found: EnrolmentOut = self.request(
            "POST", f"/api/v1/enrolments/{quote(str(enrolment_id))}/refuse", body=body, if_match=if_match, key=key
        )
        return found

    def remove_dryer(self, pk: int, *, if_match: str) -> None:
        """Take a dryer away; one that jobs, orders or lendings name stays."""
        self.request("DELETE", f"/api/v1/dryers/{quote(str(pk))}", if_match=if_match)

    def remove_field(self, pk: int, *, if_match: str) -> None:
        """Take a field away; one that jobs, orders or lendings name stays."""
        self.request("DELETE", f"/api/v1/fields/{quote(str(pk))}", if_match=if_match)

    def remove_forecast(self, forecast_id: int, *, if_match: str) -> None:
        """Take a forecast away, with the what-ifs asked of it."""
        self.request("DELETE", f"/api/v1/forecasts/{quote(str(forecast_id))}", if_match=if_match)

    def remove_lending(self, pk: int, *, if_match: str) -> None:
        """Take a lending away; one that jobs, orders or lendings name stays."""
        self.request("DELETE", f"/api/v1/lendings/{quote(str(pk))}", if_match=if_match)

    def remove_machine(self, pk: int, *, if_match: str) -> None:
        """Take a machine away; one that jobs, orders or lendings name stays."""
        self.request("DELETE", f"/api/v1/machines/{quote(str(pk))}", if_match=if_match)

    def remove_operator(self, pk: int, *, if_match: str) -> None:
        """Take a operator away; one that jobs, orders or lendings name stays."""
        self.request("DELETE", f"/api/v1/operators/{quote(str(pk))}", if_match=if_match)

    def remove_webhook(self, webhook_id: int, *, if_match: str) -> None:
        """It is told nothing any more, and its secret is forgotten."""
        self.request("DELETE", f"/api/v1/webhooks/{quote(str(webhook_id))}", if_match=if_match)

    def remove_whatif(self, whatif_id: int, *, if_match: str) -> None:
        """Take a what-if away."""
        self.request("DELETE", f"/api/v1/whatifs/{quote(str(whatif_id))}", if_match=if_match)

    def remove_yard(self, pk: int, *, if_match: str) -> None:
        """Take a yard away; one that jobs, orders or lendings name stays."""
        self.request("DELETE", f"/api/v1/yards/{quote(str(pk))}", if_match=if_match)

    def report_payment(self, payment_id: int, body: PaidIn, *, key: str | None = None) -> PaymentOut:
        """What a provider reports to the keeper of the books; told twice it counts once."""
        found: PaymentOut = self.request("POST", f"/api/v1/payments/{quote(str(payment_id))}/paid", body=body, key=key)
        return found

    def report_work(self, order_id: int, body: ReportIn, *, key: str | None = None) -> ReportOut:
        """Report begin, end or trouble of a work order; the same report again is answered alike and changes nothing."""
        found: ReportOut = self.request(
            "POST", f"/api/v1/work-orders/{quote(str(order_id))}/reports", body=body, key=key
        )
        return found

    def set_member(self, season_id: int, org_id: int, body: Word) -> dict[str, Any]:
        """An organisation's own word: plan with the others, or not any more."""
        found: dict[str, Any] = self.request(
            "PUT", f"/api/v1/seasons/{quote(str(season_id))}/members/{quote(str(org_id))}", body=body
        )
        return found

    def share_whatif(self, whatif_id: int, body: SharedIn, *, if_match: str, key: str | None = None) -> WhatIfOut:
        """Show a what-if to all who see its forecast, or not any more."""
        found: WhatIfOut = self.request(
            "POST", f"/api/v1/whatifs/{quote(str(whatif_id))}/share", body=body, if_match=if_match, key=key
        )
        return found

    def start_plan(self, season_id: int, body: Search, *, key: str | None = None) -> RunOut:
        """Have a season planned by the worker; the run's result names the plan."""
        found: RunOut = self.request("POST", f"/api/v1/seasons/{quote(str(season_id))}/plans", body=body, key=key)
        return found

    def take_back_season_fact(
        self, season_id: int, body: TakingBack, *, if_match: str, key: str | None = None
    ) -> FactsOut:
        """Take a fact back that was a mistake; it stays in the record with who and why."""
        found: FactsOut = self.request(
            "POST", f"/api/v1/seasons/{quote(str(season_id))}/facts/take-back", body=body, if_match=if_match, key=key
        )
        return found

    def wait_for_place(self, order_id: int, *, if_match: str, key: str | None = None) -> OrderOut:
        """Onto the waiting list; who waits longest and fits is offered a freed place."""
        found: OrderOut = self.request(
            "POST", f"/api/v1/orders/{quote(str(order_id))}/wait", if_match=if_match, key=key
        )
        return found

    def wish_for_course(self, body: WishIn, *, key: str | None = None) -> EnrolmentOut:
        """Wish for a course oneself; a wish that is there moves."""
        found: EnrolmentOut = self.request("POST", "/api/v1/enrolments", body=body, key=key)
        return found

    def withdraw_enrolment(self, enrolment_id: int, *, if_match: str, key: str | None = None) -> EnrolmentOut:
        """Take a wish or a seat back."""
        found: EnrolmentOut = self.request(
            "POST", f"/api/v1/enrolments/{quote(str(enrolment_id))}/withdraw", if_match=if_match, key=key
        )
        return found
