"""Tracks leave in each form and come back the same; rubbish is named."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nongshi.core.errors import BadFiles, BadUsage, NotFound
from nongshi.files.track_exchange import read_any, write_any
from nongshi.geo.track import Track, make_track

NAMES = {"csv": "t.csv", "gpx": "t.gpx", "geojson": "t.geojson", "isoxml": "TASKDATA"}


def track(device: str, shift: float = 0.0) -> Track:
    k = np.arange(5.0)
    return make_track(
        device,
        1_793_835_000.0 + shift + k,
        121.2 + k / 1e5,
        30.8 - k / 1e5,
        speed_km_h=np.where(k == 2, np.nan, 4.5),
        course_deg=np.where(k == 3, np.nan, 90.0),
        working=np.array([-1, 0, 1, 1, 0], np.int8),
    )


@pytest.mark.parametrize("kind", NAMES)
def test_a_track_comes_back_as_it_went(tmp_path: Path, kind: str) -> None:
    if kind == "isoxml":
        pytest.importorskip("isoxml")
    before = [track("13900000001"), track("13900000002", 3600.0)]
    write_any(tmp_path / NAMES[kind], before, kind)
    after = read_any(tmp_path / NAMES[kind])
    assert [one.device_id for one in after] == [one.device_id for one in before]
    for old, new in zip(before, after, strict=True):
        np.testing.assert_allclose(new.time_s, old.time_s)
        np.testing.assert_allclose(new.lon, old.lon, atol=1e-7)
        np.testing.assert_allclose(new.lat, old.lat, atol=1e-7)
        assert new.working.tolist() == old.working.tolist()
        if kind != "isoxml":
            np.testing.assert_array_equal(new.speed_km_h, old.speed_km_h)
            np.testing.assert_array_equal(new.course_deg, old.course_deg)


def test_a_packed_time_log_is_read_and_one_cut_off_is_named(tmp_path: Path) -> None:
    pytest.importorskip("isoxml")
    folder = tmp_path / "TASKDATA"
    write_any(folder, [track("T")], "isoxml")
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as packed:
        for file in folder.iterdir():
            packed.write(file, f"TASKDATA/{file.name}")
    assert len(read_any(tmp_path / "t.zip")[0]) == 5
    log = folder / "TLG00001.BIN"
    log.write_bytes(log.read_bytes()[:-3])
    with pytest.raises(BadFiles, match="cut off"):
        read_any(folder)
    log.unlink()
    with pytest.raises(BadFiles, match="missing"):
        read_any(folder)


def test_a_time_log_that_is_no_time_log_is_named(tmp_path: Path) -> None:
    """Found by `nongshi bench importers`' way of writing over bytes: each was an error of the library beneath."""
    pytest.importorskip("isoxml")
    folder = tmp_path / "TASKDATA"
    write_any(folder, [track("T")], "isoxml")
    layout, tasks = folder / "TLG00001.XML", folder / "TASKDATA.XML"
    sound, sound_tasks = layout.read_text(), tasks.read_text()
    for wrong, word in (
        (sound.replace('encoding="UTF-8"', 'encoding="GBK"'), "no XML"),
        (sound.replace('"008D"', '"work"'), "no hexadecimal number"),
    ):
        assert wrong != sound
        layout.write_text(wrong)
        with pytest.raises(BadFiles, match=word):
            read_any(folder)
    layout.write_text(sound)
    tasks.write_text(sound_tasks.replace('A="TLG00001"', ""))
    with pytest.raises(BadFiles, match="names no file"):
        read_any(folder)
    tasks.write_text(sound_tasks)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        packed.write(tasks, "TASKDATA.XML")
    locked = bytearray(whole.getvalue())
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1  # says that it is encrypted
    locked[6] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    with pytest.raises(BadFiles, match="no sound zip"):
        read_any(tmp_path / "locked.zip")


GPX = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk><trkseg>{}</trkseg></trk></gpx>'


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("a.gpx", "<gpx", "no XML"),
        ("a.gpx", '<?xml version="1.0" encoding="tf-8"?>' + GPX.format(""), "no XML: unknown encoding"),
        ("a.gpx", '<?xml version="1.0" encoding="GBK"?>' + GPX.format(""), "export it again, in UTF-8"),
        ("a.gpx", GPX.format(""), "no track point"),
        ("a.gpx", GPX.format('<trkpt lat="30" lon="121"/>'), "no time"),
        ("a.gpx", GPX.format('<trkpt lat="300" lon="121"><time>2026-11-05T00:00:00Z</time></trkpt>'), "globe"),
        ("a.geojson", "{}", "FeatureCollection"),
        ("a.geojson", '{"features": []}', "no track"),
        ("a.geojson", '{"features": [{"properties": {"times": []}, "geometry": {"type": "Point"}}]}', "no track"),
        ("TASKDATA.XML", "<x/>", "no task data"),
    ],
)
def test_rubbish_is_named(tmp_path: Path, name: str, text: str, word: str) -> None:
    if name == "TASKDATA.XML":
        pytest.importorskip("isoxml")
    (tmp_path / name).write_text(text)
    with pytest.raises(BadFiles, match=word):
        read_any(tmp_path / name)


def test_a_form_that_nobody_reads_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text("x")
    with pytest.raises(BadUsage, match=r"\.gpx"):
        read_any(tmp_path / "a.kml")
    with pytest.raises(NotFound):
        read_any(tmp_path / "none.csv")
    with pytest.raises(BadUsage, match="gpx"):
        write_any(tmp_path / "x", [track("T")], "kml")


def test_a_folder_without_task_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFiles, match=r"TASKDATA\.XML"):
        read_any(tmp_path)
