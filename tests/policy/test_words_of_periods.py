"""Words of a notice whose periods are no calendar years, and of what is not defined or not met."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import openpyxl
import pytest

from pingan_logic import Facts, PolicyError, load_policy
from pingan_logic.export.xlsx import to_xlsx
from pingan_logic.intake import load_facts
from pingan_logic.model import Unit
from pingan_logic.policy.new import new_policy
from pingan_logic.policy.sentences import sentences
from pingan_logic.programme import programme
from pingan_logic.reports import write_report
from tests.policy.test_another_county import rules_under

TWICE = """
clause(village_gambling, village, "三（一）4", "赌博少于2起").
english(village_gambling, "fewer than 2 cases of gambling").
prohibits(village_gambling, gambling, repeated(2), "赌博", "gambling").
clause(village_drugs, village, "三（一）5", "四年无涉毒").
english(village_drugs, "no drugs in four years").
prohibits(village_drugs, drug_involvement, any, "涉毒", "drugs").
looks_back(village_drugs, drug_involvement, 4).
input(titled, village, date, "称号", "title").
clause(village_titled, village, "三（一）6", "有称号").
english(village_titled, "a title").
measures(village_titled, item(titled)).
supply_cost(titled, 1).
change_cost(titled, 9, 10000).
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "linjiang-2020"
    new_policy(made)
    (made / "more.lp").write_text(f"%*!\n平安村 / villages.\n*%\n{TWICE}", encoding="utf-8")
    return made


def in_cycles(folder: Path) -> None:
    path = folder / "programme.lp"
    kept = [x for x in path.read_text(encoding="utf-8").splitlines() if "_year(" not in x]
    path.write_text("\n".join([*kept, rules_under("十五、")]), encoding="utf-8")


def test_sentences_speak_of_the_period(folder: Path) -> None:
    said = {s.clause: s.said for s in sentences(load_policy(folder)).found}
    assert said["village_gambling"][0] == "计入的赌博全年少于2起；缺台账的待核。"
    assert said["village_drugs"][0].startswith("看4年（含判定年度），")
    in_cycles(folder)
    said = {s.clause: s.said for s in sentences(load_policy(folder)).found}
    zh, en = said["village_gambling"]
    assert zh == "计入的赌博在期间内少于2起；缺台账的待核。"
    assert en.startswith("Fewer than 2 of these count in the period: gambling")
    zh, en = said["village_drugs"]
    assert zh == "看4年（含判定的期间），没有计入的涉毒；缺其中一个期间台账的待核。"
    assert "with the period judged" in en
    assert "one of the periods" in en


def cells(folder: Path, lang: str) -> str:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(load_policy(folder), None, lang)))
    found = [c for sheet in book for row in sheet.iter_rows(max_row=60) for c in row]
    rules = [d for sheet in book for d in sheet.data_validations.dataValidation]
    texts = [str(c.value) for c in found if c.value is not None]
    texts += [c.comment.text for c in found if c.comment]
    return "\n".join([*texts, *(f"{d.prompt}{d.error}" for d in rules)])


@pytest.mark.parametrize(("lang", "said"), [("zh", "日期，如 {}"), ("en", "a date such as {}")])
def test_a_template_shows_a_day_of_the_policys_own(folder: Path, lang: str, said: str) -> None:
    text = cells(folder, lang)
    assert said.format("2020-05-01") in text
    assert "2014" not in text
    if lang == "zh":
        assert "四位年份，如 2020" in text
    in_cycles(folder)
    text = cells(folder, lang)
    assert said.format("2017-05-01") in text  # of the cycle from July 2016 on
    assert not re.search("2014|2020-05", text)


def test_the_header_with_the_day_is_read_back(folder: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(load_policy(folder), None)))
    units, values = book["单位"], book["数值-村"]
    units.append(["V", "村", "东村"])
    titles = [c.value for c in values[1]]
    assert "称号（日期，如 2020-05-01）" in titles
    values.append(["V", 2020, "2019-03-04"])
    book.save(tmp_path / "t.xlsx")
    facts = load_facts(tmp_path / "t.xlsx", load_policy(folder))
    assert [(v.unit, v.item, str(v.value)) for v in facts.values] == [("V", "titled", "2019-03-04")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_list_to_post_on_which_nobody_is_says_only_that(
    folder: Path, lang: str, tmp_path: Path
) -> None:
    result = programme(Facts(units=[Unit("V", "village", "东村")]), load_policy(folder), 2020)
    write_report(result, tmp_path / "p.docx", lang)
    texts = [p.text for p in docx.Document(str(tmp_path / "p.docx")).paragraphs]
    said = (
        "没有符合标准的村，没有拟授牌的单位。" if lang == "zh" else "none is proposed for the award"
    )
    assert any(said in t for t in texts)
    assert not any(w in t for t in texts for w in ("下列单位", "units below"))


@pytest.mark.parametrize(
    ("fact", "zh", "en", "found"),
    [
        ("target(stall, 1, 2).", "没有定义这个类别", "this kind is not defined", "stall"),
        ("answers(gambling, betting).", "没有定义这个案（事）件类型",
         "this type of incident is not defined", "betting"),
        ('english(stall_a, "x").', "没有定义这个条款", "this clause is not defined", "stall_a"),
        ("lasting(weight).", "没有定义这个数值项目", "this item of values is not defined",
         "weight"),
    ],
)  # fmt: skip
def test_what_is_not_defined_is_said_in_words(
    folder: Path, fact: str, zh: str, en: str, found: str
) -> None:
    with (folder / "more.lp").open("a", encoding="utf-8") as file:
        file.write(f"{fact}\n")
    with pytest.raises(PolicyError) as error:
        load_policy(folder)
    problem = error.value.problems[0]
    assert (problem.zh, problem.en, problem.found) == (zh, en, found)
    assert re.fullmatch(r"more\.lp:\d+:\d+", problem.place)
    assert "unknown(" not in error.value.words("zh")
