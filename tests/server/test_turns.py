"""Whose turn it is, without any process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from pingan_logic.server.turns import Busy, Turns


class Places:
    """Numbered places, and who was served in which order."""

    def __init__(self, count: int, most: int) -> None:
        self.free = list(range(count))
        self.turns: Turns[int] = Turns(count, most, self.take, self.free.append)
        self.served: list[str] = []
        self.tasks: dict[str, asyncio.Task[int]] = {}

    def take(self) -> int | None:
        return self.free.pop(0) if self.free else None

    async def ask(self, name: str, *, light: bool = False) -> None:
        """Let the caller with the first letter of `name` ask the question `name`."""

        async def served() -> int:
            place = await self.turns.wait(name[0], light)
            self.served.append(name)
            return place

        self.tasks[name] = asyncio.ensure_future(served())
        await self.pause()

    async def done(self, name: str) -> None:
        """Let a question be answered."""
        self.turns.leave(name[0], await self.tasks.pop(name))
        await self.pause()

    @staticmethod
    async def pause() -> None:
        for _ in range(5):
            await asyncio.sleep(0)


def played(game: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(game, 20))


def test_no_caller_gets_the_last_place_for_a_second_question() -> None:
    async def game() -> None:
        p = Places(3, 100)
        for name in ("a1", "a2", "a3"):
            await p.ask(name)
        assert p.served == ["a1", "a2"]
        await p.ask("b1")
        assert p.served == ["a1", "a2", "b1"]
        await p.done("b1")
        assert p.served[3:] == [], "it is kept for another caller"
        await p.done("a1")
        assert p.served[3:] == ["a3"]

    played(game())


def test_a_light_question_gets_the_last_place_and_passes_the_others_of_its_caller() -> None:
    async def game() -> None:
        p = Places(2, 100)
        await p.ask("a1")
        await p.ask("a2")
        await p.ask("a3", light=True)
        assert p.served == ["a1", "a3"]
        await p.ask("b1")
        await p.done("a3")
        assert p.served == ["a1", "a3", "b1"]

    played(game())


def test_one_place_is_for_everybody() -> None:
    async def game() -> None:
        p = Places(1, 100)
        await p.ask("a1")
        await p.done("a1")
        await p.ask("a2")
        assert p.served == ["a1", "a2"]

    played(game())


def test_callers_take_turns() -> None:
    async def game() -> None:
        p = Places(1, 100)
        for name in ("x1", "a1", "a2", "a3", "b1", "b2", "c1"):
            await p.ask(name)
        for name in ("x1", "a1", "b1", "c1", "a2", "b2", "a3"):
            await p.done(name)
        assert p.served == ["x1", "a1", "b1", "c1", "a2", "b2", "a3"]
        assert p.free == [0]

    played(game())


def test_so_many_may_wait_and_half_of_them_of_one_caller() -> None:
    async def refused(p: Places, name: str) -> bool:
        await p.ask(name)
        task = p.tasks[name]
        return task.done() and isinstance(task.exception(), Busy)

    async def game() -> None:
        p = Places(1, 4)
        assert [await refused(p, n) for n in ("a1", "a2", "a3", "a4")] == [False] * 3 + [True]
        assert [await refused(p, n) for n in ("b1", "b2", "b3")] == [False, False, True]
        assert await refused(p, "c1"), "four wait already"
        await p.done("a1")
        assert not await refused(p, "c2")
        assert await refused(p, "c3")
        for name in ("a2", "b1", "a3", "c2", "b2"):
            await p.done(name)
        assert p.free == [0]
        assert p.served == ["a1", "a2", "b1", "a3", "c2", "b2"]

    played(game())


@pytest.mark.parametrize("most", [1, 2, 3])
def test_an_odd_number_is_halved_upwards(most: int) -> None:
    async def game() -> None:
        p = Places(1, most)
        for n in range(4):
            await p.ask(f"a{n}")
        busy = [n for n, t in p.tasks.items() if t.done() and t.exception() is not None]
        assert len(busy) == 3 - -(-most // 2)
        await p.pause()

    played(game())


def test_who_waits_no_more_loses_no_place() -> None:
    async def game() -> None:
        p = Places(1, 100)
        for name in ("a1", "a2", "a3"):
            await p.ask(name)
        p.tasks["a2"].cancel()
        await p.pause()
        assert p.tasks["a2"].cancelled()
        # its turn comes in the very moment in which it is given up
        p.turns.leave("a", await p.tasks.pop("a1"))
        p.tasks["a3"].cancel()
        await p.pause()
        assert p.tasks["a3"].cancelled()
        assert p.free == [0]
        assert not p.turns._served
        await p.ask("b1")
        assert p.served == ["a1", "b1"]
        await p.ask("a4")
        p.tasks["a4"].cancel()
        await p.done("b1")
        assert p.free == [0]

    played(game())


def test_a_place_that_is_not_there_yet_is_waited_for() -> None:
    async def game() -> None:
        p = Places(0, 100)
        p.turns.count = 1
        await p.ask("a1")
        assert p.served == []
        p.free.append(7)
        p.turns.hand_out()
        await p.pause()
        assert p.served == ["a1"]
        assert await p.tasks["a1"] == 7

    played(game())
