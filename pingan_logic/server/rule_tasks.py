"""What worker processes answer about the served rules themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pingan_logic.catalogue import check_language
from pingan_logic.json_text import to_json
from pingan_logic.library import ask
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.server.tasks import Failure, caught, rules_digest, served_rules

__all__ = ["about_rules"]


def about_rules(name: str, given: dict[str, Any], lang: str) -> bytes | Failure:
    """Answer a question about the served rules, as JSON text."""
    found: bytes | Failure = caught(
        lambda: _answer(rules_digest(), name, tuple(given.items()), lang)
    )
    return found


@lru_cache(32)
def _answer(rules: str, name: str, given: tuple[tuple[str, Any], ...], lang: str) -> bytes:
    """Answer a question about the rules with a digest: as long as it is the same, so is the
    answer."""
    policy, question, inputs = served_rules(), QUESTIONS[name], dict(given)
    check_language(policy, lang, "lang")
    return to_json(question.to_dict(ask(question, policy, inputs), inputs, lang)).encode(
        errors="replace"
    )
