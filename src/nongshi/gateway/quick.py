"""The commonest of all: one whole plain position report in one read, of a terminal that is signed in.

Such reads are gathered over one commit and decoded together by compiled code; whatever is not perfectly ordinary about
one of them goes the long way through its session. A test holds both ways to the same rows and answers.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nongshi.gateway.committer import Batch
from nongshi.gateway.settings import GatewaySettings
from nongshi.tracks.jt808.batch import decode_batch
from nongshi.tracks.jt808.position import ACC, FIXED

if TYPE_CHECKING:
    from nongshi.gateway.session import Session

MARK, ESCAPE = b"\x7e", 0x7D
BASE_END = {6: 41, 10: 46}  # where items begin in a read, by bytes of the number in the head
FRAME_BYTES_MIN = 43
MS, DEGREE, SPEED_SCALE = 1000, 1e7, 10


def is_quick(session: "Session", data: bytes) -> bool:
    """Whether a read may go this way."""
    return (
        session.plain
        and data[0] == data[-1] == 0x7E
        and len(data) >= FRAME_BYTES_MIN
        and ESCAPE not in data
        and data.count(MARK) == 2
    )


def take_quick(
    reads: Sequence[tuple["Session", bytes]], batch: Batch, settings: GatewaySettings, now_s: float
) -> list[tuple["Session", bytes]]:
    """Put the rows and answers of these reads into the batch; answers those that have to go the long way."""
    rows, codes = decode_batch(b"".join(data for _, data in reads))
    read_of_row = np.flatnonzero(codes == 0)
    sessions = [reads[k][0] for k in read_of_row.tolist()]
    numbers = np.array([session.phone_numbers for session in sessions], dtype=np.uint64).reshape(-1, 2)
    time_s = rows["local_s"] - np.array([session.ahead_s for session in sessions], dtype=np.int64)
    ordinary = (numbers[:, 0] == rows["phone_high"]) & (numbers[:, 1] == rows["phone_low"])
    ordinary &= (rows["status"] & FIXED) != 0
    ordinary &= (time_s <= now_s + settings.future_s_max) & (time_s >= now_s - settings.past_s_max)
    ordinary &= (abs(rows["lat"]) <= 90) & (abs(rows["lon"]) <= 180)
    picked = np.flatnonzero(ordinary)
    good = rows[picked]
    mine = [(sessions[k], reads[read_of_row[k]][1]) for k in picked.tolist()]
    batch.rows += zip(
        [session.number for session, _ in mine],
        (time_s[picked] * MS).tolist(),
        np.rint(good["lon"] * DEGREE).astype(np.int64).tolist(),
        np.rint(good["lat"] * DEGREE).astype(np.int64).tolist(),
        np.rint(good["speed_km_h"] * SPEED_SCALE).astype(np.int64).tolist(),
        good["course_deg"].tolist(),
        good["altitude_m"].tolist(),
        (good["status"] & ACC).tolist(),
        good["alarm"].tolist(),
        [data[BASE_END[session.phone_width] : -2] or None for session, data in mine],
        strict=True,
    )
    for (session, _), serial in zip(mine, good["serial"].tolist(), strict=True):
        batch.positions.append((session, serial))
        session.charge()
    taken = np.zeros(len(reads), bool)
    taken[read_of_row[picked]] = True
    return [reads[k] for k in np.flatnonzero(~taken).tolist()]
