"""What a variety needs to come up, to head and to ripen: degree-days, day length, cold."""

import itertools
from dataclasses import dataclass

from nongshi.core.errors import BadInput

Knots = tuple[tuple[float, float], ...]  # (temperature in C, what a day of it is worth), straight lines between
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class CropParameters:
    """One variety's clock; degree-days (c_d) count by `warm`. Short-day crops: `day_critical_h` above `day_full_h`."""

    emergence_c_d: float  # sowing to emergence, above `emergence_base_c`
    emergence_base_c: float
    emergence_top_c: float  # warmer brings nothing more
    heading_c_d: float  # emergence to heading (flowering), by `warm`
    ripening_c_d: float  # heading to ripeness, by `warm`
    warm: Knots  # daily mean temperature -> degree-days of that day
    day_full_h: float | None = None  # photoperiod at which day length no longer delays; None: day length does not count
    day_critical_h: float | None = None  # photoperiod at which nothing happens before heading
    cold_full_d: float | None = None  # days of cold with which a winter crop is satisfied; None: needs none
    cold_base_d: float = 0.0  # fewer days of cold bring nothing
    cold: Knots = ()  # daily mean temperature -> days of cold of that day
    cold_until: float = 0.3  # from this share of the way to heading on, missing cold no longer delays
    shock_d: int = 0  # days that a transplanted seedling stands still
    frost_kills_c: float | None = None  # a night so cold ends the crop before it is ripe; None: does not count
    ripe_by: tuple[int, int] | None = None  # month, day: later counts as not ripened; None: no such day

    def __post_init__(self) -> None:
        """Refuse a clock that would stand still, run backwards or divide by nothing."""
        for name in ("emergence_c_d", "heading_c_d", "ripening_c_d"):
            if not getattr(self, name) > 0:
                raise BadInput(f"{name} must be above 0, got {getattr(self, name)}")
        for name in ("warm", "cold"):
            knots: Knots = getattr(self, name)
            if any(late[0] <= early[0] for early, late in itertools.pairwise(knots)):
                raise BadInput(f"temperatures of {name} must rise, got {knots}")
        if len(self.warm) < 2 or max(worth for _, worth in self.warm) <= 0:
            raise BadInput("warm needs two points or more, one of them worth something")
        if (self.day_full_h is None) != (self.day_critical_h is None) or (
            self.day_full_h is not None and self.day_full_h == self.day_critical_h
        ):
            raise BadInput("give day_full_h and day_critical_h together and different, or neither")
        if self.cold_full_d is not None and (not self.cold or self.cold_full_d <= self.cold_base_d):
            raise BadInput("a crop that needs cold needs the table `cold`, and cold_full_d above cold_base_d")
        if self.shock_d < 0:
            raise BadInput(f"shock_d must be 0 or more, got {self.shock_d}")
        if self.ripe_by is not None and not (
            1 <= self.ripe_by[0] <= 12 and 1 <= self.ripe_by[1] <= MONTH_DAYS[self.ripe_by[0] - 1]
        ):
            raise BadInput(f"ripe_by is no month and day: {self.ripe_by}")
