"""`nongshi explain`: why this machine and this hour, what another would cost, what would free a job left out."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.quote import offer_answer
from nongshi.cli.show import guarded, print_json
from nongshi.cli.texts import language
from nongshi.core.units import yuan

if TYPE_CHECKING:
    from nongshi.dispatch.explain_job import Explanation, Instead
    from nongshi.dispatch.explain_words import Line

INSTEAD_SHOWN = 5  # other machines shown with their price; --json has all

HEADINGS: Mapping[str, tuple[str, str]] = {
    "why": ("Job {job}", "作业 {job}"),
    "instead": ("With another machine", "换别的农机"),
    "cannot": ("These cannot", "这些农机来不了"),
    "frees": ("What would help", "怎样才能排上"),
    "more": ("... and {count} more", "……另有 {count} 台"),
}


def explain(
    region: options.RegionFolder,
    plan: options.PlanFile,
    job: Annotated[str, typer.Argument(metavar="JOB", help="Id of a job of the region.")],
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Say why a job is done by this machine at this hour and what others would cost, or what would free it."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api
        from nongshi.dispatch.explain_job import explain_job

        data = api.read_region(region)
        explained = explain_job(data, api.read_plan(plan, data), job)
        if as_json:
            print_json(answer(explained))
        else:
            show(explained, words)


def answer(explained: "Explanation") -> dict[str, Any]:
    """An explanation as JSON, every sentence in both languages."""
    return {
        "job_id": explained.job_id,
        "served": explained.served,
        "why": [_line(one) for one in explained.why],
        "instead": [_instead(one) for one in explained.instead],
        "frees": [_line(one) for one in explained.frees],
    }


def show(explained: "Explanation", lang: options.Lang) -> None:
    """The sentences under their headings."""
    able = [one.line for one in explained.instead if one.offer is not None]
    cannot = [one.line for one in explained.instead if one.offer is None and one.line.kind != "cannot_class"]
    _block("why", list(explained.why), lang, job=explained.job_id)
    _block("instead", able, lang)
    _block("cannot", cannot, lang)
    _block("frees", list(explained.frees), lang)


def _block(heading: str, lines: "list[Line]", lang: options.Lang, **facts: object) -> None:
    if not lines:
        return
    typer.echo(_heading(lang, heading, **facts))
    shown = lines if heading in ("why", "frees") else lines[:INSTEAD_SHOWN]
    for one in shown:
        typer.echo(f"  {one.zh if lang is options.Lang.ZH else one.en}")
    if len(lines) > len(shown):
        typer.echo("  " + _heading(lang, "more", count=len(lines) - len(shown)))


def _line(one: "Line") -> dict[str, str]:
    return {"kind": one.kind, "en": one.en, "zh": one.zh}


def _instead(one: "Instead") -> dict[str, Any]:
    return {
        "machine_id": one.machine_id,
        "worse_yuan": None if one.worse_fen is None else yuan(one.worse_fen),
        "offer": None if one.offer is None else offer_answer(one.offer),
        **_line(one.line),
    }


def _heading(lang: options.Lang, key: str, **facts: object) -> str:
    return HEADINGS[key][lang is options.Lang.ZH].format(**facts)
