"""`nongshi claim`: subsidy claims with their proof, verified without network or account."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import check_target, guarded, print_json, print_table
from nongshi.cli.texts import language, text

if TYPE_CHECKING:
    from nongshi.claims import Reviewed
    from nongshi.files.claim_bundle import Bundle

app = typer.Typer(
    help="Subsidy claims with their proof, verified offline.", no_args_is_help=True, rich_markup_mode=None
)
BROKEN = 1  # exit code where a seal is broken or money should wait


@app.callback()
def claim() -> None:
    """Subsidy claims with their proof, verified offline."""


@app.command("key")
def key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to keep the private key.")],
    lang: options.InLang = None,
) -> None:
    """Make a signing key; prints the public half, which readers are told to trust."""
    words = language(lang)
    with guarded(words, as_json=False):
        check_target(file)
        from nongshi.core.errors import BadUsage
        from nongshi.files.claim_bundle import new_key, public_of
        from nongshi.files.whole import write_whole

        if file.exists():
            raise BadUsage(f"{file} is there already; a key is never overwritten")
        made = new_key()
        write_whole(file, made.hex() + "\n")
        file.chmod(0o600)
        typer.echo(public_of(made))


@app.command("sample")
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the bundles go.")],
    honest: Annotated[int, typer.Option("--honest", min=1, help="Honest claims.")] = 10,
    planted: Annotated[int, typer.Option("--planted", min=0, help="Planted ones among them.")] = 5,
    seed: options.Seed = 1,
    lang: options.InLang = None,
) -> None:
    """Write generated claims as bundles, to try verifying on."""
    words = language(lang)
    with guarded(words, as_json=False):
        from dataclasses import replace

        from nongshi.files.claim_bundle import new_key, public_of, write_bundle
        from nongshi.synthetic.claims import make_claims

        made, signing = make_claims(honest=honest, planted=planted, seed=seed), new_key()
        for one in made:
            bare = replace(one.claim, photos=())  # generated claims have no pictures to hand over
            write_bundle(folder / f"{bare.id}.zip", bare, one.track, one.outline, key=signing)
        planted_ids = {one.claim.id: one.planted for one in made if one.planted}
        (folder / "planted.json").write_text(json.dumps(planted_ids, indent=1) + "\n", encoding="utf-8")
        (folder / "trusted.txt").write_text(f"{public_of(signing)} generated\n", encoding="utf-8")


@app.command("verify")
def verify(
    bundles: Annotated[list[Path], typer.Argument(metavar="BUNDLE.zip...", help="Bundles, seen beside each other.")],
    trust: Annotated[
        Path | None, typer.Option("--trust", help="Public keys that are trusted, one a line, a name behind it.")
    ] = None,
    on_map: Annotated[Path | None, typer.Option("--map", help="Also write the claims as GeoJSON.")] = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Replay claims from their bundles: seal, area, place, speed, papers, and what they say of each other."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        if on_map is not None:
            check_target(on_map)
        from nongshi.claims import Case, review
        from nongshi.files.claim_bundle import read_bundle

        read = [read_bundle(path) for path in bundles]
        trusted = None if trust is None else _trusted(trust)
        reviewed = review([Case(claim=one.claim, track=one.track, outline=one.outline) for one in read])
        rows = [_row(path, one, seen, trusted) for path, one, seen in zip(bundles, read, reviewed, strict=True)]
        if on_map is not None:
            _write_map(on_map, rows, read)
        if as_json:
            print_json({"claims": rows, "held": sum(row["held"] for row in rows)})
        else:
            _show(rows, words)
    if any(row["held"] for row in rows):
        raise typer.Exit(BROKEN)


def _trusted(path: Path) -> dict[str, str]:
    from nongshi.core.errors import NotFound

    if not path.is_file():
        raise NotFound(f"there is no file {path}; correct --trust")
    lines = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {line[0].lower(): line[1] if len(line) > 1 else "" for line in lines}


def _row(path: Path, bundle: "Bundle", seen: "Reviewed", trusted: dict[str, str] | None) -> dict[str, Any]:
    """All that is told of one bundle."""
    told, known = seen.measured, None if trusted is None else bundle.signer in trusted
    return {
        "file": path.name,
        "claim": seen.claim_id,
        "claimant": bundle.claim.claimant_id,
        "claimed_ha": bundle.claim.claimed_ha,
        "worked_ha": None if told is None else round(told.worked_ha, 4),
        "low_ha": None if told is None else round(told.low_ha, 4),
        "high_ha": None if told is None else round(told.high_ha, 4),
        "signer": bundle.signer,
        "signer_trusted": known,
        "seal": list(bundle.seal_faults),
        "risk": max(seen.risk, 1.0 if bundle.seal_faults or known is False else 0.0),
        "held": seen.held or bool(bundle.seal_faults) or known is False,
        "flags": [
            {"kind": one.kind.value, "risk": one.risk, "text": one.en, "text_zh": one.zh, "other": one.other}
            for one in seen.flags
        ],
        "generated": bundle.claim.generated,
    }


def _write_map(path: Path, rows: list[dict[str, Any]], read: list["Bundle"]) -> None:
    import shapely

    from nongshi.files.whole import write_whole

    features = []
    for row, bundle in zip(rows, read, strict=True):
        places = [[float(lon), float(lat)] for lon, lat in zip(bundle.track.lon, bundle.track.lat, strict=True)]
        shape = {"type": "LineString", "coordinates": places}
        if bundle.outline is not None:
            shape = json.loads(shapely.to_geojson(bundle.outline))
        features.append({"type": "Feature", "id": row["claim"], "geometry": shape, "properties": row})
    write_whole(path, json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n")


def _show(rows: list[dict[str, Any]], words: Any) -> None:
    key = "text_zh" if words.value == "zh" else "text"
    shown = []
    for row in sorted(rows, key=lambda row: -row["risk"]):
        area = "" if row["worked_ha"] is None else f"{row['worked_ha']:.2f} ({row['low_ha']:.2f}-{row['high_ha']:.2f})"
        why = [*row["seal"], *(flag[key] for flag in row["flags"])]
        if row["signer_trusted"] is False:
            why.insert(0, text(words, "claim_stranger"))
        shown.append([row["claim"], f"{row['claimed_ha']:.2f}", area, f"{row['risk']:.1f}", "; ".join(why)])
    print_table(
        text(words, "claim_title"), [text(words, f"claim_{n}") for n in ("id", "ha", "area", "risk", "why")], shown
    )
