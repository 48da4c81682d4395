"""What is done on a field: names in both languages, the price of a hectare, the curve that lateness follows."""

from collections.abc import Mapping
from dataclasses import dataclass

PRICE_SOURCE = "assumption: prices posted in trade press 2010-2016 (rice harvest 60-80 yuan/mu) carried to today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One kind of field work."""

    id: str
    name_zh: str
    name_en: str
    price_yuan_ha: float  # what the work is worth to the farmer when it is done in time
    loss_curve: str
    source: str
    date: str


def _operation(
    id: str, name_zh: str, name_en: str, price_yuan_ha: float, loss_curve: str, *, source: str = PRICE_SOURCE
) -> Operation:
    return Operation(
        id=id,
        name_zh=name_zh,
        name_en=name_en,
        price_yuan_ha=price_yuan_ha,
        loss_curve=loss_curve,
        source=source,
        date="2026-11-23",
    )


OPERATIONS: Mapping[str, Operation] = {
    operation.id: operation
    for operation in (
        _operation("rice_harvest", "收水稻", "rice harvest", 1500.0, "rice"),
        _operation("wheat_harvest", "收小麦", "wheat harvest", 1050.0, "wheat"),
        _operation(
            "rape_harvest",
            "收油菜",
            "rapeseed harvest",
            1350.0,
            "rape",
            source="assumption: slower than wheat and dearer, 90 yuan/mu; no price found",
        ),
        _operation("bale", "秸秆打捆", "straw baling", 750.0, "bale"),
        _operation("rotary_till", "旋耕", "rotary tillage", 900.0, "till"),
        _operation(
            "wheat_sow",
            "播小麦",
            "wheat sowing",
            1200.0,
            "sow",
            source="assumption: 80 yuan/mu with fertiliser in one pass; no price found",
        ),
        _operation(
            "rape_sow",
            "播油菜",
            "rapeseed sowing",
            1050.0,
            "sow",
            source="assumption: 70 yuan/mu; no price found",
        ),
        _operation("transplant", "机插秧", "rice transplanting", 1425.0, "transplant"),
        _operation(
            "direct_seed",
            "水稻直播",
            "rice direct seeding",
            750.0,
            "seed",
            source="assumption: 50 yuan/mu; no price found",
        ),
        _operation("spray", "植保喷药", "crop spraying", 150.0, "spray"),
    )
}
