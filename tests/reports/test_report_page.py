"""The page in a real browser: drill-down, search, filter, keyboard, accessibility, phone, print."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pingan_logic
from pingan_logic.programme import programme
from pingan_logic.reports import write_report
from pingan_logic.rules.find import data_folder

CHROMIUM = next(
    (p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None
)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    facts = pingan_logic.load_facts(data_folder("facts") / "sample-county")
    return write_report(programme(facts), tmp_path_factory.mktemp("report") / "报告 1.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Any, report: Path) -> Iterator[Any]:
    """An open page; any error, refused resource or request to elsewhere fails the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("request", lambda r: wrong.append(r.url) if r.url != report.as_uri() else None)
    page.goto(report.as_uri())
    page.wait_for_selector("[role=treeitem]")
    yield page
    page.close()
    assert wrong == []


def item(tab: Any, unit: str) -> Any:
    return tab.locator(f"[role=treeitem][aria-label^='{unit} ']")


def test_from_county_to_household_with_reasons_at_each_step(tab: Any) -> None:
    for unit, said in (
        ("T-02", "84.99"),
        ("V-06", "达标"),
        ("C-04", "实际2/3栋，66.7%"),
        ("B-12", "实际35/40户，87.5%"),
        ("H-0185", "三（九）"),
    ):
        item(tab, unit).locator("> .row").click()
        assert item(tab, unit).get_attribute("aria-selected") == "true"
        assert said in tab.inner_text("#detail")
    assert "H-0185" in tab.inner_text("#detail h3")
    assert item(tab, "H-0185").get_attribute("aria-level") == "6"
    assert "35户" in item(tab, "B-12").inner_text()
    tab.click("#detail .path button:has-text('C-04')")
    assert "C-04" in tab.inner_text("#detail h3")
    tab.click("#detail .blockers button:has-text('B-12')")
    assert "B-12" in tab.inner_text("#detail h3")


def test_search_and_filter(tab: Any) -> None:
    tab.fill("#q", "b-12")
    tab.wait_for_selector("#results li")
    assert tab.locator("#results li").count() == 1
    assert not tab.is_visible("#tree")
    tab.press("#q", "Enter")
    assert tab.evaluate("document.activeElement.textContent").startswith("B-12")
    tab.keyboard.press("Enter")
    assert tab.is_visible("#tree")
    assert "35/40" in tab.inner_text("#detail")
    assert tab.evaluate("document.activeElement.getAttribute('aria-label')").startswith("B-12")
    tab.select_option("#kind", "village")
    tab.check("[name=status][value=failed]")
    playwright.expect(tab.locator("#results .link")).to_have_count(2)
    assert sorted(t.split()[0] for t in tab.locator("#results .link").all_inner_texts()) == [
        "V-07",
        "V-08",
    ]
    tab.fill("#q", "没有这样的名称")
    tab.wait_for_selector("#results li", state="detached")
    assert "家庭" in tab.inner_text("#found")
    tab.click("button[type=reset]")
    tab.wait_for_selector("#tree", state="visible")
    tab.click("#near [data-unit='V-08']")
    assert "实际30/34户，88.2%" in tab.inner_text("#detail")


def test_the_tree_works_by_keyboard_alone(tab: Any) -> None:
    def at() -> str:
        return str(tab.evaluate("document.activeElement.getAttribute('aria-label') || ''"))

    assert tab.locator("#tree [tabindex='0']").count() == 1
    tab.focus("#tree [tabindex='0']")
    assert at().startswith("000000")
    for key, unit in (
        ("ArrowDown", "T-02"),
        ("ArrowRight", "T-02"),
        ("ArrowRight", "V-07"),
        ("ArrowDown", "V-08"),
        ("ArrowUp", "V-07"),
        ("ArrowLeft", "T-02"),
        ("ArrowLeft", "T-02"),
        ("End", "Y-05"),
        ("Home", "000000"),
        ("ArrowDown", "T-02"),
    ):
        tab.keyboard.press(key)
        assert at().startswith(unit), key
        assert tab.locator("#tree [tabindex='0']").count() == 1
    assert item(tab, "T-02").get_attribute("aria-expanded") == "false"
    tab.keyboard.press("Enter")
    assert "T-02" in tab.inner_text("#detail h3")


def test_the_accessibility_tree_says_names_levels_and_charts(tab: Any) -> None:
    snapshot = tab.locator("body").aria_snapshot()
    assert 'treeitem "T-02 白沙洲镇，乡镇，未达标"' in snapshot
    assert "tree" in snapshot
    assert "search" in snapshot
    assert 'img "楼栋' in snapshot
    assert 'heading "总体情况" [level=2]' in snapshot
    for role in ("tree", "treeitem", "group"):
        assert tab.locator(f"[role={role}]").count() > 0
    unnamed = tab.evaluate(
        """[...document.querySelectorAll("button, input, select, [role=img], [role=region]")]
           .filter(e => !(e.getAttribute("aria-label") || e.textContent.trim()
             || e.getAttribute("aria-labelledby") || (e.labels && e.labels.length))).length"""
    )
    assert unnamed == 0
    assert tab.evaluate("document.querySelectorAll('[id]').length") == tab.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"
    )


def test_it_fits_a_phone(browser: Any, report: Path) -> None:
    phone = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.goto(report.as_uri())
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    item(phone, "T-02").locator("> .row").tap()
    box = phone.locator("#detail").bounding_box()
    assert box["y"] + box["height"] <= 845
    assert phone.locator("#detail h3").is_visible()
    phone.click("#detail .close")
    assert phone.locator("#detail h3").count() == 0
    phone.close()


def test_it_prints(tab: Any) -> None:
    tab.emulate_media(media="print")
    assert not tab.is_visible("#filter")
    assert tab.is_visible("#near")
    assert tab.is_visible("#failures")
    content = tab.pdf(format="A4")
    assert content.startswith(b"%PDF")
    assert len(content) > 50_000


def test_the_page_is_whole_without_scripts(browser: Any, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("#near tbody tr").count() > 3
    assert page.locator("svg.bar").count() == 9
    assert page.is_visible("noscript")
    context.close()
