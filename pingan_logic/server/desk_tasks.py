"""What worker processes do for the page: read a file that was chosen, answer in words, make files.

Records are kept here only for the next question about the same file; `Workers.renew` ends the
processes when the file is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pickle import dumps, loads
from typing import Any

from attrs import evolve, field, frozen

from pingan_logic.catalogue import Policy, check_language
from pingan_logic.errors import InputError, Problem, RequestError, visible
from pingan_logic.evaluation import evaluate
from pingan_logic.explain import notices_text
from pingan_logic.export.annotate import annotate
from pingan_logic.export.corrected import corrected
from pingan_logic.intake import read_upload, to_facts
from pingan_logic.intake.headers import table_name
from pingan_logic.intake.source import Source
from pingan_logic.library import ask
from pingan_logic.model import TABLES, Facts
from pingan_logic.programme import programme
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.questions.checked import checked
from pingan_logic.questions.whatif import WhatIf
from pingan_logic.reports.write import check_target, render
from pingan_logic.server.tasks import Failure, caught, served_facts, served_rules
from pingan_logic.verdicts import Assessment

__all__ = [
    "ASKED",
    "FILES",
    "Held",
    "Opened",
    "answer_in_words",
    "empty_workbook",
    "make_file",
    "open_data",
]


@frozen
class Held:
    """The file that a question is about: its key, name, content and records (pickled); without
    content and records the served county is meant."""

    key: str
    name: str
    content: bytes | None = None
    facts: bytes | None = None


@frozen
class Opened:
    """A file that was read: what is to be shown of it, and its records (pickled) if it is whole."""

    document: dict[str, Any]
    facts: bytes | None


class _Kept:
    """The records that the last question was about, and their verdicts by year."""

    key = ""
    facts: Facts
    judged: dict[tuple[int | None, date], Assessment]


def open_data(content: bytes, name: str, lang: str) -> Opened | Failure:
    """Read and check a file, and return what is to be shown of it."""

    def opened() -> Opened:
        rules = served_rules()
        check_language(rules, lang, "lang")
        source = Source()

        def read() -> Facts:
            nonlocal source
            source = read_upload(content, name)
            return to_facts(source, rules)

        found = checked(read, rules)
        facts, refused, judged = found.facts, found.refused, found.judged
        said = [en if lang == "en" else zh for zh, en in source.notices]
        if judged is not None:
            said += notices_text(judged, lang, only=rules.said_by_check)
        document = {
            **found.to_dict(lang),
            "causes": [_cause(c) for c in refused.causes(lang)] if refused else [],
            "said": said,
            "tables": _tables(facts, rules, lang),
            "years": [] if facts is None else list(facts.years(rules.period)),
            "year": None if judged is None else judged.year,
        }
        return Opened(document, None if facts is None else dumps(facts))

    answer: Opened | Failure = caught(opened)
    return answer


def _cause(said: tuple[str, str]) -> dict[str, str]:
    return {"where": said[0], "what": said[1]}


def _tables(facts: Facts | None, rules: Policy, lang: str) -> list[dict[str, Any]]:
    if facts is None:
        return []
    kinds = Counter(facts.units.column("kind"))
    return [
        {
            "table": table if lang == "en" else table_name(table),
            "rows": len(getattr(facts, table)),
            "kinds": [
                [kind.en if lang == "en" else kind.zh, kinds[kind.id]]
                for kind in (rules.unit_kinds.values() if table == "units" else ())
                if kinds[kind.id]
            ],
        }
        for table in TABLES
        if len(getattr(facts, table))
    ]


@frozen
class _Asking:
    """A question about a file: its words, the rules and the records."""

    held: Held
    lang: str
    year: int | None = None
    rules: Policy = field(factory=served_rules)

    @property
    def facts(self) -> Facts:
        """The records of the file."""
        if _Kept.key != self.held.key:
            if self.held.facts is None and self.held.content is not None:
                zh, en = "数据有误，请先改正", "the data has problems: mend them first"
                raise RequestError([Problem(self.held.name, zh, en)])
            facts = served_facts() if self.held.facts is None else loads(self.held.facts)
            _Kept.key, _Kept.facts, _Kept.judged = self.held.key, facts, {}
        return _Kept.facts

    def judged(self) -> Assessment:
        """Judge all units."""
        facts, key = self.facts, (self.year, date.today())
        if key not in _Kept.judged:
            _Kept.judged[key] = evaluate(facts, self.rules, self.year)
        return _Kept.judged[key]


_SEARCH = 45
"""Seconds of a search at most."""

ASKED = ("explain", "fix", "margin", "missing", "programme", "switches", "whatif")
"""What can be asked about a file."""


def answer_in_words(
    name: str, held: Held, lang: str, year: int | None, unit: str, settings: tuple[str, ...]
) -> str | Failure:
    """Answer a question about a file in the words of the command line."""

    def answered() -> str:
        q, question = _Asking(held, lang, year), QUESTIONS[name]
        check_language(q.rules, lang, "lang")
        sent = {"unit": unit, "set": settings, "time_limit": _SEARCH, "all": name != "fix"}
        given = {i.name: sent[i.name] for i in question.inputs if i.name in sent}
        found = ask(question, q.judged(), given)
        if isinstance(found, WhatIf):
            found = evolve(found, names=(visible(held.name), visible(held.name)))
        return question.text(found, given, lang)

    found: str | Failure = caught(answered)
    return found


def _report(q: _Asking, form: str) -> bytes:
    target = f"report.{form}"
    check_target(target)
    return render(programme(q.facts, q.rules, q.year), target, q.lang)


def _certificate(q: _Asking) -> bytes:
    from pingan_logic.certificate import certificate

    return b"".join(certificate(q.judged()))


def _marked(q: _Asking) -> bytes:
    held = q.held
    if held.content is None:
        zh, en = "只有选择的文件能标注", "only a file that was chosen can be marked"
        raise RequestError([Problem(held.name, zh, en)])
    problems: tuple[Problem, ...] = ()
    source = Source()
    try:
        source = read_upload(held.content, held.name)
        to_facts(source, q.rules)
    except InputError as error:
        problems = error.problems
    return annotate(held.name, source, problems, q.lang, content=held.content)


def _corrected(q: _Asking) -> bytes:
    held = q.held
    if held.content is None:
        zh, en = "只有选择的文件能更正", "only a file that was chosen can be corrected"
        raise RequestError([Problem(held.name, zh, en)])
    source = read_upload(held.content, held.name)
    return corrected(held.name, source, q.rules, q.lang, content=held.content)[0]


_OFFICE = "application/vnd.openxmlformats-officedocument"
FILES: dict[str, tuple[Callable[[_Asking], bytes], str]] = {
    "report.html": (lambda q: _report(q, "html"), "text/html; charset=utf-8"),
    "report.xlsx": (lambda q: _report(q, "xlsx"), f"{_OFFICE}.spreadsheetml.sheet"),
    "report.docx": (lambda q: _report(q, "docx"), f"{_OFFICE}.wordprocessingml.document"),
    "certificate.jsonl": (_certificate, "application/x-ndjson"),
    "fixed.xlsx": (_corrected, f"{_OFFICE}.spreadsheetml.sheet"),
    "marked.xlsx": (_marked, f"{_OFFICE}.spreadsheetml.sheet"),
}
"""The files that can be had of a file, by name: how each is made, and its media type."""


def empty_workbook(lang: str) -> bytes | Failure:
    """Return the workbook to fill in."""

    def made() -> bytes:
        from pingan_logic.export.xlsx import to_xlsx

        check_language(served_rules(), lang, "lang")
        return to_xlsx(served_rules(), None, lang)

    found: bytes | Failure = caught(made)
    return found


def make_file(name: str, held: Held, lang: str, year: int | None) -> bytes | Failure:
    """Make one of FILES."""

    def made() -> bytes:
        q = _Asking(held, lang, year)
        check_language(q.rules, lang, "lang")
        return FILES[name][0](q)

    found: bytes | Failure = caught(made)
    return found
