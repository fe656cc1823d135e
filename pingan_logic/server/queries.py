"""What can stand behind the question mark of an address."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, ClassVar, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

__all__ = [
    "CheckQuery",
    "LangQuery",
    "NoQuery",
    "model_of",
    "once",
]


_WHOLE: tuple[Any, ...] = (int, int | None)
_DIGITS = re.compile(r"-?[0-9]+")


class NoQuery(BaseModel):
    """Nothing."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def whole(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a whole number that is not written as one, as in a body: `2014.0`, ` 2014`."""
        wanted = cls.model_fields[str(info.field_name)].annotation
        if isinstance(value, str) and wanted in _WHOLE and not _DIGITS.fullmatch(value):
            raise PydanticKnownError("int_parsing")
        return value


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
