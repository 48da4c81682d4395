"""The nouns of a training plan: courses that may open, people who want to learn, and what may be spent.

Money is whole fen; days are dates; a course's last day is the day of its examination.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nongshi.core.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course that may open: what it teaches, when, where, by whom, for how many, for how much."""

    id: str
    licence: str  # class that who passes gets
    start: date
    end: date  # last day, of the examination
    trainer_id: str
    venue_id: str
    town: str  # where it is held
    seats: int
    minimum: int  # with fewer it does not open
    fixed_fen: int  # spent once it opens
    head_fen: int  # spent for everybody enrolled
    pass_share: float  # of the enrolled who pass
    needs: tuple[str, ...] = ()  # licences that must be held before, besides those that the class asks

    def __post_init__(self) -> None:
        """Refuse a course that could not be held."""
        if self.end < self.start:
            raise BadInput(f"course {self.id} ends on {self.end}, before it begins on {self.start}")
        if not 1 <= self.minimum <= self.seats:
            raise BadInput(f"course {self.id}: minimum {self.minimum} must lie between 1 and its {self.seats} seats")
        if not 0 < self.pass_share <= 1:
            raise BadInput(f"course {self.id}: pass_share must be in (0, 1], got {self.pass_share}")
        if self.fixed_fen < 0 or self.head_fen < 0:
            raise BadInput(f"course {self.id}: costs must not be below zero")

    def cost_fen(self, enrolled: int) -> int:
        """What it costs with so many people."""
        return self.fixed_fen + self.head_fen * enrolled


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainee:
    """A person who wants to learn; nothing more is kept of them than the plan needs."""

    id: str
    town: str
    licences: Mapping[str, date]  # held: class -> last valid day
    wishes: tuple[str, ...]  # ids of courses, most wanted first; no other is ever given
    born: date | None = None  # None: age is not checked here, it is at the licence office
    fit: bool | None = None  # proof of health: None: not brought yet
    available_from: date | None = None  # for the course and for work after it
    available_to: date | None = None  # last day

    def __post_init__(self) -> None:
        """Refuse wishes that say one course twice."""
        if len(set(self.wishes)) != len(self.wishes):
            raise BadInput(f"trainee {self.id} wishes for one course twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Everything that a training plan is made from, besides the shortage."""

    courses: tuple[Course, ...]
    trainees: tuple[Trainee, ...]
    budget_fen: int
    lottery_seed: str  # published; equal priorities are decided by it
    fairness: float = 0.85  # a town's share of the seats is at least so much of its people's share
    retention: float | None = None  # of those who pass, who work in the season; None: the table's
    people: Mapping[str, int] = field(default_factory=dict)  # town -> inhabitants; empty: trainees are counted
    synthetic: bool = False

    def __post_init__(self) -> None:
        """Refuse ids that stand twice and shares that are none."""
        for name, ids in (("course", [c.id for c in self.courses]), ("trainee", [t.id for t in self.trainees])):
            twice = sorted({one for one in ids if ids.count(one) > 1}) if len(set(ids)) < len(ids) else []
            if twice:
                raise BadInput(f"{name} {', '.join(twice[:5])} stands twice")
        if self.budget_fen < 0:
            raise BadInput(f"budget must not be below zero, got {self.budget_fen} fen")
        if not 0 <= self.fairness <= 1:
            raise BadInput(f"fairness must be between 0 and 1, got {self.fairness}")
        if self.retention is not None and not 0 < self.retention <= 1:
            raise BadInput(f"retention must be in (0, 1], got {self.retention}")
        known = {course.id for course in self.courses}
        for trainee in self.trainees:
            unknown = [wish for wish in trainee.wishes if wish not in known]
            if unknown:
                raise BadInput(f"trainee {trainee.id} wishes for {unknown[0]}, which is no course")

    def people_share(self) -> dict[str, float]:
        """Town -> its share of the people, over the towns of the trainees and of `people`."""
        counts: dict[str, float] = {town: float(count) for town, count in self.people.items()}
        if not counts:
            for trainee in self.trainees:
                counts[trainee.town] = counts.get(trainee.town, 0.0) + 1.0
        for trainee in self.trainees:
            counts.setdefault(trainee.town, 0.0)
        total = sum(counts.values())
        return {town: count / total if total else 0.0 for town, count in sorted(counts.items())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence in both languages."""

    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """Plain values, for JSON."""
        return {"zh": self.zh, "en": self.en}
