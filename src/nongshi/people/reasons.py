"""Why a course opens or not, why somebody has a seat or not: one sentence in both languages for each."""

from collections import Counter
from collections.abc import Mapping

from nongshi.agronomy.licence_rules import LICENCE_RULES, LicenceRule
from nongshi.core.training import Course, Said, Training
from nongshi.core.units import yuan
from nongshi.people.eligible import MEND, courses_for_nobody, open_wishes, refusal
from nongshi.people.plan import Plan, clash
from nongshi.people.seats import Seats
from nongshi.people.worth import Worth

SHOWN = 8  # digits of a lottery ticket


def course_reasons(
    training: Training, worth: Worth, plan: Plan, seats: Seats, rules: Mapping[str, LicenceRule] = LICENCE_RULES
) -> dict[str, Said]:
    """Course -> why it opens, or the first thing that stands against it."""
    nobody, wished = (
        courses_for_nobody(training, rules),
        Counter(c for m in open_wishes(training, rules).values() for c in m),
    )
    dropped = dict(seats.dropped)
    opened = [course for course in training.courses if course.id in seats.market.seats]
    worth_fen = _worth_of_each(worth, seats)
    found = {}
    for course in training.courses:
        if course.id in seats.market.seats:
            zh = f"开班：预计减少缺工损失{yuan(worth_fen[course.id]):,.0f}元"
            found[course.id] = Said(
                zh=zh, en=f"opens: removes {yuan(worth_fen[course.id]):,.0f} yuan of expected shortage"
            )
        elif course.id in dropped:
            found[course.id] = Said(
                zh=f"撤班：分配后只有{dropped[course.id]}人，低于最少{course.minimum}人",
                en=f"dropped: {dropped[course.id]} people after matching, {course.minimum} needed",
            )
        elif course.id in nobody:
            why = nobody[course.id]
            found[course.id] = Said(
                zh=f"不开班：无人可报（{why.zh}）；{MEND.zh}",
                en=f"not opened: nobody may take it ({why.en}); {MEND.en}",
            )
        else:
            found[course.id] = _against(course, worth, wished[course.id], opened, training)
    return found


def _against(course: Course, worth: Worth, wished: int, opened: list[Course], training: Training) -> Said:
    if wished < course.minimum:
        return Said(
            zh=f"不开班：可报且愿报的只有{wished}人，低于最少{course.minimum}人",
            en=f"not opened: {wished} people want and may take it, {course.minimum} are needed",
        )
    if not any(worth.first_fen(course, trainee) > 0 for trainee in training.trainees if course.id in trainee.wishes):
        return Said(
            zh="不开班：结业后报名者所在镇已不缺此证操作员",
            en="not opened: after its end nobody who wants it lives where its licence is short",
        )
    against = next((other for other in opened if clash(course, other)), None)
    if against is not None:
        return Said(
            zh=f"不开班：教员或场地与{against.id}冲突", en=f"not opened: its trainer or venue is taken by {against.id}"
        )
    return Said(
        zh="不开班：同样的经费用于其他班减少的损失更多", en="not opened: the same money removes more in other courses"
    )


def _worth_of_each(worth: Worth, seats: Seats) -> dict[str, float]:
    """What would be lost without the course, everybody else staying."""
    whole = worth.removed_fen(seats.pairs)
    return {c: whole - worth.removed_fen([p for p in seats.pairs if p[1] != c]) for c in seats.market.seats}


def seat_reason(seats: Seats, who: str, course: str, rank: int) -> Said:
    """Why somebody has the seat."""
    market = seats.market
    town, value = market.group[who], yuan(market.priority[who, course])
    lot = market.ticket[who][:SHOWN]
    return Said(
        zh=f"第{rank}志愿；{town}缺工价值{value:,.0f}元，抽签号{lot}",
        en=f"wish number {rank}; worth {value:,.0f} yuan in {town}, lottery ticket {lot}",
    )


def refusal_reason(
    training: Training,
    worth: Worth,
    seats: Seats,
    why_course: Mapping[str, Said],
    who: str,
    course_id: str,
    rules: Mapping[str, LicenceRule] = LICENCE_RULES,
) -> Said:
    """Why somebody has not the seat that they would rather have."""
    told = refusal(worth.trainee[who], worth.course[course_id], rules)
    if told is not None:
        return told
    if course_id not in seats.market.seats:
        return why_course[course_id]
    return _full(seats, who, course_id)


def _full(seats: Seats, who: str, course: str) -> Said:
    """Beside whom somebody came too late: of the same town, else of those whose seats are not set aside for theirs."""
    market, mine = seats.market, seats.market.group[who]
    inside = [other for other, given in seats.given.items() if given == course]
    count = Counter(market.group[other] for other in inside)
    beyond = {town for town, n in count.items() if n > market.aside.get((course, town), 0)}
    rivals = [other for other in inside if market.group[other] == mine or market.group[other] in beyond]
    if not rivals:
        return Said(
            zh=f"已满（{len(inside)}人）：席位按计划留给其他镇",
            en=f"full ({len(inside)} people): its seats are set aside for other towns",
        )
    last = market.order(course, rivals)[-1]
    yours, theirs = ((yuan(market.priority[one, course]), market.ticket[one][:SHOWN]) for one in (who, last))
    return Said(
        zh=f"已满（{len(inside)}人）：您的缺工价值{yours[0]:,.0f}元、抽签号{yours[1]}；"
        f"{market.group[last]}最后录取者{theirs[0]:,.0f}元、{theirs[1]}",
        en=f"full ({len(inside)} people): yours {yours[0]:,.0f} yuan, ticket {yours[1]}; "
        f"last taken of {market.group[last]} {theirs[0]:,.0f} yuan, {theirs[1]}",
    )
