"""The description of the service in OpenAPI: the answers' schemas are the command line's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import FastAPI

from pingan_logic.answers import ANSWERS, DEFINITIONS
from pingan_logic.schema import facts_schema
from pingan_logic.server.bodies import BODIES

__all__ = ["describe", "docs_page", "file_responses", "responses"]

_REFS = "#/components/schemas/"
_WORDS = {
    400: "请求有误",
    401: "缺少令牌",
    404: "没有这个单位",
    408: "请求太慢",
    413: "请求过大",
    415: "不是 JSON，或经过压缩",
    421: "主机名不对",
    422: "数据或请求有误",
    500: "规则或服务有误",
    503: "正忙，或工作进程中断",
    504: "超过时限",
}


def responses(name: str) -> dict[int | str, dict[str, Any]]:
    """Describe the responses of an operation."""
    problem = {"content": {"application/problem+json": {"schema": {"$ref": f"{_REFS}problem"}}}}
    answer = {"application/json": {"schema": {"$ref": f"{_REFS}{name}"}}}
    return {
        200: {"description": "回答", "content": answer},
        304: {"description": "与 ETag 相同"},
        **{code: {"description": said, **problem} for code, said in _WORDS.items()},
    }


def file_responses(media: str) -> dict[int | str, dict[str, Any]]:
    """Describe the responses of an operation that gives a file."""
    kind = media.partition(";")[0]
    schema = (
        {"type": "string"} if kind.startswith("text/") else {"type": "string", "format": "binary"}
    )
    content = {kind: {"schema": schema}}
    return {**responses("problem"), 200: {"description": "文件", "content": content}}


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
            for model in BODIES.values():
                part = model.model_json_schema(ref_template=f"{_REFS}{{model}}")
                nullable = [{"$ref": f"{_REFS}facts"}, {"type": "null"}]
                part["properties"]["facts"] |= {"anyOf": nullable}
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


def docs_page(schema: dict[str, Any], lang: str) -> str:
    """Return the description as a page that needs nothing else: no script, no network."""
    english = lang == "en"
    title = "Questions" if english else "接口"
    parts = [
        f"<!doctype html><html lang='{'en' if english else 'zh'}'><meta charset='utf-8'>",
        f"<title>pingan_logic: {title}</title>",
        "<style>body{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "code,pre{background:#f2f2f2;padding:.1rem .3rem}pre{padding:.6rem;overflow:auto}"
        "td,th{text-align:left;padding:.1rem .8rem .1rem 0;vertical-align:top}</style>",
        f"<h1>pingan_logic: {title}</h1>",
        "<p><a href='openapi.json'>openapi.json</a></p>",
    ]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            parts += _operation(path, method, operation, schema["components"]["schemas"], english)
    return "\n".join(parts) + "</html>\n"


def _operation(
    path: str, method: str, operation: dict[str, Any], known: dict[str, Any], english: bool
) -> Iterator[str]:
    yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
    yield f"<p>{escape(_in(operation.get('summary', ''), english))}</p>"
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema", {})
    model = body.get("$ref", "").removeprefix(_REFS)
    asked = {asking.__name__ for asking in BODIES.values()}
    sent = known[model]["properties"] if model in asked else {}
    said = [(p["name"], p.get("description", "")) for p in operation.get("parameters", ())]
    said += [(name, value.get("description", "")) for name, value in sent.items()]
    rows = [
        f"<tr><th><code>{escape(name)}</code><td>{escape(_in(words, english))}"
        for name, words in said
    ]
    if rows:
        yield f"<table>{''.join(rows)}</table>"
    for example in body.get("examples", ()):
        text = json.dumps(example, ensure_ascii=False, indent=1)
        yield f"<pre>{escape(text)}</pre>"


def _in(words: str, english: bool) -> str:
    """Return the half of words in both languages, `中文 / English`, that is in one."""
    zh, _, en = words.partition(" / ")
    return (en or zh) if english else zh
