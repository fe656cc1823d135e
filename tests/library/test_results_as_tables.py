"""Results as tables of pandas, Polars and Arrow, and the transcript in which they are used."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Assessment, RequestError
from pingan_logic.rules.find import data_folder

ROOT = data_folder("facts").parent
COUNTY = Path(__file__).parents[1] / "schemas" / "county.json"


@pytest.fixture(scope="module")
def result(policy: pingan_logic.Policy) -> Assessment:
    return pingan_logic.evaluate(pingan_logic.load_facts(COUNTY, policy), policy, 2014)


def test_every_library_gets_the_same_rows(result: Assessment) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("polars")
    pytest.importorskip("pandas")
    for answer in (result, result.programme()):
        for table in answer.tables:
            arrow = answer.to_arrow(table).to_pylist()
            assert arrow
            assert answer.to_polars(table).to_dicts() == arrow
            shown = answer.to_pandas(table)
            assert list(shown) == list(arrow[0])
            assert [plain(row) for row in shown.to_dict("records")] == arrow
    verdicts = {row["id"]: row for row in result.to_arrow().to_pylist()}
    assert verdicts["H-1"]["status"] == "failed"
    assert verdicts["H-1"]["parent"] == "B"
    assert verdicts["H-1"]["failed"] == ["household_disputes"]
    score = next(
        row
        for row in result.to_arrow("findings").to_pylist()
        if row["unit"] == "T" and row["clause"] == "township_score"
    )
    assert (score["measure"], score["low"], score["least"]) == ("hundredths", 8450, 8500)
    attained = {r["kind"]: r for r in result.programme().to_arrow().to_pylist() if not r["scope"]}
    assert attained["household"]["target"] == 95
    assert (attained["household"]["met"], attained["household"]["counted"]) == (1, 2)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    import pandas as pd

    return {k: v if isinstance(v, list) else None if pd.isna(v) else v for k, v in row.items()}


def test_an_unknown_table_and_a_missing_library_are_said(
    result: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(RequestError, match="verdicts, findings") as caught:
        result.to_arrow("finding")
    assert caught.value.problems[0].nearest == "findings"
    monkeypatch.setattr(
        "pingan_logic.extras.import_module", lambda name: (_ for _ in ()).throw(ImportError)
    )
    for make in (result.to_arrow, result.to_pandas, result.to_polars):
        with pytest.raises(RequestError, match="frames"):
            make()


def test_the_transcript_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for library in ("pandas", "pyarrow", "matplotlib", "sqlalchemy"):
        pytest.importorskip(library)
    import matplotlib

    matplotlib.use("Agg")
    program = (ROOT / "docs" / "examples" / "notebook.py").read_text(encoding="utf-8")
    assert len([line for line in program.splitlines() if line.strip()]) < 30
    (tmp_path / "facts").symlink_to(ROOT / "facts")
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "notebook.py", "exec"), {})
    told = capsys.readouterr().out
    assert "B-12" in told
    assert "T-03" in told
    assert (tmp_path / "attainment.png").stat().st_size > 5000
    with sqlite3.connect("verdicts.db") as database:
        counts = dict(database.execute("select status, count(*) from verdicts group by status"))
    assert sum(counts.values()) == 875
    assert counts["met"] > 100
