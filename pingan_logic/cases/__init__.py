"""Cases of policy writers: a small world in YAML, the expected status and its reasons."""

from pingan_logic.cases.case import Case
from pingan_logic.cases.load import load_cases
from pingan_logic.cases.report import Tested, coverage_line, junit
from pingan_logic.cases.run import CaseResult, Coverage, Difference, run_case, run_cases

__all__ = [
    "Case",
    "CaseResult",
    "Coverage",
    "Difference",
    "Tested",
    "coverage_line",
    "junit",
    "load_cases",
    "run_case",
    "run_cases",
]
