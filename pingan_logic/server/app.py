"""The HTTP application: the commands' answers, with the commands' words for errors."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from pingan_logic.errors import PinganError
from pingan_logic.json_text import to_json
from pingan_logic.policy.catalogue import check_kind, check_language
from pingan_logic.search import find_unit
from pingan_logic.server.bodies import QUESTIONS
from pingan_logic.server.county import County
from pingan_logic.server.describe import describe, responses
from pingan_logic.server.gate import ClientGone, Gate
from pingan_logic.server.problems import Refused, handle_errors, said, unwrapped
from pingan_logic.server.queries import (
    EvaluateQuery,
    ExplainQuery,
    LangQuery,
    NoQuery,
    YearQuery,
    once,
)
from pingan_logic.server.settings import Settings
from pingan_logic.server.tasks import answer, failure_of
from pingan_logic.server.workers import TookTooLong, WorkerLost
from pingan_logic.verdicts import Assessment

__all__ = ["create_app"]

log = logging.getLogger("pingan_logic.server")

T = TypeVar("T")

UnitId = Annotated[str, Path(min_length=1, max_length=200, description="单位编号 / unit id")]
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
        description="平安创建标准:判定、说明、补救、比较 / verdicts, reasons, remedies",
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
    _add_served(app, county)
    for name in QUESTIONS:
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


def _add_served(app: FastAPI, county: County) -> None:
    """Add the questions about the served county that are asked by an address."""

    async def told(
        request: Request, query: YearQuery, make: Callable[[Assessment], dict[str, Any]]
    ) -> Response:
        found = await _while_connected(request, county.assessment(query.year, _caller(request)))

        def text() -> bytes:
            check_language(found.policy, query.lang, "lang")
            return to_json(make(found)).encode(errors="replace")

        return Response(await _rendered(text), media_type="application/json")

    @app.get("/evaluate", responses=responses("evaluate"), summary="全部单位的结论 / all verdicts")
    async def evaluate(request: Request, query: Annotated[EvaluateQuery, Query()]) -> Response:
        def listed(found: Assessment) -> dict[str, Any]:
            if query.kind is not None:
                check_kind(found.policy, query.kind, "kind")
            return found.to_dict(query.kind, query.status)

        return await told(request, query, listed)

    @app.get(
        "/explain/{unit:path}", responses=responses("explain"), summary="一个单位的理由 / reasons"
    )
    async def explain(
        request: Request, unit: UnitId, query: Annotated[ExplainQuery, Query()]
    ) -> Response:
        def explained(found: Assessment) -> dict[str, Any]:
            known = find_unit(found.facts, unit).id
            return found.explain(known).to_dict(query.lang, every=query.all)

        return await told(request, query, explained)

    @app.get("/", response_class=HTMLResponse, summary="报告页 / the report as a page")
    async def report(request: Request, query: Annotated[YearQuery, Query()]) -> Response:
        page = county.page(query.year, query.lang, _caller(request))
        return HTMLResponse(await _while_connected(request, page))


def _add_question(app: FastAPI, county: County, name: str) -> None:
    asked = QUESTIONS[name]

    @app.post(
        f"/{name}", responses=responses(name), summary=asked.summary, name=name,
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {
            "schema": {
                "$ref": f"#/components/schemas/{asked.body.__name__}",
                "examples": [asked.example],
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
            caller=_caller(request), light=asked.light and len(body) <= _SMALL,
        )  # fmt: skip
        found: bytes = unwrapped(await _while_connected(request, asking))
        return Response(found, media_type="application/json")


def _caller(request: Request) -> str:
    return request.client.host if request.client else ""


async def _while_connected(request: Request, work: Awaitable[T]) -> T:
    """Wait for an answer as long as somebody waits for it. Raises ClientGone."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            gone.result()
            raise ClientGone
        return task.result()
    finally:
        for waiting in (task, gone):
            waiting.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    """Return when the caller has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _rendered(make: Callable[[], T]) -> T:
    """Render in a thread, so that a long list does not hold up other callers."""
    try:
        return await asyncio.get_running_loop().run_in_executor(None, make)
    except PinganError as error:
        raise Refused(failure_of(error)) from None
