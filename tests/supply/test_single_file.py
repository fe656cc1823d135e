"""The program as a single file works where there is no Python.

It takes minutes to build, so this runs only when it is asked for: `PINGAN_SINGLE=1` builds it,
`PINGAN_SINGLE=PATH` tries one that was built.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from pingan_logic.rules.find import data_folder
from tests.intake.books import good_book

ASKED = os.environ.get("PINGAN_SINGLE", "")
ROOT = data_folder("policies").parent

pytestmark = pytest.mark.skipif(not ASKED, reason="PINGAN_SINGLE is not set")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if ASKED != "1":
        return Path(ASKED).resolve()
    place = tmp_path_factory.mktemp("single")
    command = [
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--distpath", str(place / "dist"),
        "--workpath", str(place / "build"), str(ROOT / "packaging" / "pingan.spec"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, cwd=place)
    return place / "dist" / "pingan"


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, str]:
    """An environment without Python, and nothing but a home."""
    return {"HOME": str(tmp_path), "PATH": "", "LANG": "C.UTF-8"}


def test_commands_run(program: Path, empty: dict[str, str], tmp_path: Path) -> None:
    good_book().save(tmp_path / "填报表.xlsx")
    for arguments, said in (
        (["check", "填报表.xlsx"], "没有问题"),
        (["evaluate", "--facts", "填报表.xlsx"], "年度判定结果"),
        (["explain", "1栋", "填报表.xlsx"], "B-01"),
        (["report", "填报表.xlsx", "--out", "报告.docx"], ""),
        (["template", "新.xlsx"], ""),
        (["--version"], "pingan_logic"),
    ):
        done = subprocess.run(
            [program, *arguments], env=empty, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, (arguments, done.stderr)
        assert said in done.stdout
    assert (tmp_path / "报告.docx").read_bytes().startswith(b"PK")


def test_a_double_click_opens_the_page(
    program: Path, empty: dict[str, str], tmp_path: Path
) -> None:
    running = subprocess.Popen(
        [program], env=empty, cwd=tmp_path, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    try:
        assert running.stderr is not None
        line = running.stderr.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        address = found[0]
        for _ in range(100):
            try:
                page = urlopen(f"{address}/desk", timeout=10).read().decode()
                break
            except OSError:
                time.sleep(0.2)
        assert "选择文件" in page
        good_book().save(tmp_path / "a.xlsx")
        sent = Request(
            f"{address}/desk/data?name=a.xlsx",
            (tmp_path / "a.xlsx").read_bytes(),
            {"content-type": "application/octet-stream"},
        )
        assert b'"ok": true' in urlopen(sent, timeout=120).read()
    finally:
        running.terminate()
        running.wait(30)
