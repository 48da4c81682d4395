"""`nongshi gateway` as its users start it: a process of its own, a track driven again, stopped without loss."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nongshi.cli.main import app
from nongshi.files.track_files import read_tracks, write_tracks
from nongshi.gateway.store import PositionStore
from nongshi.geo.track import make_track

CODE = "from nongshi.cli.main import run; run()"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    (tmp_path / "devices.csv").write_text("device_id,vendor\n13900000001,agri\n013900000002,\n")
    words = ["gateway", "--listen", "127.0.0.1:0", "--store", str(tmp_path / "store"), "--lang", "en"]
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *words, "--devices", str(tmp_path / "devices.csv")],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    yield process, int(line.split("127.0.0.1:")[1].split(";")[0])
    process.kill()
    process.wait()
    process.stderr.close()


def test_a_track_driven_again_is_stored_and_the_stop_is_clean(
    tmp_path: Path, served: tuple[subprocess.Popen[str], int]
) -> None:
    import numpy as np

    process, port = served
    n = 300
    begin = np.floor(time.time()) - 3600
    tracks = [
        make_track(name, begin + np.arange(n), 121.2 + np.arange(n) / 1e5, np.full(n, 30.8),
                   working=np.ones(n, np.int8))
        for name in ("13900000001", "13900000009")
    ]  # fmt: skip
    write_tracks(tmp_path / "t.csv", tracks)
    words = ["gateway", "simulate", str(tmp_path / "t.csv"), "--to", f"127.0.0.1:{port}", "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1  # one of the two is in no register
    first, second = json.loads(result.stdout)["terminals"]
    assert (first["answered"], first["refused"]) == (n, "")
    assert second["sent"] == 0
    assert "--devices" in second["refused"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    store = PositionStore(tmp_path / "store")
    track = store.replay("13900000001", begin, begin + n)
    assert len(track) == n
    assert (track.working == 1).all()
    store.close()


def test_without_a_register_nobody_could_connect() -> None:
    result = CliRunner().invoke(app, ["gateway", "--lang", "en"])
    assert result.exit_code == 2
    assert "--open" in result.output


@pytest.mark.parametrize("listen", ["8808", "127.0.0.1:", "127.0.0.1:99999999", "127.0.0.1:x"])
def test_an_address_that_is_none_is_refused(listen: str) -> None:
    assert CliRunner().invoke(app, ["gateway", "--open", "--listen", listen]).exit_code == 2


def test_a_text_waits_for_its_terminal(tmp_path: Path) -> None:
    missing = CliRunner().invoke(app, ["gateway", "send", "13900000001", "来", "--store", str(tmp_path / "none")])
    assert missing.exit_code == 2
    PositionStore(tmp_path).close()
    sent = CliRunner().invoke(app, ["gateway", "send", "013900000001", "廊下3队 收割", "--store", str(tmp_path)])
    assert sent.exit_code == 0
    store = PositionStore(tmp_path)
    assert [row[1:] for row in store.hot.unsent()] == [("13900000001", "text", "廊下3队 收割")]
    store.close()


@pytest.mark.parametrize(
    ("row", "column"),
    [("13900000001,swamp,,,", "carrier"), ("13900000001,,noon,,", "clock"), ("13900000001,,,mars,", "datum")],
)
def test_a_register_that_cannot_be_right_is_named(tmp_path: Path, row: str, column: str) -> None:
    path = tmp_path / "devices.csv"
    path.write_text(f"device_id,carrier,clock,datum,vendor\n{row}\n")
    result = CliRunner().invoke(app, ["gateway", "--devices", str(path), "--lang", "en"])
    assert result.exit_code == 5
    assert column in result.output


def test_a_file_goes_into_the_store_and_comes_out_again(tmp_path: Path) -> None:
    import numpy as np

    track = make_track("T1", 1_793_835_000.0 + np.arange(60), 121.2 + np.arange(60) / 1e5, np.full(60, 30.8))
    write_tracks(tmp_path / "in.csv", [track])
    store = ["--store", str(tmp_path / "store")]
    for _ in range(2):
        assert CliRunner().invoke(app, ["gateway", "import", str(tmp_path / "in.csv"), *store]).exit_code == 0
    last = json.loads(CliRunner().invoke(app, ["gateway", "last", *store, "--json"]).stdout)
    assert [one["device_id"] for one in last["devices"]] == ["T1"]
    words = ["gateway", "export", "--out", str(tmp_path / "out.csv"), *store]
    assert CliRunner().invoke(app, words).exit_code == 0
    np.testing.assert_allclose(read_tracks(tmp_path / "out.csv")[0].lon, track.lon)
    cut = [*words, "--since", "2026-11-04T23:30:10Z", "--until", "2026-11-05T07:30:20+08:00", "--json"]
    assert json.loads(CliRunner().invoke(app, cut).stdout)["tracks"] == [{"device_id": "T1", "fixes": 10}]
    assert CliRunner().invoke(app, [*words, "--device", "T9"]).exit_code == 2
    assert CliRunner().invoke(app, [*words, "--since", "noon"]).exit_code == 2
    assert CliRunner().invoke(app, [*words, "--since", "2027-01-01T00:00:00Z"]).exit_code == 2
