"""A bundle comes back as it was signed; whatever is changed afterwards is named, and rubbish is refused."""

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.core.claim import Photo
from nongshi.core.errors import BadFiles, BadInput, NotFound
from nongshi.files import claim_bundle
from nongshi.files.claim_bundle import new_key, public_of, read_bundle, write_bundle
from nongshi.synthetic.claims import make_claims

PICTURE = b"\xff\xd8 a picture"


@pytest.fixture(scope="module")
def made() -> Any:
    from dataclasses import replace

    one = make_claims(honest=1, planted=0, seed=2)[0]
    photo = Photo(name="after.jpg", sha256=hashlib.sha256(PICTURE).hexdigest(), taken_at=one.claim.until)
    return replace(one, claim=replace(one.claim, photos=(photo,)))


@pytest.fixture
def bundle(made: Any, tmp_path: Path) -> Path:
    path = tmp_path / "claim.zip"
    write_bundle(path, made.claim, made.track, made.outline, key=b"k" * 32, photos={"after.jpg": PICTURE})
    return path


def changed(bundle: Path, **files: bytes | None) -> Path:
    """The bundle with files put in, changed or (None) taken out."""
    with zipfile.ZipFile(bundle) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept |= {name: data for name, data in files.items() if data is not None}
    with zipfile.ZipFile(bundle, "w") as archive:
        for name, data in kept.items():
            if files.get(name, b"") is not None:
                archive.writestr(name, data)
    return bundle


def test_a_bundle_comes_back_as_it_was_signed(bundle: Path, made: Any) -> None:
    read = read_bundle(bundle)
    assert read.seal_faults == ()
    assert read.claim == made.claim
    assert read.signer == public_of(b"k" * 32)
    assert abs(read.track.lon - made.track.lon).max() < 1e-8
    assert read.outline.equals_exact(made.outline, 1e-9)


def test_the_same_claim_makes_the_same_bytes(bundle: Path, made: Any, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    write_bundle(again, made.claim, made.track, made.outline, key=b"k" * 32, photos={"after.jpg": PICTURE})
    assert again.read_bytes() == bundle.read_bytes()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"photos/after.jpg": b"another"}, "photos/after.jpg was changed"),
        ({"photos/after.jpg": None}, "photos/after.jpg is missing"),
        ({"note.txt": b"x"}, "note.txt was put in later"),
        ({"signature": b"00" * 64}, "the signature does not fit"),
        ({"signature": None}, "the signature does not fit"),
    ],
)
def test_what_was_changed_is_named(bundle: Path, files: dict[str, bytes | None], words: str) -> None:
    assert any(words in fault for fault in read_bundle(changed(bundle, **files)).seal_faults)


def test_a_changed_manifest_breaks_the_signature(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        manifest = archive.read("manifest.json")
    faults = read_bundle(changed(bundle, **{"manifest.json": manifest + b" "})).seal_faults
    assert faults == ("the signature does not fit the manifest",)


POINT = b'{"type":"Point","coordinates":[1,2]}'


@pytest.mark.parametrize(
    "files",
    [
        {"claim.json": b"{}"},
        {"claim.json": None},
        {"track.csv": b"a,b\n1,2\n"},
        {"manifest.json": b"[]"},
        {"field.geojson": POINT},
    ],
)
def test_what_is_no_bundle_is_refused(bundle: Path, files: dict[str, bytes | None]) -> None:
    with pytest.raises(BadFiles):
        read_bundle(changed(bundle, **files))


def test_a_bomb_is_not_unpacked(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_bundle, "BYTES_MAX", 1000)
    with pytest.raises(BadFiles, match="more than"):
        read_bundle(bundle)


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_rubbish_is_refused_by_name(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("rubbish") / "x.zip"
    path.write_bytes(data)
    with pytest.raises(BadFiles):
        read_bundle(path)


def test_a_missing_file_a_short_key_and_a_wrong_photo_are_named(made: Any, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_bundle(tmp_path / "none.zip")
    with pytest.raises(BadInput, match="32 bytes"):
        write_bundle(tmp_path / "x.zip", made.claim, made.track, None, key=b"k", photos={"after.jpg": PICTURE})
    with pytest.raises(BadInput, match="photo"):
        write_bundle(tmp_path / "x.zip", made.claim, made.track, None, key=new_key())
    assert not (tmp_path / "x.zip").exists()
