"""`nongshi track live`: a track file held against fences, as a running gateway would have told it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language, text

if TYPE_CHECKING:
    from nongshi.tracks.live import LiveRoom

SHOWN_MAX = 200


def live(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Track CSV (docs/formats.md).")],
    fences: Annotated[Path, typer.Option("--fences", help="GeoJSON of fences (docs/live.md).")],
    at: Annotated[str | None, typer.Option("--at", help="Muster at this moment, ISO 8601; default: the last.")] = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """What happened at which fence, and who is in each of them."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.core.errors import BadUsage
        from nongshi.files.fence_files import read_fences
        from nongshi.files.track_files import moment_s, read_tracks
        from nongshi.tracks.live import LiveRoom
        from nongshi.tracks.live.fixes import fixes_of

        tracks = read_tracks(file)
        try:
            now_s = max(float(t.time_s[-1]) for t in tracks) if at is None else moment_s(at)
        except ValueError as error:
            raise BadUsage(f"--at takes a moment with an offset, got {at!r}") from error
        room = LiveRoom(read_fences(fences))
        fixes = sorted((fix for track in tracks for fix in fixes_of(track)), key=lambda fix: fix.at_s)
        told = room.take(fix for fix in fixes if fix.at_s <= now_s) + room.check(now_s)
        answer = _answer(room, sorted(told, key=lambda one: one.at_s), now_s)
        if as_json:
            print_json(answer)
        else:
            _show(answer, words)


def _answer(room: "LiveRoom", told: list[Any], now_s: float) -> dict[str, Any]:
    from nongshi.files.track_files import moment_text

    musters = [room.muster(fence_id, now_s) for fence_id in sorted(room.fences.by_id)]
    return {
        "at": moment_text(now_s),
        "happenings": [
            {
                "at": moment_text(round(one.at_s, 3)),
                "kind": one.kind.value,
                "device_id": one.device_id,
                "fence_id": one.fence_id or None,
                "alarm": one.alarm,
                "sure": one.sure,
            }
            for one in told
        ],
        "musters": [
            {
                "fence_id": one.fence_id,
                "fresh": [present.device_id for present in one.fresh],
                "stale": [present.device_id for present in one.stale],
                "entered": one.entered,
                "left": one.left,
                "balanced": one.balanced,
            }
            for one in musters
        ],
    }


def _show(answer: dict[str, Any], words: options.Lang) -> None:
    told = answer["happenings"]
    rows = [
        [one["at"], one["device_id"], text(words, f"live_{one['kind']}"), one["fence_id"] or "", "!" * one["alarm"]]
        for one in told[-SHOWN_MAX:]
    ]
    heads = [text(words, key) for key in ("when", "terminal", "what", "fence", "alarm")]
    print_table(text(words, "happenings", count=len(told)), heads, rows)
    present = [
        [
            one["fence_id"],
            ", ".join(one["fresh"]),
            ", ".join(one["stale"]),
            text(words, "yes" if one["balanced"] else "no"),
        ]
        for one in answer["musters"]
    ]
    heads = [text(words, key) for key in ("fence", "there_fresh", "there_stale", "balanced")]
    print_table(text(words, "muster", at=answer["at"]), heads, present)
