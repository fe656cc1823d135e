"""What a service is made of, each piece by itself: words of errors, queries, descriptions, lists,
what is kept and for how long. No process, no socket, one small county judged once."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import date
from types import SimpleNamespace
from typing import Any, ClassVar

import openpyxl
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException

from pingan_logic import Assessment, InputError, LimitError, Policy, PolicyError, RequestError
from pingan_logic import evaluate as judge
from pingan_logic.errors import PinganError, Problem
from pingan_logic.intake import read_document
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.questions.described import HTTP
from pingan_logic.server import county as county_module
from pingan_logic.server import desk as desk_module
from pingan_logic.server import desk_tasks, tasks
from pingan_logic.server.bodies import BODIES, EXAMPLE, QUERIES, UnitsQuery, example
from pingan_logic.server.county import Shared, _holds
from pingan_logic.server.describe import _in, docs_page, file_responses, responses
from pingan_logic.server.desk import Desk
from pingan_logic.server.gate import Gate
from pingan_logic.server.invalid import problems_of
from pingan_logic.server.listing import rules_listed, units_listed
from pingan_logic.server.problems import language, problem, refusal, said, unwrapped
from pingan_logic.server.run import is_loopback, listener
from pingan_logic.server.settings import Settings
from pingan_logic.server.tasks import Failure, caught, failure_of, inputs_given, unfit
from pingan_logic.server.workers import Workers
from tests.intake.books import good_book
from tests.server.here import Here

P = Problem("units[1] kind", "应为 a", "expected a", "b\x07", "a")


# errors


def test_a_problem_has_its_words_and_what_was_found() -> None:
    answer = problem(422, "标题", "细节", (P, Problem("x", "无", "none")), "zh", {"X-Y": "1"})
    told = json.loads(bytes(answer.body))
    assert told == {
        "type": "about:blank", "title": "标题", "status": 422, "detail": "细节",
        "problems": [
            {"place": "units[1] kind", "message": "应为 a", "found": "b\\u0007", "nearest": "a"},
            {"place": "x", "message": "无", "found": None, "nearest": None},
        ],
    }  # fmt: skip
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.headers["x-y"]) == (422, "1")
    english = json.loads(bytes(problem(422, "t", "d", (P,), "en").body))
    assert english["problems"][0]["message"] == "expected a"
    assert "problems" not in json.loads(bytes(problem(400, "t", "d").body))
    assert bytes(problem(400, "\ud800", "d").body), "what cannot be encoded is answered too"


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("lost", "1"), ("busy", "5"), ("closing", "5"), ("starting", "1"), ("failing", "10"),
     ("late", None), ("http_413", None)],
)  # fmt: skip
def test_when_it_makes_sense_to_ask_again(name: str, seconds: str | None) -> None:
    for lang in ("zh", "en"):
        answer = said(503, name, lang)
        told = json.loads(bytes(answer.body))
        assert answer.headers.get("retry-after") == seconds
        assert told["title"].isascii() is told["detail"].isascii() is (lang == "en")
        assert (told["title"] == told["detail"]) is (name == "http_413")


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        (InputError([P]), "input", 422),
        (PolicyError([P]), "policy", 500),
        (LimitError([P]), "limit", 503),
        (RequestError([P]), "request", 400),
        (RequestError([P, Problem("UNIT", "没有", "none")]), "missing", 404),
        (InputError([Problem("UNIT", "没有", "none")]), "input", 422),
    ],
)
def test_an_error_comes_back_as_it_was(error: PinganError, kind: str, status: int) -> None:
    def fails() -> None:
        raise error

    failure = caught(fails)
    assert failure == failure_of(error)
    assert (failure.kind, failure.problems) == (kind, error.problems)
    assert (type(failure.error()), failure.error().problems) == (type(error), error.problems)
    for lang, title in (("zh", error.title_zh), ("en", error.title_en)):
        answer = refusal(failure, lang)
        told = json.loads(bytes(answer.body))
        assert (answer.status_code, told["status"], told["title"]) == (status, status, title)
        assert told["problems"][0]["message"] == error.problems[0].said(lang)
        assert told["detail"].splitlines() == [
            line.removeprefix("  ") for line in error.lines(lang)
        ]


def test_how_many_more_problems_there_are_is_said() -> None:
    failure = failure_of(InputError([P], 7))
    assert failure.more == failure.error().more == 7
    assert "7" in json.loads(bytes(refusal(failure, "en").body))["detail"]


def test_no_memory_is_a_limit() -> None:
    def fails() -> None:
        raise MemoryError

    assert caught(fails).kind == "limit"
    assert caught(lambda: 7) == unwrapped(7) == 7


@pytest.mark.parametrize(
    ("query", "lang"),
    [(b"lang=en", "en"), (b"year=1&lang=en", "en"), (b"", "zh"), (b"lang=zh", "zh"),
     (b"xlang=en", "zh"), (b"lang=eng", "zh"), (b"year=lang=en", "zh")],
)  # fmt: skip
def test_the_language_of_a_query(query: bytes, lang: str) -> None:
    assert language(query) == lang


class Asked(BaseModel):
    """A body with every form of input."""

    n: int = 1
    s: str = "x"
    b: bool = True
    many: list[int] = Field(default_factory=list)
    pairs: dict[str, int] = Field(default_factory=dict)
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)


@pytest.mark.parametrize(
    ("sent", "place", "zh", "found", "near"),
    [
        ({"n": "1"}, "n", "应为整数", "1", None),
        ({"n": True}, "n", "应为整数", "true", None),
        ({"n": False}, "n", "应为整数", "false", None),
        ({"n": None}, "n", "应为整数", "null", None),
        ({"s": 1}, "s", "应为文字", "1", None),
        ({"b": "yes"}, "b", "应为 true 或 false", "yes", None),
        ({"many": {}}, "many", "应为列表", "[…]", None),
        ({"many": [1, "x"]}, "many.1", "应为整数", "x", None),
        ({"pairs": []}, "pairs", "应为对象", "[…]", None),
        ({"mani": 1}, "body", "不认识的项", "mani", "many"),
        ({"s": ["x"]}, "s", "应为文字", "[…]", None),
        ({"n": "9" * 100}, "n", "应为整数", "9" * 80, None),
        ([], "body", "应为对象", "[…]", None),
    ],
)
def test_what_pydantic_finds_in_our_words(
    sent: Any, place: str, zh: str, found: str, near: str | None
) -> None:
    with pytest.raises(ValidationError) as raised:
        Asked.model_validate(sent)
    failure = unfit(raised.value, Asked)
    (one,) = failure.problems
    assert (failure.kind, one.place, one.zh, one.found, one.nearest) == (
        *("body", place, zh, found, near),
    )
    assert not any("\u4e00" <= c <= "\u9fff" for c in one.en + failure.title[1])
    assert any("\u4e00" <= c <= "\u9fff" for c in failure.title[0])


def test_an_error_of_pydantic_without_words_of_ours_is_said_too() -> None:
    found = list(problems_of([{"type": "odd", "loc": ("n", 0), "input": 1}], Asked))
    assert [(p.place, p.zh, p.found) for p in found] == [("n.0", "取值不符合要求", "1")]
    missing = {"type": "missing", "loc": ("n",), "input": {"a": 1}}
    assert [p.found for p in problems_of([missing], Asked)] == [None]
    choice = {"type": "literal_error", "loc": ("q",), "input": "eb",
              "ctx": {"expected": "'zh', 'en' or 'fr'"}}  # fmt: skip
    (one,) = problems_of([choice], Asked)
    assert (one.zh, one.en) == ("应为 zh、en、fr", "expected one of zh, en, fr")


# bodies and queries


def test_what_a_question_takes_by_an_address() -> None:
    assert set(BODIES) >= {"evaluate", "explain", "fix", "margin", "missing", "whatif"}
    assert not {n for n in (*BODIES, *QUERIES) if QUESTIONS[n].of == "file"}
    verify = QUERIES["verify"].model_fields
    assert "lang" in verify
    assert "year" not in verify
    assert verify["property"].is_required(), "one property, not all of them"
    explain = QUERIES["explain"].model_fields
    assert "unit" not in explain, "it stands in the address"
    assert explain["year"].default is None
    fix = BODIES["fix"].model_fields
    assert fix["unit"].is_required()
    assert fix["facts"].default is None
    query = UnitsQuery()
    assert (query.page, query.size, query.within, query.lang) == (1, 100, None, "zh")
    for wrong in ({"page": 0}, {"page": 1_000_001}, {"size": 1001}, {"within": "x" * 201}):
        with pytest.raises(ValidationError):
            UnitsQuery(**wrong)
    assert UnitsQuery(page="2", size="1000", within="x" * 200).page == 2
    with pytest.raises(ValidationError):
        UnitsQuery(page="2.0")
    body = BODIES["whatif"]
    with pytest.raises(ValidationError):
        body.model_validate({"set": ["x" * 201]})
    assert body.model_validate({}).set == []


WRONG: dict[str, list[Any]] = {
    "whole": ["1", 1.5, True], "flag": ["yes", 1], "status": ["done", 1],
    "rows": [[], {"units": {}}, None],
    "settings": ["x=1", ["x"] * 51, [1]], "text": [1], "unit": ["", 1, "x" * 201], "kind": [1],
}  # fmt: skip
"""What is no input, by its form."""


@pytest.mark.parametrize("name", list(BODIES))
def test_inputs_of_a_body_are_of_their_form(name: str) -> None:
    shown = example(QUESTIONS[name])
    for taken in QUESTIONS[name].taken(HTTP):
        for wrong in WRONG[taken.form]:
            with pytest.raises(ValidationError) as raised:
                BODIES[name].model_validate({**shown, taken.name: wrong})
            assert {e["loc"][0] for e in raised.value.errors()} == {taken.name}
        assert BODIES[name].model_fields[taken.name].description == taken.words
    with pytest.raises(ValidationError):
        BODIES[name].model_validate({**shown, "odd": 1})
    assert BODIES[name].__name__ == f"{name.capitalize()}Body"


@pytest.mark.parametrize("name", list(BODIES))
def test_the_example_of_a_body_is_one(name: str) -> None:
    shown = example(QUESTIONS[name])
    assert BODIES[name].model_validate(shown)
    assert (shown["facts"], shown["year"]) == (EXAMPLE, 2014)


@pytest.mark.parametrize(
    ("asked", "seconds", "most"), [(5, 0.4, 1), (5, 8.9, 5), (9, 8.9, 8), (1, 8, 1)]
)
def test_a_search_has_a_second_and_ends_before_the_question(
    policy: Policy, asked: int, seconds: float, most: int
) -> None:
    sent = BODIES["fix"](unit="B-1", time_limit=asked)
    assert inputs_given(QUESTIONS["fix"], sent, policy, seconds)["time_limit"] == most
    assert Settings(limit=10).search == 8


def test_inputs_are_those_that_the_library_takes(policy: Policy) -> None:
    given = inputs_given(QUESTIONS["evaluate"], BODIES["evaluate"](kind="楼栋"), policy)
    assert given["kind"] == "building"
    given = inputs_given(QUESTIONS["verify"], QUERIES["verify"](property="empty_ratio"), policy)
    assert ("empty_ratio",) in given.values()
    given = inputs_given(QUESTIONS["whatif"], BODIES["whatif"](year=2014, year_b=2013), policy)
    assert given["year_b"] == 2013


def test_a_day_is_a_date() -> None:
    assert tasks._day(None) is None
    assert tasks._day("2014-06-30") == date(2014, 6, 30)
    with pytest.raises(RequestError) as raised:
        tasks._day("soon")
    (one,) = raised.value.problems
    assert (one.where("en"), one.found, one.en) == ("as_of", "soon", "expected a date")


# descriptions


def test_the_responses_of_an_operation() -> None:
    told = responses("fix")
    assert told[200]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/fix"
    }
    assert set(told) >= {200, 304, 400, 401, 404, 413, 415, 421, 422, 500, 503, 504}
    for status in set(told) - {200, 304}:
        assert told[status]["content"]["application/problem+json"]["schema"] == {
            "$ref": "#/components/schemas/problem"
        }
    page, book = (file_responses(m)[200] for m in ("text/html; charset=utf-8", "application/zip"))
    assert page["content"] == {"text/html": {"schema": {"type": "string"}}}
    assert book["content"]["application/zip"]["schema"]["format"] == "binary"


def test_the_description_as_a_page() -> None:
    schema = {
        "paths": {
            "/a<b": {"get": {"summary": "问 / ask", "parameters": [
                {"name": "year", "description": "年度 / the year"}, {"name": "x&y"},
            ]}},
            "/fix": {"post": {"requestBody": {"content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/FixBody", "examples": [{"单": "<1>"}],
            }}}}}},
            "/none": {"post": {"requestBody": {"content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/Other"}}}}}},
        },
        "components": {"schemas": {
            "FixBody": {"properties": {"unit": {"description": "单位 / the unit"}, "n": {}}},
            "Other": {"properties": {"secret": {}}},
        }},
    }  # fmt: skip
    zh, en = (docs_page(schema, lang) for lang in ("zh", "en"))
    assert zh.startswith("<!doctype html><html lang='zh'>")
    assert en.startswith("<!doctype html><html lang='en'>")
    assert "<h2><code>GET /a&lt;b</code></h2>\n<p>问</p>" in zh
    assert "<h2><code>GET /a&lt;b</code></h2>\n<p>ask</p>" in en
    year = "<tr><th><code>year</code><td>the year<tr><th><code>x&amp;y</code><td>"
    assert f"<table>{year}</table>" in en
    unit = "<tr><th><code>unit</code><td>the unit<tr><th><code>n</code><td>"
    assert f"<table>{unit}</table>" in en
    assert "<pre>{\n &quot;单&quot;: &quot;&lt;1&gt;&quot;\n}</pre>" in zh
    assert "secret" not in zh
    assert "<h2><code>POST /none</code></h2>\n<p></p>" in zh
    assert en.endswith("</html>\n")


def test_openapi_has_the_schemas_of_bodies_and_answers() -> None:
    served = Here()
    told = served.get("/openapi.json")
    served.close()
    parts = told.json()["components"]["schemas"]
    assert "#/$defs/" not in told.text
    assert {m.__name__ for m in BODIES.values()} | {"facts", "problem", "fix"} <= set(parts)
    assert not [k for k in parts["facts"] if k.startswith("$")]
    assert parts["facts"]["properties"]["units"]
    for model in BODIES.values():
        assert parts[model.__name__]["properties"]["facts"]["anyOf"] == [
            {"$ref": "#/components/schemas/facts"}, {"type": "null"},
        ]  # fmt: skip


def test_a_half_of_words_in_two_languages() -> None:
    assert [_in("中 / en", e) for e in (False, True)] == ["中", "en"]
    assert [_in("中", e) for e in (False, True)] == ["中", "中"]
    assert _in("", True) == ""


# lists


@pytest.fixture(scope="module")
def found(policy: Policy) -> Assessment:
    return judge(read_document(EXAMPLE, "data", policy), policy, 2014)


def test_a_page_of_units(found: Assessment) -> None:
    def page(**asked: Any) -> dict[str, Any]:
        return units_listed(found, UnitsQuery(**asked))

    whole = page()
    assert [u["id"] for u in whole["units"]] == ["B-1", "H-1", "H-2"]
    assert (whole["total"], whole["page"], whole["size"], whole["year"]) == (3, 1, 100, 2014)
    assert (whole["units"][0]["name"], whole["units"][0]["parent"]) == ("一栋", None)
    assert (whole["units"][1]["name"], whole["units"][1]["parent"]) == ("", "B-1")
    assert whole["preliminary"] is False
    assert whole["policy"] == found.policy.name
    assert [[u["id"] for u in page(page=n, size=2)["units"]] for n in (1, 2, 3)] == [
        ["B-1", "H-1"], ["H-2"], [],
    ]  # fmt: skip
    assert page(page=2, size=2)["total"] == 3
    assert [u["id"] for u in page(kind="家庭")["units"]] == ["H-1", "H-2"]
    assert [u["id"] for u in page(status="failed", kind="household")["units"]] == ["H-1"]
    assert [u["id"] for u in page(within="H-2")["units"]] == ["H-2"]
    assert page(within="B-1")["total"] == 3
    with pytest.raises(RequestError):
        page(within="B-9")


def test_the_rules_as_a_list(policy: Policy) -> None:
    zh, en = (rules_listed(policy, lang) for lang in ("zh", "en"))
    assert (zh["policy"], zh["version"]) == (policy.name, policy.version)
    assert (zh["notice"], en["notice"]) == policy.notice
    assert zh["programme_years"] == list(policy.programme_years)
    kinds = {k["id"]: k for k in zh["kinds"]}
    assert kinds["household"] == {"id": "household", "name": "家庭", "judged": True}
    assert {k["id"]: k["name"] for k in en["kinds"]}["household"] == policy.kinds["household"].en
    assert {k for k, v in kinds.items() if v["judged"]} == {
        *policy.judged_kinds, *(k for k in policy.levels if k in policy.kinds),
    }  # fmt: skip
    clauses = {c["clause"]: c for c in zh["clauses"]}
    ratio = clauses["building_households"]
    assert ratio["kind"] == "building"
    assert ratio["members"] == ["household"]
    assert ratio["mark"] is None
    mark = policy.clauses["township_score"].pass_mark
    assert (mark, clauses["township_score"]["mark"]) == (
        8500,
        {"numerator": 8500, "denominator": 100},
    )
    forbids = clauses["household_disputes"]["prohibitions"]
    own = policy.clauses["household_disputes"].prohibitions
    assert [(p["matter"], p["test"], p["text"]) for p in forbids] == [
        (p.matter, p.test, p.zh) for p in own
    ]
    english = {c["clause"]: c for c in en["clauses"]}["household_disputes"]
    assert [p["text"] for p in english["prohibitions"]] == [p.en for p in own]
    assert {t["kind"]: t["share"]["numerator"] for t in zh["targets"]} == {
        k: n for k, (n, _) in policy.targets.items()
    }
    switches = {s["switch"]: s for s in zh["switches"]}
    assert {n: s["value"] for n, s in switches.items()} == policy.switches
    assert any(s["values"] for s in switches.values())
    assert [r["name"] for r in zh["readings"]] == [i.name for i in policy.interpretations.values()]
    assert en["readings"][0]["text"] == next(iter(policy.interpretations.values())).en


# the gate


def passing(settings: Settings, path: str = "/evaluate", **headers: str) -> int | None:
    """Return the status with which a request is turned away, None if it is not."""
    scope = {
        "type": "http", "path": path, "query_string": b"lang=en",
        "headers": [(k.replace("_", "-").encode(), v.encode("latin-1"))
                    for k, v in {"host": "localhost", **headers}.items()],
    }  # fmt: skip
    answer = Gate(None, settings).turned_away(scope)
    return answer and answer.status_code


def test_who_is_turned_away_and_why() -> None:
    open_, closed = Settings(body=10), Settings(token="t" * 16)
    assert passing(open_) is None
    assert [passing(open_, content_length=n) for n in ("10", "11", "", "-1", "+5", "1_0")] == [
        None, 413, 400, 400, 400, 400,
    ]  # fmt: skip
    assert passing(open_, host="evil") == 421
    assert passing(Settings(hosts=None), host="evil") is None
    assert passing(Settings(hosts=("county",)), host="COUNTY:80") is None
    assert passing(closed) == passing(closed, authorization="\xff") == 401
    assert passing(closed, "/health") is None
    assert passing(closed, authorization=f"bearer {'t' * 16}") == 401
    assert passing(closed, authorization=f"Bearer {'t' * 16}") is None


# what is kept


def test_work_that_several_wait_for_is_done_once_and_given_up_with_the_last() -> None:
    begun: list[str] = []
    ended: list[str] = []

    async def work(name: str, seconds: float) -> str:
        begun.append(name)
        try:
            await asyncio.sleep(seconds)
        finally:
            ended.append(name)
        return name

    async def game() -> None:
        shared = Shared()
        both = [asyncio.ensure_future(shared.get(1, lambda: work("a", 0))) for _ in range(2)]
        assert await asyncio.gather(*both) == ["a", "a"]
        assert begun == ["a"]
        assert await shared.get(1, lambda: work("b", 0)) == "b", "what is done is not kept"
        one, two = (asyncio.ensure_future(shared.get(2, lambda: work("c", 60))) for _ in range(2))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        one.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert "c" not in ended, "another one waits for it"
        two.cancel()
        await asyncio.gather(one, two, return_exceptions=True)
        await asyncio.sleep(0)
        assert ended[-1] == "c"
        assert await shared.get(2, lambda: work("d", 0)) == "d"
        assert not shared._running

    asyncio.run(asyncio.wait_for(game(), 20))


def test_an_assessment_holds_until_the_day_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Today(date):
        now = date(2014, 12, 30)

        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return cls.now

    monkeypatch.setattr(county_module, "date", Today)

    def of(day: date) -> Any:
        return SimpleNamespace(last_day=date(2014, 12, 31), cut_off=day)

    assert _holds(of(date(2014, 12, 30)))
    assert not _holds(of(date(2014, 12, 29)))
    Today.now = date(2015, 1, 2)
    assert _holds(of(date(2014, 12, 31)))
    assert not _holds(of(date(2014, 12, 30)))


def failing(form: str, year: int | None, lang: str) -> Any:
    return Failure("policy", ("规则有误", "bad rules"), (P,))


def made(form: str, year: int | None, lang: str) -> bytes:
    return f"{form} {year} {lang}".encode()


def test_a_document_that_failed_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Here()
    served.county.there = True
    today = date(2014, 12, 31)

    async def judged(year: int | None, caller: str = "") -> Any:
        return SimpleNamespace(year=year or 2014, cut_off=today)

    monkeypatch.setattr(served.county, "assessment", judged)
    monkeypatch.setattr(county_module, "county_document", failing)
    assert served.get("/report.docx").status_code == 500
    monkeypatch.setattr(county_module, "county_document", made)
    assert served.get("/report.docx").content == b"docx 2014 zh"
    monkeypatch.setattr(county_module, "county_document", failing)
    assert served.get("/report.docx").content == b"docx 2014 zh", "made once"
    assert served.get("/report.docx?year=2014").content == b"docx 2014 zh"
    assert served.get("/report.docx?year=2013").status_code == 500
    assert served.get("/report.docx?lang=en").status_code == 500
    assert served.get("/report.xlsx").status_code == 500
    today = date(2015, 1, 1)
    assert served.get("/report.docx").status_code == 500, "another day"
    served.close()


def test_the_workers_are_as_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr(
        county_module, "Workers", lambda *some, **more: given.append((some, more["queue"]))
    )
    county_module.County(Settings(workers=3, recycle=7, limit=5, memory=11, queue=13))
    assert given == [((3, 7, 5, 11), 13)]


def test_only_the_latest_years_and_documents_are_kept() -> None:
    served = Here()
    kept: Any = served.county._documents
    for n in range(12):
        served.county._keep(kept, n, n)
        if n == 8:
            served.county._keep(kept, 2, "again")
    assert list(kept) == [5, 6, 7, 8, 2, 9, 10, 11]
    assert kept[2] == "again"
    served.close()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(desk_module, "time", SimpleNamespace(monotonic=clock))
    return clock


def desk() -> tuple[Desk, list[int]]:
    renewed: list[int] = []
    workers = SimpleNamespace(renew=lambda: renewed.append(1))
    return Desk(SimpleNamespace(there=False, name="县", workers=workers)), renewed  # type: ignore[arg-type]


def test_files_are_held_for_a_while_and_few_at_once(clock: Clock) -> None:
    here, renewed = desk()
    first = here.keep("a.xlsx", b"a", b"facts")
    held = here.get(first)
    assert (held.key, held.name, held.content, held.facts) == (first, "a.xlsx", b"a", b"facts")
    keys = [here.keep(f"{n}", b"", None) for n in range(6)]
    here.get(first)
    keys += [here.keep("x", b"", None), here.keep("y", b"", None)]
    assert len(here) == 8
    assert here.get(first), "what was asked about last goes last"
    with pytest.raises(HTTPException) as gone:
        here.get(keys[0])
    assert gone.value.status_code == 410
    assert not renewed, "nobody has asked about the one that went"
    here.drop(first)
    assert renewed == [1]
    here.drop(first)
    here.drop(keys[-1])
    assert renewed == [1], "no worker has read it"
    clock.now = 1800.0
    assert here.get(keys[3])
    clock.now = 1801.0
    here.tidy()
    assert len(here) == 1
    with pytest.raises(HTTPException):
        here.get("served")
    here.county.there = True
    served = here.get("served")
    assert (served.key, served.name, served.content, served.facts) == ("served", "县", None, None)


def test_what_is_said_of_a_file_and_its_corrected_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Here()
    out = io.BytesIO()
    book = good_book()
    book["单位"]["B7"] = "平安家廷"
    book.save(out)
    headers = {"content-type": "application/octet-stream"}
    key = served.post("/desk/data?name=a.xlsx", out.getvalue(), headers=headers).json()["data"]
    fixed = served.get(f"/desk/data/{key}/fixed.xlsx")
    sheets = openpyxl.load_workbook(io.BytesIO(fixed.content))
    assert sheets["单位"]["B7"].value == "家庭"
    assert "单位!B7" in [c.value for c in sheets["更正清单"]["A"]]
    read = desk_tasks.read_upload

    def noted(*given: Any) -> Any:
        source = read(*given)
        source.notices.append(("附注", "a remark"))
        return source

    monkeypatch.setattr(desk_tasks, "read_upload", noted)
    for lang, words in (("zh", "附注"), ("en", "a remark")):
        way = f"/desk/data?name=a.csv&lang={lang}"
        told = served.post(way, "编号,类别\nH,家庭\n".encode(), headers=headers).json()
        assert words in told["said"]
        assert not ({"附注", "a remark"} - {words}) & set(told["said"])
    served.close()


# starting


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.2", False), ("county", False)],
)  # fmt: skip
def test_an_address_of_this_machine_only(host: str, here: bool) -> None:
    assert is_loopback(host) is here


def test_what_listens() -> None:
    config = listener(FastAPI(), "127.0.0.2", 8123, 59.9).config
    assert (config.host, config.port, config.timeout_graceful_shutdown) == ("127.0.0.2", 8123, 60)
    assert (config.access_log, config.server_header) == (False, False)
    assert (config.ws, config.log_level) == ("none", "error")


# workers, without processes


class Process:
    """Stands for a worker."""

    def __init__(self, *, alive: bool = True, questions: int = 0) -> None:
        self.alive, self.questions = alive, questions


def workers(monkeypatch: pytest.MonkeyPatch, *processes: Any) -> tuple[Workers, list[int]]:
    found = Workers(len(processes), recycle=3, limit=1.0)
    restored: list[int] = []
    for slot, process in zip(found._slots, processes, strict=True):
        slot.process, slot.idle = process, process is not None
    monkeypatch.setattr(found, "_restore", lambda slot: restored.append(found._slots.index(slot)))
    return found, restored


def test_a_place_is_given_that_is_idle_and_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    found, restored = workers(monkeypatch, Process(alive=False), Process(), Process())
    assert found._free() is found._slots[1]
    assert not found._slots[1].idle
    assert restored == [0]
    assert found._free() is found._slots[2]
    assert found._free() is None
    assert found.alive
    assert not found.failing


def test_a_worn_or_dead_process_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    found, restored = workers(
        monkeypatch, Process(questions=2), Process(questions=3), Process(alive=False), None
    )
    for slot in found._slots:
        slot.idle = False
        found._give_back(slot)
    assert [s.idle for s in found._slots] == [True, False, False, False]
    assert restored == [1, 2, 3]
    found._slots[1].idle = False
    restored.clear()
    found.renew()
    assert restored == [0], "one at work is replaced when it is done"
    assert [s.process.questions for s in found._slots if s.process] == [3, 3, 3]


def test_when_nothing_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = workers(monkeypatch, None, None)
    assert not found.alive
    assert not found.failing
    found._slots[0].failures = 3
    assert not found.failing
    found._slots[1].failures = 3
    assert found.failing
