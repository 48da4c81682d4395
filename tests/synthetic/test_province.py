"""A province is a sound region made of counties that do not touch."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from nongshi.core.errors import BadInput
from nongshi.core.region import Region
from nongshi.files.region_reader import read_region
from nongshi.files.region_writer import write_region
from nongshi.synthetic import make_province, make_region, province


@pytest.fixture(scope="module")
def made() -> Region:
    return make_province(4000, seed=2)


def test_a_province_has_about_the_jobs_asked_for(made: Region) -> None:
    assert len(made.jobs) == pytest.approx(4000, rel=0.05)
    assert made.extra["generator"]["counties"] > 1
    assert made.synthetic


def test_same_seed_same_province(made: Region) -> None:
    assert make_province(4000, seed=2) == made


def test_ids_are_unique_and_known(made: Region) -> None:
    for table in (made.fields, made.machines, made.operators, made.jobs):
        assert max(Counter(row.id for row in table).values()) == 1
    assert {job.field_id for job in made.jobs} <= set(made.field_of)
    assert {m.owner_id for m in made.machines} & {o.owner_id for o in made.operators}


def test_counties_lie_apart(made: Region) -> None:
    boxes: dict[str, list[tuple[float, float]]] = {}
    for field in made.fields:
        boxes.setdefault(field.id[:4], []).extend(field.polygons[0][0])
    spans = [
        (min(x for x, _ in b), max(x for x, _ in b), min(y for _, y in b), max(y for _, y in b)) for b in boxes.values()
    ]
    for (w1, e1, s1, n1), (w2, e2, s2, n2) in pairwise(spans):
        assert e1 < w2 or e2 < w1 or n1 < s2 or n2 < s1


def test_all_counties_have_the_same_sky(made: Region) -> None:
    """Each county was drawn with the rain that the province has, or its load would mean nothing."""
    keys = Counter((row.date, row.machine_class) for row in made.workdays)
    assert max(keys.values()) == 1
    for reached in made.extra["generator"]["load_reached"]:
        assert reached["H"] == pytest.approx(1.0, abs=0.05)
    first = make_region(fields=200, machines=None, load=1.0, season="rice-harvest", seed=5, sky_seed=2)
    rows = {(row.date, row.machine_class): row for row in made.workdays}
    assert all(rows[row.date, row.machine_class] == row for row in first.workdays)


def test_chains_and_dryers_reach_across_the_joining() -> None:
    tied = make_province(1500, seed=1, season="may-turnround", dryers=True)
    followers = [job for job in tied.jobs if job.after_job_id is not None]
    assert followers
    assert all(tied.job_of[job.after_job_id].field_id == job.field_id for job in followers)
    assert len({dryer.id for dryer in tied.dryers}) == len(tied.dryers) > 0


def test_a_province_can_be_written_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(province, "COUNTY_FIELDS", 80)
    small = make_province(300, seed=1)
    write_region(small, tmp_path / "p")
    assert len(read_region(tmp_path / "p").jobs) == len(small.jobs)


@pytest.mark.parametrize("jobs", [0, 10_000_000])
def test_sizes_that_make_no_province_are_refused(jobs: int) -> None:
    with pytest.raises(BadInput, match="a province has"):
        make_province(jobs)
