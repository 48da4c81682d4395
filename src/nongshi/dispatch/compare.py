"""Two plans of one region side by side: in money, hectares, days late and km, and who gains and who loses by it."""

from collections import defaultdict
from dataclasses import dataclass, fields

from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.core.times import seconds_between
from nongshi.core.units import SECONDS_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a plan, or one town's or owner's share of it, comes to."""

    objective_fen: float = 0.0
    value_fen: float = 0.0
    loss_fen: float = 0.0
    cost_fen: float = 0.0  # moves and work
    area_ha: float = 0.0
    jobs: float = 0.0
    late_d: float = 0.0  # days of 24 h that jobs end after due, summed
    km: float = 0.0
    work_h: float = 0.0

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(**{f.name: getattr(self, f.name) - getattr(other, f.name) for f in fields(Sums)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A job whose machine, day or service differs; None: not served."""

    job_id: str
    machine_a: str | None
    machine_b: str | None
    end_a: str | None
    end_b: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Plan A and plan B; towns and owners only where the region was given."""

    a: Sums
    b: Sums
    towns: dict[str, tuple[Sums, Sums]]
    owners: dict[str, tuple[Sums, Sums]]
    moved: tuple[Moved, ...]


def compare_plans(a: Plan, b: Plan, region: Region | None = None) -> Comparison:
    """Compare two plans; without the region lateness, towns and owners are not known and stay empty."""
    return Comparison(
        a=_total(a, region),
        b=_total(b, region),
        towns={} if region is None else _pairs(_by_town(a, region), _by_town(b, region)),
        owners={} if region is None else _pairs(_by_owner(a, region), _by_owner(b, region)),
        moved=_moved(a, b),
    )


def _pairs(a: dict[str, Sums], b: dict[str, Sums]) -> dict[str, tuple[Sums, Sums]]:
    return {name: (a.get(name, Sums()), b.get(name, Sums())) for name in sorted({*a, *b})}


def _total(plan: Plan, region: Region | None) -> Sums:
    totals, parts = plan.totals, {} if region is None else _by_town(plan, region)
    return Sums(
        objective_fen=plan.objective_fen,
        value_fen=totals.value_fen,
        loss_fen=totals.loss_fen,
        cost_fen=totals.move_cost_fen + totals.work_cost_fen,
        area_ha=totals.area_ha,
        jobs=float(totals.jobs_served),
        late_d=sum(sums.late_d for sums in parts.values()),
        km=totals.km,
        work_h=sum(sums.work_h for sums in parts.values()),
    )


def _by_town(plan: Plan, region: Region) -> dict[str, Sums]:
    return _grouped(plan, region, by_town=True)


def _by_owner(plan: Plan, region: Region) -> dict[str, Sums]:
    return _grouped(plan, region, by_town=False)


def _grouped(plan: Plan, region: Region, *, by_town: bool) -> dict[str, Sums]:
    """Sums of the stops by the field's town (or village, where no town is given) or by the machine's owner."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for route in plan.routes:
        machine = region.machine_of[route.machine_id]
        machine_class = region.class_of[machine.machine_class]
        for stop in route.stops:
            job = region.job_of[stop.job_id]
            field = region.field_of[job.field_id]
            share = stop.area_ha / job.area_ha
            late_d = max(0.0, seconds_between(job.due, stop.end) / SECONDS_PER_DAY)
            value_fen = job.value_fen * share
            loss_fen = value_fen * region.curve_of[job.loss_curve].share(late_d)
            work_h = stop.area_ha / region.rate_ha_h[machine_class.id, job.operation]
            cost_fen = stop.km * machine_class.cost_fen_km + work_h * machine_class.cost_fen_h
            sums = found[str(field.extra.get("town") or field.place) if by_town else machine.owner_id]
            for name, amount in (
                *(("objective_fen", value_fen - loss_fen - cost_fen), ("value_fen", value_fen), ("loss_fen", loss_fen)),
                *(("cost_fen", cost_fen), ("area_ha", stop.area_ha), ("jobs", share), ("late_d", late_d * share)),
                *(("km", stop.km), ("work_h", work_h)),
            ):
                sums[name] += amount
    return {name: Sums(**sums) for name, sums in found.items()}


def _moved(a: Plan, b: Plan) -> tuple[Moved, ...]:
    """Jobs with another machine, another day of the end, or served in one plan only."""
    first, second = _places(a), _places(b)
    none: tuple[str | None, str | None] = (None, None)
    return tuple(
        Moved(
            job_id=job,
            machine_a=first.get(job, none)[0],
            machine_b=second.get(job, none)[0],
            end_a=first.get(job, none)[1],
            end_b=second.get(job, none)[1],
        )
        for job in sorted({*first, *second})
        if first.get(job, none) != second.get(job, none)
    )


def _places(plan: Plan) -> dict[str, tuple[str | None, str | None]]:
    """Machines and last day of every served job."""
    machines: dict[str, set[str]] = defaultdict(set)
    day: dict[str, str] = {}
    for route in plan.routes:
        for stop in route.stops:
            machines[stop.job_id].add(route.machine_id)
            day[stop.job_id] = max(day.get(stop.job_id, ""), stop.end.date().isoformat())
    return {job: (" ".join(sorted(names)), day[job]) for job, names in machines.items()}
