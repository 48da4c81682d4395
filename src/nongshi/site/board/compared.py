"""Two plans of a season side by side: money, lateness, ways; by town and owner; which jobs are elsewhere."""

from typing import Any

from django.utils.translation import gettext as _

from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.core.units import FEN_PER_YUAN
from nongshi.dispatch.compare import Sums, compare_plans
from nongshi.dispatch.edit import strip_plan
from nongshi.site.base.templatetags.site import area
from nongshi.site.plans.drafts import Loaded, load
from nongshi.site.plans.models import PlanRow

MOVED_SHOWN = 200


def compared(a: PlanRow, b: PlanRow, *, whole: bool) -> dict[str, Any]:
    """`figures` of both (always), `towns`, `owners` and `moved` jobs where the reader sees all."""
    loaded_a, loaded_b = load(a), load(b)
    region = loaded_b.region
    plan_a, plan_b = (strip_plan(region, one.plan) for one in (loaded_a, loaded_b))
    found = compare_plans(plan_a, plan_b, region)
    figures = _figures(found.a, found.b, late_ha(region, plan_a), late_ha(region, plan_b))
    if not whole:
        return {"figures": figures}
    return {
        "figures": figures,
        "towns": [(name, *_shares(*pair)) for name, pair in found.towns.items()],
        "owners": [(name, *_shares(*pair)) for name, pair in found.owners.items()],
        "moved": [_moved(loaded_b, one) for one in found.moved[:MOVED_SHOWN]],
        "moved_count": len(found.moved),
    }


def late_ha(region: Region, plan: Plan) -> float:
    """Hectares that are worked after their best time."""
    late = (s for route in plan.routes for s in route.stops if s.end > region.job_of[s.job_id].due)
    return sum(stop.area_ha for stop in late)


def _figures(a: Sums, b: Sums, late_a: float, late_b: float) -> list[dict[str, Any]]:
    """[name, A, B, difference, better]: better is 1 where B is better, -1 where worse."""
    rows = [
        (_("Value, yuan"), a.objective_fen / FEN_PER_YUAN, b.objective_fen / FEN_PER_YUAN, 1, 0),
        (_("Lost by lateness, yuan"), a.loss_fen / FEN_PER_YUAN, b.loss_fen / FEN_PER_YUAN, -1, 0),
        (_("Late, ha"), late_a, late_b, -1, 1),
        (_("Days late, summed"), a.late_d, b.late_d, -1, 1),
        (_("Jobs served"), a.jobs, b.jobs, 1, 0),
        (_("Area served, ha"), a.area_ha, b.area_ha, 1, 1),
        (_("On the road, km"), a.km, b.km, -1, 0),
        (_("Cost of moves and work, yuan"), a.cost_fen / FEN_PER_YUAN, b.cost_fen / FEN_PER_YUAN, -1, 0),
    ]
    return [_row(name, left, right, sign, digits) for name, left, right, sign, digits in rows]


def _row(name: str, left: float, right: float, sign: int, digits: int) -> dict[str, Any]:
    by = round(right, digits) - round(left, digits)
    tone = "" if abs(by) < 10**-digits / 2 else "ok" if by * sign > 0 else "bad"
    return {
        "name": name, "a": f"{left:,.{digits}f}", "b": f"{right:,.{digits}f}",
        "by": "0" if not tone else f"{by:+,.{digits}f}".replace("-", "−"), "tone": tone,
    }  # fmt: skip


def _shares(a: Sums, b: Sums) -> tuple[Any, ...]:
    by = (b.objective_fen - a.objective_fen) / FEN_PER_YUAN
    tone = "" if abs(by) < 0.5 else "ok" if by > 0 else "bad"
    return (
        area(a.area_ha), area(b.area_ha), f"{a.late_d:,.1f}", f"{b.late_d:,.1f}",
        f"{by:+,.0f}".replace("-", "−") if tone else "0", tone,
    )  # fmt: skip


def _moved(loaded: Loaded, one: Any) -> dict[str, Any]:
    machines, job = loaded.rows.machine_of, loaded.rows.job_of.get(one.job_id)

    def place(machine_ids: str | None, end: str | None) -> str:
        if machine_ids is None:
            return ""
        return f"{'、'.join(str(machines.get(m, m)) for m in machine_ids.split())} {(end or '')[5:]}"

    return {
        "name": str(job.field) if job else one.job_id,
        "a": place(one.machine_a, one.end_a), "b": place(one.machine_b, one.end_b),
    }  # fmt: skip
