"""The HTTP application: the commands' answers, with the commands' words for errors."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from attrs import frozen
from fastapi import Body, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from pingan_logic.answers import ANSWERS, DEFINITIONS
from pingan_logic.errors import InputError, PinganError, Problem, visible
from pingan_logic.intake.json_document import read_value
from pingan_logic.schema import facts_schema
from pingan_logic.search import find_unit
from pingan_logic.server.tasks import (
    Failure,
    Question,
    answer,
    assess_county,
    failure_of,
    report_page,
)
from pingan_logic.server.words import WORDS
from pingan_logic.server.workers import TookTooLong, WorkerLost, Workers
from pingan_logic.verdicts import Assessment

__all__ = ["Settings", "create_app"]

log = logging.getLogger("pingan_logic.server")

Lang = Annotated[
    Literal["zh", "en"], Query(description="语言:zh 中文、en 英文 / language of texts and errors")
]
Year = Annotated[
    int | None, Query(ge=1949, le=9999, description="年度,默认数据中最近一年 / year to judge")
]
UnitId = Annotated[str, Path(min_length=1, max_length=200, description="单位编号 / unit id")]


@frozen
class Settings:
    """How the service runs.

    `county` is the data that is served (a path, or None for none), `token` what callers must
    send, `body` the most bytes of a request, `limit` the most seconds and `memory` the most bytes
    of memory of a question, `workers` processes each replaced after `recycle` questions. `hosts`
    are the names it answers to, None for any.
    """

    policy: str | None = None
    county: str | None = None
    token: str | None = None
    body: int = 32 * 1024 * 1024
    limit: float = 60
    memory: int | None = None
    workers: int = 2
    recycle: int = 200
    hosts: tuple[str, ...] | None = ("127.0.0.1", "localhost", "[::1]")


class _Ask(BaseModel):
    """Data to judge; the served county is judged when `facts` is left out."""

    model_config = ConfigDict(extra="forbid", strict=True)
    facts: dict[str, list[dict[str, Any]]] | None = Field(
        default=None, description="数据,与 JSON 数据文件相同 / as the JSON data file"
    )
    year: int | None = Field(default=None, ge=1949, le=9999)
    as_of: str | None = Field(default=None, max_length=10)


class _AskList(_Ask):
    kind: str | None = Field(default=None, max_length=200)
    status: Literal["met", "failed", "undetermined"] | None = None


class _AskUnit(_Ask):
    unit: str = Field(min_length=1, max_length=200)


class _AskExplain(_AskUnit):
    all: bool = False


class _AskFix(_AskUnit):
    alternatives: int = Field(default=1, ge=1, le=20)
    time_limit: int = Field(default=20, ge=1, le=600)


class _AskWhatif(_Ask):
    set: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=50)
    add: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    remove: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)
    year_b: int | None = Field(default=None, ge=1949, le=9999)


class _AskSwitches(_Ask):
    set: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=50)


_STATUS_OF = {"input": 422, "policy": 500, "missing": 404, "request": 400}


def _problem(
    status: int, title: str, detail: str, problems: tuple[Problem, ...] = (), lang: str = "zh"
) -> JSONResponse:
    """Return RFC 9457 problem details with the same words as the command line."""
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
    return JSONResponse(content, status, media_type="application/problem+json")


def _refusal(failure: Failure, lang: str) -> JSONResponse:
    title = failure.title[lang == "en"]
    detail = "\n".join(p.words(lang) for p in failure.problems)
    return _problem(_STATUS_OF[failure.kind], title, detail, failure.problems, lang)


def _lang(request: Request) -> str:
    return "en" if request.query_params.get("lang") == "en" else "zh"


class _Refused(HTTPException):
    """A failure to answer; an HTTPException, because FastAPI wraps anything else that a body
    raises while it is read."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(_STATUS_OF[failure.kind], failure.title[0])
        self.failure = failure


class _Request(Request):
    """A request whose body is read as every other JSON document is."""

    async def json(self) -> Any:
        """Return the value of the body. Raises _Refused when it is no JSON."""
        try:
            return read_value(await self.body(), "body")
        except InputError as error:
            raise _Refused(failure_of(error)) from None


class _Route(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def read(request: Request) -> Response:
            return await handle(_Request(request.scope, request.receive))

        return read


class County:
    """The served county: judged once for each year, in a worker, and kept."""

    def __init__(self, settings: Settings, workers: Workers) -> None:
        self.settings = settings
        self.workers = workers
        self._kept: dict[int | None, asyncio.Task[Assessment | Failure]] = {}
        self._pages: dict[tuple[int | None, str], bytes] = {}

    async def assessment(self, year: int | None) -> Assessment:
        """Return the judged county. Raises _Refused when there is none or it cannot be judged."""
        if self.settings.county is None:
            problem = Problem("facts", "请随请求发送数据", "send the data along")
            raise _Refused(Failure("request", ("无法完成", "cannot answer"), (problem,)))
        if year not in self._kept:
            if len(self._kept) > 8:
                self._kept.pop(next(iter(self._kept)))
            self._kept[year] = asyncio.ensure_future(
                self.workers.run(
                    assess_county, self.settings.policy, self.settings.county, year, limit=3600
                )
            )
        try:
            found = await asyncio.shield(self._kept[year])
        except (WorkerLost, TookTooLong):
            self._kept.pop(year, None)
            raise
        if isinstance(found, Failure):
            self._kept.pop(year, None)
            raise _Refused(found)
        return found

    async def page(self, year: int | None, lang: str) -> bytes:
        """Return the report page, made once for each year and language."""
        if self.settings.county is None:
            await self.assessment(year)
        if (year, lang) not in self._pages:
            found = await self.workers.run(
                report_page, self.settings.policy, self.settings.county, year, lang, limit=3600
            )
            if isinstance(found, Failure):
                raise _Refused(found)
            if len(self._pages) > 8:
                self._pages.pop(next(iter(self._pages)))
            self._pages[year, lang] = found
        return self._pages[year, lang]

    @property
    def ready(self) -> bool:
        """Whether the latest year has been judged (or there is nothing to judge)."""
        if self.settings.county is None:
            return True
        task = self._kept.get(None)
        if task is None or not task.done() or task.cancelled() or task.exception() is not None:
            return False
        return not isinstance(task.result(), Failure)


def _answers(name: str) -> dict[int | str, dict[str, Any]]:
    """Describe the responses of an operation in OpenAPI."""
    problem = {"content": {"application/problem+json": {"schema": _ref("problem")}}}
    words = {400: "请求有误", 401: "缺少令牌", 404: "没有这个单位", 413: "请求过大",
             421: "主机名不对", 422: "数据有误", 503: "工作进程中断", 504: "超过时限"}  # fmt: skip
    return {
        200: {"description": "回答", "content": {"application/json": {"schema": _ref(name)}}},
        **{code: {"description": said, **problem} for code, said in words.items()},
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _moved(value: Any) -> Any:
    """Point references of the answers' schemas to the components of OpenAPI."""
    if isinstance(value, dict):
        return {
            k: v.replace("#/$defs/", "#/components/schemas/") if k == "$ref" else _moved(v)
            for k, v in value.items()
        }
    return [_moved(v) for v in value] if isinstance(value, list) else value


EXAMPLE: dict[str, Any] = {
    "units": [
        {"id": "B-1", "kind": "building", "name": "一栋"},
        {"id": "H-1", "kind": "household", "parent": "B-1"},
        {"id": "H-2", "kind": "household", "parent": "B-1"},
    ],
    "incidents": [{"id": "I-1", "unit": "H-1", "type": "neighbour_dispute", "date": "2014-05-01"}],
    "ledgers": [{"unit": "B-1", "item": "*", "year": 2014}],
}


def create_app(settings: Settings) -> FastAPI:
    """Return the application; its workers start with it and end with it."""
    workers = Workers(settings.workers, settings.recycle, settings.limit, settings.memory)
    county = County(settings, workers)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        first = None
        if settings.county is not None:
            first = asyncio.ensure_future(_warm())
        yield
        if first is not None:
            first.cancel()
        await asyncio.get_running_loop().run_in_executor(None, workers.close)

    async def _warm() -> None:
        try:
            await county.assessment(None)
        except (_Refused, WorkerLost, TookTooLong) as error:
            log.error(json.dumps({"county": type(error).__name__}))

    app = FastAPI(
        title="pingan_logic",
        description="平安创建标准:判定、说明、补救、比较 / verdicts, reasons, remedies",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.router.route_class = _Route
    app.state.workers, app.state.county = workers, county

    async def ask(question: Question) -> dict[str, Any]:
        found = await workers.run(answer, question)
        if isinstance(found, Failure):
            raise _Refused(found)
        return found

    def question(
        name: str, body: _Ask, unit: str | None, lang: str, options: dict[str, Any] | None = None
    ) -> Question:
        facts = None if body.facts is None else _flat(body.facts)
        return Question(
            name, settings.policy, settings.county, facts, unit, body.year, lang,
            {"as_of": body.as_of, **(options or {})},
        )  # fmt: skip

    @app.get("/health", tags=["运行"], summary="进程在运行 / the process runs")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get(
        "/ready", tags=["运行"], summary="可以回答 / it can answer",
        responses={503: {"description": "尚未就绪"}},
    )  # fmt: skip
    async def ready() -> JSONResponse:
        able = workers.alive and county.ready
        return JSONResponse({"status": "ready" if able else "starting"}, 200 if able else 503)

    @app.get("/evaluate", responses=_answers("evaluate"), summary="全部单位的结论 / all verdicts")
    async def evaluate_served(
        lang: Lang = "zh",
        year: Year = None,
        kind: Annotated[str | None, Query(max_length=200)] = None,
        status: Literal["met", "failed", "undetermined"] | None = None,
    ) -> Response:
        found = await county.assessment(year)
        return _json(await _rendered(lambda: found.to_dict(kind, status)))

    @app.post("/evaluate", responses=_answers("evaluate"), summary="判定发来的数据 / judge data")
    async def evaluate_sent(
        body: Annotated[_AskList, Body(examples=[{"facts": EXAMPLE, "year": 2014}])],
        lang: Lang = "zh",
    ) -> Response:
        asked = question("evaluate", body, None, lang, {"kind": body.kind, "status": body.status})
        return _json(await ask(asked))

    @app.get("/explain/{unit}", responses=_answers("explain"), summary="一个单位的理由 / reasons")
    async def explain_served(
        unit: UnitId, lang: Lang = "zh", year: Year = None, all: bool = False
    ) -> Response:
        found = await county.assessment(year)

        def explained() -> dict[str, Any]:
            known = unit if unit in found.units else find_unit(found.facts, unit).id
            return found.explain(known).to_dict(lang, every=all)

        return _json(await _rendered(explained))

    @app.post("/explain", responses=_answers("explain"), summary="发来的数据中一个单位的理由")
    async def explain_sent(
        body: Annotated[
            _AskExplain, Body(examples=[{"facts": EXAMPLE, "unit": "B-1", "year": 2014}])
        ],
        lang: Lang = "zh",
    ) -> Response:
        return _json(await ask(question("explain", body, body.unit, lang, {"all": body.all})))

    @app.post("/fix", responses=_answers("fix"), summary="怎样才能达标 / the cheapest remedy")
    async def fix(
        body: Annotated[_AskFix, Body(examples=[{"facts": EXAMPLE, "unit": "B-1", "year": 2014}])],
        lang: Lang = "zh",
    ) -> Response:
        limit = min(body.time_limit, settings.limit * 0.8)
        asked = question(
            "fix",
            body,
            body.unit,
            lang,
            {"alternatives": body.alternatives, "time_limit": limit},
        )
        return _json(await ask(asked))

    @app.post("/margin", responses=_answers("margin"), summary="余量 / how much it can lose")
    async def margin(
        body: Annotated[_AskUnit, Body(examples=[{"facts": EXAMPLE, "unit": "B-1", "year": 2014}])],
        lang: Lang = "zh",
    ) -> Response:
        return _json(await ask(question("margin", body, body.unit, lang)))

    @app.post("/missing", responses=_answers("missing"), summary="缺什么记录 / missing records")
    async def missing(
        body: Annotated[_AskUnit, Body(examples=[{"facts": EXAMPLE, "unit": "B-1", "year": 2014}])],
        lang: Lang = "zh",
    ) -> Response:
        return _json(await ask(question("missing", body, body.unit, lang)))

    @app.post("/whatif", responses=_answers("whatif"), summary="如果……会怎样 / what would flip")
    async def whatif(
        body: Annotated[
            _AskWhatif,
            Body(
                examples=[
                    {
                        "facts": EXAMPLE,
                        "year": 2014,
                        "set": ["threshold(building_households)=50/100"],
                    }
                ]
            ),
        ],
        lang: Lang = "zh",
    ) -> Response:
        asked = question(
            "whatif",
            body,
            None,
            lang,
            {
                "set": body.set,
                "add": _flat(body.add),
                "remove": _flat(body.remove),
                "year_b": body.year_b,
            },
        )
        return _json(await ask(asked))

    @app.post("/switches", responses=_answers("switches"), summary="每个解释影响几个单位")
    async def switches(
        body: Annotated[_AskSwitches, Body(examples=[{"facts": EXAMPLE, "year": 2014}])],
        lang: Lang = "zh",
    ) -> Response:
        return _json(await ask(question("switches", body, None, lang, {"set": body.set})))

    @app.get("/", response_class=HTMLResponse, summary="报告页 / the report as a page")
    async def report(lang: Lang = "zh", year: Year = None) -> Response:
        return HTMLResponse(await county.page(year, lang))

    _handle_errors(app)
    _guard(app, settings)
    _describe(app)
    return app


def _flat(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return tables with nothing inside a cell that is itself a list or an object.

    Such a cell is refused where data is read. What is nested hundreds deep cannot be sent to a
    worker: trying to ends the whole pool.
    """
    return {
        table: [
            {k: [] if isinstance(v, (list, dict)) else v for k, v in row.items()} for row in rows
        ]
        for table, rows in tables.items()
    }


async def _rendered(make: Callable[[], Any]) -> Any:
    """Render in a thread, so that a long list does not hold up other callers."""
    try:
        return await asyncio.get_running_loop().run_in_executor(None, make)
    except PinganError as error:
        raise _Refused(failure_of(error)) from None


def _json(value: dict[str, Any]) -> Response:
    return Response(json.dumps(value, ensure_ascii=False).encode(errors="replace"),
                    media_type="application/json")  # fmt: skip


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(_Refused)
    async def refused(request: Request, error: _Refused) -> JSONResponse:
        return _refusal(error.failure, _lang(request))

    @app.exception_handler(WorkerLost)
    async def lost(request: Request, error: WorkerLost) -> JSONResponse:
        w = WORDS[_lang(request)]
        return _problem(503, w["lost_title"], w["lost"])

    @app.exception_handler(TookTooLong)
    async def late(request: Request, error: TookTooLong) -> JSONResponse:
        w = WORDS[_lang(request)]
        return _problem(504, w["late_title"], w["late"])

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        lang = _lang(request)
        w = WORDS[lang]
        problems = tuple(
            Problem(
                ".".join(str(p) for p in e["loc"]) or "body",
                w.get(e["type"], w["invalid"]),
                w.get(e["type"], w["invalid"]),
                None if e["type"] == "missing" else _shown(e.get("input")),
            )
            for e in error.errors()
        )
        detail = "\n".join(p.words(lang) for p in problems)
        return _problem(422, w["invalid_title"], detail, problems, lang)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        w = WORDS[_lang(request)]
        said = w.get(f"http_{error.status_code}", str(error.detail))
        response = _problem(error.status_code, said, said)
        response.headers.update(error.headers or {})
        return response


def _shown(value: Any) -> str:
    return "[…]" if isinstance(value, (list, dict)) else str(value)[:80]


_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of every answer; a page has its own beside it, with its hashes."""


def _guard(app: FastAPI, settings: Settings) -> None:
    """Check host, token and size before anything is read; log each request without its data."""
    open_paths = {"/health"}

    @app.middleware("http")
    async def guard(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        start = time.perf_counter()
        response = _turned_away(request) or await call_next(request)
        route = request.scope.get("route")
        log.info(
            json.dumps(
                {
                    "method": request.method,
                    "path": getattr(route, "path", "-"),
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - start) * 1000, 1),
                }
            )
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        page = response.headers.get("content-type", "").startswith("text/html")
        response.headers["Content-Security-Policy"] = (
            _POLICY.partition("; ")[2] if page else _POLICY
        )
        return response

    def _turned_away(request: Request) -> Response | None:
        w = WORDS[_lang(request)]
        host = request.headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if settings.hosts is not None and name not in settings.hosts:
            return _problem(421, w["http_421"], w["http_421"])
        if settings.token is not None and request.url.path not in open_paths:
            given = request.headers.get("authorization", "")
            wanted = f"Bearer {settings.token}"
            if not secrets.compare_digest(given.encode(errors="replace"), wanted.encode()):
                response = _problem(401, w["http_401"], w["http_401"])
                response.headers["WWW-Authenticate"] = "Bearer"
                return response
        length = request.headers.get("content-length")
        if length is not None and (not length.isdigit() or int(length) > settings.body):
            return _problem(413, w["http_413"], w["http_413"])
        return None

    app.add_middleware(_BodyLimit, most=settings.body)


class _TooLarge(Exception):
    pass


class _BodyLimit:
    """Counts the bytes of a body as they come, also when no length was announced."""

    def __init__(self, app: Any, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = 0
        over = started = False

        async def counted() -> Any:
            nonlocal seen, over
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.most:
                over = True
                raise _TooLarge
            return message

        async def noted(message: Any) -> None:
            nonlocal started
            # what the application made of the cut-off body is not the answer
            if not over or started:
                started = True
                await send(message)

        with contextlib.suppress(_TooLarge):
            await self.app(scope, counted, noted)
        if over and not started:
            lang = "en" if b"lang=en" in scope.get("query_string", b"") else "zh"
            w = WORDS[lang]
            await _problem(413, w["http_413"], w["http_413"])(scope, receive, send)


def _describe(app: FastAPI) -> None:
    """Put the answers' schemas, the same as the command line's, into OpenAPI."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = made()
            parts = schema.setdefault("components", {}).setdefault("schemas", {})
            parts.update(_moved({**DEFINITIONS, **ANSWERS}))
            tables = facts_schema()
            parts["facts"] = {k: v for k, v in tables.items() if not k.startswith("$")}
            for name, part in parts.items():
                if name.startswith("_Ask"):
                    nullable = [{"$ref": "#/components/schemas/facts"}, {"type": "null"}]
                    part["properties"]["facts"] = {"anyOf": nullable}
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
