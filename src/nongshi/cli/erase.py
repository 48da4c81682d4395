"""`nongshi erase`: a person goes for good; what was done and owed stays without their name."""

from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.serve import check_installed
from nongshi.cli.show import EXIT_USAGE, guarded, print_json
from nongshi.cli.texts import language, text


def erase(
    person: Annotated[int, typer.Argument(metavar="PERSON", help="The person's number.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; it cannot be undone.")] = False,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Erase a person: name, telephone, ID number, bank account, licences, tracks, ways in; keep books and orders."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        check_installed()
        from nongshi.site import starting

        starting.set_up_quietly()
        from nongshi.site.base.scope import EVERYTHING
        from nongshi.site.people import erasing

        erasing.find_person(person)
        if not yes:
            typer.echo(text(words, "erase_ask", pk=person), err=True)
            raise typer.Exit(EXIT_USAGE)
        counts = erasing.erase(EVERYTHING, person)
        if as_json:
            print_json({"person": person, **counts})
        else:
            typer.echo(text(words, "erased", pk=person, counts=", ".join(f"{k} {v}" for k, v in counts.items() if v)))
