"""The service within this process: no socket, and the workers' part done here, pickled as on the
way to a worker and back."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx

from pingan_logic.server import county, tasks
from pingan_logic.server.app import create_app
from pingan_logic.server.settings import Settings
from pingan_logic.server.workers import where

__all__ = ["Here", "Stand", "write"]


class Stand:
    """Stands for the pool of workers."""

    alive, failing = True, False

    def __init__(self, *_: Any, begin: Any, **options: Any) -> None:
        self.begin, self.options = begin, options
        self.asked: list[tuple[str, bool]] = []
        self.renewed = 0

    def open(self) -> None:
        """Nothing to start."""

    async def run(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        limit: float | None = None,
        caller: str = "",
        light: bool = False,
    ) -> Any:
        """Run a function here, as if it were elsewhere."""
        self.asked.append((caller, light))
        function_, (served,) = self.begin
        if getattr(tasks._Here, "served", None) is not served:
            function_(served)
        try:
            given = pickle.loads(pickle.dumps((function, arguments)))
            return pickle.loads(pickle.dumps(given[0](*given[1])))
        except Exception as error:
            raise AssertionError(where(error)) from error

    def renew(self) -> None:
        """Count how often all processes would be replaced."""
        self.renewed += 1

    async def close(self) -> None:
        """Nothing to end."""


class Here:
    """A service and a client of it; `close` it when it is no longer asked."""

    def __init__(self, path: Path | str | None = None, **settings: Any) -> None:
        kept, county.Workers = county.Workers, Stand  # type: ignore[misc,assignment]
        try:
            self.app = create_app(Settings(county=path and str(path), **settings))
        finally:
            county.Workers = kept  # type: ignore[misc]
        self.county: county.County = self.app.state.county
        self.workers: Stand = self.county.workers  # type: ignore[assignment]
        self.loop = asyncio.new_event_loop()
        self.client = self.caller("127.0.0.1")

    def caller(self, address: str) -> httpx.AsyncClient:
        """Return a client that asks from an address."""
        way = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 1))
        return httpx.AsyncClient(transport=way, base_url="http://127.0.0.1:8014")

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return what is waited for."""
        return self.loop.run_until_complete(work)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask by an address."""
        found: httpx.Response = self.wait(self.client.get(path, **options))
        return found

    def post(self, path: str, body: Any, **options: Any) -> httpx.Response:
        """Ask with a body; bytes are sent as they are."""
        sent = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = {"content-type": "application/json", **options.pop("headers", {})}
        found: httpx.Response = self.wait(
            self.client.post(path, content=sent, headers=headers, **options)
        )
        return found

    def close(self) -> None:
        """End the loop."""
        self.wait(self.client.aclose())
        self.loop.close()


def write(data: Any, path: Path) -> Path:
    """Write data as a JSON document."""
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path
