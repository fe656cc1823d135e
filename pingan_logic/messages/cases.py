"""The words of test runs."""

from __future__ import annotations

from pingan_logic.messages.languages import Texts, in_languages

__all__ = ["TEXTS", "WORDS"]

TEXTS: Texts = {
    "failed_case": ("未通过 {file}:{line} {name}", "not passed: {file}:{line} {name}"),
    "expected": ("应为", "expected"),
    "actual": "common.actual",
    "none": ("（无）", "(none)"),
    "summary": (
        "{n}个检验用例：{passed}个通过，{failed}个未通过",
        "{n} test cases: {passed} passed, {failed} not passed",
    ),
    "coverage": (
        "条款覆盖：{covered}/{total} = {percent}%",
        "clause coverage: {covered}/{total} = {percent}%",
    ),
    "uncovered": (
        "未覆盖：{clause}（{source} {text}）{statuses}",
        "not covered: {clause} ({source} {text}) {statuses}",
    ),
    "threshold": ("覆盖率低于要求的{threshold}%", "coverage is below the required {threshold}%"),
}

WORDS = in_languages("cases", TEXTS)
