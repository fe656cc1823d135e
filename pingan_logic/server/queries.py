"""What can stand behind the question mark of an address."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CheckQuery",
    "EvaluateQuery",
    "ExplainQuery",
    "LangQuery",
    "NoQuery",
    "UnitsQuery",
    "VerifyQuery",
    "YearQuery",
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


class YearQuery(LangQuery):
    """The language and the year."""

    year: int | None = Field(
        default=None, ge=1949, le=9999, description="年度，默认数据中最近一年 / year to judge"
    )


class EvaluateQuery(YearQuery):
    """Of which units."""

    kind: str | None = Field(default=None, max_length=200, description="类别 / kind of units")
    status: Literal["met", "failed", "undetermined"] | None = Field(
        default=None, description="结论 / verdict"
    )


class UnitsQuery(EvaluateQuery):
    """Of which units, and which page of them."""

    within: str | None = Field(
        default=None, max_length=200, description="只列一个单位及其辖内的 / a unit and those inside"
    )
    page: int = Field(default=1, ge=1, le=1_000_000, description="第几页 / which page")
    size: int = Field(default=100, ge=1, le=1000, description="每页多少 / units on a page")


class VerifyQuery(LangQuery):
    """What is proven."""

    property: str = Field(max_length=200, description="性质的名称 / the name of the property")
    bound: int | None = Field(
        default=None, ge=0, le=1000, description="规模上限 / the size of worlds"
    )


class CheckQuery(LangQuery):
    """What is checked."""

    name: str = Field(default="", max_length=200, description="文件名 / the name of the file")


class ExplainQuery(YearQuery):
    """In how much detail."""

    all: bool = Field(default=False, description="列出全部单位 / name every unit in the way")


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
