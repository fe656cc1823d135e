"""What worker processes answer about the served rules themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pingan_logic.audit import audit
from pingan_logic.json_text import to_json
from pingan_logic.library import lint, test, verify
from pingan_logic.policy.catalogue import Policy, check_language
from pingan_logic.policy.params import policy_params
from pingan_logic.server.tasks import Failure, caught, served_rules

__all__ = ["RULE_QUESTIONS", "about_rules", "verified"]

RULE_QUESTIONS: dict[str, tuple[str, Callable[[Policy, str], dict[str, Any]]]] = {
    "params": (
        "门槛、分数线、目标、开关、工作量和所在的行 / parameters with clause, source and line",
        lambda rules, lang: policy_params(rules).to_dict(lang),
    ),
    "audit": ("条文对照 / the clause ledger", lambda rules, lang: audit(rules).to_dict(lang)),
    "lint": ("规则的写法 / how rules are written",
             lambda rules, lang: lint(rules.folder).to_dict(lang)),
    "test": ("检验用例 / the test cases of the policy",
             lambda rules, _: test(policy=rules).to_dict()),
}  # fmt: skip
"""What is asked of the rules by a path of its name: the words, and the answer."""


def about_rules(name: str, lang: str) -> bytes | Failure:
    """Answer a question about the served rules, as JSON text."""
    return _said(lambda rules: RULE_QUESTIONS[name][1](rules, lang), lang)


def verified(name: str, bound: int | None, lang: str) -> bytes | Failure:
    """Prove one property of the served rules, or refute it, as JSON text."""
    return _said(lambda rules: verify(rules, name, bound=bound, jobs=1).to_dict(lang), lang)


def _said(make: Callable[[Policy], dict[str, Any]], lang: str) -> bytes | Failure:
    def made() -> bytes:
        rules = served_rules()
        check_language(rules, lang, "lang")
        return to_json(make(rules)).encode(errors="replace")

    found: bytes | Failure = caught(made)
    return found
