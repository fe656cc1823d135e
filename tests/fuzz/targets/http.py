"""Requests to the service: line, headers and body; the workers' part runs in this process."""

from __future__ import annotations

import asyncio
import json
import logging
import urllib.parse
from functools import cache
from typing import Any

from pingan_logic.server.bodies import EXAMPLE
from tests.fuzz.checks import room
from tests.fuzz.mutate import TOKENS
from tests.fuzz.target import Target, target
from tests.server.here import Here, write

_JSON = b"content-type: application/json\nhost: 127.0.0.1\n\n"


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@cache
def _service() -> tuple[Any, asyncio.AbstractEventLoop, _Lines]:
    served = Here(write(EXAMPLE, room() / "served.json"), body=200_000)
    log = _Lines()
    logging.getLogger("pingan_logic.server").addHandler(log)
    logging.getLogger("pingan_logic.server").setLevel(logging.INFO)
    return served.app, served.loop, log


def _scope(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what a server makes of a request that its own parser lets through."""
    head, _, body = data.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, wanted = first.partition(b" ")
    wanted = bytes(c for c in wanted if 33 <= c <= 126) or b"/"
    path, _, query = wanted.partition(b"?")
    headers = []
    for line in lines:
        name, _, value = line.partition(b":")
        name = bytes(c for c in name.lower() if (chr(c).isalnum() and c < 128) or c == 45)
        value = bytes(c for c in value.strip() if c >= 32 or c == 9)
        if name:
            headers.append((name, value))
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "method": "".join(chr(c) for c in method.upper() if 65 <= c <= 90) or "GET",
        "path": urllib.parse.unquote(path.decode("ascii")), "raw_path": path,
        "query_string": query, "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8014),
    }  # fmt: skip
    return scope, body


def _run(data: bytes) -> None:
    app, loop, log = _service()
    scope, body = _scope(data)
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()  # the caller waits for the answer
        return waiting.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    log.lines.clear()
    loop.run_until_complete(app(scope, receive, send))
    start = sent[0]
    starting = scope["path"] == "/ready" and start["status"] == 503
    assert start["status"] < 500 or starting, f"status {start['status']}"
    headers = {k.lower(): v for k, v in start["headers"]}
    assert all(b"\n" not in v and b"\r" not in v for v in headers.values())
    assert b"content-security-policy" in headers, "no content-security-policy"
    content = b"".join(m.get("body", b"") for m in sent[1:])
    text = content.decode("utf-8")
    if b"json" in headers.get(b"content-type", b"") and scope["method"] != "HEAD":
        answer = json.loads(text)
        if start["status"] >= 400:
            assert answer["status"] == start["status"]
            assert answer["title"]
    for line in log.lines:
        assert "\n" not in line
        json.loads(line)


def _seeds() -> list[bytes]:
    data = {"facts": EXAMPLE, "year": 2014}
    unit = {**data, "unit": "B-1"}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("evaluate", {**data, "kind": "building", "status": "met"}),
        ("explain", {**unit, "all": True}),
        ("fix", {**unit, "alternatives": 2, "time_limit": 1}),
        ("margin", unit),
        ("missing", unit),
        ("whatif", {**data, "set": ["threshold(building_households)=50/100"]}),
        ("whatif", {"year": 2014, "remove": {"incidents": [{"id": "I-1"}]}, "year_b": 2014}),
        ("explain", {"unit": "B-1", "as_of": "2014-06-30"}),
    ]
    posts = [
        b"POST /" + name.encode() + b"?lang=en\n" + _JSON + json.dumps(body).encode()
        for name, body in asked
    ]
    gets = ("/health", "/ready", "/evaluate?year=2014&status=met", "/explain/B-1?lang=en&all=1",
            "/explain/%E4%B8%80%E6%A0%8B", "/openapi.json", "/nothing")  # fmt: skip
    return [*posts, *(f"GET {g}\nhost: localhost\n\n".encode() for g in gets)]


_MORE = (
    *(
        b"host: evil",
        b"content-length: 99999999999",
        b"content-length: \xc2\xb2",
        b"authorization: x",
    ),
    *(b"%00", b"%0A", b"%ED%A0%80", b"%FF", b"/../", b"?lang=en", b"&year=99999999999999999999"),
    *(b"[" * 400, b"[" * 900, b'{"a":' * 400, b"NaN", b'"\\ud800"', b"null", b"[]", b"{}", b"true"),
    *(
        b'"facts":',
        b'"unit":',
        b'"\\ud800":1,',
        b'"\\n\\u001b[31m":1,',
        b"1e400",
        b"content-type: x",
    ),
)

target(Target("http", _seeds, _run, (*TOKENS, *_MORE), weight=70, seconds=15))
