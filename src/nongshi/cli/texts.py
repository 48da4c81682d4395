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
    # two plans side by side
    "plan_a": ("First plan", "方案一"),
    "plan_b": ("Second plan", "方案二"),
    "change": ("Change", "变化"),
    "compared_plans": ("Two plans", "两个方案"),
    "by_town": ("By town, yuan", "按镇（元）"),
    "by_owner": ("By machine owner, yuan", "按机主（元）"),
    "cost": ("Moves and work, yuan", "转场与作业费用（元）"),
    "late_days": ("Days late, all jobs", "误期天数合计"),
    "moved_jobs": ("Jobs with another machine or day: {count}", "换机或改期的作业：{count} 项"),
    # seasons
    "simulated": ("{region}: {seasons} simulated seasons, means", "{region}：{seasons} 个模拟季节的平均"),
    "policy_own": ("Nongshi", "农时"),
    "policy_edd": ("Phone", "电话调度"),
    "policy_nearest": ("Nearest", "就近作业"),
    "policy_bidding": ("Bidding", "竞价接单"),
    "lost": ("Lost, late and unserved, yuan", "误期与未作业损失（元）"),
    "to_phone": ("- to the phone's", "－与电话调度之比"),
    "empty_km": ("Empty km", "空驶（公里）"),
    "wait_days": ("Wait, days", "等待（天）"),
    "overtime": ("Overtime, h", "加班（小时）"),
    "unfair": ("Small or far wait longer, days", "小田远田多等（天）"),
    "seasons_worse": ("- seasons that lost more", "－损失更多的季节数"),
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
    # planned again: what happened, what stays, what changes
    "replanned": (
        "Planned again from {now}: {kept} stops stay, {released} lose their place, {dropped} job(s) cancelled",
        "从 {now} 起重排：{kept} 处不动，{released} 处作废，{dropped} 项取消",
    ),
    "replan_again": (
        "{job} part {part} was begun on {machine}; it is planned again whole",
        "{job} 第 {part} 份已在 {machine} 上开工，现整份重排",
    ),
    "replan_cut": (
        "{job}: {area} ha can no more be done in its window; the job is cut to what is done - call the grower",
        "{job}：还剩 {area} 亩在窗口期内做不完，作业改为已完成的面积——请打电话告知农户",
    ),
    "replan_value": ("Plan value before and now, yuan: {before} -> {after}", "净收益（元）：{before} → {after}"),
    "replan_region": (
        "region with the events in it, for check and report: {path}",
        "已写入变动的区域数据（check、report 用它）：{path}",
    ),
    "changes": ("What changes for whom", "改动"),
    "no_changes": ("Nobody needs a call: all that was promised stands.", "没有改动，不用打电话。"),
    "change_job": ("Job", "作业"),
    "change_kind": ("What", "改了什么"),
    "change_before": ("Was", "原来"),
    "change_after": ("Is now", "现在"),
    "change_reason": ("Why", "原因"),
    "calls": ("Whom to call", "该给谁打电话"),
    "call_who": ("Who", "谁"),
    "call_jobs": ("About", "哪些作业"),
    "kind_cancelled": ("cancelled", "取消"),
    "kind_unserved": ("left out", "排不上"),
    "kind_served": ("newly planned", "新排上"),
    "kind_machine": ("other machine", "换农机"),
    "kind_day": ("other day", "换日子"),
    "kind_hour": ("other hour", "换时间"),
    "kind_operator": ("other operator", "换机手"),
    "role_grower": ("grower {id}, {place}", "农户 {id}（{place}）"),
    "role_owner": ("owner {id}", "机主 {id}"),
    "role_operator": ("operator {id}", "机手 {id}"),
    "phase_replan": ("planning again", "重排"),
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
    # the site
    "serve_logins": ("Logins of the demo, shown this once", "演示账号（只显示这一次）"),
    "serve_role": ("Role", "角色"),
    "serve_login": ("Login", "账号"),
    "serve_password": ("Password", "密码"),
    "serve_demo_note": (
        "Fields, people and machines of the demo are generated; its first plan is made in the background.",
        "演示中的田块、人员和农机均为生成数据；首个计划正在后台生成。",
    ),
    "serve_at": (
        "Nongshi is at {address} (data in {home}); Ctrl-C ends it.",
        "农时已启动：{address}（数据在 {home}）；按 Ctrl-C 停止。",
    ),
    "site_role_farmer": ("farmer", "农户"),
    "site_role_clerk": ("village clerk", "村文书"),
    "site_role_dispatcher": ("dispatcher", "调度员"),
    "site_role_owner": ("machine owner", "机主"),
    "site_role_operator": ("operator", "机手"),
    "site_role_trainer": ("trainer", "教员"),
    "site_role_officer": ("district officer", "区县农机干部"),
    "site_role_auditor": ("auditor", "审计员"),
    "site_role_buyer": ("buyer", "收购方"),
    "site_role_admin": ("administration", "系统管理"),
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
    "after_unserved": ("the job before it on the field is left out", "同一地块的前一项作业未安排"),
    "dryers_full": ("the dryers are full", "烘干能力已满"),
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
