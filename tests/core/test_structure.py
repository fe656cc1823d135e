"""How the program is built: no circle of imports, one door to clingo, modules of one job each."""

from __future__ import annotations

import ast
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "pingan_logic"
MOST_LINES = 400


def _map() -> ModuleType:
    spec = spec_from_file_location("architecture", ROOT / "docs" / "architecture.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAP = _map()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program of two packages and a module."""
    folder = tmp_path / "program"
    texts = {
        "__init__": "", "low": "", "a/__init__": "", "a/x": "from program.b.y import f",
        "b/__init__": "", "b/y": "from ..low import g\nimport json",
    }  # fmt: skip
    for name, text in texts.items():
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_arrows_are_what_modules_import(program: Path) -> None:
    found = MAP.arrows(program)
    assert {here: others for here, others in found.items() if others} == {"a": {"b"}, "b": {"low"}}
    assert MAP.circles(found) == []
    assert MAP.floors(found, found) == {"program": 0, "low": 0, "b": 1, "a": 2}


@pytest.mark.parametrize(
    "line",
    [
        "from program.a import x",
        "def f():\n    import program.a.x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .a.x import f",
    ],
)
def test_a_circle_is_found_wherever_the_import_stands(program: Path, line: str) -> None:
    (program / "low.py").write_text(line, encoding="utf-8")
    assert MAP.circles(MAP.arrows(program)) == [["a", "b", "low"]]


def test_no_circle_between_the_rooms() -> None:
    found = MAP.arrows()
    assert {"solving", "intake", "questions", "cli", "model"} <= set(found)
    assert MAP.circles(found) == []


def test_no_circle_between_the_modules() -> None:
    found = MAP.imported()
    assert len(found) > len(MAP.arrows())
    assert MAP.circles(found) == []


def test_only_one_room_knows_clingo() -> None:
    """Every other room asks `solving`; the rechecker knows neither."""
    knowing = set()
    for path in PROGRAM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(n.split(".")[0] == "clingo" for n in names):
                knowing.add(path.relative_to(PROGRAM).parts[0])
    assert knowing == {"solving"}


def test_a_long_module_says_why() -> None:
    """A module beyond 400 lines says `one module because` or `one file because` at its top."""
    long, silent = [], []
    for path in sorted(PROGRAM.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > MOST_LINES:
            long.append(path.name)
            said = " ".join((ast.get_docstring(ast.parse(text)) or "").split())
            if not re.search(r"\bone (module|file) because \w+", said, re.IGNORECASE):
                silent.append(f"{path.relative_to(PROGRAM)}: {len(text.splitlines())}")
    assert "checker.py" in long
    assert silent == []


def test_complicated_functions_are_refused() -> None:
    """The linter runs with each commit; none of the program is excepted."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"C901"' in text
    assert re.search(r"\[tool\.ruff\.lint\.mccabe\]\nmax-complexity = 15\n", text)
    excepted = [p.name for p in PROGRAM.rglob("*.py") if "C901" in p.read_text(encoding="utf-8")]
    assert excepted == []
