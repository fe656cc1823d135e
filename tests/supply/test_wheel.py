"""The wheel: the same bytes wherever it is built, and enough by itself."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = ("pingan_logic", "policies", "facts", "pyproject.toml", "README.md")
JUNK = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


def build(folder: Path, umask: int, when: int) -> Path:
    """Copy the sources to `folder` as of the time `when` and build them there."""
    folder.mkdir(parents=True)
    for name in BUILT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=JUNK)
        else:
            shutil.copy2(source, folder / name)
    for path in folder.rglob("*"):
        os.utime(path, (when, when))
        path.chmod((0o777 if path.is_dir() else 0o666) & ~umask)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"],
        check=True,
        capture_output=True,
        cwd=folder,
        umask=umask,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1400000000", "TZ": "Asia/Shanghai"},
    )
    (wheel,) = (folder / "out").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("one") / "a", 0o022, 1_500_000_000)


def test_two_builds_are_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    other = build(tmp_path / "elsewhere" / "deeper", 0o007, 1_700_000_000)
    assert other.name == wheel.name
    digests = [hashlib.sha256(w.read_bytes()).hexdigest() for w in (wheel, other)]
    assert digests[0] == digests[1]


def test_everything_the_policies_need_is_inside_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = set()
    for folder, inside in (
        ("policies", "pingan_logic/_data/policies"),
        ("facts", "pingan_logic/_data/facts"),
        ("pingan_logic", "pingan_logic"),
    ):
        for path in (ROOT / folder).rglob("*"):
            place = path.relative_to(ROOT / folder)
            if path.is_file() and not any(p.startswith((".", "__pycache__")) for p in place.parts):
                wanted.add(f"{inside}/{place}")
    notice = ("notice.txt", "properties/three_years.lp", "cases/village.yaml", "remedies.lp")
    shared = ("common.lp", "properties/worlds.lp", "remedies/plan.lp")
    for folder, some in (("xiangyin-2014", notice), ("base", shared)):
        assert {f"pingan_logic/_data/policies/{folder}/{name}" for name in some} <= wanted
    assert {n for n in names if ".dist-info/" not in n} == wanted


def test_the_wheel_alone_answers_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = str(tmp_path / "env" / "bin" / "python")
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [python, "-I", "-m", "pingan_logic", *arguments],
            cwd="/",
            env=clean,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    golden = ROOT / "tests" / "golden" / "B-12.zh.txt"
    assert run("explain", "B-12", "--year", "2014") == golden.read_text(encoding="utf-8")
    assert "成立" in run("verify", "--property", "empty_ratio", "--bound", "1")
    assert "S-01" in run("fix", "S-01", "--year", "2014")
    assert run("lint") == "没有问题\n"
