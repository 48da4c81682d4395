"""Which answers lead to which operations: a posted job to its quote, a run to its plan, a row to its change."""

from collections.abc import Mapping

Link = tuple[str, Mapping[str, str]]  # operation, its parameters by place in the answer

ID, TAG = "$response.body#/id", "$response.body#/etag"
FIRST, FIRST_TAG = "$response.body#/rows/0/id", "$response.body#/rows/0/etag"
KINDS = {
    "field": "fields", "machine": "machines", "operator": "operators", "dryer": "dryers", "yard": "yards",
    "lending": "lendings",
}  # fmt: skip


def _of_register() -> dict[str, dict[str, Link]]:
    found: dict[str, dict[str, Link]] = {}
    for one, many in KINDS.items():
        steps: dict[str, Link] = {
            "get": (f"get_{one}", {"path.pk": ID}),
            "change": (f"change_{one}", {"path.pk": ID, "header.If-Match": TAG}),
            "remove": (f"remove_{one}", {"path.pk": ID, "header.If-Match": TAG}),
        }
        found[f"add_{one}"] = steps
        found[f"get_{one}"] = {name: steps[name] for name in ("change", "remove")}
        found[f"list_{many}"] = {"first": (f"get_{one}", {"path.pk": FIRST})}
    found["list_fields"]["quote"] = ("quote_field", {"path.field_id": FIRST})
    return found


def _of_job(place: str, tag: str) -> dict[str, Link]:
    at = {"path.job_id": place}
    return {
        "get": ("get_job", at),
        "quote": ("quote_job", at),
        "cancel": ("cancel_job", at | {"header.If-Match": tag}),
        "confirm": ("confirm_job", at | {"header.If-Match": tag}),
        "dispute": ("dispute_job", at | {"header.If-Match": tag}),
        "orders": ("list_work_orders", {"query.job_id": place}),
    }


def _of_order(place: str, tag: str) -> dict[str, Link]:
    at = {"path.order_id": place}
    matched = at | {"header.If-Match": tag}
    found: dict[str, Link] = {"get": ("get_order", at), "moves": ("list_moves", at)}
    for name, target in (
        ("quote", "quote_order"),
        ("book", "book_order"),
        ("act", "act_order"),
        ("wait", "wait_for_place"),
    ):
        found[name] = (target, matched)
    return found


LINKS: Mapping[str, Mapping[str, Link]] = {
    **_of_register(),
    "post_job": _of_job(ID, TAG),
    "list_jobs": _of_job(FIRST, FIRST_TAG),
    "get_job": {name: link for name, link in _of_job(ID, TAG).items() if name != "get"},
    "begin_order": _of_order(ID, TAG),
    "list_orders": _of_order(FIRST, FIRST_TAG),
    "get_order": {name: link for name, link in _of_order(ID, TAG).items() if name != "get"},
    "list_accounts": {
        "first": ("get_account", {"path.account_id": FIRST}),
        "ask": ("ask_payment", {"path.account_id": FIRST}),
    },
    "list_statements": {"first": ("get_statement", {"path.statement_id": FIRST})},
    "list_payments": {"first": ("get_payment", {"path.payment_id": FIRST})},
    "list_nettings": {"first": ("get_netting", {"path.netting_id": FIRST})},
    "list_orgs": {"first": ("get_org", {"path.org_id": FIRST})},
    "list_people": {
        "first": ("get_person", {"path.person_id": FIRST}),
        "roles": ("list_roles", {"path.person_id": FIRST}),
        "change": ("change_person", {"path.person_id": FIRST, "header.If-Match": FIRST_TAG}),
    },
    "list_code_tables": {
        "first": ("get_code_table", {"path.pk": FIRST}),
        "codes": ("list_codes", {"path.pk": FIRST}),
    },
    "list_seasons": {
        "first": ("get_season", {"path.season_id": FIRST}),
        "members": ("list_members", {"path.season_id": FIRST}),
        "plans": ("list_plans", {"query.season_id": FIRST}),
        "plan": ("start_plan", {"path.season_id": FIRST}),
    },
    "list_plans": {
        "first": ("get_plan", {"path.plan_id": FIRST}),
        "file": ("get_plan_file", {"path.plan_id": FIRST}),
        "publish": ("publish_plan", {"path.plan_id": FIRST, "header.If-Match": FIRST_TAG}),
    },
    "start_plan": {"run": ("get_run", {"path.run_id": ID}), "cancel": ("cancel_run", {"path.run_id": ID})},
    "list_runs": {
        "first": ("get_run", {"path.run_id": FIRST}),
        "cancel": ("cancel_run", {"path.run_id": FIRST}),
    },
    "list_work_orders": {
        "first": ("get_work_order", {"path.order_id": FIRST}),
    },
    "list_forecasts": {
        "first": ("get_forecast", {"path.forecast_id": FIRST}),
        "file": ("get_forecast_file", {"path.forecast_id": FIRST}),
    },
    "keep_forecast": {
        "get": ("get_forecast", {"path.forecast_id": ID}),
        "remove": ("remove_forecast", {"path.forecast_id": ID, "header.If-Match": TAG}),
    },
    "list_courses": {
        "first": ("get_course", {"path.course_id": FIRST}),
        "enrolments": ("list_enrolments", {"query.course_id": FIRST}),
    },
    "add_course": {
        "get": ("get_course", {"path.course_id": ID}),
        "change": ("change_course", {"path.course_id": ID, "header.If-Match": TAG}),
        "cancel": ("cancel_course", {"path.course_id": ID, "header.If-Match": TAG}),
    },
    "list_enrolments": {"first": ("get_enrolment", {"path.enrolment_id": FIRST})},
    "wish_for_course": {
        "get": ("get_enrolment", {"path.enrolment_id": ID}),
        "withdraw": ("withdraw_enrolment", {"path.enrolment_id": ID, "header.If-Match": TAG}),
    },
    "list_vacancies": {"first": ("get_vacancy", {"path.vacancy_id": FIRST})},
    "list_notices": {
        "first": ("get_notice", {"path.notice_id": FIRST}),
        "read": ("read_notice", {"path.notice_id": FIRST}),
    },
}
