"""All findings of a policy, in words and as JSON."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from pingan_logic.errors import check_words
from pingan_logic.figures import SCHEMA
from pingan_logic.lint.run import LintFinding
from pingan_logic.shown import Answer

__all__ = ["Linted"]


@frozen(repr=False)
class Linted(Answer[LintFinding]):
    """The findings in a policy folder or rule file, in the order of the files."""

    findings: tuple[LintFinding, ...]

    @property
    def rows(self) -> tuple[LintFinding, ...]:
        """The findings."""
        return self.findings

    def name_of(self, row: LintFinding) -> str:
        """Return the place of a finding."""
        return f"{row.file}:{row.line}:{row.column}"

    def text(self, lang: str = "zh") -> str:
        """Return the findings, a line each, and how many there are."""
        check_words(lang)
        n = len(self.findings)
        if lang == "en":
            end = f"{n} finding{'' if n == 1 else 's'}"
        else:
            end = f"{n}处" if n else "没有问题"
        return "".join(f"{line}\n" for line in (*(f.words(lang) for f in self.findings), end))

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Return the findings as JSON values."""
        check_words(lang)
        return {
            "schema": SCHEMA,
            "findings": [
                {
                    "file": f.file,
                    "line": f.line,
                    "column": f.column,
                    "rule": f.rule,
                    "message": f.en if lang == "en" else f.zh,
                }
                for f in self.findings
            ],
        }
