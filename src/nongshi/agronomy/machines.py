"""Machine classes and how fast they really work: effective field capacity, road speed, costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from nongshi.core.region import MachineClass, WorkRate
from nongshi.core.units import FEN_PER_YUAN

CLASS_SOURCE = "assumption: order of size from dealers' sheets and trade press"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDefault:
    """A machine class as a region starts with it. Tracked machines go by low-loader, hence road speed and loading."""

    id: str
    name_zh: str
    name_en: str
    licence: str | None  # None: no licence class names it (transplanters)
    road_km_h: float
    load_min: float  # loading + unloading, every move
    cost_yuan_km: float
    cost_yuan_h: float  # per hour of work: fuel and wear, no wage
    source: str
    date: str

    def noun(self) -> MachineClass:
        """The class as a region holds it."""
        return MachineClass(
            id=self.id,
            name=self.name_zh,
            licence=self.licence,
            road_km_h=self.road_km_h,
            load_min=self.load_min,
            cost_fen_km=round(self.cost_yuan_km * FEN_PER_YUAN),
            cost_fen_h=round(self.cost_yuan_h * FEN_PER_YUAN),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDefault:
    """Effective field capacity of a class at an operation."""

    machine_class: str
    operation: str
    rate_ha_h: float
    source: str
    date: str

    def noun(self) -> WorkRate:
        """The rate as a region holds it."""
        return WorkRate(
            machine_class=self.machine_class, operation=self.operation, rate_ha_h=self.rate_ha_h, source=self.source
        )


def _machine(
    id: str,
    name_zh: str,
    name_en: str,
    licence: str | None,
    *,
    road_km_h: float,
    load_min: float,
    cost_yuan_km: float,
    cost_yuan_h: float,
) -> MachineDefault:
    return MachineDefault(
        id=id,
        name_zh=name_zh,
        name_en=name_en,
        licence=licence,
        road_km_h=road_km_h,
        load_min=load_min,
        cost_yuan_km=cost_yuan_km,
        cost_yuan_h=cost_yuan_h,
        source=CLASS_SOURCE,
        date="2026-11-23",
    )


MACHINE_CLASSES: Mapping[str, MachineDefault] = {
    machine.id: machine
    for machine in (
        _machine(
            "combine-full",
            "全喂入履带收割机",
            "full-feed tracked combine",
            "S",
            road_km_h=20.0,
            load_min=20.0,
            cost_yuan_km=6.0,
            cost_yuan_h=70.0,
        ),
        _machine(
            "combine-half",
            "半喂入履带收割机",
            "half-feed tracked combine",
            "S",
            road_km_h=20.0,
            load_min=25.0,
            cost_yuan_km=7.0,
            cost_yuan_h=80.0,
        ),
        _machine(
            "combine-wheeled",
            "轮式收割机",
            "wheeled combine",
            "R",
            road_km_h=25.0,
            load_min=12.0,
            cost_yuan_km=5.0,
            cost_yuan_h=75.0,
        ),
        _machine(
            "tractor-wheeled",
            "轮式拖拉机（90马力）",
            "wheeled tractor, 90 hp",
            "G1",
            road_km_h=25.0,
            load_min=10.0,
            cost_yuan_km=3.0,
            cost_yuan_h=45.0,
        ),
        _machine(
            "tractor-crawler",
            "履带拖拉机（100马力）",
            "crawler tractor, 100 hp",
            "L",
            road_km_h=18.0,
            load_min=20.0,
            cost_yuan_km=5.0,
            cost_yuan_h=50.0,
        ),
        _machine(
            "transplanter",
            "高速插秧机",
            "riding transplanter",
            None,
            road_km_h=20.0,
            load_min=20.0,
            cost_yuan_km=4.0,
            cost_yuan_h=40.0,
        ),
        _machine(
            "uav",
            "植保无人机",
            "spraying UAV with crew van",
            "UAV",
            road_km_h=35.0,
            load_min=10.0,
            cost_yuan_km=1.2,
            cost_yuan_h=40.0,
        ),
    )
}

# (class, operation, ha/h, why); 0.36 ha/h is 5.4 mu/h.
_RATES: tuple[tuple[str, str, float, str], ...] = (
    ("combine-full", "rice_harvest", 0.36, "3 mu/h in hills (Nanchong) to 6 mu/h (Jilin) seen"),
    ("combine-half", "rice_harvest", 0.26, "slower than full-feed, no figure found"),
    ("combine-wheeled", "rice_harvest", 0.4, "on firm ground, no figure found"),
    ("combine-full", "wheat_harvest", 0.5, "7 to 8 mu/h, no figure found"),
    ("combine-half", "wheat_harvest", 0.35, "slower than full-feed, no figure found"),
    ("combine-wheeled", "wheat_harvest", 0.6, "about 9 mu/h on dry ground, no figure found"),
    ("combine-full", "rape_harvest", 0.4, "slower than wheat to spare pods, no figure found"),
    ("combine-wheeled", "rape_harvest", 0.45, "slower than wheat to spare pods, no figure found"),
    ("tractor-wheeled", "rotary_till", 0.5, "6 to 10 mu/h; ploughing at 45 hp 0.3 to 0.5 ha/h seen"),
    ("tractor-crawler", "rotary_till", 0.7, "wider tiller, no figure found"),
    ("tractor-wheeled", "wheat_sow", 0.42, "tillage and drilling in one pass, no figure found"),
    ("tractor-crawler", "wheat_sow", 0.55, "tillage and drilling in one pass, no figure found"),
    ("tractor-wheeled", "rape_sow", 0.45, "as wheat, a little faster, no figure found"),
    ("tractor-crawler", "rape_sow", 0.6, "as wheat, a little faster, no figure found"),
    ("tractor-wheeled", "direct_seed", 0.5, "drill behind the tractor, no figure found"),
    ("tractor-crawler", "direct_seed", 0.6, "drill behind the tractor, no figure found"),
    ("tractor-wheeled", "bale", 0.33, "5 mu/h; 30 mu a day seen (Cixi 2022)"),
    ("transplanter", "transplant", 0.37, "5 to 6 mu/h; 8 mu/h (Qingpu) and 40 mu a day (Langxia) seen"),
    ("uav", "spray", 4.5, "60 to 80 mu/h; 400 to 500 mu a day seen"),
)

WORK_RATES: Mapping[tuple[str, str], RateDefault] = {
    (machine_class, operation): RateDefault(
        machine_class=machine_class,
        operation=operation,
        rate_ha_h=rate_ha_h,
        source=f"assumption: {why}",
        date="2026-11-23",
    )
    for machine_class, operation, rate_ha_h, why in _RATES
}
