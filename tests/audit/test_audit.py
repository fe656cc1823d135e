"""The clause ledger: complete as shipped; one changed character or one missing side is found."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from pingan_logic import Policy
from pingan_logic.audit import AuditLedger, audit
from pingan_logic.audit.page import page
from pingan_logic.audit.readings import readings_page
from pingan_logic.audit.reference import reference
from pingan_logic.catalogue import Setting
from pingan_logic.cli import audit_command, main
from pingan_logic.policy.expand import expand
from pingan_logic.rules.find import find_policy
from pingan_logic.rules.numbers import in_words
from pingan_logic.solving.load_policy import load_policy
from tests.command import run
from tests.one_standard import one_standard
from tests.policies import copy_policy

POLICY = load_policy()
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ledger() -> AuditLedger:
    return audit(POLICY)


def spoilt(folder: Path, changes: Iterable[tuple[str, str, str]]) -> Policy:
    """Return the shipped policy with a text of some files replaced."""
    copy_policy(folder)
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return load_policy(folder)


def test_every_sentence_is_answered(ledger: AuditLedger) -> None:
    assert ledger.orphans == ()
    for p in ledger.paragraphs:
        assert "".join(e.text for e in p.entries) == p.text, "nothing is skipped or told twice"
        for e in p.entries:
            if e.state == "rule":
                assert e.rules, e
                assert e.tests, e
            elif e.state in ("human", "scope"):
                assert all(e.reason), e


def test_every_section_is_read_or_marked_as_background(ledger: AuditLedger) -> None:
    places = [p.place for p in ledger.paragraphs]
    assert {p[0] for p in places} == set("一二三四五")
    fifth = [p for p in ledger.paragraphs if p.place.startswith("五")]
    assert [e.reason for p in fifth for e in p.entries] == [("工作要求", "calls to work")] * 3


def test_every_clause_is_quoted_once(ledger: AuditLedger) -> None:
    subjects = [e.subject for p in ledger.paragraphs for e in p.entries]
    for clause in POLICY.clauses:
        assert subjects.count(f"clause({clause})") == 1


SPOILT = [
    ("a character of the notice", "notice.md", "上访，无重大安全责任事故",
     "上访，无重大安全责任事件", "notice.md：与通知原文不同，第50字起：“件；”"),
    ("a character of the source", "notice.txt", "得分85分以上", "得分86分以上",
     "notice.md：与通知原文不同，第22字起：“5分以上。”"),
    ("a character of a clause", "village.lp", '90%以上").\nenglish(village_households',
     '90%以丄").\nenglish(village_households',
     "原文 三（四）2 没有这些字：“辖区内平安家庭户数达90%以丄”"),
    ("a sentence without a rule", "coverage.lp", 'answers_text(target(village),    "二", '
     '"“平安村（社区）”创建达标率95%以上").', "",
     "notice.md [二]：没有规则回答"),
    ("a rule without a sentence", "programme.lp", "target((village;enterprise;building;household)",
     "target((village;enterprise;building;household;compound)",
     "programme.lp:7 target(compound, 95, 100)"),
    ("a sentence without a test", "coverage.lp",
     "tested_by(accountable, accountability_is_no_veto).", "", "四.追责 accountable"),
    ("a quotation of a rule that is gone", "programme.lp",
     "role(assesses, (village;school;hospital), township_government).",
     "role(assesses, (village;school), township_government).", "四.2 role(assesses, hospital)"),
    ("a place that is not there", "school.lp", '"三（五）", "无“三乱”收费"',
     '"三（十）", "无“三乱”收费"', "：通知没有 三（十） 处"),
]  # fmt: skip


@pytest.mark.no_cover
def test_what_is_missing_is_found(tmp_path: Path) -> None:
    """Each of all that is spoilt at once, in places that do not touch."""
    counted = 'list_of(school, "三（五）", "“八无”", 8).'
    # the policy's own list count would refuse a place that is not there first
    changes = [s[1:4] for s in SPOILT] + [("school.lp", counted, counted.replace("8", "7"))]
    orphans = [o.words() for o in audit(spoilt(tmp_path / "p", changes)).orphans]
    for what, *_, said in SPOILT:
        assert any(said in o for o in orphans), (what, orphans)


@pytest.mark.no_cover
def test_the_command_exits_1_on_an_orphan(
    tmp_path: Path, ledger: AuditLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "p"
    spoilt(folder, [("coverage.lp", 'connective("确保全县").', 'connective("确保").')])
    bad = run("audit", "--policy", str(folder), "--json")
    assert bad.returncode == 1
    assert "确保全县" in json.loads(bad.stdout)["orphans"][0]["problem"]
    monkeypatch.setattr(audit_command, "audit", lambda _: ledger)
    good = CliRunner().invoke(main, ["audit"])
    assert (good.exit_code, good.stderr) == (0, "")


def test_the_page_is_self_contained_and_linked(
    ledger: AuditLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_command, "audit", lambda _: ledger)
    out = tmp_path / "ledger.html"
    done = CliRunner().invoke(main, ["audit", "--html", str(out)])
    assert done.exit_code == 0
    html = out.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=[\"']?(https?:|//|file:)", html)
    targets = set(re.findall(r'id="([^"]+)"', html))
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links - {""} <= targets
    for clause in POLICY.clauses.values():
        assert clause.zh in html
    english = page(ledger, POLICY, "en")
    assert "No gambling counts; without the ledgers it is undetermined." in english
    assert "At least 98% of the units inside (household) are met, undetermined ones" in english


def test_every_section_is_shown_and_background_is_grey(ledger: AuditLedger) -> None:
    html = page(ledger, POLICY, "zh")
    assert re.findall("<h2>(.)、", html) == ["一", "二", "三", "四", "五"]
    rows = html.split('<div class="row')[1:]
    grey = [re.search('class="place">(.)', r)[1] for r in rows if r.startswith(" background")]  # type: ignore[index]
    assert grey == ["一", "五", "五", "五"]


@pytest.mark.no_cover
def test_readings_are_linked_with_their_value_in_force(ledger: AuditLedger) -> None:
    html = page(ledger, POLICY, "zh")
    listed = dict(re.findall(r'<li value="(\d+)" id="i\1"([^\n]*)</li>', html))
    assert len(listed) == len(POLICY.interpretations)
    switches = {number for number, *_ in POLICY.switch_words.values()}
    assert {int(n) for n, said in listed.items() if "可改，现行：" in said} == switches
    assert "“大的治安案件”指较大及以上" in listed["2"]
    other = load_policy(None, [Setting("switch", "large_case", ("major",))])
    assert "指重大及以上" in page(audit(other), other, "zh")
    entries = html.split('<div class="entry')
    rests = [e for e in entries if "<q>无刑事案件和大的治安案件</q>" in e]
    assert rests
    assert all('href="#i2"' in e for e in rests)


def test_the_page_prints_on_few_sheets(ledger: AuditLedger, tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    path = tmp_path / "ledger.html"
    path.write_text(page(ledger, POLICY, "zh"), encoding="utf-8")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(path.as_uri())
        printed = tab.pdf(prefer_css_page_size=True)
        assert (
            tab.evaluate("getComputedStyle(document.querySelector('.text')).position") == "sticky"
        )
        browser.close()
    assert 3 <= len(re.findall(rb"/Type ?/Page\b", printed)) < 10


@pytest.mark.no_cover
def test_the_page_escapes_what_it_shows(tmp_path: Path) -> None:
    change = ("coverage.lp", "愿景，不是标准", "<script>alert(1)</script>")
    policy = spoilt(tmp_path / "p", [change])
    html = page(audit(policy), policy, "zh")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_page_of_readings_is_fresh() -> None:
    page_of = (ROOT / "docs" / "rules" / "readings.md").read_text(encoding="utf-8")
    assert page_of == readings_page(POLICY)
    assert page_of.count("\n| 41 |") == 2


def test_the_predicate_reference_is_fresh() -> None:
    assert (ROOT / "docs" / "rules" / "predicates.md").read_text(encoding="utf-8") == reference(
        POLICY
    )


def test_the_guide_for_readers_quotes_rules_that_exist() -> None:
    guide = (ROOT / "docs" / "rules" / "read-a-rule.md").read_text(encoding="utf-8")
    squeezed = re.sub(r"\s", "", expand(POLICY).text())
    blocks = re.findall(r"```prolog\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) >= 6
    for block in blocks:
        for statement in re.findall(r"[^\n].*?\.\n", block, re.DOTALL):
            assert re.sub(r"\s", "", statement) in squeezed, statement


# numbers


@pytest.mark.parametrize(
    ("text", "kind", "value", "way"),
    [
        ("平安家庭户数达100%", "share", "1", "at_least"),
        ("平安家庭户数达９０％以上", "share", "9/10", "at_least"),
        ("达标率不低于百分之九十五", "share", "19/20", "at_least"),
        ("占三分之二以上", "share", "2/3", "at_least"),
        ("九成以上", "share", "9/10", "at_least"),
        ("不满意率不超过2.5%", "share", "1/40", "at_most"),
        ("空置率低于5%", "share", "1/20", "below"),
        ("年度考评得分85分以上", "points", "85", "at_least"),
        ("得分九十五分", "points", "95", None),
        ("无3起以上盗窃案件", "count", "3", "at_least"),
        ("事故不超过两起", "count", "2", "at_most"),
        ("“七无”", "list", "7", None),
        ("“十二无”", "list", "12", None),
    ],
)
def test_figures_in_words(text: str, kind: str, value: str, way: str | None) -> None:
    (figure,) = in_words(text)
    assert (figure.kind, figure.value, figure.way) == (kind, Fraction(value), way)


@pytest.mark.parametrize("text", ["一起参与", "分管领导", "无“三乱”收费", "一把手"])
def test_what_is_no_figure(text: str) -> None:
    assert in_words(text) == []


NUMBERS = [
    ("building.lp", "threshold(building_households, 100, 100).",
     "threshold(building_households, 85, 100).",
     "条文写的是“100%”，规则是85/100：`threshold(building_households,85,100)`"),
    ("township.lp", "pass_mark(township_score, 8500).", "pass_mark(township_score, 8600).",
     "条文写的是“85分”，规则是8600：`pass_mark(township_score,8600)`"),
    ("programme.lp", "target((village;enterprise;building;household), 95, 100).",
     "target((village;enterprise;building), 95, 100). target(household, 90, 100).",
     "条文写的是“95%”，规则是90/100：`target(household,90,100)`"),
    ("building.lp", 'list_of(building, "三（八）1", "“七无”", 7).',
     'list_of(building, "三（八）1", "“八无”", 7).',
     "条文写的是“八无”，规则是7：`list_of(building,7)`"),
    ("school.lp", '"无涉毒人员").\nenglish(school_drugs',
     '"无涉毒人员").\nthreshold(school_drugs, 1, 2). members(school_drugs, household).\n'
     "english(school_drugs", "规则里的数1/2条文没有写：`threshold(school_drugs,1,2)`"),
    ("village.lp", "repeated(N), \"屡发性侵财性案件\", \"repeated property crime\") "
     ":- switch(repeated, N).", "repeated(2), \"屡发性侵财性案件\", \"repeated property crime\").",
     "规则里的数2条文没有写：`prohibits(village_property_crime,property_crime,repeated(2))`"),
]  # fmt: skip


@pytest.mark.no_cover
def test_numbers_are_those_of_the_words(tmp_path: Path) -> None:
    found = [o.zh for o in audit(spoilt(tmp_path / "p", [n[:3] for n in NUMBERS])).orphans]
    for *_, said in NUMBERS:
        assert any(z.startswith(said) for z in found), (said, found)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("switch", "one", "other"),
    [("major_governs", "yes", "no"), ("contained_incidents", "count", "ignore")],
)
def test_a_number_of_a_switch_that_an_interpretation_names_is_not_one_of_the_words(
    switch: str, one: str, other: str, tmp_path: Path
) -> None:
    """Under the value in force the words hold. The rules may not give another switch a number."""
    stated = "threshold(village_households, 90, 100)"
    both = f"{stated} :- switch({switch}, {one}).\n{stated.replace('90', '80')} :- "
    changes = [
        ("village.lp", f"{stated}.", f"{both}switch({switch}, {other})."),
    ]
    found = [o.zh for o in audit(spoilt(tmp_path / "p", changes)).orphans]
    numbers = [z for z in found if "规则" in z and "没有规则" not in z]
    assert not numbers, found


@pytest.mark.no_cover
def test_an_interpretation_may_name_a_number(tmp_path: Path) -> None:
    place = 'answers_text(interpretation(20), "二", "用三年时间").'
    changes = [
        ("building.lp", "_households, 100, 100)", "_households, 85, 100)"),
        ("coverage.lp", place, f"{place}\ndiffers_by(threshold(building_households), 9)."),
    ]
    found = [o.zh for o in audit(spoilt(tmp_path / "p", changes)).orphans]
    assert found == ["条文里的“100%”没有规则用到"]


@pytest.mark.no_cover
def test_another_notice_is_read_whole(tmp_path: Path) -> None:
    """Whatever its sections are called; what has no place, or is left out, is named."""
    folder = tmp_path / "p"
    copy_policy(folder)
    text = (folder / "notice.md").read_text(encoding="utf-8")
    bare = re.sub(r"\*\*\[.+?\]\*\* ", "", text)
    (folder / "notice.md").write_text(bare, encoding="utf-8")
    ledger = audit(load_policy(folder))
    assert ledger.paragraphs == ()
    assert any("没有读到任何一段" in o.zh for o in ledger.orphans)
    assert sum("没有写位置" in o.zh for o in ledger.orphans) > 30


@pytest.mark.no_cover
def test_a_section_that_is_left_out_or_not_marked_is_named(tmp_path: Path) -> None:
    notice = (find_policy(None) / "notice.md").read_text(encoding="utf-8")
    fourth = notice[notice.index("## 四") : notice.index("## 五")]
    changes = [
        ("notice.md", fourth, ""),
        ("coverage.lp", 'background("五"', 'background("六"'),
    ]
    orphans = audit(spoilt(tmp_path / "p", changes)).orphans
    found = [o.zh for o in orphans]
    assert any("notice.md 没有这一段" in z and "四、考核评比" in z for z in found), found
    assert {f"notice.md [五.{n}]" for n in (1, 2, 3)} <= {o.what for o in orphans}


@pytest.mark.no_cover
def test_width_makes_no_difference(tmp_path: Path) -> None:
    notice = (find_policy(None) / "notice.md").read_text(encoding="utf-8")
    wide = notice.replace(",", "，").replace(";", "；").replace("90%", "９０％")
    assert wide != notice
    assert audit(spoilt(tmp_path / "p", [("notice.md", notice, wide)])).orphans == ()


_RULES = """%*!
三（三）平安市场 / the standard for a market.
*%
clause(market_rated, market, "三（三）1", "考核等次在良好以上").
english(market_rated, "rated good or above").
measures(market_rated, item(rated)).
asks_for(market_rated, at_least, 3).
clause(market_homes, market, "三（三）1", "所辖住户全部为平安家庭").
english(market_homes, "all its households are safe households").
threshold(market_homes, 100, 100).
members(market_homes, household).
clause(household_violence, household, "三（三）1", "无家庭暴力").
english(household_violence, "no domestic violence").
prohibits(household_violence, domestic_violence, any, "家庭暴力", "domestic violence").
may_sit_in(household, market).
input(rated, market, choice, "考核等次", "rating").
input_choice(rated, 1, poor, "差", "poor").
input_choice(rated, 2, fair, "一般", "fair").
input_choice(rated, 3, good, "良好", "good").
input_choice(rated, 4, best, "优秀", "excellent").
supply_cost(rated, 1).
change_cost(rated, 1, 1).
"""


@pytest.mark.no_cover
def test_words_may_say_a_choice_by_its_name_and_a_whole_share_by_all(tmp_path: Path) -> None:
    words = "考核等次在良好以上，所辖住户全部为平安家庭，无家庭暴力。"
    folder = one_standard(
        tmp_path, "market", "三（三）", "平安市场", standard=words, rules=_RULES, case=""
    )

    def found() -> list[str]:
        return [o.zh for o in audit(load_policy(folder)).orphans if "规则" in o.zh]

    assert [z for z in found() if "asks_for" in z or "threshold" in z] == []
    rules = folder / "market.lp"
    wrong = _RULES.replace("at_least, 3", "at_least, 4").replace("100, 100", "95, 100")
    rules.write_text(wrong, encoding="utf-8")
    assert {z for z in found() if "asks_for" in z or "threshold" in z} == {
        "规则里的数优秀条文没有写：`asks_for(market_rated,at_least,4)`",
        "规则里的数95/100条文没有写：`threshold(market_homes,95,100)`",
    }
    rules.write_text(_RULES.replace("at_least, 3", "at_most, 3"), encoding="utf-8")
    assert [z for z in found() if "asks_for" in z] == [
        "条文“良好”是以上（含），规则是不超过：`asks_for(market_rated,at_most,3)`"
    ]
