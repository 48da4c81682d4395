"""A region of one field and one machine: the planner is compiled on it (or loaded) before a budget starts."""

from datetime import UTC, date, datetime, time
from functools import cache

from nongshi.core.region import Field, Job, LossCurve, Machine, MachineClass, Operator, Region, Workday, WorkRate
from nongshi.dispatch.problem import Problem, make_problem


@cache
def smallest_problem() -> Problem:
    """One job that one operator can do with one machine in one day."""
    day = date(2026, 11, 1)
    noon, night = (datetime(2026, 11, 1, hour, tzinfo=UTC) for hour in (12, 20))
    region = Region(
        name="smallest",
        zone="UTC",
        start_date=day,
        horizon_days=1,
        detour=1.0,
        synthetic=True,
        fields=(
            Field(id="F", name="F", place="", grower_id="", area_ha=1.0, gate_lon=121.0, gate_lat=30.0, polygons=()),
        ),
        machine_classes=(
            MachineClass(id="C", name="C", licence=None, road_km_h=20.0, load_min=1.0, cost_fen_km=1, cost_fen_h=1),
        ),
        work_rates=(WorkRate(machine_class="C", operation="work", rate_ha_h=1.0, source=""),),
        machines=(
            Machine(
                id="M",
                machine_class="C",
                owner_id="O",
                yard_lon=121.0,
                yard_lat=30.0,
                available_from=None,
                available_to=None,
            ),
        ),
        operators=(Operator(id="P", owner_id="O", licences={}, hours_max=10.0, off_days=frozenset(), shared=False),),
        workdays=(Workday(date=day, machine_class="*", start=time(6), end=time(18)),),
        jobs=(
            Job(
                id="J",
                field_id="F",
                operation="work",
                area_ha=1.0,
                open=noon,
                due=noon,
                close=night,
                value_fen=1000,
                loss_curve="L",
            ),
        ),
        loss_curves=(LossCurve(id="L", days_late=(0.0, 1.0), loss_share=(0.0, 0.1)),),
    )
    return make_problem(region)
