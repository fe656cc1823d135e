"""What the predicates that Python reads must look like; a policy with others is refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pingan_logic.errors import Problem

__all__ = ["SHAPES", "misshapen"]

SHAPES = {
    "absent": "s",
    "accountable": "ss",
    "affiliable": "n",
    "answers": "nn",
    "amount": "nsni",
    "asks_for_given": "nnn",
    "compared": "nnit",
    "measures": "nt",
    "no_value": "nsn",
    "attained": "ntn",
    "attainment": "ntiii",
    "body": "nss",
    "allows": "nsi",
    "all_of": "nn",
    "in_rate": "nnss",
    "also_called": "nns",
    "any_of": "nn",
    "breach": "nnss",
    "clause": "nnss",
    "complete": "sn",
    "default_year": "i",
    "defect": "t",
    "english": "ns",
    "finding": "nnsnt",
    "grade": "ntss",
    "heir": "ss",
    "incident_type": "nss",
    "given_for_kind": "n",
    "input": "nntss",
    "input_choice": "ninss",
    "input_limits": "nii",
    "input_unit": "nss",
    "interpretation": "inss",
    "kind": "nsss",
    "lasting": "n",
    "lists": "nn",
    "looks_back": "nni",
    "may_be_declared": "n",
    "may_sit_in": "nn",
    "members": "nn",
    "named": "ss",
    "notice": "nt",
    "notice_name": "ss",
    "programme_name": "ss",
    "notice_text": "nss",
    "below": "nnss",
    "overall": "sn",
    "said_by_check": "n",
    "on_claim": "n",
    "one_for_each": "nn",
    "pass_mark": "ni",
    "posted": "n",
    "programme_year": "i",
    "prohibits": "nntss",
    "put": "ss",
    "recorded_of": "nn",
    "refuted": "nst",
    "relocated": "s",
    "role": "nnn",
    "role_name": "nss",
    "short": "nti",
    "switch": "nt",
    "switch_value": "nt",
    "switch_words": "niss",
    "tally": "nsiii",
    "target": "nii",
    "threshold": "nii",
    "ungraded": "nnss",
    "unrecorded": "nnsn",
    "unrecorded_then": "nnsni",
    "value_words": "ntss",
    "verdict": "nsn",
}
"""The arguments of each predicate: n name, s text, i whole number, t any term."""
_WORDS = {
    "n": ("名称（小写英文）", "a name"),
    "s": ("双引号内的文字", "text in quotes"),
    "i": ("整数", "a whole number"),
}


def misshapen(atoms: Any) -> Iterator[Problem]:
    """Yield a problem for the first atom of each predicate with an argument of another kind.

    `atoms` are the solver's symbolic atoms.
    """
    for name, shape in SHAPES.items():
        for atom in atoms.by_signature(name, len(shape)):
            wrong = next((n for n, k in enumerate(shape) if not _is(atom.symbol, n, k)), None)
            if wrong is not None:
                zh, en = _WORDS[shape[wrong]]
                yield Problem(
                    f"{name}/{len(shape)}",
                    f"第{wrong + 1}个参数应为{zh}",
                    f"argument {wrong + 1} must be {en}",
                    str(atom.symbol),
                )
                break


def _is(atom: Any, position: int, kind: str) -> bool:
    symbol = atom.arguments[position]
    found = symbol.type.name
    if kind == "n":
        return (
            found == "Function" and not symbol.arguments and bool(symbol.name) and symbol.positive
        )
    return kind == "t" or found == {"s": "String", "i": "Number"}[kind]
