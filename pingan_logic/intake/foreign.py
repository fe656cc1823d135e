"""Signs that bytes which read as GB18030 were written in another encoding.

Almost any text of East Asia reads as some Chinese. A text is taken for what it says unless another
reading of it is what people of that language write: common characters and few others. Rare Chinese
characters alone are no such sign, so names of them are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

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


def other_readings(data: bytes) -> tuple[str, ...]:
    """Return the other encodings in which `data`, which can be read as GB18030, is as likely to
    have been written; none when it is plainly Chinese."""
    cells: dict[bytes, None] = {}
    for match in _CELL.finditer(data):
        cells[match[0]] = None
        if len(cells) == _CELLS:
            break
    return tuple(_found(b"\n".join(cells)))


def _found(sample: bytes) -> Iterator[str]:
    chinese = [c for c in sample.decode("gb18030", "replace") if c > "\x7f"]
    odd = sum(map(_odd, chinese))
    private = sum(map(_private, chinese))
    strange = (odd > 1 and odd * 4 >= len(chinese)) or private * 10 >= len(chinese)
    for name, codec, like in _LIKE:
        try:
            read = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        if like(sample, read) or (strange and name in _WIDE):
            yield name


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


_LIKE: Sequence[tuple[str, str, Callable[[bytes, str], bool]]] = (
    ("BIG5", "cp950", _big5),
    ("EUC-KR", "cp949", _korean),
    ("SHIFT_JIS", "cp932", _japanese),
    ("EUC-JP", "euc_jp", _japanese),
    ("WINDOWS-1252", "latin-1", _latin),
    ("WINDOWS-1251", "latin-1", _cased),
)
