"""The `nongshi` program: its commands and how it is entered."""

import sys

import typer

from nongshi.cli import (
    audit,
    backup,
    bench,
    check,
    claim,
    compare,
    demo,
    erase,
    explain,
    gateway,
    generate,
    plan,
    quote,
    replan,
    report,
    score,
    season,
    serve,
    simulate,
    track,
)

app = typer.Typer(
    name="nongshi",
    help="Nongshi 农时: the right machine, with a licensed operator, onto the right field inside its window.",
    epilog=(
        "Exit codes: 0 done, 1 a plan breaks rules, 2 wrong use or not found, 3 jobs left unserved, "
        "4 no plan possible, 5 bad data, 130 interrupted."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: twice as fast, and the same in a pipe
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("plan", short_help="Plan a region; write a checked plan.json.")(plan.plan)
app.command("replan", short_help="Plan again after breakdowns, rain, illness, calls.")(replan.replan)
app.command("quote", short_help="What would one more job bring, and where?")(quote.quote)
app.command("explain", short_help="Why this machine, this hour; what would free a job.")(explain.explain)
app.command("check", short_help="Does a plan keep every rule?")(check.check)
app.command("compare", short_help="Two plans side by side: who gains, who loses.")(compare.compare)
app.command("score", short_help="What a plan made by hand is worth.")(score.score)
app.command("simulate", short_help="Seasons day by day: our planning beside others.")(simulate.simulate)
app.command("report", short_help="Write report page, day sheets and workbook.")(report.report)
app.command("generate", short_help="Generate a region to try things on.")(generate.generate)
app.command("demo", short_help="Five towns at harvest, planned and phoned.")(demo.demo)
app.command("serve", short_help="The site: desks for everybody, and the API.")(serve.serve)
app.command("worker", short_help="Do the site's long work.")(serve.worker)
app.command("erase", short_help="A person goes; books and orders stay.")(erase.erase)
app.command("backup", short_help="The whole site in one file, while it runs.")(backup.backup)
app.command("restore", short_help="A backup into an empty place, compared.")(backup.restore)
app.command(
    "manage",
    short_help="Run a command of Django on the site.",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(serve.manage)
app.add_typer(audit.app, name="audit")
app.add_typer(season.app, name="season")
app.add_typer(track.app, name="track")
app.add_typer(claim.app, name="claim")
app.add_typer(gateway.app, name="gateway")
app.add_typer(bench.app, name="bench")


@app.callback(invoke_without_command=True)
def nongshi(
    version: bool = typer.Option(False, "--version", help="Show the version and stop.", is_eager=True),
) -> None:
    """Take the options that stand before the command."""
    if version:
        import nongshi as package

        typer.echo(f"nongshi {package.__version__}")
        raise typer.Exit


def run() -> None:
    """Enter from the shell; a terminal that cannot show a character gets its escape, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="nongshi")
