"""What every request passes: host, token and size are checked before anything is read, its answer
gets its headers, and a line of the log tells nothing of the data."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from pingan_logic.server.problems import language, said
from pingan_logic.server.settings import Settings
from pingan_logic.server.turns import Busy
from pingan_logic.server.workers import where

__all__ = ["ClientGone", "Gate"]

log: logging.Logger = logging.getLogger("pingan_logic.server")

_OPEN = frozenset({"/health"})
"""The paths that need no token."""
_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of every answer; a page has its own beside it, with its hashes."""
_HOST = re.compile(r"(\[[0-9a-f:.]*\]|[^:\[\]]*)(?::\d*)?", re.IGNORECASE)
_PLAIN = "identity"
"""The only Content-Encoding of a body: what a packed one comes to is not known beforehand."""
_BODIES = 4
"""How many bodies of the largest size may be held at once."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class _TooLarge(Exception):
    pass


class Gate:
    """The application around the one that answers."""

    app: Any
    settings: Settings
    held: int

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.held = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request; anything but HTTP is passed on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await _Passing(self, scope, receive, send).pass_on()

    def turned_away(self, scope: Any) -> Response | None:
        """Return the answer to a request that is not to be read, None for any other."""
        settings, headers, lang = (
            self.settings,
            Headers(scope=scope),
            language(scope["query_string"]),
        )
        host = _HOST.fullmatch(headers.get("host", ""))
        if settings.hosts is not None and (not host or host[1].lower() not in settings.hosts):
            return said(421, "http_421", lang)
        if settings.token is not None and scope["path"] not in _OPEN:
            given, wanted = headers.get("authorization", ""), f"Bearer {settings.token}"
            if not secrets.compare_digest(given.encode(errors="replace"), wanted.encode()):
                response = said(401, "http_401", lang)
                response.headers["WWW-Authenticate"] = "Bearer"
                return response
        if headers.get("content-encoding", _PLAIN).strip().lower() not in ("", _PLAIN):
            return said(415, "encoded", lang)
        length = headers.get("content-length")
        if length is not None and not (length.isascii() and length.isdigit()):
            return said(400, "http_400", lang)
        if length is not None and int(length) > settings.body:
            return said(413, "http_413", lang)
        return None


class _Passing:
    """A request on its way through the gate."""

    gate: Gate
    scope: Any
    seen: int
    status: int

    def __init__(self, gate: Gate, scope: Any, receive: Any, send: Any) -> None:
        self.gate, self.scope, self._receive, self._send = gate, scope, receive, send
        self.seen, self.status = 0, 0

    async def pass_on(self) -> None:
        """Let the application answer, or turn the request away; log it."""
        start = time.perf_counter()
        try:
            answer = self.gate.turned_away(self.scope)
            if answer is None:
                answer = await self._answered()
            if answer is not None:
                await answer(self.scope, self._receive, self.send)
        finally:
            self.gate.held -= self.seen
            route = self.scope.get("route")
            log.info(
                json.dumps(
                    {
                        "method": self.scope["method"],
                        "path": getattr(route, "path_format", "-"),
                        "status": self.status or 499,
                        "ms": round((time.perf_counter() - start) * 1000, 1),
                    }
                )
            )

    async def _answered(self) -> Response | None:
        """Let the application answer; return what is to be sent if it has not."""
        lang = language(self.scope["query_string"])
        try:
            await self.gate.app(self.scope, self.receive, self.send)
            return None
        except (ClientGone, ClientDisconnect):
            return None
        except _TooLarge:
            answer = said(413, "http_413", lang)
        except Busy:
            answer = said(503, "busy", lang)
        except asyncio.CancelledError:  # by the server, which waits no longer
            answer = said(503, "closing", lang)
        except Exception as error:
            log.error(json.dumps({"error": where(error)}))
            answer = said(500, "failed", lang)
        if self.status:
            raise RuntimeError("failed in the middle of an answer")
        return answer

    async def receive(self) -> Any:
        """Receive a part of the body and count it, also when no length was announced."""
        message = await self._receive()
        size = len(message.get("body", b""))
        self.seen += size
        self.gate.held += size
        if self.seen > self.gate.settings.body:
            raise _TooLarge
        if self.gate.held > _BODIES * self.gate.settings.body:
            raise Busy
        return message

    async def send(self, message: Any) -> None:
        """Send a part of the answer, with the headers of every answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            page = headers.get("content-type", "").startswith("text/html")
            headers["Content-Security-Policy"] = _POLICY.partition("; ")[2] if page else _POLICY
        await self._send(message)
