"""`nongshi backup`, `nongshi restore`: the whole site in one file, and back again."""

from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.serve import check_installed
from nongshi.cli.show import EXIT_BROKEN, check_target, guarded, print_json
from nongshi.cli.texts import language, text


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the backup goes, such as site.tar.gz.")],
    keys: Annotated[
        bool, typer.Option("--keys/--no-keys", help="With the keys: without them nobody reads ID numbers again.")
    ] = True,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Keep database, uploads, positions and keys in one file, while the site runs."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        check_installed()
        check_target(file)
        from nongshi.site.backup import make_backup
        from nongshi.site.places_kept import kept

        made = make_backup(file, kept(), keys=keys, tell=lambda said: typer.echo(said, err=True))
        rows = sum(one["rows"] for one in made["tables"].values())
        if as_json:
            print_json({"file": str(file), "tables": len(made["tables"]), "rows": rows, "files": len(made["files"])})
        else:
            said = text(
                words, "backup_made", file=file, tables=len(made["tables"]), rows=rows, files=len(made["files"])
            )
            typer.echo(said)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.", exists=True, dir_okay=False)],
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Put a backup into an empty place (NONGSHI_HOME, DATABASE_URL), compare every table, and check the promises."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        check_installed()
        from nongshi.site.places_kept import kept
        from nongshi.site.restore import check_site
        from nongshi.site.restore import restore as put_back

        made = put_back(file, kept(), tell=lambda said: typer.echo(said, err=True))
        from nongshi.site import starting

        starting.set_up_quietly()
        wrong = check_site()
        rows = sum(one["rows"] for one in made["tables"].values())
        for one in wrong:
            typer.echo(one, err=True)
        if as_json:
            print_json({"tables": len(made["tables"]), "rows": rows, "made_at": made["made_at"], "faults": wrong})
        else:
            key = "restore_broken" if wrong else "restore_done"
            typer.echo(text(words, key, tables=len(made["tables"]), rows=rows, found=len(wrong), at=made["made_at"]))
        if wrong:
            raise typer.Exit(EXIT_BROKEN)
