"""The feeds' own default numbers, each with its source; docs/assumptions.md says the same."""

from nongshi.agronomy import Assumption, make_assumptions

WAITS_S = (5, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)  # after the first failed try, the second ...; then dead
JITTER = 0.2  # share by which a wait is longer, at random, so that not all come back at once
ANSWER_S = 10  # a receiver answers within it
LEASE_S = 60  # a try that nobody finished (the process was killed) is made again after it
NOTICE_WAITS_S = (30, 300, 1_800, 7_200)
NOTICE_OLD_H = 48  # a notice that could not be sent for so long is no news any more
CALENDAR_BACK_D = 30
CALENDAR_AHEAD_D = 400
CALENDAR_FRESH_MIN = 15
LOOK_S = 5.0  # positions of machines are looked at so often
REPORT_H = 24  # a phone's report of where a machine is counts for so long
KEPT_D = 30  # deliveries are kept for so long


def feed_assumptions() -> tuple[Assumption, ...]:
    """Every default of this app."""
    rows = (
        ("webhook_tries", len(WAITS_S) + 1, "tries", "assumption: together about two days"),
        (
            "webhook_wait_first",
            WAITS_S[0],
            "s",
            "assumption, near the schedule that Svix publishes (5 s, 5 min, 30 min, 2 h ...)",
        ),
        ("webhook_wait_last", WAITS_S[-1], "s", "assumption: once a day at the end"),
        ("webhook_jitter", JITTER, "share", "assumption"),
        ("webhook_answer", ANSWER_S, "s", "assumption"),
        ("webhook_lease", LEASE_S, "s", "assumption: more than one try can take"),
        ("webhook_kept", KEPT_D, "days", "assumption: long enough to look into a complaint"),
        ("position_look", LOOK_S, "s", "assumption: a machine on the road goes some 30 m meanwhile"),
        ("position_report", REPORT_H, "h", "assumption: where somebody began yesterday says little today"),
        ("notice_tries", len(NOTICE_WAITS_S) + 1, "tries", "assumption"),
        ("notice_old", NOTICE_OLD_H, "h", "assumption: a moved hour is no news two days later"),
        ("calendar_back", CALENDAR_BACK_D, "days", "assumption: a month to look back"),
        ("calendar_ahead", CALENDAR_AHEAD_D, "days", "assumption: as far as a job may be posted"),
        ("calendar_fresh", CALENDAR_FRESH_MIN, "min", "assumption: what we ask calendar programs for; many ask rarer"),
    )
    return make_assumptions("feed", rows, date="2026-11-27")
