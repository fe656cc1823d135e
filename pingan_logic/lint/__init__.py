"""Checks of rule files that need no data: how rules are written, not what they decide."""

from pingan_logic.lint.report import Linted
from pingan_logic.lint.rules import RULES, LintRule
from pingan_logic.lint.run import LintFinding, lint, lint_text

__all__ = ["RULES", "LintFinding", "LintRule", "Linted", "lint", "lint_text"]
