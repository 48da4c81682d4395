"""`nongshi gateway`: the server that JT/T 808 terminals connect to, a replay to try it, and texts to drivers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language, text
from nongshi.cli.track_files import TrackForm, tell_tracks

if TYPE_CHECKING:
    from nongshi.gateway.store import PositionStore

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
    people: Annotated[Path | None, typer.Option("--people", help="Accepted jobs of people, people.csv.")] = None,
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
        from nongshi.files.device_files import read_devices, read_people
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
            people=None if people is None else read_people(people),
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

        from nongshi.gateway.outbox import TEXT, message_of
        from nongshi.tracks.jt808 import Version, normalise_phone

        message_of(TEXT, content, Version.V2019)
        positions = _open(store)
        number = positions.hot.ask(normalise_phone(device), TEXT, content, round(time.time() * 1000))
        positions.close()
        typer.echo(text(words, "text_queued", number=number, device=device))


@app.command("last", short_help="Where every device was last.")
def last(
    store: StoreFolder = STORE,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """The newest fix of every device."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.files.track_files import moment_text
        from nongshi.gateway.fix_row import DEGREE, SPEED_SCALE

        positions = _open(store)
        rows = []
        for device_id, (_, time_ms, lon_e7, lat_e7, speed, *_) in sorted(positions.last().items()):
            place = {"lon": lon_e7 / DEGREE, "lat": lat_e7 / DEGREE}
            more = {"speed_km_h": None if speed < 0 else speed / SPEED_SCALE}
            rows.append({"device_id": device_id, "time": moment_text(time_ms / 1000), **place, **more})
        positions.close()
        if as_json:
            print_json({"devices": rows})
        else:
            heads = [text(words, key) for key in ("terminal", "when", "longitude", "latitude", "speed")]
            cells = [["" if value is None else str(value) for value in row.values()] for row in rows]
            print_table(text(words, "last_positions"), heads, cells)


@app.command("export", short_help="Write stored positions to a file.")
def export(
    out: Annotated[Path, typer.Option("--out", help="File to write; for isoxml a folder.")],
    to: Annotated[TrackForm, typer.Option("--to", help="Form to write.")] = TrackForm.CSV,
    device: Annotated[list[str] | None, typer.Option("--device", help="Only this device; may be repeated.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="From this moment on, ISO 8601 with offset.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Before this moment.")] = None,
    store: StoreFolder = STORE,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Write the tracks of devices from the store, recent days and day files alike."""
    words = language(lang)
    span = (_moment(since, "--since", 0.0), _moment(until, "--until", 2.0**40))
    with guarded(words, as_json=as_json):
        from nongshi.core.errors import NotFound
        from nongshi.files.track_exchange import write_any

        positions = _open(store)
        known = positions.hot.device_ids
        unknown = sorted(set(device or ()) - set(known))
        if unknown:
            raise NotFound(f"the store holds nothing of {', '.join(unknown)}; nongshi gateway last lists the devices")
        tracks = [positions.replay(name, *span) for name in device or sorted(known)]
        positions.close()
        tracks = [track for track in tracks if len(track)]
        if not tracks:
            raise NotFound("there is no fix in that time; nongshi gateway last says when devices were last heard of")
        write_any(out, tracks, to.value)
        tell_tracks(tracks, out, words, as_json=as_json)


@app.command("import", short_help="Put a track file into the store.")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv, .gpx, .geojson, TASKDATA folder or its .zip.")],
    store: StoreFolder = STORE,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Keep the tracks of a file beside those of terminals; fixes that are there already stay as they are."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.files.track_exchange import read_any
        from nongshi.gateway.store import PositionStore

        tracks = read_any(file)
        positions = PositionStore(store)
        for track in tracks:
            positions.insert_track(track)
        positions.close()
        tell_tracks(tracks, store, words, as_json=as_json)


def _open(store: Path) -> "PositionStore":
    """The store in a folder that holds one."""
    from nongshi.core.errors import NotFound
    from nongshi.gateway.store import HOT_FILE, PositionStore

    if not (store / HOT_FILE).is_file():
        raise NotFound(f"{store} holds no positions; name the gateway's folder with --store")
    return PositionStore(store)


def _moment(given: str | None, option: str, default: float) -> float:
    from nongshi.files.track_files import moment_s

    if given is None:
        return default
    try:
        return moment_s(given)
    except ValueError as error:
        raise typer.BadParameter(f"{option} takes a moment with an offset, got {given!r}") from error


def host_port(given: str, option: str) -> tuple[str, int]:
    """HOST:PORT as two."""
    host, _, port = given.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise typer.BadParameter(f"{option} takes HOST:PORT, got {given!r}")
    return host.strip("[]"), int(port)


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
