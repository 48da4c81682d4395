"""What a gateway may be told at its start; each default says where it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Limits of one gateway. All numbers are assumptions unless a source stands beside them."""

    commit_every_s: float = 0.01  # under load many connections share one commit; alone a fix goes in at once
    connections_max: int = 20_000  # file handles of one process on a common server
    unsigned_s_max: float = 30.0  # until a connection must have signed in
    silent_s_max: float = 600.0  # terminals send a heartbeat every 30 to 300 s
    fixes_s_max: float = 200.0  # a second and connection, in the long run: a terminal sends one, or catches up
    fixes_burst: int = 20_000  # a day at 5 s kept in a blind zone comes at once
    unread_bytes_max: int = 65_536  # answers that a terminal does not read
    pending_max: int = 200_000  # fixes that wait for the disk before reading pauses
    future_s_max: float = 600.0  # a clock ahead of ours by more is junk (measured: terminals send the year 2028)
    past_s_max: float = 10 * 365 * 86_400.0  # older is junk, too
    parts_age_s_max: float = 3600.0  # parts of a long message wait so long for the others
    outbox_s: float = 1.0  # how often the outbox is looked at
    log_s: float = 60.0  # refused frames are summed up so often
    open_sign_in: bool = False  # devices that are in no register are let in, to try things on
    strict: bool = True  # a wrong check byte refuses the frame
