"""Rule files from users: what the scan lets through, and whole policies with one file changed."""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path

import clingo.ast

import pingan_logic
from pingan_logic import Facts, PinganError
from pingan_logic.lint import lint
from pingan_logic.programme import programme
from pingan_logic.programme.text import programme_text
from pingan_logic.rules.find import data_folder
from pingan_logic.rules.scan import scan
from pingan_logic.solving.load_policy import load_policy
from tests.fuzz.checks import clean, refused, room, rules
from tests.fuzz.mutate import MOST, TOKENS, by_words
from tests.fuzz.target import Target, target
from tests.policies import copy_policy

_SHIPPED = data_folder("policies") / "xiangyin-2014"
_FORBIDDEN = {"Script", "External", "TheoryDefinition", "TheoryAtom", "Edge", "Heuristic",
              "ProjectAtom", "ProjectSignature", "Minimize"}  # fmt: skip


class _Look(clingo.ast.Transformer):
    """Refuses what the scan must never let through."""

    def visit(self, node: clingo.ast.AST, *arguments: object, **named: object) -> clingo.ast.AST:
        assert node.ast_type.name not in _FORBIDDEN, f"{node.ast_type.name} got through"
        if node.ast_type.name == "Function":
            assert not node.external, "an external function got through"
        return super().visit(node, *arguments, **named)


def _scan(data: bytes) -> None:
    path = room() / "rules.lp"
    path.write_bytes(data)
    try:
        scan([path])
    except PinganError as error:
        refused(error)
        return
    found: list[clingo.ast.AST] = []
    said: list[str] = []
    try:
        clingo.ast.parse_files(
            [str(path)], found.append, logger=lambda code, message: said.append(message)
        )
    except RuntimeError:
        assert not any("support not available" in s or "could not be opened" in s for s in said), (
            said
        )
        return
    look = _Look()
    for node in found:
        look.visit(node)
        if node.ast_type.name == "Rule":
            assert "\x00" not in str(node)


def _scan_seeds() -> list[bytes]:
    made = []
    for path in sorted(_SHIPPED.glob("*.lp")):
        statements = path.read_bytes().split(b".\n")
        made += [s + b".\n" for s in statements[1:5]]
    made += [p.read_bytes() for p in sorted(Path("docs/rules/lint/examples").glob("*/*.lp"))]
    return made


@cache
def _folder() -> Path:
    folder = room() / "policy"
    copy_policy(folder)
    return folder


@cache
def _files() -> list[Path]:
    return [*sorted(_folder().glob("*.lp")), _folder() / "zz-extra.lp"]


@cache
def _facts() -> Facts:
    path = room() / "csv-county"
    path.mkdir(exist_ok=True)
    rows = ["id,kind,name,parent", "C,county,某县,", "T,township,镇,C", "V,village,村,T",
            "K,compound,区,V", "B,building,栋,K", "H,household,户,B", "S,school,校,T",
            "O,clinic,所,T"]  # fmt: skip
    (path / "units.csv").write_text("\n".join(rows), encoding="utf-8")
    (path / "ledgers.csv").write_text("unit,item,year\nC,*,2014\n", encoding="utf-8")
    (path / "incidents.csv").write_text(
        "id,unit,type,grade,date\nI,H,gambling,,2014-05-01\nJ,V,safety_accident,,2014-06-01\n",
        encoding="utf-8",
    )
    (path / "scores.csv").write_text("unit,year,score\nT,2014,90\n", encoding="utf-8")
    (path / "polls.csv").write_text("unit,year,result\nT,2014,met\n", encoding="utf-8")
    return pingan_logic.load_facts(path, rules())


def _answers(folder: Path, chance: int) -> None:
    policy = load_policy(folder)
    if chance % 10 == 0:
        lint(folder)
    result = pingan_logic.evaluate(_facts(), policy, 2014)
    for unit in result.units:
        clean(result.explain(unit).text("zh"))
        result.explain(unit).to_dict("en")
    result.to_dict()
    programme_text(programme(_facts(), policy, 2014), "zh")


def _policy(data: bytes) -> None:
    path = _files()[data[0] % len(_files())] if data else _files()[-1]
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(data[1:])
    try:
        _answers(_folder(), zlib.crc32(data))
    except PinganError as error:
        refused(error)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def _policy_seeds() -> list[bytes]:
    shipped = [bytes([n]) + p.read_bytes() for n, p in enumerate(_files()) if p.exists()]
    last = bytes([len(_files()) - 1])
    return [s for s in shipped if len(s) <= MOST] + [last + b"a(1).\n#show a/1.\n"]


_MORE = (
    *(b".", b":-", b" :- ", b",", b"not ", b"#count{", b"}", b"X", b"_", b"#sum{", b"%* ", b" *%"),
    *(
        b'"\\q"',
        b'"\\n"',
        b'"\\\n',
        b"%\n",
        b"0x10",
        b"0o7",
        b"0b1",
        b"#const n=1.",
        b"#defined a/1.",
    ),
    *(
        b"#show.",
        b"#external a.",
        b"#program x.",
        b"&a{}",
        b"-",
        b"|",
        b"~",
        b"**",
        b"..",
        b"+1" * 60,
    ),
    *(b"unit(household,U)", b"verdict(K,U,met).", b"failed", b"undetermined", b'"', b"(" * 60),
    *(b"kind(", b"clause(", b"threshold(", b"switch(", b"english(", b"defect(x).", b"1/0", b"\\"),
)

_TOKENS = (*TOKENS, *_MORE)
target(Target("policy-scan", _scan_seeds, _scan, _TOKENS, weight=120, stops=True))
target(
    Target("policy", _policy_seeds, _policy, _TOKENS, by_words, weight=1, seconds=15, stops=True)
)
