"""A plan in figures: the rows of its table and the keys of its JSON answer."""

from collections import Counter
from typing import Any

from nongshi.cli.options import Lang
from nongshi.cli.show import EXIT_NO_PLAN, EXIT_UNSERVED, print_table
from nongshi.cli.texts import text
from nongshi.core.plan import Plan
from nongshi.core.units import mu, yuan

PER_AREA = 100  # Chinese tables count road per 100 mu, English ones per ha


def plan_answer(plan: Plan) -> dict[str, Any]:
    """The figures of plan.json (docs/formats.md) without its routes, with unserved jobs counted by reason."""
    totals = plan.totals
    return {
        "region": plan.region,
        "engine": plan.engine,
        "seed": plan.seed,
        "cpu_s": plan.cpu_s,
        "iterations": plan.iterations,
        "objective_yuan": yuan(plan.objective_fen),
        "bound_yuan": None if plan.bound is None else yuan(plan.bound.bound_fen),
        "gap": None if plan.gap is None else round(plan.gap, 6),
        "totals": {
            "value_yuan": yuan(totals.value_fen),
            "loss_yuan": yuan(totals.loss_fen),
            "km": round(totals.km, 3),
            "move_cost_yuan": yuan(totals.move_cost_fen),
            "work_cost_yuan": yuan(totals.work_cost_fen),
            "area_ha": round(totals.area_ha, 4),
            "jobs_served": totals.jobs_served,
            "jobs_unserved": totals.jobs_unserved,
        },
        "unserved_by_reason": dict(sorted(Counter(str(left.reason) for left in plan.unserved).items())),
    }


def figures(plan: Plan, lang: Lang) -> dict[str, str]:
    """Key of texts -> figure as shown, in the order of the table."""
    totals = plan.totals
    area = mu(totals.area_ha) if lang is Lang.ZH else totals.area_ha
    per_area = PER_AREA if lang is Lang.ZH else 1
    missing = text(lang, "unknown")
    all_jobs = totals.jobs_served + totals.jobs_unserved
    shown = {
        "value": f"{yuan(plan.objective_fen):,.0f}",
        "bound": missing if plan.bound is None else f"{yuan(plan.bound.bound_fen):,.0f}",
        "gap": missing if plan.gap is None else f"{plan.gap:.1%}",
        "jobs": text(lang, "jobs_of", served=totals.jobs_served, all=all_jobs),
        "area": f"{area:,.1f}",
        "km": f"{totals.km:,.0f}",
        "km_per_area": missing if area <= 0 else f"{totals.km / area * per_area:.2f}",
        "loss": f"{yuan(totals.loss_fen):,.0f}",
        "move_cost": f"{yuan(totals.move_cost_fen):,.0f}",
    }
    if plan.cpu_s is not None:
        shown["cpu_s"] = f"{plan.cpu_s:.1f}"
    elif plan.iterations is not None:
        shown["iterations"] = f"{plan.iterations:,}"
    return shown


def print_plan(plan: Plan, lang: Lang) -> None:
    """The plan's figures, then its unserved jobs by reason."""
    rows = [(text(lang, key), shown) for key, shown in figures(plan, lang).items()]
    print_table(text(lang, "planned", region=plan.region), ("", ""), rows)
    print_unserved(plan, lang)


def print_unserved(plan: Plan, lang: Lang) -> None:
    """How many jobs are left out for which reason; nothing where all are served."""
    counts = Counter(str(left.reason) for left in plan.unserved)
    if counts:
        rows = [(text(lang, reason), str(count)) for reason, count in counts.most_common()]
        print_table(text(lang, "unserved"), (text(lang, "reason"), text(lang, "count")), rows)


def ratios(plan: Plan, baseline: Plan) -> dict[str, float | None]:
    """Plan over baseline for the figures where a ratio says something."""
    ours, theirs = plan.totals, baseline.totals
    return {
        "value": _ratio(plan.objective_fen, baseline.objective_fen),
        "area": _ratio(ours.area_ha, theirs.area_ha),
        "km": _ratio(ours.km, theirs.km),
        "km_per_area": _ratio(ours.km * theirs.area_ha, theirs.km * ours.area_ha),
        "loss": _ratio(ours.loss_fen, theirs.loss_fen),
        "move_cost": _ratio(ours.move_cost_fen, theirs.move_cost_fen),
    }


def print_comparison(plan: Plan, baseline: Plan, lang: Lang) -> None:
    """Plan and phone dispatcher side by side."""
    ours, theirs, over = figures(plan, lang), figures(baseline, lang), ratios(plan, baseline)
    missing = text(lang, "unknown")
    rows = []
    for key, shown in ours.items():
        ratio = over.get(key)
        rows.append((text(lang, key), shown, theirs.get(key, missing), "" if ratio is None else f"{ratio:.3f}"))
    header = tuple(text(lang, key) for key in ("figure", "by_nongshi", "by_phone", "ratio"))
    print_table(text(lang, "compared", region=plan.region), header, rows)


def exit_code(plan: Plan) -> int:
    """0 all jobs served, 3 some left out, 4 none could be served."""
    if plan.totals.jobs_unserved == 0:
        return 0
    return EXIT_UNSERVED if plan.totals.jobs_served else EXIT_NO_PLAN


def _ratio(ours: float, theirs: float) -> float | None:
    return ours / theirs if theirs > 0 else None
