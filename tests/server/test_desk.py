"""The page: choose a file, see what is wrong, mend it, see verdicts, ask, download, leave."""

from __future__ import annotations

import io
import json
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingan_logic.intake.load import read_upload
from pingan_logic.intake.to_facts import to_facts
from pingan_logic.rules.find import sample_county
from pingan_logic.server import desk as desk_module
from tests.intake.books import BROKEN, good_book
from tests.server.here import Here

OCTETS = {"content-type": "application/octet-stream"}


def book(*broken: str) -> bytes:
    found = good_book()
    for name in broken:
        BROKEN[name][0](found)
    out = io.BytesIO()
    found.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def here() -> Iterator[Here]:
    service = Here()
    yield service
    service.close()


def choose(here: Here, content: bytes, name: str = "台账.xlsx", **options: Any) -> dict[str, Any]:
    answer = here.post(f"/desk/data?name={name}", content, headers=OCTETS, **options)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_what_is_wrong_is_told_by_cell_and_the_marked_copy_comes_back(here: Here) -> None:
    told = choose(here, book("kind-misspelt", "score-with-two-units"))
    assert not told["ok"]
    assert [c["where"] for c in told["causes"]] == ["单位!B7 类别", "得分!C2 得分"]
    assert "家庭" in told["causes"][0]["what"]
    marked = here.get(f"/desk/data/{told['data']}/marked.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(marked.content))["单位"]
    assert sheet["B7"].fill.fgColor.rgb == "FFFFC7CE"
    assert "家庭" in sheet["B7"].comment.text
    refused = here.post(f"/desk/data/{told['data']}/fix", {"unit": "T-01"})
    assert refused.status_code == 400
    assert "请先改正" in refused.json()["detail"]


@pytest.mark.no_cover
def test_a_good_file_is_judged_asked_about_and_downloaded(here: Here) -> None:
    told = choose(here, book())
    assert told["ok"]
    assert (told["years"], told["year"]) == ([2014], 2014)
    assert (told["tables"][0]["table"], told["tables"][0]["rows"]) == ("单位", 7)
    path = f"/desk/data/{told['data']}"
    for name, said in (
        ("explain", "B-01"),
        ("fix", "B-01"),
        ("margin", "B-01"),
        ("missing", "B-01"),
        ("programme", "2014"),
        ("switches", "适用口径"),
    ):
        answer = here.post(f"{path}/{name}", {"unit": "B-01", "year": 2014})
        assert answer.status_code == 200, answer.text
        assert said in answer.json()["text"]
    answer = here.post(f"{path}/whatif", {"set": ["threshold(building_households)=50%"]})
    assert "要求由100%改为50%" in answer.json()["text"]
    files = {
        "report.html": b"<!DOCTYPE html>",
        "report.xlsx": b"PK",
        "report.docx": b"PK",
        "certificate.jsonl": b"{",
        "marked.xlsx": b"PK",
    }
    for name, start in files.items():
        got = here.get(f"{path}/{name}?year=2014")
        assert got.status_code == 200, name
        assert got.content.startswith(start)
        assert got.headers["content-disposition"] == f"attachment; filename={name}"
        assert got.headers["cache-control"] == "no-store"


def test_answers_are_those_of_the_command_line(
    here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pingan_logic.cli import run

    file = tmp_path / "台账.xlsx"
    file.write_bytes(book())
    told = choose(here, book())
    for name in ("fix", "margin", "missing"):
        text = here.post(f"/desk/data/{told['data']}/{name}", {"unit": "H-01"}).json()["text"]
        with pytest.raises(SystemExit):
            run([name, "H-01", "--facts", str(file), "--quiet"])
        said, after, steps = capsys.readouterr().out.partition("下一步")
        # what to run next is said on the command line only, which knows where the data is
        assert said.rstrip("\n") == text.rstrip("\n"), name
        assert all("pingan" in line for line in (after + steps).splitlines()[1:]), name


def test_in_english(here: Here) -> None:
    answer = here.post("/desk/data?name=a.xlsx&lang=en", book("kind-misspelt"), headers=OCTETS)
    told = answer.json()
    assert "expected one of" in told["causes"][0]["what"]
    page = here.get("/desk?lang=en").text
    assert "Choose a file" in page
    assert '<html lang="en">' in page


def test_a_zip_of_csv_files_is_a_folder(here: Here) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(sample_county().glob("*.csv")):
            archive.write(path, f"数据/{path.name}")
        archive.writestr("__MACOSX/._units.csv", b"\0")
    told = choose(here, out.getvalue(), "数据.zip")
    assert told["ok"]
    assert told["tables"][0]["rows"] == 907


def test_a_zip_of_a_chinese_windows_keeps_its_names() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        name = "单位.csv".encode("gb18030").decode("cp437")
        info = zipfile.ZipInfo(name)
        archive.writestr(info, "编号,类别,名称,上级\nC,县,某县,\n")
    data = out.getvalue().replace(name.encode(), "单位.csv".encode("gb18030"))
    for marker in (b"PK\x03\x04", b"PK\x01\x02"):  # zipfile notes names as UTF-8: take it back
        at = data.index(marker) + (6 if marker == b"PK\x03\x04" else 8)
        data = data[:at] + b"\0\0" + data[at + 2 :]
    size = len("单位.csv".encode("gb18030"))
    for marker, place in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
        at = data.index(marker) + place
        data = data[:at] + size.to_bytes(2, "little") + data[at + 2 :]
    end = data.index(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    data = (
        data[: end + 12]
        + (end - start).to_bytes(4, "little")
        + start.to_bytes(4, "little")
        + data[end + 20 :]
    )
    facts = to_facts(read_upload(data, "数据.zip"))
    assert [u.id for u in facts.units] == ["C"]


def test_what_was_chosen_is_dropped_when_the_page_is_left(here: Here) -> None:
    told = choose(here, book())
    path = f"/desk/data/{told['data']}"
    assert here.get(path).status_code == 200
    here.post(f"{path}/explain", {"unit": "B-01"})
    renewed = here.workers.renewed
    assert here.wait(here.client.delete(path)).status_code == 204
    assert here.workers.renewed == renewed + 1
    for answer in (here.get(path), here.get(f"{path}/report.html"), here.post(f"{path}/fix", {})):
        assert answer.status_code == 410
        assert "已经清除" in answer.json()["detail"]


def test_what_nobody_asks_about_is_dropped(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    told = choose(here, book())
    later = time.monotonic() + 1801
    monkeypatch.setattr(desk_module.time, "monotonic", lambda: later)
    assert here.get(f"/desk/data/{told['data']}").status_code == 410


def test_no_more_than_some_files_are_held(here: Here) -> None:
    keys = [choose(here, book())["data"] for _ in range(9)]
    assert here.get(f"/desk/data/{keys[0]}").status_code == 410
    assert here.get(f"/desk/data/{keys[1]}").status_code == 200
    assert len(set(keys)) == 9
    assert all(len(k) == 32 for k in keys)


def test_limits_and_tokens_hold_for_files_too() -> None:
    service = Here(token="t" * 16, body=50_000)
    try:
        assert service.get("/desk").status_code == 401
        sent = service.post("/desk/data?name=a.xlsx", book(), headers=OCTETS)
        assert sent.status_code == 401
        allowed = {**OCTETS, "authorization": "Bearer " + "t" * 16}
        told = service.post("/desk/data?name=a.xlsx", book(), headers=allowed)
        assert told.status_code == 200
        key = told.json()["data"]
        assert service.get(f"/desk/data/{key}/report.html").status_code == 401
        large = service.post("/desk/data?name=a.xlsx", b"x" * 50_001, headers=allowed)
        assert large.status_code == 413
    finally:
        service.close()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/desk/data/x/fix", {}, 410), ("/desk/data/{key}/unknown", {}, 404),
        ("/desk/data/{key}/fix", {"unit": "B-99"}, 404), ("/desk/data/{key}/fix", {"odd": 1}, 422),
        ("/desk/data/{key}/whatif", {"set": ["switch(x)=1"]}, 400),
        ("/desk/data/served/fix", {"unit": "B-01"}, 410),
    ],
)  # fmt: skip
def test_bad_questions_are_refused_in_words(
    here: Here, path: str, body: dict[str, Any], status: int
) -> None:
    key = choose(here, book())["data"]
    answer = here.post(path.format(key=key), body)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_no_other_page_can_send_a_file(here: Here) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x"):  # what a form can send
        answer = here.post("/desk/data?name=a.xlsx", book(), headers={"content-type": kind})
        assert answer.status_code == 415


def test_a_served_county_can_be_asked_about_in_the_page(tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(book())
    service = Here(file, given=("别的.xlsx", b"PK"))
    try:
        page = service.get("/desk").text
        told = json.loads(page.partition('id="d-told">')[2].partition("</script>")[0])
        assert (told["served"], told["given"]) == ("台账.xlsx", "别的.xlsx")
        assert service.get("/desk/given").content == b"PK"
        answer = service.post("/desk/data/served/explain", {"unit": "B-01"})
        assert "B-01" in answer.json()["text"]
    finally:
        service.close()


def test_every_threshold_mark_and_reading_can_be_tried(here: Here) -> None:
    page = here.get("/desk").text
    told = json.loads(page.partition('id="d-told">')[2].partition("</script>")[0])
    rules = here.county.rules
    wanted = {f"threshold({c.id})" for c in rules.clauses.values() if c.threshold}
    wanted |= {f"pass_mark({c.id})" for c in rules.clauses.values() if c.pass_mark is not None}
    wanted |= {f"switch({s})" for s in rules.switches}
    assert {s["setting"] for s in told["settings"]} == wanted
    key = choose(here, book())["data"]
    for s in told["settings"][:3]:  # the value in force can be typed as it is shown
        sent = {"set": [f"{s['setting']}={s['value']}"]}
        assert here.post(f"/desk/data/{key}/whatif", sent).status_code == 200


# in a browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A service with its own worker processes, on a port of its own."""
    import asyncio
    import socket

    from pingan_logic.server.app import create_app
    from pingan_logic.server.run import listener
    from pingan_logic.server.settings import Settings

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = listener(create_app(Settings(workers=1, limit=120)), "127.0.0.1", port, 5)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


_ASKED = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "tree",
          "treeitem", "region", "search", "group", "table", "img"}  # fmt: skip


def heard(page: Any) -> list[tuple[str, str]]:
    """Return role and name of all that a screen reader is told of, and check that what can be
    used has a name."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = [
        (n["role"]["value"], n.get("name", {}).get("value", "").strip())
        for n in nodes
        if not n.get("ignored")
    ]
    assert [role for role, name in told if role in _ASKED - {"table", "group"} and not name] == []
    return told


def focused_in_turn(page: Any, most: int) -> list[str]:
    """Return what the Tab key reaches from the top: ids, or else what is written there."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found.append(page.evaluate(
            "(e => e === document.body ? '' : e.id || e.textContent.trim())(document.activeElement)"
        ))  # fmt: skip
    return found


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_screen_reader_is_told_of_everything(address: str, tmp_path: Path) -> None:
    broken, mended = tmp_path / "台账.xlsx", tmp_path / "改好.xlsx"
    broken.write_bytes(book("kind-misspelt"))
    mended.write_bytes(book())
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(reduced_motion="reduce")
        page.set_default_timeout(60_000)
        page.goto(f"{address}/desk")
        told = heard(page)
        assert ("heading", "一、选择填报表") in told
        assert any(name == "选择文件" for _, name in told), "the file is chosen by a named control"
        assert focused_in_turn(page, 4) == ["跳到选择文件", "d-other", "d-file", "d-template"]
        live = page.locator("#d-status")
        assert (live.get_attribute("role"), live.get_attribute("aria-live")) == ("status", "polite")
        page.set_input_files("#d-file", broken)
        page.wait_for_selector(".d-bad")
        assert page.evaluate("document.activeElement.id") == "d-check"
        told = heard(page)
        assert {("columnheader", "位置"), ("columnheader", "问题"), ("region", "问题")} <= {*told}
        page.set_input_files("#d-file", mended)
        page.wait_for_selector("#d-report [role=treeitem]")
        page.wait_for_function("document.activeElement.id === 'd-result'")
        told = heard(page)
        assert {("combobox", "年度"), ("group", "下载"), ("tree", "单位")} <= {*told}
        page.fill("#q", "B-01")
        page.click("#results button")
        assert page.locator("#detail").get_attribute("aria-live") == "polite"
        page.click(".d-tools button:has-text('余量')")
        page.wait_for_selector("#detail .d-text")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "余量"
        page.click("#d-whatif summary")
        page.select_option("#d-setting", index=page.locator("#d-setting option").count() - 1)
        assert {("region", "余量"), ("combobox", "改哪一条"), ("combobox", "改成")} <= {
            *heard(page)
        }
        chromium.close()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_from_a_broken_workbook_to_every_file_in_a_browser(address: str, tmp_path: Path) -> None:
    broken, mended = tmp_path / "台账.xlsx", tmp_path / "改好.xlsx"
    broken.write_bytes(book("kind-misspelt"))
    mended.write_bytes(book())
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(60_000)
        wrong: list[str] = []
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        others: list[str] = []
        page.on("request", lambda r: others.append(r.url) if address not in r.url else None)
        page.goto(f"{address}/desk")
        assert "离开本页或关闭程序即清除" in page.inner_text("header")
        page.set_input_files("#d-file", broken)
        page.wait_for_selector(".d-bad")
        assert "单位!B7 类别" in page.inner_text("#d-found")
        with page.expect_download() as got:
            page.click("#d-found button:has-text('标注')")
        marked = openpyxl.load_workbook(io.BytesIO(Path(got.value.path()).read_bytes()))
        assert "家庭" in marked["单位"]["B7"].comment.text
        page.set_input_files("#d-file", mended)
        page.wait_for_selector("#d-report [role=treeitem]")
        assert "可以使用" in page.inner_text("#d-found")
        page.fill("#q", "B-01")
        page.click("#results button")
        for what in ("全部依据", "整改措施", "余量", "待补记录"):
            page.click(f".d-tools button:has-text('{what}')")
            page.wait_for_selector(f"#detail .d-text h3:has-text('{what}')")
            assert "B-01" in page.inner_text("#detail .d-text pre")
        page.click("#d-whatif summary")
        page.fill("#d-value", "80%")
        page.keyboard.press("Enter")
        page.wait_for_selector("#d-answer pre:has-text('改为80%')")
        page.click("#d-programme")
        page.wait_for_selector("#d-answer h3:has-text('目标任务')")
        heads = {
            "报告.html": b"<!DOCTYPE",
            "名单.xlsx": b"PK",
            "公示稿.docx": b"PK",
            "核验凭证.jsonl": b"{",
        }
        for number in range(1, 5):
            with page.expect_download() as got:
                page.click(f"#d-files button:nth-child({number})")
            start = heads.pop(got.value.suggested_filename)
            assert Path(got.value.path()).read_bytes().startswith(start)
        assert not heads
        page.click("#d-leave")
        page.wait_for_selector("#d-status:has-text('数据已清除')")
        assert page.locator("#d-report").inner_text() == ""
        page.set_viewport_size({"width": 375, "height": 700})
        page.set_input_files("#d-file", broken)
        page.wait_for_selector(".d-bad")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        chromium.close()
    assert wrong == []
    assert others == []
