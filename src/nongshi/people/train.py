"""The whole answer: plan, seats, reasons, and what is really reached; as one value that can be written and shown."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nongshi.agronomy.licence_rules import LICENCE_RULES, LicenceRule
from nongshi.core.season import OperatorShortage
from nongshi.core.training import Said, Training
from nongshi.core.units import yuan
from nongshi.people.eligible import courses_for_nobody, open_wishes
from nongshi.people.plan import CPU_S, GAP, Plan, cost_fen, fill_most_wanted, make_plan
from nongshi.people.reasons import course_reasons, refusal_reason, seat_reason
from nongshi.people.seats import Seats
from nongshi.people.settle import settle
from nongshi.people.worth import Worth

FORMAT = "nongshi-training/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A plan with its seats."""

    training: Training
    plan: Plan
    seats: Seats
    worth: Worth
    why_course: Mapping[str, Said]
    rules: Mapping[str, LicenceRule]

    @property
    def removed_fen(self) -> float:
        """Expected shortage removed by those who really sit there."""
        return self.worth.removed_fen(self.seats.pairs)

    def towns(self) -> list[dict[str, Any]]:
        """Each town's share of people and seats as really reached, and what stands against the promise."""
        shares, able = self.training.people_share(), open_wishes(self.training, self.rules)
        town = {trainee.id: trainee.town for trainee in self.training.trainees}
        seated = Counter(town[who] for who in self.seats.given)
        eligible = Counter(town[who] for who, mine in able.items() if mine)
        total = max(1, len(self.seats.given))
        rows = []
        for name, share in shares.items():
            reached = seated[name] / total
            fair = not self.seats.given or reached >= self.training.fairness * share - 1e-9
            rows.append(
                {
                    "town": name,
                    "people_share": round(share, 4),
                    "seat_share": round(reached, 4),
                    "seats": seated[name],
                    "eligible": eligible[name],
                    "fair": fair,
                    "said": None if fair else self._unfair(name, eligible[name], seated[name]).as_dict(),
                }
            )
        return rows

    def _unfair(self, town: str, eligible: int, seated: int) -> Said:
        planned = sum(t.town == town for t in map(self.worth.trainee.__getitem__, (who for who, _ in self.plan.pairs)))
        if not eligible or town in self.plan.short_towns:
            return Said(
                zh=f"{town}只有{eligible}名可报且愿报的学员，达不到应得份额",
                en=f"{town} has only {eligible} trainees who want and may take a course: too few for its share",
            )
        return Said(
            zh=f"{town}计划{planned}席，志愿分配后为{seated}席",
            en=f"{town}: {planned} seats planned, {seated} after matching",
        )

    def as_dict(self) -> dict[str, Any]:
        """`nongshi-training/1` (docs/formats.md)."""
        plan, given = self.plan, self.seats.given
        most_wanted = fill_most_wanted(self.training, self.rules)
        return {
            "format": FORMAT,
            "synthetic": self.training.synthetic,
            "courses": self._courses(),
            "seats": [self._seat(who) for who in sorted(self.worth.trainee)],
            "removed_yuan": yuan(self.removed_fen),
            "promised_yuan": yuan(plan.removed_fen),
            "most_wanted_yuan": yuan(self.worth.removed_fen(most_wanted)),
            "cost_yuan": yuan(cost_fen(self.training, given.items())),
            "budget_yuan": yuan(self.training.budget_fen),
            "bound": yuan(plan.bound_fen) if math.isfinite(plan.bound_fen) else None,  # null: the time did not reach
            "gap": round(plan.gap, 6) if math.isfinite(plan.gap) else None,
            "towns": self.towns(),
            "dropped": [{"course_id": course, "enrolled": count} for course, count in self.seats.dropped],
            "for_nobody": sorted(courses_for_nobody(self.training, self.rules)),
            "blocking_pairs": len(self.seats.blocking()),
            "lottery_seed": self.training.lottery_seed,
        }

    def _courses(self) -> list[dict[str, Any]]:
        count, planned = Counter(self.seats.given.values()), self.plan.counts()
        return [
            {
                "course_id": course.id,
                "opens": course.id in self.seats.market.seats,
                "enrolled": count[course.id],
                "planned": planned.get(course.id, 0),
                "licence": course.licence,
                "town": course.town,
                "start": course.start.isoformat(),
                "end": course.end.isoformat(),
                "why": self.why_course[course.id].as_dict(),
            }
            for course in self.training.courses
        ]

    def _seat(self, who: str) -> dict[str, Any]:
        """A person's seat, or none, and why every course that they would rather have was refused."""
        wishes, course = self.worth.trainee[who].wishes, self.seats.given.get(who)
        rank = wishes.index(course) + 1 if course is not None else None
        refused = [
            {
                "course_id": wish,
                "rank": i + 1,
                "why": refusal_reason(
                    self.training, self.worth, self.seats, self.why_course, who, wish, self.rules
                ).as_dict(),
            }
            for i, wish in enumerate(wishes[: len(wishes) if rank is None else rank - 1])
        ]
        why = None
        if course is not None and rank is not None:
            why = seat_reason(self.seats, who, course, rank)
        elif not wishes:
            why = Said(zh="没有填报志愿", en="has no wishes")
        else:
            why = Said(zh="所有志愿均未录取，原因见各志愿", en="none of the wishes could be met; see each of them")
        return {"trainee_id": who, "course_id": course, "rank": rank, "why": why.as_dict(), "refused": refused}


def train(
    training: Training,
    shortage: Iterable[OperatorShortage],
    *,
    gap: float = GAP,
    cpu_s: float = CPU_S,
    seed: int = 0,
    rules: Mapping[str, LicenceRule] = LICENCE_RULES,
) -> Trained:
    """Plan the courses, hand out the seats, and say why; arguments as :func:`~nongshi.people.plan.make_plan`.

    Raises:
        NongshiError: the solver failed.
    """
    worth = Worth(training, shortage, rules)
    plan = make_plan(training, (), gap=gap, cpu_s=cpu_s, seed=seed, rules=rules, worth=worth)
    plan, seats = settle(training, worth, plan, gap=gap, cpu_s=cpu_s, seed=seed, rules=rules)
    return Trained(
        training=training,
        plan=plan,
        seats=seats,
        worth=worth,
        why_course=course_reasons(training, worth, plan, seats, rules),
        rules=rules,
    )
