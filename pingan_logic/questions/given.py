"""What a caller of the library gives for the inputs of a question: of the right type, within its
bounds, or refused in the library's words, all at once."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pingan_logic.errors import Problem, RequestError, nearest
from pingan_logic.exact import whole
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.questions.described import Input

__all__ = ["given"]

P = ParamSpec("P")
R = TypeVar("R")
Wrong = tuple[str, str]


def given(function: Callable[P, R]) -> Callable[P, R]:
    """Check what the function that answers a question is called with, by its description."""
    inputs = {i.name: i for i in QUESTIONS[function.__name__].inputs}
    signature = inspect.signature(function)

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        bound = signature.bind(*args, **kwargs)
        problems = []
        for name in [n for n in bound.arguments if n in inputs]:
            taken, value = inputs[name], bound.arguments[name]
            if type(value) is not type(taken.default) or value != taken.default:
                value = bound.arguments[name] = _plain(taken, value)
                if (found := _wrong(taken, value)) is not None:
                    near = nearest(str(value), taken.choices) if taken.choices else None
                    place = f"--{name.replace('_', '-')}"
                    problems.append(Problem(place, *found, repr(value)[:80], near))
        if problems:
            raise RequestError(problems)
        return function(*bound.args, **bound.kwargs)

    return called


def _plain(taken: Input, value: Any) -> Any:
    if taken.form == "whole":
        return whole(value)
    return (value,) if taken.form in ("settings", "names") and isinstance(value, str) else value


def _wrong(taken: Input, value: Any) -> Wrong | None:
    """Return what is wrong with a value, in Chinese and English."""
    form, low, high = taken.form, taken.least, taken.most
    if form == "whole":
        if isinstance(value, bool) or not isinstance(value, int):
            return "应为整数", "expected a whole number"
        if (low is not None and not low <= value) or (high is not None and not value <= high):
            if high is None:
                return f"应不小于{low}", f"expected {low} or more"
            return f"应在{low}至{high}之间", f"expected {low} to {high}"
    elif form == "flag" and not isinstance(value, bool):
        return "应为 True 或 False", "expected True or False"
    elif form in ("settings", "names") and not _texts(value):
        return "应为文字的列表", "expected a list of texts"
    elif form == "rows" and not isinstance(value, Mapping):
        return "应为按表名给出的行", "expected rows by the name of their table"
    elif form == "path" and not isinstance(value, (str, os.PathLike)):
        return "应为路径", "expected a path"
    elif taken.choices and value not in taken.choices:
        return f"应为 {'、'.join(taken.choices)}", f"expected one of {', '.join(taken.choices)}"
    elif form == "text" and not isinstance(value, str):
        return "应为文字", "expected text"
    return None


def _texts(value: Any) -> bool:
    return isinstance(value, Iterable) and all(isinstance(text, str) for text in value)
