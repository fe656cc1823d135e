"""The page of the desk as one text: its style, script and words, and those of the report, which it
shows in place."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from pingan_logic.catalogue import Policy
from pingan_logic.csp import inline_hash
from pingan_logic.explain.text import internal_words
from pingan_logic.messages.desk import WORDS
from pingan_logic.messages.pages import WORDS as REPORT
from pingan_logic.policy.asked import asked_text, best_text, settable, years_looked_back
from pingan_logic.questions.comparison_text import reading_words
from pingan_logic.verdicts import hundredths

__all__ = ["desk_page"]

_HERE = Path(__file__).resolve().parent
_REPORT = _HERE.parents[1] / "reports" / "templates"


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def desk_page(policy: Policy, lang: str, served: str, given: str) -> str:
    """Return the page; `served` is the name of the data that is served already and `given`
    that of a file to begin with, if any."""
    words = {
        **WORDS[lang],
        "title": WORDS[lang]["title"].format(programme=policy.programme[lang == "en"]),
    }
    internal = internal_words(policy, REPORT[lang], lang)
    style, script = _text(_HERE / "desk.css"), _text(_HERE / "desk.js")
    report_style, report_script = _text(_REPORT / "page.css"), _text(_REPORT / "page.js")
    report_style = report_style.replace("/*INTERNAL*/", internal)
    told = {
        "words": words,
        "lang": lang,
        "served": served,
        "given": given,
        "settings": _settings(policy, lang),
        "script": report_script,
    }
    # what stands in a script element must not end it
    data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    values = {
        **{name: escape(text) for name, text in words.items()},
        "style": report_style,
        "desk_style": style,
        "script": script,
        "data": data,
        "notice": escape(policy.notice[lang == "en"]),
        "other": "zh" if lang == "en" else "en",
        "csp": "; ".join(
            [
                "default-src 'none'",
                f"style-src '{inline_hash(report_style)}' '{inline_hash(style)}'",
                f"script-src '{inline_hash(script)}' '{inline_hash(report_script)}'",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        ),
    }
    page = _text(_HERE / "desk.html")
    pieces = page.split("{{")
    out = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}}")
        out += (values[name.strip()], rest)
    return "".join(out)


def _settings(policy: Policy, lang: str) -> list[dict[str, Any]]:
    """Return what can be tried: thresholds, marks and targets with a value to type, readings with
    the values to choose from."""
    found: list[dict[str, Any]] = []
    order = {kind: n for n, kind in enumerate(policy.kinds)}
    for clause in sorted(policy.clauses.values(), key=lambda c: (order[c.kind], c.source)):
        said = f"{clause.source} {clause.text(lang)}"
        if clause.threshold:
            n, d = clause.threshold
            share = f"{n * 100 // d}%" if n * 100 % d == 0 else f"{n}/{d}"
            found.append({"setting": f"threshold({clause.id})", "label": said, "value": share})
        if clause.pass_mark is not None:
            mark = hundredths(clause.pass_mark)
            found.append({"setting": f"pass_mark({clause.id})", "label": said, "value": mark})
    for c in map(policy.clauses.__getitem__, settable(policy)):
        said, asked = f"{c.source} {c.text(lang)}", c.asked
        if asked is not None:
            value = asked_text(policy, c, asked)
            found.append({"setting": f"asks_for({c.id})", "label": said, "value": value})
    for name, best in policy.best.items():
        c = policy.clauses[name]
        said = f"{c.source} {c.text(lang)}"
        found.append({"setting": f"best_of({name})", "label": said, "value": best_text(best)})
    for c in policy.clauses.values():
        if years := years_looked_back(c):
            said = f"{c.source} {c.text(lang)}"
            found.append({"setting": f"looks_back({c.id})", "label": said, "value": str(years[-1])})
    named = sorted(policy.switches, key=lambda s: policy.switch_words.get(s, (999, s, s))[0])
    for switch in named:
        number, zh, en = policy.switch_words.get(switch, (0, switch, switch))
        now = policy.switches[switch]
        values = list(dict.fromkeys([now, *policy.switch_values.get(switch, ())]))
        label = WORDS[lang]["reading"].format(n=number, text=en if lang == "en" else zh)
        found.append(
            {
                "setting": f"switch({switch})",
                "label": label,
                "value": str(now),
                "values": [[str(v), reading_words(policy, switch, str(v), lang)] for v in values],
            }
        )
    return found
