import gzip
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from nongshi.core.errors import NotFound
from nongshi.site.base.assets import FOLDER, asset_url, manifest

WEB = Path(__file__).parents[3] / "web"


@pytest.mark.parametrize("entry", sorted(manifest()))
def test_a_built_file_is_what_the_manifest_says(entry: str) -> None:
    made = manifest()[entry]
    content = (FOLDER / made["file"]).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    assert (digest, len(content)) == (made["sha256"], made["bytes"])
    assert digest[:8] in made["file"]


@pytest.mark.parametrize("entry", sorted(manifest()))
def test_its_packed_twin_holds_the_same(entry: str) -> None:
    path = FOLDER / manifest()[entry]["file"]
    assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes()


def test_nothing_old_lies_about() -> None:
    named = {made["file"] for made in manifest().values()}
    there = {path.name.removesuffix(".gz") for path in FOLDER.iterdir() if path.suffix in (".js", ".css", ".gz")}
    assert there == named


def test_every_source_was_built() -> None:
    sources = {path.name for path in (WEB / "src").iterdir() if path.suffix in (".js", ".css")}
    assert sources == set(manifest())


def test_licences_of_what_is_inside_come_along() -> None:
    text = (FOLDER / "LICENCES.txt").read_text(encoding="utf-8")
    for package in ("htmx.org", "ol", "rbush", "echarts", "zrender"):
        assert f"\n{package} " in text


def test_an_entry_that_was_not_built_is_named() -> None:
    with pytest.raises(NotFound, match=r"nowhere\.js"):
        asset_url("nowhere.js")


def test_the_lockfile_names_no_registry() -> None:
    text = (WEB / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert '"integrity"' in text


if shutil.which("node") and (WEB / "node_modules").is_dir():  # left out elsewhere: building is not part of testing

    def test_building_again_gives_the_same_files(tmp_path: Path) -> None:
        subprocess.run(
            ["node", "build.mjs"], cwd=WEB, env=os.environ | {"NONGSHI_ASSETS": str(tmp_path)}, check=True, timeout=120
        )
        assert (tmp_path / "manifest.json").read_text() == (FOLDER / "manifest.json").read_text()
        assert (tmp_path / "LICENCES.txt").read_text() == (FOLDER / "LICENCES.txt").read_text()
