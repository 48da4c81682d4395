"""The planner for a notebook or a program: read a region, solve it, look at the plan, save it.

    >>> import nongshi
    >>> region = nongshi.make_region(fields=20, machines=None, load=0.6, season="rice-harvest", seed=1)
    >>> plan = nongshi.solve(region, iterations=200)
    >>> plan.totals.jobs_served + plan.totals.jobs_unserved == len(region.jobs)
    True

A plan that leaves here has passed the independent verifier. The rooms behind are loaded inside the functions:
checking a plan must not wait for the planner's compiler to load.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from nongshi.core import plan as core_plan
from nongshi.core.errors import BadInput, BadUsage, MissingExtra, NotFound, PlanBroken
from nongshi.core.region import Region
from nongshi.core.units import yuan

if TYPE_CHECKING:
    import pandas

    from nongshi.core.season import OperatorShortage
    from nongshi.dispatch.run import Step
    from nongshi.files.season_reader import SeasonFolder
    from nongshi.forecast.whatif_cases import Case
    from nongshi.geo.roads import Roads
    from nongshi.verify import Verdict

CPU_S = 30.0  # assumption: as long as a dispatcher likes to wait; 1,000 fields need 15 s (docs/benchmarks.md)
DRYER_LOAD = (
    0.75  # as nongshi.synthetic.defaults, not imported so that checking a plan waits for nothing; a test compares
)
ROADS_KEY = "roads"  # of plan.json: the file whose roads the distances follow
SEASON_TOMLS = ("season.toml", "region.toml")  # a folder with one of them can be forecast


class Plan(core_plan.Plan):
    """A plan that shows itself in a notebook, turns into a table and saves itself."""

    def to_frame(self) -> pandas.DataFrame:
        """One row a stop, in the order of the machines' routes; `operator_id` is who drives when the work begins.

        Raises:
            MissingExtra: pandas is not installed.
        """
        try:
            import pandas
        except ImportError as fault:
            raise MissingExtra("pandas", extra="frame") from fault
        names = [f.name for f in fields(core_plan.Stop)]
        return pandas.DataFrame(self._rows(), columns=["machine_id", "operator_id", *names])

    def save(self, path: str | Path) -> None:
        """Write plan.json (docs/formats.md) whole or not at all."""
        from nongshi.files.plan_files import write_plan

        write_plan(Path(path), self, zone=self._zone())

    def _zone(self) -> ZoneInfo:
        """The zone of the plan's own times; a plan without times is the same in any zone."""
        zones = (stop.start.tzinfo for route in self.routes for stop in route.stops)
        return next((zone for zone in zones if isinstance(zone, ZoneInfo)), ZoneInfo("UTC"))

    def _rows(self) -> list[list[Any]]:
        names = [f.name for f in fields(core_plan.Stop)]
        driver = {(crew.machine_id, crew.date): crew.operator_id for crew in self.crews}
        return [
            [route.machine_id, driver.get((route.machine_id, stop.start.date()))]
            + [getattr(stop, name) for name in names]
            for route in self.routes
            for stop in route.stops
        ]

    def _repr_html_(self) -> str:
        totals = self.totals
        rows = {
            "Plan value": f"{yuan(self.objective_fen):,.0f} yuan",
            "Bound": "none" if self.bound is None else f"{yuan(self.bound.bound_fen):,.0f} yuan",
            "Gap": "unknown" if self.gap is None else f"{self.gap:.1%}",
            "Jobs served": f"{totals.jobs_served} of {totals.jobs_served + totals.jobs_unserved}",
            "Area served": f"{totals.area_ha:,.1f} ha",
            "Road": f"{totals.km:,.0f} km",
            "Lost by lateness": f"{yuan(totals.loss_fen):,.0f} yuan",
        }
        cells = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows.items())
        return f"<table><caption>{escape(self.region)} ({escape(self.engine)})</caption>{cells}</table>"


def solve(
    region: Region,
    *,
    cpu_s: float = CPU_S,
    iterations: int | None = None,
    seed: int = 1,
    engine: str = "own",
    on_step: Callable[[Step], None] | None = None,
    roads: Roads | None = None,
    workers: int | None = None,
    ray: str | None = None,
) -> Plan:
    """Plan a region and have the plan checked by the verifier, which shares no code with the planner.

    Args:
        region: what there is and what is wanted.
        cpu_s: CPU seconds to plan for; not looked at where `iterations` is given.
        iterations: search steps to plan for; the same region, seed and iterations give the same plan anywhere.
        seed: of the search.
        engine: one of nongshi.dispatch.ENGINES.
        on_step: told now and then how far the search is.
        roads: distances over the road (:func:`read_roads`); None: great circles times the region's detour.
        workers: plan in fixed pieces by so many processes, by `iterations` or as many as large regions usually get;
            any number of workers makes the same plan.
        ray: address of a Ray cluster whose workers do it instead; `local` starts one here.

    Raises:
        BadUsage: another engine than ours in pieces.
        BadInput: a budget that is not above zero, or roads made for another region.
        MissingExtra: the engine's package is not installed.
        NotPlannable: no plan can be made from this region (yet).
        PlanBroken: the verifier refuses the plan; a fault of ours.
    """
    check_budget(cpu_s=cpu_s, iterations=iterations)
    from nongshi.dispatch.run import solve

    if workers is not None or ray is not None:
        return _solve_in_parts(region, iterations, seed, engine, roads, workers or 1, ray)
    plan = solve(
        region,
        cpu_s=None if iterations is not None else cpu_s,
        iterations=iterations,
        seed=seed,
        engine=engine,
        on_step=on_step,
        **_over(roads=roads),
    )
    return _passed(region, plan, roads)


def _solve_in_parts(
    region: Region, iterations: int | None, seed: int, engine: str, roads: Roads | None, workers: int, ray: str | None
) -> Plan:
    """The plan made piece by piece in a pool."""
    from nongshi.compute import open_pool
    from nongshi.dispatch.run import solve

    if engine != "own":
        raise BadUsage(f"engine {engine} does not plan in pieces; leave out --workers and --ray")
    with open_pool(workers, ray=ray) as pool:
        return _passed(region, solve(region, iterations=iterations, seed=seed, pool=pool, **_over(roads=roads)), roads)


def _passed(region: Region, plan: core_plan.Plan, roads: Roads | None) -> Plan:
    """The plan once the verifier has passed it.

    Raises:
        PlanBroken: it has not; a fault of ours.
    """
    if roads is not None:
        plan = replace(plan, extra={**plan.extra, ROADS_KEY: roads.name})
    verdict = check_plan(region, plan, roads=roads)
    if not verdict.ok:
        raise PlanBroken([str(breach) for breach in verdict.breaches])
    return with_methods(plan)


def check_budget(*, cpu_s: float | None, iterations: int | None) -> None:
    """Refuse a budget under which no search could run.

    Raises:
        BadInput: it is not a finite number above zero.
    """
    if iterations is not None and iterations < 1:
        raise BadInput(f"iterations must be 1 or more, got {iterations}")
    if cpu_s is not None and not (math.isfinite(cpu_s) and cpu_s > 0):
        raise BadInput(f"cpu_s must be a number above 0, got {cpu_s}")


def check_plan(region: Region, plan: core_plan.Plan, *, roads: Roads | None = None) -> Verdict:
    """Does the plan keep every rule of docs/formats.md? The verdict names every breach.

    Raises:
        BadUsage: the plan was made over roads, and none are given.
    """
    from nongshi import verify

    if roads is None and ROADS_KEY in plan.extra:
        raise BadUsage(f"the plan's distances are those of {plan.extra[ROADS_KEY]}; give that file with --roads")
    return verify.check_plan(region, plan, **_over(distance_km=None if roads is None else roads.between))


def _over(**given: Any) -> dict[str, Any]:
    """What is said only where there are roads."""
    return {name: value for name, value in given.items() if value is not None}


def with_methods(plan: core_plan.Plan) -> Plan:
    """The same plan as one that can be shown, tabled and saved."""
    return Plan(**{f.name: getattr(plan, f.name) for f in fields(core_plan.Plan)})


def read_region(folder: str | Path) -> Region:
    """Read a region folder.

    Raises:
        NotFound: there is no such folder.
        BadFiles: what stands in it cannot be right; every fault with file, row, column and mend.
    """
    from nongshi.files.region_reader import read_region

    folder = Path(folder)
    if not folder.is_dir():
        raise NotFound(f"{folder} is not a folder; name the folder that holds region.toml")
    return read_region(folder)


def read_roads(path: str | Path, region: Region) -> Roads:
    """Read an OpenStreetMap extract and join the region's yards and fields with jobs to its roads (docs/roads.md).

    Raises:
        NotFound: there is no such file.
        BadInput: it is no extract, or places lie off its roads; each is named.
        MissingExtra: scipy, or for a .pbf osmium, is not installed.
    """
    import numpy as np

    from nongshi.files.osm import read_network
    from nongshi.geo.joining import make_roads

    wanted = [region.field_of[field_id] for field_id in dict.fromkeys(job.field_id for job in region.jobs)]
    places = [(f"field {field.id}", field.gate_lon, field.gate_lat) for field in wanted]
    places += [(f"yard of machine {machine.id}", machine.yard_lon, machine.yard_lat) for machine in region.machines]
    names = [name for name, _, _ in places]
    lon, lat = np.array([place[1:] for place in places], float).reshape(-1, 2).T
    return make_roads(read_network(Path(path)), lon, lat, names, detour=region.detour, name=Path(path).name)


def read_plan(path: str | Path, region: Region) -> Plan:
    """Read plan.json; its wall times are those of the region's time zone.

    Raises:
        NotFound: there is no such file.
        BadFiles: it is not a plan; every fault with its place and mend.
    """
    from nongshi.files.plan_files import read_plan

    path = Path(path)
    if not path.is_file():
        raise NotFound(f"{path} is not a file; name the plan.json that nongshi plan wrote")
    return with_methods(read_plan(path, region.tz))


def make_region(
    *,
    fields: int,
    machines: int | None = None,
    load: float = 1.0,
    season: str = "rice-harvest",
    seed: int = 1,
    operators_per_machine: float = 0.85,
    chains: bool | None = None,
    dryers: bool = False,
    dryer_load: float = DRYER_LOAD,
) -> Region:
    """Generate a region over five real towns; the same arguments give the same region.

    `load` is offered machine-hours over crewed machine-hours; `machines` None lets their number follow from it.
    `dryer_load` is the season's wet grain over what the dryers take in the whole horizon.
    """
    from nongshi import synthetic

    return synthetic.make_region(
        fields=fields,
        machines=machines,
        load=load,
        season=season,
        seed=seed,
        operators_per_machine=operators_per_machine,
        chains=chains,
        dryers=dryers,
        dryer_load=dryer_load,
    )


def write_region(region: Region, folder: str | Path) -> None:
    """Write a region folder that read_region reads back the same."""
    from nongshi.files.region_writer import write_region

    write_region(region, Path(folder))


def with_one_more(region: Region, plan: core_plan.Plan, *, roads: Roads | None = None) -> Plan:
    """The same plan, saying what one more machine, operator or dryer would bring; the report shows it."""
    from dataclasses import asdict

    from nongshi.dispatch.one_more import list_one_more

    rows = [asdict(one) for one in list_one_more(region, plan, roads=roads)]
    return with_methods(replace(plan, extra={**plan.extra, "one_more": rows}))


def write_report(
    path: str | Path, region: Region, plan: core_plan.Plan, *, baseline: core_plan.Plan | None = None
) -> None:
    """Write the report page: one file, no network; beside it the baseline's figures if one is given."""
    from nongshi.files import report

    report.write_report(Path(path), region, plan, baseline=baseline)


def write_day_sheets(path: str | Path, region: Region, plan: core_plan.Plan) -> int:
    """Write the operators' day sheets as PDF; returns how many pages."""
    from nongshi.files import day_sheets

    return day_sheets.write_day_sheets(Path(path), region, plan)


def write_workbook(
    path: str | Path, region: Region, plan: core_plan.Plan, *, baseline: core_plan.Plan | None = None
) -> None:
    """Write plan.xlsx."""
    from nongshi.files import workbook

    workbook.write_workbook(Path(path), region, plan, baseline=baseline)


def make_season(**wanted: Any) -> SeasonFolder:
    """Generate a season of made-up towns; arguments as nongshi.synthetic.season_world.make_season."""
    from nongshi.files.season_reader import SeasonFolder
    from nongshi.synthetic.season_world import make_season

    made = make_season(**wanted)
    return SeasonFolder(season=made.season, weather=made.weather)


def read_season(folder: str | Path) -> SeasonFolder:
    """Read a season folder (docs/formats.md).

    Raises:
        NotFound: there is no such folder.
        BadFiles: what stands in it cannot be right; every fault with file, row, column and mend.
    """
    from nongshi.files.season_reader import read_season

    folder = Path(folder)
    if not folder.is_dir():
        raise NotFound(f"{folder} is not a folder; name the folder that holds season.toml")
    return read_season(folder)


def write_season(found: SeasonFolder, folder: str | Path) -> None:
    """Write a season folder that read_season reads back the same."""
    from nongshi.files.season_writer import write_season

    write_season(found.season, found.weather, Path(folder))


def forecast_season(found: SeasonFolder, *, scenarios: int | None = None) -> dict[str, Any]:
    """What a season will ask for, as known on its `today`: the "nongshi-season/1" of docs/formats.md, demand alone."""
    from nongshi.forecast.ahead import look_ahead
    from nongshi.forecast.answer import forecast_answer

    return forecast_answer(look_ahead(found.season, found.weather, scenarios=scenarios))


def season_shortage(
    found: SeasonFolder,
    *,
    scenarios: int | None = None,
    sharing: bool = True,
    rolled: int = 6,
    by_day: bool = True,
) -> dict[str, Any]:
    """What a season will be short of and what more is worth: the whole "nongshi-season/1".

    Args:
        found: the season folder.
        scenarios: default: as season.toml.
        sharing: whether towns and owners help each other.
        rolled: scenarios that are also lived through without foresight.
        by_day: whether the next days are also looked at one by one.
    """
    from nongshi.forecast.ahead import look_ahead
    from nongshi.forecast.answer import season_answer
    from nongshi.forecast.shortage import days_shortage, make_shortage

    ahead = look_ahead(found.season, found.weather, scenarios=scenarios)
    weeks = make_shortage(ahead, sharing=sharing, rolled=rolled)
    return season_answer(weeks, days=days_shortage(ahead, sharing=sharing) if by_day else None)


def season_whatif(found: SeasonFolder, cases: Sequence[Case], *, scenarios: int | None = None) -> dict[str, Any]:
    """Cases beside the season as it is: "nongshi-whatif/1" of docs/formats.md (nongshi.forecast.whatif_cases.Case)."""
    from nongshi.forecast import whatif

    count = whatif.SCENARIOS if scenarios is None else scenarios
    return whatif.compare_cases(found.season, found.weather, cases, scenarios=count)


def train(
    folder: str | Path,
    *,
    shortage: str | Path | None = None,
    budget_yuan: float | None = None,
    cpu_s: float = 60.0,
    gap: float = 0.005,
) -> dict[str, Any]:
    """Which courses open and who sits in them, as `nongshi-training/1` (docs/formats.md).

    Args:
        folder: holds courses.csv, trainees.csv, wishes.csv and training.toml; perhaps a whole region.
        shortage: season.json; None: the one in the folder, or forecast now where the folder is a season or region.
        budget_yuan: instead of that of training.toml.
        cpu_s: CPU seconds for the plan at most.
        gap: relative gap at which the plan is good enough.

    Raises:
        NotFound: there is no season.json.
        BadFiles: what stands in the files cannot be right.
    """
    from nongshi.files.training_files import read_training
    from nongshi.people import after
    from nongshi.people.train import train as train_people

    folder = Path(folder)
    training = read_training(folder)
    rows, season = _shortage_for(folder, None if shortage is None else Path(shortage))
    if budget_yuan is not None:
        training = replace(training, budget_fen=round(100 * budget_yuan))
    trained = train_people(training, rows, cpu_s=cpu_s, gap=gap)
    centres = {town["town"]: (town["lon"], town["lat"]) for town in season.get("towns", ())}
    answer = trained.as_dict()
    answer |= after.jobs_dict(rows, after.graduates(trained), after.ways(centres), training.lottery_seed)
    if (folder / "region.toml").is_file() and "first_day" in season:
        first_day, today = (date.fromisoformat(season[key]) for key in ("first_day", "as_of"))
        operators = read_region(folder).operators
        answer["renewals"] = after.renewals_rows(operators, today=today, first_day=first_day, weeks=season["weeks"])
    made = training.synthetic or bool(season.get("synthetic"))
    return answer | {"synthetic": made, "region": season.get("region"), "as_of": season.get("as_of")}


def _shortage_for(folder: Path, path: Path | None) -> tuple[tuple[OperatorShortage, ...], Mapping[str, Any]]:
    """What operators lack: as it was written, or forecast now where nothing was and the folder is a season."""
    from nongshi.files.season_shortage import operator_shortage_of, read_operator_shortage

    written = folder / "season.json" if path is None else path
    if path is not None or written.is_file() or not any((folder / name).is_file() for name in SEASON_TOMLS):
        return read_operator_shortage(written)
    season = season_shortage(read_season(folder), rolled=0, by_day=False)
    return operator_shortage_of(season), season
