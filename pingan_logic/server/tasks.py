"""What worker processes do: a body in, the command line's answer out, as it is sent.

Runs in processes that are recycled, because the solver never frees its symbols.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from pickle import loads
from typing import Any

from attrs import evolve, frozen
from pydantic import BaseModel, ValidationError

from pingan_logic.catalogue import Policy, check_language
from pingan_logic.certificate import certificate
from pingan_logic.errors import (
    InputError,
    LimitError,
    PinganError,
    PolicyError,
    Problem,
    Problems,
    RequestError,
)
from pingan_logic.evaluation import evaluate
from pingan_logic.intake import read_document, read_upload, to_facts
from pingan_logic.intake.json_document import read_value
from pingan_logic.intake.vocabulary import asked_kind
from pingan_logic.json_text import to_json
from pingan_logic.library import ask
from pingan_logic.messages.service import WORDS
from pingan_logic.model import Facts
from pingan_logic.programme import programme
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.questions.checked import checked
from pingan_logic.questions.described import HTTP, Question
from pingan_logic.questions.whatif import WhatIf
from pingan_logic.reports.write import check_target, render
from pingan_logic.rules.proven import digest
from pingan_logic.server.bodies import BODIES
from pingan_logic.server.invalid import problems_of
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.verdicts import Assessment

__all__ = [
    "Failure",
    "Served",
    "answer",
    "assess_county",
    "begin",
    "caught",
    "check",
    "county_document",
    "failure_of",
    "inputs_given",
    "rules_digest",
    "served_facts",
    "served_rules",
    "unfit",
]


@frozen
class Served:
    """What a service serves: the policy and the digest of its rules, the name and the records of a
    county (pickled; None for none), and the most seconds that a search may take."""

    policy: str | None
    digest: str
    name: str
    facts: bytes | None
    search: float


@frozen
class Failure:
    """An error as plain values: `kind` is input, policy, missing, request, body or limit."""

    kind: str
    title: tuple[str, str]
    problems: tuple[Problem, ...]
    more: int = 0

    def error(self) -> PinganError:
        """Return the error as the command line says it."""
        kind = {"input": InputError, "policy": PolicyError, "limit": LimitError}
        return kind.get(self.kind, RequestError)(self.problems, self.more)


class _Here:
    """What this process has to do with, given when it begins."""

    served: Served


def begin(served: Served) -> None:
    """Take note of what is served; read when it is needed."""
    _Here.served = served
    for kept in (_rules, _county, _judged):
        kept.cache_clear()


def served_rules() -> Policy:
    """Return the rules that are served."""
    return _rules()


def rules_digest() -> str:
    """Return the digest of the rules that are served."""
    return _Here.served.digest


def served_facts() -> Facts:
    """Return the records of the served county. Raises RequestError when there is none."""
    return _county()


@cache
def _rules() -> Policy:
    policy = load_policy(_Here.served.policy)
    if digest(policy.files) != _Here.served.digest:
        raise PolicyError(
            [
                Problem(
                    policy.name,
                    "规则文件在服务启动后改动过，请重启服务",
                    "the rule files were changed since the service began; start it again",
                )
            ]
        )
    return policy


@cache
def _county() -> Facts:
    if _Here.served.facts is None:
        raise RequestError([Problem("facts", "请随请求发送数据", "send the data along")])
    facts: Facts = loads(_Here.served.facts)
    return facts


@lru_cache(2)
def _judged(year: int | None, day: date | None, today: date) -> Assessment:
    """Judge the served county; until `today` is over the answer is the same."""
    return evaluate(_county(), _rules(), year, as_of=day)


def failure_of(error: PinganError) -> Failure:
    """Return an error as plain values; a unit that is not there is `missing`."""
    kind = "request"
    if isinstance(error, InputError):
        kind = "input"
    elif isinstance(error, PolicyError):
        kind = "policy"
    elif isinstance(error, LimitError):
        kind = "limit"
    elif isinstance(error, RequestError) and any(p.place == "UNIT" for p in error.problems):
        kind = "missing"
    return Failure(kind, (error.title_zh, error.title_en), error.problems, error.more)


def unfit(error: ValidationError, model: type[BaseModel]) -> Failure:
    """Return what pydantic finds wrong with a body of `model` as plain values."""
    titles = WORDS["zh"]["invalid_title"], WORDS["en"]["invalid_title"]
    found = Problems(problems_of(error.errors(), model))
    return Failure("body", titles, tuple(found), found.more)


def caught(make: Callable[[], Any]) -> Any:
    """Return what `make` returns, or what went wrong as plain values."""
    try:
        return make()
    except PinganError as error:
        return failure_of(error)
    except MemoryError:
        return failure_of(LimitError.memory())


def assess_county(year: int | None, today: date) -> Assessment | Failure:
    """Judge the served county on a day."""
    found: Assessment | Failure = caught(lambda: _judged(year, None, today))
    return found


def county_document(form: str, year: int | None, lang: str) -> bytes | Failure:
    """Make a document of the served county: the programme as `json`, or the report as `html`,
    `xlsx` or `docx`, or the `certificate` of a year."""

    def made() -> bytes:
        if form == "certificate":
            return b"".join(certificate(_judged(year, None, date.today())))
        target = f"report.{form}"
        if form != "json":
            check_target(target)
        check_language(_rules(), lang, "lang")
        found = programme(_county(), _rules(), year)
        if form == "json":
            return to_json(found.to_dict(lang)).encode(errors="replace")
        return render(found, target, lang)

    found: bytes | Failure = caught(made)
    return found


def check(content: bytes, name: str, lang: str) -> bytes | Failure:
    """Check a file that was sent, as the command `check` does, and return its JSON."""

    def made() -> bytes:
        rules = _rules()
        said = checked(lambda: to_facts(read_upload(content, name), rules), rules)
        return to_json(said.to_dict(lang)).encode(errors="replace")

    found: bytes | Failure = caught(made)
    return found


def answer(name: str, content: bytes, lang: str) -> bytes | Failure:
    """Answer the question `name` with the body `content`, as JSON text in UTF-8; an error that it
    causes comes back as a Failure."""

    def answered() -> bytes | Failure:
        document = read_value(content, "body", "utf-8")
        try:
            body = BODIES[name].model_validate(document)
        except ValidationError as error:
            return unfit(error, BODIES[name])
        return to_json(_answer(QUESTIONS[name], body, lang)).encode(errors="replace")

    found: bytes | Failure = caught(answered)
    return found


def _answer(question: Question, body: Any, lang: str) -> dict[str, Any]:
    rules = _rules()
    check_language(rules, lang, "lang")
    given = inputs_given(question, body, rules, _Here.served.search)
    day = _day(body.as_of)
    sent = body.facts is not None
    name = "-" if sent else _Here.served.name
    if sent or day is not None:
        facts = read_document(body.facts, "facts", rules) if sent else _county()
        found = ask(question, facts, given, policy=rules, year=body.year, as_of=day)
    else:
        found = ask(question, _judged(body.year, None, date.today()), given)
    if isinstance(found, WhatIf):
        found = evolve(found, names=(name, name))
    return question.to_dict(found, given, lang)


def inputs_given(
    question: Question, sent: Any, rules: Policy, seconds: float = 0
) -> dict[str, Any]:
    """Return the inputs that were sent with a question, as the library takes them; a search takes
    `seconds` at most."""
    given: dict[str, Any] = {}
    for taken in question.taken(HTTP):
        if taken.form == "names":
            given[taken.name] = (getattr(sent, taken.flag.strip("-")),)
        elif hasattr(sent, taken.name):
            value = given[taken.name] = getattr(sent, taken.name)
            if taken.form == "kind" and value is not None:
                given[taken.name] = asked_kind(rules, value, taken.flag)
    if "time_limit" in given:
        given["time_limit"] = max(1, min(given["time_limit"], int(seconds)))
    return given


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise RequestError(
            [Problem("as_of", "应为日期，如 2014-06-30", "expected a date", text)]
        ) from None
