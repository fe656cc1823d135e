"""All findings of a policy, in words and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import frozen

from pingan_logic.errors import check_words
from pingan_logic.figures import SCHEMA
from pingan_logic.findings import Remark
from pingan_logic.lint.rules import RULES
from pingan_logic.lint.run import RUN_RULES, TEXT_RULES, LintFinding
from pingan_logic.shown import Answer

__all__ = ["Linted"]


def _about() -> dict[str, tuple[str, str]]:
    """Return what each rule is about, in Chinese and English."""
    return {**TEXT_RULES, **{r.name: (r.zh, r.en) for r in RULES.values()}, **RUN_RULES}


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

    def remarks(self, folder: Path, lang: str = "zh") -> list[Remark]:
        """Return the findings with their files below `folder`, as other tools read them."""
        about = _about()
        return [
            Remark(
                str(folder / f.file), f.line, f.column, f.rule, about[f.rule][lang == "en"],
                f.en if lang == "en" else f.zh,
            )
            for f in self.findings
        ]  # fmt: skip

    def kept(self) -> list[str]:
        """Return the names of the rules that nothing breaks."""
        broken = {f.rule for f in self.findings}
        return sorted(set(_about()) - broken)

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
