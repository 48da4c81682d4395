"""`nongshi season train`: which courses open, who sits in them, and what that removes of the shortage."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import check_target, guarded, print_json, print_table
from nongshi.cli.texts import language

WORDS: Mapping[str, tuple[str, str]] = {
    "courses": ("Courses that open ({opens} of {all})", "开班（{all} 班中 {opens} 班）"),
    "course": ("Course", "课程"),
    "licence": ("Licence", "证别"),
    "town": ("Town", "镇"),
    "end": ("Ends", "结业"),
    "people": ("People", "人数"),
    "towns": ("Seats by town", "各镇席位"),
    "people_share": ("People, %", "人口占比 %"),
    "seat_share": ("Seats, %", "席位占比 %"),
    "figures": ("Training plan", "培训计划"),
    "removed": ("Expected shortage removed, yuan", "预计减少缺工损失（元）"),
    "promised": ("- as planned before matching", "－分配前计划"),
    "most_wanted": ("- by filling the most wanted courses", "－按报名热度开班"),
    "bound": ("No plan removes more, yuan", "理论上限（元）"),
    "cost": ("Cost, yuan", "费用（元）"),
    "budget": ("Budget, yuan", "经费（元）"),
    "blocking": ("Blocking pairs", "阻塞对"),
    "seated": ("Seats given", "录取人数"),
    "seed": ("Lottery seed", "抽签种子"),
    "generated": ("generated data", "模拟数据"),
    "dropped": ("Dropped after matching: {course} ({count} people)", "分配后撤班：{course}（{count}人）"),
}


def train(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder of courses.csv, trainees.csv, wishes.csv, training.toml.")
    ],
    shortage: Annotated[
        Path | None, typer.Option("--shortage", help="season.json; default: FOLDER's, or forecast now.")
    ] = None,
    budget: Annotated[float | None, typer.Option("--budget", min=0.0, help="Yuan instead of training.toml's.")] = None,
    cpu_s: Annotated[float, typer.Option("--cpu-s", min=0.1, help="CPU seconds for the plan at most.")] = 60.0,
    gap: Annotated[float, typer.Option("--gap", min=0.0, help="Relative gap at which the plan is enough.")] = 0.005,
    out: Annotated[Path | None, typer.Option("--out", help="Write the whole answer to this file.")] = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Choose the courses that remove most shortage within the budget, fair between towns, and hand out their seats.

    Every seat and every refusal comes with its reason; equal priorities are decided by a lottery that anybody can redo.
    """
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.files.whole import write_whole

        if out is not None:
            check_target(out)
        answer = _answer(folder, shortage, budget, cpu_s, gap)
        if out is not None:
            write_whole(out, json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
        if as_json:
            print_json(answer)
        else:
            _show(answer, words)
            if out is not None:
                typer.echo(str(out))


def _answer(folder: Path, shortage: Path | None, budget: float | None, cpu_s: float, gap: float) -> dict[str, Any]:
    from nongshi import api

    if not folder.is_dir():
        from nongshi.core.errors import NotFound

        raise NotFound(f"{folder} is not a folder; name the folder that holds courses.csv and training.toml")
    return api.train(folder, shortage=shortage, budget_yuan=budget, cpu_s=cpu_s, gap=gap)


def _text(words: options.Lang, key: str, **values: object) -> str:
    return WORDS[key][words is options.Lang.ZH].format(**values)


def _show(answer: Mapping[str, Any], words: options.Lang) -> None:
    opens = [course for course in answer["courses"] if course["opens"]]
    print_table(
        _text(words, "courses", opens=len(opens), all=len(answer["courses"])),
        [_text(words, key) for key in ("course", "licence", "town", "end", "people")],
        [[c["course_id"], c["licence"], c["town"], c["end"], str(c["enrolled"])] for c in opens],
    )
    print_table(
        _text(words, "towns"),
        [_text(words, key) for key in ("town", "people_share", "seat_share")],
        [[t["town"], f"{100 * t['people_share']:.1f}", f"{100 * t['seat_share']:.1f}"] for t in answer["towns"]],
    )
    for said in (town["said"] for town in answer["towns"] if town["said"]):
        typer.echo(said[words.value])
    why = {course["course_id"]: course["why"][words.value] for course in answer["courses"]}
    for course in answer["for_nobody"]:
        typer.echo(f"{course}: {why[course]}")
    for one in answer["dropped"]:
        typer.echo(_text(words, "dropped", course=one["course_id"], count=one["enrolled"]))
    yuan = {key: f"{answer[f'{key}_yuan']:,.0f}" for key in ("removed", "promised", "most_wanted", "cost", "budget")}
    figures = [
        *((key, yuan[key]) for key in ("removed", "promised", "most_wanted")),
        ("bound", "-" if answer["bound"] is None else f"{answer['bound']:,.0f}"),
        ("cost", yuan["cost"]),
        ("budget", yuan["budget"]),
        ("seated", str(sum(seat["course_id"] is not None for seat in answer["seats"]))),
        ("blocking", str(answer["blocking_pairs"])),
        ("seed", answer["lottery_seed"]),
    ]
    title = _text(words, "figures") + (f" ({_text(words, 'generated')})" if answer["synthetic"] else "")
    print_table(title, ["", ""], [[_text(words, key), value] for key, value in figures])
