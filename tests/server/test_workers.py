"""Worker processes that die, take too long, raise, are worn out or are no longer waited for."""

from __future__ import annotations

import asyncio
import operator
import os
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pingan_logic.server.turns import Busy
from pingan_logic.server.workers import TookTooLong, WorkerFailed, WorkerLost, Workers, where

Game = Callable[[Workers], Awaitable[None]]


def with_workers(game: Game, count: int = 2, **options: Any) -> None:
    """Play a game with workers that are ended afterwards."""

    async def played() -> list[Any]:
        given = {"recycle": 100, "limit": 60.0, **options}
        workers = Workers(count, **given)
        assert not workers.alive
        workers.open()
        try:
            await asyncio.wait_for(game(workers), 60)
        finally:
            processes = [s.process.process for s in workers._slots if s.process is not None]
            await workers.close()
        return processes

    for process in asyncio.run(played()):
        assert process.pid is None or process.exitcode is not None, "no process is left"


async def pid(workers: Workers) -> int:
    return await workers.run(os.getpid)


@pytest.mark.parametrize("count", [1, 2])
def test_a_killed_worker_that_had_nothing_to_do_costs_nobody_an_answer(count: int) -> None:
    async def game(workers: Workers) -> None:
        for _ in range(3):
            here = {await pid(workers) for _ in range(4)}
            assert os.getpid() not in here
            for one in here:
                os.kill(one, signal.SIGKILL)
            again = {await pid(workers) for _ in range(4)}
            assert not again & here
            assert workers.alive
            assert not workers.failing

    with_workers(game, count)


def test_what_died_is_replaced_before_it_is_asked() -> None:
    async def game(workers: Workers) -> None:
        here = await pid(workers)
        os.kill(here, signal.SIGKILL)
        for _ in range(200):
            await asyncio.sleep(0.05)
            processes = [s.process for s in workers._slots if s.process is not None]
            if all(p.process.pid not in (None, here) for p in processes) and workers._slots[0].idle:
                break
        assert workers._slots[0].idle
        assert await pid(workers) != here

    with_workers(game, 1)


def test_a_worker_that_dies_at_work_costs_its_own_question_only() -> None:
    async def game(workers: Workers) -> None:
        sleeping = asyncio.ensure_future(workers.run(time.sleep, 0.5, caller="b"))
        with pytest.raises(WorkerLost):
            await workers.run(os._exit, 1)
        assert await sleeping is None
        assert await workers.run(operator.add, 1, 2) == 3

    with_workers(game)


def test_what_takes_too_long_is_ended() -> None:
    async def game(workers: Workers) -> None:
        here = await pid(workers)
        start = time.monotonic()
        with pytest.raises(TookTooLong):
            await workers.run(time.sleep, 60, limit=0.3)
        assert time.monotonic() - start < 20
        assert await pid(workers) != here

    with_workers(game, 1)


def test_the_time_of_a_process_to_begin_is_not_the_questions() -> None:
    async def game(workers: Workers) -> None:
        assert await workers.run(operator.add, 1, 2) == 3

    with_workers(game, 1, limit=5.0, begin=(time.sleep, (5.5,)))


def test_what_nobody_waits_for_is_ended() -> None:
    async def game(workers: Workers) -> None:
        here = await pid(workers)
        asked = asyncio.ensure_future(workers.run(time.sleep, 60))
        waiting = asyncio.ensure_future(workers.run(time.sleep, 60))
        await asyncio.sleep(0.2)
        asked.cancel()
        waiting.cancel()
        start = time.monotonic()
        assert await pid(workers) != here
        assert time.monotonic() - start < 20
        assert asked.cancelled()
        assert waiting.cancelled()

    with_workers(game, 1)


def test_an_error_comes_back_without_its_words_and_the_worker_stays() -> None:
    async def game(workers: Workers) -> None:
        here = await pid(workers)
        with pytest.raises(WorkerFailed) as failed:
            await workers.run(int, "H-0185")
        assert (
            failed.value.words
            == "ValueError pingan_logic.server.workers:" + (failed.value.words.rpartition(":")[2])
        )
        with pytest.raises(WorkerFailed, match="TypeError"):
            await workers.run(memoryview, b"cannot be pickled")
        assert await pid(workers) == here

    with_workers(game, 1)


def test_a_worn_worker_is_replaced() -> None:
    async def game(workers: Workers) -> None:
        seen = [await pid(workers) for _ in range(6)]
        assert seen[0] == seen[1] != seen[2] == seen[3] != seen[4] == seen[5]

    with_workers(game, 1, recycle=2)


def test_each_process_begins_with_its_job() -> None:
    async def game(workers: Workers) -> None:
        for _ in range(2):
            assert await workers.run(os.getenv, "BEGUN") == "yes"

    with_workers(game, 1, recycle=1, begin=(exec, ("import os; os.environ['BEGUN'] = 'yes'",)))


def test_beyond_the_queue_it_is_busy() -> None:
    async def game(workers: Workers) -> None:
        await pid(workers)
        asked = [asyncio.ensure_future(workers.run(time.sleep, 0.3)) for _ in range(8)]
        done = await asyncio.gather(*asked, return_exceptions=True)
        kinds = [type(d) for d in done]
        assert kinds.count(Busy) == 8 - 2
        assert kinds.count(type(None)) == 2

    with_workers(game, 1, queue=2)


def test_workers_that_cannot_begin_are_said_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pingan_logic.server.workers._PAUSES", (0.0, 0.01, 0.01))

    async def game(workers: Workers) -> None:
        for _ in range(400):
            if workers.failing:
                break
            await asyncio.sleep(0.05)
        assert workers.failing
        assert not workers.alive
        workers._begin = Workers(1, 1, 1)._begin
        assert await workers.run(operator.add, 1, 2) == 3
        assert not workers.failing

    with_workers(game, 1, begin=(int, ("x",)))


def test_where_names_the_place_and_no_data() -> None:
    with pytest.raises(KeyError) as raised:
        {}["H-0185"]
    assert where(raised.value).startswith("KeyError tests.server.test_workers:")
    assert where(ValueError("H-0185")) == "ValueError"
    assert where(WorkerFailed("KeyError x:1")) == "KeyError x:1"
