"""Read rule files as text before clingo sees them.

Unquoted Chinese kills the clingo process, `#script` and `#include` run or read what they like,
and integers beyond 32 bits wrap silently: all are refused here with file, line and column.
"""

from __future__ import annotations

import re
from pathlib import Path

from pingan_logic.errors import PolicyError, Problem, reason

__all__ = ["rule_files", "scan"]

_ALLOWED = {
    *("count", "sum", "sum+", "min", "max", "true", "false", "sup", "inf"),
    *("defined", "show", "const", "supremum", "infimum"),
}
_SEARCHED = {"minimize", "maximize"}
_TOKEN = re.compile(
    r"%\*.*?\*%|%[^\n]*|\"(?:\\.|[^\"\\\n])*\"|#[a-z_+]*|\d+|[^\x00-\x7f]|@[0-9]?|\x00", re.DOTALL
)
_MAX_INT = 2**31 - 1


def rule_files(folder: Path) -> list[Path]:
    """Return the rule files of a policy in the order in which they are read."""
    return sorted(folder.glob("*.lp"))


def scan(files: list[Path], *, choices: bool = False) -> None:
    """Refuse rule files that clingo must not be given. Raises PolicyError with every problem.

    `choices` says that the files search among worlds and may name what is smallest or cheapest.
    """
    allowed = _ALLOWED | _SEARCHED if choices else _ALLOWED
    problems: list[Problem] = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(
                Problem(
                    f"{path.name}:{error.start}",
                    "规则文件应为 UTF-8 编码",
                    "rule files must be UTF-8",
                )
            )
            continue
        except OSError as error:
            zh, en = reason(error)
            problems.append(Problem(path.name, f"无法读取:{zh}", f"cannot be read: {en}"))
            continue
        problems += _scan_text(path.name, text, allowed)
    if problems:
        raise PolicyError(problems)


def _scan_text(name: str, text: str, allowed: set[str]) -> list[Problem]:
    problems: list[Problem] = []
    last_line = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        line = text.count("\n", 0, match.start()) + 1
        place = f"{name}:{line}:{match.start() - text.rfind(chr(10), 0, match.start())}"
        if token.startswith(("%", '"')):
            continue
        if token.startswith("#") and token[1:] not in allowed:
            problems.append(
                Problem(
                    place,
                    "规则文件不允许使用该指令",
                    "this directive is not allowed in rule files",
                    token,
                )
            )
        elif token == "@" or (token.startswith("@") and not allowed & _SEARCHED):
            problems.append(
                Problem(place, "不允许调用外部函数", "external functions are not allowed", token)
            )
        elif token.isascii() and token.isdigit() and int(token) > _MAX_INT:
            problems.append(
                Problem(
                    place,
                    f"整数不得超过 {_MAX_INT}",
                    f"integers must not exceed {_MAX_INT}",
                    token,
                )
            )
        elif (not token.isascii() or token == "\x00") and line != last_line:
            last_line = line
            problems.append(
                Problem(
                    place,
                    "引号和注释之外只能用 ASCII 字符,中文要放在双引号内",
                    "only ASCII outside quotes and comments",
                    token,
                )
            )
    return problems
