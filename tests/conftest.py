"""Shared helpers: small counties as dictionaries, judged in memory."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

import pingan_logic
from pingan_logic import Assessment, Policy

# a worker of xdist has a width, but no terminal: lines stay whole unless a test sets one
os.environ.pop("COLUMNS", None)
os.unsetenv("COLUMNS")  # readline, which pytest imports, sets it behind the back of os.environ


def pytest_configure() -> None:
    """Let tests interrupt what they start, also when they run in the background of a shell, where
    processes and what they start ignore SIGINT."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each worker of pytest-xdist tests that stand together, and the rest of them to the one
    that is done first: what a module or a session sets up (a service, a cluster) is then set up by
    one of the workers, not by each."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getvalue("dist") == "load" else None


WHOLLY_TRACED = ("tests/core/", "tests/intake/")
"""Where coverage is traced of every set of values that a test is tried with."""
OF_RULES = "tests/policy/"
TRACED_OF_RULES = (
    "test_policy.py", "test_another_county.py::test_every_question",
    *(f"test_{form}.py::test_everything_is_answered" for form in ("levels", "measures", "points")),
)  # fmt: skip
"""Tests of rules try them on one small world after the other: traced is what asks each question of
what differs most in the words of its answers."""
SETS = 2
"""Sets of values of which it is traced elsewhere: more run the same lines with other values."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark no_cover what would take long to trace and tell nothing new."""
    sets = Counter[str]()
    for item in items:
        rules = item.nodeid.startswith(OF_RULES)
        if rules and not any(name in item.nodeid for name in TRACED_OF_RULES):
            item.add_marker("no_cover")
        elif hasattr(item, "callspec") and not item.nodeid.startswith(WHOLLY_TRACED):
            name = item.nodeid.partition("[")[0]
            sets[name] += 1
            if sets[name] > SETS:
                item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what is there before the first test, half a million
    objects that stay to the end."""
    gc.collect()
    gc.freeze()


MAY_BE_SKIPPED = {
    "tests/supply/test_package.py::test_the_container_is_built_and_healthy":
        "a container engine needs rights that a machine of CI does not give",
    "tests/supply/test_single_file.py": "building one file takes minutes, so it is asked for",
}  # fmt: skip
"""Tests (their file, or its start) that CI may skip, each with why it cannot run there."""
_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, where everything is installed that tests need, a skipped test is a failure."""
    unlisted = [t for t in _skipped if not t.startswith(tuple(MAY_BE_SKIPPED))]
    if os.environ.get("CI") and unlisted and not hasattr(session.config, "workerinput"):
        print("\nskipped, and not listed in MAY_BE_SKIPPED:", *unlisted, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace nothing in tests marked no_cover.

    A worker of pytest-xdist has two coverages, one above the other, of which pytest-cov stops one
    only: the other would go on, and such tests take up to twice as long.
    """
    stopped = []
    while item.get_closest_marker("no_cover") and (running := Coverage.current()) is not None:
        running.stop()
        stopped.append(running)
    try:
        return (yield)
    finally:
        for coverage in reversed(stopped):
            coverage.start()


@pytest.fixture(scope="session")
def policy() -> Policy:
    return pingan_logic.load_policy()


@pytest.fixture(params=("python_calamine", "openpyxl"))
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read with python-calamine, and as if it were not installed."""
    if request.param == "openpyxl":
        monkeypatch.setitem(sys.modules, "python_calamine", None)
    else:
        pytest.importorskip(request.param, reason="python-calamine needs Python 3.11")
    return str(request.param)


@pytest.fixture
def judge(tmp_path: Path, policy: Policy) -> Any:
    """Return a function from a data dictionary to an assessment, through the JSON reader."""

    def run(data: dict[str, Any], year: int = 2014, **options: Any) -> Assessment:
        path = tmp_path / "data.json"
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        facts = pingan_logic.load_facts(path, policy)
        return pingan_logic.evaluate(facts, policy, year, attainment=True, **options)

    return run
