"""Fields with outlines and gates, and the yards of cooperatives in the villages."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import BadInput
from nongshi.core.region import Field
from nongshi.synthetic.defaults import AREA_MEDIAN_HA, AREA_SIGMA
from nongshi.synthetic.plots import Plot, make_plots
from nongshi.synthetic.towns import Town

FIELDS_A_VILLAGE = 6  # so few fields make it worth a village of its own
FIELDS_A_GROWER = 3
INSET_MEAN = 1.04  # corners drawn inward take 4 % of a plot on average
DRAWN_MIN_HA, DRAWN_MAX_HA = 0.33, 6.4  # stays within AREA_MIN_HA..AREA_MAX_HA after the corners are drawn in

Floats = NDArray[np.float64]
Yards = tuple[tuple[float, float], ...]


def make_fields(rng: np.random.Generator, *, count: int, towns: Sequence[Town]) -> tuple[tuple[Field, ...], Yards]:
    """`count` fields round the villages, and one possible yard in every village that has fields."""
    homes = [(town, village) for town in towns for village in town.villages]
    if not homes:
        raise BadInput("the towns have no village; give at least one to lay fields around")
    degrees = np.array([(village.lon, village.lat) for _, village in homes])
    origin, scale_m = degrees.mean(axis=0), _metres_a_degree(float(degrees[:, 1].mean()))
    used = [int(i) for i in rng.permutation(len(homes))[: max(2, count // FIELDS_A_VILLAGE)]]
    areas_ha = np.clip(AREA_MEDIAN_HA * rng.lognormal(0.0, AREA_SIGMA, count), DRAWN_MIN_HA, DRAWN_MAX_HA) * INSET_MEAN
    plots = make_plots(rng, centres_m=(degrees - origin) * scale_m, used=used, areas_ha=areas_ha)
    growers = np.cumsum(rng.random(count) < 1 / FIELDS_A_GROWER)
    fields = []
    for number, (plot, grower) in enumerate(zip(plots, growers, strict=True), start=1):
        town, village = homes[plot.village]
        corners = np.round(plot.corners_m / scale_m + origin, 7)
        fields.append(_field(number, plot, corners, town=town.name, village=village.name, grower=int(grower) + 1))
    yards = tuple((homes[i][1].lon, homes[i][1].lat) for i in used)
    return tuple(fields), yards


def _field(number: int, plot: Plot, corners: Floats, *, town: str, village: str, grower: int) -> Field:
    ring = tuple((float(lon), float(lat)) for lon, lat in [*corners, corners[0]])
    gate_lon, gate_lat = np.round(corners[:2].mean(axis=0), 7)  # middle of the side along the lane
    return Field(
        id=f"F{number:05d}",
        name=f"{village}{number}号田",
        place=village,
        grower_id=f"G{grower:04d}",
        area_ha=round(plot.area_ha, 3),
        gate_lon=float(gate_lon),
        gate_lat=float(gate_lat),
        polygons=((ring,),),
        extra={"town": town},
    )


def _metres_a_degree(lat: float) -> Floats:
    """Metres in a degree of longitude and of latitude, WGS 84 series to the third term."""
    phi = np.radians(lat)
    east = 111_412.84 * np.cos(phi) - 93.5 * np.cos(3 * phi) + 0.118 * np.cos(5 * phi)
    north = 111_132.92 - 559.82 * np.cos(2 * phi) + 1.175 * np.cos(4 * phi)
    return np.array([east, north])
