"""All numbers of the room as one flat table, for docs/assumptions.md; licences, wages and rules have their own."""

from nongshi.agronomy import Assumption, make_assumptions
from nongshi.people import jobs, plan, plan_model, plan_tight, settle


def room_assumptions() -> tuple[Assumption, ...]:
    """What the plan takes as good enough, and what it leaves out to be quick."""
    money = "yuan of shortage a yuan spent"
    rows = (
        ("gap", plan.GAP, "share", "assumption: shortage itself is not known better than that"),
        ("cpu", plan.CPU_S, "CPU s", "assumption: what somebody who plans a season waits for"),
        ("rough", plan.ROUGH, "share", "assumption: gap at which a program with people in parts ends"),
        ("first", plan.FIRST_SHARE, "share of the time", "assumption: for the courses"),
        ("fill", plan.FILL_SHARE, "share of the time", "assumption: for the people in them"),
        ("count", plan.COUNT_SHARE, "share of the time left", "assumption: for courses and whole towns"),
        ("last", plan.LAST_SHARE, "share of the time", "assumption: with less left the best found is taken"),
        ("pieces", plan_model.PIECES_MAX, "lines a need", "assumption: more make the program slower and no better"),
        ("lines", plan_tight.LINES_MAX, "lines a course and town", "assumption: more tighten no further"),
        ("thrift", plan_model.THRIFT, money, "assumption: a yuan is not spent for less"),
        ("head", plan_model.HEAD, "thousand yuan", "assumption: a seat is worth sparing where it costs nothing"),
        ("vacancy", jobs.HALF, "operators", "assumption: an operator is wanted where so many are lacking"),
        ("work_days", jobs.DAYS_WEEK, "days a week", "assumption: each a way there and back"),
        ("again", settle.AGAIN_MAX, "plans", "assumption: made again where a town lost its share in matching"),
        ("again_time", settle.AGAIN_SHARE, "share of the first plan's time", "assumption: each"),
    )
    return make_assumptions("people", rows, date="2026-11-27")
