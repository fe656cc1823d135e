"""Draws the map of `docs/architecture.md` from the imports of the program.

`python docs/architecture.py` writes the picture; `rooms`, `arrows` and `circles` are what the tests
of the structure ask. A room is a package, or a module that stands beside the packages. Every import
counts: of a module at its start, within a function, or for a type checker alone.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "pingan_logic"

Graph = Mapping[str, set[str]]


def modules(program: Path = PROGRAM) -> dict[str, Path]:
    """Return the modules of a package by their dotted names."""
    found = {}
    for path in sorted(program.rglob("*.py")):
        parts = (program.name, *path.relative_to(program).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(program: Path = PROGRAM) -> dict[str, set[str]]:
    """Return the modules of the package that each of them imports."""
    known = modules(program)
    return {name: set(_imports(name, path, known)) - {name} for name, path in known.items()}


def _imports(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            start = [".".join(above)] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                if full in known or base in known:
                    yield full if full in known else base


def room(module: str, program: Path = PROGRAM) -> str:
    """Return the room of a module: its package, or itself beside the packages."""
    _, *parts = module.split(".")
    return parts[0] if parts else program.name


def arrows(program: Path = PROGRAM) -> dict[str, set[str]]:
    """Return the rooms that each room imports from."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, others in imported(program).items():
        here = room(name, program)
        found[here] |= {room(other, program) for other in others} - {here}
    return dict(found)


def circles(graph: Graph) -> list[list[str]]:
    """Return the groups of nodes that lead to each other."""
    reached = {node: _reached(graph, node) for node in graph}
    found = {
        frozenset(other for other in reached[node] if node in reached.get(other, ()))
        for node in graph
        if node in reached[node]
    }
    return sorted(map(sorted, found))


def _reached(graph: Graph, start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph.get(node, ())
    return found


def floors(graph: Graph, names: Iterable[str]) -> dict[str, int]:
    """Return how many rooms stand below each, along the longest way down."""
    found: dict[str, int] = {}

    def floor(node: str) -> int:
        if node not in found:
            found[node] = 1 + max((floor(other) for other in graph.get(node, ())), default=-1)
        return found[node]

    return {name: floor(name) for name in names}
