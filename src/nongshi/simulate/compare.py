"""Policies on the same seasons: sums, and ratios to the phone dispatcher's."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from nongshi.core.errors import NotFound
from nongshi.core.region import Region
from nongshi.simulate.hazards import HAZARDS, Hazards
from nongshi.simulate.policies import POLICIES
from nongshi.simulate.season import Result, simulate
from nongshi.simulate.truth import Rain, draw_truth

BASE = "edd"  # who is compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One season under one policy."""

    seed: int
    policy: str
    result: Result

    def as_dict(self) -> dict[str, float | str]:
        """Plain values."""
        return {"seed": self.seed, "policy": self.policy, **asdict(self.result), "lost_fen": self.result.lost_fen}


def compare_policies(
    region_of: Callable[[int], Region],
    policies: Sequence[str],
    seeds: Sequence[int],
    *,
    hazards: Hazards = HAZARDS,
    rain: Rain | None = None,
    days: int | None = None,
    on_step: Callable[[str], None] | None = None,
) -> list[Row]:
    """Every season under every policy, and under the phone dispatcher to compare with.

    Raises:
        NotFound: no policy of that name.
    """
    wanted = list(dict.fromkeys([*policies, BASE]))
    for name in wanted:
        if name not in POLICIES:
            raise NotFound(f"no policy {name}; there are {', '.join(POLICIES)}")
    rows = []
    for seed in seeds:
        region = region_of(seed)
        truth = draw_truth(region, seed, hazards, rain)
        for name in wanted:
            if on_step is not None:
                on_step(f"season {seed}: {name}")
            result = simulate(region, POLICIES[name], truth, hazards, days=days, seed=seed)
            rows.append(Row(seed=seed, policy=name, result=result))
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One policy over all seasons; ratios are of sums, to the phone dispatcher's."""

    policy: str
    lost_yuan: float  # a season
    lost_ratio: float | None
    km: float
    km_ratio: float | None
    wait_d: float
    overtime_h: float
    unfair_d: float
    worse: int  # seasons in which it lost more than the phone dispatcher


def summarise(rows: Sequence[Row]) -> list[Summary]:
    """Means a season, in the order in which the policies were asked for."""
    base = {row.seed: row.result for row in rows if row.policy == BASE}
    found = []
    for name in dict.fromkeys(row.policy for row in rows):
        mine = [row for row in rows if row.policy == name]
        results = [row.result for row in mine]
        lost, km = sum(r.lost_fen for r in results), sum(r.km for r in results)
        base_lost, base_km = (
            sum(values) for values in ([b.lost_fen for b in base.values()], [b.km for b in base.values()])
        )
        found.append(
            Summary(
                policy=name,
                lost_yuan=lost / 100 / len(mine),
                lost_ratio=lost / base_lost if base_lost > 0 else None,
                km=km / len(mine),
                km_ratio=km / base_km if base_km > 0 else None,
                wait_d=sum(r.wait_d for r in results) / len(mine),
                overtime_h=sum(r.overtime_h for r in results) / len(mine),
                unfair_d=sum(r.unfair_d for r in results) / len(mine),
                worse=sum(row.result.lost_fen > base[row.seed].lost_fen for row in mine),
            )
        )
    return found
