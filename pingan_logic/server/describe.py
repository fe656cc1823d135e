"""The description of the service in OpenAPI: the answers' schemas are the command line's."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from pingan_logic.answers import ANSWERS, DEFINITIONS
from pingan_logic.schema import facts_schema
from pingan_logic.server.bodies import QUESTIONS

__all__ = ["describe", "responses"]

_REFS = "#/components/schemas/"
_WORDS = {
    400: "请求有误",
    401: "缺少令牌",
    404: "没有这个单位",
    408: "请求太慢",
    413: "请求过大",
    415: "不是 JSON",
    421: "主机名不对",
    422: "数据或请求有误",
    500: "规则或服务有误",
    503: "正忙,或工作进程中断",
    504: "超过时限",
}


def responses(name: str) -> dict[int | str, dict[str, Any]]:
    """Describe the responses of an operation."""
    problem = {"content": {"application/problem+json": {"schema": {"$ref": f"{_REFS}problem"}}}}
    answer = {"application/json": {"schema": {"$ref": f"{_REFS}{name}"}}}
    return {
        200: {"description": "回答", "content": answer},
        **{code: {"description": said, **problem} for code, said in _WORDS.items()},
    }


def describe(app: FastAPI) -> None:
    """Put the schemas of bodies and answers into OpenAPI."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = made()
            parts = schema.setdefault("components", {}).setdefault("schemas", {})
            parts.update(_moved({**DEFINITIONS, **ANSWERS}))
            tables = facts_schema()
            parts["facts"] = {k: v for k, v in tables.items() if not k.startswith("$")}
            for model in {asked.body for asked in QUESTIONS.values()}:
                part = model.model_json_schema(ref_template=f"{_REFS}{{model}}")
                nullable = [{"$ref": f"{_REFS}facts"}, {"type": "null"}]
                part["properties"]["facts"] = {"anyOf": nullable}
                parts[model.__name__] = part
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _moved(value: Any) -> Any:
    """Point references of the answers' schemas to the components of OpenAPI."""
    if isinstance(value, dict):
        return {
            k: v.replace("#/$defs/", _REFS) if k == "$ref" else _moved(v) for k, v in value.items()
        }
    return [_moved(v) for v in value] if isinstance(value, list) else value
