"""Errors as RFC 9457 problem details, with the same words as the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pingan_logic.errors import PinganError, Problem, visible
from pingan_logic.messages.service import WORDS
from pingan_logic.server.invalid import problems_of
from pingan_logic.server.queries import model_of
from pingan_logic.server.tasks import Failure
from pingan_logic.server.turns import Busy
from pingan_logic.server.workers import TookTooLong, WorkerLost

__all__ = ["MEDIA", "Refused", "handle_errors", "language", "problem", "said", "unwrapped"]

MEDIA = "application/problem+json"
_STATUS_OF = {
    "input": 422,
    "body": 422,
    "policy": 500,
    "missing": 404,
    "request": 400,
    "limit": 503,
}


class Refused(Exception):
    """A question that cannot be answered."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


def unwrapped(found: Any) -> Any:
    """Return an answer of a worker. Raises Refused when it is a failure."""
    if isinstance(found, Failure):
        raise Refused(found)
    return found


def language(query: bytes) -> str:
    """Return the language of an answer to a request with this query."""
    return "en" if b"lang=en" in query.split(b"&") else "zh"


def problem(
    status: int,
    title: str,
    detail: str,
    problems: tuple[Problem, ...] = (),
    lang: str = "zh",
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return the answer to a request that failed."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if problems:
        content["problems"] = [
            {
                "place": p.where("en"),
                "message": p.said(lang),
                "found": None if p.found is None else visible(p.found),
                "nearest": None if p.nearest is None else visible(p.nearest),
            }
            for p in problems
        ]
    return _Problem(content, status, headers, MEDIA)


class _Problem(JSONResponse):
    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False).encode(errors="replace")


_AGAIN = {"lost": 1, "busy": 5, "closing": 5, "starting": 1, "failing": 10}
"""Seconds after which it makes sense to ask again."""


def said(status: int, name: str, lang: str) -> JSONResponse:
    """Return a failure of the service's own: its words are `name_title` and `name`."""
    w = WORDS[lang]
    headers = {"Retry-After": str(_AGAIN[name])} if name in _AGAIN else None
    title = w.get(f"{name}_title", w[name])
    return problem(status, title, w[name], headers=headers)


def refusal(failure: Failure, lang: str) -> JSONResponse:
    """Return the answer to a question that cannot be answered."""
    error = PinganError(failure.problems, failure.more)
    detail = "\n".join(line.removeprefix("  ") for line in error.lines(lang))
    title = failure.title[lang == "en"]
    return problem(_STATUS_OF[failure.kind], title, detail, failure.problems, lang)


def handle_errors(app: FastAPI) -> None:
    """Answer everything that goes wrong while a request is answered."""

    def handles(kind: type[Exception], status: int, name: str) -> None:
        async def handler(request: Request, _: Exception) -> JSONResponse:
            return said(status, name, language(request.scope["query_string"]))

        app.add_exception_handler(kind, handler)

    handles(WorkerLost, 503, "lost")
    handles(Busy, 503, "busy")
    handles(TookTooLong, 504, "late")

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> JSONResponse:
        return refusal(error.failure, language(request.scope["query_string"]))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        lang = language(request.scope["query_string"])
        titles = WORDS["zh"]["invalid_title"], WORDS["en"]["invalid_title"]
        found = tuple(problems_of(error.errors(), model_of(request.scope["route"])))
        return refusal(Failure("body", titles, found), lang)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        w = WORDS[language(request.scope["query_string"])]
        words = w.get(f"http_{error.status_code}", w["http_400"])
        return problem(error.status_code, words, words, headers=error.headers)
