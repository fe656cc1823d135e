"""The questions about the served county that are asked by an address, and the rules."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import Response

from pingan_logic.catalogue import check_language
from pingan_logic.errors import PinganError
from pingan_logic.json_text import to_json
from pingan_logic.library import ask
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.questions.described import Question
from pingan_logic.server.bodies import QUERIES, UnitsQuery, YearQuery
from pingan_logic.server.county import County
from pingan_logic.server.describe import file_responses, responses
from pingan_logic.server.gate import ClientGone
from pingan_logic.server.listing import rules_listed, units_listed
from pingan_logic.server.problems import Refused, unwrapped
from pingan_logic.server.queries import LangQuery
from pingan_logic.server.rule_tasks import about_rules
from pingan_logic.server.tasks import failure_of, inputs_given
from pingan_logic.verdicts import Assessment

__all__ = ["add_served", "caller_of", "while_connected"]

T = TypeVar("T")

JSON = "application/json"
_LINES = "application/jsonl"
UnitId = Annotated[str, Path(min_length=1, max_length=200, description="单位编号 / unit id")]
_DOCUMENTS = ("certificate", "programme")
"""Questions whose answers are made as documents are, by a worker and once for all callers."""
_OFFICE = "application/vnd.openxmlformats-officedocument"
_FORMS = {
    "html": "text/html; charset=utf-8",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "docx": f"{_OFFICE}.wordprocessingml.document",
}


def add_served(app: FastAPI, county: County) -> None:
    """Add the addresses to an application."""
    served = _Served(county)
    ways = {"county": served.of_county, "unit": served.of_unit, "rules": served.of_rules}
    for name in QUERIES:
        if name not in _DOCUMENTS:
            question = QUESTIONS[name]
            rest = "/{unit:path}" if question.of == "unit" else ""
            _get(app, question, ways[question.of](question), rest)
    _add_lists(app, served)
    _add_documents(app, served)


class _Served:
    """What answers each question about a county."""

    def __init__(self, county: County) -> None:
        self.county = county

    async def told(
        self, request: Request, query: YearQuery, make: Callable[[Assessment], dict[str, Any]]
    ) -> Response:
        """Return what is made of the assessment of a year."""
        judging = self.county.assessment(query.year, caller_of(request))
        found = await while_connected(request, judging)

        def text() -> bytes:
            check_language(found.policy, query.lang, "lang")
            return to_json(make(found)).encode(errors="replace")

        return _tagged(request, await _rendered(text), JSON)

    def of_county(self, question: Question) -> Callable[..., Any]:
        async def asked(request: Request, query: Any) -> Response:
            return await self.told(request, query, lambda found: _answered(question, found, query))

        return asked

    def of_unit(self, question: Question) -> Callable[..., Any]:
        async def asked(request: Request, unit: UnitId, query: Any) -> Response:
            return await self.told(
                request, query, lambda found: _answered(question, found, query, unit=unit)
            )

        return asked

    def of_rules(self, question: Question) -> Callable[..., Any]:
        county = self.county

        async def asked(request: Request, query: Any) -> Response:
            given = inputs_given(question, query, county.rules)
            asking = county.workers.run(
                about_rules, question.name, given, query.lang, caller=caller_of(request)
            )
            found: bytes = unwrapped(await while_connected(request, asking))
            return _tagged(request, found, JSON)

        return asked

    async def document(self, request: Request, query: Any, form: str, media: str) -> Response:
        """Return a document of a year."""
        making = self.county.document(form, query.year, query.lang, caller_of(request))
        return _tagged(request, await while_connected(request, making), media)


def _answered(question: Question, found: Assessment, query: Any, **about: str) -> dict[str, Any]:
    given = inputs_given(question, query, found.policy) | about
    return question.to_dict(ask(question, found, given), given, query.lang)


def _add_lists(app: FastAPI, served: _Served) -> None:
    @app.get("/units", responses=responses("units"), summary="单位，分页 / units, page by page")
    async def units(request: Request, query: Annotated[UnitsQuery, Query()]) -> Response:
        return await served.told(request, query, lambda found: units_listed(found, query))

    @app.get("/rules", responses=responses("rules"), summary="条款、门槛、口径 / clauses, switches")
    async def rules(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
        policy = served.county.rules

        def text() -> bytes:
            check_language(policy, query.lang, "lang")
            return to_json(rules_listed(policy, query.lang)).encode()

        return _tagged(request, await _rendered(text), JSON)


def _add_documents(app: FastAPI, served: _Served) -> None:
    @app.get(
        "/certificate", responses=file_responses(_LINES), summary=QUESTIONS["certificate"].words
    )
    async def certificate(request: Request, query: Annotated[YearQuery, Query()]) -> Response:
        return await served.document(request, query, "certificate", _LINES)

    @app.get("/programme", responses=responses("programme"), summary=QUESTIONS["programme"].words)
    async def programme(request: Request, query: Annotated[YearQuery, Query()]) -> Response:
        return await served.document(request, query, "json", JSON)

    def add_report(path: str, form: str, summary: str) -> None:
        media = _FORMS[form]

        @app.get(path, summary=summary, responses=file_responses(media), name=f"report_{form}")
        async def report(request: Request, query: Annotated[YearQuery, Query()]) -> Response:
            return await served.document(request, query, form, media)

    add_report("/", "html", "报告页 / the report as a page")
    add_report("/report.xlsx", "xlsx", "各机关名单、未达标条款 / the report as a workbook")
    add_report("/report.docx", "docx", "公示名单 / the list for public notice")


def _get(app: FastAPI, question: Question, asked: Callable[..., Any], rest: str = "") -> None:
    """Add the address of a question, whose query is made from its description."""
    asked.__annotations__["query"] = Annotated[QUERIES[question.name], Query()]
    app.get(
        f"/{question.name}{rest}", responses=responses(question.name), summary=question.words,
        name=question.name,
    )(asked)  # fmt: skip


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
