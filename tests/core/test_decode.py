"""Bytes to text: right files of rare characters are read, foreign ones refused or asked about."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from pingan_logic import InputError, Problem, RequestError, load_facts
from pingan_logic.intake.decode import ENCODINGS, decode, encoding_named
from pingan_logic.intake.foreign import other_readings
from pingan_logic.intake.load import read_source


def told(data: bytes, encoding: str | None = None) -> Problem:
    with pytest.raises(InputError) as caught:
        decode(data, "units.csv", encoding)
    (problem,) = caught.value.problems
    return problem


def refused(data: bytes) -> str | None:
    """Return the encoding that a refusal names; the rest of it is always the same."""
    problem = told(data)
    assert problem == Problem(
        "units.csv",
        "编码应为 UTF-8 或 GB18030，请另存为 UTF-8，或用 --encoding 写明编码",
        "the encoding must be UTF-8 or GB18030; save it as UTF-8, or name it with --encoding",
        problem.found,
    )
    return problem.found


def unsure(data: bytes) -> str:
    """Return the encodings between which it cannot be told."""
    problem = told(data)
    match = re.fullmatch(
        r"编码无法确定，可能是 (.+)：请用 --encoding 写明（如 --encoding gb18030），"
        "或另存为 UTF-8",
        problem.zh,
    )
    assert match is not None, problem.zh
    return match[1]


@pytest.mark.parametrize("text", ["", "id,kind\n", "编号,类别\n户一,household\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_three_encodings_are_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "units.csv") == text


def test_byte_order_marks_are_no_text_however_many() -> None:
    text = "编号,类别\n"
    for mark in (b"\xef\xbb\xbf" * 2, b"\xef\xbb\xbf" * 3, b"\xef\xbb\xbf"):
        assert decode(mark + text.encode(), "units.csv") == text
        assert decode(mark + b"id,kind\n", "units.csv") == "id,kind\n"
    assert decode(("\ufeff" + text).encode("gb18030"), "units.csv") == text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("编号".encode("utf-32-le"), "UTF-16 (no BOM)"),
        (b"\xff\xfe\x00\x00" + "编号".encode("utf-32-le"), "UTF-32"),
        (b"\x00\x00\xfe\xff" + "编号".encode("utf-32-be"), "UTF-32"),
        (b"\xff\xfe" + "编号".encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + "编号".encode("utf-16-be"), "UTF-16"),
        ("编号,类别,名称,上级\r\n户一,家庭,甲户,某村\r\n".encode("utf-16-le"), "UTF-16 (no BOM)"),
        (b"PK\x03\x04rest", "xlsx/zip"),
        (b"\xd0\xcf\x11\xe0rest", "xls"),
        ("id,kind".encode("utf-16-le"), "UTF-16 (no BOM)"),
        ("caf\xe9 cr\xe8me \xe0 la \xf1".encode("latin-1"), "LATIN-1"),
    ],
)
def test_others_are_refused_by_name(data: bytes, name: str) -> None:
    assert refused(data) == name


def test_nul_characters_alone_are_no_sign_of_utf_16() -> None:
    assert decode(b"a" * 2000 + b"\x00" * 3000, "units.csv").startswith("aaa")
    assert decode(b"id,kind\nA\x00,village\nB,vill\x00age\n", "units.csv").count("\x00") == 2
    assert refused(b"\x00" + b"a" * 2) == "UTF-16 (no BOM)"


ROW = "id,kind,name,parent\r\nV-01,village,%s,T-01\r\n"

RARE = (
    "— …… ── 塅 塅村 䶮 鴻海 㙟 㙟𠙶 㵲㵲 〇 Ⅲ ① 龘靐 圳 億達 𠀀 𪚥 𫝀 𫠝 𬺰 𮯠 "
    "\U00030000 \U000323af 龦 鿿 龴 𤇾 ئۇيغۇر ئا བོད བ ᠮᠣᠩᠭᠣᠯ ᠮ ꆈꌠ ꀀ 李·买提 樱の屋 太原 太原省 "
    "平顺省 联通 云路 中部省 七村 付家 林康"
)


@pytest.mark.parametrize("name", RARE.split())
def test_a_right_file_is_read_however_short_and_rare(name: str) -> None:
    text = ROW % name
    assert decode(text.encode("gb18030"), "units.csv") == text
    assert decode(text.encode("utf-8"), "units.csv") == text


def test_every_character_of_gb18030_is_read_before_a_common_one() -> None:
    """All Chinese characters of four bytes and of two, and the scripts beside them."""
    blocks = [(0x3400, 0x4DC0), (0x4E00, 0x9FFD), (0xF900, 0xFA6E), (0x20000, 0x2A6DE),
              (0x2A700, 0x2EBE1), (0x30000, 0x323B0), (0xA000, 0xA48D), (0x1820, 0x1879),
              (0x620, 0x66E), (0xF40, 0xF6D)]  # fmt: skip
    characters = [chr(c) for first, last in blocks for c in range(first, last, 3)]
    for character in characters:
        text = f"id,name\nV-01,{character}村\n"
        assert decode(text.encode("gb18030"), "f") == text, f"{ord(character):x}"


KOREAN = """서울특별시 강남구 부산광역시 해운대구 경기도 수원시 팔달구 제주시 한림읍 전라남도 순천시
승주읍 이장 김동수"""
JAPANESE = """東京都千代田区 大阪府大阪市 さくら町 北海道札幌市 みどりが丘 神奈川県横浜市 ひばり団地
青森県 長野県松本市"""
TAIWAN = "臺北市大安區 新竹縣竹北市 花蓮縣壽豐鄉 雲林縣西螺鎮 屏東縣 中山路一段 和平里 高雄市鳳山區"
RUSSIAN = "Село Мирное Посёлок Заря Деревня Луговая Хутор Вольный Станица"
GERMAN = "Köln Düsseldorf Münster Würzburg Lübeck Göttingen Nürnberg Gütersloh"
FRENCH = "Orléans Besançon Nîmes Sète Périgueux Saint-Étienne Angoulême Mézières"


@pytest.mark.parametrize(
    ("names", "encoding", "other"),
    [
        (KOREAN, "euc-kr", "EUC-KR"),
        (KOREAN, "cp949", "EUC-KR"),
        (JAPANESE, "shift_jis", "SHIFT_JIS"),
        (JAPANESE, "cp932", "SHIFT_JIS"),
        (JAPANESE, "euc-jp", "EUC-JP"),
        (TAIWAN, "big5", "BIG5"),
        (TAIWAN, "cp950", "BIG5"),
        (RUSSIAN, "cp1251", "LATIN-1"),
        (RUSSIAN, "koi8-r", "LATIN-1"),
        (GERMAN, "cp1252", "WINDOWS-1252"),
        (FRENCH, "cp1252", "WINDOWS-1252"),
    ],
)
def test_a_ledger_in_another_encoding_is_refused_or_asked_about(
    names: str, encoding: str, other: str
) -> None:
    rows = "".join(f"V-{n},village,{name},T-01\r\n" for n, name in enumerate(names.split()))
    data = f"id,kind,name,parent\r\n{rows}".encode(encoding)
    problem = told(data)
    assert other in problem.zh or problem.found is not None
    assert "--encoding" in problem.zh
    assert decode(data, "units.csv", encoding_named(encoding) if other != "LATIN-1" else encoding)


def test_what_can_be_read_in_two_ways_is_asked_about() -> None:
    assert unsure((ROW % "路").encode("gb18030")) == "GB18030 或 UTF-8"
    assert unsure((ROW % "·").encode("utf-8")) == "GB18030 或 UTF-8"
    assert unsure("V,서울 부산 강원도 전라도 경상도 제주시".encode("euc-kr")) == "GB18030 或 EUC-KR"
    assert unsure("V,臺北市 縣市的人 大同 中正 一路".encode("big5")) == "GB18030 或 BIG5"
    assert decode((ROW % "路").encode("gb18030"), "f", "gb18030") == ROW % "路"
    assert decode((ROW % "·").encode("utf-8"), "f", "utf-8") == ROW % "·"


def test_words_of_two_byte_letters_are_utf_8() -> None:
    for name in ("café", "Мир", "ئاۋات", "Ürümqi", "Kösk"):
        assert decode((ROW % name).encode("utf-8"), "f") == ROW % name


def test_two_encodings_in_one_file_are_named_by_row() -> None:
    good = "id,name\nV-1,松岗村\n".encode()
    problem = told(good + "V-2,柳林村\n".encode("gb18030"))
    assert (problem.place, problem.zh) == (
        "units.csv row 3",
        "这一行不是 UTF-8，第2行却是：一个文件两种编码，请另存为 UTF-8",
    )
    cut = told(good + "V-2,柳林".encode()[:-1])
    assert cut.place == "units.csv row 3"


def test_a_marked_file_that_is_no_utf_8_is_named_by_row() -> None:
    problem = told(b"\xef\xbb\xbfid,name\nV-1," + "柳林村".encode("gb18030"))
    assert (problem.place, problem.found) == ("units.csv row 2", "C1 F8 C1 D6")


def test_a_named_encoding_is_strict_and_leaves_plain_utf_8_alone() -> None:
    assert decode(ROW.encode() % "村".encode(), "f", "big5") == ROW % "村"
    assert decode((ROW % "臺北").encode("utf-16"), "f", "utf-16") == ROW % "臺北"
    assert decode(("\ufeff" + ROW % "村").encode("gb18030"), "f", "gb18030") == ROW % "村"
    assert told(b"id\nA\n\xff\xff\nB", "gb18030") == Problem(
        "units.csv row 3",
        "从这里起不是 gb18030，请核对编码，或另存为 UTF-8",
        "not gb18030 from here on; name the right encoding or save it as UTF-8",
        "FF FF 0A 42",
    )
    assert told(b"\xff\n", "gb18030").place == "units.csv row 1"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("GBK", "gb18030"), ("gb2312", "gb18030"), ("UTF8", "utf-8"), ("utf-8-sig", "utf-8"),
     ("Big5", "big5"), ("sjis", "shift_jis"), ("EUC_KR", "euc-kr"), ("cp1252", "windows-1252")],
)  # fmt: skip
def test_encodings_go_by_their_usual_names(name: str, encoding: str) -> None:
    assert encoding_named(name) == encoding


def test_an_unknown_encoding_is_named_with_the_nearest() -> None:
    for name in ("gb18300", "rot13", "base64", "", "utf-7"):
        with pytest.raises(RequestError) as caught:
            encoding_named(name)
        (problem,) = caught.value.problems
        assert (problem.place, problem.found) == ("encoding", name)
        assert problem.zh == f"不认识的编码，应为 {'、'.join(ENCODINGS)}"
        assert problem.en == f"unknown encoding; expected one of {', '.join(ENCODINGS)}"
        assert problem.nearest == {"gb18300": "gb18030", "utf-7": "utf-8"}.get(name)
    assert all(encoding_named(name) == name for name in ENCODINGS)


def test_files_are_read_in_the_named_encoding(tmp_path: Path) -> None:
    data = (ROW % "臺灣 的 縣市 人大 中正 一路").encode("big5")
    (tmp_path / "units.csv").write_bytes(data.replace(b",T-01", b","))
    with pytest.raises(InputError, match="BIG5"):
        load_facts(tmp_path)
    assert load_facts(tmp_path, encoding="big5").units[0].name == "臺灣 的 縣市 人大 中正 一路"
    path = tmp_path / "data.json"
    path.write_bytes('{"units": [{"id": "路", "kind": "village"}]}'.encode("gb18030"))
    with pytest.raises(InputError, match="无法确定"):
        read_source(path)
    assert load_facts(path, encoding="gbk").units[0].id == "路"


def others(text: str, encoding: str) -> tuple[str, ...]:
    return tuple(name for name, _ in other_readings(text.encode(encoding)))


@pytest.mark.parametrize(
    ("text", "found"),
    [("αβ村镇", True), ("αβ村镇乡县户组", True), ("αβ村镇乡县户组栋", False), ("α村", False),
     ("\ue000村镇乡县户组栋家院", True), ("\ue000村镇乡县户组栋家院校", False), ("──村", False)],
)  # fmt: skip
def test_letters_of_other_scripts_are_strange_among_chinese(text: str, found: bool) -> None:
    assert bool(others(text, "gb18030")) is found


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("Köln", "cp1252", True),
        ("Köln Süd", "cp1252", True),
        ("a村b", "gb18030", False),  # its second byte is no letter
        ("塅村 Süd", "gb18030", False),
        ("Село Мирное Поле", "cp1251", True),
        ("Село", "cp1251", False),  # too short to tell
        ("Киев Одесса", "koi8-r", True),
    ],
)
def test_texts_of_single_byte_letters(text: str, encoding: str, found: bool) -> None:
    names = [n for n in others(text, encoding) if n.startswith("WINDOWS")]
    assert bool(names) is found


def few(names: str, encoding: str) -> bytes:
    """Return a ledger of a few rows, with names and ASCII."""
    rows = "".join(f"V-{n},village,{name},\n" for n, name in enumerate(names.split()))
    return f"id,kind,name,parent\n{rows}".encode(encoding)


@pytest.mark.parametrize(
    ("names", "encoding", "name"),
    [
        *((names, "euc-kr", "EUC-KR") for names in ("서울시", "김철수", "부산 대구", "한강마을",
                                                     "신림동", "수원시", "이순신 홍길동")),
        *((names, "shift_jis", "SHIFT_JIS") for names in ("田中", "山田太郎", "東京都", "北町",
                                                          "佐藤 鈴木", "ひまわり", "横浜 川崎")),
        *((names, "euc-jp", "EUC-JP") for names in ("東京都", "大阪市北区",
                                                    "佐藤 鈴木 高橋", "カタカナ")),
        *((names, "cp874", "TIS-620") for names in ("บ้านสวน ตำบลบางรัก", "หมู่บ้านดอนเมือง",
                                                    "บ้านใหม่ บ้านโนน")),
    ],
)  # fmt: skip
def test_a_ledger_of_a_few_rows_is_shown_in_both_readings(
    names: str, encoding: str, name: str
) -> None:
    data = few(names, encoding)
    if data.decode("gb18030", "replace").count("\ufffd"):
        assert refused(data)
        return
    assert name in unsure(data).split(" 或 ")
    shown = told(data).found
    assert shown is not None
    assert shown.startswith("GB18030: ")
    first = names.split()[0]
    assert f"{name}: {first[:12]}" in shown
    assert decode(data, "f", encoding_named(name)) == data.decode(encoding)


ALONE = {
    "euc-kr": "최영희 제주도 인천 이영자 정민호 조현우 강릉 광주 마포구 성북동 윤서연 교통사고",
    "shift_jis": "仙台 名古屋 札幌 世田谷 渋谷 清水健一 ヤマト 大野 高橋 近隣トラブル 木村拓也",
    "euc-jp": "鈴木 佐藤 加藤 福岡 長崎 青森 新宿区 千葉 斎藤 熊本 清水健一 交通事故 木村拓也",
    "big5": "王小明 高雄 新竹 雲林 信義 張雅婷 板橋 嘉義 臺中 未發生 陳志明 吳宗憲 交通事故",
}
"""Names and words of which one alone is all that a ledger has beyond ASCII."""


@pytest.mark.parametrize("encoding", ALONE)
def test_a_single_name_of_another_language_is_asked_about(encoding: str) -> None:
    asked = 0
    for name in ALONE[encoding].split():
        data = few(name, encoding)
        try:
            wrong = data.decode("gb18030")
        except UnicodeDecodeError:
            assert refused(data)
            continue
        assert wrong != data.decode(encoding)
        assert encoding.upper() in unsure(data).split(" 或 "), name
        asked += 1
    assert asked >= 5


REASONS = """
因宅基地纠纷发生打架，经调解已化解 该小区无楼栋 经查实不适用 全年无赌博 其他 是 否 有责任 较大 一级
拆迁引起集体上访 盗窃电动车 锅炉爆炸 酒驾 甲 乙户 本年度未建台账，情况属实 〇 塅 罗塅村
"""


def test_words_of_chinese_ledgers_are_read_however_few() -> None:
    for some in REASONS.split():
        assert decode(few(some, "gb18030"), "f") == few(some, "gb18030").decode("gb18030"), some


CHINESE = """
张伟 李娜 王芳 陈丽 刘俊 何冠澜 郭磊 康俊 高玫 马弥 林力 彭澜 杜鹃 龚丽
老狼沟 犁头坪 栏杆集 背角塘 拱桥 搬经 寸滩 府前街 急水沟 快活岭 困龙口 狼牙坝
炼钢厂 弥陀寺 切口坡 拳铺 雀儿山 积善里 捞刀河 俊杰 惠民家园 康乐小区 积谷仓
何家垅 厚街 府南 救生艇 档案局 胶东 脚步港 焊接厂 荤菜馆 鴻海 億達 龍騰 圳頭
塅上 嶺頭 華興 瀏陽河 灣仔 欒家
"""


def test_chinese_names_are_read_however_few() -> None:
    names = CHINESE.split()
    for some in (*names, *(f"{a} {b}" for a, b in pairwise(names))):
        assert decode(few(some, "gb18030"), "f") == few(some, "gb18030").decode("gb18030"), some
