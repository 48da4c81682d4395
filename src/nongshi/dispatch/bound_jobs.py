"""The bound's jobs, compiled: which are worth serving at given prices of their parts, and what they take."""

from numba import njit

from nongshi.dispatch.bound_slots import use_slots


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def choose_jobs(job_first, job_parts, job_whole, job_after, order, worth, gain, job_worth, chosen):  # type: ignore[no-untyped-def]
    """Sum of the jobs worth serving: all parts or none, whole or in parts, and none without the job before.

    chosen[j] is 0 (not served), 1 (in parts) or 2 (whole). `order` lists jobs after those that they wait for; jobs
    that wait for each other in a circle are not in it.
    """
    total = 0.0
    job_worth[:] = 0.0  # first: what the followers add
    chosen[:] = 0
    for i in range(len(order) - 1, -1, -1):
        j = order[i]
        gain[j] = 0.0
        for p in range(job_first[j], job_first[j] + job_parts[j]):
            gain[j] += worth[p]
        if job_whole[j] >= 0:
            gain[j] = max(gain[j], worth[job_whole[j]])
        job_worth[j] += gain[j]
        if job_worth[j] > 0.0 and job_after[j] >= 0:
            job_worth[job_after[j]] += job_worth[j]
    for j in order:
        before = job_after[j]
        if not job_worth[j] > 0.0 or (before >= 0 and chosen[before] == 0):
            continue
        chosen[j] = 2 if job_whole[j] >= 0 and worth[job_whole[j]] >= gain[j] else 1
        if before < 0:
            total += job_worth[j]
    return total


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def use_jobs(  # type: ignore[no-untyped-def]
    job_first, job_parts, job_whole, chosen, work_s, wet_t, node_part, mode_class, mode_move_s, mode_before,
    end_s, slot_s, best_mode, best_x, best_depth, best_day, best_end, use, node_use, dry_use,
):  # fmt: skip
    """Take the chosen jobs' time off `use` and their wet grain off `dry_use`, and count their nodes.

    node_use gets +1 where a node is served and -1 where it comes before: the slope of the bound in its price.
    """
    classes = work_s.shape[0]
    for j in range(len(job_first)):
        if chosen[j] == 0:
            continue
        first, count = job_first[j], job_parts[j]
        if chosen[j] == 2:
            first, count = job_whole[j], 1
        for p in range(first, first + count):
            mode = best_mode[p]
            c = mode_class[mode]
            node_use[node_part[p] * classes + c] += 1.0
            if mode_before[mode] >= 0:
                node_use[mode_before[mode]] -= 1.0
            dry_use[best_day[p, 0]] -= wet_t[p]
            rest_s, to_s = work_s[c, p] + mode_move_s[mode], best_x[p]
            for level in range(best_depth[p] + 1):
                d = best_day[p, level]
                if level > 0:
                    to_s = end_s[c, d, best_end[p, level]]
                use_slots(use, c, d, max(0.0, to_s - rest_s), to_s, slot_s, -1.0)
                rest_s -= to_s
