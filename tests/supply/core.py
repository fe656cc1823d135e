"""Every optional part once, for the runs with other versions of the libraries."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic.export import write_facts
from pingan_logic.programme import programme
from pingan_logic.reports import write_report
from pingan_logic.rules.find import data_folder

SAMPLE = data_folder("facts") / "sample-county"


@pytest.mark.parametrize("target", ["a.xlsx", "a.xls", "a.ods", "a.json", "folder", "a.db"])
def test_every_format_reads_back(tmp_path: Path, target: str) -> None:
    policy = pingan_logic.load_policy()
    facts = pingan_logic.load_facts(SAMPLE, policy)
    place = f"sqlite:///{tmp_path / target}" if target == "a.db" else str(tmp_path / target)
    write_facts(facts, place, policy)
    assert pingan_logic.load_facts(place, policy) == facts


@pytest.mark.parametrize("suffix", [".html", ".xlsx", ".docx"])
def test_every_report_is_written(tmp_path: Path, suffix: str) -> None:
    facts = pingan_logic.load_facts(SAMPLE)
    path = write_report(programme(facts, pingan_logic.load_policy()), tmp_path / f"r{suffix}")
    assert path.stat().st_size > 5000


def test_the_service_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pingan_logic", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as service:
        try:
            found = _ask(f"http://127.0.0.1:{port}/explain/B-12?year=2014")
        finally:
            service.terminate()
    assert found["status"] == "failed"


def _ask(url: str) -> dict[str, Any]:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(url)
