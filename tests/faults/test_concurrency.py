"""Threads and processes that share nothing but data give the answers of a single thread."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Policy
from pingan_logic.policy.settings import parse_setting
from pingan_logic.questions.comparison import policy_with
from pingan_logic.questions.fix import find_remedy
from pingan_logic.solving import control
from tests.worlds import random_county

SETTINGS = ("switch(repeated)=3", "threshold(building_households)=50/100", "target(village)=80%")


def _blankless(seed: int) -> dict[str, list[dict[str, Any]]]:
    county = random_county(random.Random(seed))
    return {t: [{k: v for k, v in r.items() if v} for r in rows] for t, rows in county.items()}


def worlds(folder: Path, count: int) -> list[str]:
    paths = []
    for seed in range(count):
        path = folder / f"{seed}.json"
        path.write_text(json.dumps(_blankless(seed), ensure_ascii=False), encoding="utf-8")
        paths.append(str(path))
    return paths


def answers(path: str, setting: str | None, policy: Policy | None = None) -> str:
    """Read, judge, explain and mend one county; return all of it as text."""
    policy = policy or pingan_logic.load_policy()
    if setting is not None:
        policy = policy_with(policy, [parse_setting(setting, policy)])
    facts = pingan_logic.load_facts(path, policy)
    result = pingan_logic.evaluate(facts, policy, 2014)
    out: list[Any] = [result.to_dict()]
    for unit in list(result)[:6]:
        out.append(result.explain(unit).text("zh"))
    for unit in list(result)[1:2]:
        remedy = find_remedy(result, unit)
        out.append((unit, remedy.feasible, remedy.proven, remedy.lower))
    return json.dumps(out, ensure_ascii=False)


def jobs(folder: Path, count: int) -> list[tuple[str, str | None]]:
    paths = worlds(folder, count)
    return [(p, (None, *SETTINGS)[n % 4]) for n, p in enumerate(paths)]


@pytest.mark.no_cover
def test_threads_on_different_data_and_policies(tmp_path: Path) -> None:
    work = jobs(tmp_path, 8)
    alone = [answers(*job) for job in work]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda job: answers(*job), work))
    finally:
        sys.setswitchinterval(before)
    assert together == alone
    assert len(set(alone)) == len(alone)


def test_threads_on_one_policy_and_one_county(tmp_path: Path, policy: Policy) -> None:
    (path,) = worlds(tmp_path, 1)
    facts = pingan_logic.load_facts(path, policy)
    alone = pingan_logic.evaluate(facts, policy, 2014)
    texts = [alone.explain(u).text("en") for u in alone]

    def explain(_: int) -> list[str]:
        result = pingan_logic.evaluate(facts, policy, 2014)
        assert result.to_dict() == alone.to_dict()
        return [alone.explain(u).text("en") for u in result]

    with ThreadPoolExecutor(6) as pool:
        assert all(found == texts for found in pool.map(explain, range(12)))


def test_no_two_threads_use_one_solver(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    users: dict[int, set[int]] = {}
    controls = []

    class Watched(control.clingo.Control):  # type: ignore[name-defined,misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            controls.append(self)

        def ground(self, *arguments: Any, **options: Any) -> None:
            users.setdefault(id(self), set()).add(threading.get_ident())
            super().ground(*arguments, **options)

        def solve(self, *arguments: Any, **options: Any) -> Any:
            users.setdefault(id(self), set()).add(threading.get_ident())
            return super().solve(*arguments, **options)

    monkeypatch.setattr(control.clingo, "Control", Watched)
    work = jobs(tmp_path, 4)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda job: answers(*job, policy), work))
    assert len(users) > 8
    assert all(len(threads) == 1 for threads in users.values())
    assert len({t for threads in users.values() for t in threads}) > 1


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes_give_the_same_answers(tmp_path: Path, method: str) -> None:
    work = jobs(tmp_path, 3)
    alone = [answers(*job) for job in work]
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        found = list(pool.map(answers, *zip(*work, strict=True)))
        assert found == alone
        assert os.getpid() not in list(pool.map(_me, range(2)))


def _me(_: int) -> int:
    return os.getpid()
