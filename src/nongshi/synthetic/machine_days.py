"""Days of machines that never were: fields worked, roads driven, waits, hauls, and what a receiver tells of it.

The model that the package ships learns from these alone. Every range below is an assumption of 2026-11-26 from what
machines of these kinds do (widths and speeds: dealers' sheets and trade press, as in docs/assumptions.md), wide on
purpose: who learns from all of it has to learn what work looks like and not one machine.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nongshi.geo.plane import Plane
from nongshi.geo.track import Track, make_track
from nongshi.synthetic.gnss import GnssError, errors_at
from nongshi.synthetic.machine_legs import Parcel, beside, road, spiral, strips, yard_moves

Floats = NDArray[np.float64]

ASSUMED_ON = "2026-11-26"
START_S = 1_780_272_000.0  # 2026-06-01T00:00Z; only a place to count from
PLACE = Plane(115.0, 33.0)  # the plain between Huai and Yellow River; only a place to draw on


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What machines of a kind do; pairs are the narrowest and the widest that is drawn from."""

    name: str
    width_m: tuple[float, float]
    work_km_h: tuple[float, float]
    road_km_h: tuple[float, float]
    hauled: float  # how often a road of more than 3 km is driven on a trailer
    spiral: float  # how often a field is opened round and round
    unload_m: tuple[float, float]  # metres of work between two unloadings or refills
    size_ha: tuple[float, float]  # of a field
    again: float = 0.12  # how often a field is gone over once more, and once more after that


KINDS = (
    Kind(name="combine", width_m=(1.8, 3.2), work_km_h=(2.0, 6.5), road_km_h=(4, 13), hauled=0.5, spiral=0.4,
         unload_m=(600, 4000), size_ha=(0.1, 4)),
    Kind(name="combine-wide", width_m=(3.2, 5.5), work_km_h=(3.0, 8.0), road_km_h=(8, 22), hauled=0.3, spiral=0.3,
         unload_m=(600, 4000), size_ha=(0.2, 8)),
    Kind(name="puddler", width_m=(1.6, 2.8), work_km_h=(1.8, 5.0), road_km_h=(8, 25), hauled=0.0, spiral=0.3,
         unload_m=(2500, 12000), size_ha=(0.03, 0.6), again=0.65),
    Kind(name="tractor", width_m=(1.6, 4.0), work_km_h=(3.0, 9.0), road_km_h=(12, 32), hauled=0.0, spiral=0.15,
         unload_m=(2500, 12000), size_ha=(0.15, 8)),
    Kind(name="tractor-wide", width_m=(4.0, 9.0), work_km_h=(6.0, 14.0), road_km_h=(15, 40), hauled=0.0, spiral=0.1,
         unload_m=(2500, 20000), size_ha=(1, 20)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MachineDay:
    """A track and the truth of it: whether the machine was in a field at its work, 1, or not, 0."""

    track: Track
    field: NDArray[np.int8]
    kind: str
    width_m: float


@dataclass(slots=True)
class _Story:
    """Where the machine was when, before anybody measured it."""

    ways: list[Floats] = field(default_factory=list)
    moments: list[Floats] = field(default_factory=list)
    fields: list[NDArray[np.int8]] = field(default_factory=list)
    now_s: float = 0.0

    @property
    def place(self) -> Floats:
        end: Floats = self.ways[-1][-1]
        return end

    def drive(self, way: Floats, km_h: float, in_field: bool, rng: np.random.Generator) -> None:
        """Along a way with a speed that wavers, slower where it bends."""
        if self.ways:
            way = np.vstack([self.place, way])
        ahead = np.diff(way, axis=0)
        metres = np.hypot(ahead[:, 0], ahead[:, 1])
        course = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
        bend = np.abs(np.diff(course, prepend=course[:1]))
        waver = np.convolve(rng.normal(0, 0.25, len(metres) + 8), np.ones(9) / 9, "valid")
        pace = km_h / 3.6 * np.exp(waver) / (1 + 1.2 * np.minimum(bend, 1.5))
        moments = self.now_s + np.concatenate([[0.0], np.cumsum(metres / pace)])
        self._add(way, moments, in_field)

    def stand(self, seconds: float, in_field: bool) -> None:
        """Where it is."""
        self._add(np.vstack([self.place, self.place]), np.array([self.now_s, self.now_s + seconds]), in_field)

    def _add(self, way: Floats, moments: Floats, in_field: bool) -> None:
        self.ways.append(way)
        self.moments.append(moments)
        self.fields.append(np.full(len(way), in_field, np.int8))
        self.now_s = float(moments[-1])


def make_machine_days(count: int, *, seed: int) -> list[MachineDay]:
    """So many days, each from its own part of the seed: the first n are the same for every count."""
    return [make_machine_day(np.random.default_rng([seed, number]), f"day-{number}") for number in range(count)]


def make_machine_day(rng: np.random.Generator, name: str) -> MachineDay:
    """One day: out of the yard, from field to field, back or not; one day in twelve without any field."""
    kind = KINDS[int(rng.integers(len(KINDS)))]
    width_m = float(rng.uniform(*kind.width_m))
    story = _Story()
    yard = np.zeros(2)
    story.drive(yard_moves(yard, rng), 4.0, False, rng)
    _wait(story, rng, False)
    parcels = _parcels(kind, rng) if rng.random() > 1 / 12 else []
    hours_max = rng.uniform(3, 14)
    for parcel in parcels:
        _travel(story, parcel.place(np.zeros(1), np.zeros(1))[0], kind, rng)
        _work(story, parcel, width_m, kind, rng)
        if story.now_s > hours_max * 3600:
            break
    if not parcels or rng.random() < 0.6:
        for _ in range(int(rng.integers(1, 4)) if not parcels else 1):
            _travel(story, story.place + rng.normal(0, 6000, 2), kind, rng)
        _travel(story, yard + rng.normal(0, 5, 2), kind, rng)
        story.drive(yard_moves(yard, rng), 3.5, False, rng)
        _wait(story, rng, False)
    track, in_field = _observe(story, rng, name)
    return MachineDay(track=track, field=in_field, kind=kind.name, width_m=width_m)


def _parcels(kind: Kind, rng: np.random.Generator) -> list[Parcel]:
    """Fields of one farm lie alike and side by side; the next farm is some kilometres on."""
    found: list[Parcel] = []
    east, north = rng.normal(0, 1500, 2)
    size_ha = float(np.exp(rng.uniform(*np.log(kind.size_ha))))
    for _ in range(int(rng.integers(1, 7))):
        turn = float(rng.uniform(0, 2 * np.pi))
        shear = float(rng.normal(0, 0.15))
        for _ in range(int(rng.integers(1, 5))):
            area = size_ha * 1e4 * float(np.exp(rng.normal(0, 0.5)))
            long_m = float(np.sqrt(area * rng.uniform(1.0, 6.0)))
            parcel = Parcel(east_m=east, north_m=north, long_m=long_m, wide_m=area / long_m, turn=turn, shear=shear,
                            bend_m=float(rng.normal(0, 0.01) * long_m))  # fmt: skip
            found.append(parcel)
            gap = parcel.wide_m + rng.choice([2.0, 6.0, 15.0, 150.0])
            east, north = parcel.place(np.zeros(1), np.array([gap]))[0]
        away = np.exp(rng.uniform(np.log(300), np.log(9000)))
        angle = rng.uniform(0, 2 * np.pi)
        east, north = east + away * np.cos(angle), north + away * np.sin(angle)
    return found


def _travel(story: _Story, target: Floats, kind: Kind, rng: np.random.Generator) -> None:
    """Over the road, with stops; sometimes there and back again first (fuel, a part, grain to the dryer)."""
    far_m = float(np.hypot(*(target - story.place)))
    hauled = far_m > 3000 and rng.random() < kind.hauled
    km_h = rng.uniform(25, 65) if hauled else rng.uniform(*kind.road_km_h)
    if far_m < 60:
        km_h = rng.uniform(0.5, 1.0) * min(km_h, 8.0)
    way = road(story.place, target, rng, roughness=float(rng.uniform(0.02, 0.25)))
    slow = int(rng.uniform(2, 25)) if rng.random() < 0.6 else 0  # points of the track that leads to the field
    way, track = way[: max(2, len(way) - slow)], way[max(2, len(way) - slow) - 1 :]
    for turn in range(1 + 2 * int(far_m > 300 and rng.random() < 0.15)):
        lane = beside(way[:: 1 if turn % 2 == 0 else -1], float(rng.normal(1.5, 0.7)))
        cuts = np.sort(rng.integers(0, len(lane), int(rng.poisson(far_m / 4000))))
        for part in np.split(lane, cuts):
            if len(part) > 1:
                story.drive(part, km_h, False, rng)
                if rng.random() < 0.3:
                    story.stand(float(rng.exponential(90)), False)
        if rng.random() < 0.1:
            story.drive(yard_moves(story.place, rng), 4.0, False, rng)
            _wait(story, rng, False)
    if len(track) > 1:
        story.drive(track, float(rng.uniform(2.5, 10)), False, rng)
    if rng.random() < 0.3:  # unfolds, adjusts, unloads
        story.drive(yard_moves(story.place, rng), float(rng.uniform(2, 5)), False, rng)
        story.stand(float(rng.exponential(200)), False)


def _work(story: _Story, parcel: Parcel, width_m: float, kind: Kind, rng: np.random.Generator) -> None:
    """Over a parcel with unloading, refilling, a meal; one in ten is left unfinished."""
    cover = width_m * float(rng.uniform(0.85, 1.05))
    km_h = float(rng.uniform(*kind.work_km_h))
    rows = (spiral if rng.random() < kind.spiral else strips)(parcel, cover, rng)
    while rng.random() < kind.again and len(rows) < 400:
        rows = rows + strips(parcel, cover * float(rng.uniform(0.8, 1.6)), rng)
    if rng.random() < 0.1:
        rows = rows[: max(1, int(len(rows) * rng.uniform(0.1, 0.9)))]
    gate = parcel.place(np.zeros(1), np.zeros(1))
    next_m = rng.uniform(*kind.unload_m)
    worked_m, begun_s = 0.0, story.now_s
    for way in rows:
        story.drive(way, km_h, True, rng)
        worked_m += float(np.hypot(*np.diff(way, axis=0).T).sum())
        if worked_m > next_m:
            worked_m, next_m = 0.0, rng.uniform(*kind.unload_m)
            back = story.place.copy()
            if rng.random() < 0.4:
                story.drive(gate, 1.3 * km_h, True, rng)
            story.stand(float(rng.uniform(30, 360)), True)
            story.drive(back[None, :], 1.3 * km_h, True, rng)
        if rng.random() < 0.01:
            story.stand(float(rng.exponential(900)), True)
        if story.now_s - begun_s > 6 * 3600:
            break


def _wait(story: _Story, rng: np.random.Generator, in_field: bool) -> None:
    story.stand(float(rng.choice([60.0, 600.0, 3600.0]) * rng.uniform(0.3, 2.0)), in_field)


def _observe(story: _Story, rng: np.random.Generator, name: str) -> tuple[Track, NDArray[np.int8]]:
    """What a terminal reports: a step of 1 to 5 s (longer while standing), drift and noise, silences, six decimals."""
    way, moments, in_field = np.vstack(story.ways), np.concatenate(story.moments), np.concatenate(story.fields)
    step_s = float(rng.choice([1.0, 1.0, 2.0, 2.0, 3.0, 5.0]))
    time_s = np.arange(0.0, story.now_s, step_s)
    x_m, y_m = np.interp(time_s, moments, way[:, 0]), np.interp(time_s, moments, way[:, 1])
    at = np.searchsorted(moments, time_s, side="right") - 1
    keep = _reported(x_m, y_m, time_s, rng)
    error = GnssError(
        "day",
        drift_m=float(rng.uniform(0, 1.5)),
        white_m=float(np.exp(rng.uniform(np.log(0.02), np.log(0.6)))),
        drift_tau_s=float(rng.uniform(120, 900)),
    )
    noisy = [axis + errors_at(time_s, error, rng) for axis in (x_m, y_m)]
    lon, lat = PLACE.to_degrees(*noisy)
    track = make_track(name, START_S + time_s[keep], lon[keep].round(6), lat[keep].round(6))
    return track, in_field[at][keep]


def _reported(x_m: Floats, y_m: Floats, time_s: Floats, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which moments reach the server: standing machines report seldom or not at all, and whole spells are lost."""
    keep = np.ones(len(time_s), np.bool_)
    standing = np.concatenate([[False], np.hypot(np.diff(x_m), np.diff(y_m)) == 0])
    every_s = float(rng.choice([time_s[1] - time_s[0], 30.0, 60.0, 1e9]))
    keep[standing & (time_s // every_s == np.concatenate([[-1], time_s[:-1] // every_s]))] = False
    keep &= rng.random(len(time_s)) > rng.choice([0.0, 0.02, 0.15])
    for _ in range(int(rng.poisson(3))):
        lost_s = rng.uniform(0, time_s[-1])
        keep[(time_s > lost_s) & (time_s < lost_s + rng.exponential(120))] = False
    keep[:2] = True
    return keep
