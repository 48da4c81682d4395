"""The bound's pricing, compiled: the best that each part could be worth at given prices of machine time.

A block is the working time that a part takes: the move to it and the work, in a row on the clock of some machine
of the class. It ends at offset x of day D; what does not fit into [0, x] lies at the end of earlier days, any
days, each cut at any of its possible ends. For one such chain of days the worth is piecewise linear in x,
so only its breakpoints are looked at, and the maximum is exact.
"""

import numpy as np
from numba import njit

SLACK_S = 1e-3  # rounding of clocks; widens every range


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def cumulate(price, slots, slot_s, cum):  # type: ignore[no-untyped-def]
    """Price of the time from the start of the day to each slot's edge: (c, d, k) -> (c, d, k + 1)."""
    for c in range(price.shape[0]):
        for d in range(price.shape[1]):
            cum[c, d, 0] = 0.0
            for k in range(price.shape[2]):
                cum[c, d, k + 1] = cum[c, d, k] + price[c, d, k] * slot_s


@njit(cache=True, nogil=True, inline="always")  # pragma: no cover - compiled
def priced(cum, c, d, at_s, slot_s):  # type: ignore[no-untyped-def]
    """Price of [0, at_s] of a day."""
    k = min(int(at_s / slot_s), cum.shape[2] - 2)
    return cum[c, d, k] + (cum[c, d, k + 1] - cum[c, d, k]) * (at_s / slot_s - k)


@njit(cache=True, nogil=True, inline="always")  # pragma: no cover - compiled
def lost(late_s, curve, knot_s, knot_share, knot_slope):  # type: ignore[no-untyped-def]
    """Share lost at a lateness."""
    if late_s <= 0.0:
        return 0.0
    k = 0
    while k + 1 < knot_s.shape[1] and knot_s[curve, k + 1] < late_s:
        k += 1
    return min(1.0, knot_share[curve, k] + knot_slope[curve, k] * (late_s - knot_s[curve, k]))


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def dominate(cum, end_s, ends, slot_s, as_last, as_through):  # type: ignore[no-untyped-def]
    """First later (day, end) at which a block's beginning, or a whole day of it, costs no more; else a day too far."""
    classes, days = ends.shape
    for c in range(classes):
        for d in range(days):
            for t in range(ends[c, d]):
                as_last[c, d, t] = as_through[c, d, t] = days
                mine_s, mine = end_s[c, d, t], priced(cum, c, d, end_s[c, d, t], slot_s)
                for d2 in range(d, days):
                    for t2 in range(ends[c, d2]):
                        if end_s[c, d2, t2] < mine_s or (d2 == d and t2 <= t):
                            continue
                        other_s, other = end_s[c, d2, t2], priced(cum, c, d2, end_s[c, d2, t2], slot_s)
                        if as_through[c, d, t] == days and other <= mine:
                            as_through[c, d, t] = d2
                        if as_last[c, d, t] < days:
                            continue
                        beaten = True
                        for side in range(2):
                            top_s = other_s if side == 0 else mine_s
                            k = int(top_s / slot_s)
                            while k >= 0 and beaten:
                                rest_s = top_s - k * slot_s
                                k -= 1
                                if rest_s > mine_s:
                                    break
                                a = other - priced(cum, c, d2, other_s - rest_s, slot_s)
                                beaten = a <= mine - priced(cum, c, d, mine_s - rest_s, slot_s) + 1e-9
                        if beaten:
                            as_last[c, d, t] = d2
                    if as_last[c, d, t] < days and as_through[c, d, t] < days:
                        break


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def price_parts(  # type: ignore[no-untyped-def]
    part_value, part_open, part_due, part_close, part_curve, work_s, class_fen_s, knot_s, knot_share, knot_slope,
    first, mode_class, mode_move_s, mode_fen, mode_before, mode_ready, node_price, node_part, day_fen,
    start_s, len_s, end_s, ends, slot_s, cum, as_last, as_through,
    worth, best_mode, best_x, best_depth, best_day, best_end,
):  # fmt: skip
    """Best worth of every part (or whole job) over modes, last days and chains of days before; what reaches it is kept.

    day_fen[p, d] is the price of ending on day d, of either sign. best_day[p, 0] is the last day; best_day and
    best_end[p, 1:best_depth + 1] the days before it, backwards.
    """
    classes, days = len_s.shape
    day_at, end_at = np.zeros(days + 1, np.int64), np.zeros(days + 1, np.int64)
    passed_s, passed_fen = np.zeros(days + 1), np.zeros(days + 1)
    open_x = np.zeros(days + 1)
    for p in range(len(part_value)):
        value, opens, due, closes, curve = part_value[p], part_open[p], part_due[p], part_close[p], part_curve[p]
        best, hint = -np.inf, best_day[p, 0]
        best_mode[p] = -1
        least_fen = np.inf
        for d in range(days):
            least_fen = min(least_fen, day_fen[p, d])
        for mode in range(first[p], first[p + 1]):
            c, ready = mode_class[mode], mode_ready[mode]
            work = work_s[c, p]
            block = work + mode_move_s[mode]
            on_any_day = work * class_fen_s[c] + mode_fen[mode] - node_price[node_part[p] * classes + c]
            if mode_before[mode] >= 0:
                on_any_day += node_price[mode_before[mode]]
            useless = False
            for other in range(first[p], mode):
                if mode_class[other] == c and mode_ready[other] <= ready:
                    fen = mode_fen[other] + (node_price[mode_before[other]] if mode_before[other] >= 0 else 0.0)
                    if fen <= on_any_day - work * class_fen_s[c] + node_price[node_part[p] * classes + c]:
                        useless = True
                        break
            if useless or value - on_any_day - least_fen <= best:
                continue
            for turn in range(days + 1):
                last = hint if turn == 0 else turn - 1  # where the best was before: prunes the rest
                if last < 0 or (turn > 0 and last == hint) or len_s[c, last] <= 0.0:
                    continue
                s0, fixed = start_s[c, last], on_any_day + day_fen[p, last]
                top_x = min(len_s[c, last], closes - s0 + SLACK_S)
                if top_x <= 0.0:
                    continue
                floor_x = max(0.0, opens + work - s0) - SLACK_S
                if floor_x > top_x:
                    continue
                if value * (1.0 - lost(s0 + floor_x - due, curve, knot_s, knot_share, knot_slope)) - fixed <= best:
                    continue
                # depth 0: the block lies within the last day
                depth = 0
                day_at[0], end_at[0], passed_s[0], passed_fen[0] = last, 0, 0.0, 0.0
                open_x[0] = work + opens - s0 if opens > s0 else -1.0
                while depth >= 0:
                    d, t = day_at[depth], end_at[depth]
                    if depth == 0:
                        gone_s, gone_fen, tail_s = 0.0, 0.0, 0.0
                        low_x = max(open_x[0], block + max(0.0, ready - s0)) - SLACK_S
                        high_x = top_x
                        tail_fen = 0.0
                        limit_x = -1.0
                    else:
                        gone_s, gone_fen, tail_s = passed_s[depth], passed_fen[depth], end_s[c, d, t]
                        tail_fen = priced(cum, c, d, tail_s, slot_s)
                        ds = start_s[c, d]
                        if opens <= ds:
                            limit_x = -1.0
                        elif opens < ds + tail_s:
                            limit_x = work - gone_s - tail_s + opens - ds
                        else:
                            limit_x = max(work - gone_s, open_x[depth - 1])
                        low_x = max(limit_x, block - gone_s - tail_s + max(0.0, ready - ds)) - SLACK_S
                        high_x = min(top_x, block - gone_s)
                    low_x = max(low_x, block - gone_s - tail_s, 0.0) if depth > 0 else max(low_x, block)
                    if high_x < low_x <= high_x + SLACK_S:
                        low_x = high_x
                    final = low_x <= high_x and (depth == 0 or as_last[c, d, t] >= day_at[depth - 1])
                    if final:
                        at_low = value * (1.0 - lost(s0 + low_x - due, curve, knot_s, knot_share, knot_slope))
                        final = at_low - fixed - gone_fen > best
                    if final:
                        rest_s = block - gone_s  # block begins at offset tail_s - (rest_s - x) of day d
                        knots = knot_s.shape[1]
                        low_k, high_k = int(low_x / slot_s) + 1, int(high_x / slot_s)
                        begin_s = low_x - rest_s + tail_s
                        low_b, high_b = int(begin_s / slot_s) + 1, int((high_x - rest_s + tail_s) / slot_s)
                        count = 2 + knots + max(0, high_k - low_k + 1) + max(0, high_b - low_b + 1)
                        for point in range(count):
                            if point == 0:
                                x = low_x
                            elif point == 1:
                                x = high_x
                            elif point < 2 + knots:
                                x = due + knot_s[curve, point - 2] - s0
                                if not low_x < x < high_x:
                                    continue
                            elif point < 2 + knots + max(0, high_k - low_k + 1):
                                x = (low_k + point - 2 - knots) * slot_s
                            else:
                                x = (low_b + point - 2 - knots - max(0, high_k - low_k + 1)) * slot_s + rest_s - tail_s
                                x = min(max(x, low_x), high_x)
                            begin_s = max(0.0, tail_s - rest_s + x)
                            now = value * (1.0 - lost(s0 + x - due, curve, knot_s, knot_share, knot_slope)) - fixed
                            now -= priced(cum, c, last, x, slot_s) + gone_fen
                            now += priced(cum, c, d, begin_s, slot_s) - tail_fen
                            if now > best:
                                best = now
                                best_mode[p], best_x[p], best_depth[p] = mode, x, depth
                                for level in range(depth + 1):
                                    best_day[p, level], best_end[p, level] = day_at[level], end_at[level]
                    # go on: deeper if days further back can matter, else the next candidate of this depth
                    deeper = depth < days and d > 0 and block - gone_s - tail_s > 0.0
                    if deeper and depth > 0:
                        deeper = as_through[c, d, t] >= day_at[depth - 1] and start_s[c, d] > ready - SLACK_S
                        deeper = deeper and value - fixed - gone_fen - tail_fen > best
                        deeper = deeper and limit_x <= top_x + SLACK_S
                    if depth == 0:
                        deeper = d > 0 and open_x[0] <= top_x + SLACK_S and start_s[c, d] > ready - SLACK_S
                    if deeper:
                        if depth > 0:
                            open_x[depth] = limit_x
                        passed_s[depth + 1], passed_fen[depth + 1] = gone_s + tail_s, gone_fen + tail_fen
                        depth += 1
                        day_at[depth], end_at[depth] = d - 1, -1
                    while depth > 0:
                        end_at[depth] += 1
                        if end_at[depth] < ends[c, day_at[depth]]:
                            break
                        day_at[depth] -= 1
                        end_at[depth] = -1
                        if day_at[depth] < 0 or start_s[c, day_at[depth]] + len_s[c, day_at[depth]] < ready:
                            depth -= 1
                    if depth == 0:
                        break
        worth[p] = best


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def use_slots(use, c, d, from_s, to_s, slot_s, sign):  # type: ignore[no-untyped-def]
    """Add the seconds of [from_s, to_s] to the slots they lie in."""
    k = int(from_s / slot_s)
    while k < use.shape[2] and k * slot_s < to_s:
        use[c, d, k] += sign * max(0.0, min(to_s, (k + 1) * slot_s) - max(from_s, k * slot_s))
        k += 1
