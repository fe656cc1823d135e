"""The connections: how long a caller may take to ask and to read the answer, and what is said to
one who does not speak HTTP."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from pingan_logic.server.problems import said

__all__ = ["BODY", "HEAD", "RATE", "READ", "Protocol"]

HEAD = 10.0
"""Seconds within which the head of a request has to come."""
BODY = 20.0
"""Seconds within which the body of a request has to come."""
RATE = 16 * 1024
"""Bytes of a body that allow it a second more."""
READ = 60.0
"""Seconds for which a caller may read nothing of its answer."""


class Protocol(H11Protocol):
    """A connection that is closed when nothing moves on it any more."""

    _waits_for: str | None = None
    _clock: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _until = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        self._wait_for(None, 0)
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Note what has come of a request."""
        if self._waits_for == "body":
            self._until += len(data) / RATE
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of this one."""
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """Give the caller some time to read."""
        super().pause_writing()
        if self._reading is None:
            self._reading = self.loop.call_later(READ, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the caller has read."""
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _look(self) -> None:
        """Wait for what has to come next on this connection."""
        state = self.conn.their_state
        if self.transport.is_closing():
            self._wait_for(None, 0)
        elif state is h11.SEND_BODY:
            self._wait_for("body", BODY)
        elif state is h11.IDLE and (self.cycle is None or self.conn.trailing_data[0]):
            self._wait_for("head", HEAD)
        else:  # between requests a connection is kept for a while, as uvicorn does
            self._wait_for(None, 0)

    def _wait_for(self, what: str | None, seconds: float) -> None:
        if what == self._waits_for:
            return
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        self._waits_for = what
        if what is not None:
            self._until = self.loop.time() + seconds
            self._clock = self.loop.call_at(self._until, self._late)

    def _late(self) -> None:
        if self.loop.time() < self._until:
            self._clock = self.loop.call_at(self._until, self._late)
            return
        self._end(408, "slow")

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request."""
        error = sys.exc_info()[1]
        status = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400
        self._end(status, f"http_{status}" if status in (431, 501) else "http_400")

    def _end(self, status: int, name: str) -> None:
        """Answer, if no answer has begun, and close the connection."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        if self.cycle is not None and not self.cycle.response_complete:
            # whoever works on the request is told that nobody waits for it
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        answer = said(status, name, "zh")
        headers: list[tuple[bytes, bytes]] = [*answer.raw_headers, (b"connection", b"close")]
        events: list[Any] = [
            h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status]),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ]
        for event in events:
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
