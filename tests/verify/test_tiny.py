"""Tiny regions are sound, the same for the same seed, and hard enough to be worth solving."""

from nongshi.verify import best_plan, tiny_region

REGIONS = [tiny_region(seed) for seed in range(100)]


def test_a_seed_gives_the_same_region_and_another_seed_another() -> None:
    assert tiny_region(7) == tiny_region(7)
    assert tiny_region(7) != tiny_region(8)


def test_sizes_stay_within_what_is_promised() -> None:
    for region in REGIONS:
        assert region.synthetic
        assert 2 <= len(region.jobs) <= 5
        assert sum(job.parts for job in region.jobs) <= 6
        assert 1 <= len(region.machines) <= 2
        assert 1 <= len(region.operators) <= 3
        assert 2 <= region.horizon_days <= 3


def test_every_id_is_known_and_every_window_is_in_order() -> None:
    for region in REGIONS:
        assert all(job.field_id in region.field_of and job.loss_curve in region.curve_of for job in region.jobs)
        assert all(job.open <= job.due <= job.close and job.value_fen > 0 for job in region.jobs)
        assert all(machine.machine_class in region.class_of for machine in region.machines)
        assert all(row.machine_class in {"*", *region.class_of} for row in region.workdays)


def test_most_regions_hold_a_conflict_and_few_hold_nothing_to_do() -> None:
    plans = [best_plan(region) for region in REGIONS]
    assert sum(plan.totals.jobs_unserved > 0 or plan.totals.loss_fen > 1 for plan in plans) > 60
    assert sum(not plan.routes for plan in plans) < 20


def test_all_that_can_go_wrong_occurs() -> None:
    def count(what: list[bool]) -> int:
        return sum(what)

    assert count([any(job.parts > 1 for job in r.jobs) for r in REGIONS]) > 20
    assert count([len({job.field_id for job in r.jobs}) < len(r.jobs) for r in REGIONS]) > 20
    assert count([any(m.available_from or m.available_to for m in r.machines) for r in REGIONS]) > 20
    assert count([any(w.start is None for w in r.workdays) for r in REGIONS]) > 10
    assert count([any(w.machine_class != "*" for w in r.workdays) for r in REGIONS]) > 10
    assert count([len({o.hours_max for o in r.operators}) > 1 for r in REGIONS]) > 10
    assert (
        count(
            [any(d.year == 2026 and d.month == 11 for o in r.operators for d in o.licences.values()) for r in REGIONS]
        )
        > 10
    )
    assert count([any(o.off_days for o in r.operators) for r in REGIONS]) > 10
