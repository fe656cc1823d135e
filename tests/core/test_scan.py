"""Rule files as text, before the solver sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingan_logic import PolicyError, Problem
from pingan_logic.rules.find import base_folder, rule_files
from pingan_logic.rules.scan import scan


def problems(tmp_path: Path, text: str | bytes, *, choices: bool = False) -> list[Problem]:
    path = tmp_path / "a.lp"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        scan([path], choices=choices)
    except PolicyError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    "text",
    [
        'a("中文", "a\\"b@#script").', "% 中文 #script @f()\na.", "%* 中文\n#include *%\na.",
        "a :- #count { X : b(X) } > 1, #sum { 1 : b }= 1, #min { 1 } = 1, #max { 1 } = 1.",
        "#defined b/1. #show. a(#sup). a(#inf). a :- #true, not #false.",
        "a :- #sum+ { 1 } = 1. a(#supremum;#infimum).", "a(2147483647).", "",
    ],
)  # fmt: skip
def test_what_may_stand_in_a_rule_file(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) == []


DIRECTIVE = ("规则文件不允许使用该指令", "this directive is not allowed in rule files")
CONSTANT = (
    "不得用 #const 给数起名：数直接写在用到它的事实里，供人核对",
    "a number has no name by #const: write it in the fact that needs it, where it is compared with "
    "the words",
)
EXTERNAL = ("不允许调用外部函数", "external functions are not allowed")
NUMBER = ("整数不得超过2147483647", "integers must not exceed 2147483647")
ASCII = (
    "引号和注释之外只能用 ASCII 字符，中文要放在双引号内",
    "only ASCII outside quotes and comments",
)
HIDDEN = (
    "规则文件不得含控制字符和不可见字符",
    "rule files have no control and no invisible characters",
)
BOM = (
    "文件以 BOM 开头，请另存为不带 BOM 的 UTF-8",
    "the file begins with a BOM; save it as UTF-8 without one",
)
QUOTES = (
    '引号没有在同一行结束，或其中有 \\\\、\\n、\\" 以外的转义',
    'the quoted text does not end on its line, or has an escape other than \\\\, \\n and \\"',
)
COMMENT = ("注释没有结束 *%", "the comment has no end *%")


@pytest.mark.parametrize(
    ("text", "place", "said", "found"),
    [
        ("#script (python).", "1:1", DIRECTIVE, "#script"),
        ('a.\n  #include "x".', "2:3", DIRECTIVE, "#include"),
        ("#minimize { 1 }.", "1:1", DIRECTIVE, "#minimize"),
        ("a(n).\n#const n = 1.", "2:1", CONSTANT, "#const"),
        ("#external a.", "1:1", DIRECTIVE, "#external"),
        ("a(@f()).", "1:3", EXTERNAL, "@"),
        ("a(1@2).", "1:4", EXTERNAL, "@2"),
        ("\n甲.", "2:1", ASCII, "甲"),
        ('a("中"). % 文\n#script.', "2:1", DIRECTIVE, "#script"),
        ("a(2147483648).", "1:3", NUMBER, "2147483648"),
        ("a(甲乙).", "1:3", ASCII, "甲"),
        ("a.\nb(\x00).", "2:3", HIDDEN, "\x00"),
        ("% \u202e\na.", "1:3", HIDDEN, "\u202e"),
        ("\ufeffa.", "1:1", BOM, None),
        ('a("\\x").', "1:3", QUOTES, '"'),
        ("a(0x80000000).", "1:3", NUMBER, "0x80000000"),
        ("%* a", "1:1", COMMENT, "%*"),
        ("a(é).", "1:3", ASCII, "é"),
        ('a("甲\n乙").', "1:3", QUOTES, '"'),
    ],
)
def test_what_may_not(
    tmp_path: Path, text: str, place: str, said: tuple[str, str], found: str | None
) -> None:
    assert problems(tmp_path, text)[0] == Problem(f"a.lp:{place}", *said, found)


def test_every_problem_is_told_once_for_a_line(tmp_path: Path) -> None:
    found = problems(tmp_path, "a(甲乙).\nb(丙) #script 丁.\nc(4294967296,@g,戊).")
    assert [(p.place, p.found) for p in found] == [
        ("a.lp:1:3", "甲"), ("a.lp:2:3", "丙"), ("a.lp:2:6", "#script"),
        ("a.lp:3:3", "4294967296"), ("a.lp:3:14", "@"), ("a.lp:3:17", "戊"),
    ]  # fmt: skip


def test_searches_may_choose_what_is_cheapest(tmp_path: Path) -> None:
    for text in ("#minimize { 1@2 }.", "#maximize { 1@0,a }."):
        assert problems(tmp_path, text, choices=True) == []
        assert problems(tmp_path, text) != []
    assert problems(tmp_path, "a(@f()).", choices=True) == [Problem("a.lp:1:3", *EXTERNAL, "@")]
    assert problems(tmp_path, "#script (python).", choices=True)[0].found == "#script"


def test_files_that_cannot_be_read_are_named_and_the_others_still_looked_at(
    tmp_path: Path,
) -> None:
    (tmp_path / "b.lp").write_bytes(b"ab\xff")
    (tmp_path / "c.lp").write_text("#script", encoding="utf-8")
    (tmp_path / "d.lp").write_text("#minimize { 1 }.", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        scan([tmp_path / "d.lp"])
    assert caught.value.problems == (Problem("d.lp:1:1", *DIRECTIVE, "#minimize"),)
    with pytest.raises(PolicyError) as caught:
        scan([tmp_path / "none.lp", tmp_path / "b.lp", tmp_path / "c.lp"])
    assert caught.value.problems == (
        Problem(
            "none.lp",
            "无法读取：文件或文件夹不存在",
            "cannot be read: No such file or directory",
        ),
        Problem("b.lp:1:1", "规则文件应为 UTF-8 编码", "rule files must be UTF-8"),
        Problem("c.lp:1:1", *DIRECTIVE, "#script"),
    )


def test_rule_files_come_in_order(tmp_path: Path) -> None:
    for name in ("b.lp", "a.lp", "c.txt", "common.lp"):
        (tmp_path / name).touch()
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "d.lp").touch()
    files = rule_files(tmp_path)
    shared = sorted(base_folder().glob("*.lp"))
    assert [p.name for p in files] == sorted({"a.lp", "b.lp", *(p.name for p in shared)})
    own = {tmp_path / name for name in ("a.lp", "b.lp", "common.lp")}
    assert {p for p in files if p.parent == tmp_path} == own
