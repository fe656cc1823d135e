"""What is asked about the served county by an address: lists, programme, reports, rules, checks."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pingan_logic import Policy
from pingan_logic.answers import ANSWERS, answers_schema
from pingan_logic.cli.main import main
from pingan_logic.server.bodies import BODIES, EXAMPLE
from tests.server.here import Here

SAMPLE = Path(__file__).parents[2] / "facts" / "sample-county"


@pytest.fixture(scope="module")
def here() -> Iterator[Here]:
    served = Here(SAMPLE)
    yield served
    served.close()


def answered(response: Any, name: str) -> dict[str, Any]:
    """Return an answer, which fits its schema."""
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    jsonschema.Draft202012Validator({**answers_schema(), **ANSWERS[name]}).validate(told)
    return told


def printed(*arguments: str) -> bytes:
    """Return what the command line prints."""
    out = io.StringIO()
    with redirect_stdout(out):
        main.main([*arguments, "--quiet"], "pingan", standalone_mode=False)
    return out.getvalue().encode()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_programme_is_the_command_lines(here: Here, lang: str) -> None:
    wanted = printed("programme", "--json", "--facts", str(SAMPLE), "--lang", lang)
    got = here.get(f"/programme?lang={lang}")
    answered(got, "programme")
    assert got.content == wanted
    assert here.post(f"/programme?lang={lang}", {}).content == wanted
    early = here.get("/programme?year=2014").json()
    assert early["year"] == 2014
    assert early == here.post("/programme", {"year": 2014}).json()


@pytest.mark.no_cover
def test_the_reports_are_the_command_lines(here: Here, tmp_path: Path) -> None:
    for form, path in (("html", "/"), ("xlsx", "/report.xlsx"), ("docx", "/report.docx")):
        out = tmp_path / f"report.{form}"
        printed("report", "--facts", str(SAMPLE), "--out", str(out), "--lang", "en")
        got = here.get(f"{path}?lang=en")
        assert got.content == out.read_bytes()
        assert here.get(f"{path}?lang=zh").content != got.content
    kind = here.get("/report.xlsx").headers["content-type"]
    assert kind == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_units_come_page_by_page(here: Here) -> None:
    everyone = here.get("/evaluate").json()["units"]
    found: list[dict[str, Any]] = []
    for page in range(1, 6):
        told = answered(here.get(f"/units?page={page}&size=200"), "units")
        assert (told["total"], told["page"], told["size"]) == (len(everyone), page, 200)
        found += told["units"]
    assert [{k: u[k] for k in everyone[0]} for u in found] == everyone
    assert here.get("/units?page=6&size=200").json()["units"] == []
    assert len(here.get("/units").json()["units"]) == 100
    (building,) = (u for u in found if u["id"] == "B-12")
    assert (building["name"], building["parent"]) == ("滨江小区3栋", "C-04")
    failed = here.get("/units?kind=building&status=failed").json()
    assert [u["id"] for u in failed["units"]] == [
        u["id"] for u in everyone if u["kind"] == "building" and u["status"] == "failed"
    ]
    inside = here.get("/units?within=B-12&size=1000").json()["units"]
    assert inside[0]["id"] == "B-12"
    assert {u["parent"] for u in inside[1:]} == {"B-12"}
    assert len(inside) == 1 + sum(u["parent"] == "B-12" for u in found)
    for wrong in ("page=0", "size=0", "size=1001", "page=x", "within=B-99", "kind=x"):
        assert here.get(f"/units?{wrong}").status_code in (400, 404, 422)


def test_the_rules_are_told_with_their_numbers_and_places(here: Here, policy: Policy) -> None:
    told = answered(here.get("/rules"), "rules")
    assert [c["clause"] for c in told["clauses"]] == list(policy.clauses)
    by_id = {c["clause"]: c for c in told["clauses"]}
    building = by_id["building_households"]
    assert building["threshold"] == {"numerator": 100, "denominator": 100}
    assert building["source"] == "三（八）2"
    assert by_id["township_households"]["threshold"] == {"numerator": 90, "denominator": 100}
    assert [c["mark"]["numerator"] for c in told["clauses"] if c["mark"]] == [8500, 9000]
    assert {"numerator": 95, "denominator": 100} in [t["share"] for t in told["targets"]]
    (repeated,) = (s for s in told["switches"] if s["switch"] == "repeated")
    assert repeated["value"] == 2
    (accident,) = (s for s in told["switches"] if s["switch"] == "large_medical_accident")
    assert accident["values"] == ["minor", "large", "major", "extreme"]
    assert [r["number"] for r in told["readings"]][:3] == [1, 2, 3]
    english = here.get("/rules?lang=en").json()
    texts = " ".join(c["text"] for c in english["clauses"])
    assert not re.search("[\u4e00-\u9fff]", texts)


def test_a_file_is_checked_as_the_command_line_does(here: Here, tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(json.dumps(EXAMPLE), encoding="utf-8")
    told = here.post("/check?name=good.json", good.read_bytes())
    assert answered(told, "check")["ok"] is True
    assert told.content == printed("check", str(good), "--json")
    bad = tmp_path / "单位.csv"
    bad.write_text("id,kind,name,parent\nA,schol,,\nA,school,,X\n", encoding="utf-8")
    for lang in ("zh", "en"):
        out = io.StringIO()
        with redirect_stdout(out):
            line = ["check", str(bad), "--json", "--quiet", "--lang", lang]
            assert main.main(line, "pingan", standalone_mode=False) == 2
        way = {"headers": {"content-type": "application/octet-stream"}}
        told = here.post(f"/check?name=单位.csv&lang={lang}", bad.read_bytes(), **way)
        assert answered(told, "check")["ok"] is False
        assert told.content == out.getvalue().encode()
    book = here.get("/report.xlsx").content
    told = here.post("/check?name=a.xlsx", book, headers={"content-type": "application/zip"})
    assert answered(told, "check")["ok"] is False
    assert answered(here.post("/check", b"nonsense"), "check")["ok"] is False
    assert here.post("/check", b"{}", headers={"content-type": "text/plain"}).status_code == 415


@pytest.mark.parametrize(
    "path", ["/", "/evaluate", "/explain/B-12", "/units", "/programme", "/rules", "/report.xlsx"]
)
def test_what_a_caller_has_already_is_not_sent_again(here: Here, path: str) -> None:
    first = here.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (tag, f'"x", W/{tag}', "*"):
        again = here.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert here.get(path, headers={"if-none-match": '"x"'}).content == first.content
    if path != "/report.xlsx":
        assert here.get(f"{path}?lang=en").headers["etag"] != tag or path in ("/evaluate", "/units")


def test_the_description_is_a_page_that_needs_no_network(here: Here) -> None:
    for lang, word in (("zh", "余量"), ("en", "how many more may fall short")):
        page = here.get(f"/docs?lang={lang}")
        assert page.headers["content-type"].startswith("text/html")
        text = page.text
        assert word in text
        assert not re.search("<script|src=|@import|url\\(|href='(?!openapi.json')", text)
        paths = here.get("/openapi.json").json()["paths"]
        assert len(paths) >= len(BODIES) + 8
        for path in paths:
            assert f" {path}</code>" in text
    english = re.sub("<pre>.*?</pre>", "", here.get("/docs?lang=en").text, flags=re.DOTALL)
    assert not re.search("[\u4e00-\u9fff]", english)


def test_a_report_is_made_once(here: Here) -> None:
    here.get("/report.docx?year=2015")
    before = len(here.workers.asked)
    here.get("/report.docx?year=2015")
    assert len(here.workers.asked) == before
    assert zipfile.is_zipfile(io.BytesIO(here.get("/report.docx?year=2015").content))
