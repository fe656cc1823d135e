"""The certificate of a run, line by line: docs/dev/certificate.md describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from attrs import frozen

from pingan_logic.certificate.blocks import blocks
from pingan_logic.certificate.proof import prove
from pingan_logic.errors import Problem, RequestError
from pingan_logic.figures import SCHEMA
from pingan_logic.files import replace_file
from pingan_logic.intake.load import WORKBOOKS
from pingan_logic.judging.classes import classes
from pingan_logic.policy.catalogue import Policy
from pingan_logic.recheck import checker
from pingan_logic.shown import Answer
from pingan_logic.solving.encode import REPORTED, fact_atoms
from pingan_logic.solving.engine import derivations
from pingan_logic.solving.grouping import ungrouped
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


def certificate(result: Assessment, source: Path | None = None) -> Iterator[bytes]:
    """Yield the lines of the certificate of a run over the data at `source`.

    Without `source` (standard input, a database) the certificate holds the hash of the facts, but
    of no file. The same data, rules and year give the same bytes. Raises RequestError when the
    policy has settings or rules that the checker does not read, or a file cannot be read.
    """
    policy = result.policy
    if policy.settings:
        changed = ", ".join(map(str, policy.settings))
        zh, en = "改过的规则没有文件，不能出核验凭证", "a changed policy has no files to certify"
        raise RequestError([Problem("--certificate", zh, en, changed)])
    _read_by_checker(policy)
    run = (policy, result.year, result.cut_off)
    atoms = fact_atoms(result.facts, result.year, result.cut_off, asked=REPORTED)
    stated = sorted(set(chain.from_iterable(atoms.values())))
    made = classes(result.facts, *run, totals=True, nearby=True)
    facts, groups, beside = made.facts, made.groups, made.atoms
    steps, switches = derivations(facts, *run, checker.CERTIFIED, beside)
    numbers = set(beside["counts"])
    if policy.proof.distinctions or any(e in numbers for _, _, rests in steps for e in rests):
        # a derivation that speaks of how many are like a unit holds for no unit by itself
        facts, groups = result.facts, ungrouped(result.facts)
        steps, switches = derivations(facts, *run, checker.CERTIFIED)
    proof = prove(steps, set(stated), lambda atom: atom.partition("(")[0] in checker.CERTIFIED)
    given = _data_files(source) if source is not None else []
    kind = "data" if source is not None and _same(source, policy, stated) else "source"
    rules = {f.name: _hash(f) for f in checker.files_of(policy.folder)}
    header: dict[str, Any] = {
        "cut_off": int(f"{result.cut_off:%Y%m%d}"),
        "data": {},
        "facts": sha256("\n".join(stated).encode()).hexdigest(),
        "format": checker.FORMAT,
        "policy": checker.digest(rules),
        "rules": rules,
        "source": {},
        "switches": dict(switches),
        "year": result.year,
        kind: {f.name: _hash(f) for f in given},
    }
    written = [checker.canonical(header)]
    subjects = groups.members | {i: [i] for i in result.facts.incidents.column("id")}
    written += sorted(map(checker.canonical, blocks(proof, subjects)))
    yield from written
    yield checker.canonical(checker.seal(written))


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


def _same(source: Path, policy: Policy, stated: list[str]) -> bool:
    """Whether the checker reads the same facts at `source`; else they must be converted for it."""
    try:
        words = checker.vocabulary(checker.read_rules(policy.folder))
        read = {checker.written(fact) for fact in checker.read_data(source, words)}
    except (checker.Unreadable, OSError):
        return False
    asked = 2 + len(REPORTED)  # year, cut-off, what is asked
    return read <= set(stated) and len(stated) - len(read) == asked


def _read_by_checker(policy: Policy) -> None:
    """Refuse rules that the checker does not read: nobody could recheck their certificate."""
    problems: list[Problem] = []
    for path in policy.files:
        try:
            list(checker.Reader(path.read_text(encoding="utf-8-sig"), path.name).rules())
        except checker.Unreadable as error:
            problems += (Problem(str(p.place), p.zh, p.en) for p in error.problems)
    if not problems:
        try:
            checker.read_rules(policy.folder)
        except checker.Unreadable as error:
            problems += (Problem(str(p.place), p.zh, p.en) for p in error.problems)
    if problems:
        raise RequestError(problems)
