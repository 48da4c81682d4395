"""`nongshi quote`: what one more job would bring, and on which machine, before it is promised."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import EXIT_UNSERVED, guarded, print_json, print_table
from nongshi.cli.texts import language
from nongshi.core.times import wall
from nongshi.core.units import yuan

if TYPE_CHECKING:
    from nongshi.dispatch.quote import Displacement, Offer, Quote

OFFERS = 10  # as nongshi.dispatch.quote.OFFERS_MAX, not imported so that --help stays quick; a test holds them equal
EXIT_PAYS = 0

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Offers for {job}, best first", "作业 {job} 的报价（从优到劣）"),
    "machine": ("Machine", "农机"),
    "operator": ("Operator", "机手"),
    "start": ("Start", "开始"),
    "end": ("End", "结束"),
    "yuan": ("Plan gains, yuan", "计划增收（元）"),
    "km": ("More km", "多跑（公里）"),
    "after": ("After job", "接在哪项作业后"),
    "yard": ("yard", "机库"),
    "new": ("{operator} (called in)", "{operator}（需另叫）"),
    "none": ("Nothing fits: {why}.", "排不进去：{why}。"),
    "not_paying": ("No offer gains anything.", "没有一种排法能增收。"),
    "displace": (
        "Leaving out {jobs} (worth {lost} yuan to the plan) makes room: {machine} with {operator}, {start} to {end}; "
        "net {net} yuan.",
        "如果不做 {jobs}（计划少收 {lost} 元），就能排进：{machine}，机手 {operator}，"
        "{start} 至 {end}；净增收 {net} 元。",
    ),
    "safe": (
        "On the safe side: jobs that wait for others and wet grain stay where they are planned.",
        "偏保守：有先后顺序的作业和湿粮收割日保持原计划。",
    ),
}


def quote(
    region: options.RegionFolder,
    plan: options.PlanFile,
    job: Annotated[Path, typer.Argument(metavar="JOB", help="JSON file of one job, named as in jobs.csv.")],
    offers: Annotated[int, typer.Option("--offers", min=1, help="At most so many offers.")] = OFFERS,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Say what one more job would bring to a plan: every position of every machine, exactly.

    Exit code 0: some offer gains value; 3: none does.
    """
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api
        from nongshi.dispatch.explain_job import why_none
        from nongshi.dispatch.quote import Quoter
        from nongshi.files.job_file import read_job

        data = api.read_region(region)
        quoter = Quoter(data, api.read_plan(plan, data))
        wanted, field = read_job(job, data)
        found = quoter.quote(wanted, field, offers_max=offers)
        why = None if found.offers else why_none(quoter, wanted, field)
        if as_json:
            print_json(answer(found) | {"why_none": None if why is None else {"en": why.en, "zh": why.zh}})
        else:
            show(found, words, None if why is None else (why.en, why.zh), careful=bool(data.dryers) or quoter.chained)
    raise typer.Exit(EXIT_PAYS if found.pays else EXIT_UNSERVED)


def answer(quote: "Quote") -> dict[str, Any]:
    """A quote as JSON."""
    return {
        "job_id": quote.job_id,
        "pays": quote.pays,
        "offers": [offer_answer(offer) for offer in quote.offers],
        "displacement": None if quote.displacement is None else _displacement_answer(quote.displacement),
    }


def offer_answer(offer: "Offer") -> dict[str, Any]:
    """One offer as JSON: its first piece's keys, and all pieces."""
    pieces = [
        {
            "machine_id": piece.machine_id,
            "operator_id": piece.operator_id,
            "parts": piece.parts,
            "start": wall(piece.start),
            "end": wall(piece.end),
            "after_job_id": piece.after_job_id,
            "before_job_id": piece.before_job_id,
        }
        for piece in offer.pieces
    ]
    return {
        **pieces[0],
        "end": max(piece["end"] for piece in pieces),  # type: ignore[type-var]
        "parts": sum(piece.parts for piece in offer.pieces),
        "yuan": yuan(offer.gain_fen),
        "km": round(offer.km, 3),
        "pieces": pieces,
        "crew_new": [
            {"date": crew.date.isoformat(), "machine_id": crew.machine_id, "operator_id": crew.operator_id}
            for crew in offer.crew_new
        ],
    }


def _displacement_answer(found: "Displacement") -> dict[str, Any]:
    return {
        "job_ids": list(found.job_ids),
        "lost_yuan": yuan(found.lost_fen),
        "net_yuan": yuan(found.net_fen),
        "offer": offer_answer(found.offer),
    }


def show(quote: "Quote", lang: options.Lang, why: tuple[str, str] | None, *, careful: bool) -> None:
    """The offers as a table, and what would make room."""
    if quote.offers:
        header = [_text(lang, key) for key in ("machine", "operator", "start", "end", "yuan", "km", "after")]
        rows = [row for offer in quote.offers for row in _rows(offer, lang)]
        print_table(_text(lang, "title", job=quote.job_id), header, rows)
        if not quote.pays:
            typer.echo(_text(lang, "not_paying"))
    elif why is not None:
        typer.echo(_text(lang, "none", why=why[lang is options.Lang.ZH]))
    if quote.displacement is not None:
        typer.echo(displacement_text(quote.displacement, lang))
    if careful:
        typer.echo(_text(lang, "safe"))


def displacement_text(found: "Displacement", lang: options.Lang) -> str:
    """What would have to go, in one sentence."""
    piece = found.offer.pieces[0]
    return _text(
        lang,
        "displace",
        jobs=", ".join(found.job_ids),
        lost=f"{yuan(found.lost_fen):,.2f}",
        net=f"{yuan(found.net_fen):,.2f}",
        machine=piece.machine_id,
        operator=piece.operator_id,
        start=_hour(wall(piece.start, seconds=False)),
        end=_hour(wall(piece.end, seconds=False)),
    )


def _rows(offer: "Offer", lang: options.Lang) -> list[list[str]]:
    """A row a piece; gain and km stand on the first."""
    called = {crew.operator_id for crew in offer.crew_new}
    rows = []
    for i, piece in enumerate(offer.pieces):
        operator = _text(lang, "new", operator=piece.operator_id) if piece.operator_id in called else piece.operator_id
        gain, km = (f"{yuan(offer.gain_fen):,.2f}", f"{offer.km:+.1f}") if i == 0 else ("", "")
        start, end = (_hour(wall(moment, seconds=False)) for moment in (piece.start, piece.end))
        rows.append([piece.machine_id, operator, start, end, gain, km, piece.after_job_id or _text(lang, "yard")])
    return rows


def _hour(text: str) -> str:
    return text.replace("T", " ")


def _text(lang: options.Lang, key: str, **values: object) -> str:
    return WORDS[key][lang is options.Lang.ZH].format(**values)
