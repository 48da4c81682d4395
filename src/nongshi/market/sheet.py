"""Rows copied from a spreadsheet (cells with tabs between them), with or without a row of headings."""

import re

HEADS: dict[str, str] = {
    "grower": "姓名 户主 农户 农户姓名 种植户 种植户姓名 户名 名字 业主 grower name farmer",
    "phone": "电话 手机 手机号 联系电话 联系方式 电话号码 phone mobile",
    "place": "村 队 组 村组 村民组 小组 地点 位置 地址 田块 地块 田块名称 地块名称 田名 place village field",
    "area_mu": "面积 亩数 亩 面积(亩) 作业面积 作业面积(亩) 面积/亩 mu area area(mu)",
    "area_ha": "公顷 面积(公顷) ha area(ha) hectares",
    "work": "作业 项目 作业项目 作业类型 作业内容 农活 机具 work operation job",
    "since": "开始 开始日期 起 最早 最早日期 from since",
    "until": "截止 截止日期 结束 结束日期 最晚 最晚日期 期限 to until",
    "days": "日期 时间 作业日期 作业时间 要求时间 预约时间 时间要求 date day days when",
    "note": "备注 说明 备注说明 note remark remarks",
    "number": "序号 编号 no no. #",
}
_KIND = {word: kind for kind, words in HEADS.items() for word in words.split()}
_NUMBER = re.compile(r"\d{1,4}(?:\.\d+)?")


def sheet_rows(text: str) -> list[str] | None:
    """The rows as lines that read like said ones; None: the text is no sheet."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or sum("\t" in line for line in lines) < max(1, len(lines) // 2):
        return None
    rows = [[cell.strip().strip('"') for cell in line.split("\t")] for line in lines]
    kinds = _heads(rows[0])
    if kinds is None:
        counted = all(row[0] == str(n) for n, row in enumerate(rows, int(rows[0][0]) if rows[0][0].isdecimal() else 0))
        return [" ".join(_unheaded(row[1:] if counted and len(row) > 2 else row)) for row in rows]
    return [" ".join(_headed(row, kinds)) for row in rows[1:]]


def _heads(row: list[str]) -> list[str] | None:
    """What each column holds; None: the first row is no heading."""
    kinds = [_KIND.get(_bare(cell), "") for cell in row]
    return kinds if sum(bool(kind) for kind in kinds) >= 2 else None


def _bare(cell: str) -> str:
    return cell.lower().replace(" ", "").replace("（", "(").replace("）", ")")


def _headed(row: list[str], kinds: list[str]) -> list[str]:
    """Cells in the order in which a line is said, each with the word that tells what it is."""
    cell = {kind: value for kind, value in zip(kinds, row, strict=False) if kind and value}
    said = [cell.get("grower", ""), cell.get("place", ""), cell.get("phone", "")]
    if "area_mu" in cell:
        said.append(_with(cell["area_mu"], "亩"))
    if "area_ha" in cell:
        said.append(_with(cell["area_ha"], "公顷"))
    said.append(cell.get("work", ""))
    since, until = cell.get("since", ""), cell.get("until", "")
    said.append(f"{since}到{until}" if since and until else f"{until}前" if until else since and f"{since}起")
    said += [cell.get("days", ""), cell.get("note", "")]
    return [one for one in said if one]


def _unheaded(row: list[str]) -> list[str]:
    """Without headings: the first bare number is an area in mu."""
    area = next((i for i, cell in enumerate(row) if _NUMBER.fullmatch(cell)), None)
    return [_with(cell, "亩") if i == area else cell for i, cell in enumerate(row) if cell]


def _with(cell: str, unit: str) -> str:
    return cell + unit if _NUMBER.fullmatch(cell) else cell
