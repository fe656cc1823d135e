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
PICTURE = ROOT / "docs" / "architecture.svg"

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


FOOT = "foot"
"""The modules that rest on no room but each other: errors, tables, order, files and the like."""
SAID = {
    "__main__": "pingan", "cli": "命令行 command line", "server": "HTTP 服务、网页工作台 service",
    "spark": "多个县 many counties", "public": "库的名称 names of the library",
    "asking": "可以追问的结果 answers to be asked", "library": "每个问题一个调用 a call a question",
    "audit": "条文对照 the notice beside the rules", "reports": "报告 reports",
    "questions": "整改、余量、比较 fix, margin, what-if", "programme": "逐年目标 targets, rosters",
    "cases": "检验用例 cases", "policy": "规则说的话 what a policy says", "explain": "说明 reasons",
    "certificate": "核验凭证 proofs", "evaluation": "一次判定 one run", "verdicts": "结论 verdicts",
    "export": "写出 formats out", "intake": "读入、检查 formats in", "judging": "归类 classes",
    "lint": "写法检查 lint", "solving": "clingo 的唯一入口 the one door to clingo",
    "model": "数据 Facts", "messages": "说法 words", "catalogue": "规则目录 Policy",
    "rules": "规则文件 rule files as text", "recheck": "核验器 the checker, alone",
    FOOT: "错误、表、顺序、文件 errors, tables, order",
}  # fmt: skip
"""What a room is, in a few words; a module without words is small."""

WIDE, HIGH, FLOOR, GAP = 220, 38, 66, 14


def drawn(program: Path = PROGRAM) -> dict[str, set[str]]:
    """Return the arrows of the picture: the modules at the foot are one room, and no arrow is drawn
    where a longer way leads."""
    graph = arrows(program)
    rests = {here: _reached(graph, here) for here in graph}
    packages = {p.parent.name for p in program.glob("*/__init__.py")}
    foot = {
        here
        for here, below in rests.items()
        if here not in packages and here not in SAID and not below & (packages | SAID.keys())
    }
    folded: dict[str, set[str]] = defaultdict(set)
    for here, others in graph.items():
        name = FOOT if here in foot else here
        folded[name] |= {FOOT if other in foot else other for other in others} - {name}
    folded.pop(program.name, None)
    below = {here: _reached(folded, here) for here in folded}
    return {
        here: {o for o in others if not any(o in below[via] for via in others - {o})}
        for here, others in folded.items()
    }


def picture(graph: Graph) -> str:
    """Return the rooms as SVG: each above all that it imports from."""
    level = floors(graph, sorted(graph))
    rows = [sorted(n for n in level if level[n] == at) for at in range(max(level.values()) + 1)]
    width = max(len(row) for row in rows) * (WIDE + GAP) + GAP
    height = len(rows) * FLOOR + GAP
    place = {}
    for at, row in enumerate(rows):
        left = (width - len(row) * (WIDE + GAP) + GAP) // 2
        for n, name in enumerate(row):
            place[name] = (left + n * (WIDE + GAP), height - (at + 1) * FLOOR)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" font-family="sans-serif">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for here in sorted(graph):
        x, y = place[here]
        for other in sorted(graph[here]):
            to_x, to_y = place[other]
            lines.append(
                f'<line x1="{x + WIDE // 2}" y1="{y + HIGH}" x2="{to_x + WIDE // 2}" y2="{to_y}" '
                'stroke="#9aa7b4"/>'
            )
    for name, (x, y) in sorted(place.items()):
        middle, words = x + WIDE // 2, SAID.get(name, "")
        title = "errors, table, order …" if name == FOOT else name
        lines.append(
            f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="5" '
            f'fill="{"#e8f0f8" if words else "#f4f4f4"}" stroke="#5b7fa3"/>'
            f'<text x="{middle}" y="{y + (16 if words else 23)}" font-size="13" '
            f'text-anchor="middle">{title}</text>'
            f'<text x="{middle}" y="{y + 31}" font-size="10" fill="#456" '
            f'text-anchor="middle">{words}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(picture(drawn()), encoding="utf-8", newline="\n")
