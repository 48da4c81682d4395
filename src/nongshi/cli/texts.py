"""The words that commands show, English and Chinese side by side; English counts hectares, Chinese mu."""

import os
from collections.abc import Mapping

from nongshi.cli.options import Lang

TEXTS: Mapping[str, tuple[str, str]] = {
    # figures of a plan
    "figure": ("", ""),
    "value": ("Plan value, yuan", "净收益（元）"),
    "bound": ("No plan can exceed, yuan", "理论上限（元）"),
    "gap": ("Gap to that bound", "与上限的差距"),
    "jobs": ("Jobs served", "已安排作业"),
    "jobs_of": ("{served} of {all}", "{served} / {all} 项"),
    "area": ("Area served, ha", "作业面积（亩）"),
    "km": ("Road, km", "转场里程（公里）"),
    "km_per_area": ("Road, km per ha", "每百亩转场（公里）"),
    "loss": ("Lost by lateness, yuan", "误农时损失（元）"),
    "move_cost": ("Cost of moves, yuan", "转场费用（元）"),
    "cpu_s": ("CPU seconds", "计算用时（CPU 秒）"),
    "iterations": ("Search steps", "搜索步数"),
    "unknown": ("-", "—"),
    # what a command did
    "planned": ("Plan of {region}", "{region}：作业计划"),
    "compared": ("{region}: planned and phoned", "{region}：农时计划与电话调度对比"),
    "by_nongshi": ("Nongshi", "农时"),
    "by_phone": ("Phone dispatcher", "电话调度"),
    "ratio": ("Ratio", "农时 ÷ 电话"),
    "unserved": ("Left unserved", "未安排的作业"),
    "reason": ("Why", "原因"),
    "count": ("Jobs", "项数"),
    "written": ("written: {path}", "已写出：{path}"),
    "check_passed": (
        "The plan keeps every rule: {jobs} jobs served, worth {yuan} yuan.",
        "计划合规：已安排 {jobs} 项作业，净收益 {yuan} 元。",
    ),
    "check_failed": ("The plan breaks {count} rule(s):", "计划有 {count} 处违规："),
    "not_reported": (
        "No report is made from a plan that breaks rules: {path}",
        "计划有违规之处，不出报告：{path}",
    ),
    "generated": (
        "{name}: {fields} fields, {jobs} jobs, {machines} machines, {operators} operators; all generated",
        "{name}：{fields} 块田、{jobs} 项作业、{machines} 台农机、{operators} 名机手（全部为生成数据）",
    ),
    "load_reached": ("load reached: {loads}", "实际负荷：{loads}"),
    "demo_note": (
        "Fields, people and machines of this region are generated; town and village names are real.",
        "本例的田块、人员和农机均为生成数据；镇名、村名为真实地名。",
    ),
    "look_at": ("Where to look:", "请看："),
    "look_report": ("map, timetable and bottlenecks in a browser", "用浏览器打开：地图、排班表、瓶颈"),
    "look_sheets": ("one page a machine and day, for the operators", "机手作业单：每台农机每天一页"),
    "look_workbook": ("the plan as a workbook", "Excel 表格"),
    "look_plan": ("the plan as data", "计划数据"),
    "look_phone": ("the phone dispatcher's plan as data", "电话调度的计划数据"),
    "look_region": ("the region it was planned for", "本例的区域数据"),
    "bad_files": ("{count} fault(s) in the data:", "数据有 {count} 处错误："),
    "more_faults": ("... and {count} more", "……另有 {count} 处"),
    "os_error": ("cannot read or write: {fault}", "无法读写：{fault}"),
    # the bar
    "phase_bound": ("bounding", "求上限"),
    "phase_search": ("searching", "搜索"),
    "phase_proof": ("tightening the bound", "收紧上限"),
    "phase_phone": ("phone dispatcher", "电话调度"),
    "phase_write": ("writing", "写文件"),
    "bar": (
        "best {best} yuan, bound {bound}, gap {gap}, {cpu_s} CPU s",
        "最好 {best} 元，上限 {bound}，差距 {gap}，CPU {cpu_s} 秒",
    ),
    # why a job is left out: core.plan.Reason
    "no_machine": ("no machine can do this operation", "没有能干这项作业的农机"),
    "no_licence": ("nobody holds the licence in its window", "作业期内没有持相应驾驶证的机手"),
    "no_operator": (
        "those with the licence are off or bound to other owners",
        "有证的机手休息，或只能开本社的农机",
    ),
    "no_work_hours": ("rain or nights leave no work hours in its window", "雨天或夜间，作业期内没有可下田的时间"),
    "window_too_short": ("the work does not fit into its window", "作业期太短，干不完"),
    "not_worth": ("going there costs more than it is worth", "跑一趟的费用高过收益"),
    "no_capacity": ("every crew is busy with work worth more", "各机组都在干收益更高的活"),
}


def language(asked: Lang | None) -> Lang:
    """The language asked for, else the one of the terminal (LC_ALL before LC_MESSAGES before LANG)."""
    if asked is not None:
        return asked
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Lang.ZH if next(filter(None, names), "").lower().startswith("zh") else Lang.EN


def text(lang: Lang, key: str, **values: object) -> str:
    """The words of a key, filled in."""
    return TEXTS[key][lang is Lang.ZH].format(**values)
