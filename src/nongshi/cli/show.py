"""What a command prints: tables and JSON on stdout, faults on stderr, and the exit code that goes with them."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from nongshi.cli.options import Lang
from nongshi.cli.texts import text
from nongshi.core.errors import BadFiles, NongshiError, NotFound

EXIT_BROKEN = 1
EXIT_USAGE = 2
EXIT_UNSERVED = 3
EXIT_NO_PLAN = 4


@contextmanager
def guarded(lang: Lang, *, as_json: bool) -> Iterator[None]:
    """Turn a fault that Nongshi or the disk names into words and an exit code; a fault of the code stays loud."""
    try:
        yield
    except BrokenPipeError:
        raise  # somebody closed our stdout (| head); typer ends quietly
    except NongshiError as fault:
        show_fault(fault, lang, as_json=as_json)
        raise typer.Exit(fault.exit_code) from fault
    except OSError as fault:
        words = text(lang, "os_error", fault=fault)
        typer.echo(words, err=True)
        if as_json:
            print_json({"error": "os_error", "message": words})
        raise typer.Exit(EXIT_USAGE) from fault


def show_fault(fault: NongshiError, lang: Lang, *, as_json: bool) -> None:
    """Each fault a line on stderr; with --json the same as one object on stdout."""
    answer: dict[str, Any] = {"error": fault.code}
    if isinstance(fault, BadFiles):
        typer.echo(text(lang, "bad_files", count=fault.found), err=True)
        for one in fault.faults:
            typer.echo(str(one), err=True)
        if fault.found > len(fault.faults):
            typer.echo(text(lang, "more_faults", count=fault.found - len(fault.faults)), err=True)
        answer |= {"found": fault.found, "faults": [asdict(one) for one in fault.faults]}
    else:
        typer.echo(str(fault), err=True)
        answer["message"] = str(fault)
    if as_json:
        print_json(answer)


def print_json(answer: Mapping[str, Any]) -> None:
    """One JSON object on stdout."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False))


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout: words to the left, figures to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, show_header=any(header))
    for i, name in enumerate(header):
        table.add_column(Text(name), justify="left" if i == 0 else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout, highlight=False).print(table)


def check_target(path: Path) -> None:
    """Refuse, before any work is done, a file that could not be written afterwards.

    Raises:
        NotFound: the folder it shall stand in is not there, or the name is a folder's.
    """
    if path.is_dir():
        raise NotFound(f"{path} is a folder; name the file to write, for example {path / 'plan.json'}")
    if not path.parent.is_dir():
        raise NotFound(f"the folder {path.parent} is not there; make it first, or name another place")
