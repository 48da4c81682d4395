"""All defaults as one flat table, for reports, region files and docs/assumptions.md."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from nongshi.agronomy.assumption import Assumption
from nongshi.agronomy.licences import LICENCE_CLASSES
from nongshi.agronomy.losses import LOSS_CURVES
from nongshi.agronomy.machines import MACHINE_CLASSES, WORK_RATES
from nongshi.agronomy.operations import OPERATIONS

MACHINE_UNITS = {"road_km_h": "km/h", "load_min": "min a move", "cost_yuan_km": "yuan/km", "cost_yuan_h": "yuan/h"}


def assumptions(
    *, machine_classes: Iterable[str] | None = None, operations: Iterable[str] | None = None
) -> tuple[Assumption, ...]:
    """Every default of agronomy; or only those that these machine classes and operations use."""
    classes = MACHINE_CLASSES.keys() if machine_classes is None else set(machine_classes)
    wanted = OPERATIONS.keys() if operations is None else set(operations)
    curves = LOSS_CURVES.keys() if operations is None else {OPERATIONS[o].loss_curve for o in wanted}
    licences = LICENCE_CLASSES.keys() if machine_classes is None else {MACHINE_CLASSES[c].licence for c in classes}
    kept = {"price": wanted, "machine": classes, "rate": classes, "loss": curves, "licence": licences}
    return tuple(row for row in _rows() if _is_kept(row.name.split("."), kept))


def markdown_table(rows: Iterable[Assumption]) -> str:
    """The rows as a Markdown table, numbers written shortest."""
    lines = ["| name | value | unit | source | date |", "|---|---|---|---|---|"]
    for row in rows:
        value = row.value if isinstance(row.value, str) else f"{row.value:g}"
        lines.append(f"| `{row.name}` | {value} | {row.unit} | {row.source} | {row.date} |")
    return "\n".join(lines) + "\n"


def _is_kept(name: list[str], kept: Mapping[str, Collection[str | None]]) -> bool:
    """Whether a dotted name's machine class, operation, curve or licence is wanted."""
    table, row = name[0], name[1]
    return row in kept[table] and (table != "rate" or name[2] in kept["price"])


def _rows() -> Iterator[Assumption]:
    for operation in OPERATIONS.values():
        name = f"price.{operation.id}"
        yield Assumption(
            name=name, value=operation.price_yuan_ha, unit="yuan/ha", source=operation.source, date=operation.date
        )
    for machine in MACHINE_CLASSES.values():
        for column, unit in MACHINE_UNITS.items():
            name, value = f"machine.{machine.id}.{column}", getattr(machine, column)
            yield Assumption(name=name, value=value, unit=unit, source=machine.source, date=machine.date)
    for rate in WORK_RATES.values():
        name = f"rate.{rate.machine_class}.{rate.operation}"
        yield Assumption(name=name, value=rate.rate_ha_h, unit="ha/h", source=rate.source, date=rate.date)
    for curve in LOSS_CURVES.values():
        knots = " ".join(f"({day:g}, {share:g})" for day, share in curve.knots)
        yield Assumption(
            name=f"loss.{curve.id}", value=knots, unit="(days late, share lost)", source=curve.source, date=curve.date
        )
    for licence in LICENCE_CLASSES.values():
        years = "does not expire" if licence.valid_years is None else licence.valid_years
        name = f"licence.{licence.id}.valid"
        yield Assumption(name=name, value=years, unit="years", source=licence.source, date=licence.date)
