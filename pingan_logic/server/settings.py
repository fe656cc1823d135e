"""How the service runs."""

from __future__ import annotations

from attrs import frozen

__all__ = ["LOCAL", "Settings"]

LOCAL = ("127.0.0.1", "localhost", "[::1]")
"""The names of this machine for itself."""


@frozen
class Settings:
    """How the service runs.

    `county` is the data that is served (a path, or None for none), `encoding` what it is read in
    where it is not plainly UTF-8, `forms` the file that says how local forms map, `token` what
    callers must send, `body` the most bytes of a request, `limit` the most seconds and `memory` the
    most bytes of memory of a question, `workers` processes each replaced after `recycle` questions,
    of which `queue` may wait. `hosts` are the names it answers to, None for any. `given` is a file
    (name and content) that the page opens with.
    """

    policy: str | None = None
    county: str | None = None
    encoding: str | None = None
    forms: str | None = None
    token: str | None = None
    body: int = 32 * 1024 * 1024
    limit: float = 60
    memory: int | None = None
    workers: int = 2
    recycle: int = 200
    queue: int = 64
    hosts: tuple[str, ...] | None = LOCAL
    given: tuple[str, bytes] | None = None

    @property
    def search(self) -> float:
        """The most seconds of the search for a remedy: the rest is for judging and writing."""
        return self.limit * 0.8
