"""Generated training instances: courses, people who want to learn, and a shortage; everything here is generated.

Nothing is tuned to a planner: courses of every licence lie anywhere before and in the season, people wish for what is
near, early and in fashion, and the shortage has two peaks whose heights and licences are drawn.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from nongshi.core.errors import BadInput
from nongshi.core.season import OperatorShortage
from nongshi.core.training import Course, Trainee, Training
from nongshi.synthetic.towns import FIVE_TOWNS

LICENCES = ("G1", "G2", "L", "R", "S", "UAV")
LICENCE_SHARES = (0.24, 0.12, 0.1, 0.1, 0.26, 0.18)
FIRST_DAY = date(2026, 5, 4)
TOWNS = tuple(town.name for town in FIVE_TOWNS)
WISHES_MAX = 10
GENERATED = "generated"


def make_training(
    *,
    trainees: int = 500,
    courses: int = 40,
    seed: int = 1,
    budget_share: float = 0.35,
    weeks: int = 20,
    towns: Sequence[str] = TOWNS,
    first_day: date = FIRST_DAY,
) -> Training:
    """Courses and trainees; `budget_share` of what all seats of all courses would cost may be spent.

    Raises:
        BadInput: no courses, trainees, towns or weeks.
    """
    if min(trainees, courses, len(towns), weeks) < 1:
        raise BadInput("a training instance needs at least one trainee, course, town and week")
    rng = np.random.default_rng([seed, 40])
    made = _courses(rng, courses, weeks, towns, first_day)
    sizes = rng.dirichlet(np.full(len(towns), 6.0))
    fashion = dict(zip(LICENCES, rng.dirichlet(np.full(len(LICENCES), 2.0)), strict=True))
    people = {town: int(8_000 + 60_000 * size) for town, size in zip(towns, sizes, strict=True)}
    persons = tuple(_trainee(rng, i, made, towns, sizes, fashion, weeks, first_day) for i in range(trainees))
    whole_fen = sum(course.cost_fen(course.seats) for course in made)
    return Training(
        courses=made,
        trainees=persons,
        budget_fen=round(budget_share * whole_fen),
        lottery_seed=f"{GENERATED}-{seed}",
        people=people,
        synthetic=True,
    )


def _courses(
    rng: np.random.Generator, count: int, weeks: int, towns: Sequence[str], first_day: date
) -> tuple[Course, ...]:
    made = []
    trainers = max(2, count // 4)
    for number in range(count):
        licence = str(rng.choice(LICENCES, p=LICENCE_SHARES))
        length = 3 if licence == "UAV" else 14
        start = first_day + timedelta(days=int(rng.integers(-42, 7 * weeks - 28)))
        seats = int(rng.integers(12, 31))
        town = int(rng.integers(len(towns)))
        made.append(
            Course(
                id=f"K{number + 1:02d}",
                licence=licence,
                start=start,
                end=start + timedelta(days=length - 1),
                trainer_id=f"T{int(rng.integers(trainers)) + 1:02d}",
                venue_id=f"V{town + 1}{'ab'[int(rng.integers(2))]}",
                town=towns[town],
                seats=seats,
                minimum=max(1, int(seats * rng.uniform(0.3, 0.6))),
                fixed_fen=100 * int(rng.integers(6_000, 20_000)),
                head_fen=100 * int(rng.integers(900, 1_800)),
                pass_share=round(float(rng.uniform(0.7, 0.95)), 2),
            )
        )
    return tuple(made)


def _trainee(
    rng: np.random.Generator,
    number: int,
    courses: Sequence[Course],
    towns: Sequence[str],
    sizes: np.ndarray,
    fashion: dict[str, float],
    weeks: int,
    first_day: date,
) -> Trainee:
    town = int(rng.choice(len(towns), p=sizes))
    held = {}
    if rng.random() < 0.25:
        held[str(rng.choice(LICENCES, p=LICENCE_SHARES))] = first_day + timedelta(days=int(rng.integers(200, 1800)))
    late = rng.random() < 0.2
    since = first_day - timedelta(days=60) + timedelta(days=int(rng.integers(20, 60)) if late else 0)
    early = rng.random() < 0.15
    until = first_day + timedelta(days=7 * weeks - (int(rng.integers(7, 42)) if early else 0))
    liking = [
        np.log(fashion[course.licence] + 0.02)
        + 1.2 * (course.town == towns[town])
        - 0.004 * (course.start - first_day).days
        + float(rng.gumbel())
        for course in courses
    ]
    order = sorted(range(len(courses)), key=lambda c: -liking[c])
    return Trainee(
        id=f"L{number + 1:04d}",
        town=towns[town],
        licences=held,
        wishes=tuple(courses[c].id for c in order[: int(rng.integers(3, WISHES_MAX + 1))]),
        born=date(int(rng.integers(1955, 2009)), int(rng.integers(1, 13)), int(rng.integers(1, 29))),
        fit=None if rng.random() < 0.5 else True,
        available_from=since if late else None,
        available_to=until if early else None,
    )


def make_shortage(
    *,
    seed: int = 1,
    weeks: int = 20,
    scenarios: int = 20,
    towns: Sequence[str] = TOWNS,
    first_day: date = FIRST_DAY,
    licences: Sequence[str] = LICENCES,
) -> tuple[OperatorShortage, ...]:
    """Two peaks a licence, moved and scaled by the scenario; prices rise with what is lacking."""
    rng = np.random.default_rng([seed, 41])
    found = []
    week = np.arange(weeks)
    for licence in licences:
        centre = np.sort(rng.uniform(2, weeks - 1, 2))
        height = rng.gamma(2.0, 1.0, 2)
        for town in towns:
            scale = 90.0 * rng.gamma(2.0, 0.5)
            shift = rng.normal(0, 0.8, (scenarios, 1))
            factor = rng.lognormal(0, 0.4, (scenarios, 1))
            lack = sum(h * np.exp(-0.5 * ((week - c - shift) / 1.3) ** 2) for c, h in zip(centre, height, strict=True))
            short_h = np.maximum(0.0, scale * factor * lack - 20.0)
            idle = float(rng.integers(2, 12))
            price = rng.uniform(60, 160)
            for w in range(weeks):
                if not short_h[:, w].any():
                    continue
                found.append(
                    OperatorShortage(
                        town=town,
                        week=w,
                        week_start=first_day + timedelta(days=7 * w),
                        licence=licence,
                        short_h=tuple(round(float(h), 1) for h in short_h[:, w]),
                        price_fen_h=round(100 * price * float((short_h[:, w] > 0).mean())),
                        idle_machines=idle,
                        operator_h=round(float(rng.uniform(38, 56)), 1),
                    )
                )
    return tuple(found)
