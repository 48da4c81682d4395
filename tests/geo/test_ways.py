import pytest

from nongshi.agronomy.machines import MACHINE_CLASSES
from nongshi.geo.ways import LARGEST, SPEED_KM_H, TRACK_KM_H, VEHICLES, Vehicle, blocks, way_km_h

BOTH, NEITHER = (30.0, 30.0), (0.0, 0.0)


@pytest.mark.parametrize("kind", ["motorway", "motorway_link", "footway", "cycleway", "path", "steps", "construction"])
def test_no_farm_machine_goes_where_only_cars_or_only_people_may(kind) -> None:
    assert way_km_h({"highway": kind}) == NEITHER


def test_a_trunk_road_is_open_unless_it_is_built_as_a_motorway() -> None:
    assert way_km_h({"highway": "trunk"}) == BOTH
    assert way_km_h({"highway": "trunk", "motorroad": "yes"}) == NEITHER


@pytest.mark.parametrize(
    ("tags", "km_h"),
    [
        ({"access": "private"}, NEITHER),
        ({"access": "no"}, NEITHER),
        ({"vehicle": "forestry"}, NEITHER),
        ({"access": "no", "agricultural": "yes"}, BOTH),  # the more special tag counts
        ({"access": "yes", "motor_vehicle": "no"}, NEITHER),
        ({"vehicle": "agricultural;forestry"}, BOTH),
        ({"access": "destination"}, BOTH),
    ],
)
def test_access_tags_shut_and_open_a_way(tags, km_h) -> None:
    assert way_km_h({"highway": "secondary", **tags}) == km_h


@pytest.mark.parametrize(
    ("tags", "km_h"),
    [
        ({"oneway": "yes"}, (30.0, 0.0)),
        ({"oneway": "-1"}, (0.0, 30.0)),
        ({"oneway": "no"}, BOTH),
        ({"junction": "roundabout"}, (30.0, 0.0)),
        ({"junction": "roundabout", "oneway": "no"}, BOTH),
    ],
)
def test_one_way_roads_are_driven_one_way(tags, km_h) -> None:
    assert way_km_h({"highway": "primary", **tags}) == km_h


@pytest.mark.parametrize(
    ("said", "km_h"), [("20", 20), ("5 mph", 8.04672), ("120", 30), ("none", 30), ("DE:rural", 30), ("0", 30)]
)
def test_a_speed_limit_counts_only_below_the_speed_of_the_kind(said, km_h) -> None:
    assert way_km_h({"highway": "primary", "maxspeed": said})[0] == pytest.approx(km_h)


@pytest.mark.parametrize(
    ("tags", "passes"),
    [
        ({"maxweight": "7.5"}, False),
        ({"maxweight": "18 t"}, True),
        ({"maxweight": "3500 kg"}, False),
        ({"maxheight": "3.5"}, False),
        ({"maxheight": "4 m"}, True),
        ({"maxheight": "12'6\""}, True),  # 3.81 m
        ({"maxheight": "12'"}, False),  # 3.66 m
        ({"maxwidth": "2,2"}, False),
        ({"maxwidth:physical": "250 cm"}, False),
        ({"maxheight": "default"}, True),
    ],
)
def test_a_limit_below_the_largest_vehicle_shuts_the_way(tags, passes) -> None:
    assert way_km_h({"highway": "tertiary", **tags}) == (BOTH if passes else NEITHER)


def test_a_smaller_vehicle_passes_where_the_largest_does_not() -> None:
    van = Vehicle(width_m=1.8, height_m=2.2, weight_t=2.5, source="test")
    tags = {"highway": "tertiary", "maxweight": "3.5"}
    assert way_km_h(tags, van) == BOTH
    assert way_km_h(tags, LARGEST) == NEITHER


def test_softer_tracks_are_slower_and_no_way_is_quicker_than_a_main_road() -> None:
    grades = [way_km_h({"highway": "track", "tracktype": f"grade{i}"})[0] for i in range(1, 6)]
    assert grades == sorted(grades, reverse=True)
    assert way_km_h({"highway": "track", "tracktype": "mud"})[0] == SPEED_KM_H["track"]
    assert max(*SPEED_KM_H.values(), *TRACK_KM_H.values()) == SPEED_KM_H["primary"]


@pytest.mark.parametrize(
    ("tags", "stops"),
    [
        ({"barrier": "bollard"}, True),
        ({"barrier": "bollard", "access": "yes"}, False),
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "lift_gate", "agricultural": "yes", "access": "private"}, False),
        ({"highway": "crossing"}, False),
    ],
)
def test_posts_stop_machines_and_gates_only_where_they_say_so(tags, stops) -> None:
    assert blocks(tags) is stops


def test_every_machine_class_we_know_has_its_measures_and_their_source() -> None:
    assert set(VEHICLES) == set(MACHINE_CLASSES)
    assert all("assumption, 20" in vehicle.source for vehicle in VEHICLES.values())
