"""Writing a region folder: reading it gives the same nouns, and a failure leaves the folder as it was."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.files import drawn

from nongshi.core.region import Job, Machine, Operator, Region
from nongshi.files import region_writer
from nongshi.files.region_reader import read_region
from nongshi.files.region_writer import region_files, write_region
from nongshi.files.toml_text import toml_text
from nongshi.files.whole import write_whole

REGIONS = Path(__file__).parents[3] / "shared" / "data" / "regions"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8)
FOLDER_OK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.parametrize("name", ["jinshan-60", "jinshan-300", "jinshan-1000"])
def test_the_shared_regions_survive_writing_and_reading(tmp_path: Path, name: str) -> None:
    if not (REGIONS / name).is_dir():
        pytest.skip(f"the shared region {name} is not beside this repository")
    region = read_region(REGIONS / name)
    write_region(region, tmp_path / name)
    assert read_region(tmp_path / name) == region


def test_the_same_region_gives_the_same_bytes_and_nothing_else_in_the_folder(tmp_path: Path) -> None:
    region = read_region(drawn.folder(tmp_path / "drawn"))
    write_region(region, tmp_path / "a")
    write_region(read_region(tmp_path / "a"), tmp_path / "b")

    assert {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "drawn"]
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == sorted([*drawn.FILES, "fields.geojson"])


@st.composite
def changed(draw: st.DrawFn, region: Region) -> Region:
    """The drawn region with other people, machines and jobs in it."""
    tz = region.tz
    moment = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda m: m.replace(microsecond=0, tzinfo=tz))
    day = st.dates(date(1980, 1, 1), date(2180, 1, 1))
    number = st.floats(1e-6, 1e6)
    first, last = sorted((draw(moment), draw(moment)))
    machine = Machine(
        id=draw(TEXT),
        machine_class="combine",
        owner_id=draw(TEXT),
        yard_lon=round(draw(st.floats(-180, 180)), 7) + 0.0,
        yard_lat=round(draw(st.floats(-90, 90)), 7) + 0.0,
        available_from=draw(st.sampled_from([None, first])),
        available_to=draw(st.sampled_from([None, last])),
    )
    operator = Operator(
        id=draw(TEXT),
        owner_id=draw(TEXT),
        licences=draw(st.dictionaries(st.sampled_from(["S", "R", "G1"]), day)),
        hours_max=draw(st.floats(0.5, 24)),
        off_days=draw(st.frozensets(day, max_size=3)),
        shared=draw(st.booleans()),
    )
    opened, due, close = sorted((draw(moment), draw(moment), draw(moment)))
    area_ha = draw(number)
    job = Job(
        id=draw(TEXT),
        field_id="F1",
        operation=draw(TEXT),
        area_ha=area_ha,
        open=opened,
        due=due,
        close=close,
        value_fen=draw(st.integers(0, 10**10)),
        loss_curve="rice",
        part_max_ha=draw(st.sampled_from([None, area_ha / 7])),
        after_h=draw(st.floats(0, 1e4)),
        wet_t=draw(st.none() | number),
    )
    field = replace(region.fields[0], name=draw(TEXT), place=draw(TEXT), extra={draw(st.just("x")): draw(TEXT)})
    return replace(region, name=draw(TEXT), machines=(machine,), operators=(operator,), jobs=(job,), fields=(field,))


@FOLDER_OK
@given(data=st.data())
def test_any_region_survives_writing_and_reading(tmp_path: Path, data: st.DataObject) -> None:
    region = data.draw(changed(read_region(drawn.folder(tmp_path / "drawn"))))
    write_region(region, tmp_path / "written")
    assert read_region(tmp_path / "written") == region


def test_times_of_another_zone_are_written_as_the_regions_own_wall_times(tmp_path: Path) -> None:
    region = read_region(drawn.folder(tmp_path))
    job = replace(region.jobs[0], open=region.jobs[0].open.astimezone(UTC))
    assert ",2026-11-01T07:00," in region_files(replace(region, jobs=(job,)))["jobs.csv"].splitlines()[1]


def test_fields_stand_one_a_line_with_at_most_seven_decimals(tmp_path: Path) -> None:
    region = read_region(drawn.folder(tmp_path))
    field = replace(region.fields[0], gate_lon=121.00012345678)
    lines = region_files(replace(region, fields=(field, replace(field, id="F2"))))["fields.geojson"].splitlines()
    assert len(lines) == 4
    assert '"gate_lon":121.0001235,' in lines[1]


def test_what_the_region_no_longer_has_goes_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    at = drawn.folder(tmp_path / "r")
    (at / "notes.txt").write_text("mine")
    region = replace(read_region(at), dryers=())
    write_region(region, at)

    assert read_region(at) == region
    assert not (at / "dryers.csv").exists()
    assert (at / "notes.txt").read_text() == "mine"


def test_a_failure_half_way_leaves_the_old_folder_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = drawn.folder(tmp_path / "r", dryers=None)
    before = {path.name: path.read_bytes() for path in at.iterdir()}
    region = read_region(drawn.folder(tmp_path / "other", region=drawn.swapped("region", "钱圩", "other")))
    real, moved = region_writer.os.replace, []

    def fails_at_the_sixth(source: Path, target: Path) -> None:
        if Path(target).parent == at:
            moved.append(source)
            if len(moved) == 6:
                raise OSError("the disk is full")
        real(source, target)

    monkeypatch.setattr(region_writer.os, "replace", fails_at_the_sixth)
    with pytest.raises(OSError, match="disk is full"):
        write_region(region, at)
    assert len(moved) > 6, "the old files are moved back"
    assert {path.name: path.read_bytes() for path in at.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "r"]


def test_a_region_that_toml_has_no_form_for_leaves_no_folder(tmp_path: Path) -> None:
    region = replace(read_region(drawn.folder(tmp_path / "r")), extra={"nothing": None})
    with pytest.raises(TypeError, match="no form"):
        write_region(region, tmp_path / "new")
    assert not (tmp_path / "new").exists()


SCALAR = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False)
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.just(time(7, 30))
)
VALUES = st.recursive(SCALAR, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=4), v, max_size=3))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), VALUES, max_size=5))
@example(values={"a": {"b": [{"c": 1}, {"d": {"e": []}}], "f": [[{"g": 1}]]}, "农时 1": "\x7f\n\"'", "z": [{}, 1]})
def test_any_nested_tables_survive_as_toml(values: dict[str, object]) -> None:
    assert tomllib.loads(toml_text(values)) == values


def test_writing_whole_keeps_the_old_file_where_the_disk_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, "old 农时")

    def no_space(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("nongshi.files.whole.os.fsync", no_space)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"new")
    assert path.read_text(encoding="utf-8") == "old 农时"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_writing_whole_makes_the_folder_and_keeps_the_files_rights(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.bin"
    write_whole(path, b"\r\n")
    path.chmod(0o600)
    write_whole(path, b"\n")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"\n", 0o600)
