"""An order measured: by the positions that the gateway keeps, by a track file, or, without a track, by hand.

What measures tracks is slow to load, so it is named inside the functions that need it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.db import transaction

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.core.measured import WorkMeasured
from nongshi.core.units import mu
from nongshi.market.orders import State
from nongshi.site.base.scope import EVERYTHING, Scope
from nongshi.site.orders import services
from nongshi.site.orders.assumptions import AROUND_MIN, NEAR_M, WIDTH_M
from nongshi.site.orders.measuring_run import KIND
from nongshi.site.orders.models import OrderRow, OrderTrack
from nongshi.site.plans.models import OrderState, WorkOrder
from nongshi.site.work.services import Step, kind

if TYPE_CHECKING:
    from nongshi.geo.track import Track
    from nongshi.tracks.area import AreaMeasure

AROUND = timedelta(minutes=AROUND_MIN)
FAR_KM = 5.0  # far beyond any field; larger ground would fill the memory
FILE_BYTES_MAX = 10 * 2**20
YEAR_2000_S, YEAR_2100_S = 946_684_800, 4_102_444_800
METRE_DEG = 1 / 111_320.0
BY_HAND = ("no track shows the work; the area was entered by hand", "没有作业轨迹，面积由人工录入")


@kind(KIND)
def measure_order(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Measure an order by the positions of its machines."""
    order = OrderRow.objects.select_related("job__field").get(pk=given["order"])
    if order.state != State.IN_WORK:
        return {"order": order.pk, "state": order.state}
    step(0.1, "")
    track, width_m = _kept_track(order)
    made = measure_by_track(EVERYTHING, order.pk, track, width_m=width_m)
    return {"order": order.pk, "area_ha": made.measured_ha}


def measure_by_track(
    scope: Scope,
    order_id: int,
    track: "Track",
    *,
    width_m: float | None = None,
    generated: bool = False,
    now: datetime | None = None,
) -> OrderRow:
    """Measure an order by a track: area, picture and the fixes near the field are kept with it.

    Raises:
        BadInput: the track shows no worked ground on the field.
        BadUsage: the order is not in work.
    """
    from nongshi.site.jobs.measures import keep_measure
    from nongshi.tracks.area import survey

    order = OrderRow.objects.select_related("job__field", "machine").get_changed(scope, pk=order_id)
    if order.state != State.IN_WORK:
        raise BadUsage(f"order {order.pk} is {order.state}; work is measured once it is begun, and once only")
    width_m = width_m or _width(order)
    track = _near(order, track)
    found = survey(track, width_m=width_m, field=order.job.field.geometry)
    with transaction.atomic():
        keep_measure(scope, order.job_id, found)
        _keep_track(order, track, generated)
        return services.measure(scope, order.pk, found.measured, how=_how(found, width_m, track), now=now)


def measure_by_file(scope: Scope, order_id: int, name: str, content: bytes) -> OrderRow:
    """Measure an order by an uploaded track (CSV, GPX, GeoJSON or an ISOXML archive) of one device.

    Raises:
        BadFiles: what stands in it cannot be right; faults by row and column.
        BadInput: more than one device, or nothing worked on the field.
    """
    from nongshi.files.track_exchange import read_any

    end = Path(name).suffix.lower()
    if end not in (".csv", ".gz", ".gpx", ".geojson", ".json", ".zip") or len(content) > FILE_BYTES_MAX:
        raise BadInput(f"{name[:60]}: send a track as .csv, .gpx, .geojson or .zip (ISOXML) of at most 10 MiB")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"track{end}"
        path.write_bytes(content)
        tracks = read_any(path)
    if len(tracks) != 1:
        raise BadInput(f"{name[:60]} holds {len(tracks)} devices; send the track of the machine that worked, alone")
    return measure_by_track(scope, order_id, tracks[0])


def track_of_fixes(order_id: int, fixes: Sequence[Sequence[float]]) -> "Track":
    """A track from rows of seconds since 1970, longitude, latitude, 1 at work (0 not, -1 unknown).

    Raises:
        BadInput: a position is not on the globe.
    """
    import numpy as np

    from nongshi.geo.track import make_track

    table = np.array([fix[:3] for fix in fixes], dtype=np.float64)
    if not ((table[:, 0] > YEAR_2000_S) & (table[:, 0] < YEAR_2100_S)).all():
        raise BadInput("the time of a fix is seconds since 1970, between the years 2000 and 2100; correct it")
    working = np.array([fix[3] if fix[3] in (0, 1) else -1 for fix in fixes], dtype=np.int8)
    return make_track(f"order-{order_id}", table[:, 0], table[:, 1], table[:, 2], working=working)


def measure_by_hand(scope: Scope, order_id: int, area_ha: float) -> OrderRow:
    """Enter an area where no track shows the work: both sides then have to agree on it.

    Raises:
        BadInput: no such area.
    """
    if not 0 < area_ha < 10_000:
        raise BadInput(f"an area of {area_ha:g} ha was not worked; enter the area that was")
    measured = WorkMeasured(
        worked_ha=area_ha,
        low_ha=area_ha,
        high_ha=area_ha,
        overlap_ha=0.0,
        skip_ha=0.0,
        travelled_ha=0.0,
        fixes=0,
        auto_settle=False,
        why=BY_HAND[0],
        why_zh=BY_HAND[1],
    )
    return services.measure(scope, order_id, measured, how={"by_hand": True})


def _near(order: OrderRow, track: "Track") -> "Track":
    """The fixes within a few kilometres of the field's gate: what lies elsewhere is neither its work nor to be laid.

    Raises:
        BadInput: there is none.
    """
    import numpy as np

    field = order.job.field
    far_deg = FAR_KM * 1000 * METRE_DEG
    along = np.cos(np.radians(field.gate_lat))
    here = (abs(track.lat - field.gate_lat) < far_deg) & (abs(track.lon - field.gate_lon) * along < far_deg)
    if here.sum() < 2:
        raise BadInput(
            f"no two fixes of the track lie within {FAR_KM:g} km of field {field}; send the track of its work"
        )
    return track.part(here)


def _kept_track(order: OrderRow) -> tuple["Track", float]:
    """What the gateway keeps of the machine that did the order's work, from begin to end."""
    from nongshi.gateway.fix_row import track_of
    from nongshi.site.feeds.positions import hot_store

    work = list(
        WorkOrder.objects.filter(job_id=order.job_id, state=OrderState.DONE)
        .exclude(began_at=None)
        .select_related("machine")
        .order_by("began_at")
    )
    machines = {row.machine.terminal: row.machine for row in work if row.machine.terminal}
    store = hot_store()
    if store is None or not work or len(machines) != 1:
        raise NotFound(f"order {order.pk}: {len(machines)} terminals reported its work; send a track file, or enter it")
    ((terminal, machine),) = machines.items()
    begin, end = work[0].began_at - AROUND, max(row.ended_at for row in work) + AROUND
    rows = store.rows(terminal, round(begin.timestamp() * 1000), round(end.timestamp() * 1000))
    return track_of(terminal, rows), machine.width_m or WIDTH_M


def _width(order: OrderRow) -> float:
    if order.machine is None:
        return WIDTH_M
    implement = order.machine.implements.order_by("pk").first()
    return order.machine.width_m or (implement.width_m if implement else WIDTH_M)


def _how(found: "AreaMeasure", width_m: float, track: "Track") -> dict[str, Any]:
    """What the sheet prints of the measuring."""
    return {
        "width_m": width_m,
        "closing_share": found.closing_share,
        "closed_m": found.closed_m,
        "fixes": found.measured.fixes,
        "device": track.device_id,
        "shown_mu": round(mu(found.measured.worked_ha), 2),
    }


def _keep_track(order: OrderRow, track: "Track", generated: bool) -> None:
    import numpy as np
    import shapely

    from nongshi.geo.track import YES

    near = np.ones(len(track), dtype=bool)
    outline = order.job.field.geometry
    if outline is not None:
        near = shapely.contains_xy(outline.buffer(NEAR_M * METRE_DEG), track.lon, track.lat)
    track = track.part(near)
    if not len(track):
        return
    first_s = float(track.time_s[0])
    row = OrderTrack(
        order=order, device=track.device_id[:80], began=datetime.fromtimestamp(first_s, UTC), generated=generated
    )
    row.fixes = [
        [round(t - first_s, 1), round(lon, 7), round(lat, 7), int(on == YES)]
        for t, lon, lat, on in zip(
            track.time_s.tolist(), track.lon.tolist(), track.lat.tolist(), track.working.tolist(), strict=True
        )
    ]
    OrderTrack.objects.filter(order=order).delete()
    row.save()
