"""Sockets that are slow, silent or do not speak HTTP; callers that go away."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h11
import httpx
import pytest

from pingan_logic.server import protocol
from pingan_logic.server.run import listener
from tests.server.here import Here, write

DATA = {"units": [{"id": "V", "kind": "village", "name": "村"}]}


class Listening:
    """A service on a socket, in a thread of this process."""

    def __init__(self, path: Path, **settings: Any) -> None:
        self.here = Here(path, **settings)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.server = listener(self.here.app, "127.0.0.1", self.port, 1)
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()))
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def say(self, *parts: bytes, pause: float = 0.0) -> bytes:
        """Send some bytes, piece by piece, and return all that is answered until the end."""
        with self.connect() as one:
            for part in parts:
                try:
                    one.sendall(part)
                except OSError:
                    break
                time.sleep(pause)
            return read(one)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.here.close()


def read(one: socket.socket) -> bytes:
    """Return what comes until the connection is closed."""
    answer = b""
    try:
        while piece := one.recv(65536):
            answer += piece
    except ConnectionResetError:
        pass
    return answer


@pytest.fixture(scope="module")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    patch = pytest.MonkeyPatch()
    for name, seconds in (("HEAD", 1.0), ("BODY", 1.0), ("RATE", 1000), ("READ", 1.0)):
        patch.setattr(protocol, name, seconds)
    served = Listening(write(DATA, tmp_path_factory.mktemp("served") / "data.json"))
    yield served
    served.stop()
    patch.undo()


def problem(answer: bytes, status: int) -> dict[str, Any]:
    """Return the problem in an answer, which is the last on its connection."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer
    lines = head.lower().split(b"\r\n")
    assert b"content-type: application/problem+json" in lines
    assert b"connection: close" in lines
    told: dict[str, Any] = json.loads(body)
    assert told["status"] == status
    return told


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"y" * 70_000, 431),
        (b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n", 400),
        (b"GET /h\xc3\xa4 HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_refused_as_everything_else_is(
    listening: Listening, sent: bytes, status: int
) -> None:
    told = problem(listening.say(sent), status)
    assert told["title"]


def test_a_broken_body_ends_the_request(listening: Listening) -> None:
    head = b"POST /evaluate HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
    problem(listening.say(head, b"zzz\r\n"), 400)


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"G",),
        (b"GET /health HTTP/1.1\r\nhost: localhost\r\n",),
        (*(b"GET /health HTTP/1.1\r\nhost: localhost\r\n", *(b"x: y\r\n" for _ in range(12))),),
    ],
    ids=["silent", "a letter", "half a head", "a line now and then"],
)
def test_a_head_that_does_not_come_is_not_waited_for(
    listening: Listening, parts: tuple[bytes, ...]
) -> None:
    start = time.monotonic()
    told = problem(listening.say(*parts, pause=0.1), 408)
    assert told["title"] == "请求太慢"
    assert 0.9 < time.monotonic() - start < 20


def test_a_body_that_does_not_come_is_not_waited_for(listening: Listening) -> None:
    head = b"POST /evaluate HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000\r\n\r\n"
    start = time.monotonic()
    problem(listening.say(head, *(b" " for _ in range(12)), pause=0.1), 408)
    assert time.monotonic() - start < 20


def test_a_body_that_moves_is_waited_for(listening: Listening) -> None:
    body = b'{"year": 2014}'.ljust(2000)
    head = b"POST /evaluate HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
    head += b"content-length: 2000\r\n\r\n"
    parts = [body[n : n + 250] for n in range(0, 2000, 250)]
    answer = listening.say(head, *parts, pause=0.2)
    assert answer.startswith(b"HTTP/1.1 200 OK"), answer


def test_the_next_request_of_a_connection_has_its_own_time(listening: Listening) -> None:
    whole = b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n"
    answer = listening.say(whole, b"GET /hea", pause=0.2)
    first, _, second = answer.partition(b'{"status":"ok"}')
    assert first.startswith(b"HTTP/1.1 200 OK")
    problem(second, 408)


def test_a_body_after_its_answer_is_not_waited_for(listening: Listening) -> None:
    head = b"POST /nothing HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000\r\n\r\n"
    start = time.monotonic()
    answer = listening.say(head, *(b" " for _ in range(12)), pause=0.1)
    assert answer.startswith(b"HTTP/1.1 404")
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("answered", [False, True])
def test_who_works_on_a_request_that_is_refused_is_told_at_once(answered: bool) -> None:
    """Not only when the connection is lost, which is when the caller has read the refusal."""
    written: list[bytes] = []
    one = protocol.Protocol.__new__(protocol.Protocol)
    one.conn = h11.Connection(h11.SERVER)
    one.transport = SimpleNamespace(write=written.append, close=lambda: None)
    told = asyncio.Event()
    one.cycle = SimpleNamespace(response_complete=answered, disconnected=False, message_event=told)
    one._end(408, "slow")
    problem(b"".join(written), 408)
    assert one.cycle.disconnected is told.is_set() is not answered


def test_two_hundred_slow_sockets_are_closed_and_others_are_answered(listening: Listening) -> None:
    slow = [listening.connect() for _ in range(200)]
    for one in slow:
        one.sendall(b"POST /evaluate HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{")
    assert httpx.get(f"http://127.0.0.1:{listening.port}/health").status_code == 200
    for one in slow:
        with one:
            problem(read(one), 408)
    assert listening.server.server_state.connections == set()


def test_an_answer_that_is_not_read_is_given_up(tmp_path: Path) -> None:
    served = Listening(
        write({"units": [{"id": f"H-{n}", "kind": "household", "name": "", "parent": ""}
                         for n in range(60_000)]}, tmp_path / "many.json")
    )  # fmt: skip
    patch = pytest.MonkeyPatch()
    patch.setattr(protocol, "READ", 0.5)
    with served.connect() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.sendall(b"GET /evaluate?year=2014 HTTP/1.1\r\nhost: localhost\r\n\r\n")
        for _ in range(400):
            time.sleep(0.05)
            if served.here.workers.asked and not served.server.server_state.connections:
                break
        assert not served.server.server_state.connections
    patch.undo()
    served.stop()


def test_a_caller_that_goes_away_ends_its_question(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    async def for_ever(*_: Any, **__: Any) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.set()
            raise

    monkeypatch.setattr(listening.here.workers, "run", for_ever)
    for path, body in (("POST /fix", b'{"unit": "V"}'), ("GET /evaluate?year=2013", b"")):
        ended.clear()
        one = listening.connect()
        head = f"{path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
        one.sendall(head.encode() + body)
        assert not ended.wait(0.3)
        one.close()
        assert ended.wait(10)
