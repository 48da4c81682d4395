"""`nongshi bench training`: plans near their bound, seats that are stable, seasons with and without. All generated."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from nongshi.core.region import Region
from nongshi.core.season import OperatorShortage
from nongshi.core.training import Trainee, Training
from nongshi.people.plan import GAP, fill_most_wanted, make_plan
from nongshi.people.seats import give_seats, make_market
from nongshi.people.settle import missing, settle
from nongshi.people.train import train
from nongshi.people.worth import Worth
from nongshi.simulate import HAZARDS, POLICIES, simulate
from nongshi.simulate.training import how_short, shortage_of, with_graduates
from nongshi.simulate.truth import draw_truth
from nongshi.synthetic import make_region
from nongshi.synthetic.towns import FIVE_TOWNS
from nongshi.synthetic.training import make_shortage, make_training

CENTRES = {town.name: (town.lon, town.lat) for town in FIVE_TOWNS}
LEAD_D = 28  # courses begin up to ten weeks before the simulated season, and in it
Tell = Callable[[str], None]


def bench_training(
    *,
    trainees: int = 500,
    courses: int = 40,
    seeds: Sequence[int] = (101, 102, 103),  # 1 to 4 were looked at while the program was made
    budgets: Sequence[float] = (0.1, 0.2, 0.35),
    cpu_s: Sequence[float] = (10.0, 100.0),
    season_seeds: Sequence[int] = (1, 2, 3, 4, 5),
    fields: int = 150,
    load: float = 1.6,
    operators: float = 0.5,
    policy: str = "own",
    on_step: Tell | None = None,
) -> dict[str, Any]:
    """One row a plan and one a simulated season, and what they sum up to."""
    tell = on_step or (lambda words: None)
    plans = []
    for seed in seeds:
        for budget in budgets:
            for limit_s in cpu_s:
                tell(f"plan: seed {seed}, budget {budget:g}, {limit_s:g} CPU s")
                plans.append(plan_row(trainees, courses, seed, budget, limit_s))
    seasons = []
    for seed in season_seeds:
        tell(f"season: seed {seed}")
        seasons.append(season_row(fields, load, operators, seed, policy))
    return {
        "generated": True,
        "load_average": round(os.getloadavg()[0], 1),
        **{f"worst_gap_{limit:g}_cpu_s": _worst(plans, "gap", limit) for limit in cpu_s},
        "least_to_most_wanted": min((row["to_most_wanted"] for row in plans), default=None),
        "least_to_most_wanted_informed": min((row["to_most_wanted_informed"] for row in plans), default=None),
        "least_reached_share": min((row["reached_share"] for row in plans), default=None),
        "blocking_pairs": sum(row["blocking_pairs"] for row in plans),
        "unfair_towns": sum(row["unfair_towns"] for row in plans),
        "season_lost_ratio": _ratio(seasons, "with_plan_yuan"),
        "season_lost_ratio_most_wanted": _ratio(seasons, "with_most_wanted_yuan"),
        "plans": plans,
        "seasons": seasons,
    }


def plan_row(trainees: int, courses: int, seed: int, budget_share: float, cpu_s: float) -> dict[str, Any]:
    """One instance: the plan's gap after so much CPU time, what is reached after matching, ways without a model."""
    training = make_training(trainees=trainees, courses=courses, seed=seed, budget_share=budget_share)
    shortage = make_shortage(seed=seed)
    worth = Worth(training, shortage)
    began_s = time.process_time()
    plan = make_plan(training, (), gap=0.0, cpu_s=cpu_s, worth=worth)
    planned_s = time.process_time() - began_s
    began_s = time.process_time()
    give_seats(training, make_market(training, worth, plan.pairs))
    seats_s = time.process_time() - began_s
    seated, seats = settle(training, worth, plan, gap=GAP, cpu_s=cpu_s)
    reached = worth.removed_fen(seats.pairs)
    return {
        "seed": seed,
        "budget_share": budget_share,
        "cpu_s": round(planned_s, 1),
        "limit_cpu_s": cpu_s,
        "gap": round(plan.gap, 5),
        "opens": len(plan.counts()),
        "seated": len(seats.given),
        "planned_again": seated is not plan,
        "reached_share": round(reached / plan.removed_fen, 4) if plan.removed_fen else None,
        "to_most_wanted": round(reached / worth.removed_fen(fill_most_wanted(training)), 2),
        "to_most_wanted_informed": round(_informed(training, shortage, worth, cpu_s), 2),
        "blocking_pairs": len(seats.blocking()),
        "dropped": len(seats.dropped),
        "unfair_towns": len(missing(training, seated, seats)),
        "seats_cpu_s": round(seats_s, 3),
    }


def _informed(training: Training, shortage: Sequence[OperatorShortage], worth: Worth, cpu_s: float) -> float:
    """The same where people wish for what is short: no useless course, those worth most at home first."""

    def gain(trainee: Trainee, course_id: str) -> float:
        return worth.first_fen(worth.course[course_id], trainee)

    useful = replace(
        training,
        trainees=tuple(
            replace(t, wishes=tuple(sorted((c for c in t.wishes if gain(t, c) > 0), key=lambda c: -gain(t, c))))
            for t in training.trainees
        ),
    )
    fresh = Worth(useful, shortage)
    plan = make_plan(useful, (), gap=0.005, cpu_s=cpu_s, worth=fresh)
    seats = give_seats(useful, make_market(useful, fresh, plan.pairs))
    return fresh.removed_fen(seats.pairs) / fresh.removed_fen(fill_most_wanted(useful))


def season_row(fields: int, load: float, operators: float, seed: int, policy: str) -> dict[str, Any]:
    """One generated region short of operators: yuan lost without training, with the plan, with the most wanted."""
    region = make_region(
        fields=fields, machines=None, load=load, season="rice-harvest", seed=seed, operators_per_machine=operators
    )
    shortage = shortage_of(region, CENTRES, seed=seed)
    first_day = region.start_date - timedelta(days=LEAD_D)
    weeks = (LEAD_D + region.horizon_days) // 7
    training = make_training(trainees=120, courses=12, seed=seed, weeks=weeks, first_day=first_day)
    found = train(training, shortage, cpu_s=30.0)
    trained = with_graduates(region, training, found.seats.pairs, CENTRES, seed=seed)
    wanted = with_graduates(region, training, fill_most_wanted(training), CENTRES, seed=seed)
    short = how_short(region, trained)
    lost = {name: _lost_yuan(one, seed, policy) for name, one in (("a", region), ("b", trained), ("c", wanted))}
    return {
        "seed": seed,
        "machines": short.machines,
        "operators": short.operators,
        "wanted_h_over_operator_h": load,
        "graduates_at_work": short.graduates,
        "cost_yuan": round(found.as_dict()["cost_yuan"]),
        "without_yuan": lost["a"],
        "with_plan_yuan": lost["b"],
        "with_most_wanted_yuan": lost["c"],
        "ratio": round(lost["b"] / lost["a"], 3) if lost["a"] else None,
    }


def _lost_yuan(region: Region, seed: int, policy: str) -> int:
    """What a season loses; weather, breakdowns and calls are the same for every staff."""
    result = simulate(region, POLICIES[policy], draw_truth(region, seed, HAZARDS), HAZARDS, seed=seed)
    return round(result.lost_fen / 100)


def _worst(rows: Sequence[dict[str, Any]], key: str, limit: float) -> float | None:
    return max((row[key] for row in rows if row["limit_cpu_s"] == limit), default=None)


def _ratio(rows: Sequence[dict[str, Any]], key: str) -> float | None:
    whole = sum(row["without_yuan"] for row in rows)
    return round(sum(row[key] for row in rows) / whole, 3) if whole else None
