"""All defaults as one flat table, for reports, region files and docs/assumptions.md."""

from collections.abc import Iterable, Iterator

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
    kept = {"machine": classes, "price": wanted, "loss": curves, "licence": licences}
    return tuple(
        row
        for row in _rows()
        if (
            {row.name.split(".")[1]} <= classes and {row.name.split(".")[2]} <= wanted
            if row.name.startswith("rate.")
            else row.name.split(".")[1] in kept[row.name.split(".")[0]]
        )
    )


def markdown_table(rows: Iterable[Assumption]) -> str:
    """The rows as a Markdown table, numbers written shortest."""
    lines = ["| name | value | unit | source | date |", "|---|---|---|---|---|"]
    for row in rows:
        value = row.value if isinstance(row.value, str) else f"{row.value:g}"
        lines.append(f"| `{row.name}` | {value} | {row.unit} | {row.source} | {row.date} |")
    return "\n".join(lines) + "\n"


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
