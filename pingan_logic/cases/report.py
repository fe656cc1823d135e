"""Case results as words and as JUnit XML."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from attrs import frozen

from pingan_logic.cases.run import CaseResult, Coverage
from pingan_logic.catalogue import Policy
from pingan_logic.errors import check_words
from pingan_logic.figures import SCHEMA
from pingan_logic.findings import Remark, xml_text
from pingan_logic.messages.cases import WORDS
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.shown import Answer

__all__ = ["WORDS", "Tested", "coverage_line", "failure_lines", "junit"]


def _status_words(text: str, lang: str) -> str:
    """Put the statuses and clause ids of a difference into words."""
    word = {"met", "failed", "undetermined"}
    parts = [COMMON[lang][p] if p in word else p for p in text.split(" ")]
    return " ".join(parts) if text != "-" else WORDS[lang]["none"]


def failure_lines(result: CaseResult, lang: str) -> list[str]:
    """Return a failed case as lines: expected under actual, aligned."""
    w, case = WORDS[lang], result.case
    lines = [w["failed_case"].format(file=case.file, line=case.line, name=case.name)]
    for d in result.differences:
        lines.append(f"    {d.what}")
        lines.append(f"        {w['expected']}  {_status_words(d.expected, lang)}")
        lines.append(f"        {w['actual']}  {_status_words(d.actual, lang)}")
    return lines


def coverage_line(coverage: Coverage, lang: str) -> str:
    """Return the clause coverage, truncated to a tenth of a percent."""
    return WORDS[lang]["coverage"].format(
        covered=coverage.covered,
        total=coverage.total,
        percent=f"{coverage.tenths // 10}.{coverage.tenths % 10}",
    )


def junit(results: Sequence[CaseResult], lang: str) -> bytes:
    """Return the results as JUnit XML: one suite for each file."""
    root = ElementTree.Element("testsuites", name="pingan_logic")
    for file in dict.fromkeys(r.case.file for r in results):
        mine = [r for r in results if r.case.file == file]
        suite = ElementTree.SubElement(
            root, "testsuite", name=file, tests=str(len(mine)),
            failures=str(sum(not r.passed for r in mine)), errors="0",
            time=f"{sum(r.seconds for r in mine):.3f}",
        )  # fmt: skip
        for r in mine:
            case = ElementTree.SubElement(
                suite, "testcase", classname=file, name=xml_text(r.case.name), file=file,
                line=str(r.case.line), time=f"{r.seconds:.3f}",
            )  # fmt: skip
            if not r.passed:
                lines = failure_lines(r, lang)
                failure = ElementTree.SubElement(case, "failure", message=xml_text(lines[0]))
                failure.text = xml_text("\n".join(lines))
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


@frozen(slots=False, repr=False)
class Tested(Answer[CaseResult]):
    """The cases of a policy and what came of each."""

    policy: Policy
    results: tuple[CaseResult, ...]

    @cached_property
    def coverage(self) -> Coverage:
        """What the passing cases show."""
        return Coverage(self.policy, {s for r in self.results if r.passed for s in r.seen})

    @property
    def failed(self) -> list[CaseResult]:
        """The cases that did not come as expected."""
        return [r for r in self.results if not r.passed]

    @property
    def passed(self) -> bool:
        """Whether every case came as expected."""
        return not self.failed

    @property
    def rows(self) -> tuple[CaseResult, ...]:
        """The cases."""
        return self.results

    def name_of(self, row: CaseResult) -> str:
        """Return the name of a case."""
        return row.case.name

    def about(self) -> str:
        """Return the policy, and how many cases failed."""
        return f"of {self.policy.name}, {len(self.failed)} failed"

    def text(self, lang: str = "zh") -> str:
        """Return the failures, the clauses that no case shows and the totals in words."""
        check_words(lang)
        w, c, policy = WORDS[lang], COMMON[lang], self.policy
        lines = [line for r in self.failed for line in failure_lines(r, lang)]
        missing: dict[str, list[str]] = {}
        for clause, status in self.coverage.missing():
            missing.setdefault(clause, []).append(c[status])
        for name, statuses in missing.items():
            clause_ = policy.clauses[name]
            said = {"source": clause_.source, "text": clause_.text(lang)}
            lines.append(
                w["uncovered"].format(clause=name, statuses=c["list"].join(statuses), **said)
            )
        n, failed = len(self.results), len(self.failed)
        lines.append(w["summary"].format(n=n, passed=n - failed, failed=failed))
        lines.append(coverage_line(self.coverage, lang))
        return "\n".join(lines) + "\n"

    def remarks(self, folder: Path, lang: str = "zh") -> list[Remark]:
        """Return the failures as findings, their files below `folder`."""
        about = WORDS[lang]["expected"]
        return [
            Remark(
                str(folder / r.case.file), r.case.line, 1, "case", about,
                "\n".join(failure_lines(r, lang)),
            )
            for r in self.failed
        ]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return failures and coverage as JSON values."""
        coverage = self.coverage
        return {
            "schema": SCHEMA,
            "policy": self.policy.name,
            "passed": len(self.results) - len(self.failed),
            "failed": [
                {
                    "name": r.case.name,
                    "file": r.case.file,
                    "line": r.case.line,
                    "differences": [
                        {"what": d.what, "expected": d.expected, "actual": d.actual}
                        for d in r.differences
                    ],
                }
                for r in self.failed
            ],
            "coverage": {
                "covered": coverage.covered,
                "total": coverage.total,
                "percent": f"{coverage.tenths // 10}.{coverage.tenths % 10}",
                "missing": [{"clause": c, "status": s} for c, s in coverage.missing()],
            },
        }
