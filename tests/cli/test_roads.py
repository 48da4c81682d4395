import json
from pathlib import Path

from tests.cli.conftest import Say
from tests.cli.drawn import FakePlanner

from nongshi import api


def extract(folder: Path, *, lon: float) -> Path:
    """A street of 200 m past the one field of the drawn region, or elsewhere."""
    path = folder / "roads.osm"
    path.write_text(
        f'<osm><node id="1" lon="{lon}" lat="30.0"/><node id="2" lon="{lon}" lat="30.002"/>'
        '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>'
    )
    return path


def test_a_region_beside_the_roads_given_is_exit_code_5_and_names_the_places(
    say: Say, folder: Path, planner: FakePlanner
) -> None:
    said = say("plan", folder, "--roads", extract(folder.parent, lon=121.1), "--out", folder.parent / "plan.json")
    assert said.code == 5
    assert "field F1 (9.5 km from the nearest road); yard of machine M1 (9.5 km" in said.err
    assert not planner.calls


def test_a_missing_extract_is_exit_code_2(say: Say, folder: Path, sound: Path) -> None:
    for words in (("plan", folder), ("check", folder, sound), ("report", folder, sound)):
        assert say(*words, "--roads", folder.parent / "nowhere.osm").code == 2


def test_a_plan_made_over_roads_is_checked_only_with_them(say: Say, folder: Path, sound: Path) -> None:
    said = json.loads(sound.read_text()) | {"roads": "roads.osm"}
    sound.write_text(json.dumps(said))
    checked = say("check", folder, sound)
    assert checked.code == 2
    assert "roads.osm" in checked.err


def test_the_roads_join_yards_and_fields_with_jobs(folder: Path) -> None:
    region = api.read_region(folder)
    roads = api.read_roads(extract(folder.parent, lon=121.001), region)
    gate, machine = region.fields[0], region.machines[0]
    assert roads.between((machine.yard_lon, machine.yard_lat), (gate.gate_lon, gate.gate_lat)) == 0.0
    assert roads.name == "roads.osm"
