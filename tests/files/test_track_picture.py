"""The picture of measured work: readable, in both languages, and marked where the data is generated."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from shapely import Polygon, transform

from nongshi.core.errors import BadInput
from nongshi.files.track_picture import picture_svg, write_picture
from nongshi.synthetic.field_work import make_field_work
from nongshi.synthetic.gnss import ERRORS, PLACE, observe
from nongshi.tracks.area import AreaMeasure, survey


@pytest.fixture(scope="module")
def measured() -> tuple[AreaMeasure, Polygon]:
    rng = np.random.default_rng(2)
    work = make_field_work("l", "back-and-forth", 2.5, rng, length_m=80.0, breadth_m=50.0, skipped_passes=1)
    track = observe(work.t_s, work.x_m, work.y_m, 2.0, ERRORS["rtk"], rng, working=work.working)
    outline = transform(work.field, lambda points: np.column_stack(PLACE.to_degrees(points[:, 0], points[:, 1])))
    return survey(track, width_m=2.5, field=outline), outline


def test_the_svg_names_every_layer_in_both_languages_and_says_generated(measured: tuple[AreaMeasure, Polygon]) -> None:
    svg = picture_svg(*measured, title="<M1 & co>")
    words = " ".join(node.text or "" for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text"))
    for word in ("worked", "重叠", "skips", "漏作", "生成数据", "<M1 & co>", "亩", "ha"):
        assert word in words
    assert svg.count("<image") == 1
    assert svg.count("<polyline") == len(measured[0].lines.start) - 1


def test_a_png_is_drawn_by_the_package_itself(measured: tuple[AreaMeasure, Polygon], tmp_path: Path) -> None:
    write_picture(tmp_path / "work.png", *measured, title="M1")
    data = (tmp_path / "work.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) > 20_000  # a blank page has a few kB


def test_other_kinds_of_picture_are_refused(measured: tuple[AreaMeasure, Polygon], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.svg or \.png"):
        write_picture(tmp_path / "work.pdf", *measured, title="M1")
    assert list(tmp_path.iterdir()) == []
