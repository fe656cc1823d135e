"""Signs that bytes which read as GB18030 were written in another encoding.

Almost any text of East Asia reads as some Chinese. A text is taken for what it says unless another
reading of it is what people of that language write: common characters and few others. Rare Chinese
characters alone are no such sign, so names of them are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import log

__all__ = ["other_readings"]

_CELL = re.compile(rb'[^\x00-\x1f,"]*[\x80-\xff][^\x00-\x1f,"]*')
_CELLS = 3000
"""Different cells that are looked at."""

_KOREAN = frozenset(
    "이다는의가을에고지하로서기사인도대어시부그정나수장일전국과으제원구상동여조면스회보신"
    "민화선안재계학중유생오비물결우발음위차천실통당호개강김촌리읍교성박최"
)
"""Common syllables of Korean whose bytes are no common characters of Chinese names."""
_JAPANESE = frozenset(
    "日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女"
    "北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨"
    "県市区町村郡都府道州島田野原松林森井藤内部社会家庭津崎岡宮城福岩青秋形茨栃群埼神奈新潟富"
    "石和歌鳥取根徳香愛媛知佐賀熊鹿児沖縄京阪兵庫良重滋静岐阜梨諏"
)
"""Common kanji."""
_TAIWAN = frozenset(
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自去之過家學對可後小心"
    "多天能好都日於起發成事作當文無開手十用主行方前所本見經頭面公同三老動兩長民縣鄉鎮區市路街巷村里號東"
    "西南北山水新州省島阿巴加卡尼亞利爾拉斯特德士瓦米他馬克門比布哈安基內伊古克維達聖"
)
"""Common characters of traditional Chinese."""


_NAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建华国志永红玉梅春生云飞晓东海波宁福亮成康星光天"
    "达安岩中茂进有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲佳美惠珠翠雅芝萍月莺媛瑞凡嘉"
    "琼勤珍贞莉凤洁琳素莲真环雪荣爱妹香荷菊淑枝婷宝德忠义仁清洪新利大小老长少子阳山水木火土金银铜铁"
    "村镇乡街道社区县市省州组队屯庄堡坪坡岭岗桥口溪沟湖港冲塘坝湾洞坑窝场集店铺寨院里弄巷路号栋楼幢单元室"
    "学校中小幼儿园医卫公司厂局所站处委党政府机关企业家庭户农工商贸建材食品服务中心第一二三四五六七八九十百千"
    "上下左右前后东南西北内外新旧古竹青柳花果桃杏枫樟茶麻油米田禾豆瓜菜鱼虾牛羊猪鸡鸭龙凤虎鹤滨城关岳君汨湘"
    "日初朝光升和合同兴旺顺吉祥富贵联合群众共胜利团结解放跃进胜先锋红旗永丰盛发展望峰谷泉源头尾角边面"
    "俊厘玫澜弥雀冠积府厚力拱急己朗垒楷蕾妍恺弘晨怡筱楠轩涵宇浩梓欣诗琪雨萱墨若曦熙皓煜睿航铭泽瑶菲璐倩"
    "薇岚芷淇逸霖毅经搬济浦渡沙石岩磨盘庙亭楼阁台塔寺庵观祠墓碑牌坊"
    "薇岚芷淇逸霖毅"
)
"""Characters of which Chinese names of persons, places and offices are mostly made."""


def other_readings(data: bytes) -> tuple[tuple[str, str], ...]:
    """Return the other encodings (their names, and Python's) in which `data`, which can be read as
    GB18030, is as likely to have been written; none when it is plainly Chinese."""
    cells: dict[bytes, None] = {}
    for match in _CELL.finditer(data):
        cells[match[0]] = None
        if len(cells) == _CELLS:
            break
    return tuple(_found(b"\n".join(cells)))


def _found(sample: bytes) -> Iterator[tuple[str, str]]:
    chinese = [c for c in sample.decode("gb18030", "replace") if c > "\x7f"]
    few = len(chinese) <= _FEW
    odd = sum(map(_odd, chinese))
    private = sum(map(_private, chinese))
    strange = (odd > 1 and odd * 4 >= len(chinese)) or private * 10 >= len(chinese)
    for name, codec, like in _LIKE:
        try:
            read = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        usual = _USUAL.get(name) if few else None
        is_like = like(sample, read)
        if usual:
            # by either sign strongly, or by both
            sure = _likelihood(read, chinese, *usual[:-1])
            is_like = sure >= (usual[-1] / 2 if is_like else usual[-1])
        if is_like or (strange and name in _WIDE):
            yield name, codec


_WIDE = ("BIG5", "EUC-JP")


def _odd(c: str) -> bool:
    """Whether a character of GB18030 is of a script or drawing that Chinese names do not use."""
    return (
        "\u0370" <= c <= "\u04ff"
        or "\u3041" <= c <= "\u312f"
        or "\u2502" <= c <= "\u257f"
        or "\u00e0" <= c <= "\u02ff"
    )


def _private(c: str) -> bool:
    return "\ue000" <= c <= "\uf8ff"


def _korean(sample: bytes, read: str) -> bool:
    wide = [c for c in read if c > "\x7f"]
    syllables = [c for c in wide if "\uac00" <= c <= "\ud7a3"]
    common = sum(map(_KOREAN.__contains__, syllables))
    return (
        len(set(syllables)) >= 6
        and len(syllables) * 10 >= len(wide) * 9
        and common * 4 >= len(syllables)
    )


def _big5(sample: bytes, read: str) -> bool:
    wide = [c for c in read if c > "\x7f"]
    pairs = [c.encode("cp950") for c in wide]
    first = sum(b"\xa4\x40" <= p <= b"\xc6\x7e" for p in pairs)
    common = sum(map(_TAIWAN.__contains__, wide))
    low = sum(p[1] < 0x80 for p in pairs)
    return (
        len(set(wide)) >= 4
        and first * 20 >= len(wide) * 19
        and low * 4 >= len(wide)
        and common * 6 >= len(wide)
    )


def _japanese(sample: bytes, read: str) -> bool:
    wide = [c for c in read if c > "\x7f"]
    kana = [c for c in wide if "\u3041" <= c <= "\u30fe"]
    known = len(kana) + sum(map(_JAPANESE.__contains__, wide))
    if len(set(kana)) >= 4 and len(kana) * 4 >= len(wide):
        return True
    return len(set(wide)) >= 6 and known * 2 >= len(wide)


def _latin(sample: bytes, read: str) -> bool:
    chinese = sample.decode("gb18030", "replace")
    wide = sum(c > "\x7f" for c in chinese)
    inside = sum(
        c.encode("gb18030")[1:].isalpha()
        for c in re.findall(r"(?<=[A-Za-z])([^\x00-\x7f])(?![^\x00-\x7f])", chinese)
        + re.findall(r"(?<![^\x00-\x40])([^\x00-\x7f])(?=[a-z])", chinese)
    )
    return bool(inside * 2 >= wide)


_RUN = re.compile(rb"[\x80-\xff]+")
_CASED = re.compile(
    rb"[\xa5\xa8\xaa\xaf\xb2\xc0-\xdf][\xb3\xb4\xb8\xba\xbf\xdc-\xff]*"  # Windows-1251, -1253
    rb"|[\xe0-\xff]{1,2}[\xa4-\xa7\xad\xc0-\xdf]*"  # KOI8
    rb"|[\xe0-\xfa]+|[\xc0-\xdf]+"  # one case, or Hebrew
)


_LETTERS = 10
"""Letters beyond ASCII that show how a language uses capitals."""


def _cased(sample: bytes, read: str) -> bool:
    runs = _RUN.findall(sample)
    words = sum(len(run) > 2 for run in runs)
    return (
        len(b"".join(runs)) >= _LETTERS
        and words * 2 >= len(runs)
        and all(map(_CASED.fullmatch, runs))
    )


_FEW = 40
"""Characters of a ledger of a few rows, too few to look at how often each comes."""
_SURE = 9.0
"""How much likelier another reading must be, as a logarithm: 8000 times."""


def _likelihood(
    read: str, chinese: Sequence[str], usual: frozenset[str], ranges: str, size: int
) -> float:
    """Return how much likelier a text of few characters is in another language, as a logarithm:
    there its characters are `usual` ones, or of `ranges`, which have `size` in all."""
    wide = [c for c in read if c > "\x7f"]
    if len(wide) != len(chinese) or not all(re.match(f"[{ranges}]", c) for c in wide):
        return -1.0
    if sum(map(_KANA.__contains__, wide)) > _KANA_BY_CHANCE:
        usual |= _KANA
    pairs = dict.fromkeys(zip(wide, chinese, strict=True))
    if 5 * sum(other in usual for other, _ in pairs) <= 2 * len(pairs):
        return -1.0
    sure = 0.0
    for other, c in pairs:
        sure += log((0.6 / len(usual) if other in usual else 0) + 0.4 / size)
        sure -= _in_names(c)
    return sure


def _in_names(c: str) -> float:
    """Return how likely a character is in a Chinese name, as a logarithm."""
    try:
        c.encode("gb2312")
    except UnicodeEncodeError:
        return log(0.02 / 7000)
    return log((0.85 / len(_NAMES) if c in _NAMES else 0) + 0.13 / 7000)


_KANA = frozenset(map(chr, range(0x3041, 0x30FF)))
_KANA_BY_CHANCE = 2
_USUAL = {
    "EUC-KR": (_KOREAN, "\uac00-\ud7a3", 2350, _SURE),
    "SHIFT_JIS": (_JAPANESE, "\u3041-\u30fe\u4e00-\u9fff", 6500, _SURE),
    "EUC-JP": (_JAPANESE, "\u3041-\u30fe\u4e00-\u9fff", 6500, 1.5 * _SURE),
}
"""What is usual in the languages of which a short text can look like Chinese, and how much likelier
it must be: kanji in EUC-JP are read as characters that are rare in names, but are Chinese."""


def _thai(sample: bytes, read: str) -> bool:
    """Whether a text is spelt as Thai is: vowels and tones stand at consonants."""
    words = re.findall("[\u0e00-\u0e7f]+", read)
    letters = sum(map(len, words))
    return (
        letters >= _LETTERS
        and letters == sum(c > "\x7f" for c in read)
        and all(map(_SPELT.fullmatch, words))
        and sum(-3.0 if c in _THAI else -5.0 for w in words for c in w)
        - sum(map(_in_names, (c for c in sample.decode("gb18030", "replace") if c > "\x7f")))
        >= _SURE
    )


_THAI = frozenset(
    "\u0e32\u0e19\u0e23\u0e2d\u0e01\u0e40\u0e07\u0e21\u0e22\u0e25\u0e27\u0e14\u0e17\u0e2a\u0e48\u0e15\u0e30\u0e1b\u0e31\u0e49\u0e1a\u0e04\u0e35\u0e2b"
)
"""The letters of which Thai is mostly made."""


_SPELT = re.compile(
    "(?:[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,3}[\u0e30\u0e32\u0e33\u0e45]?)+"
)


_LIKE: Sequence[tuple[str, str, Callable[[bytes, str], bool]]] = (
    ("BIG5", "cp950", _big5),
    ("EUC-KR", "cp949", _korean),
    ("SHIFT_JIS", "cp932", _japanese),
    ("EUC-JP", "euc_jp", _japanese),
    ("TIS-620", "cp874", _thai),
    ("WINDOWS-1252", "latin-1", _latin),
    ("WINDOWS-1251", "latin-1", _cased),
)
