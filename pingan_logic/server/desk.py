"""The page for people who never saw a command line: a file is chosen, checked, judged and asked
about. What was chosen is kept in memory only, under a name that nobody can guess, until the page is
left."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from typing import Annotated, ClassVar

from attrs import define
from fastapi import FastAPI, Path, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException

from pingan_logic.json_text import to_json
from pingan_logic.server.bodies import YearQuery
from pingan_logic.server.county import County
from pingan_logic.server.desk_page import desk_page
from pingan_logic.server.desk_tasks import (
    ASKED,
    FILES,
    Held,
    Opened,
    answer_in_words,
    empty_workbook,
    make_file,
    open_data,
)
from pingan_logic.server.problems import Refused, unwrapped
from pingan_logic.server.queries import CheckQuery, LangQuery, NoQuery
from pingan_logic.server.served import caller_of, while_connected
from pingan_logic.server.tasks import unfit

__all__ = ["SERVED", "Desk", "add_desk"]

SERVED = "served"
"""The name of the county that is served, beside those of the files that were chosen."""
_MOST = 8
"""Files that are held at once; the one that was longest not asked about goes first."""
_IDLE = 1800.0
"""Seconds after which a file is dropped whose page gives no sign of life."""

Key = Annotated[str, Path(max_length=64)]


@define
class _Chosen:
    held: Held
    used: float
    asked: bool = False


class Desk:
    """The files that were chosen and are not dropped yet."""

    def __init__(self, county: County) -> None:
        self.county = county
        self._chosen: OrderedDict[str, _Chosen] = OrderedDict()

    def keep(self, name: str, content: bytes, facts: bytes | None) -> str:
        """Hold a file, and return the key to it."""
        self.tidy()
        key = secrets.token_urlsafe(24)
        self._chosen[key] = _Chosen(Held(key, name, content, facts), time.monotonic())
        while len(self._chosen) > _MOST:
            self.drop(next(iter(self._chosen)))
        return key

    def get(self, key: str) -> Held:
        """Return the file of a key. Raises HTTPException when it is dropped."""
        self.tidy()
        if key == SERVED and self.county.there:
            return Held(SERVED, self.county.name)
        chosen = self._chosen.get(key)
        if chosen is None:
            raise HTTPException(410)
        chosen.used, chosen.asked = time.monotonic(), True
        self._chosen.move_to_end(key)
        return chosen.held

    def drop(self, key: str) -> None:
        """Forget a file, here and in the workers that may have read it."""
        chosen = self._chosen.pop(key, None)
        if chosen is not None and chosen.asked:
            self.county.workers.renew()

    def tidy(self) -> None:
        """Drop the files whose pages are gone."""
        late = time.monotonic() - _IDLE
        for key in [k for k, c in self._chosen.items() if c.used < late]:
            self.drop(key)

    def __len__(self) -> int:
        return len(self._chosen)


class QuestionBody(BaseModel):
    """What is asked about a file."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
    unit: str = Field(default="", max_length=200)
    year: int | None = Field(default=None, ge=1949, le=9999)
    set: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=50)


def add_desk(app: FastAPI, county: County, given: tuple[str, bytes] | None) -> None:
    """Add the page and what it asks for to an application; `given` is a file to begin with."""
    desk = app.state.desk = Desk(county)

    @app.get("/desk", include_in_schema=False)
    async def page(query: Annotated[LangQuery, Query()]) -> HTMLResponse:
        served = county.name if county.there else ""
        return HTMLResponse(desk_page(county.rules, query.lang, served, given[0] if given else ""))

    @app.get("/desk/given", include_in_schema=False)
    async def begins_with(query: Annotated[NoQuery, Query()]) -> Response:
        if given is None:
            raise HTTPException(404)
        return Response(given[1], media_type="application/octet-stream")

    @app.get("/desk/template.xlsx", include_in_schema=False)
    async def template(request: Request, query: Annotated[LangQuery, Query()]) -> Response:
        making = county.workers.run(empty_workbook, query.lang, caller=caller_of(request))
        return _download(unwrapped(await making), "template.xlsx", FILES["report.xlsx"][1])

    @app.post("/desk/data", include_in_schema=False)
    async def choose(request: Request, query: Annotated[CheckQuery, Query()]) -> Response:
        if request.headers.get("content-type", "").lower() != "application/octet-stream":
            raise HTTPException(415)
        content = await request.body()
        asking = county.workers.run(
            open_data, content, query.name, query.lang, caller=caller_of(request)
        )
        opened: Opened = unwrapped(await while_connected(request, asking))
        key = desk.keep(query.name, content, opened.facts)
        text = to_json({**opened.document, "data": key})
        return Response(text.encode(errors="replace"), media_type="application/json")

    @app.get("/desk/data/{key}", include_in_schema=False)
    async def there(key: Key, query: Annotated[LangQuery, Query()]) -> JSONResponse:
        desk.get(key)
        return JSONResponse({"data": key})

    @app.delete("/desk/data/{key}", include_in_schema=False)
    async def leave(key: Key, query: Annotated[LangQuery, Query()]) -> Response:
        desk.drop(key)
        return Response(status_code=204)

    @app.get("/desk/data/{key}/{name}", include_in_schema=False)
    async def file(
        request: Request, key: Key, name: str, query: Annotated[YearQuery, Query()]
    ) -> Response:
        held = desk.get(key)
        if name not in FILES:
            raise HTTPException(404)
        making = county.workers.run(
            make_file, name, held, query.lang, query.year, caller=caller_of(request)
        )
        content: bytes = unwrapped(await while_connected(request, making))
        return _download(content, name, FILES[name][1])

    @app.post("/desk/data/{key}/{name}", include_in_schema=False)
    async def ask(
        request: Request, key: Key, name: str, query: Annotated[LangQuery, Query()]
    ) -> Response:
        held = desk.get(key)
        if name not in ASKED:
            raise HTTPException(404)
        if not request.headers.get("content-type", "").lower().startswith("application/json"):
            raise HTTPException(415)
        body = _body(await request.body())
        asking = county.workers.run(
            answer_in_words, name, held, query.lang, body.year, body.unit, tuple(body.set),
            caller=caller_of(request),
        )  # fmt: skip
        text: str = unwrapped(await while_connected(request, asking))
        return Response(
            to_json({"text": text}).encode(errors="replace"), media_type="application/json"
        )


def _download(content: bytes, name: str, media: str) -> Response:
    saved = f"attachment; filename={name}"
    return Response(content, media_type=media, headers={"Content-Disposition": saved})


def _body(content: bytes) -> QuestionBody:
    try:
        return QuestionBody.model_validate_json(content)
    except ValidationError as error:
        raise Refused(unfit(error, QuestionBody)) from None
