"""Maps and charts in a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.site import axe
from tests.site.browsing import opened, wait_until

from nongshi.site.base.assets import asset_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RING = [[121.20, 30.80], [121.21, 30.80], [121.21, 30.81], [121.20, 30.81], [121.20, 30.80]]
SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": 7,
            "properties": {"name": "东田", "status": "late"},
            "geometry": {"type": "Polygon", "coordinates": [RING]},
        }
    ],
}
START = """(square) => {
  window.told = [];
  const onClick = (f, at) => told.push([f && f.id, f && f.layer, f && f.properties.name, at]);
  const fill = (p) => (p.status === "late" ? "#b26a00" : "#2b8a57");
  window.map = nongshi.createMap(document.getElementById("m"), { onClick });
  map.addLayer("fields", { style: { fill, label: (p) => p.name } });
  map.setData("fields", square);
  map.fit("fields");
}"""
SHIFTED = """(square) => {
  const map = nongshi.createMap(document.getElementById("m"), { tiles: { url: "data:,", crs: "gcj02" } });
  map.setData("fields", square);
  const geometry = map.ol.getLayers().item(1).getSource().getFeatureById(7).getGeometry().clone();
  const drawn = geometry.clone().transform("EPSG:3857", "EPSG:4326").getCoordinates()[0][0];
  return [geometry.transform("GCJ02:3857", "EPSG:4326").getCoordinates()[0][0], drawn, nongshi.toGcj02([121.2, 30.8])];
}"""
CHART = """() => nongshi.createChart(document.getElementById("m"), {
  legend: {},
  xAxis: { type: "category", data: ["廊下", "吕巷"] },
  yAxis: {},
  series: [{ name: "a", type: "bar", data: [3, 4] }, { name: "b", type: "line", data: [1, 2] }],
}, { label: "各镇作业" }) && undefined"""


@pytest.fixture
def page(browser: Any, live_server: Any) -> Iterator[Any]:
    """A page with a place for a map or chart, and both scripts."""
    with opened(browser, live_server) as found:
        found.goto(live_server.url)
        found.evaluate("document.querySelector('main').innerHTML = '<h1>m</h1><div id=m aria-label=m></div>'")
        found.add_style_tag(url=asset_url("map.css"))
        for entry in ("map.js", "chart.js"):
            found.add_script_tag(url=asset_url(entry))
        yield found


@pytest.fixture
def map_page(page: Any) -> Any:
    page.evaluate(START, SQUARE)
    page.wait_for_timeout(400)
    return page


def test_a_map_draws_outlines_on_plain_ground_and_tells_what_was_clicked(map_page: Any) -> None:
    box = map_page.locator("#m").bounding_box()
    map_page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_until(map_page, "told.length === 1")
    ident, layer, name, (lon, lat) = map_page.evaluate("told[0]")
    assert (ident, layer, name) == (7, "fields", "东田")
    assert lon == pytest.approx(121.205, abs=2e-4)
    assert lat == pytest.approx(30.805, abs=2e-4)
    assert axe.serious(map_page) == []


def test_a_click_beside_everything_tells_the_place_only(map_page: Any) -> None:
    box = map_page.locator("#m").bounding_box()
    map_page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    wait_until(map_page, "told.length === 1")
    assert map_page.evaluate("told[0][0]") is None


def test_an_outline_is_drawn_by_hand(map_page: Any) -> None:
    map_page.evaluate("map.draw({kind: 'Polygon', snap: ['fields'], onEnd: (g) => { window.drawn = g; }}) && undefined")
    box = map_page.locator("#m").bounding_box()
    x, y = box["x"] + 60, box["y"] + 60
    for dx, dy in ((0, 0), (80, 0), (80, 80), (0, 80), (0, 0)):
        map_page.mouse.move(x + dx, y + dy)
        map_page.mouse.click(x + dx, y + dy)
        map_page.wait_for_timeout(300)
    wait_until(map_page, "window.drawn !== undefined")
    assert map_page.evaluate("drawn.type") == "Polygon"
    assert map_page.evaluate("drawn.coordinates[0].length") == 5


def test_a_machine_moves_and_leaves(map_page: Any) -> None:
    map_page.evaluate("map.move('machines', 'M1', [121.2, 30.8], {name: 'M1'})")
    map_page.evaluate("map.move('machines', 'M1', [121.3, 30.8])")
    assert map_page.evaluate("map.count('machines')") == 1
    map_page.evaluate("map.remove('machines', 'M1')")
    assert map_page.evaluate("map.count('machines')") == 0


def test_the_shift_of_tiles_is_the_published_one_and_has_a_way_back(page: Any) -> None:
    """A point of Beijing as other readings of the formula give it; far from China nothing is shifted."""
    assert page.evaluate("nongshi.toGcj02([116.404, 39.915])") == pytest.approx([116.41024, 39.91640], abs=1e-5)
    back = page.evaluate("nongshi.fromGcj02(nongshi.toGcj02([121.2, 30.8]))")
    assert back == pytest.approx([121.2, 30.8], abs=1e-9)
    assert page.evaluate("nongshi.toGcj02([2.35, 48.85])") == [2.35, 48.85]


def test_shifted_tiles_shift_the_drawing_and_never_the_data(page: Any) -> None:
    data, drawn, shifted = page.evaluate(SHIFTED, SQUARE)
    assert data == pytest.approx([121.20, 30.80], abs=1e-7)
    assert drawn == pytest.approx(shifted, abs=1e-7)


def test_a_chart_is_drawn_and_says_what_it_shows(page: Any) -> None:
    page.evaluate(CHART)
    page.wait_for_selector("#m canvas")
    assert "各镇作业" in page.locator("#m").get_attribute("aria-label")
    assert axe.serious(page) == []
    page.locator("#m").hover()
    page.wait_for_timeout(300)
