"""`nongshi check`: does a plan keep every rule?"""

from typing import TYPE_CHECKING, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import EXIT_BROKEN, guarded, print_json
from nongshi.cli.texts import language, text
from nongshi.core.units import yuan

if TYPE_CHECKING:
    from nongshi.verify import Verdict


def check(
    region: options.RegionFolder,
    plan: options.PlanFile,
    roads: options.RoadsFile = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Check a plan against every rule of docs/formats.md, by code that the planner does not share.

    Exit code 0: it keeps them all; 1: it breaks some, each named.
    """
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api

        data = api.read_region(region)
        over = None if roads is None else api.read_roads(roads, data)
        verdict = api.check_plan(data, api.read_plan(plan, data), roads=over)
        if as_json:
            print_json(answer(verdict))
        else:
            print_verdict(verdict, words)
    raise typer.Exit(0 if verdict.ok else EXIT_BROKEN)


def answer(verdict: "Verdict") -> dict[str, Any]:
    """The verdict as JSON: every breach, and the sums priced anew from the written times."""
    return {
        "ok": verdict.ok,
        "objective_yuan": yuan(verdict.objective_fen),
        "jobs_served": verdict.totals.jobs_served,
        "jobs_unserved": verdict.totals.jobs_unserved,
        "breaches": [
            {"rule": str(breach.rule), "where": breach.where, "text": breach.text} for breach in verdict.breaches
        ],
    }


def print_verdict(verdict: "Verdict", lang: options.Lang) -> None:
    """One sentence for a sound plan, else one line a breach."""
    if verdict.ok:
        worth = f"{yuan(verdict.objective_fen):,.0f}"
        typer.echo(text(lang, "check_passed", jobs=verdict.totals.jobs_served, yuan=worth))
        return
    typer.echo(text(lang, "check_failed", count=len(verdict.breaches)))
    for breach in verdict.breaches:
        typer.echo(str(breach))
