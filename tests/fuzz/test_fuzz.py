"""A short, seeded run of every fuzz target; the long one is `python -m tests.fuzz`."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("lxml")

import tests.fuzz.targets  # noqa: F401
from tests.fuzz.mutate import by_words, mutate
from tests.fuzz.target import CORPUS, TARGETS

SEED = 20140425
MUTATED = {
    **{"settings": 900, "change": 400, "policy-scan": 400, "json": 300, "address": 250},
    **{"csv": 150, "csv-gb18030": 100, "ods": 50, "cases": 40, "http": 40, "xls": 40},
    **{"sqlite": 20, "xlsx-calamine": 25, "xlsx-openpyxl": 15, "names": 4, "page": 2},
    **{"outputs": 5, "policy": 2, "certificate": 4, "postgresql": 12, "spark": 40},
    **{"spark-columns": 300},
}
"""Mutated inputs of each target here: together less than 20 seconds."""


@pytest.fixture
def limited(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail when an input takes longer than its target allows."""

    def slow(signum: int, frame: FrameType | None) -> None:
        raise AssertionError("too slow")

    before = signal.signal(signal.SIGVTALRM, slow)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def test_every_target_takes_part() -> None:
    assert set(MUTATED) == set(TARGETS) - {"canary"}
    assert {p.name for p in CORPUS.iterdir()} <= set(MUTATED)


@pytest.mark.no_cover
@pytest.mark.parametrize("name", MUTATED)
def test_old_finds_and_new_inputs(
    name: str, limited: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found before is handled, and so are inputs that are new with this seed."""
    monkeypatch.chdir(Path(__file__).parents[2])  # a target changes the folder
    target = TARGETS[name]
    if target.needs:
        pytest.importorskip(target.needs)
    total = len(target.starts()) + MUTATED[name]
    for number, data in enumerate(target.inputs(SEED, 0, total)):
        signal.setitimer(signal.ITIMER_VIRTUAL, 3 * target.seconds)
        try:
            target.run(data)
        except Exception as error:
            error.args = (*error.args, f"input {number}: {data[:300]!r}")
            raise


def test_the_same_seed_gives_the_same_inputs() -> None:
    first, again, other = (list(TARGETS["settings"].inputs(s, 0, 300)) for s in (1, 1, 2))
    assert first == again
    assert first != other
    assert len(set(first)) > 150


def test_a_run_finds_what_it_should(tmp_path: Path) -> None:
    """Errors, endless loops, memory, the end of the process, bad messages: each is a find."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.fuzz", "--target", "canary", "--inputs", "8"),
            *("--engine", "mutation", "--out", str(tmp_path)),
        ],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    finds = sorted(p.read_bytes() for p in (tmp_path / "canary").glob("canary-*.bin"))
    assert finds == [b"end", b"hidden", b"loop", b"memory", b"raise", b"silent"]
    assert "| canary | mutation | 8 |" in done.stdout


def test_every_kind_of_change_is_made() -> None:
    import random

    seeds = [b"id,kind\nH-1,household 2014\n"]
    made = {mutate(seeds[0], random.Random(n), seeds, (b"TOKEN",)) for n in range(400)}
    assert any(b"TOKEN" in m for m in made)
    assert any(len(m) < len(seeds[0]) for m in made)
    assert any(b"9223372036854775807" in m for m in made)
    rules = [b"verdict(village,U,met) :- unit(village,U). % rule\n", b'english(a, "b").\n']
    made = {by_words(rules[0], random.Random(n), rules, (b"TOKEN",)) for n in range(400)}
    assert any(b"unit(english,U)" in m for m in made)
