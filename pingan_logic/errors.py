"""Errors a user can cause, each with place, what was found, what was expected and a way out."""

from __future__ import annotations

from collections.abc import Iterable

from pingan_logic.causes import cause_of, grouped
from pingan_logic.nearest import alike, nearest, nearest_id, one_slip
from pingan_logic.problem import Problem, reason, visible

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
