"""A quiet hint: words that look like a pupil's or a family's name, telephone or identity number (S1-74).

It looks for a name only where the text itself says whose it is: before or after 同学, 妈妈, 家长, 学生 and the like.
A bare name is left alone, since it is mostly a colleague's. Few false alarms matter more than catching all: the
rate on ordinary sentences is measured by a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文翁柯庄阮詹游卓"
)
# A sign of a given name: no word that joins or ends what people say.
_SIGN = r"(?![的了着过地得么呢吗和与同从对把被让给由是在有说])[\u4e00-\u9fff]"
_NAME = rf"(?:欧阳|上官|司马|诸葛|[{_SURNAMES}])(?:{_SIGN}){{1,2}}?"
_NICK = rf"(?:小|阿)(?:{_SIGN}){{1,2}}?|(?:{_SIGN})小{_SIGN}"
_KIN = (
    "妈妈|爸爸|母亲|父亲|奶奶|爷爷|外婆|外公|姥姥|姥爷|哥哥|姐姐|弟弟|妹妹|叔叔|姑姑|舅舅"
    "|家长|监护人|家里|同学|小朋友|的妈|的爸"
)
_BEFORE = (
    "学生|同学|孩子|儿童|男生|女生|男孩|女孩|班长|学困生|留守儿童|贫困生|贫困户|低保户|特困户"
    "|家长|孤儿|随班就读的"
)
# A name that stands after such a word ends where a sentence goes on; 学生高兴地 and 学生安静下来 do not read so.
_GOES_ON = (
    r"(?=[，。；、：！？,.;:!?\s）)”』」（(]|$|的|家|是|因|在"
    r"|爸|妈|父|母|患|没|不|也|又|说|告诉|和|两|三|等|同学|上课|住|带|后来|昨天|今天|最近|已经|一直|总|由)"
)
# Tried from every sign on, so that 和小杰妈妈 finds 小杰妈妈.
_AFTER_NAME = re.compile(rf"(?=(?P<all>(?P<name>{_NAME}|{_NICK})(?:的)?(?P<mark>{_KIN})))")
_BEFORE_NAME = re.compile(rf"(?:{_BEFORE})(?P<name>{_NAME}|{_NICK}){_GOES_ON}")
_NUMBERS = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?!\d)"
)
# What begins like a surname and is none, or is a group of people.
_NO_NAME = re.compile(
    r"高[一二三]|任性|全体|全班|各位|每位|有的|有些|许多|许可|多数|大多|部分|个别|一些|所有|其他|其余|本班|我们|他们|她们|你们|这位|那位|某位|一位|几位|几个"
    r"|两位|三位|位|名|个|些|数|多|高年|高中|高矮|高兴|高效|高度|高低|低年|中年|年级|班级|小组|小学|小时|小孩|小班|小心|小声|小结|小手|小伙|小老"
    r"|小红花|小学生|小队|小家|小报|小品|小节|小段|小课|小先|大小|方法|方面|方便|方向|方式|方案|安|成|常常|常见|常规|时常|经常|平常|通常|非常|正常|白天|白板"
    r"|任务|任教|任课|任何|万|文章|文明|文化|文字|文具|金奖|金色|石头|石阶|马上|马虎|田地|田野|江边|江南|夏天|夏季|汤匙|雷同|雷雨|易|陈旧|陈年|方言|方格|方块|方框"
    r"|武术|乔迁|游戏|游泳|游园|游览|卓越|庄严|庄重|龙头|龙舟|龙灯|段落|段考|范围|范读|范例|范文|程度|程序|于是|于学|余下|余力|何时|何为|何人|何种"
    r"|许下|许愿|许久|谢谢|陈述|陈列|张贴|张开|张口|张扬|张望|严|周末|周一|周二|周三|周四|周五|周六|周日|周围|周边|周记|周期|孙子|孙女|黄色|黄昏|黄土"
    r"|林间|林子|郑重|唐诗|宋词|唐宋|康复|健康|毛笔|毛病|毛衣|秦朝|汉|史料|史实|顾及|顾虑|顾家|侯|孟子|孔子|老子|庄子|钱包|钱数|尹|黎明|贺卡|贺年|赖着|文静"
    r"|叶子|叶片|丁香|杜绝|戴着|戴上|戴红|钟声|钟表|钟头|汪洋|姜|姚|谭|陆续|陆地|曾经|曾有|曾在|吴语|徐徐|胡乱|胡说|朱红|罗列|梁上|董事|曹操|袁隆"
    r"|苏醒|卢|蒋|蔡|贾|魏国|薛|余额|潘|石子|石板|江水|白色|白纸|白云|常态|常用|常识|高高|高声|高于|高分|高手|高等|高原"
)
LONGEST_LIST = 8


@dataclass(frozen=True)
class Naming:
    """One place: the phrase as it stands, where it begins, and what could stand instead."""

    phrase: str
    name: str
    start: int
    kind: str
    instead: str


_INSTEAD = {"family": "一位家长", "pupil": "一位学生", "number": "（号码略）"}
_FAMILY = re.compile("妈|爸|母|父|奶|爷|外婆|外公|姥|家长|监护|家里|叔|姑|舅|哥|姐|弟|妹|户")


def namings(text: str, colleagues: Iterable[str] = ()) -> list[Naming]:
    """The phrases that look like a third party's name or number, each once, in order; at most `LONGEST_LIST`.

    `colleagues` are names that are no third party's: 周老师 and 周以宁 of the own school.
    """
    known = frozenset(colleagues)
    found: dict[str, Naming] = {}
    end = 0
    for match in _AFTER_NAME.finditer(text):
        name = match["name"]
        if _is_name(name) and name not in known and match.start() >= end:
            kind = "family" if _FAMILY.search(match["mark"]) else "pupil"
            _add(found, match["all"], name, match.start(), kind)
            end = match.end("all")
    for match in _BEFORE_NAME.finditer(text):
        name = match["name"]
        if _is_name(name) and name not in known:
            kind = "family" if _FAMILY.search(match.group()[: -len(name)]) else "pupil"
            _add(found, match.group(), name, match.start(), kind)
    for match in _NUMBERS.finditer(text):
        _add(found, match.group(), "", match.start(), "number")
    return sorted(found.values(), key=lambda each: each.start)[:LONGEST_LIST]


def _add(found: dict, phrase: str, name: str, start: int, kind: str) -> None:
    found.setdefault(phrase, Naming(phrase, name, start, kind, _INSTEAD[kind]))


def _is_name(name: str) -> bool:
    return not _NO_NAME.match(name) and not re.search("[们老师课堂班级组校]", name)
