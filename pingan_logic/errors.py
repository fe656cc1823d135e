"""Errors a user can cause, each with place, what was found, what was expected and a way out."""

from __future__ import annotations

import difflib
import errno
import re
from collections.abc import Collection, Iterable, Mapping, Set

from attrs import field, frozen

from pingan_logic.causes import cause_of, grouped
from pingan_logic.characters import hidden, is_han

__all__ = [
    "PROBLEMS",
    "InputError",
    "LimitError",
    "PinganError",
    "PolicyError",
    "Problem",
    "Problems",
    "RequestError",
    "alike",
    "check_words",
    "nearest",
    "nearest_id",
    "one_slip",
    "reason",
    "visible",
]


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


PROBLEMS = 5000
"""Problems that one answer names; further ones are only counted."""


class Problems(list[Problem]):
    """Problems in the order in which they are found; `more` counts those beyond PROBLEMS, of which
    the first of each cause is still named."""

    more: int

    def __init__(self, problems: Iterable[Problem] = (), more: int = 0) -> None:
        super().__init__()
        self.more = more
        self._causes: set[tuple[str, str]] = set()
        self.extend(problems)

    @property
    def full(self) -> bool:
        """Whether another problem would only be counted: no need to look for a way out."""
        return len(self) >= PROBLEMS

    def append(self, problem: Problem) -> None:
        """Add a problem, or count it: beyond PROBLEMS only those of new causes are added."""
        if not self.full:
            super().append(problem)
            return
        self._causes = self._causes or set(map(cause_of, self))
        key = cause_of(problem)
        if key in self._causes or len(self) >= 2 * PROBLEMS:
            self.more += 1
        else:
            self._causes.add(key)
            super().append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems, or count them."""
        for problem in problems:
            self.append(problem)

    def __iadd__(self, problems: Iterable[Problem]) -> Problems:  # type: ignore[override,misc]
        self.extend(problems)
        return self


class PinganError(Exception):
    """Base of all errors of this library; carries every problem found at once.

    `more` counts further problems that are not named.
    """

    more: int

    title_zh = "无法完成"
    title_en = "cannot answer"

    def __init__(self, problems: Iterable[Problem], more: int = 0) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.more = more
        super().__init__("\n".join(p.words("zh") for p in self.problems))

    def __reduce__(self) -> tuple[type[PinganError], tuple[tuple[Problem, ...], int]]:
        return type(self), (self.problems, self.more)  # a worker process hands it on whole

    def words(self, lang: str = "zh", *, options: bool = False) -> str:
        """Return a title and one line per problem; with `options` inputs are named as the command
        line names them."""
        count = len(self.problems) + self.more
        if lang == "en":
            head = f"{self.title_en}: {count} problem{'' if count == 1 else 's'}"
        else:
            head = f"{self.title_zh}：{count}个问题"
        return "\n".join([head, *self.lines(lang, options=options)])

    def causes(self, lang: str = "zh") -> list[tuple[str, str]]:
        """Return where each cause stands and what is wrong there, those of whole tables first."""
        return [(c.where(lang), c.what(lang)) for c in grouped(self.problems)]

    def lines(self, lang: str = "zh", *, options: bool = False) -> list[str]:
        """Return one line per cause, those of whole tables first, and how many more there are."""
        lines = [f"  {c.words(lang, options=options)}" for c in grouped(self.problems)]
        if self.more:
            rest = f"… and {self.more} more" if lang == "en" else f"……另有{self.more}个"
            lines.append(f"  {rest}")
        return lines


class InputError(PinganError):
    """The unit data cannot be used."""

    title_zh = "数据有误，未作任何判定"
    title_en = "the data is not usable, nothing was judged"


class PolicyError(PinganError):
    """The rule files cannot be used."""

    title_zh = "规则有误，未作任何判定"
    title_en = "the policy is not usable, nothing was judged"


class RequestError(PinganError):
    """The request names something that does not exist: a unit, a policy, a year."""


def check_words(lang: str) -> None:
    """Raise RequestError for a language that is neither Chinese (`zh`) nor English (`en`)."""
    if lang not in ("zh", "en"):
        zh, en = "应为 zh（中文）或 en（英文）", "expected zh (Chinese) or en (English)"
        raise RequestError([Problem("--lang", zh, en, str(lang))])


class LimitError(PinganError):
    """More time or memory was needed than is allowed."""

    title_zh = "超出上限，已停止"
    title_en = "stopped at a limit"

    @classmethod
    def memory(cls) -> LimitError:
        """Return the error of a computation that got no more memory."""
        return cls(
            [
                Problem(
                    "memory",
                    "内存不够：规则使数据成倍增长，或数据过大",
                    "out of memory: the rules multiply the data, or there is too much of it",
                )
            ]
        )


def visible(text: str) -> str:
    """Return `text` with control, invisible and direction characters written as `\\u202e`.

    They would move the cursor of a terminal, start a line of their own in a log or make a name
    look like another.
    """
    if text.isprintable():
        return text
    return "".join(f"\\u{ord(c):04x}" if hidden(c) else c for c in text)


_LONG = 200


def nearest(word: str, choices: Iterable[str], cutoff: float = 0.5) -> str | None:
    """Return the choice most like `word`, or None when nothing is like it (1 is the same)."""
    if len(word) > _LONG:
        return None
    options: Collection[str] = choices if isinstance(choices, (Set, Mapping)) else list(choices)
    if same := next((w for w in _same_looking(word) if w in options), None):
        return same
    if len(options) > _MANY:
        # comparing with every one of 200,000 ids takes seconds; one slip of the pen is found so
        options = [w for w in _one_slip(word) if w in options]
    found = difflib.get_close_matches(word, options, n=1, cutoff=cutoff)
    return found[0] if found else None


def nearest_id(word: str, ids: Collection[str]) -> str | None:
    """Return the id most like `word`: one of the same form (`T-01` for `T-99`, no `H-0799`), or
    one that is nearly the same."""
    if len(ids) > _MANY or len(word) > _LONG:
        return nearest(word, ids)
    form = _DIGITS.sub("0", word)
    return nearest(word, [i for i in ids if _DIGITS.sub("0", i) == form]) or nearest(
        word, ids, 0.65
    )


def one_slip(word: str, choice: str) -> bool:
    """Whether two words differ by one character wrong, more or less, or by two swapped."""
    if min(len(word), len(choice)) < _SLIP:
        return False
    start = next((n for n, (a, b) in enumerate(zip(word, choice, strict=False)) if a != b), None)
    if start is None:
        return abs(len(word) - len(choice)) == 1
    a, b = word[start:], choice[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])


_SLIP = 2
_DIGITS = re.compile(r"\d+")


def alike(word: str, choices: Collection[str]) -> str | None:
    """Return the only choice that looks the same as `word`: in other case, or with digits for the
    letters that they are taken for."""
    found = {w for w in _same_looking(word) if w in choices}
    return found.pop() if len(found) == 1 and len(word) <= _LONG else None


_MANY = 1000
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _same_looking(word: str) -> list[str]:
    """Return `word` in other case, and with the digits that its letters are taken for."""
    big = word.upper()
    return [big, word.lower(), big.translate(_LOOK_ALIKE), big[:1] + big[1:].translate(_LOOK_ALIKE)]


def _one_slip(word: str) -> set[str]:
    """Return what `word` becomes by dropping, adding, changing or swapping one character."""
    letters = sorted({*word, *"0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
    cuts = [(word[:n], word[n:]) for n in range(min(len(word), 40) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    near |= {head + c + tail for head, tail in cuts for c in letters}
    return near | {head + c + tail[1:] for head, tail in cuts if tail for c in letters}


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
