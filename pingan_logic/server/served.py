"""The questions about the served county that are asked by an address, and the rules."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import Response

from pingan_logic.errors import PinganError
from pingan_logic.json_text import to_json
from pingan_logic.policy.catalogue import check_kind, check_language
from pingan_logic.search import find_unit
from pingan_logic.server.county import County
from pingan_logic.server.describe import file_responses, responses
from pingan_logic.server.gate import ClientGone
from pingan_logic.server.listing import rules_listed, units_listed
from pingan_logic.server.problems import Refused, unwrapped
from pingan_logic.server.queries import (
    EvaluateQuery,
    ExplainQuery,
    LangQuery,
    UnitsQuery,
    VerifyQuery,
    YearQuery,
)
from pingan_logic.server.rule_tasks import RULE_QUESTIONS, about_rules, verified
from pingan_logic.server.tasks import failure_of
from pingan_logic.verdicts import Assessment

__all__ = ["add_served", "caller_of", "while_connected"]

T = TypeVar("T")

JSON = "application/json"
_LINES = "application/jsonl"
UnitId = Annotated[str, Path(min_length=1, max_length=200, description="单位编号 / unit id")]
_OFFICE = "application/vnd.openxmlformats-officedocument"
_FORMS = {
    "html": "text/html; charset=utf-8",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "docx": f"{_OFFICE}.wordprocessingml.document",
}


def add_served(app: FastAPI, county: County) -> None:
    """Add the addresses to an application."""

    async def told(
        request: Request, query: YearQuery, make: Callable[[Assessment], dict[str, Any]]
    ) -> Response:
        judging = county.assessment(query.year, caller_of(request))
        found = await while_connected(request, judging)

        def text() -> bytes:
            check_language(found.policy, query.lang, "lang")
            return to_json(make(found)).encode(errors="replace")

        return _tagged(request, await _rendered(text), JSON)

    @app.get("/evaluate", responses=responses("evaluate"), summary="全部单位的结论 / all verdicts")
    async def evaluate(request: Request, query: Annotated[EvaluateQuery, Query()]) -> Response:
        def listed(found: Assessment) -> dict[str, Any]:
            if query.kind is not None:
                check_kind(found.policy, query.kind, "kind")
            return found.to_dict(query.kind, query.status)

        return await told(request, query, listed)

    @app.get("/units", responses=responses("units"), summary="单位，分页 / units, page by page")
    async def units(request: Request, query: Annotated[UnitsQuery, Query()]) -> Response:
        return await told(request, query, lambda found: units_listed(found, query))

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

    @app.get("/rules", responses=responses("rules"), summary="条款、门槛、口径 / clauses, switches")
    async def rules(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
        def text() -> bytes:
            check_language(county.rules, query.lang, "lang")
            return to_json(rules_listed(county.rules, query.lang)).encode()

        return _tagged(request, await _rendered(text), JSON)

    def add_rules(name: str, summary: str) -> None:
        @app.get(f"/{name}", responses=responses(name), summary=summary, name=name)
        async def asked(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
            asking = county.workers.run(about_rules, name, query.lang, caller=caller_of(request))
            found: bytes = unwrapped(await while_connected(request, asking))
            return _tagged(request, found, JSON)

    for name, (summary, _) in RULE_QUESTIONS.items():
        add_rules(name, summary)

    @app.get("/verify", responses=responses("verify"), summary="证明一个性质 / prove a property")
    async def verify(request: Request, query: Annotated[VerifyQuery, Query()]) -> Response:
        asking = county.workers.run(
            verified, query.property, query.bound, query.lang, caller=caller_of(request)
        )
        found: bytes = unwrapped(await while_connected(request, asking))
        return Response(found, media_type=JSON)

    @app.get("/certificate", responses=file_responses(_LINES), summary="核验凭证 / the certificate")
    async def certificate(request: Request, query: Annotated[YearQuery, Query()]) -> Response:
        return await document(request, query, "certificate", _LINES)

    @app.get("/programme", responses=responses("programme"), summary="目标任务和名单 / programme")
    async def programme(request: Request, query: Annotated[YearQuery, Query()]) -> Response:
        return await document(request, query, "json", JSON)

    async def document(request: Request, query: YearQuery, form: str, media: str) -> Response:
        making = county.document(form, query.year, query.lang, caller_of(request))
        return _tagged(request, await while_connected(request, making), media)

    def add_report(path: str, form: str, summary: str) -> None:
        media = _FORMS[form]

        @app.get(path, summary=summary, responses=file_responses(media), name=f"report_{form}")
        async def report(request: Request, query: Annotated[YearQuery, Query()]) -> Response:
            return await document(request, query, form, media)

    add_report("/", "html", "报告页 / the report as a page")
    add_report("/report.xlsx", "xlsx", "各机关名单、未达标条款 / the report as a workbook")
    add_report("/report.docx", "docx", "公示名单 / the list for public notice")


def _tagged(request: Request, content: bytes, media: str) -> Response:
    """Return an answer with its tag, or just that the caller has it already."""
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = request.headers.get("if-none-match", "")
    if known == "*" or tag in (t.strip().removeprefix("W/") for t in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media, headers=headers)


def caller_of(request: Request) -> str:
    """Return who asks."""
    return request.client.host if request.client else ""


async def while_connected(request: Request, work: Awaitable[T]) -> T:
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
