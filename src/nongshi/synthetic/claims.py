"""Generated subsidy claims: honest ones as machines and receivers make them, and planted ones of five kinds.

Everything here is generated. What is planted is drawn wide on purpose (noise added, fixes left out, turned, delayed by
days or a year, wholly or half on claimed ground), so that no single trick finds it all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, affinity, transform

from nongshi.core.claim import Claim, Photo
from nongshi.core.errors import BadInput
from nongshi.geo.plane import Plane
from nongshi.geo.track import Track, make_track
from nongshi.synthetic.field_shapes import SHAPES
from nongshi.synthetic.field_work import FieldWork, make_field_work
from nongshi.synthetic.gnss import ERRORS, observe

Floats = NDArray[np.float64]
CENTRE = (121.2, 30.8)
SPACING_M = 700.0  # between places: nobody's field reaches the next one's
COLUMNS = 25
START = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
RECEIVERS = (("rtk", 1.0), ("rtk", 2.0), ("sbas", 1.0), ("sbas", 5.0), ("drift-0.5", 1.0), ("drift-0.5", 2.0),
             ("drift-1", 1.0), ("drift-1", 5.0))  # fmt: skip
WORK: dict[str, tuple[str, tuple[float, ...], tuple[float, float]]] = {  # licence, widths m, speeds m/s
    "rice_harvest": ("S", (1.8, 2.0, 2.5), (0.9, 1.7)),
    "rotary_till": ("G1", (1.8, 2.3, 2.5), (0.7, 1.6)),
    "wheat_sow": ("G1", (2.3, 2.5, 3.0), (1.2, 2.4)),
}
TOO_FAST_M_S = (4.2, 8.0)  # 15 to 29 km/h: a road drive, no work of these operations
PLANTED = ("copy", "shift", "device", "too_fast", "overlap")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeClaim:
    """One claim with its proof; `planted`: which trick it is, empty for an honest one."""

    claim: Claim
    track: Track
    outline: Polygon
    planted: str = ""


@dataclass(frozen=True, slots=True)
class _Machine:
    number: int
    operation: str
    width_m: float
    receiver: tuple[str, float]

    @property
    def ids(self) -> dict[str, Any]:
        licence = WORK[self.operation][0]
        return {
            "claimant_id": f"OW{self.number // 2:03d}",
            "machine_id": f"M{self.number:03d}",
            "device_id": f"1390000{self.number:04d}",
            "operator_id": f"OP{self.number:03d}",
            "licence_needed": licence,
            "licences": {licence: date(2029, 1, 1)},
        }


@dataclass(frozen=True, slots=True)
class _Place:
    plane: Plane
    work: FieldWork


def make_claims(*, honest: int = 300, planted: int = 60, seed: int = 1) -> list[MadeClaim]:
    """A season's heap of claims, planted ones among the honest, in a drawn order."""
    rng = np.random.default_rng([seed, 11])
    machines = [_machine(number, rng) for number in range(max(8, honest // 6))]
    sound = list(_honest(machines, honest, rng))
    tricks = [PLANTED[k % len(PLANTED)] for k in range(planted)]
    false = [_plant(trick, k, sound, machines, rng) for k, trick in enumerate(tricks)]
    heap = sound + false
    order = rng.permutation(len(heap))
    return [
        replace(heap[i], claim=replace(heap[i].claim, id=f"C{n:05d}", order_id=f"O{n:05d}"))
        for n, i in enumerate(order)
    ]


def _machine(number: int, rng: np.random.Generator) -> _Machine:
    operation = str(rng.choice(list(WORK), p=[0.6, 0.25, 0.15]))
    width_m = float(rng.choice(WORK[operation][1]))
    return _Machine(number, operation, width_m, RECEIVERS[int(rng.integers(len(RECEIVERS)))])


def _honest(machines: list[_Machine], count: int, rng: np.random.Generator) -> Iterator[MadeClaim]:
    """Machine by machine, day by day, one to three fields a day not far from each other."""
    made = place = 0
    days = dict.fromkeys(range(len(machines)), 0)
    while made < count:
        machine = machines[int(rng.integers(len(machines)))]
        day = days[machine.number] + int(rng.integers(1, 3))
        days[machine.number] = day
        at = START + timedelta(days=day, minutes=float(rng.uniform(0, 90)))
        for _ in range(min(count - made, int(rng.integers(1, 4)))):
            claim = _work_on(place, machine, at, rng)
            at = claim.claim.until + timedelta(minutes=float(rng.uniform(12, 50)))
            if rng.random() < 0.06 and made + 1 < count:  # two machines share a field
                helper = machines[(machine.number + 2) % len(machines)]
                for part in _shared(claim, machine, helper, days, rng):
                    yield part
                    made += 1
            else:
                yield claim
                made += 1
            place += 1


def _work_on(place: int, machine: _Machine, at: datetime, rng: np.random.Generator) -> MadeClaim:
    spot = _place(place, machine, rng)
    error, step_s = machine.receiver
    missing = []
    if rng.random() < 0.1:
        begin = float(rng.uniform(0.1, 0.8) * spot.work.t_s[-1])
        missing.append((begin, begin + float(rng.uniform(20, 120))))
    track = observe(
        spot.work.t_s, spot.work.x_m, spot.work.y_m, step_s, ERRORS[error], rng,
        working=spot.work.working, missing=missing, plane=spot.plane, device_id=machine.ids["device_id"],
        start_s=at.timestamp(),
    )  # fmt: skip
    outline = transform(
        spot.work.field, lambda points: np.column_stack(spot.plane.to_degrees(points[:, 0], points[:, 1]))
    )
    return _claim(machine, track, outline, f"F{place:05d}", spot.work.worked_ha * rng.uniform(0.97, 1.015), rng)


def _place(number: int, machine: _Machine, rng: np.random.Generator) -> _Place:
    """A field of its own at a place of its own; every fifth lies wall to wall with the one before."""
    centre = Plane(*CENTRE)
    east, north = number % COLUMNS * SPACING_M, number // COLUMNS * SPACING_M
    lon, lat = centre.to_degrees(east, north)
    low, high = WORK[machine.operation][2]
    while True:
        try:
            work = make_field_work(
                str(rng.choice(SHAPES, p=[0.5, 0.2, 0.15, 0.15])),
                str(rng.choice(["back-and-forth", "spiral", "blocks"], p=[0.6, 0.15, 0.25])),  # type: ignore[arg-type]
                machine.width_m,
                rng,
                length_m=float(rng.uniform(90, 220)),
                breadth_m=float(rng.uniform(30, 80)),
                speed_m_s=float(rng.uniform(low, high)),
                overlap_share=float(rng.uniform(0.03, 0.12)),
                steer_m=float(rng.uniform(0.02, 0.1)),
                stops=int(rng.integers(0, 3)),
            )
        except BadInput:
            continue
        return _Place(Plane(float(lon), float(lat)), work)


def _claim(
    machine: _Machine, track: Track, outline: Polygon, field_id: str, area_ha: float, rng: np.random.Generator
) -> MadeClaim:
    since = datetime.fromtimestamp(float(track.time_s[0]), UTC)
    until = datetime.fromtimestamp(float(track.time_s[-1]), UTC)
    photo = Photo(name="after.jpg", sha256=rng.bytes(32).hex(), taken_at=until)
    return MadeClaim(
        claim=Claim(
            id="", operation=machine.operation, field_id=field_id, width_m=machine.width_m,
            claimed_ha=max(0.01, round(float(area_ha), 3)), since=since - timedelta(minutes=2),
            until=until + timedelta(minutes=2), photos=(photo,), generated=True, **machine.ids,
        ),
        track=track,
        outline=outline,
    )  # fmt: skip


def _shared(
    whole: MadeClaim, machine: _Machine, helper: _Machine, days: dict[int, int], rng: np.random.Generator
) -> list[MadeClaim]:
    """The two halves of one field's work, the second by another machine on a day on which it does nothing else."""
    half = len(whole.track) // 2
    days[helper.number] += 3
    later_s = 86_400.0 * (days[helper.number] + 40)
    first, rest = whole.track.part(slice(0, half)), whole.track.part(slice(half, None))
    share = float((first.working == 1).sum() / max(1, (whole.track.working == 1).sum()))
    area_ha = whole.claim.claimed_ha
    second = replace(helper, operation=machine.operation, width_m=machine.width_m)
    moved = _with(rest, device_id=second.ids["device_id"], time_s=rest.time_s + later_s)
    return [
        _claim(machine, first, whole.outline, whole.claim.field_id, area_ha * share * 0.97, rng),
        _claim(second, moved, whole.outline, whole.claim.field_id, area_ha * (1 - share) * 0.97, rng),
    ]


def _plant(trick: str, k: int, sound: list[MadeClaim], machines: list[_Machine], rng: np.random.Generator) -> MadeClaim:
    source = sound[int(rng.integers(len(sound)))]
    other = machines[int(rng.integers(len(machines)))]
    if other.ids["machine_id"] == source.claim.machine_id:
        other = machines[(other.number + 1) % len(machines)]
    return {"copy": _copy, "shift": _shift, "device": _device, "too_fast": _too_fast, "overlap": _overlap}[trick](
        k, source, other, sound, rng
    )


def _copy(k: int, source: MadeClaim, other: _Machine, _: list[MadeClaim], rng: np.random.Generator) -> MadeClaim:
    """The same drive handed in again, days or a year later, by the same or another machine; roughened or thinned."""
    later_s = 86_400.0 * float(rng.choice([30, 80, 365])) + float(rng.uniform(-3600, 3600))
    track = _roughened(source.track, rng)
    track = _with(track, time_s=track.time_s + later_s)
    again = _same_work(source, other) if rng.random() < 0.5 else None
    return _again(source, track, source.outline, again, source.claim.field_id, "copy", rng)


def _shift(k: int, source: MadeClaim, other: _Machine, _: list[MadeClaim], rng: np.random.Generator) -> MadeClaim:
    """The same drive laid on another field, perhaps turned, on another day."""
    place = Plane(float(source.track.lon[0]), float(source.track.lat[0]))
    x_m, y_m = place.to_m(source.track.lon, source.track.lat)
    angle = float(rng.choice([0.0, 0.0, rng.uniform(0, 2 * np.pi)]))
    east, north = float(rng.uniform(-9, 9)) * 1000, 30_000.0 + k * SPACING_M
    turned = (x_m * np.cos(angle) - y_m * np.sin(angle) + east, x_m * np.sin(angle) + y_m * np.cos(angle) + north)
    lon, lat = place.to_degrees(*turned)
    metres = transform(source.outline, lambda p: np.column_stack(place.to_m(p[:, 0], p[:, 1])))
    metres = affinity.translate(affinity.rotate(metres, angle, origin=(0, 0), use_radians=True), east, north)
    outline = transform(metres, lambda p: np.column_stack(place.to_degrees(p[:, 0], p[:, 1])))
    track = _with(source.track, lon=lon, lat=lat, time_s=source.track.time_s + 86_400.0 * float(rng.integers(1, 30)))
    track = _roughened(_with(track, course_deg=np.full(len(track), np.nan)), rng)
    return _again(source, track, outline, _same_work(source, other), f"X{k:05d}", "shift", rng)


def _device(k: int, source: MadeClaim, other: _Machine, sound: list[MadeClaim], rng: np.random.Generator) -> MadeClaim:
    """Real work of a machine, proved by the device of another one, perhaps at an hour at which that one was at work."""
    homes: dict[str, list[MadeClaim]] = {}
    for claim in sound:
        homes.setdefault(claim.claim.device_id, []).append(claim)
    at_home = [claims for claims in homes.values() if len(claims) >= 3] or list(homes.values())
    lender = at_home[int(rng.integers(len(at_home)))]
    machine = replace(other, operation=source.claim.operation, width_m=source.claim.width_m)
    busy = lender[int(rng.integers(len(lender)))]
    at = busy.claim.since if rng.random() < 0.5 else busy.claim.since + timedelta(days=60)
    claim = _work_on(len(sound) + k, machine, at, rng)
    device_id = lender[0].claim.device_id
    return replace(
        claim, claim=replace(claim.claim, device_id=device_id), track=_with(claim.track, device_id=device_id),
        planted="device",
    )  # fmt: skip


def _too_fast(
    k: int, source: MadeClaim, other: _Machine, sound: list[MadeClaim], rng: np.random.Generator
) -> MadeClaim:
    """A field driven over in a hurry: the tool cannot have worked."""
    spot = _place(2 * len(sound) + k, other, rng)
    at = START + timedelta(days=70 + k, hours=float(rng.uniform(0, 8)))
    error, step_s = other.receiver
    fast = float(rng.uniform(*TOO_FAST_M_S)) / float(np.median(_speeds(spot.work)))
    track = observe(
        spot.work.t_s / fast, spot.work.x_m, spot.work.y_m, min(step_s, 2.0), ERRORS[error], rng,
        working=spot.work.working, plane=spot.plane, device_id=other.ids["device_id"], start_s=at.timestamp(),
    )  # fmt: skip
    outline = transform(spot.work.field, lambda p: np.column_stack(spot.plane.to_degrees(p[:, 0], p[:, 1])))
    return replace(_claim(other, track, outline, f"Y{k:05d}", spot.work.worked_ha, rng), planted="too_fast")


def _overlap(k: int, source: MadeClaim, other: _Machine, _: list[MadeClaim], rng: np.random.Generator) -> MadeClaim:
    """Ground that another owner claimed for the same work, driven anew, wholly or in part, some days apart."""
    machine = _same_work(source, other)
    place = Plane(float(source.track.lon[0]), float(source.track.lat[0]))
    x_m, y_m = place.to_m(source.track.lon, source.track.lat)
    keep = float(rng.uniform(0.4, 1.0))
    till = max(200, int(keep * len(x_m)))
    error, _step = ERRORS["sbas"], 1.0
    noise = [np.cumsum(rng.normal(0, 0.02, len(x_m))) * 0.2 + rng.normal(0, error.white_m + 0.15, len(x_m))
             for _axis in range(2)]  # fmt: skip
    lon, lat = place.to_degrees(x_m[::-1] + noise[0], y_m[::-1] + noise[1])
    time_s = source.track.time_s
    backwards = (time_s[0] + (time_s[-1] - time_s[::-1])) * 1.0 + 86_400.0 * float(rng.integers(2, 25))
    slower = backwards[0] + (backwards - backwards[0]) * float(rng.uniform(0.95, 1.15))
    track = make_track(
        machine.ids["device_id"], slower, lon, lat, working=source.track.working[::-1]
    ).part(slice(0, till))  # fmt: skip
    claim = _claim(machine, track, source.outline, f"Z{k:05d}", source.claim.claimed_ha * till / len(x_m) * 0.9, rng)
    return replace(claim, planted="overlap")


def _speeds(work: FieldWork) -> Floats:
    moved = np.hypot(np.diff(work.x_m), np.diff(work.y_m)) / np.diff(work.t_s)
    on: Floats = moved[work.working[:-1] & (moved > 0.1)]
    return on


def _same_work(source: MadeClaim, other: _Machine) -> _Machine:
    return replace(other, operation=source.claim.operation, width_m=source.claim.width_m)


def _roughened(track: Track, rng: np.random.Generator) -> Track:
    """As somebody would hide a copy: up to 10 cm of noise, and sometimes every second or fifth fix only."""
    noise_m = float(rng.choice([0.0, 0.03, 0.1]))
    scale = np.cos(np.radians(float(track.lat[0])))
    lon = track.lon + rng.normal(0, noise_m, len(track)) / 111_320 / scale
    lat = track.lat + rng.normal(0, noise_m, len(track)) / 111_320
    thin = int(rng.choice([1, 1, 2]))
    return _with(track, lon=lon, lat=lat).part(np.arange(len(track)) % thin == 0)


def _with(track: Track, **values: Any) -> Track:
    return replace(track, **values)


def _again(
    source: MadeClaim, track: Track, outline: Polygon, machine: _Machine | None, field_id: str, planted: str,
    rng: np.random.Generator,
) -> MadeClaim:  # fmt: skip
    """A claim of the source's kind by the same machine, or by another one with its own device."""
    if machine is not None:
        track = _with(track, device_id=machine.ids["device_id"])
        return replace(_claim(machine, track, outline, field_id, source.claim.claimed_ha * 0.98, rng), planted=planted)
    since = datetime.fromtimestamp(float(track.time_s[0]), UTC)
    until = datetime.fromtimestamp(float(track.time_s[-1]), UTC)
    claim = replace(
        source.claim, field_id=field_id, since=since - timedelta(minutes=2), until=until + timedelta(minutes=2),
        photos=(Photo(name="after.jpg", sha256=rng.bytes(32).hex(), taken_at=until),),
        claimed_ha=round(source.claim.claimed_ha * 0.98, 3),
    )  # fmt: skip
    return MadeClaim(claim=claim, track=track, outline=outline, planted=planted)
