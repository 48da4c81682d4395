"""What the bound's prices say to people: the worth of one more machine-hour, licensed hour, wet tonne dried."""

import numpy as np

from nongshi.core.plan import DryerPrice, LicencePrice, MachinePrice
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.dispatch.bound_grid import Grid
from nongshi.dispatch.problem import Floats, Ints, Problem


def machine_prices(problem: Problem, machine_fen: Floats) -> tuple[MachinePrice, ...]:
    """Per class: the machines' side of the crews' worth (m, d), over the hours they could have worked."""
    hours = (problem.day_end_s - problem.day_start_s) / SECONDS_PER_HOUR
    prices = []
    for c, name in enumerate(problem.class_ids):
        mine = problem.machine_class == c
        mean, by_day = _per_hour(machine_fen[mine], hours[mine])
        prices.append(
            MachinePrice(machine_class=name, fen_h=mean, fen_h_by_day=dict(zip(problem.dates, by_day, strict=True)))
        )
    return tuple(prices)


def licence_prices(problem: Problem, operator_fen: Floats) -> tuple[LicencePrice, ...]:
    """Per licence: the operators' side (o, d) of those who hold it and work, over the hours they could have driven."""
    licences = [c.licence for c in problem.region.machine_classes]
    works_s = _shift_s(problem)
    prices = []
    for licence in sorted({name for name in licences if name is not None}):
        classes = [c for c, name in enumerate(licences) if name == licence]
        each_s = np.minimum(problem.operator_hours_s[:, None, None], works_s[None, classes])
        hours = (each_s * problem.licensed[:, classes]).max(axis=1, initial=0.0) / SECONDS_PER_HOUR
        mean, by_day = _per_hour(np.where(hours > 0, operator_fen, 0.0), hours)
        prices.append(
            LicencePrice(licence=licence, fen_h=mean, fen_h_by_day=dict(zip(problem.dates, by_day, strict=True)))
        )
    return tuple(prices)


def dryer_prices(problem: Problem, price_fen_t: Floats) -> tuple[DryerPrice, ...]:
    """Per day: what room for one more wet tonne is worth; none where the region has no dryers."""
    if not np.isfinite(problem.dry_t_day).any():
        return ()
    return tuple(DryerPrice(date=day, fen_t=float(fen)) for day, fen in zip(problem.dates, price_fen_t, strict=True))


def worth_of_days(grid: Grid, machine_class: Ints, price: Floats) -> Floats:
    """(m, d) worth of all usable hours of a machine at prices (c, d, k) in fen per second."""
    edge = np.arange(price.shape[2]) * grid.slot_s
    low, high = grid.low_s[:, :, None], grid.high_s[:, :, None]
    inside = np.clip(np.minimum(high, edge + grid.slot_s) - np.maximum(low, edge), 0.0, None)
    return np.asarray((inside * price[machine_class]).sum(axis=2))


def _per_hour(fen: Floats, hours: Floats) -> tuple[float, list[float]]:
    """Mean over all, and over each day, of rows of (fen, hours); 0 where there are no hours."""
    day_fen, day_hours = fen.sum(axis=0), hours.sum(axis=0)
    by_day = np.divide(day_fen, day_hours, out=np.zeros(len(day_fen)), where=day_hours > 0)
    return (float(day_fen.sum() / day_hours.sum()) if day_hours.sum() > 0 else 0.0), [float(x) for x in by_day]


def _shift_s(problem: Problem) -> Floats:
    """(c, d) longest day of a machine of each class."""
    longest = np.zeros((len(problem.class_ids), len(problem.dates)))
    np.maximum.at(longest, problem.machine_class, problem.day_end_s - problem.day_start_s)
    return longest
