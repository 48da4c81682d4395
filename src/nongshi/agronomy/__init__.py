"""Agronomy: what is done on a field, with which machine, how fast, and what lateness costs.

Decides the defaults of every region that does not bring its own: operations, machine classes, licence
classes, work rates, prices and loss curves, each with its unit, source and date. A number that nobody
measured says "assumption" and why.

Of the season ahead it decides when a crop comes up, heads and ripens (`phenology`, `varieties`), what weather is like
(`weather`, `weather_generator`) and how many hours of a day a machine can work (`workable`); their defaults stand in
`season_table`. These bring numpy and are imported by their own names, so that commands without them start quickly.

Nouns: :class:`~nongshi.agronomy.operations.Operation`, :class:`~nongshi.agronomy.machines.MachineDefault`,
:class:`~nongshi.agronomy.licences.LicenceClass`, :class:`~nongshi.agronomy.losses.LossDefault`,
:class:`~nongshi.agronomy.assumption.Assumption`. Entry: :func:`~nongshi.agronomy.table.assumptions`.
Must not know: regions of anybody, plans, files, the clock.
"""

from nongshi.agronomy.assumption import Assumption, make_assumptions
from nongshi.agronomy.licences import LICENCE_CLASSES, LicenceClass
from nongshi.agronomy.losses import LOSS_CURVES, LossDefault
from nongshi.agronomy.machines import MACHINE_CLASSES, WORK_RATES, MachineDefault, RateDefault
from nongshi.agronomy.operations import OPERATIONS, Operation
from nongshi.agronomy.table import assumptions, markdown_table

__all__ = [
    "LICENCE_CLASSES",
    "LOSS_CURVES",
    "MACHINE_CLASSES",
    "OPERATIONS",
    "WORK_RATES",
    "Assumption",
    "LicenceClass",
    "LossDefault",
    "MachineDefault",
    "Operation",
    "RateDefault",
    "assumptions",
    "make_assumptions",
    "markdown_table",
]
