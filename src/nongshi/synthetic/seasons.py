"""The two seasons that break: rice off in November, and wheat off, rice in at the end of May."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

GROUP_OF_CLASS: Mapping[str, str] = {
    "combine-full": "H",
    "combine-half": "H",
    "combine-wheeled": "H",
    "tractor-wheeled": "T",
    "tractor-crawler": "T",
    "transplanter": "P",
    "uav": "U",
}  # classes that can stand in for each other: harvest, tractors, planting, UAV


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One operation of a season: who does it, when its window lies, what must come before."""

    operation: str
    group: str
    offset_d: int  # opens so many days after the field is ripe, where operations are chained
    on_time_d: tuple[int, int]  # due this many days after open, from-to
    grace_d: tuple[int, int]  # close this many days after due, from-to
    after: tuple[str, ...] = ()  # operations it follows where chained; the first that the field has counts
    after_h: float = 0.0
    wet_t_ha: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A time of year with its operations, machines and weather."""

    id: str
    start_date: date
    days: int
    chains: bool  # default
    stages: tuple[Stage, ...]
    shares: Mapping[str, float]  # group -> share of its candidate jobs wanted when machines follow from load
    candidates_max: Mapping[str, float]  # group -> most jobs per field, so that no group drowns the others
    class_shares: Mapping[str, Mapping[str, float]]  # group -> class -> share of its machines
    wet_after_dry: float  # chance of a rain day after a dry day
    wet_after_wet: float
    rain_source: str

    @property
    def operations(self) -> Mapping[str, Stage]:
        """Stages by operation."""
        return {stage.operation: stage for stage in self.stages}

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in order of need: a fleet too small for all leaves out the last."""
        return tuple(self.class_shares)

    @property
    def rain(self) -> tuple[tuple[str, float, str], ...]:
        """The rain chain for the table of assumptions."""
        return (
            (f"rain.{self.id}.after_dry", self.wet_after_dry, self.rain_source),
            (f"rain.{self.id}.after_rain", self.wet_after_wet, self.rain_source),
        )


_TRACTORS = {"tractor-wheeled": 0.75, "tractor-crawler": 0.25}

RICE_HARVEST = Season(
    id="rice-harvest",
    start_date=date(2026, 11, 1),
    days=14,
    chains=False,
    stages=(
        Stage(operation="rice_harvest", group="H", offset_d=0, on_time_d=(2, 5), grace_d=(2, 6), wet_t_ha=9.3),
        Stage(
            operation="rotary_till",
            group="T",
            offset_d=1,
            on_time_d=(3, 5),
            grace_d=(2, 5),
            after=("rice_harvest",),
            after_h=12.0,
        ),
        Stage(
            operation="wheat_sow",
            group="T",
            offset_d=2,
            on_time_d=(3, 5),
            grace_d=(2, 5),
            after=("rotary_till", "rice_harvest"),
            after_h=2.0,
        ),
        Stage(operation="spray", group="U", offset_d=0, on_time_d=(1, 2), grace_d=(2, 3)),
    ),
    shares={"H": 0.6, "T": 0.2, "U": 0.2},
    candidates_max={"H": 1.0, "T": 2.0, "U": 0.2},
    class_shares={
        "H": {"combine-full": 0.6, "combine-half": 0.15, "combine-wheeled": 0.25},
        "T": _TRACTORS,
        "U": {"uav": 1.0},
    },
    wet_after_dry=0.17,
    wet_after_wet=0.42,
    rain_source="assumption: between October-December (0.13, 0.44) and November (0.21, 0.41), Shanghai 2011-2014",
)

MAY_TURNROUND = Season(
    id="may-turnround",
    start_date=date(2026, 5, 20),
    days=21,
    chains=True,
    stages=(
        Stage(operation="wheat_harvest", group="H", offset_d=0, on_time_d=(2, 4), grace_d=(2, 5), wet_t_ha=5.4),
        Stage(operation="rape_harvest", group="H", offset_d=0, on_time_d=(2, 4), grace_d=(2, 4), wet_t_ha=2.5),
        Stage(
            operation="rotary_till",
            group="T",
            offset_d=2,
            on_time_d=(3, 5),
            grace_d=(3, 5),
            after=("wheat_harvest", "rape_harvest"),
            after_h=12.0,
        ),
        Stage(
            operation="transplant",
            group="P",
            offset_d=4,
            on_time_d=(4, 6),
            grace_d=(3, 6),
            after=("rotary_till", "wheat_harvest", "rape_harvest"),
            after_h=48.0,
        ),
        Stage(
            operation="direct_seed",
            group="T",
            offset_d=4,
            on_time_d=(4, 6),
            grace_d=(3, 6),
            after=("rotary_till", "wheat_harvest", "rape_harvest"),
            after_h=24.0,
        ),
    ),
    shares={"H": 0.75, "T": 0.75, "P": 0.75},
    candidates_max={"H": 1.0, "T": 2.0, "P": 1.0},
    class_shares={
        "H": {"combine-full": 0.5, "combine-half": 0.1, "combine-wheeled": 0.4},
        "T": _TRACTORS,
        "P": {"transplanter": 1.0},
    },
    wet_after_dry=0.2,
    wet_after_wet=0.45,
    rain_source="Shanghai May 2011-2014, days of at least 1 mm (0.20, 0.45)",
)

SEASONS: Mapping[str, Season] = {season.id: season for season in (RICE_HARVEST, MAY_TURNROUND)}
