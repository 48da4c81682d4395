"""Who and where, from the words that are left of a line when area, days and work are taken out."""

import re

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊"
    "秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤俞费倪施褚卫奚柏干盛冷钮顾裘项祝计屠柳翁章"
)
PLACE_END = "村队组田塘圩浜号块片埭宅桥港弄湾泾漾荡角头边东西南北线路场园"
CALLED = "师傅|伯伯|阿伯|大爷|大伯|大妈|阿姨|叔叔|大叔|大姐|大哥|老板|书记|队长|组长|婶|伯|叔|哥|姐"
_TOKEN = re.compile(r"[^\s,.|/()\[\]\"'“”!?！？+]+")
_HOUSE = re.compile(r"^([一-鿿]{2,4}?)(?:他|她)?家(?!庭|村|宅|浜|桥|塘|埭|港|弄|田|圩)(.*)$")  # 李四家东塘田
_CALLED = re.compile(rf"^((?:[一-鿿]{{1,3}})(?:{CALLED})|[老小阿大][一-鿿])(.*)$")
_BEHIND = re.compile(rf"^(.*(?:[村队组宅圩浜]|\d))([一-鿿](?:{CALLED}|[一-鿿]{{1,2}}))家?$")  # 中丰村12队张伯伯家
_PLACED = re.compile(rf"[{PLACE_END}]$|\d")


def split_names(text: str, *, grower: str = "", place: str = "") -> tuple[str, str, str]:
    """Grower, place, and words that are neither; what the register knew already is given."""
    places, rest = [place] if place else [], []
    for token in _TOKEN.findall(text):
        word = token.strip("-_")
        if not word:
            continue
        if not grower:
            grower, word = _grower(word)
            if not word:
                continue
        if _PLACED.search(word) or (not places and _han(word) and len(word) <= 12):
            places.append(word)
        elif any("一" <= c <= "鿿" or c.isalnum() for c in word) and len(word) > 1:
            rest.append(word)
    return grower[:40], " ".join(places)[:80], " ".join(rest)[:200]


def _grower(word: str) -> tuple[str, str]:
    """A name at the head of a word or at its end, and the rest of the word."""
    behind = _BEHIND.match(word)
    if behind is not None and behind[2][0] in SURNAMES and not re.search(r"[村队组宅圩浜号田块]", behind[2]):
        return behind[2], behind[1]
    for pattern in (_HOUSE, _CALLED):
        hit = pattern.match(word)
        if hit is not None and (pattern is _CALLED or hit[1][0] in SURNAMES or hit[1][0] in "老小阿大"):
            name = hit[1]
            return name, hit[2]
    if word[0] in SURNAMES and 2 <= len(word) <= 3 and not re.search(r"^.家|[村队组圩浜埭宅\d]", word):
        return word, ""
    if word[0] in SURNAMES and len(word) > 3 and _han(word[:4]):
        return _long(word)
    return "", word


def _long(word: str) -> tuple[str, str]:
    """张三东塘田: two or three letters of a name with a place behind it; 王家村3队 is a place alone."""
    if word[1] in "家庙店村" or not _PLACED.search(word):
        return "", word
    return (word[:2], word[2:]) if len(word) <= 5 and word[1] != "阿" else (word[:3], word[3:])


def _han(word: str) -> bool:
    return all("一" <= c <= "鿿" for c in word)
