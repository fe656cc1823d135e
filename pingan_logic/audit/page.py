"""The clause comparison as one self-contained page: the notice on the left, rules on the right."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from pingan_logic.audit.entries import AuditLedger, Entry
from pingan_logic.catalogue import Policy
from pingan_logic.csp import inline_hash
from pingan_logic.errors import Problem, RequestError
from pingan_logic.explain.text import kind_name
from pingan_logic.messages.audit import WORDS
from pingan_logic.messages.explain import WORDS as COMMON
from pingan_logic.policy.sentences import sentence
from pingan_logic.questions.comparison_text import reading_words
from pingan_logic.shell import install
from pingan_logic.verdicts import exact_rate

__all__ = ["page"]

_TESTS = 3
_TEMPLATES = Path(__file__).resolve().parent / "templates"


def page(ledger: AuditLedger, policy: Policy, lang: str) -> str:
    """Return the page. Raises RequestError when the template library is not installed."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise RequestError(
            [
                Problem(
                    "--html",
                    f"需要另外安装：{install('desk')}",
                    f"needs {install('desk')}",
                    "jinja2",
                )
            ]
        ) from None
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    w = WORDS[lang]
    sections: list[dict[str, Any]] = []
    number = 0
    for p in ledger.paragraphs:
        heading = ledger.headings.get(p.place, "")
        if not sections or sections[-1]["heading"] != heading:
            sections.append({"heading": heading, "paragraphs": []})
        entries = []
        for e in p.entries:
            number += 1
            entries.append(
                {
                    "id": f"e{number}",
                    "entry": e,
                    "said": _said(e, policy, lang),
                    "tests": e.tests[:_TESTS],
                    "more": len(e.tests) if len(e.tests) > _TESTS else 0,
                    "readings": _readings(e, policy),
                }
            )
        background = all(e.subject == "background" for e in p.entries)
        item = {"paragraph": p, "entries": entries, "background": background}
        sections[-1]["paragraphs"].append(item)
    switched: dict[int, list[str]] = defaultdict(list)
    for switch, value in policy.switches.items():
        if switch in policy.switch_words:
            said = reading_words(policy, switch, str(value), lang)
            switched[policy.switch_words[switch][0]].append(w["in_force"].format(value=said))
    interpretations = [
        {"n": i.number, "text": i.en if lang == "en" else i.zh, "switched": switched[i.number]}
        for i in policy.interpretations.values()
    ]
    style = (_TEMPLATES / "ledger.css").read_text(encoding="utf-8")
    return environment.get_template("ledger.html.j2").render(
        ledger=ledger,
        style=Markup(style),
        style_hash=inline_hash(style),
        sections=sections,
        w=w,
        lang="zh-CN" if lang == "zh" else "en",
        colon=COMMON[lang]["colon"],
        comma=COMMON[lang]["list"],
        problems=[o.words(lang) for o in ledger.orphans],
        reason=lang == "en",
        interpretations=interpretations,
    )


_COUNTED = re.compile(r"^list_of\(.*,\s*(\d+)\)")


def _readings(entry: Entry, policy: Policy) -> list[int]:
    """Return the readings on which an entry rests: its own, and those whose switch its rules
    ask for."""
    inner = entry.subject.removesuffix(")").partition("(")[2]
    text = "\n".join(r.text for r in entry.rules)
    found = {
        i.number
        for i in policy.interpretations.values()
        if inner in (i.name, str(i.number)) and entry.state == "rule"
    }
    found.update(
        number
        for switch, (number, *_) in policy.switch_words.items()
        if re.search(rf"\b{re.escape(switch)}\b", text)
    )
    return sorted(found & {i.number for i in policy.interpretations.values()})


def _said(entry: Entry, policy: Policy, lang: str) -> list[str]:
    """Say in plain words what the rules of an entry ask for."""
    w = WORDS[lang]
    subject = entry.subject
    name, _, inner = subject.removesuffix(")").partition("(")
    if name == "clause":
        some = [policy.clauses[c] for c in inner.split(";")]
        if len(some) == 1:
            return [sentence(policy, some[0], lang)]
        colon = COMMON[lang]["colon"]
        return [
            f"{kind_name(policy, c.kind, lang)}{colon}{sentence(policy, c, lang)}" for c in some
        ]
    kinds = [k for k in inner.replace(";", ", ").split(", ") if k in policy.kinds]
    named = [policy.kinds[k].en if lang == "en" else policy.kinds[k].zh for k in kinds]
    if name == "target":
        return [
            w["target"].format(kind=k, rate=exact_rate(*policy.targets[i]))
            for i, k in zip(kinds, named, strict=True)
            if i in policy.targets
        ]
    if name == "list_of":
        counted = {m[1] for r in entry.rules if (m := _COUNTED.search(r.text))}
        return [w["list_of"].format(n=n) for n in sorted(counted)]
    if name == "kind":
        return [w["kind"].format(kind=k) for k in named]
    if name == "role":
        roles = {r: COMMON[lang][r] for r in ("assesses", "forwards", "recognises", "awards")}
        return [
            f"{k}{COMMON[lang]['colon']}{roles[r].format(body=body[lang == 'en'])}"
            for i, k in zip(kinds, named, strict=True)
            for r, body in policy.roles.get(i, {}).items()
            if r in inner
        ]
    for i in policy.interpretations.values():
        if subject == f"interpretation({i.number})" or inner == i.name:
            return [i.en if lang == "en" else i.zh]
    return []
