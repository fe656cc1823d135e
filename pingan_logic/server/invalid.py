"""What pydantic finds wrong with a request, in the words of this library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from pingan_logic.errors import Problem, nearest

__all__ = ["problems_of"]

_WORDS = {
    "missing": ("缺少这一项", "missing"),
    "extra_forbidden": ("不认识的项", "unknown key"),
    "twice": ("这一项出现了两次，请只留一个", "stands twice; keep one of them"),
    "int_type": ("应为整数", "expected a whole number"),
    "int_parsing": ("应为整数", "expected a whole number"),
    "string_type": ("应为文字", "expected text"),
    "bool_type": ("应为 true 或 false", "expected true or false"),
    "bool_parsing": ("应为 true 或 false", "expected true or false"),
    "list_type": ("应为列表", "expected a list"),
    "dict_type": ("应为对象", "expected an object"),
    "model_type": ("应为对象", "expected an object"),
    "greater_than_equal": ("应不小于{ge}", "expected {ge} or more"),
    "less_than_equal": ("应不大于{le}", "expected {le} or less"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_too_long": ("最多{max_length}个字符", "at most {max_length} characters"),
    "too_long": ("最多{max_length}项", "at most {max_length} items"),
}
_OTHER = ("取值不符合要求", "the value is not allowed")


def problems_of(errors: Iterable[Mapping[str, Any]], model: type[BaseModel]) -> Iterator[Problem]:
    """Yield what pydantic says of a body or query of `model` as problems."""
    return (_problem(error, model) for error in errors)


def _problem(error: Mapping[str, Any], model: type[BaseModel]) -> Problem:
    kind, context = error["type"], error.get("ctx", {})
    path = [str(p) for p in error["loc"]]
    near = None
    if kind == "literal_error":
        options = [o.strip("'") for o in str(context["expected"]).replace(" or ", ", ").split(", ")]
        zh, en = f"应为 {'、'.join(options)}", f"expected one of {', '.join(options)}"
        near = nearest(str(error["input"]), options)
    else:
        zh, en = (words.format(**context) for words in _WORDS.get(kind, _OTHER))
    found = None if kind == "missing" else _shown(error.get("input"))
    if kind in ("extra_forbidden", "twice"):
        found = path.pop()
        near = nearest(found, model.model_fields) if kind == "extra_forbidden" else None
    return Problem(".".join(path) or "body", zh, en, found, near)


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return "[…]" if isinstance(value, (list, dict)) else str(value)[:80]
