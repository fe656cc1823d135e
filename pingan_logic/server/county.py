"""The served county: read once, judged once for each year and day, and kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from pickle import dumps
from typing import Any, TypeVar

from attrs import define

from pingan_logic.catalogue import Policy
from pingan_logic.errors import Problem
from pingan_logic.intake import load_facts
from pingan_logic.rules.proven import digest
from pingan_logic.server.problems import Refused, unwrapped
from pingan_logic.server.settings import Settings
from pingan_logic.server.tasks import Failure, Served, assess_county, begin, county_document
from pingan_logic.server.workers import Workers
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.verdicts import Assessment

__all__ = ["County"]

T = TypeVar("T")

_KEPT = 8
"""Years and documents that are kept."""
_LONG = 3600.0
"""Seconds within which the county has to be judged."""


@define(eq=False)
class _Work:
    task: asyncio.Task[Any]
    waiting: int = 0


class Shared:
    """Work that several callers wait for: done once, and given up when the last of them is gone."""

    def __init__(self) -> None:
        self._running: dict[Any, _Work] = {}

    async def get(self, key: Any, make: Callable[[], Awaitable[T]]) -> T:
        """Return what `make` returns; it is called unless work on `key` is under way."""
        work = self._running.get(key)
        if work is None:
            work = self._running[key] = _Work(asyncio.ensure_future(make()))
        work.waiting += 1
        try:
            result: T = await asyncio.shield(work.task)
            return result
        finally:
            work.waiting -= 1
            if not work.waiting:
                work.task.cancel()
                if self._running.get(key) is work:
                    del self._running[key]


class County:
    """The served county, or none.

    Reads policy and data when it is made: raises InputError, PolicyError or RequestError.
    """

    rules: Policy
    there: bool
    name: str
    workers: Workers

    def __init__(self, settings: Settings) -> None:
        self.rules = rules = load_policy(settings.policy)
        self.there = settings.county is not None
        self.latest: int | None = None
        facts = None
        if settings.county is not None:
            read = load_facts(
                settings.county, rules, encoding=settings.encoding, forms=settings.forms
            )
            self.latest = max(read.years(rules.period), default=None)
            facts = dumps(read)
        self.name = name = Path(settings.county or "").name
        served = Served(settings.policy, digest(rules.files), name, facts, settings.search)
        self.workers = Workers(
            settings.workers,
            settings.recycle,
            settings.limit,
            settings.memory,
            queue=settings.queue,
            begin=(begin, (served,)),
        )
        self._shared = Shared()
        self._kept: OrderedDict[int | None, Assessment] = OrderedDict()
        self._documents: OrderedDict[tuple[str, int, str], tuple[date, bytes]] = OrderedDict()

    async def assessment(self, year: int | None, caller: str = "") -> Assessment:
        """Return the county as it is judged today.

        Raises Refused when there is none or it cannot be judged, and what `Workers.run` raises.
        """
        if not self.there:
            problem = Problem("facts", "请随请求发送数据", "send the data along")
            raise Refused(Failure("request", ("无法完成", "cannot answer"), (problem,)))
        year = None if year == self.latest else year
        found = self._kept.get(year)
        if found is None or not _holds(found):
            found = await self._shared.get((year, date.today()), lambda: self._judge(year, caller))
        self._kept.move_to_end(year)
        return found

    async def _judge(self, year: int | None, caller: str) -> Assessment:
        found: Assessment = unwrapped(
            await self.workers.run(assess_county, year, date.today(), limit=_LONG, caller=caller)
        )
        self._keep(self._kept, year, found)
        return found

    async def document(self, form: str, year: int | None, lang: str, caller: str = "") -> bytes:
        """Return the programme as `json`, or the report as `html`, `xlsx` or `docx`, made once for
        each year and language while it holds.

        Raises what `assessment` raises.
        """
        judged = await self.assessment(year, caller)
        key = (form, judged.year, lang)
        day, content = self._documents.get(key, (None, b""))
        if day != judged.cut_off:
            content = await self._shared.get(
                (*key, judged.cut_off), lambda: self._make(key, judged.cut_off, caller)
            )
        return content

    async def _make(self, key: tuple[str, int, str], day: date, caller: str) -> bytes:
        content: bytes = unwrapped(
            await self.workers.run(county_document, *key, limit=_LONG, caller=caller)
        )
        self._keep(self._documents, key, (day, content))
        return content

    def _keep(self, kept: OrderedDict[Any, Any], key: Any, value: Any) -> None:
        kept[key] = value
        kept.move_to_end(key)
        while len(kept) > _KEPT:
            kept.popitem(last=False)

    @property
    def ready(self) -> bool:
        """Whether it has been judged, or there is nothing to judge; a new day is judged when it is
        asked for."""
        return not self.there or None in self._kept


def _holds(found: Assessment) -> bool:
    """Whether an assessment is what would be found today: until a year is over, it is not."""
    return found.cut_off == min(date.today(), found.last_day)
