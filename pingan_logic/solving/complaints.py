"""What clingo says of a rule, in both languages, with the text that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path

from pingan_logic.errors import Problem

__all__ = ["character", "complaint"]

_PLACE = re.compile(r"(?P<file>.*?):(?P<line>\d+):(?P<begin>\d+)-(?:(?P<last>\d+):)?(?P<end>\d+)")
_NAMED = {
    "<IDENTIFIER>": ("名称", "a name"), "<VARIABLE>": ("变量", "a variable"),
    "<NUMBER>": ("数", "a number"), "<STRING>": ("引号内的文字", "a quoted text"),
    "EOF": ("文件结尾", "the end of the file"),
}  # fmt: skip
"""Kinds of words in clingo's messages."""
_SAID = {
    "atom does not occur in any rule head": (
        "没有任何规则或事实定义这个谓词",
        "no rule or fact defines this predicate",
    ),
    "operation undefined": (
        "算式没有值：运算对象不是整数，或除数为零",
        "the operation has no value: an operand is no integer, or the divisor is zero",
    ),
    "global variable in tuple of aggregate element": (
        "聚合中的变量是全局变量",
        "the variable of the aggregate is bound outside of it",
    ),
    "tuple ignored": (
        "聚合里第一项不是整数，没有计入",
        "the first place of the tuple is no integer: it is not counted",
    ),
    "redefinition of constant": ("常量定义了两次", "the constant is defined twice"),
    "cyclic constant definition": ("常量的定义绕回自己", "the constant is defined by itself"),
}


def character(line: str, column: int) -> int:
    """Return the column in characters of clingo's, which counts the bytes of UTF-8."""
    return len(line.encode()[: column - 1].decode(errors="ignore")) + 1


def complaint(message: str, texts: Mapping[str, str]) -> Problem | None:
    """Return the problem that clingo's message tells, None when it only says that it stops.

    `texts` are those of files that are not on the disk under their name.
    """
    if message.rstrip().endswith("stopped because of errors"):
        return None
    first, *rest = message.strip().splitlines()
    place, _, said = first.partition(": ")
    said = re.sub(r"^(error|info|warning): ", "", said)
    about = " ".join(x.strip() for x in takewhile(lambda x: ": note: " not in x, rest)) or None
    shown, found = _shown(place, texts)
    if said.startswith(("syntax error", "lexer error")):
        for cause in (_decimal, _unclosed, _unended):
            if (named := cause(place, texts)) is not None:
                return named
        return Problem(shown, *_syntax(said), found)
    if said.startswith("unsafe variables"):
        names = ", ".join(dict.fromkeys(re.findall(r"note: '(.*?)' is unsafe", message)))
        return Problem(
            shown,
            "变量不安全：没有一个肯定的条件限定它的值",
            "the variable is unsafe: no positive condition binds it",
            names or None,
        )
    known = next((words for key, words in _SAID.items() if said.startswith(key)), None)
    if known is None:
        return Problem(shown, "求解器不接受这里", f"the solver does not accept this: {said}", found)
    return Problem(shown, *known, about)


def _shown(place: str, texts: Mapping[str, str]) -> tuple[str, str | None]:
    """Return a place with the name of its file and columns in characters, and what stands there."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return Path(place).name or place, None
    name = Path(match["file"]).name or match["file"]
    number, begin, end = int(match["line"]), int(match["begin"]), int(match["end"])
    lines = _lines(match["file"], texts)
    line = lines[number - 1] if number <= len(lines) else ""
    if match["last"]:
        return f"{name}:{number}:{character(line, begin)}", None
    first, last = (min(character(line, n), len(line) + 1) for n in (begin, end))
    return f"{name}:{number}:{first}-{max(last, first)}", line[first - 1 : last - 1] or None


def _lines(file: str, texts: Mapping[str, str]) -> list[str]:
    text = texts.get(file)
    if text is None:
        try:
            text = Path(file).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            text = ""
    return [line.rstrip("\r") for line in text.split("\n")]


_DECIMAL = re.compile(
    r"(?<![\w.])(?P<whole>\d+)\.(?P<rest>\d+)(?![\w.(])(?P<of>\s*,\s*(?P<over>\d+)\))?"
)


def _decimal(place: str, texts: Mapping[str, str]) -> Problem | None:
    """Return the problem of a number with decimals, of which clingo notices the point."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return None
    lines, number = _lines(match["file"], texts), int(match["line"])
    line = lines[number - 1] if number <= len(lines) else ""
    noticed = character(line, int(match["begin"])) - 1
    code = _CODE.match(line)
    for found in _DECIMAL.finditer(re.sub(r'"(?:\\.|[^"\\])*"', _blank, code[0] if code else "")):
        if not found.start() <= noticed <= found.end("rest") + 1:
            continue
        written = f"{found['whole']}.{found['rest']}"
        scaled = int(found["whole"] + found["rest"])
        zh, en = "分数写成百分之一分，如85.5分写 8550", "points as hundredths, 85.5 as 8550"
        if found["over"]:
            share = f"{scaled}, {int(found['over']) * 10 ** len(found['rest'])}"
            zh, en = f"这里写成 {share}", f"here {share}"
        name = Path(match["file"]).name or match["file"]
        return Problem(
            f"{name}:{number}:{found.start() + 1}",
            f"规则里只能写整数，不能写小数；{zh}",
            f"only whole numbers stand in rules, no decimals; write {en}",
            written,
        )
    return None


def _blank(text: re.Match[str]) -> str:
    return " " * len(text[0])


_CODE = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^"%])*')
"""What stands before the comment of a line."""


def _unended(place: str, texts: Mapping[str, str]) -> Problem | None:
    """Return the problem of a statement that does not end, or ends twice: clingo notices it only in
    the next one."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return None
    lines, number = _lines(match["file"], texts), int(match["line"])
    line = lines[number - 1] if number <= len(lines) else ""
    first = not line[: character(line, int(match["begin"])) - 1].strip()
    codes = ((n, _CODE.match(lines[n - 1])) for n in range(min(number, len(lines) + 1) - 1, 0, -1))
    before = ((n, code[0].rstrip()) for n, code in codes if code is not None and code[0].strip())
    at, code = next(before, (0, ""))
    name = Path(match["file"]).name or match["file"]
    if code.endswith(".."):
        said = ("这一句末尾多了一个“.”", "the statement ends with one `.` too many")
        return Problem(f"{name}:{at}:{len(code)}", *said, "..", ".")
    whole = code.count("(") == code.count(")")
    if first and whole and code and (code[-1].isalnum() or code[-1] in '_)"'):
        said = ("这一句没有写完，末尾缺少“.”？", "the statement does not end: is a `.` missing?")
        return Problem(f"{name}:{at}:{len(code) + 1}", *said, None, ".")
    return None


_MARKS = re.compile(r'%\*.*?\*%|%[^\n]*|"(?:\\.|[^"\\\n])*"|[()]|\.\.|\.', re.DOTALL)
"""Comments, texts, brackets and what ends a statement."""


def _unclosed(place: str, texts: Mapping[str, str]) -> Problem | None:
    """Return the problem of a bracket that is open where clingo stops: it may have been noticed
    only in the next statement."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return None
    lines, number = _lines(match["file"], texts), int(match["line"])
    last = lines[number - 1] if number <= len(lines) else ""
    noticed = sum(len(line) + 1 for line in lines[: number - 1])
    noticed += character(last, int(match["begin"])) - 1
    text, unclosed = "\n".join(lines), list[int]()
    for mark in _MARKS.finditer(text):
        if mark[0] == "(":
            unclosed.append(mark.start())
        elif mark[0] == ")" and unclosed:
            unclosed.pop()
        elif mark[0] == ".":
            if mark.start() >= noticed:
                break
            unclosed.clear()
    if not unclosed or unclosed[-1] >= noticed:
        return None
    name = Path(match["file"]).name or match["file"]
    head = text[: unclosed[-1]]
    at = f"{name}:{head.count(chr(10)) + 1}:{len(head) - head.rfind(chr(10))}"
    return Problem(at, "这个括号没有合上", "this bracket is not closed", "(")


def _syntax(said: str) -> tuple[str, str]:
    match = re.search(r"unexpected (?P<word>.+?)(?:, expecting (?P<wanted>.+))?$", said)
    wanted = re.split(r", | or ", match["wanted"]) if match and match["wanted"] else []
    words = [_NAMED.get(w, (f"“{w}”", w)) for w in (w.strip('"') for w in wanted)]
    zh, en = "语法错误", "syntax error"
    if match and match["word"] == "EOF":
        zh, en = f"{zh}：文件到这里就结束了", f"{en}: the file ends here"
    elif not wanted:
        zh, en = f"{zh}：这里不应出现这个", f"{en}: not expected here"
    if words:
        zh += "，应为 " + "或".join(w[0] for w in words)
        en += ", expected " + " or ".join(w[1] for w in words)
    return zh, en
