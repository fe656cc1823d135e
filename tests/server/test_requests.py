"""What is asked and how it is refused: host, token, query, body, address; all in one process."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest

import pingan_logic.library as library
from pingan_logic import evaluation
from pingan_logic.answers import ANSWERS, answers_schema
from pingan_logic.programme import progress
from pingan_logic.questions import comparison
from pingan_logic.questions import fix as questions
from pingan_logic.questions.catalogue import QUESTIONS
from pingan_logic.server import county as county_module
from pingan_logic.server import tasks
from pingan_logic.server.bodies import BODIES, EXAMPLE, example
from pingan_logic.server.gate import Gate
from tests.policies import copy_policy
from tests.server.here import Here, write

TOKEN = "0123456789abcdef"
ODD = ("A/1", "A//2", "甲/乙", "B?x=1", "100%", "C#1", "E 1", "explain", "G/../H", "F/")


def data() -> dict[str, list[dict[str, Any]]]:
    """Return units with ids that mean something in an address."""
    units = [{"id": "V", "kind": "village", "name": "村"}]
    units += [{"id": i, "kind": "household", "name": "", "parent": "V"} for i in ODD]
    return {"units": units, "ledgers": [{"unit": "V", "item": "*", "year": 2014}]}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    served = Here(write(data(), tmp_path_factory.mktemp("served") / "data.json"))
    yield served
    served.close()


def refused(response: Any, status: int) -> dict[str, Any]:
    """Return the problem that a request was refused with."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    told: dict[str, Any] = response.json()
    jsonschema.Draft202012Validator({**answers_schema(), **ANSWERS["problem"]}).validate(told)
    assert told["status"] == status
    return told


@pytest.mark.parametrize("unit", ODD)
def test_every_id_can_be_reached(here: Here, unit: str) -> None:
    sent = here.post("/explain", {"unit": unit})
    assert sent.status_code == 200, sent.text
    assert sent.json()["unit"]["id"] == unit
    got = here.get(f"/explain/{quote(unit, safe='')}")
    assert got.content == sent.content
    if not set(unit) & set("?#%."):
        assert here.get(f"/explain/{unit}").content == sent.content


@pytest.mark.parametrize(
    "path",
    ["/", "/evaluate", "/explain/V", "/health", "/ready", "/openapi.json"],
)
def test_what_stands_in_a_query_is_known_and_stands_once(here: Here, path: str) -> None:
    told = refused(here.get(f"{path}?nothing=1"), 422)
    assert told["problems"][0]["found"] == "nothing"
    assert told["problems"][0]["message"] == "不认识的项"
    if path in ("/", "/evaluate", "/explain/V"):
        told = refused(here.get(f"{path}?yeer=2014&lang=en"), 422)
        assert told["problems"][0]["nearest"] == "year"
        assert told["problems"][0]["message"] == "unknown key"
        told = refused(here.get(f"{path}?year=2014&year=2015"), 422)
        assert told["problems"][0]["found"] == "year"


@pytest.mark.parametrize("name", ["evaluate", "explain", "fix", "margin", "missing", "whatif"])
def test_a_question_with_a_body_takes_only_the_language(here: Here, name: str) -> None:
    body = {"unit": "V", "year": 2014}
    told = refused(here.post(f"/{name}?year=2014", body), 422)
    assert told["problems"][0]["found"] == "year"
    told = refused(here.post(f"/{name}?lang=fr", body), 422)
    assert told["problems"][0]["message"] == "应为 zh、en"


def test_what_is_wrong_in_a_query_or_body_is_said_with_what_was_expected(here: Here) -> None:
    told = refused(here.get("/evaluate?status=fail&year=1800"), 422)
    said = {p["place"]: (p["message"], p["found"], p["nearest"]) for p in told["problems"]}
    assert said["query.status"] == ("应为 met、failed、undetermined", "fail", "failed")
    assert said["query.year"] == ("应不小于1949", "1800", None)
    body = {"unit": "", "alternatives": 21, "time_limit": 1.5, "facts": [], "yaer": 2014}
    told = refused(here.post("/fix?lang=en", body), 422)
    said = {p["place"]: (p["message"], p["found"], p["nearest"]) for p in told["problems"]}
    assert said == {
        "unit": ("must not be empty", "", None),
        "alternatives": ("expected 20 or less", "21", None),
        "time_limit": ("expected a whole number", "1.5", None),
        "facts": ("expected an object", "[…]", None),
        "body": ("unknown key", "yaer", "year"),
    }
    told = refused(here.get("/evaluate?kind=bilding"), 400)
    assert told["problems"][0]["nearest"] == "building"
    told = refused(here.post("/evaluate", {"kind": "bilding"}), 400)
    assert told["problems"][0]["nearest"] == "building"


@pytest.mark.parametrize("year", ["2014.0", "+2014", "%202014", "2_014", "2e3", "\uff12014"])
def test_a_whole_number_of_a_query_is_written_as_one(here: Here, year: str) -> None:
    told = refused(here.get(f"/evaluate?year={quote(year, safe='%')}"), 422)
    said = [(p["place"], p["message"]) for p in told["problems"]]
    assert said == [("query.year", "应为整数")]
    assert here.get("/evaluate?year=2014&page=1").status_code == 422
    assert here.get("/units?year=2014&page=1").status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"hello", "application/json", 422),
        (b"", "application/json", 422),
        (b"{'unit': 'V'}", "application/json", 422),
        (b"\xff\xfe\x00", "application/json", 422),
        (b'{"unit": "V"}', "text/plain", 415),
        (b"unit=V", "application/x-www-form-urlencoded", 415),
    ],
)
def test_a_body_that_is_not_json_is_named_as_it_is(
    here: Here, content: bytes, kind: str, status: int
) -> None:
    response = here.post("/explain", content, headers={"content-type": kind})
    told = refused(response, status)
    assert "b'" not in response.text
    assert 'b"' not in json.dumps(told, ensure_ascii=False)
    if content == b"hello":
        assert told["problems"][0]["found"] == "hello"
        assert told["problems"][0]["place"].startswith("body")
    as_json = here.post("/explain", {"unit": "V"}, headers={"content-type": "application/ld+json"})
    assert as_json.status_code == 200


@pytest.mark.parametrize("packed", ["gzip", "GZIP", "br", "gzip, identity", "deflate"])
def test_a_compressed_body_is_refused_whatever_it_holds(here: Here, packed: str) -> None:
    headers = {"content-type": "application/json", "content-encoding": packed}
    for content in (b'{"unit": "V"}', gzip.compress(b'{"unit": "V"}')):
        told = refused(here.post("/explain", content, headers=headers), 415)
        assert "压缩" in json.dumps(told, ensure_ascii=False)
    headers["content-encoding"] = "Identity"
    assert here.post("/explain", b'{"unit": "V"}', headers=headers).status_code == 200


def test_unknown_addresses_and_methods_are_problems(here: Here) -> None:
    refused(here.get("/nothing"), 404)
    refused(here.get("/evaluate/"), 404)
    refused(here.get("/explain/"), 422)
    told = here.wait(here.client.delete("/evaluate"))
    refused(told, 405)
    assert set(told.headers["allow"].split(", ")) <= {"GET", "POST"}
    refused(here.get("/explain/V-99"), 404)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8014", True),
        ("LOCALHOST:1", True),
        ("[::1]", True),
        ("[::1]:8014", True),
        ("", False),
        ("[::1]evil", False),
        ("[", False),
        ("evil:80", False),
        ("evil", False),
        ("127.0.0.1.evil", False),
        ("evil:127.0.0.1", False),
        ("127.0.0.1:80:80", False),
        ("localhost:evil", False),
    ],
)
def test_only_this_machines_names_are_answered(here: Here, host: str, known: bool) -> None:
    response = here.get("/health", headers={"host": host})
    if known:
        assert response.json() == {"status": "ok"}
    else:
        refused(response, 421)


def test_any_name_is_answered_on_an_address_of_a_network(tmp_path: Path) -> None:
    served = Here(write(data(), tmp_path / "data.json"), hosts=None)
    assert served.get("/health", headers={"host": "county.example"}).status_code == 200
    served.close()


def test_everything_but_health_needs_the_token(tmp_path: Path) -> None:
    served = Here(write(data(), tmp_path / "data.json"), token=TOKEN)
    right = {"authorization": f"Bearer {TOKEN}"}
    assert served.get("/health").status_code == 200
    for path in ("/", "/evaluate", "/explain/V", "/ready", "/openapi.json", "/nothing", "/health/"):
        for headers in ({}, {"authorization": TOKEN}, {"authorization": f"Bearer {TOKEN}x"}):
            response = served.get(path, headers=headers)
            refused(response, 401)
            assert response.headers["www-authenticate"] == "Bearer"
    refused(served.post("/evaluate", {}), 401)
    assert served.get("/evaluate", headers=right).status_code == 200
    assert served.post("/evaluate", {}, headers=right).status_code == 200
    served.close()


def test_a_body_is_counted_and_so_are_all_of_them(tmp_path: Path) -> None:
    served = Here(write(data(), tmp_path / "data.json"), body=1000)
    exact = json.dumps({"unit": "V"}).encode().ljust(1000)
    assert served.post("/explain", exact).status_code == 200
    refused(served.post("/explain", exact + b" "), 413)

    async def pieces() -> Any:
        for _ in range(11):
            yield b" " * 100

    way = {"content": pieces(), "headers": {"content-type": "application/json"}}
    refused(served.wait(served.client.post("/explain", **way)), 413)
    for length in ("-1", "1e3", "²", "x"):
        headers = {"content-length": length.encode(), "content-type": "application/json"}
        refused(served.post("/explain", b"{}", headers=headers), 400)
    gate = served.app.build_middleware_stack()
    while not isinstance(gate, Gate):
        gate = gate.app  # type: ignore[attr-defined]
    served.app.middleware_stack = gate
    assert gate.held == 0
    gate.held = 4 * 1000 - 12
    response = served.post("/explain", b'{"unit": "V"}')
    refused(response, 503)
    assert response.headers["retry-after"] == "5"
    gate.held = 0
    assert served.post("/explain", b'{"unit": "V"}').status_code == 200
    assert gate.held == 0, "what was held is given back"
    served.close()


def test_headers_of_every_answer(here: Here) -> None:
    for path in ("/health", "/nothing", "/evaluate"):
        response = here.get(path)
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        kept = "private, no-cache" if path == "/evaluate" else "no-store"
        assert response.headers["cache-control"] == kept
        policy = response.headers["content-security-policy"]
        assert policy == "default-src 'none'; frame-ancestors 'none'"
    page = here.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"


def test_an_error_of_the_services_own_is_a_problem_without_data(
    here: Here, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("H-0185")

    monkeypatch.setattr("pingan_logic.library.find_unit", broken)
    told = refused(here.get("/explain/V"), 500)
    assert told["title"] == "服务内部错误"
    assert "H-0185" not in caplog.text
    assert "KeyError tests.server.test_requests" in caplog.text


def test_a_request_that_the_server_gives_up_is_told(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given_up(*_: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr("pingan_logic.library.find_unit", given_up)
    response = here.get("/explain/V")
    refused(response, 503)
    assert response.headers["retry-after"] == "5"


class Today(date):
    """A day that a test chooses."""

    now = date(2015, 12, 31)

    @classmethod
    def today(cls) -> date:  # type: ignore[override]
        return cls.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Today]:
    for module in (evaluation, county_module, tasks):
        monkeypatch.setattr(module, "date", Today)
    Today.now = date(2014, 12, 30)
    return Today


def test_what_depends_on_the_day_is_judged_again_when_it_changes(
    tmp_path: Path, clock: type[Today]
) -> None:
    served = Here(write(data(), tmp_path / "data.json"))

    def told() -> tuple[Any, ...]:
        got, sent = served.get("/evaluate?year=2014"), served.post("/evaluate", {"year": 2014})
        assert got.content == sent.content
        assert served.get("/evaluate").content == sent.content
        body = got.json()
        said = [n["id"] for n in body["notices"] if n["notice"] == "preliminary"]
        return body["preliminary"], said

    def judged() -> int:
        return sum(not light for _, light in served.workers.asked)

    assert told() == (True, ["2014-12-30"])
    assert told() == (True, ["2014-12-30"])
    assert judged() == 1
    page = served.get("/").text
    clock.now = date(2014, 12, 31)
    assert told() == (False, [])
    assert served.get("/").text != page
    before = judged()
    clock.now = date(2015, 1, 2)
    assert told() == (False, [])
    assert judged() == before, "a year that is over is not judged again"
    served.close()


def test_a_certificate_is_of_its_day(tmp_path: Path, clock: type[Today]) -> None:
    served = Here(write(data(), tmp_path / "data.json"))
    early = served.get("/certificate?year=2014").content
    assert served.get("/certificate?year=2014").content == early
    clock.now = date(2014, 12, 31)
    assert served.get("/certificate?year=2014").content != early
    served.close()


def test_a_failure_is_not_kept(tmp_path: Path, clock: type[Today]) -> None:
    served = Here(write(data(), tmp_path / "data.json"))
    assert not served.county.ready
    for _ in range(2):
        refused(served.get("/evaluate?year=2015"), 400)
    assert not served.county.ready
    clock.now = date(2015, 1, 1)
    assert served.get("/evaluate?year=2015").json()["year"] == 2015
    assert served.get("/evaluate").status_code == 200
    assert served.county.ready
    served.close()


def test_without_a_county_only_data_that_is_sent_is_judged() -> None:
    served = Here()
    assert served.county.ready
    refused(served.get("/evaluate"), 400)
    told = refused(served.get("/evaluate?lang=en"), 400)
    assert told["title"] == "cannot answer"
    assert [p["message"] for p in told["problems"]] == ["send the data along"]
    refused(served.get("/"), 400)
    refused(served.post("/evaluate", {}), 400)
    assert served.post("/evaluate", {"facts": EXAMPLE}).status_code == 200
    served.close()


@pytest.mark.parametrize("name", list(BODIES))
def test_the_day_is_passed_on(here: Here, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[date | None] = []
    judge = evaluation.evaluate

    def noted(*given: Any, as_of: date | None = None, **more: Any) -> Any:
        days.append(as_of)
        return judge(*given, as_of=as_of, **more)

    monkeypatch.setattr(tasks, "evaluate", noted)
    monkeypatch.setattr(library, "evaluate", noted)
    monkeypatch.setattr(comparison, "evaluate", noted)
    monkeypatch.setattr(progress, "evaluate", noted)
    body = {**example(QUESTIONS[name]), "as_of": "2014-11-30"}
    here.post(f"/{name}", body)
    assert days
    assert set(days) == {date(2014, 11, 30)}
    refused(here.post(f"/{name}", {**body, "as_of": "soon"}), 400)


def test_the_day_and_the_other_year_decide(here: Here) -> None:
    early = here.post("/evaluate", {"year": 2014, "as_of": "2014-06-30"}).json()
    assert early["preliminary"] is True
    assert {"notice": "preliminary", "id": "2014-06-30"} in early["notices"]
    told = here.post("/whatif", {"year": 2014, "year_b": 2013}).json()
    assert told["after"].split()[2] == "2013"
    assert {(f["before"], f["after"]) for f in told["flips"]} == {("met", "undetermined")}
    refused(here.post("/whatif", {"year": 2014}), 400)


@pytest.mark.parametrize(("asked", "most"), [(1, 1.0), (600, 8.0), (8, 8.0), (9, 8.0)])
def test_the_search_of_fix_ends_before_the_question_does(
    here: Here, asked: int, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []
    find = questions.find_remedy

    def noted(judged: Any, unit: str, count: int, seconds: float, *level: Any) -> Any:
        given.append(seconds)
        return find(judged, unit, count, seconds, *level)

    monkeypatch.setattr(questions, "find_remedy", noted)
    served = Here(limit=10)
    body = {"facts": EXAMPLE, "unit": "B-1", "time_limit": asked}
    assert served.post("/fix", body).status_code == 200
    assert given == [most]
    served.close()


def test_rules_that_changed_are_not_judged_by(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    copy_policy(folder)
    served = Here(write(data(), tmp_path / "data.json"), policy=str(folder))
    assert served.post("/evaluate", {}).status_code == 200
    rules = folder / "village.lp"
    rules.write_text(rules.read_text(encoding="utf-8") + "\n% later\n", encoding="utf-8")
    tasks.begin(served.workers.begin[1][0])
    told = refused(served.post("/evaluate", {}), 500)
    assert "重启" in told["detail"]
    served.close()
