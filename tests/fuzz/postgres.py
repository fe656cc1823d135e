"""A PostgreSQL server that says what a script tells it: enough of protocol 3 for one reader.

A script is lines. `? words` begins the answer to a query that holds these words; the first such
answer is given. The start of a connection is the query `startup`, the wish to encrypt it `ssl`; a
FETCH ends with the query of its cursor and begins, from the second on, with `AGAIN`.

Each line of an answer is a message: `T name:type|...` columns, `D cell|...` a row (`~` is no
value), `C` the end of the rows, `E` an error, `N` a notice, `S name=value` a setting, `A` a
notification, `R` a demand to log in, `!` bytes as they stand. `L n` gives the next message a false
length, `* n` repeats the last one, `H` is silence and `X` the end of the connection.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

__all__ = ["Server"]

_TLS, _CRYPT = 80877103, 80877104
_PATIENCE = 20
"""Seconds until a reader that still waits is let go."""


class Server:
    """Listens on a port of this machine, and gives every connection the same `script`."""

    def __init__(self) -> None:
        self.script = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            line, _ = self._listener.accept()
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, suppress(OSError, EOFError, struct.error):
            line.settimeout(_PATIENCE)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._answer(line)

    def _answer(self, line: socket.socket) -> None:
        answers = _answers(self.script)
        while struct.unpack("!I", _body_from(line)[:4])[0] in (_TLS, _CRYPT):
            _say(line, _answer(answers, b"ssl"))
        _say(line, _answer(answers, b"startup"))
        asked: dict[bytes, bytes] = {}
        before, query, cursor, again, status = b"", b"", b"", b"", b"I"
        while True:
            kind, body = _exactly(line, 1), _body_from(line)
            name, _, rest = body.partition(b"\0")
            if kind == b"P":  # what is asked has a name from here on
                asked[name] = rest.partition(b"\0")[0]
                before += _message(b"1", b"")
            elif kind == b"B":
                query = asked.get(rest.partition(b"\0")[0], b"")
                before += _message(b"2", b"")
            elif kind == b"D" and not query:
                _say(line, [x for x in _answer(answers, cursor) if x[:1] not in b"DC"])
            elif kind in b"QS":
                query = name if kind == b"Q" else query
                if query.startswith(b"BEGIN"):
                    status = b"T"
                elif query.startswith((b"COMMIT", b"ROLLBACK")):
                    status = b"I"
                elif query.startswith(b"DECLARE"):
                    cursor, again = query.partition(b" FOR ")[2], b""
                elif query.startswith(b"FETCH"):
                    query, again = again + query + b" " + cursor, b"AGAIN "
                line.sendall(before)
                _say(line, _answer(answers, query) if query else [])
                line.sendall(_message(b"Z", status))
                before, query = b"", b""


def _body_from(line: socket.socket) -> bytes:
    return _exactly(line, struct.unpack("!I", _exactly(line, 4))[0] - 4)


def _exactly(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        found += line.recv(size - len(found)) or _ended()
    return found


def _ended() -> bytes:
    raise EOFError


def _answers(script: bytes) -> list[tuple[bytes, list[bytes]]]:
    found: list[tuple[bytes, list[bytes]]] = []
    for text in script.split(b"\n"):
        if text[:1] == b"?":
            found.append((text[1:].strip(), []))
        elif found:
            found[-1][1].append(text)
    return found


def _answer(answers: list[tuple[bytes, list[bytes]]], query: bytes) -> list[bytes]:
    return next((said for words, said in answers if words in query), [])


def _say(line: socket.socket, answer: list[bytes]) -> None:
    last, length = b"", -1
    for text in answer:
        kind, rest = text[:1], text[2:]
        if kind == b"X":
            raise EOFError
        if kind == b"H":
            while line.recv(1024):
                pass
        elif kind == b"L":
            length = _number(rest)
        elif kind == b"*":
            many = max(1, 2**16 // (len(last) or 1))
            for _ in range(_number(rest) // many):
                line.sendall(last * many)
            line.sendall(last * (_number(rest) % many))
        elif kind:
            last, length = rest if kind == b"!" else _message(kind, _body(kind, rest), length), -1
            line.sendall(last)


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 12 else 0


def _message(kind: bytes, body: bytes, length: int = -1) -> bytes:
    return kind + struct.pack("!I", (len(body) + 4 if length < 0 else length) % 2**32) + body


def _body(kind: bytes, text: bytes) -> bytes:
    cells = text.split(b"|")
    count = struct.pack("!H", len(cells) % 2**16)
    if kind == b"T":
        columns = [cell.rpartition(b":") for cell in cells]
        return count + b"".join(
            name + b"\0" + struct.pack("!IHIhih", 0, 0, _number(oid) % 2**32, -1, -1, 0)
            for name, _, oid in columns
        )
    if kind == b"D":
        return count + b"".join(
            struct.pack("!i", -1) if cell == b"~" else struct.pack("!I", len(cell)) + cell
            for cell in cells
        )
    if kind in b"EN":
        return b"SERROR\0CXX000\0M" + text + b"\0\0"
    if kind == b"S":
        return text.replace(b"=", b"\0", 1) + b"\0"
    if kind == b"A":
        return bytes(4) + text + b"\0\0"
    if kind == b"R":
        number, _, rest = text.partition(b" ")
        return struct.pack("!I", _number(number) % 2**32) + (rest and rest + b"\0\0")
    return text + b"\0" if kind == b"C" else text
