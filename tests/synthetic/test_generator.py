"""A made-up region keeps the rules of a region folder and the wishes it was asked for."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from shapely import STRtree
from shapely.geometry import Polygon

from nongshi.core.errors import BadInput
from nongshi.core.region import Region
from nongshi.files.region_reader import read_region
from nongshi.files.region_writer import write_region
from nongshi.synthetic import load_reached, make_region

SEASONS = ("rice-harvest", "may-turnround")


def region(season: str = "rice-harvest", *, fields: int = 60, seed: int = 1, **more: object) -> Region:
    arguments: dict[str, object] = {"machines": None, "load": 1.0} | more
    return make_region(fields=fields, season=season, seed=seed, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("season", SEASONS)
def test_same_seed_same_region_other_seed_another(season: str) -> None:
    assert region(season) == region(season)
    assert region(season, seed=2).jobs != region(season).jobs


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("load", [0.7, 1.0, 1.3])
@pytest.mark.parametrize("fields", [60, 300])
def test_harvest_load_is_reached(season: str, fields: int, load: float, seed: int) -> None:
    made = region(season, fields=fields, load=load, seed=seed)
    assert made.extra["generator"]["load_reached"]["H"] == pytest.approx(load, rel=0.05)
    assert made.extra["generator"]["load_reached"] == load_reached(made)


def test_harvest_load_is_reached_with_a_given_number_of_machines() -> None:
    made = region(fields=300, machines=20, load=0.8)
    assert len(made.machines) == 20
    assert load_reached(made)["H"] == pytest.approx(0.8, rel=0.05)


def test_load_counts_work_loading_and_road_against_crewed_hours() -> None:
    """By hand: one kind of machine, so that the mean rate is that machine's."""
    made = region(fields=5, machines=2)
    rate_ha_h = made.rate_ha_h["combine-full", "rice_harvest"]
    harvests = [job for job in made.jobs if job.operation == "rice_harvest"]
    offered_h = sum(job.area_ha / rate_ha_h + (20 + 6) / 60 for job in harvests)
    operator = next(o for o in made.operators if "S" in o.licences)
    first, last = min(j.open for j in harvests).date(), max(j.close for j in harvests).date()
    given_h = sum(
        min(operator.hours_max, (row.end.hour - row.start.hour) + (row.end.minute - row.start.minute) / 60)
        for row in made.workdays
        if row.machine_class == "combine-full" and row.start and row.end and first <= row.date <= last
    )
    assert load_reached(made)["H"] == pytest.approx(offered_h / given_h, abs=1e-4)


def test_load_counts_only_the_hours_that_operators_can_give() -> None:
    """Two combines, one person who works 4 h a day: 4 h a dry day are given, not two combines' hours."""
    made = region(fields=5, machines=2)
    combine = next(m for m in made.machines if m.machine_class == "combine-full")
    person = replace(next(o for o in made.operators if "S" in o.licences), hours_max=4.0)
    harvests = tuple(job for job in made.jobs if job.operation == "rice_harvest")
    short = replace(made, machines=(combine, replace(combine, id="M9")), operators=(person,), jobs=harvests)
    first, last = min(j.open for j in harvests).date(), max(j.close for j in harvests).date()
    dry = [r for r in made.workdays if r.machine_class == "combine-full" and r.start and first <= r.date <= last]
    offered_h = sum(job.area_ha / 0.36 + (20 + 6) / 60 for job in harvests)
    assert load_reached(short)["H"] == pytest.approx(offered_h / (4 * len(dry)), abs=1e-4)


@pytest.mark.parametrize("fields", [60, 1500])
def test_outlines_are_valid_and_lie_beside_each_other(fields: int) -> None:
    shapes = [Polygon(field.polygons[0][0]) for field in region(fields=fields).fields]
    assert len(shapes) == fields
    assert all(shape.is_valid and shape.exterior.is_ccw for shape in shapes)
    left, right = STRtree(shapes).query(shapes, predicate="intersects")
    assert (left == right).all()


def test_field_areas_are_those_of_their_outlines() -> None:
    pyproj = pytest.importorskip("pyproj")
    geod = pyproj.Geod(ellps="WGS84")
    for field in region(fields=300).fields:
        area_m2, _ = geod.geometry_area_perimeter(Polygon(field.polygons[0][0]))
        assert field.area_ha == pytest.approx(area_m2 / 10_000, rel=0.005, abs=0.001)
        assert 0.3 <= field.area_ha <= 6.7


@pytest.mark.parametrize("season", SEASONS)
def test_every_reference_is_known_and_every_window_lies_in_the_horizon(season: str) -> None:
    made = region(season, fields=300)
    last = max(row.date for row in made.workdays)
    for job in made.jobs:
        assert job.field_id in made.field_of
        assert job.loss_curve in made.curve_of
        assert any(made.rate_ha_h.get((m.machine_class, job.operation)) for m in made.machines)
        assert made.start_date <= job.open.date()
        assert job.open < job.due <= job.close
        assert job.close.date() <= last
        assert job.open.utcoffset() is not None
        assert (job.part_max_ha is not None) == (job.area_ha > 2.7)
    assert {m.machine_class for m in made.machines} == set(made.class_of)
    assert made.synthetic


def test_about_one_job_in_eight_may_be_split() -> None:
    jobs = region(fields=1000).jobs
    assert 0.1 <= sum(job.parts > 1 for job in jobs) / len(jobs) <= 0.16


@pytest.mark.parametrize("season", SEASONS)
def test_each_class_has_somebody_who_may_drive_it_to_the_end(season: str) -> None:
    made = region(season, fields=5, machines=2)
    last = max(row.date for row in made.workdays)
    for machine in made.machines:
        licence = made.class_of[machine.machine_class].licence
        assert any(
            (o.shared or o.owner_id == machine.owner_id) and (licence is None or o.licences.get(licence, last) > last)
            for o in made.operators
            if licence is None or licence in o.licences
        )


def test_operators_are_short_and_some_licences_run_out_in_the_season() -> None:
    made = region(fields=1500)
    assert len(made.operators) / len(made.machines) == pytest.approx(0.85, abs=0.05)
    last = max(row.date for row in made.workdays)
    assert any(day <= last for o in made.operators for day in o.licences.values())
    assert any({"S", "G1"} <= set(o.licences) for o in made.operators)


def test_may_jobs_follow_one_another_on_the_same_field_without_circles() -> None:
    made = region("may-turnround", fields=300)
    rank = {"wheat_harvest": 0, "rape_harvest": 0, "rotary_till": 1, "transplant": 2, "direct_seed": 2}
    chained = [job for job in made.jobs if job.after_job_id]
    assert len(chained) > len(made.jobs) / 3
    for job in chained:
        before = made.job_of[job.after_job_id or ""]
        assert before.field_id == job.field_id
        assert rank[before.operation] < rank[job.operation]
        assert before.open < job.close


def test_november_has_no_chains_unless_asked() -> None:
    assert not any(job.after_job_id for job in region().jobs)
    assert any(job.after_job_id for job in region(chains=True).jobs)


def test_rain_stops_combines_and_tractors() -> None:
    made = region(seed=4)
    rain = {row.date for row in made.workdays if row.machine_class == "*" and row.start is None}
    assert rain
    assert all(row.start is None for row in made.workdays if row.date in rain)


def test_rice_harvest_is_half_of_the_november_jobs() -> None:
    made = region(fields=1000)
    share = Counter(job.operation for job in made.jobs)["rice_harvest"] / len(made.jobs)
    assert 0.45 <= share <= 0.62


@pytest.mark.parametrize("load", [0.75, 1.5])
def test_dryers_take_the_share_of_the_season_that_was_asked_for(load: float) -> None:
    made = region(dryers=True, dryer_load=load)
    wet_t = sum(job.wet_t or 0.0 for job in made.jobs)
    taken_t = made.horizon_days * sum(dryer.t_day for dryer in made.dryers)
    assert wet_t / taken_t == pytest.approx(load, rel=0.02)


def test_a_load_of_dryers_that_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput, match="dryer_load"):
        region(dryers=True, dryer_load=0.0)


def test_dryers_can_take_the_largest_part() -> None:
    made = region(dryers=True)
    room_t = sum(d.t_day + d.hold_t for d in made.dryers)
    assert room_t >= max((job.wet_t or 0) / job.parts for job in made.jobs) > 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"season": "spring"}, "season"),
        ({"fields": 4}, "5 fields"),
        ({"machines": 1}, "machines"),
        ({"load": 0}, "load"),
    ],
)
def test_arguments_that_cannot_be_right_are_named(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        region(**wrong)  # type: ignore[arg-type]


def test_too_many_fields_for_the_villages_are_refused() -> None:
    with pytest.raises(BadInput, match="room for about"):
        region(fields=20_000, machines=2)


@pytest.mark.parametrize("season", SEASONS)
def test_a_region_survives_being_written_and_read(season: str, tmp_path: Path) -> None:
    made = region(season, dryers=True)
    write_region(made, tmp_path / "made")
    back = read_region(tmp_path / "made")
    assert back.jobs == made.jobs
    assert back.machines == made.machines
    assert back.operators == made.operators
    assert back.workdays == made.workdays
    assert back.fields == made.fields
    assert back.extra == made.extra
