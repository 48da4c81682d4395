"""`nongshi season whatif`: the season under other machines, people, sowings or weather, side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.season_forecast import Out, Scenarios, SeasonFolderPath, Today, read
from nongshi.cli.season_shown import show_cases
from nongshi.cli.show import guarded, print_json
from nongshi.cli.texts import language, text

if TYPE_CHECKING:
    from nongshi.files.texts import Words
    from nongshi.forecast.whatif_cases import Case, Change


def whatif(
    folder: SeasonFolderPath,
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case",
            help="machines:CLASS:N[:TOWN], operators:LICENCE:N[:TOWN], dryers:T_DAY, earlier:CROP:DAYS, "
            "staggered:CROP:DAYS, variety:FROM:TO:SHARE, alone, rain:WEEK; join several by +. Default: the usual ones.",
        ),
    ] = None,
    today: Today = None,
    scenarios: Scenarios = None,
    out: Out = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Compare cases with the season as it is: the same scenarios in all, so that only the change tells."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api
        from nongshi.forecast.whatif_cases import check_change, default_cases

        found = read(folder, today)
        cases = [parse_case(one) for one in case] if case else list(default_cases(found.season))
        for change in (change for one in cases for change in one.changes):
            check_change(change, found.season)
        cases = [named(one, words) for one in cases]
        answer = api.season_whatif(found, cases, scenarios=scenarios)
        if out is not None:
            for path in _write(out, answer):
                typer.echo(text(words, "written", path=path), err=as_json)
        if as_json:
            print_json(answer)
        else:
            show_cases(answer, [one.name for one in cases], words)


def _write(out: Path, answer: dict[str, Any]) -> list[Path]:
    from nongshi.files.season_page import write_whatif_answer

    return write_whatif_answer(out, answer)


def parse_case(words: str) -> "Case":
    """A case from its words: changes joined by +, values by colons; numbers where numbers stand."""
    from nongshi.forecast.whatif_cases import Case, make_change

    changes = []
    for part in words.split("+"):
        kind, *values = [value.strip() for value in part.split(":")]
        changes.append(make_change(kind, [_value(value) for value in values]))
    return Case(name=words, changes=tuple(changes))


def named(case: "Case", lang: options.Lang) -> "Case":
    """The case with a name that people read."""
    from dataclasses import replace

    joined = "；" if lang is options.Lang.ZH else "; "
    return replace(case, name=joined.join(_words(change, lang) for change in case.changes))


def _words(change: "Change", lang: options.Lang) -> str:
    """What is otherwise, in the words of the language."""
    from nongshi.agronomy.varieties import VARIETIES
    from nongshi.files.texts import CLASSES

    values = {name: f"{v:g}" if isinstance(v, float) and name != "share" else v for name, v in change.values.items()}
    town = values.pop("town", None)
    if "crop" in values:
        values["crop"] = text(lang, f"season_crop_{values['crop']}")
    if "machine_class" in values:
        values["machine_class"] = _word(CLASSES, values["machine_class"], lang)
    for name in ("from", "to"):
        if name in values:
            variety = VARIETIES[values[name]]
            values[name] = (
                (variety.name_zh if lang is options.Lang.ZH else variety.name_en).split("（")[0].split(" (")[0]
            )
    values["old"], values["new"] = values.pop("from", ""), values.pop("to", "")
    place = text(lang, "season_in_town", town=town) if town else ""
    return text(lang, f"season_case_{change.kind}", **values, town=place)


def _word(words: "Words", key: str, lang: options.Lang) -> str:
    return words[key][lang is options.Lang.EN] if key in words else key


def _value(value: str) -> float | int | str:
    """A number where it is one."""
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number
