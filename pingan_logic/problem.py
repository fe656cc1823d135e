"""One mistake a user can make: where it is, what stands there and what should."""

from __future__ import annotations

import errno
import re

from attrs import field, frozen

from pingan_logic.characters import hidden, is_han

__all__ = ["Problem", "reason", "visible"]


class _Input(str):
    """The name of an input as calls and requests name it; `option` is its name on a terminal."""

    option: str


_OPTION = re.compile(r"(?<![\w-])--([a-z]+(?:-[a-z]+)*)(?![\w.-])")


def _named(text: str) -> str:
    """Return words about inputs for who has no command line: `--as-of` is `as_of` there."""
    return _OPTION.sub(lambda m: m[1].replace("-", "_"), text) if "--" in text else text


def _place(place: str) -> str:
    if not place.startswith("--") or not _OPTION.match(place):
        return place
    found = _Input(_named(place))
    found.option = place
    return found


@frozen
class Problem:
    """One mistake: where it is, what stands there, what should.

    `place` is file, row and column, as in `units.csv row 3 kind`; row 1 is the header. `choices`
    are what can be chosen instead, each on a line of its own; `sure` is the only value that can be
    meant. Text of others that stands in any of
    these is shown with control and invisible characters written out.

    An input is made known by its option (`--as-of`) and named as calls name it (`as_of`), but with
    `options` in words for the command line.
    """

    place: str = field(converter=_place)
    zh: str
    en: str
    found: str | None = None
    nearest: str | None = None
    choices: tuple[str, ...] = ()
    sure: str | None = None

    def where(self, lang: str = "zh", *, options: bool = False) -> str:
        """Return the place in Chinese (`zh`) or English (`en`)."""
        named = self.place.option if isinstance(self.place, _Input) and options else self.place
        place = visible(named)
        place = place if len(place) <= _LONG else f"{place[: _LONG // 2]}…{place[-_LONG // 2 :]}"
        return place if lang == "en" else _chinese(place)

    def what(self, lang: str = "zh", *, options: bool = False) -> str:
        """Return what is wrong there, what was found and the nearest valid choice."""
        wrong = self.wrong(lang, options=options)
        found = None if self.found is None else _short(self.found)
        near = None if self.nearest is None else _short(self.nearest)
        if lang == "en":
            text = wrong + (f"; found `{found}`" if found is not None else "")
            text += f"; nearest valid choice: `{near}`" if near else ""
        else:
            text = _chinese(wrong) + (f"；发现 `{found}`" if found is not None else "")
            text += f"；最接近的有效值：`{near}`" if near else ""
        return text + self._choices()

    def example(self, lang: str = "zh") -> str:
        """Return what was found, with the nearest valid choice, as one of several examples."""
        found, near = _short(self.found or ""), self.nearest and _short(self.nearest)
        if lang == "en":
            return f"`{found}`" + (f" (nearest valid choice: `{near}`)" if near else "")
        return f"“{found}”" + (f"（可写“{near}”）" if near else "")

    def said(self, lang: str = "zh") -> str:
        """Return what is wrong there and what can be chosen instead, without what was found."""
        return self.wrong(lang) + self._choices()

    def wrong(self, lang: str = "zh", *, options: bool = False) -> str:
        """Return what is wrong there, and no more."""
        text = visible(self.en if lang == "en" else self.zh)
        return text if options else _named(text)

    def _choices(self) -> str:
        return "".join(f"\n    `{_short(c)}`" for c in self.choices)

    def words(self, lang: str = "zh", *, options: bool = False) -> str:
        """Return the problem as one line, and one for each choice."""
        colon = ": " if lang == "en" else "："
        where, what = (said(lang, options=options) for said in (self.where, self.what))
        return f"{where}{colon}{what}"


def visible(text: str) -> str:
    """Return `text` with control, invisible and direction characters written as `\\u202e`.

    They would move the cursor of a terminal, start a line of their own in a log or make a name
    look like another.
    """
    if text.isprintable():
        return text
    return "".join(f"\\u{ord(c):04x}" if hidden(c) else c for c in text)


def reason(error: OSError) -> tuple[str, str]:
    """Return why the system refused a file, in Chinese and English."""
    said = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, said), said


_REASONS = {
    errno.ENOENT: "文件或文件夹不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EEXIST: "同名的文件已存在",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EBADF: "没有打开",
    errno.EFBIG: "超过允许的文件大小",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正在被占用",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ELOOP: "符号链接成环",
}


def _chinese(text: str) -> str:
    return re.sub(r" row (\d+)", r" 第\1行", text)


def _short(text: str) -> str:
    shown = "".join(
        c if c.isprintable() or is_han(c) else f"\\u{ord(c):04x}" for c in text[:_SHOWN]
    )
    return shown if len(shown) <= _SHOWN and len(text) <= _SHOWN else f"{shown[: _SHOWN - 3]}..."


_SHOWN = 80
_LONG = 200
