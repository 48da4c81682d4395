"""The region of a made-up season: a few fields to look at, machines and operators by the area they have to serve."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from nongshi.agronomy import LOSS_CURVES, MACHINE_CLASSES, OPERATIONS, WORK_RATES
from nongshi.core.region import Dryer, Machine, MachineClass, Operator, Region, WorkRate
from nongshi.core.season import Sowing, Town
from nongshi.core.units import FEN_PER_YUAN
from nongshi.synthetic import defaults
from nongshi.synthetic.fields import make_fields
from nongshi.synthetic.season_towns import make_places

FIELDS_A_TOWN = 8
OWNERS_A_TOWN = 3
# assumption: machines for a thousand hectares of paddy, from Pinghu's and Kunshan's counts
MACHINES_1000_HA = {
    "combine-full": 12.0,
    "combine-half": 2.5,
    "combine-wheeled": 2.5,
    "tractor-wheeled": 14.0,
    "tractor-crawler": 4.0,
    "transplanter": 12.0,
    "uav": 5.0,
}
DRYER_T_D_1000_HA = 150.0  # assumption: a third of the grain of the peak; the rest goes straight to merchants
SHARED_SHARE = 0.5
DOUBLE_SHARE = 0.3


def make_season_region(
    seed: int,
    towns: Sequence[Town],
    sowings: Sequence[Sowing],
    first_day: date,
    weeks: int,
    *,
    load: float,
    operators_per_machine: float,
    dryers: bool,
) -> Region:
    """Machines go by the area of rice of each town, divided by `load`; every owner has a yard near the centre."""
    rng = np.random.default_rng([seed, 50])
    fields, _ = make_fields(rng, count=FIELDS_A_TOWN * len(towns), towns=make_places(len(towns)))
    machines: list[Machine] = []
    operators: list[Operator] = []
    placed: list[Dryer] = []
    for number, town in enumerate(towns):
        area = sum(s.area_ha for s in sowings if s.town == town.name and s.crop == "rice")
        yards = [(f"C{number + 1:02d}{owner}", *_near(rng, town)) for owner in range(1, OWNERS_A_TOWN + 1)]
        mine = _machines(rng, yards, area / load, len(machines))
        machines += mine
        operators += _operators(rng, mine, operators_per_machine, first_day + timedelta(weeks=weeks), len(operators))
        if dryers:
            t_day = round(DRYER_T_D_1000_HA * area / 1000, 1)
            hold = round(defaults.DRYER_HOLD_SHARE * t_day, 1)
            placed.append(Dryer(id=f"D{number + 1:03d}", lon=yards[0][1], lat=yards[0][2], t_day=t_day, hold_t=hold))
    return Region(
        name=f"season-{len(towns)}-s{seed}",
        zone="Asia/Shanghai",
        start_date=first_day,
        horizon_days=min(400, 7 * weeks),
        detour=defaults.DETOUR,
        synthetic=True,
        fields=fields,
        machine_classes=tuple(_class(name) for name in MACHINES_1000_HA),
        work_rates=tuple(
            WorkRate(machine_class=kind, operation=operation, rate_ha_h=rate.rate_ha_h, source=rate.source)
            for (kind, operation), rate in WORK_RATES.items()
        ),
        machines=tuple(machines),
        operators=tuple(operators),
        workdays=(),
        jobs=(),
        loss_curves=tuple(LOSS_CURVES[name].curve() for name in sorted({o.loss_curve for o in OPERATIONS.values()})),
        dryers=tuple(placed),
        extra={"generator": {"kind": "season", "seed": seed}},
    )


def _near(rng: np.random.Generator, town: Town) -> tuple[float, float]:
    lon, lat = town.lon + rng.normal(0.0, 0.01), town.lat + rng.normal(0.0, 0.008)
    return round(float(lon), 6), round(float(lat), 6)


def _machines(
    rng: np.random.Generator, yards: Sequence[tuple[str, float, float]], area_ha: float, before: int
) -> list[Machine]:
    """Whole machines: the fraction is drawn, so that many small towns together have what they should."""
    found: list[Machine] = []
    for kind, per_1000_ha in MACHINES_1000_HA.items():
        exact = per_1000_ha * area_ha / 1000
        for _ in range(int(exact) + int(rng.random() < exact % 1)):
            owner, lon, lat = yards[int(rng.integers(len(yards)))]
            found.append(
                Machine(
                    id=f"M{before + len(found) + 1:04d}",
                    machine_class=kind,
                    owner_id=owner,
                    yard_lon=lon,
                    yard_lat=lat,
                    available_from=None,
                    available_to=None,
                )
            )
    return found


def _operators(
    rng: np.random.Generator, machines: Sequence[Machine], ratio: float, until: date, before: int
) -> list[Operator]:
    """So many people for each machine; combine drivers often hold G1 as well."""
    found: list[Operator] = []
    for machine in machines:
        for _ in range(int(ratio) + int(rng.random() < ratio % 1)):
            licence = MACHINE_CLASSES[machine.machine_class].licence
            held = {} if licence is None else {licence: until + timedelta(days=int(rng.integers(30, 1500)))}
            if licence in ("S", "R") and rng.random() < DOUBLE_SHARE:
                held["G1"] = until + timedelta(days=int(rng.integers(30, 1500)))
            found.append(
                Operator(
                    id=f"P{before + len(found) + 1:04d}",
                    owner_id=machine.owner_id,
                    licences=held,
                    hours_max=float(rng.choice([8.0, 9.0, 10.0, 11.0], p=[0.1, 0.2, 0.5, 0.2])),
                    off_days=frozenset(),
                    shared=bool(rng.random() < SHARED_SHARE),
                )
            )
    return found


def _class(name: str) -> MachineClass:
    default = MACHINE_CLASSES[name]
    return MachineClass(
        id=name,
        name=default.name_zh,
        licence=default.licence,
        road_km_h=default.road_km_h,
        load_min=default.load_min,
        cost_fen_km=round(default.cost_yuan_km * FEN_PER_YUAN),
        cost_fen_h=round(default.cost_yuan_h * FEN_PER_YUAN),
    )
