"""The reference of the questions, generated from their description.

`python -m pingan_logic.questions.reference > docs/dev/questions.md` writes it; a test says when it
is stale.
"""

from __future__ import annotations

from collections.abc import Iterator

from pingan_logic.messages.reference import WORDS
from pingan_logic.questions.catalogue import COMMON, QUESTIONS
from pingan_logic.questions.described import CLI, HTTP, LIBRARY, Input, Question

__all__ = ["reference"]

_COMMANDS = {
    "certificate": "evaluate --certificate",
    "expand": "policy expand",
    "params": "policy params",
    "show": "policy show",
    "switches": "whatif --each-switch",
}


def reference() -> str:
    """Return the reference as Markdown, Chinese first, each language in full."""
    return "\n".join(line for lang in ("zh", "en") for line in _in(lang))


def _in(lang: str) -> Iterator[str]:
    w = WORDS[lang]
    yield from (w["title"], "", w["head"], "")
    yield from (w["common"], "", *_table(COMMON, lang), "")
    for about in ("county", "unit", "rules", "file"):
        yield from (f"### {w[about]}", "")
        for question in QUESTIONS.values():
            if question.of == about:
                yield from _question(question, lang)


def _question(q: Question, lang: str) -> Iterator[str]:
    w = WORDS[lang]
    yield from (f"#### {q.name}", "", q.en[0].upper() + q.en[1:] if lang == "en" else q.zh, "")
    yield f"- {w['command']} `{_COMMANDS.get(q.name, q.name)}`"
    taken = [i.name for i in q.taken(LIBRARY) if not i.shows]
    yield f"- {w['library']} `pingan_logic.{q.name}({', '.join([q.about, *taken])})`"
    ways = [f"`POST /{q.name}`"] * q.posted
    ways += [f"`GET /{q.name}{'/{unit}' if q.of == 'unit' else ''}`"] * q.got
    if ways:
        yield f"- {w['service']} {w['comma'].join(ways)}"
    yield from (f"- {w['answer']} `{q.returns}`", "")
    if q.inputs:
        yield from (*_table(q.inputs, lang), "")


def _table(inputs: tuple[Input, ...], lang: str) -> Iterator[str]:
    w = WORDS[lang]
    yield w["table"]
    for i in inputs:
        option = "`UNIT`" if i.form == "unit" else f"`{i.flag}`"
        sent = i.flag.strip("-") if i.form == "names" else i.name
        cells = (
            f"`{i.name}`",
            option if CLI in i.faces else w["none"],
            f"`{sent}`" if HTTP in i.faces else w["none"],
            _value(i, lang),
            i.zh if lang == "zh" else i.en,
        )
        yield f"| {' | '.join(cells)} |"


def _value(i: Input, lang: str) -> str:
    w = WORDS[lang]
    said = [("、" if lang == "zh" else ", ").join(i.choices) or w[f"{i.form}_form"]]
    if i.form == "whole":
        bounds = {"low": i.least, "high": i.most}
        said.append(w["least" if i.most is None else "range"].format(**bounds))
        if i.default is not None:
            said.append(w["default"].format(value=i.default))
    return w["comma"].join(said)


if __name__ == "__main__":
    print(reference(), end="")
