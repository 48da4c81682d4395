"""`nongshi audit`: the log of everybody's acts, a chain of hashes: sealed, exported, verified."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.serve import check_installed
from nongshi.cli.show import EXIT_BROKEN, check_target, guarded, print_json
from nongshi.cli.texts import language, text

if TYPE_CHECKING:
    from nongshi.files.audit_log import Head

app = typer.Typer(help="The log of acts: export it, verify it.", no_args_is_help=True, rich_markup_mode=None)
Heads = Annotated[Path | None, typer.Option("--heads", help="Heads that were exported: heads.jsonl.")]


@app.callback()
def audit() -> None:
    """The log of acts: export it, verify it."""


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the log goes.")],
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Write the whole log of the site as one file that `nongshi audit verify FILE` reads without the site."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        check_target(file)
        _set_up()
        from nongshi.files.audit_log import write_audit
        from nongshi.site.base.audit import seal_all, sealed_acts

        seal_all()
        count = write_audit(file, sealed_acts())
        _say({"file": str(file), "acts": count}, text(words, "audit_exported", count=count, file=file), as_json=as_json)


@app.command("head")
def head(as_json: options.AsJson = False, lang: options.InLang = None) -> None:
    """Export today's head, as a worker does once a day, and show the newest one."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        _set_up()
        from nongshi.site.base.audit import export_head, folder, kept_heads

        export_head()
        heads = kept_heads()
        newest = heads[-1] if heads else None
        answer = {"folder": str(folder()), "heads": len(heads), "head": _told(newest)}
        shown = f"{newest.date} {newest.seq} {newest.hash}" if newest else text(words, "audit_empty")
        _say(answer, shown, as_json=as_json)


@app.command("verify")
def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="An exported log; without one the site's database.")
    ] = None,
    heads: Heads = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Find acts that were changed, dropped, moved or cut off; exit code 1 where there are any."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.files.audit_log import read_heads, verify_file

        given = None if heads is None else read_heads(heads)
        waiting = 0
        if file is not None:
            found = verify_file(file, given or ())
        else:
            _set_up()
            from nongshi.site.base import audit as log

            found, waiting = log.verify_database(given), log.unsealed().count()
        answer = {
            "acts": found.acts, "head": found.last, "heads_compared": found.heads, "not_sealed_yet": waiting,
            "found": found.found, "faults": found.faults or [],
        }  # fmt: skip
        for one in found.faults or ():
            typer.echo(one, err=True)
        key = "audit_broken" if found.found else "audit_whole"
        _say(answer, text(words, key, count=found.acts, found=found.found, heads=found.heads), as_json=as_json)
        if found.found:
            raise typer.Exit(EXIT_BROKEN)


def _set_up() -> None:
    check_installed()
    from nongshi.site import starting

    starting.set_up_quietly()


def _told(head: "Head | None") -> dict[str, Any] | None:
    return None if head is None else {"date": head.date, "seq": head.seq, "hash": head.hash}


def _say(answer: dict[str, Any], words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
    else:
        typer.echo(words)
