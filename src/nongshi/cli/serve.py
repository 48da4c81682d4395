"""`nongshi serve`, `nongshi worker`, `nongshi manage`: the site."""

import importlib.util
import os
import sys
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language, text
from nongshi.core.errors import MissingExtra

NEEDED = ("django", "uvicorn", "allauth", "huey", "whitenoise")
DEFAULT_HOME = "out/site"  # as nongshi.site.conf; a test holds them equal


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; 0.0.0.0 for other machines.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8000,
    demo: Annotated[bool, typer.Option("--demo/--no-demo", help="Fill an empty database with the demo.")] = True,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Start a worker for long work, too.")] = True,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Serve the site until stopped; a first start makes the database, the demo and a login per role."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        check_installed()
        from nongshi.site import starting

        bound = starting.listen(host, port)
        port = bound.getsockname()[1]
        for name, value in starting.defaults(host, port).items():
            os.environ.setdefault(name, value)
        starting.set_up()
        logins = starting.make_demo_if_empty(plan_later=worker) if demo else []
        _say(logins, words, as_json=as_json)
        starting.run_server(bound, worker=worker)


def worker(
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Do the site's long work (plans, imports) until stopped; nongshi serve starts one by itself."""
    with guarded(language(lang), as_json=as_json):
        check_installed()
        from nongshi.site import starting

        starting.run_worker()


def manage(context: typer.Context) -> None:
    """Run a command of Django on the site: createsuperuser, dbshell, dumpdata ..."""
    with guarded(language(None), as_json=False):
        check_installed()
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nongshi.site.settings")
        from django.core.management import execute_from_command_line

        sys.argv[0] = "nongshi manage"
        execute_from_command_line(["nongshi manage", *context.args])


def check_installed() -> None:
    """Refuse, in one sentence, where the site's packages are not installed."""
    for package in NEEDED:
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(package, extra="site")


def _say(logins: list[dict[str, str]], lang: options.Lang, *, as_json: bool) -> None:
    """Where it is, where it keeps its things, and the logins where they were made now: they are kept nowhere else."""
    from nongshi.site import conf

    address, home = os.environ["NONGSHI_URL"], str(conf.home())
    if as_json:
        print_json({"address": address, "home": home, "logins": logins})
    else:
        if logins:
            header = [text(lang, key) for key in ("serve_role", "serve_login", "serve_password")]
            rows = [[text(lang, f"site_role_{one['role']}"), one["login"], one["password"]] for one in logins]
            print_table(text(lang, "serve_logins"), header, rows)
            typer.echo(text(lang, "serve_demo_note"))
        typer.echo(text(lang, "serve_at", address=address, home=home))
    sys.stdout.flush()
