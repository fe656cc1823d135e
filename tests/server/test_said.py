"""What is answered when the service itself fails, about files of several years, of documents and
of rules: word for word, in one process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.server import rule_tasks, tasks, workers
from pingan_logic.server.bodies import QUERIES
from pingan_logic.server.gate import Gate
from pingan_logic.server.settings import Settings
from pingan_logic.server.turns import Busy
from pingan_logic.server.workers import TookTooLong, WorkerLost, Workers
from tests.server.here import Here, write

OCTETS = {"content-type": "application/octet-stream"}
COUNTY = {
    "units": [{"id": "C", "kind": "county", "name": "县"}, {"id": "H", "kind": "household"}],
    "ledgers": [{"unit": "H", "item": "*", "year": year} for year in (2013, 2014)],
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    served = Here(write(COUNTY, tmp_path_factory.mktemp("served") / "data.json"))
    yield served
    served.close()


# failures


@pytest.mark.parametrize(
    ("error", "status", "again", "title"),
    [
        (WorkerLost(), 503, "1", "工作进程中断"),
        (Busy(), 503, "5", "正忙"),
        (TookTooLong(), 504, None, "超过时限"),
    ],
)
def test_what_is_answered_when_a_worker_does_not_answer(
    error: Exception, status: int, again: str | None, title: str, here: Here,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(here.workers, "run", fails)
    for answer in (here.get("/show"), here.post("/evaluate", {})):
        assert (answer.status_code, answer.headers.get("retry-after")) == (status, again)
        assert answer.headers["content-type"] == "application/problem+json"
        assert title in answer.text, "written as it is, not as numbers of characters"


def test_a_failure_in_the_middle_of_an_answer_ends_the_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def begins(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError("H-0185")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    with pytest.raises(RuntimeError, match=r"^failed in the middle of an answer$"):
        asyncio.run(Gate(begins, Settings(hosts=None))(scope, None, send))
    assert sent == ["http.response.start"]
    assert "H-0185" not in caplog.text


# files


def chosen(here: Here, content: bytes, name: str, lang: str = "zh") -> dict[str, Any]:
    answer = here.post(f"/desk/data?name={name}&lang={lang}", content, headers=OCTETS)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize(
    ("lang", "tables", "said"),
    [
        (
            "zh",
            [{"table": "单位", "rows": 3, "kinds": [["县", 1], ["家庭", 2]]}],
            ["提示：没有填写所在单位，不计入任何比例（H1、H2）"],
        ),
        (
            "en",
            [{"table": "units", "rows": 3, "kinds": [["county", 1], ["household", 2]]}],
            ["note: the unit it is in is not stated: it counts in no share (H1, H2)"],
        ),
    ],
)
def test_what_a_file_holds_is_said(
    lang: str, tables: list[Any], said: list[str], here: Here
) -> None:
    content = "编号,类别,名称,上级\nC,县,,\nH1,家庭,,\nH2,家庭,,\n".encode()
    told = chosen(here, content, "units.csv", lang)
    assert (told["tables"], told["said"], told["ok"]) == (tables, said, True)


def test_a_file_is_checked_without_being_kept(here: Here) -> None:
    def told(content: bytes) -> dict[str, Any]:
        answer = here.post("/check?name=a.json&lang=en", content, headers=OCTETS)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    good = json.dumps(COUNTY).encode()
    assert (told(good)["ok"], told(good)["rows"]["units"]) == (True, 2)
    wrong = told(good.replace(b"household", b"houshold"))
    assert not wrong["ok"]
    assert [(p["place"], p["nearest"]) for p in wrong["problems"]] == [
        ("a.json units[1] kind", "household")
    ]


def test_a_file_of_several_years_is_asked_about_each(here: Here) -> None:
    told = chosen(here, json.dumps(COUNTY).encode(), "a.json")
    assert (told["years"], told["year"]) == ([2013, 2014], 2014)
    way = f"/desk/data/{told['data']}"
    for year in (2013, 2014):
        assert f"全县{year}年度" in here.get(f"{way}/report.html?year={year}").text
        answer = here.post(f"{way}/explain", {"unit": "H", "year": year}).json()["text"]
        assert f"{year}年度：达标" in answer
    refused = here.post(f"{way}/explain?lang=en", {"unit": "H", "yaer": 2014})
    assert refused.status_code == 422
    (problem,) = refused.json()["problems"]
    assert (problem["message"], problem["nearest"]) == ("unknown key", "year")


def test_a_file_that_is_no_workbook_is_told_of(here: Here) -> None:
    told = chosen(here, b"nonsense", "a.xlsx")
    assert (told["ok"], told["tables"], told["years"], told["year"]) == (False, [], [], None)
    assert told["said"] == []
    assert len(told["causes"]) == 1


def test_a_file_is_reported_by_the_rules_that_are_served() -> None:
    served = Here(policy="songping-2022")
    told = chosen(served, json.dumps({"units": COUNTY["units"][:1]}).encode(), "a.json")
    page = served.get(f"/desk/data/{told['data']}/report.html?year=2022").text
    assert served.county.rules.notice[0] in page
    served.close()


def test_the_workbook_to_fill_in_is_had_in_both_languages(here: Here) -> None:
    zh, en = (here.get(f"/desk/template.xlsx?lang={lang}").content for lang in ("zh", "en"))
    assert zh[:2] == en[:2] == b"PK"
    assert zh != en


# the served county


def test_a_county_is_judged_on_behalf_of_its_caller(tmp_path: Path) -> None:
    served = Here(write(COUNTY, tmp_path / "data.json"))
    other = served.caller("10.0.0.9")
    assert served.wait(other.get("/evaluate?year=2013")).json()["year"] == 2013
    assert served.wait(other.get("/report.docx?year=2013")).status_code == 200
    assert [caller for caller, _ in served.workers.asked] == ["10.0.0.9"] * 2
    served.wait(other.aclose())
    served.close()


def test_a_county_in_its_own_forms_is_served(tmp_path: Path) -> None:
    (tmp_path / "底册.csv").write_text("户编码,类别,名称,上级\nH,家庭,,\n", encoding="utf-8")
    forms = tmp_path / "本县.toml"
    forms.write_text('[sheet."底册"]\ntable = "units"\ncolumns = { "户编码" = "编号" }\n', "utf-8")
    served = Here(tmp_path, forms=str(forms))
    assert [u["id"] for u in served.get("/units").json()["units"]] == ["H"]
    served.close()


def test_each_document_says_what_it_is(here: Here) -> None:
    told = here.get("/openapi.json").json()["paths"]
    assert [told[p]["get"]["summary"] for p in ("/", "/report.xlsx", "/report.docx")] == [
        "报告页 / the report as a page",
        "各机关名单、未达标条款 / the report as a workbook",
        "公示名单 / the list for public notice",
    ]


@pytest.mark.parametrize("name", list(QUERIES))
def test_each_question_that_is_got_says_what_it_is(name: str, here: Here) -> None:
    told = here.get("/openapi.json").json()["paths"]
    ways = [p for p in told if p.partition("/{")[0] == f"/{name}" and "get" in told[p]]
    assert [told[p]["get"]["summary"] for p in ways] == [QUESTIONS[name].words]


@pytest.mark.parametrize("path", ["/evaluate", "/explain/H", "/units", "/rules", "/programme"])
def test_what_is_asked_by_an_address_is_answered_in_json(path: str, here: Here) -> None:
    answer = here.get(path)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()


def test_an_answer_about_rules_is_kept_as_long_as_they_are_the_same(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(question: Any, *_: Any) -> Any:
        asked.append(question.name)
        return question

    question = SimpleNamespace(name="params", to_dict=lambda *_: {})
    monkeypatch.setattr(rule_tasks, "QUESTIONS", {"params": question})
    monkeypatch.setattr(rule_tasks, "ask", noted)
    monkeypatch.setattr(rule_tasks, "served_rules", lambda: here.county.rules)
    rule_tasks._answer.cache_clear()
    for digest, times in (("a", 1), ("a", 1), ("b", 2)):
        monkeypatch.setattr(tasks._Here, "served", SimpleNamespace(digest=digest), raising=False)
        assert rule_tasks.about_rules("params", {}, "zh") == b"{}\n"
        assert len(asked) == times
    rule_tasks._answer.cache_clear()


# worker processes, without any


class Failing:
    """Stands for a process that does not start at first."""

    alive = False
    made = 0

    def __init__(self, memory: int | None) -> None:
        Failing.made += 1
        self.process = SimpleNamespace(pid=None)
        self.killed = False
        self.questions = 0

    def start(self, begin: bytes) -> None:
        if Failing.made <= 6:
            raise WorkerLost
        self.alive = True

    def kill(self) -> None:
        self.killed = True

    def leave(self) -> None:
        """Nothing to end."""


def test_the_pauses_between_starts_grow_to_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        paused.append(seconds)
        await sleep(0)

    monkeypatch.setattr(workers, "_Process", Failing)
    monkeypatch.setattr(workers, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": noted}))
    monkeypatch.setattr(Failing, "made", 0)

    async def game() -> None:
        found = Workers(1, 100, 1.0)
        await found._replace(found._slots[0], None)
        assert found.alive
        assert not found.failing
        await found.close()

    asyncio.run(game())
    assert paused == [0.0, 0.5, 2.0, 10.0, 10.0, 10.0, 10.0]


def test_what_is_at_work_is_ended_when_the_service_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_Process", Failing)
    monkeypatch.setattr(Failing, "made", 9)

    async def game() -> list[Any]:
        found = Workers(2, 100, 1.0)
        processes: list[Any] = [Failing(None), Failing(None)]
        for slot, process in zip(found._slots, processes, strict=True):
            slot.process = process
        found._slots[0].idle = True
        await found.close()
        return [p.killed for p in processes]

    assert asyncio.run(game()) == [False, True]


def test_a_process_ends_with_the_service() -> None:
    assert workers._Process(None).process.daemon
