"""What can be asked: the body of each question, and an example that runs."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from attrs import frozen
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["EXAMPLE", "QUESTIONS", "Asked", "Body"]

Tables = dict[str, list[dict[str, Any]]]
Settings = list[Annotated[str, Field(max_length=200)]]


class Body(BaseModel):
    """Data to judge; the served county is judged when `facts` is left out."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
    facts: Tables | None = Field(
        default=None, description="数据，与 JSON 数据文件相同 / as the JSON data file"
    )
    year: int | None = Field(default=None, ge=1949, le=9999)
    as_of: str | None = Field(default=None, max_length=10)


class EvaluateBody(Body):
    """All units, or those of one kind or status."""

    kind: str | None = Field(default=None, max_length=200)
    status: Literal["met", "failed", "undetermined"] | None = None


class UnitBody(Body):
    """One unit, by id or name."""

    unit: str = Field(min_length=1, max_length=200)


class ExplainBody(UnitBody):
    """One unit; `all` names every unit in the way."""

    all: bool = False


class SearchBody(UnitBody):
    """One unit, and the most seconds of the search, which then says what is proven."""

    time_limit: int = Field(default=60, ge=1, le=600)


class FixBody(SearchBody):
    """One unit, the most seconds of the search, and how many plans."""

    alternatives: int = Field(default=1, ge=1, le=20)


class SwitchesBody(Body):
    """Settings that hold while each switch is tried."""

    set: Settings = Field(default_factory=list, max_length=50)


class WhatifBody(SwitchesBody):
    """What changes: settings, rows added and removed, the year."""

    add: Tables = Field(default_factory=dict)
    remove: Tables = Field(default_factory=dict)
    year_b: int | None = Field(default=None, ge=1949, le=9999)


EXAMPLE: dict[str, Any] = {
    "units": [
        {"id": "B-1", "kind": "building", "name": "一栋"},
        {"id": "H-1", "kind": "household", "parent": "B-1"},
        {"id": "H-2", "kind": "household", "parent": "B-1"},
    ],
    "incidents": [{"id": "I-1", "unit": "H-1", "type": "neighbour_dispute", "date": "2014-05-01"}],
    "ledgers": [{"unit": "B-1", "item": "*", "year": 2014}],
}
_ALL = {"facts": EXAMPLE, "year": 2014}
_ONE = {**_ALL, "unit": "B-1"}


@frozen
class Asked:
    """A question: the body that asks it, what it is about, a body as an example.

    `light` tells that a small body is answered at once.
    """

    body: type[Body]
    summary: str
    example: dict[str, Any]
    light: bool = False


QUESTIONS = {
    "evaluate": Asked(EvaluateBody, "判定发来的数据 / judge data", _ALL, light=True),
    "explain": Asked(ExplainBody, "发来的数据中一个单位的理由 / reasons", _ONE, light=True),
    "fix": Asked(FixBody, "怎样才能达标 / the cheapest remedy", _ONE),
    "margin": Asked(SearchBody, "余量 / how much it can lose", _ONE),
    "missing": Asked(SearchBody, "缺什么记录 / missing records", _ONE),
    "programme": Asked(Body, "目标任务、逐年变化、名单 / targets, trend and rosters", _ALL),
    "whatif": Asked(
        WhatifBody,
        "如果……会怎样 / what would flip",
        {**_ALL, "set": ["threshold(building_households)=50/100"]},
    ),
    "switches": Asked(SwitchesBody, "每条适用口径影响几个单位 / what each switch decides", _ALL),
}
"""The questions by the name of their path."""
