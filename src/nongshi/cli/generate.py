"""`nongshi generate`: a region folder to try things on."""

import math
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json
from nongshi.cli.texts import language, text
from nongshi.core.errors import BadInput, NotFound
from nongshi.core.region import Region

COUNTED = ("fields", "jobs", "machines", "operators")


def generate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write.")],
    fields: Annotated[int, typer.Option("--fields", min=5, help="Number of fields.")] = 300,
    machines: Annotated[
        int | None, typer.Option("--machines", min=2, help="Number of machines; default: follows from --load.")
    ] = None,
    load: Annotated[float, typer.Option("--load", help="Machine-hours wanted over machine-hours crewed.")] = 1.0,
    season: Annotated[options.Season, typer.Option("--season", help="What it is about.")] = options.Season.RICE_HARVEST,
    seed: options.Seed = 1,
    operators_per_machine: Annotated[
        float, typer.Option("--operators-per-machine", help="Below 1, operators are short.")
    ] = 0.85,
    chains: Annotated[
        bool | None,
        typer.Option("--chains/--no-chains", help="Jobs that wait for another; default: as the season has it."),
    ] = None,
    dryers: Annotated[bool, typer.Option("--dryers/--no-dryers", help="Grain dryers with limits.")] = False,
    dryer_load: Annotated[
        float, typer.Option("--dryer-load", help="Season's wet grain over what the dryers take; above 1: too much.")
    ] = 0.75,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Generate a region over five real towns; fields, people and machines are made up, and marked so."""
    for name, value in (
        ("--load", load),
        ("--operators-per-machine", operators_per_machine),
        ("--dryer-load", dryer_load),
    ):
        if not (math.isfinite(value) and value > 0):
            raise typer.BadParameter(f"{name} must be a number above 0, got {value}")
    words = language(lang)
    with guarded(words, as_json=as_json):
        check_replaceable(out)
        from nongshi import api

        try:
            made = api.make_region(
                fields=fields,
                machines=machines,
                load=load,
                season=season,
                seed=seed,
                operators_per_machine=operators_per_machine,
                chains=chains,
                dryers=dryers,
                dryer_load=dryer_load,
            )
        except BadInput as fault:  # the options were wrong, not a file
            raise typer.BadParameter(str(fault)) from fault
        api.write_region(made, out)
        if as_json:
            print_json(answer(made, out))
        else:
            print_region(made, words)
            typer.echo(text(words, "written", path=out))


def check_replaceable(folder: Path) -> None:
    """Refuse to write generated data over anything but generated data.

    Raises:
        NotFound: its parent is not there, or what stands there must not be replaced.
    """
    if not folder.parent.is_dir():
        raise NotFound(f"the folder {folder.parent} is not there; make it first, or name another place")
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        synthetic = tomllib.loads((folder / "region.toml").read_text(encoding="utf-8")).get("synthetic")
    except (OSError, ValueError):
        synthetic = None
    if synthetic is not True:
        raise NotFound(f"{folder} holds something that is not a generated region; name a new folder")


def answer(region: Region, out: Path) -> dict[str, Any]:
    """What was generated, counted."""
    return {
        "out": str(out),
        "name": region.name,
        "synthetic": region.synthetic,
        "fields": len(region.fields),
        "jobs": len(region.jobs),
        "machines": len(region.machines),
        "operators": len(region.operators),
        "load_reached": load_reached(region),
    }


def print_region(region: Region, lang: options.Lang) -> None:
    """What was generated, in a line or two."""
    counts = answer(region, Path())
    typer.echo(text(lang, "generated", **{key: counts[key] for key in ("name", *COUNTED)}))
    if counts["load_reached"]:
        loads = ", ".join(f"{group} {load:.2f}" for group, load in counts["load_reached"].items())
        typer.echo(text(lang, "load_reached", loads=loads))


def load_reached(region: Region) -> dict[str, float]:
    """Load by group of machine classes, as the generator reports it."""
    reached = region.extra.get("generator", {}).get("load_reached", {})
    return {str(group): float(load) for group, load in reached.items()} if isinstance(reached, dict) else {}
