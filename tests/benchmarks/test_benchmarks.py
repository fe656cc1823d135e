"""The programs of the benchmarks judge as the project does; what is not installed is skipped."""

from __future__ import annotations

import csv
import importlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import pingan_logic
from pingan_logic import evaluate, load_facts
from tests.benchmarks import questions, shapes
from tests.benchmarks.county import ITEMS, YEAR, write_county
from tests.benchmarks.page import document
from tests.benchmarks.peers import compare, project_peer, standards
from tests.oracle import Oracle

HOUSEHOLDS = 700
SEEDS = (1, 2)


@pytest.fixture(scope="module", params=SEEDS)
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county of CSV files with the project's verdicts beside it."""
    folder = tmp_path_factory.mktemp("county") / "data"
    folder.mkdir()
    write_county(HOUSEHOLDS, folder, request.param)
    project_peer.main(str(folder), str(folder.parent / "project.csv"))
    return folder


def test_the_county_is_varied_and_the_same_again(county: Path, tmp_path: Path) -> None:
    verdicts = compare.read(str(county.parent / "project.csv"))
    assert {status for _, status in verdicts.values()} == {"met", "failed", "undetermined"}
    text = (county / "incidents.csv").read_text(encoding="utf-8-sig")
    assert {row["type"] for row in csv.DictReader(text.splitlines())} == set(ITEMS)
    assert set(ITEMS) == set(standards.ITEMS)
    write_county(HOUSEHOLDS, tmp_path, 1)
    first = (tmp_path / "incidents.csv").read_bytes()
    write_county(HOUSEHOLDS, tmp_path, 1)
    assert (tmp_path / "incidents.csv").read_bytes() == first


def test_the_oracle_judges_the_county_alike(county: Path) -> None:
    data = {}
    for path in county.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            data[path.stem] = list(csv.DictReader(file))
    oracle = Oracle(data, YEAR)
    # the oracle does not read declarations; no ratio counts compounds
    declared = {row["unit"] for row in data["not_applicable"]}
    verdicts = compare.read(str(county.parent / "project.csv"))
    judged = {u: status for u, (_, status) in verdicts.items() if u not in declared}
    assert len(judged) < len(verdicts)
    assert {unit: oracle.judge(unit).status for unit in judged} == judged


@pytest.mark.parametrize(
    ("peer", "package"),
    [
        ("duckdb_peer", "duckdb"),
        ("polars_peer", "polars"),
        ("openfisca_peer", "openfisca_core"),
        ("rego_peer", "regopy"),
    ],
)
def test_a_program_judges_the_county_alike(county: Path, peer: str, package: str) -> None:
    pytest.importorskip(package)
    if package == "openfisca_core":
        pytest.importorskip("polars")
    written = county.parent / f"{peer}.csv"
    importlib.import_module(f"tests.benchmarks.peers.{peer}").main(str(county), str(written))
    assert compare.differences(str(county.parent / "project.csv"), str(written)) == 0


def test_differences_are_counted(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("H-1,household,met\nH-2,household,met\nV-1,village,failed\n", encoding="utf-8")
    two.write_text("id,kind,name,status\nH-1,household,,met\nH-2,household,,failed\n")
    assert compare.differences(str(one), str(two)) == 2
    two.write_text("编号,类别,名称,结论\nH-1,家庭,,达标\nH-2,家庭,,未达标\n", encoding="utf-8")
    assert compare.differences(str(one), str(two)) == 2
    two.write_text("H-1,household,met\nH-1,household,met\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="H-1 twice"):
        compare.read(str(two))


def test_a_quick_run_compares_and_measures(tmp_path: Path) -> None:
    peers = ["pingan_logic", "pingan_logic evaluate --csv"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.peers", "--quick", "--peers", *peers],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "verdicts, the same by 2 programs" in done.stderr
    rows = [line.split(" | ")[0] for line in done.stdout.splitlines() if line.startswith("| ")]
    assert {"| **pingan_logic**", "| pingan_logic evaluate --csv"} <= set(rows)


def test_the_table_goes_between_its_markers(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("a\n<!-- x: generated -->\nold\n<!-- x: end -->\nb\n", encoding="utf-8")
    document("new", page, "x")
    assert page.read_text(encoding="utf-8") == (
        "a\n<!-- x: generated -->\nnew\n<!-- x: end -->\nb\n"
    )
    with pytest.raises(SystemExit, match="generated"):
        document("new", page, "y")


def test_the_shapes_are_counties_that_can_be_judged(tmp_path: Path) -> None:
    for number, change in enumerate(shapes.SHAPES.values()):
        county = shapes.County(300)
        change(county)
        folder = tmp_path / str(number)
        folder.mkdir()
        county.write(folder)
        facts = pingan_logic.load_facts(folder)
        grouped, each = (pingan_logic.evaluate(facts, grouped=g) for g in (True, False))
        assert dict(grouped.outcome.verdicts) == dict(each.outcome.verdicts)
        assert len(grouped.outcome.groups.sizes) < len(each.outcome.groups.sizes)


def test_the_townships_of_the_questions_are_as_they_say(tmp_path: Path) -> None:
    for shape, expected in (
        ((300, 45, 0, 0), {"met": 255, "failed": 45}),
        ((300, 0, 12, 0), {"met": 240, "undetermined": 60}),
        ((300, 0, 0, 7), {"met": 293, "undetermined": 7}),
    ):
        questions.township(tmp_path, *shape)
        result = evaluate(load_facts(tmp_path), year=YEAR)
        homes = (result.status(u).value for u in result if u.startswith("H"))
        assert Counter(homes) == expected
