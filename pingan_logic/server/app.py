"""The HTTP application: the commands' answers, with the commands' words for errors."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.server.bodies import BODIES, example
from pingan_logic.server.county import County
from pingan_logic.server.describe import describe, docs_page, responses
from pingan_logic.server.desk import add_desk
from pingan_logic.server.gate import Gate
from pingan_logic.server.problems import Refused, handle_errors, said, unwrapped
from pingan_logic.server.queries import CheckQuery, LangQuery, NoQuery, once
from pingan_logic.server.served import add_served, caller_of, while_connected
from pingan_logic.server.settings import Settings
from pingan_logic.server.tasks import answer, check
from pingan_logic.server.workers import TookTooLong, WorkerLost

__all__ = ["create_app"]

log: logging.Logger = logging.getLogger("pingan_logic.server")

_SMALL = 256 * 1024
"""Bytes of a body that a light question may have."""


def create_app(settings: Settings) -> FastAPI:
    """Return the application; its workers start with it and end with it.

    Raises InputError, PolicyError or RequestError when policy or data cannot be used.
    """
    county = County(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        county.workers.open()
        first = asyncio.ensure_future(_warm(county))
        yield
        first.cancel()
        await county.workers.close()

    app = FastAPI(
        title="pingan_logic",
        description="按通知判定、说明、整改、比较 / verdicts by the notice, reasons, remedies",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        dependencies=[Depends(once)],
    )
    app.state.county = county
    _add_state(app, county)
    add_served(app, county)
    _add_check(app, county)
    _add_docs(app)
    add_desk(app, county, settings.given)
    for name in BODIES:
        _add_question(app, county, name)
    handle_errors(app)
    app.add_middleware(Gate, settings=settings)
    describe(app)
    return app


async def _warm(county: County) -> None:
    if county.there:
        try:
            await county.assessment(None)
        except (Refused, WorkerLost, TookTooLong) as error:
            log.error(json.dumps({"county": type(error).__name__}))


def _add_state(app: FastAPI, county: County) -> None:
    workers = county.workers

    @app.get("/health", tags=["运行"], summary="进程在运行 / the process runs")
    async def health(query: Annotated[NoQuery, Query()]) -> JSONResponse:
        return said(503, "failing", "zh") if workers.failing else JSONResponse({"status": "ok"})

    @app.get(
        "/ready", tags=["运行"], summary="可以回答 / it can answer",
        responses={503: {"description": "尚未就绪"}},
    )  # fmt: skip
    async def ready(query: Annotated[NoQuery, Query()]) -> JSONResponse:
        if workers.failing:
            return said(503, "failing", "zh")
        if workers.alive and county.ready:
            return JSONResponse({"status": "ready"})
        return said(503, "starting", "zh")

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi(query: Annotated[NoQuery, Query()]) -> JSONResponse:
        return JSONResponse(app.openapi())


def _add_check(app: FastAPI, county: County) -> None:
    @app.post(
        "/check", responses=responses("check"), summary=QUESTIONS["check"].words,
        openapi_extra={"requestBody": {"required": True, "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "application/json": {"schema": {"$ref": "#/components/schemas/facts"}},
        }}},
    )  # fmt: skip
    async def checked(request: Request, query: Annotated[CheckQuery, Query()]) -> Response:
        kind = request.headers.get("content-type", "application/octet-stream")
        if not kind.lower().startswith("application/") or "form-urlencoded" in kind.lower():
            raise HTTPException(415)
        body = await request.body()
        asking = county.workers.run(
            check, body, query.name, query.lang,
            caller=caller_of(request), light=len(body) <= _SMALL,
        )  # fmt: skip
        found: bytes = unwrapped(await while_connected(request, asking))
        return Response(found, media_type="application/json")


def _add_docs(app: FastAPI) -> None:
    @app.get("/docs", include_in_schema=False)
    async def docs(query: Annotated[LangQuery, Query()]) -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi(), query.lang))


def _add_question(app: FastAPI, county: County, name: str) -> None:
    asked = QUESTIONS[name]

    @app.post(
        f"/{name}", responses=responses(name), summary=asked.words, name=name,
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {
            "schema": {
                "$ref": f"#/components/schemas/{BODIES[name].__name__}",
                "examples": [example(asked)],
            },
        }}}},
    )  # fmt: skip
    async def ask(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
        kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
        if not (kind.lower() == "application/json" or kind.lower().endswith("+json")):
            raise HTTPException(415)
        body = await request.body()
        asking = county.workers.run(
            answer, name, body, query.lang,
            caller=caller_of(request), light=asked.light and len(body) <= _SMALL,
        )  # fmt: skip
        found: bytes = unwrapped(await while_connected(request, asking))
        return Response(found, media_type="application/json")
