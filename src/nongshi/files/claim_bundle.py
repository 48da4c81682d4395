"""A subsidy claim with its proof in one signed file (docs/claims.md): claim, track, field, photos, and a manifest.

The manifest names every file with its SHA-256; the signature (Ed25519) is over the manifest's bytes. Whoever reads
needs no network and no account.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import shapely

from nongshi.core.claim import Claim, Photo
from nongshi.core.errors import BadFiles, BadInput, Fault, MissingExtra, NotFound
from nongshi.files.track_files import read_tracks, write_tracks
from nongshi.files.whole import write_whole
from nongshi.geo.track import Track

FORMAT = "nongshi-claim/1"
MANIFEST, SIGNATURE, CLAIM, TRACK, FIELD, PHOTOS = (
    "manifest.json", "signature", "claim.json", "track.csv", "field.geojson", "photos/"
)  # fmt: skip
FILES_MAX, BYTES_MAX = 200, 200 * 2**20  # assumption: a day's track has 5 MB, a photo 1 MB
STAMP = (2026, 1, 1, 0, 0, 0)  # every entry's: the same claim makes the same bytes
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a bundle holds, who signed it, and what is wrong with its seal."""

    claim: Claim
    track: Track
    outline: Any | None  # shapely Polygon or MultiPolygon, degrees
    signer: str  # public key, hex
    seal_faults: tuple[str, ...]  # empty: every file is as it was signed


def new_key() -> bytes:
    """A new private signing key.

    Raises:
        MissingExtra: cryptography is not installed.
    """
    key = _ed25519().Ed25519PrivateKey.generate()
    return bytes(key.private_bytes_raw())


def public_of(key: bytes) -> str:
    """The public half of a private key, hex; what a reader is told to trust."""
    return str(_private(key).public_key().public_bytes_raw().hex())


def write_bundle(
    path: Path,
    claim: Claim,
    track: Track,
    outline: Any | None,
    *,
    key: bytes,
    photos: Mapping[str, bytes] | None = None,
) -> None:
    """Write a bundle, whole or not at all.

    Raises:
        BadInput: a photo that the claim names is missing or another one.
        MissingExtra: cryptography is not installed.
    """
    given = dict(photos or {})
    for photo in claim.photos:
        if hashlib.sha256(given.get(photo.name, b"")).hexdigest() != photo.sha256:
            raise BadInput(f"claim {claim.id}: photo {photo.name} is missing or not the one that the claim names")
    files = {CLAIM: _json(_claim_values(claim)), TRACK: _track_bytes(track)}
    if outline is not None:
        files[FIELD] = shapely.to_geojson(outline).encode()
    files |= {PHOTOS + name: data for name, data in given.items()}
    manifest = _json(
        {
            "format": FORMAT,
            "claim": claim.id,
            "signer": public_of(key),
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        }
    )
    files |= {MANIFEST: manifest, SIGNATURE: _private(key).sign(manifest).hex().encode()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)
    write_whole(Path(path), out.getvalue())


def read_bundle(path: Path) -> Bundle:
    """Read a bundle; a broken seal is told, a file that is none is refused.

    Raises:
        NotFound: there is no such file.
        BadFiles: it is no bundle, or what it holds cannot be read.
        MissingExtra: cryptography is not installed.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound(f"there is no file {path}; correct the path")
    files = _unpacked(path)
    manifest = _manifest(path.name, files)
    faults = tuple(_seal_faults(files, manifest))
    try:
        claim = _claim(json.loads(files[CLAIM]))
        outline = shapely.from_geojson(files[FIELD]) if FIELD in files else None
    except (KeyError, TypeError, ValueError, AttributeError, shapely.GEOSException) as error:
        raise _refused(path.name, f"{type(error).__name__}: {error}") from error
    if outline is not None and outline.geom_type not in ("Polygon", "MultiPolygon"):
        raise _refused(path.name, f"{FIELD} holds a {outline.geom_type}, not an outline")
    return Bundle(
        claim=claim, track=_track(path.name, files), outline=outline, signer=str(manifest["signer"]), seal_faults=faults
    )


def _unpacked(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > FILES_MAX or sum(entry.file_size for entry in entries) > BYTES_MAX:
                raise _refused(path.name, f"it holds more than {FILES_MAX} files or {BYTES_MAX >> 20} MiB")
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _refused(path.name, f"it is no zip file that can be read ({error})") from error
    except Exception as error:  # zlib's own
        raise _refused(path.name, str(error)) from error


def _manifest(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        manifest = json.loads(files[MANIFEST])
        if manifest["format"] == FORMAT and isinstance(manifest["files"], dict) and CLAIM in files and TRACK in files:
            bytes.fromhex(manifest["signer"])
            return dict(manifest)
    except (KeyError, TypeError, ValueError):
        pass
    raise _refused(name, f"it has no manifest of the form {FORMAT} with {CLAIM} and {TRACK}")


def _seal_faults(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[str]:
    """What differs from what was signed."""
    try:
        public = _ed25519().Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest["signer"]))
        public.verify(bytes.fromhex(files[SIGNATURE].decode()), files[MANIFEST])
    except MissingExtra:
        raise
    except Exception:  # InvalidSignature, a key of another length, no signature at all
        yield "the signature does not fit the manifest"
    listed = manifest["files"]
    for name in sorted(set(listed) | set(files) - {MANIFEST, SIGNATURE}):
        if name not in files:
            yield f"{name} is missing"
        elif name not in listed:
            yield f"{name} was put in later"
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name} was changed"


def _claim_values(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id, "claimant_id": claim.claimant_id, "operation": claim.operation, "field_id": claim.field_id,
        "machine_id": claim.machine_id, "device_id": claim.device_id, "operator_id": claim.operator_id,
        "licence_needed": claim.licence_needed,
        "licences": {name: until.isoformat() for name, until in claim.licences.items()},
        "width_m": claim.width_m, "claimed_ha": claim.claimed_ha, "since": claim.since.isoformat(),
        "until": claim.until.isoformat(), "order_id": claim.order_id, "depth_asked_cm": claim.depth_asked_cm,
        "photos": [
            {"name": p.name, "sha256": p.sha256, "taken_at": None if p.taken_at is None else p.taken_at.isoformat(),
             "lon": p.lon, "lat": p.lat}
            for p in claim.photos
        ],
        "generated": claim.generated,
    }  # fmt: skip


def _claim(values: Mapping[str, Any]) -> Claim:
    known = dict(values)
    known["licences"] = {str(name): date.fromisoformat(until) for name, until in known["licences"].items()}
    known["since"], known["until"] = (datetime.fromisoformat(known[name]) for name in ("since", "until"))
    known["photos"] = tuple(
        Photo(**(p | {"taken_at": None if p["taken_at"] is None else datetime.fromisoformat(p["taken_at"])}))
        for p in known["photos"]
    )
    known["width_m"], known["claimed_ha"] = float(known["width_m"]), float(known["claimed_ha"])
    return Claim(**known)


def _track_bytes(track: Track) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_tracks(Path(folder) / TRACK, [track])
        return (Path(folder) / TRACK).read_bytes()


def _track(name: str, files: Mapping[str, bytes]) -> Track:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / TRACK).write_bytes(files[TRACK])
        tracks = read_tracks(Path(folder) / TRACK)
    if len(tracks) != 1:
        raise _refused(name, f"{TRACK} holds {len(tracks)} devices; a claim is proved by one")
    return tracks[0]


def _json(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False).encode() + b"\n"


def _refused(name: str, problem: str) -> BadFiles:
    return BadFiles(
        [Fault(file=name, row=None, column=None, value=None, problem=problem, mend="ask for the bundle again")]
    )


def _private(key: bytes) -> Any:
    if len(key) != KEY_BYTES:
        raise BadInput(f"a signing key has {KEY_BYTES} bytes, this one {len(key)}; make one: nongshi claim key FILE")
    return _ed25519().Ed25519PrivateKey.from_private_bytes(key)


def _ed25519() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise MissingExtra("cryptography", extra="claims") from error
    return ed25519
