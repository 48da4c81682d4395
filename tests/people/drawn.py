"""Small training cases, drawn by hand or at random."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from nongshi.core.season import OperatorShortage
from nongshi.core.training import Course, Trainee, Training

MONDAY = date(2026, 6, 1)


def course(id: str, **over: object) -> Course:
    """A course of two weeks before the season."""
    usual: dict[str, object] = {
        "licence": "S", "start": date(2026, 5, 4), "end": date(2026, 5, 17), "trainer_id": f"T-{id}",
        "venue_id": f"V-{id}", "town": "A", "seats": 2, "minimum": 1, "fixed_fen": 0, "head_fen": 0, "pass_share": 1.0,
    }  # fmt: skip
    return Course(id=id, **(usual | over))  # type: ignore[arg-type]


def trainee(id: str, *wishes: str, **over: object) -> Trainee:
    """A person of town A without licences."""
    usual: dict[str, object] = {"town": "A", "licences": {}}
    return Trainee(id=id, wishes=wishes, **(usual | over))  # type: ignore[arg-type]


def training(courses: Sequence[Course], trainees: Sequence[Trainee], **over: object) -> Training:
    """A case in which money and fairness are no limit."""
    usual: dict[str, object] = {"budget_fen": 10**12, "fairness": 0.0, "lottery_seed": "test", "retention": 1.0}
    return Training(courses=tuple(courses), trainees=tuple(trainees), **(usual | over))  # type: ignore[arg-type]


def short(town: str = "A", week: int = 0, licence: str = "S", **over: object) -> OperatorShortage:
    """One week that lacks 50 hours, one operator's worth, at 100 yuan an hour."""
    usual: dict[str, object] = {"short_h": (50.0,), "price_fen_h": 10_000, "idle_machines": 9.0, "operator_h": 50.0}
    start = MONDAY + timedelta(days=7 * week)
    return OperatorShortage(town=town, week=week, week_start=start, licence=licence, **(usual | over))  # type: ignore[arg-type]


def tiny(seed: int, people: int = 8, courses: int = 4) -> tuple[Training, tuple[OperatorShortage, ...]]:
    """A case small enough to be tried out whole: clashes, minima, late courses, a budget that binds, two licences."""
    rng = np.random.default_rng([seed, 77])
    towns = ("A", "B")
    made = []
    for number in range(courses):
        start = MONDAY + timedelta(days=int(rng.integers(-28, 14)))
        seats = int(rng.integers(2, 5))
        made.append(
            course(
                f"K{number}",
                licence=str(rng.choice(["G1", "G2", "S"])),
                start=start,
                end=start + timedelta(days=int(rng.integers(3, 12))),
                trainer_id=f"T{int(rng.integers(3))}",
                venue_id=f"V{int(rng.integers(3))}",
                seats=seats,
                minimum=int(rng.integers(1, seats + 1)),
                fixed_fen=int(rng.integers(0, 400_000)),
                head_fen=int(rng.integers(50_000, 150_000)),
                pass_share=float(rng.choice([0.6, 0.8, 1.0])),
            )
        )
    persons = [
        trainee(
            f"P{i}",
            *(f"K{c}" for c in rng.permutation(courses)[: int(rng.integers(1, courses + 1))]),
            town=towns[int(rng.integers(2))],
            licences={"G1": date(2030, 1, 1)} if rng.random() < 0.15 else {},
            available_to=MONDAY + timedelta(days=int(rng.integers(3, 20))) if rng.random() < 0.25 else None,
        )
        for i in range(people)
    ]
    case = training(
        made,
        persons,
        budget_fen=int(rng.integers(300_000, 1_500_000)),
        fairness=float(rng.choice([0.0, 0.85])),
        retention=0.9,
        people={"A": 100, "B": int(rng.integers(20, 200))},
    )
    rows = [
        short(
            town,
            week,
            licence,
            short_h=tuple(float(h) for h in rng.integers(0, 150, 3)),
            price_fen_h=int(rng.integers(2_000, 12_000)),
            idle_machines=float(rng.integers(0, 4)),
        )
        for town in towns
        for week in range(3)
        for licence in ("G1", "G2", "S")
        if rng.random() < 0.7
    ]
    return case, tuple(rows)
