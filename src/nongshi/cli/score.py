"""`nongshi score`: what a plan made by hand is worth."""

from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import EXIT_BROKEN, guarded, print_json
from nongshi.cli.texts import language


def score(
    region: options.RegionFolder,
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", help="plan.json, or hand.csv: machine_id,job_id[,operator_id] in order.")
    ],
    out: Annotated[Path | None, typer.Option("--out", help="Write the timed plan of a hand.csv here.")] = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Value a plan made by hand: a plan.json as it is written, or a list of who does what in which order.

    Exit code 0: it keeps every rule; 1: it breaks some, each named.
    """
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api
        from nongshi.cli import check, figures

        data = api.read_region(region)
        if plan.suffix.lower() == ".csv":
            from nongshi.files.hand_plan import read_hand_plan

            made = api.with_methods(read_hand_plan(plan, data))
        else:
            made = api.read_plan(plan, data)
        verdict = api.check_plan(data, made)
        if out is not None:
            made.save(out)
        if as_json:
            print_json(check.answer(verdict) | {"figures": figures.plan_answer(made)})
        else:
            figures.print_plan(made, words)
            check.print_verdict(verdict, words)
    raise typer.Exit(0 if verdict.ok else EXIT_BROKEN)
