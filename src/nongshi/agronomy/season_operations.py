"""What a crop asks for through the season: operation, stage it hangs on, window, cost of a day's delay.

A region may bring its own table (season_operations.csv). The costs are orders of size: yields and prices of the
lower Yangtze, and how much of them a day takes; "assumption" says that nobody measured it here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nongshi.agronomy.assumption import Assumption
from nongshi.agronomy.operations import OPERATIONS
from nongshi.core.season import SeasonOperation
from nongshi.core.units import FEN_PER_YUAN

DATE = "2026-11-27"
OTHER_WAY_TIMES = 4.0  # of an operation's price: what it costs by hand, or by machines from far away


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationCost:
    """What holds for an operation on every crop."""

    window_d: float
    delay_yuan_ha_d: float
    machine_class: str
    source: str


COSTS: Mapping[str, OperationCost] = {
    "rice_harvest": OperationCost(
        window_d=10.0,
        delay_yuan_ha_d=210.0,
        machine_class="combine-full",
        source="assumption: 0.9 % a day (ASABE D497.7, from memory) of 560 kg/mu at 2.8 yuan/kg",
    ),
    "wheat_harvest": OperationCost(
        window_d=7.0,
        delay_yuan_ha_d=120.0,
        machine_class="combine-full",
        source="assumption: 0.5 % a day (ASABE D497.7, from memory) of 325 kg/mu at 2.4 yuan/kg, doubled for plum rain",
    ),
    "rape_harvest": OperationCost(
        window_d=6.0,
        delay_yuan_ha_d=135.0,
        machine_class="combine-full",
        source="assumption: 1 % a day of 150 kg/mu at 6 yuan/kg, pods shatter",
    ),
    "bale": OperationCost(
        window_d=4.0,
        delay_yuan_ha_d=30.0,
        machine_class="tractor-wheeled",
        source="assumption: wet straw is not bought",
    ),
    "rotary_till": OperationCost(
        window_d=7.0, delay_yuan_ha_d=60.0, machine_class="tractor-wheeled", source="assumption: sowing waits for it"
    ),
    "transplant": OperationCost(
        window_d=10.0,
        delay_yuan_ha_d=150.0,
        machine_class="transplanter",
        source="assumption: 0.6 % a day of the rice crop, seedlings age",
    ),
    "direct_seed": OperationCost(
        window_d=10.0,
        delay_yuan_ha_d=150.0,
        machine_class="tractor-wheeled",
        source="assumption: 0.6 % a day of the rice crop, growing days lost",
    ),
    "spray": OperationCost(
        window_d=4.0, delay_yuan_ha_d=120.0, machine_class="uav", source="assumption: the pest's stage passes in days"
    ),
    "wheat_sow": OperationCost(
        window_d=10.0,
        delay_yuan_ha_d=100.0,
        machine_class="tractor-wheeled",
        source="assumption: 0.9 % a day of the wheat crop, fewer tillers before winter",
    ),
    "rape_sow": OperationCost(
        window_d=10.0,
        delay_yuan_ha_d=100.0,
        machine_class="tractor-wheeled",
        source="assumption: as wheat",
    ),
}

# operation, crop, method (None: any), stage, days from it, share of the area by machine, wet t/ha, why
_ROWS: tuple[tuple[str, str, str | None, str, float, float, float, str], ...] = (
    ("rotary_till", "rice", None, "planted", -4.0, 0.9, 0.0, "assumption: the field is tilled just before"),
    ("transplant", "rice", "transplant", "planted", 0.0, 0.95, 0.0, "assumption: hardly any by hand"),
    ("direct_seed", "rice", "direct", "planted", 0.0, 0.6, 0.0, "assumption: much is still broadcast by hand"),
    ("spray", "rice", None, "heading", -35.0, 0.7, 0.0, "assumption: 3 to 5 rounds July to September are known"),
    ("spray", "rice", None, "heading", -18.0, 0.7, 0.0, "assumption: as the round before"),
    ("spray", "rice", None, "heading", -3.0, 0.8, 0.0, "assumption: blast, at booting"),
    ("spray", "rice", None, "heading", 7.0, 0.8, 0.0, "assumption: blast and planthopper, at full heading"),
    ("rice_harvest", "rice", None, "maturity", 0.0, 1.0, 9.3, "assumption: all by machine; wet grain as the generator"),
    ("bale", "rice", None, "maturity", 4.0, 0.15, 0.0, "assumption: most straw is chopped and left"),
    ("rotary_till", "wheat", None, "planted", -4.0, 0.4, 0.0, "assumption: the rest is tilled by the drill itself"),
    ("wheat_sow", "wheat", None, "planted", 0.0, 0.9, 0.0, "assumption"),
    ("spray", "wheat", None, "heading", 2.0, 0.8, 0.0, "assumption: scab, first flowers"),
    ("spray", "wheat", None, "heading", 9.0, 0.6, 0.0, "assumption: scab, a week later"),
    (
        "wheat_harvest",
        "wheat",
        None,
        "maturity",
        0.0,
        1.0,
        5.4,
        "assumption: all by machine; wet grain as the generator",
    ),
    ("bale", "wheat", None, "maturity", 3.0, 0.1, 0.0, "assumption: rice follows within days"),
    ("wheat_sow", "barley", None, "planted", 0.0, 0.9, 0.0, "assumption: as wheat"),
    ("spray", "barley", None, "heading", 2.0, 0.6, 0.0, "assumption: as wheat"),
    ("wheat_harvest", "barley", None, "maturity", 0.0, 1.0, 5.0, "assumption: as wheat"),
    ("rape_sow", "rapeseed", "direct", "planted", 0.0, 0.8, 0.0, "assumption"),
    ("spray", "rapeseed", None, "heading", 5.0, 0.6, 0.0, "assumption: at flowering"),
    ("rape_harvest", "rapeseed", None, "maturity", 0.0, 0.85, 2.5, "assumption: the rest is cut and laid by hand"),
)


def default_operations() -> tuple[SeasonOperation, ...]:
    """The table as nouns, in its order."""
    return tuple(_operation(*row[:7]) for row in _ROWS)


def operation_assumptions() -> tuple[Assumption, ...]:
    """Every number of this table."""
    return tuple(_listed())


def _operation(
    operation: str, crop: str, method: str | None, stage: str, after_d: float, share: float, wet_t_ha: float
) -> SeasonOperation:
    cost = COSTS[operation]
    return SeasonOperation(
        operation=operation,
        crop=crop,
        method=method,
        stage=stage,
        after_d=after_d,
        window_d=cost.window_d,
        delay_fen_ha_d=round(cost.delay_yuan_ha_d * FEN_PER_YUAN),
        value_fen_ha=round(OTHER_WAY_TIMES * OPERATIONS[operation].price_yuan_ha * FEN_PER_YUAN),
        machine_class=cost.machine_class,
        wet_t_ha=wet_t_ha,
        share=share,
    )


def _listed() -> Iterator[Assumption]:
    def row(name: str, value: float, unit: str, source: str) -> Assumption:
        return Assumption(name=f"season.{name}", value=value, unit=unit, source=source, date=DATE)

    yield row("other_way", OTHER_WAY_TIMES, "times the price", "assumption: by hand, or by machines from far away")
    for name, cost in COSTS.items():
        yield row(f"{name}.window", cost.window_d, "days", "assumption: days without loss that growers count on")
        yield row(f"{name}.delay", cost.delay_yuan_ha_d, "yuan/ha/day", cost.source)
    for operation, crop, method, stage, after_d, share, wet_t_ha, why in _ROWS:
        place = f"{operation}.{crop}.{method or 'any'}.{stage}{after_d:+g}"
        yield row(f"{place}.share", share, "share of the area", why)
        if wet_t_ha:
            yield row(f"{place}.wet", wet_t_ha, "t/ha", why)
