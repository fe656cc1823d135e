"""Errors a user can cause, each with place, what was found, what was expected and a way out."""

from __future__ import annotations

import difflib
import errno
import re
from collections.abc import Iterable

from attrs import frozen

__all__ = [
    "InputError",
    "LimitError",
    "PinganError",
    "PolicyError",
    "Problem",
    "RequestError",
    "nearest",
    "system_words",
]


@frozen
class Problem:
    """One mistake: where it is, what stands there, what should.

    `place` is file, row and column, as in `units.csv row 3 kind`; row 1 is the header.
    """

    place: str
    zh: str
    en: str
    found: str | None = None
    nearest: str | None = None

    def where(self, lang: str = "zh") -> str:
        """Return the place in Chinese (`zh`) or English (`en`)."""
        return self.place if lang == "en" else _chinese(self.place)

    def what(self, lang: str = "zh") -> str:
        """Return what is wrong there, what was found and the nearest valid choice."""
        found = None if self.found is None else _printable(self.found)
        near = None if self.nearest is None else _printable(self.nearest)
        if lang == "en":
            text = f"{self.en}; found `{found}`" if found is not None else self.en
            return text + (f"; nearest valid choice: `{near}`" if near else "")
        text = _chinese(self.zh) + (f";发现 `{found}`" if found is not None else "")
        return text + (f";最接近的有效值:`{near}`" if near else "")

    def words(self, lang: str = "zh") -> str:
        """Return the problem as one line."""
        return f"{self.where(lang)}{': ' if lang == 'en' else ':'}{self.what(lang)}"


class PinganError(Exception):
    """Base of all errors of this library; carries every problem found at once."""

    title_zh = "无法完成"
    title_en = "cannot answer"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(p.words("zh") for p in self.problems))

    def __reduce__(self) -> tuple[type[PinganError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # a worker process hands it on whole

    def words(self, lang: str = "zh") -> str:
        """Return a title and one line per problem."""
        count = len(self.problems)
        if lang == "en":
            head = f"{self.title_en}: {count} problem{'' if count == 1 else 's'}"
        else:
            head = f"{self.title_zh}:{count} 个问题"
        return "\n".join([head, *(f"  {p.words(lang)}" for p in self.problems)])


class InputError(PinganError):
    """The unit data cannot be used."""

    title_zh = "数据有误,未作任何判定"
    title_en = "the data is not usable, nothing was judged"


class PolicyError(PinganError):
    """The rule files cannot be used."""

    title_zh = "规则有误,未作任何判定"
    title_en = "the policy is not usable, nothing was judged"


class RequestError(PinganError):
    """The request names something that does not exist: a unit, a policy, a year."""


class LimitError(PinganError):
    """More time or memory was needed than is allowed."""

    title_zh = "超出上限,已停止"
    title_en = "stopped at a limit"

    @classmethod
    def memory(cls) -> LimitError:
        """Return the error of a computation that got no more memory."""
        return cls(
            [
                Problem(
                    "memory",
                    "内存不够:规则使数据成倍增长,或数据过大",
                    "out of memory: the rules multiply the data, or there is too much of it",
                )
            ]
        )


def system_words(error: OSError) -> tuple[str, str]:
    """Return why the system refused to read or write, in Chinese and English."""
    zh = _REFUSALS.get(error.errno or 0)
    en = error.strerror or type(error).__name__
    return zh or f"系统错误 {error.errno}", en.lower() if zh else f"system error {en}"


_REFUSALS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "超过允许的文件大小",
    errno.EIO: "磁盘读写出错",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.EBUSY: "正在被占用",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EEXIST: "已存在",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ELOOP: "符号链接成环",
}


def nearest(word: str, choices: Iterable[str], cutoff: float = 0.5) -> str | None:
    """Return the choice most like `word`, or None when nothing is like it (1 is the same)."""
    options = list(choices)
    if len(options) > _MANY:
        # comparing with every one of 200,000 ids takes seconds; one slip of the pen is found so
        close = _one_slip(word)
        options = [o for o in options if o in close]
    found = difflib.get_close_matches(word, options, n=1, cutoff=cutoff)
    return found[0] if found else None


_MANY = 3000


def _one_slip(word: str) -> set[str]:
    """Return what `word` becomes by dropping, adding, changing or swapping one character."""
    letters = sorted({*word, *"0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
    cuts = [(word[:n], word[n:]) for n in range(min(len(word), 40) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    near |= {head + c + tail for head, tail in cuts for c in letters}
    return near | {head + c + tail[1:] for head, tail in cuts if tail for c in letters}


def _chinese(text: str) -> str:
    return re.sub(r" row (\d+)", r" 第\1行", text)


def _printable(text: str) -> str:
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return shown if len(shown) <= 80 else shown[:77] + "..."
