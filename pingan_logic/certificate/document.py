"""The certificate of a run, line by line: docs/dev/certificate.md describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from pingan_logic.catalogue import Policy
from pingan_logic.certificate.blocks import blocks
from pingan_logic.certificate.proof import prove
from pingan_logic.errors import Problem, RequestError
from pingan_logic.figures import SCHEMA
from pingan_logic.files import replace_file
from pingan_logic.intake.load import WORKBOOKS
from pingan_logic.judging.classes import classes
from pingan_logic.memory import without_collector
from pingan_logic.model import Facts
from pingan_logic.recheck import checker
from pingan_logic.rules.find import base_folder
from pingan_logic.shown import Answer
from pingan_logic.solving.encode import REPORTED, fact_atoms
from pingan_logic.solving.trace import derivations
from pingan_logic.verdicts import Assessment

__all__ = ["Certificate", "certificate"]


@frozen(repr=False)
class Certificate(Answer[bytes]):
    """The lines of a certificate: the first says of what it is, the last seals the others."""

    lines: tuple[bytes, ...]

    @property
    def rows(self) -> tuple[bytes, ...]:
        """The lines."""
        return self.lines

    def name_of(self, row: bytes) -> str:
        """Return the number of a line, from 1."""
        return str(self.lines.index(row) + 1)

    @property
    def header(self) -> dict[str, Any]:
        """Of which rules, data, year and day it is."""
        found: dict[str, Any] = json.loads(self.lines[0])
        return found

    def about(self) -> str:
        """Return policy and year."""
        return f"for {self.header['year']}"

    def text(self, lang: str = "zh") -> str:
        """Return the certificate as it is written."""
        return b"".join(self.lines).decode()

    def to_dict(self) -> dict[str, Any]:
        """Return the lines as JSON values."""
        return {"schema": SCHEMA, "lines": [json.loads(line) for line in self.lines]}

    def write(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write it for `recheck`. Raises RequestError when the file is there already."""
        replace_file(Path(path), b"".join(self.lines), overwrite=overwrite)
        return Path(path)


def certificate(result: Assessment, source: Path | None = None) -> list[bytes]:
    """Return the lines of the certificate of a run over the data at `source`.

    Without `source` (standard input, a database) the certificate holds the hash of the facts, but
    of no file. The same data, rules and year give the same bytes. Raises RequestError when the
    policy has settings or rules that the checker does not read, or a file cannot be read.
    """
    with without_collector():
        return _lines(result, source)


def _lines(result: Assessment, source: Path | None) -> list[bytes]:
    policy = result.policy
    if policy.settings:
        changed = ", ".join(map(str, policy.settings))
        zh, en = "改过的规则没有文件，不能出核验凭证", "a changed policy has no files to certify"
        raise RequestError([Problem("--certificate", zh, en, changed)])
    rules = _read_by_checker(policy)
    run = (policy, result.year, result.cut_off)
    stated = set(chain(*fact_atoms(result.facts, *run, asked=REPORTED).values()))
    given = _data_files(source) if source is not None else []
    same = source is not None and _read_alone(source, rules, run[1:]) == stated
    digest = checker.digest_of(stated)
    del stated
    facts, beside, alike = _alike(result, rules)
    steps, switches = derivations(facts, *run, checker.CERTIFIED, beside)
    known = chain(*fact_atoms(facts, *run, asked=REPORTED).values(), beside["counts"])
    proof = prove(steps, set(known), lambda atom: atom.partition("(")[0] in checker.CERTIFIED)
    del steps
    hashes = {f.name: _hash(f) for f in checker.files_of(policy.folder, base_folder())}
    header: dict[str, Any] = {
        "cut_off": int(f"{result.cut_off:%Y%m%d}"),
        "data": {},
        "facts": digest,
        "format": checker.FORMAT,
        "policy": checker.digest(hashes),
        "rules": hashes,
        "source": {},
        "switches": dict(switches),
        "year": result.year,
        "data" if same else "source": {f.name: _hash(f) for f in given},
    }
    written = [checker.canonical(header)]
    subjects = {*facts.units.column("id"), *facts.incidents.column("id")}
    lines = chain(({"unit": u, "alike": others} for u, *others in alike), blocks(proof, subjects))
    written += sorted(map(checker.canonical, lines))
    return [*written, checker.canonical(checker.seal(written))]


def _alike(
    result: Assessment, rules: Sequence[checker.Rule]
) -> tuple[Facts, Mapping[str, Sequence[str]], list[list[str]]]:
    """Return the facts of one unit of each class, the atoms that say so, and the classes of
    several, in order of ids. Without classes where the checker would not take them."""
    facts, policy = result.facts, result.policy
    used = checker.needed(rules)
    named = {text[1:-1] for text in checker.texts([rule[1:] for rule in used])}
    if policy.proof.distinctions or named & facts.rows.keys() or any(checker.apart(used)):
        return facts, {"alike": (), "counts": ()}, []
    ids = facts.units.column("id")
    order = sorted(range(len(ids)), key=ids.__getitem__)
    facts = evolve(facts, units=facts.units.take(order))
    made = classes(facts, policy, result.year, result.cut_off, totals=True, leaves=True)
    return made.facts, made.atoms, list(made.groups.members_of(made.merged).values())


def _hash(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        problem = Problem(path.name, "无法读取", "cannot be read", error.strerror)
        raise RequestError([problem]) from None


def _data_files(source: Path) -> list[Path]:
    """Return the files at `source` that hold data."""
    if not source.is_dir():
        return [source]
    return [f for f in source.iterdir() if f.suffix.lower() in (".csv", *WORKBOOKS)]


def _read_alone(source: Path, rules: Sequence[checker.Rule], run: tuple[int, date]) -> set[str]:
    """Return the facts that the checker reads at `source`, none if it does not."""
    try:
        read = checker.stated(source, rules, run[0], int(f"{run[1]:%Y%m%d}"))
    except (checker.Unreadable, OSError):
        return set()
    return checker.lines_of(read)


def _read_by_checker(policy: Policy) -> list[checker.Rule]:
    """Return the rules as the checker reads them. Raises RequestError when it does not read them:
    nobody could recheck their certificate."""
    try:
        return checker.read_rules(policy.folder, base_folder())
    except checker.Unreadable as error:
        first = _problems(error)
    every: list[Problem] = []
    for path in policy.files:
        try:
            list(checker.Reader(path.read_text(encoding="utf-8-sig"), path.name).rules())
        except checker.Unreadable as error:
            every += _problems(error)
    raise RequestError(every or first)


def _problems(error: checker.Unreadable) -> list[Problem]:
    return [Problem(str(p.place), p.zh, p.en) for p in error.problems]
