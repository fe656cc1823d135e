"""Read rule files as text before clingo sees them.

Unquoted Chinese, a BOM, an unknown escape and terms nested thousands deep kill the clingo process;
`#script` and `#include` run or read what they like; integers beyond 32 bits wrap silently; NUL cuts
a text short; hidden characters show another rule than the one that is read. All are refused here
with file, line and column.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from pingan_logic.errors import PolicyError, Problem, reason, visible
from pingan_logic.exact import LARGEST
from pingan_logic.rules.templates import BLOCK

__all__ = ["MOST_BYTES", "scan"]

_ALLOWED = {
    *("count", "sum", "sum+", "min", "max", "true", "false", "sup", "inf"),
    *("defined", "show", "supremum", "infimum"),
}
_SEARCHED = {"minimize", "maximize", "const"}
_TOKEN = re.compile(
    r"""%\*|%[^\n]*|"(?:\\[\\n"]|[^"\\\n])*"|"|\#[a-z_+]*
    |0x[0-9A-Fa-f]+|0o[0-7]+|0b[01]+|[0-9]+|[A-Za-z_'][A-Za-z0-9_']*
    |@[0-9]?|[(\[{]|[)\]}]|\.+|[^\x00-\x7f]""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"%\*|\*%|%[^\n]*")
"""What counts inside a block comment: these nest, and a line comment hides the end of one."""

MOST_BYTES = 2**20
"""Bytes of a rule file."""
_STATEMENT = 5000
"""Characters of a statement, without its texts and comments."""
_DEPTH = 50
"""Brackets inside each other."""


def scan(files: list[Path], *, choices: bool = False) -> None:
    """Refuse rule files that clingo must not be given. Raises PolicyError with every problem.

    `choices` says that the files search among worlds and may name what is smallest or cheapest.
    """
    problems = [p for path in files for p in _scan_file(path, choices)]
    if problems:
        raise PolicyError(problems)


def _scan_file(path: Path, choices: bool) -> Iterator[Problem]:
    first = f"{path.name}:1:1"
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        zh, en = reason(error)
        yield Problem(path.name, f"无法读取：{zh}", f"cannot be read: {en}")
        return
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1024
        yield Problem(first, f"规则文件不得超过{most}KiB", f"a rule file has at most {most} KiB")
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield Problem(
            f"{path.name}:{line}:1", "规则文件应为 UTF-8 编码", "rule files must be UTF-8"
        )
        return
    if text.startswith("\ufeff"):
        yield Problem(
            first,
            "文件以 BOM 开头，请另存为不带 BOM 的 UTF-8",
            "the file begins with a BOM; save it as UTF-8 without one",
        )
        return
    hidden = list(_hidden(path.name, text))
    yield from hidden
    if not hidden:
        yield from _Scan(path.name, text, choices).problems()


def _hidden(name: str, text: str) -> Iterator[Problem]:
    """Yield the first control or invisible character of each line."""
    for number, line in enumerate(text.split("\n"), 1):
        plain = line.removesuffix("\r").replace("\t", " ")
        if visible(plain) == plain:
            continue
        column = next(n for n, c in enumerate(plain) if visible(c) != c)
        yield Problem(
            f"{name}:{number}:{column + 1}",
            "规则文件不得含控制字符和不可见字符",
            "rule files have no control and no invisible characters",
            plain[column],
        )


class _Scan:
    """Goes through the text of one file as clingo's own reader does."""

    def __init__(self, name: str, text: str, choices: bool) -> None:
        self.name, self.text = name, text
        self.allowed = _ALLOWED | _SEARCHED if choices else _ALLOWED
        self.choices = choices
        self.lines = [0, *(m.end() for m in re.finditer("\n", text))]

    def place(self, at: int) -> str:
        line = bisect_right(self.lines, at)
        return f"{self.name}:{line}:{at - self.lines[line - 1] + 1}"

    def problems(self) -> Iterator[Problem]:
        at = begin = depth = last_line = 0
        while (match := _TOKEN.search(self.text, at)) is not None:
            token, start, at = match.group(), match.start(), match.end()
            if token == "%*":
                at = self.comment_end(at)
                if at < 0:
                    yield Problem(
                        self.place(start), "注释没有结束 *%", "the comment has no end *%", token
                    )
                    return
            if token[0] in '%"' and token != '"':
                begin += at - start
            elif token == ".":
                begin, depth = at, 0
            elif token in "([{":
                depth += 1
            elif token in ")]}":
                depth -= 1
            elif not token.isascii():
                line = bisect_right(self.lines, start)
                if line != last_line:
                    yield self.refusal(token, start)
                last_line = line
            elif token == "#program" and not self.choices:
                if not BLOCK.match(self.text, start):
                    yield self.refusal(token, start)
            elif self.refused(token):
                yield self.refusal(token, start)
            if depth > _DEPTH or at - begin > _STATEMENT:
                yield Problem(
                    self.place(begin),
                    f"语句超过{_STATEMENT}个字符或括号超过{_DEPTH}层",
                    f"a statement of more than {_STATEMENT} characters, or brackets more than "
                    f"{_DEPTH} deep",
                )
                return

    def comment_end(self, at: int) -> int:
        """Return where a block comment that begins before `at` ends; -1 when it does not."""
        depth = 1
        while depth and (match := _COMMENT.search(self.text, at)) is not None:
            at = match.end()
            depth += {"%*": 1, "*%": -1}.get(match.group(), 0)
        return -1 if depth else at

    def refused(self, token: str) -> bool:
        if token[0] == "#":
            return token[1:] not in self.allowed
        if token[0] == "@":
            return token == "@" or not self.choices
        if token[0] in "0123456789":
            digits = token if token[1:2] in ("x", "o", "b") else token.lstrip("0") or "0"
            return len(digits) > 40 or int(digits, 0) > LARGEST
        return token == '"'

    def refusal(self, token: str, at: int) -> Problem:
        if token == "#program" and not self.choices:
            said = (
                "样板应写成 #program 名称(c,k). 括号内是要替换的名称",
                "a template begins with #program name(c,k). with the names to replace in brackets",
            )
        elif token == "#const":
            said = (
                "不得用 #const 给数起名：数直接写在用到它的事实里，供人核对",
                "a number has no name by #const: write it in the fact that needs it, where it is "
                "compared with the words",
            )
        elif token[0] == "#":
            said = ("规则文件不允许使用该指令", "this directive is not allowed in rule files")
        elif token[0] == "@":
            said = ("不允许调用外部函数", "external functions are not allowed")
        elif token[0] in "0123456789":
            said = (f"整数不得超过{LARGEST}", f"integers must not exceed {LARGEST}")
        elif token == '"':
            said = (
                '引号没有在同一行结束，或其中有 \\\\、\\n、\\" 以外的转义',
                "the quoted text does not end on its line, or has an escape other than \\\\, \\n "
                'and \\"',
            )
        else:
            said = (
                "引号和注释之外只能用 ASCII 字符，中文要放在双引号内",
                "only ASCII outside quotes and comments",
            )
        return Problem(self.place(at), *said, token)
