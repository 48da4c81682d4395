"""`nongshi gateway`: the server that JT/T 808 terminals connect to, a replay to try it, and texts to drivers."""

from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language, text

STORE = Path("out/positions")
StoreFolder = Annotated[Path, typer.Option("--store", help="Folder of the positions; made if missing.")]

app = typer.Typer(help="Take positions of JT/T 808 terminals.", invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def gateway(
    context: typer.Context,
    listen: Annotated[str, typer.Option("--listen", help="HOST:PORT for terminals.")] = "127.0.0.1:8808",
    store: StoreFolder = STORE,
    devices: Annotated[Path | None, typer.Option("--devices", help="Register of terminals, devices.csv.")] = None,
    metrics: Annotated[str | None, typer.Option("--metrics", help="HOST:PORT for Prometheus.")] = None,
    fences: Annotated[Path | None, typer.Option("--fences", help="Watch these fences (docs/live.md).")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Let in terminals that are in no register, to try.")] = False,
    lenient: Annotated[bool, typer.Option("--lenient", help="Take frames with a wrong check byte.")] = False,
    retain_days: Annotated[int | None, typer.Option("--retain-days", min=1, help="Delete older positions.")] = None,
    lang: options.InLang = None,
) -> None:
    """Serve terminals until stopped; a terminal is answered when its fix is on the disk."""
    if context.invoked_subcommand is not None:
        return
    words = language(lang)
    address, watched = host_port(listen, "--listen"), None if metrics is None else host_port(metrics, "--metrics")
    with guarded(words, as_json=False):
        from nongshi.core.errors import BadUsage
        from nongshi.files.device_files import read_devices
        from nongshi.files.fence_files import read_fences
        from nongshi.gateway.run import run_gateway
        from nongshi.gateway.settings import GatewaySettings

        if devices is None and not open_:
            raise BadUsage("nobody could connect: name the register with --devices, or let everybody in with --open")
        known = [] if devices is None else read_devices(devices)
        _log_to_stderr()
        run_gateway(
            store,
            known,
            listen=address,
            metrics=watched,
            settings=GatewaySettings(open_sign_in=open_, strict=not lenient),
            fences=() if fences is None else read_fences(fences),
            retain_days=retain_days,
            on_ready=lambda port: typer.echo(
                text(words, "gateway_ready", host=address[0], port=port, devices=len(known), store=store), err=True
            ),
        )
        typer.echo(text(words, "gateway_stopped"), err=True)


@app.command("simulate", short_help="Drive a track file again as real terminals.")
def simulate(
    tracks: Annotated[Path, typer.Argument(metavar="TRACKS", help="CSV of fixes (docs/formats.md, Tracks).")],
    to: Annotated[str, typer.Option("--to", help="HOST:PORT of a gateway on this machine.")] = "127.0.0.1:8808",
    speed: Annotated[float, typer.Option("--speed", min=0.0, help="So many times as fast; 0: at once.")] = 0.0,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Send every track of a file from a connection of its own and count the answers."""
    words = language(lang)
    address = host_port(to, "--to")
    with guarded(words, as_json=as_json):
        from nongshi.files.track_files import read_tracks
        from nongshi.gateway.replay import check_loopback, replay_tracks

        check_loopback(address[0])
        found = replay_tracks(read_tracks(tracks), *address, speed=speed)
        lost = sum(one.sent - one.answered for one in found) + sum(bool(one.refused) for one in found)
        if as_json:
            keys = ("device_id", "sent", "answered", "refused")
            print_json({"terminals": [{key: getattr(one, key) for key in keys} for one in found]})
        else:
            rows = [[one.device_id, str(one.sent), str(one.answered), one.refused] for one in found]
            heads = [text(words, key) for key in ("terminal", "fixes_sent", "fixes_answered", "refused_why")]
            print_table(text(words, "replayed"), heads, rows)
    raise typer.Exit(1 if lost else 0)


@app.command("send", short_help="Send a text into the cab.")
def send(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="The terminal's number.")],
    content: Annotated[str, typer.Argument(metavar="TEXT", help="What the driver is to read.")],
    store: StoreFolder = STORE,
    lang: options.InLang = None,
) -> None:
    """Put a text into the outbox: it is sent as soon as the terminal is connected."""
    words = language(lang)
    with guarded(words, as_json=False):
        import time

        from nongshi.core.errors import NotFound
        from nongshi.gateway.outbox import TEXT, message_of
        from nongshi.gateway.store import HOT_FILE, PositionStore
        from nongshi.tracks.jt808 import Version, normalise_phone

        if not (store / HOT_FILE).is_file():
            raise NotFound(f"{store} holds no positions; name the gateway's folder with --store")
        message_of(TEXT, content, Version.V2019)
        positions = PositionStore(store)
        number = positions.hot.ask(normalise_phone(device), TEXT, content, round(time.time() * 1000))
        positions.close()
        typer.echo(text(words, "text_queued", number=number, device=device))


def host_port(given: str, option: str) -> tuple[str, int]:
    """HOST:PORT as two."""
    host, _, port = given.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise typer.BadParameter(f"{option} takes HOST:PORT, got {given!r}")
    return host.strip("[]"), int(port)


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
