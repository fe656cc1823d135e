"""What worker processes do: a body in, the command line's answer out, as it is sent.

Runs in processes that are recycled, because the solver never frees its symbols.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from pickle import loads
from typing import Any

from attrs import frozen
from pydantic import BaseModel, ValidationError

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
from pingan_logic.json_text import to_json
from pingan_logic.model import Facts
from pingan_logic.policy.catalogue import Policy, check_kind, check_language
from pingan_logic.policy.proven import digest
from pingan_logic.policy.settings import parse_setting
from pingan_logic.programme import programme
from pingan_logic.questions.comparison import each_switch, policy_with
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from pingan_logic.questions.whatif import Switches, what_if
from pingan_logic.reasoning.checked import checked
from pingan_logic.reports.write import check_target, render
from pingan_logic.search import find_unit
from pingan_logic.server.bodies import (
    QUESTIONS,
    EvaluateBody,
    ExplainBody,
    FixBody,
    SwitchesBody,
    WhatifBody,
)
from pingan_logic.server.invalid import problems_of
from pingan_logic.server.words import WORDS
from pingan_logic.solving.engine import load_policy
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
            body = QUESTIONS[name].body.model_validate(document)
        except ValidationError as error:
            return unfit(error, QUESTIONS[name].body)
        return to_json(_ANSWERS[name](_Asking(body, lang))).encode(errors="replace")

    found: bytes | Failure = caught(answered)
    return found


class _Asking:
    """A question that is being answered: its body, policy and data."""

    def __init__(self, body: Any, lang: str) -> None:
        self.body, self.lang = body, lang
        self.rules = _rules()
        check_language(self.rules, lang, "lang")
        self.day = _day(body.as_of)
        self.sent = body.facts is not None
        self.facts = read_document(body.facts, "facts", self.rules) if self.sent else _county()

    @property
    def name(self) -> str:
        """The data, as the command line calls it."""
        return "-" if self.sent else _Here.served.name

    def judged(self, unit: str | None = None) -> Assessment:
        """Judge all units, or one and what it contains."""
        year: int | None = self.body.year
        if self.sent:
            return evaluate(self.facts, self.rules, year, as_of=self.day, unit=unit)
        whole = _judged(year, self.day, date.today())
        return whole if unit is None else whole.only(unit)

    @property
    def seconds(self) -> float:
        """The most seconds of a search."""
        return min(float(self.body.time_limit), _Here.served.search)

    def unit(self) -> str:
        """Return the id of the unit asked for."""
        return find_unit(self.facts, self.body.unit).id


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise RequestError(
            [Problem("as_of", "应为日期，如 2014-06-30", "expected a date", text)]
        ) from None


def _evaluate(q: _Asking) -> dict[str, Any]:
    body: EvaluateBody = q.body
    if body.kind is not None:
        check_kind(q.rules, body.kind, "kind")
    return q.judged().to_dict(body.kind, body.status)


def _explain(q: _Asking) -> dict[str, Any]:
    body: ExplainBody = q.body
    unit = q.unit()
    return q.judged(unit).explain(unit).to_dict(q.lang, every=body.all)


def _fix(q: _Asking) -> dict[str, Any]:
    body: FixBody = q.body
    unit, judged = q.unit(), q.judged()
    return find_remedy(judged, unit, body.alternatives, q.seconds).to_dict(q.lang)


def _margin(q: _Asking) -> dict[str, Any]:
    unit = q.unit()
    return find_margin(q.judged(unit if q.sent else None), unit, q.seconds).to_dict()


def _missing(q: _Asking) -> dict[str, Any]:
    unit = q.unit()
    return find_missing(q.judged(unit if q.sent else None), unit, q.seconds).to_dict()


def _programme(q: _Asking) -> dict[str, Any]:
    return programme(q.facts, q.rules, q.body.year, as_of=q.day).to_dict(q.lang)


def _switches(q: _Asking) -> dict[str, Any]:
    body: SwitchesBody = q.body
    base = policy_with(q.rules, [parse_setting(s, q.rules) for s in body.set])
    return Switches(base, tuple(each_switch(q.facts, base, body.year, q.day))).to_dict()


def _whatif(q: _Asking) -> dict[str, Any]:
    body: WhatifBody = q.body
    return what_if(
        q.facts,
        q.judged(),
        settings=body.set,
        change={"add": body.add, "remove": body.remove},
        year_b=body.year_b,
        as_of=q.day,
        names=(q.name, q.name),
    ).to_dict()


_ANSWERS: dict[str, Callable[[_Asking], dict[str, Any]]] = {
    "evaluate": _evaluate,
    "explain": _explain,
    "fix": _fix,
    "margin": _margin,
    "missing": _missing,
    "programme": _programme,
    "whatif": _whatif,
    "switches": _switches,
}
