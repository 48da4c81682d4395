"""What a day's delay costs: share of a job's value lost by days after its due date, convex.

The measured part is small: Wang Guimin et al. 2016 (农业工程学报 32(2)) find rice losses after wheat in Jiangsu
quadratic about the best day, 0.0009 per day squared, which is 6 % after eight days. That is the grain's own
ripeness. What farmers pay for being late is steeper: a stand that lodges, rain on ripe grain, the wheat that
can no longer be sown. The planner's regions use the steeper curve, and say that it is assumed.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from nongshi.core.errors import BadInput
from nongshi.core.region import LossCurve

RICE_QUADRATIC_PER_D2 = 0.0009  # Wang Guimin et al. 2016, 农业工程学报 32(2), abstract
WANG_2016 = "Wang Guimin et al. 2016, 农业工程学报 32(2): 0.0009 per day squared after the best day, sampled"

Knots = tuple[tuple[float, float], ...]  # (days late, share lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossDefault:
    """A loss curve with its names and where it comes from."""

    id: str
    name_zh: str
    name_en: str
    knots: Knots
    source: str
    date: str

    def __post_init__(self) -> None:
        """Refuse a curve on which the bound would not hold: it must start at (0, 0), rise and be convex."""
        if self.knots[0] != (0.0, 0.0) or len(self.knots) < 2:
            raise BadInput(f"loss curve {self.id} must start at (0, 0) and have a second point")
        slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in zip(self.knots, self.knots[1:], strict=False)]
        if slopes[0] < 0 or any(late < early for early, late in itertools.pairwise(slopes)):
            raise BadInput(f"loss curve {self.id} must be non-decreasing and convex, its slopes are {slopes}")

    def curve(self) -> LossCurve:
        """The curve as a region holds it."""
        days_late, loss_share = zip(*self.knots, strict=True)
        return LossCurve(id=self.id, days_late=days_late, loss_share=loss_share)


def _assumed(id: str, name_zh: str, name_en: str, knots: Knots, why: str) -> LossDefault:
    return LossDefault(
        id=id, name_zh=name_zh, name_en=name_en, knots=knots, source=f"assumption: {why}", date="2026-11-23"
    )


_BIOLOGICAL = LossDefault(
    id="rice-biological",
    name_zh="水稻自身损失",
    name_en="rice, ripeness alone",
    knots=tuple((float(day), round(RICE_QUADRATIC_PER_D2 * day * day, 4)) for day in (0, 2, 5, 8)),
    source=WANG_2016,
    date="2026-11-23",
)

LOSS_CURVES: Mapping[str, LossDefault] = {
    curve.id: curve
    for curve in (
        _BIOLOGICAL,
        _assumed(
            "rice",
            "水稻收获",
            "rice harvest in practice",
            ((0.0, 0.0), (2.0, 0.06), (5.0, 0.33), (8.0, 0.84)),
            "lodging, rain and the next crop on top of ripeness",
        ),
        _assumed(
            "wheat",
            "小麦收获",
            "wheat harvest",
            ((0.0, 0.0), (2.0, 0.05), (5.0, 0.25), (8.0, 0.65)),
            "sprouting in the ear once the plum rains begin",
        ),
        _assumed(
            "rape",
            "油菜收获",
            "rapeseed harvest",
            ((0.0, 0.0), (2.0, 0.08), (4.0, 0.3), (6.0, 0.65)),
            "ripe pods shatter",
        ),
        _assumed("bale", "打捆", "baling", ((0.0, 0.0), (2.0, 0.1), (4.0, 0.4)), "wet straw loses its buyer"),
        _assumed(
            "till",
            "旋耕",
            "tillage",
            ((0.0, 0.0), (3.0, 0.05), (7.0, 0.25)),
            "late tillage delays sowing, not more",
        ),
        _assumed(
            "sow",
            "播种",
            "sowing wheat or rapeseed",
            ((0.0, 0.0), (3.0, 0.1), (7.0, 0.44)),
            "fewer tillers before winter",
        ),
        _assumed(
            "transplant",
            "插秧",
            "transplanting",
            ((0.0, 0.0), (3.0, 0.06), (7.0, 0.3)),
            "seedlings too old, heading too late for 15 June's last date",
        ),
        _assumed(
            "seed",
            "水稻直播",
            "direct seeding of rice",
            ((0.0, 0.0), (3.0, 0.08), (7.0, 0.36)),
            "growing days lost cannot be caught up",
        ),
        _assumed("spray", "植保", "spraying", ((0.0, 0.0), (1.0, 0.1), (3.0, 0.5)), "the pest's stage passes in days"),
    )
}
