"""Pinyin of names, for finding people: 曾 is zeng and 单 is shan when they are surnames."""

from itertools import product

from pypinyin import Style, pinyin

# Surnames that are read otherwise than the same character elsewhere. Two readings: both are in use.
DOUBLE_SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "单于": "chan yu", "长孙": "zhang sun", "令狐": "ling hu",
    "澹台": "tan tai", "宗政": "zong zheng", "鲜于": "xian yu", "乐正": "yue zheng", "呼延": "hu yan",
}  # fmt: skip
SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "任": "ren",
    "华": "hua", "盖": "ge gai", "乐": "yue le", "朴": "piao pu", "翟": "zhai di", "覃": "qin tan",
    "缪": "miao", "冼": "xian", "洗": "xian", "谌": "chen shen", "种": "chong", "员": "yun",
    "牟": "mou mu", "召": "shao", "纪": "ji", "燕": "yan", "宁": "ning", "葛": "ge", "哈": "ha",
    "折": "she", "贾": "jia", "石": "shi", "沈": "shen", "盛": "sheng", "祭": "zhai", "那": "na",
    "秘": "bi mi", "繁": "po", "黑": "he hei", "车": "che", "阚": "kan", "过": "guo", "句": "gou",
    "曲": "qu", "卜": "bu", "都": "du", "应": "ying", "干": "gan", "相": "xiang", "要": "yao",
    "郇": "xun huan", "隗": "wei kui", "逄": "pang", "柏": "bai bo", "重": "chong", "会": "gui",
    "么": "yao", "佴": "nai", "乜": "nie", "能": "nai", "仉": "zhang", "行": "xing", "晁": "chao",
    "朝": "chao", "藏": "zang", "长": "zhang chang", "降": "jiang", "强": "qiang", "郗": "xi chi",
    "宓": "mi fu", "尉": "wei", "殷": "yin", "俞": "yu", "於": "yu", "洪": "hong", "尹": "yin",
    "褚": "chu", "臧": "zang", "撒": "sa", "丁": "ding", "伯": "bo",
}  # fmt: skip
READINGS_OF_A_CHARACTER = 2
READINGS_OF_A_NAME = 6


def pinyin_of(name: str) -> tuple[str, str]:
    """(pinyin, initials) of a name, each with its readings separated by spaces, the usual one first.

    The beginning is read as a surname: 曾小乐 gives ("zengxiaole zengxiaoyue", "zxl zxy"). Letters stay,
    in lower case; ü is v. The lengths are those of the columns of ``Person``.
    """
    letters = "".join(ch for ch in name if ch.isalnum())
    syllables = _surname(letters)
    read = len(syllables)
    syllables += [_readings(ch) for ch in letters[read:]] if letters[read:] else []
    combined = list(product(*syllables))[:READINGS_OF_A_NAME] if syllables else []
    whole = dict.fromkeys("".join(parts) for parts in combined)
    initials = dict.fromkeys("".join(part[0] for part in parts) for parts in combined)
    return _fitting(whole, 400), _fitting(initials, 120)


def _surname(letters: str) -> list[list[str]]:
    """The readings of the surname's characters, or nothing when no special reading is known."""
    double = DOUBLE_SURNAMES.get(letters[:2])
    if double and len(letters) > 2:
        return [[syllable] for syllable in double.split()]
    single = SURNAMES.get(letters[:1])
    return [single.split()] if single else []


def _readings(character: str) -> list[str]:
    if character.isascii():
        return [character.lower()]
    found = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return list(dict.fromkeys(found))[:READINGS_OF_A_CHARACTER]


def _fitting(readings, longest: int) -> str:
    """As many whole readings as the column holds."""
    text = ""
    for reading in readings:
        longer = f"{text} {reading}".strip()
        if len(longer) > longest:
            break
        text = longer
    return text
