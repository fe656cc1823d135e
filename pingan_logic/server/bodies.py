"""The bodies and queries by which the service is asked, made from the description of the questions,
and an example of each body that runs."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from pingan_logic.questions.catalogue import COMMON, QUESTIONS, YEAR
from pingan_logic.questions.described import HTTP, Input, Question
from pingan_logic.server.queries import LangQuery

__all__ = ["BODIES", "EXAMPLE", "QUERIES", "UnitsQuery", "YearQuery", "example"]

Tables = dict[str, list[dict[str, Any]]]
_SETTING = 200
"""Characters of a setting."""


class _Data(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
    facts: Tables | None = Field(
        default=None, description="数据，与 JSON 数据文件相同；不发则为服务的县 / as the JSON data "
        "file; the served county is judged when it is left out"
    )  # fmt: skip


def _field(taken: Input) -> tuple[Any, Any]:
    """Return the type of an input and what pydantic is to know of it."""
    said: dict[str, Any] = {"description": taken.words}
    if taken.form == "whole":
        bounds = {"ge": taken.least, "le": taken.most}
        given: Any = int
    elif taken.form == "flag":
        bounds, given = {}, bool
    elif taken.form == "status":
        bounds, given = {}, Literal[taken.choices]
    elif taken.form == "rows":
        bounds, given = {}, Tables
    elif taken.form == "settings":
        bounds = {"max_length": taken.most}
        given = list[Annotated[str, Field(max_length=_SETTING)]]
    else:
        bounds = {"min_length": taken.least, "max_length": taken.most}
        given = str
    said |= {k: v for k, v in bounds.items() if v is not None}
    if taken.required:
        return given, Field(**said)
    if taken.form == "settings":
        return given, Field(default_factory=list, **said)
    if taken.form == "rows":
        return given, Field(default_factory=dict, **said)
    if taken.default is None:
        return given | None, Field(default=None, **said)
    return given, Field(default=taken.default, **said)


def _model(name: str, base: type[BaseModel], *inputs: Input) -> type[BaseModel]:
    fields: dict[str, Any] = {i.name: _field(i) for i in inputs}
    return create_model(name, __base__=base, **fields)


def _body(question: Question) -> type[BaseModel]:
    name = f"{question.name.capitalize()}Body"
    return _model(name, _Data, *COMMON, *question.taken(HTTP))


def _query(question: Question) -> type[BaseModel]:
    inputs = question.taken(HTTP)
    if question.of == "rules":
        # proving every property is no work for a service: one is named
        names = [i for i in inputs if i.form == "names"]
        rest = [i for i in inputs if i.form != "names"]
        one = [Input(i.flag.strip("-"), "unit", i.zh, i.en, most=_SETTING) for i in names]
        return _model(f"{question.name.capitalize()}Query", LangQuery, *one, *rest)
    own = [i for i in inputs if i.form != "unit"]
    return _model(f"{question.name.capitalize()}Query", LangQuery, YEAR, *own)


YearQuery: Any = _model("YearQuery", LangQuery, YEAR)
BODIES: dict[str, Any] = {
    q.name: _body(q) for q in QUESTIONS.values() if q.posted and q.of != "file"
}
"""The body of each question that is posted."""
QUERIES: dict[str, Any] = {q.name: _query(q) for q in QUESTIONS.values() if q.got}
"""The query of each question that is asked by an address."""
UnitsQuery: Any = _model(
    "UnitsQuery",
    QUERIES["evaluate"],
    Input("within", "text", "只列一个单位及其辖内的", "a unit and those inside", most=_SETTING),
    Input("page", "whole", "第几页", "which page", 1, 1, 1_000_000),
    Input("size", "whole", "每页多少", "units on a page", 100, 1, 1000),
)

EXAMPLE: dict[str, Any] = {
    "units": [
        {"id": "B-1", "kind": "building", "name": "一栋"},
        {"id": "H-1", "kind": "household", "parent": "B-1"},
        {"id": "H-2", "kind": "household", "parent": "B-1"},
    ],
    "incidents": [{"id": "I-1", "unit": "H-1", "type": "neighbour_dispute", "date": "2014-05-01"}],
    "ledgers": [{"unit": "B-1", "item": "*", "year": 2014}],
}
"""A small world as data."""


def example(question: Question) -> dict[str, Any]:
    """Return a body that asks a question of a small world."""
    return {"facts": EXAMPLE, YEAR.name: 2014, **question.sample}
