"""Shared helpers: small counties as dictionaries, judged in memory."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic import Assessment, Policy


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
