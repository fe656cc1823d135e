"""What can stand behind the question mark of an address."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CheckQuery",
    "LangQuery",
    "NoQuery",
    "model_of",
    "once",
]


class NoQuery(BaseModel):
    """Nothing."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class LangQuery(NoQuery):
    """The language."""

    lang: Literal["zh", "en"] = Field(
        default="zh", description="语言：zh 中文、en 英文 / language of texts and errors"
    )


class CheckQuery(LangQuery):
    """What is checked."""

    name: str = Field(default="", max_length=200, description="文件名 / the name of the file")


def model_of(route: Any) -> type[BaseModel]:
    """Return the query that a route takes."""
    found: type[BaseModel] = route.dependant.query_params[0].field_info.annotation
    return found


async def once(request: Request) -> None:
    """Refuse what stands twice in a query: the last one would be taken silently."""
    counts = Counter(key for key, _ in request.query_params.multi_items())
    twice: list[Any] = [
        {"type": "twice", "loc": ("query", key), "input": None}
        for key, number in counts.items()
        if number > 1
    ]
    if twice:
        raise RequestValidationError(twice)
