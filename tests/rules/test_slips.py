"""Slips of the pen in rule files: each is named where it was made, before anything is judged."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pingan_logic.errors import PolicyError
from pingan_logic.lint import lint
from pingan_logic.policy.new import new_policy
from pingan_logic.rules.differences import differences
from pingan_logic.rules.find import data_folder, find_policy, rule_files
from pingan_logic.rules.names import misspelt, uses
from pingan_logic.solving.load_policy import load_policy
from pingan_logic.solving.program import read_rules
from tests.command import run
from tests.policies import copy_policy

SHIPPED = find_policy(None)
STATEMENT = re.compile(r'(?:"(?:\\.|[^"\\])*"|\.\.|[^".])*?\.(?!\.)')
NAME = re.compile(r"(?<![\w\"])[a-z]\w+")


def spoilt(tmp_path: Path, file: str, old: str, new: str) -> tuple[Path, int]:
    """Return a copy of the policy with one change, and the line of it."""
    folder = tmp_path / "p"
    copy_policy(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder, text.count("\n", 0, text.index(old)) + 1


SLIPS = [
    # file, what stands there, what is written, the line (from there), what is said
    ("interpretations.lp", "switch(repeated, 2).", "switch(repeated, Two).", 0,
     "大写字母（或“_”）开头的是变量", "`Two`", "`two`"),
    ("interpretations.lp", "switch(contained_incidents, count).",
     "switch(contained_incidents, Count).", 0, "大写字母", "`Count`", "`count`"),
    ("interpretations.lp", "switch(contained_incidents, count).",
     "switch(contained_incident, count).", 0, "没有规则用到", "`contained_incident`",
     "`contained_incidents`"),
    ("interpretations.lp", "switch(contained_incidents, count).",
     "switch(contained_incidents, cuont).", 0, "别处的只差一个字母", "cuont", "`count`"),
    ("interpretations.lp", "switch(repeated, 2).", "switch(repeated, 2).\nswitch(repeated, 3).", 0,
     "同一开关有两个取值", "switch_twice(repeated)", "interpretations.lp:"),
    ("common.lp", "forbids(K,T,C,M), switch(contained_incidents, count).",
     "forbids(K,T,C,M), switch(contained_incidents, Count).", 0,
     "大写字母", "`Count`", "`count`"),
    ("building.lp", "threshold(building_households, 100, 100).",
     "threshold(building_households, 100, 100).\nthreshold(building_households, 85, 100).", 0,
     "写了两遍", "threshold(building_households,85,100)", "threshold(building_households,100,100)"),
    ("building.lp", "threshold(building_households, 100, 100).", "", -2,
     "没有事实或规则给出", "`threshold(building_households,N,D)`", "被删去或写错"),
    ("building.lp", "threshold(building_households, 100, 100).",
     "threshold(building_housholds, 100, 100).", 0,
     "别处的只差一个字母", "`building_housholds`", "`building_households`"),
    ("building.lp", "threshold(building_households, 100, 100).",
     "treshold(building_households, 100, 100).", 0,
     "没有规则用到这个名称", "`treshold/3`", "`threshold(C,N,D)`"),
    ("building.lp", "threshold(building_households, 100, 100).",
     "threshold(building_households, 100).", 0,
     "`threshold` 应有3项，这里有2项", "`threshold/2`", "`threshold(C,N,D)`"),
    ("building.lp", "threshold(building_households, 100, 100).",
     "threshold(building_households, 100, 98).", 0, "比例应不大于1", "100,98", "分子在前"),
    ("building.lp", "threshold(building_households, 100, 100).",
     "threshold(building_households, 100, 0).", 0, "比例应不大于1", "100,0", "分子在前"),
    ("building.lp", "members(building_households, household).",
     "members(building_households, houshold).", 0,
     "别处的只差一个字母", "houshold", "`household`"),
    ("building.lp", "members(building_households, household).", "", -1,
     "比例条款缺一半", "half_a_ratio(building_households)", ""),
    ("building.lp", "prohibits(building_cases, public_security_case, any, "
     '"治安案件", "public-security case").', "", -3,
     "条款里的“治安案件”没有 prohibits 回答", "building_cases", ""),
    ("vocabulary.lp", 'grade(major,   3, "重大",', 'grade(major,   2, "重大",', 0,
     "等级的次序应为正整数", "grade_rank(major)", ""),
    ("vocabulary.lp", 'grade(minor,   1, "一般",', 'grade(minor,  -1, "一般",', 0,
     "等级的次序应为正整数", "grade_rank(minor)", ""),
    ("interpretations.lp", "heading_notice(criminal_case,        maybe_criminal_case).",
     "heading_notice(criminal_case, perhaps_criminal).", 0, "没有定义这个提示", "perhaps_criminal",
     ""),
    ("programme.lp", "destabilising((criminal_case;", "destabilising((criminal_cases;", 0,
     "别处的只差一个字母", "criminal_cases", "`criminal_case`"),
    ("township.lp", "pass_mark(township_score, 8500).", "pass_mark(township_score, 85000).", 0,
     "分数应为0至100分", "not_a_mark(township_score)", ""),
    ("programme.lp", "target((village;enterprise;building;household), 95, 100).",
     "target((village;enterprise;bulding;household), 95, 100).", 0,
     "别处的只差一个字母", "bulding", "`building`"),
    ("vocabulary.lp", "answers(work_safety_accident, work_safety_accident).",
     "answers(work_safety_accident, work_safety_acident).", 0,
     "别处的只差一个字母", "work_safety_acident", "`work_safety_accident`"),
    ("school.lp", 'clause(school_drugs, school, "三（五）", "无涉毒人员").',
     'clause(school_drugs, shool, "三（五）", "无涉毒人员").', 0,
     "别处的只差一个字母", "shool", "`school`"),
    ("school.lp", 'prohibits(school_drugs, drug_involvement, any,',
     "prohibits(school_drugs, drug_involvment, any,", 0,
     "别处的只差一个字母", "drug_involvment", "`drug_involvement`"),
    ("household.lp", "domestic_violence, any,", "domestic_violence, ayy,",
     0, "别处的只差一个字母", "ayy", "`any`"),
    ("school.lp", 'english(school_drugs, "no person involved with drugs").',
     'english("no person involved with drugs", school_drugs).', 0,
     "第1个参数应为名称", "no person", ""),
    ("vocabulary.lp", 'title(building, "平安楼栋").', 'title("平安楼栋", building).', 0,
     "第1个参数应为名称", "title(", ""),
    ("building.lp", 'list_of(building, "三（八）1", "“七无”", 7).',
     'list_of(building, "三（八）1", 7, "“七无”").', 0, "第3个参数应为双引号内的文字", "list_of(",
     ""),
    ("school.lp", 'list_of(school, "三（五）", "“八无”", 8).', "", 3,
     "通知 三（五） 写有“八无”，没有事实回答", 'list_of(school, "三（五）", "八无", 8)', ""),
    ("school.lp", 'english(school_drugs, "no person involved with drugs").', "", -1,
     "条款 `school_drugs` 没有英文", "english(school_drugs, …)", ""),
    ("building.lp", "threshold(building_households, 100, 100).",
     "#const n=85.\nthreshold(building_households, n, 100).", 0, "不得用 #const 给数起名", "#const",
     ""),
    ("building.lp", "threshold(building_households, 100, 100).",
     "{ threshold(building_households, 100, 100) }.", 0, "规则头是选择或析取（{…} 或 a ; b）",
     "定不下结论", ""),
    ("building.lp", "threshold(building_households, 100, 100).",
     "threshold(building_households, 85, 100); threshold(building_households, 100, 100).", 0,
     "规则头是选择或析取（{…} 或 a ; b）", "定不下结论", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said", "found", "near"), SLIPS,
    ids=[f"{s[0]} {s[2] or 'deleted ' + s[1]}"[:60] for s in SLIPS],
)  # fmt: skip
def test_a_slip_is_named_where_it_was_made(
    file: str, old: str, new: str, line: int, said: str, found: str, near: str, tmp_path: Path
) -> None:
    folder, at = spoilt(tmp_path, file, old, new)
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    (problem,) = caught.value.problems
    words = problem.words("zh")
    assert re.match(rf"{file}:{at + line}:\d+[： ]", words), words
    for wanted in (said, found, near):
        assert wanted in words
    english = problem.words("en")
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r'`[^`]*`|"[^"]*"', "", english)), english
    linted = lint(folder)
    assert [(f.file, f.line) for f in linted] == [(file, at + line)], linted
    assert said in linted[0].zh


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("building.lp", "threshold(building_households, 100, 100).",
         "threshold(building_households, 100, 100)", "末尾缺少“.”"),
        ("township.lp", "pass_mark(township_score, 8500).", "pass_mark(township_score, 8500) % 85.",
         "末尾缺少“.”"),
        ("school.lp", 'english(school_drugs, "no person involved with drugs").',
         'english(school_drugs, "no person involved with drugs")', "末尾缺少“.”"),
        ("school.lp", 'english(school_drugs, "no person involved with drugs").',
         'english(school_drugs, "no person involved with drugs")..', "末尾多了一个“.”"),
        ("township.lp", "threshold(township_households, 90, 100).",
         "threshold(township_households, 90, 100", "这个括号没有合上"),
        ("township.lp", "threshold(township_households, 90, 100).",
         "threshold(township_households, 99.5, 100).", "不能写小数；这里写成 995, 1000"),
        ("township.lp", "pass_mark(township_score, 8500).", "pass_mark(township_score, 85.5).",
         "不能写小数；分数写成百分之一分"),
        ("programme.lp", "reaches(I,major), liable(I).", "reaches((I,major), liable(I).",
         "这个括号没有合上"),
    ],
)  # fmt: skip
def test_a_statement_that_does_not_end_is_named_and_not_the_next(
    file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    folder, at = spoilt(tmp_path, file, old, new)
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    (problem,) = caught.value.problems
    assert problem.place.startswith(f"{file}:{at}:")
    assert said in problem.zh


def test_what_breaks_conditions_everywhere_is_named_alone(tmp_path: Path) -> None:
    new = 'clause(school, school_safety, "'
    folder, at = spoilt(tmp_path, "school.lp", 'clause(school_safety, school, "', new)
    assert [(f.line, f.rule) for f in lint(folder)] == [
        (at, "clause-without-rule"),
        (at + 1, "rule-without-clause"),
        (at + 2, "rule-without-clause"),
    ]
    folder, _ = spoilt(tmp_path / "b", "vocabulary.lp",
                       'kind(building,   "楼栋",   "building",   "栋").', "")  # fmt: skip
    assert ["building" in f.zh for f in lint(folder)] == [True]


def test_every_command_says_the_same(tmp_path: Path) -> None:
    folder, at = spoilt(
        tmp_path, "interpretations.lp", "switch(repeated, 2).", "switch(repeated, Two)."
    )
    sample = str(data_folder("facts") / "sample-county")
    wanted = f"interpretations.lp:{at}:18：大写字母"
    for line in (
        ["evaluate"], ["explain", "B-12"], ["check", sample], ["programme"], ["fix", "T-03"],
        ["whatif", "--each-switch"], ["template", str(tmp_path / "a.xlsx")], ["audit"], ["test"],
    ):  # fmt: skip
        done = run(*line, "--policy", str(folder))
        assert (done.returncode, done.stdout) == (2, ""), line
        assert wanted in done.stderr
        assert done.stderr.count("\n") == 2, done.stderr
    done = run("lint", str(folder))
    assert done.returncode == 1
    assert wanted.partition("：大")[0] in done.stdout


def test_what_contradicts_nothing_is_said_as_a_difference(tmp_path: Path) -> None:
    types = "answers(safety_accident, (work_safety_accident;campus_accident;school_bus_accident))."
    folder, _ = spoilt(tmp_path, "vocabulary.lp", types, "")
    done = run("explain", "B-12", "--policy", str(folder))
    assert done.returncode == 0
    assert "提示：规则与自带的 xiangyin-2014 有1处不同" in done.stderr
    assert "vocabulary.lp 少了：`answers(safety_accident" in done.stderr
    done = run("explain", "B-12", "--policy", str(folder), "--lang", "en")
    assert "the rules differ from the shipped xiangyin-2014 in 1 places" in done.stderr
    assert "不同" not in run("explain", "B-12", "--policy", str(SHIPPED)).stderr


# every fact


def facts() -> Iterator[tuple[str, int, int, str]]:
    for path in rule_files(SHIPPED):
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        for rule in read_rules([path]).rules:
            if rule.fact and rule.head and not rule.constraint:
                start = sum(len(x) + 1 for x in lines[: rule.line - 1]) + rule.column - 1
                match = STATEMENT.match(text, start)
                assert match is not None
                yield path.name, start, match.end(), match[0]


def mutants(fact: str) -> Iterator[str]:
    yield ""
    names = list(NAME.finditer(re.sub(r'"(?:\\.|[^"\\])*"', lambda m: '"' * len(m[0]), fact)))
    for name in names:
        word = name[0]
        other = word[:-2] + word[-1] + word[-2] if word[-1] != word[-2] else word[:-1]
        yield fact[: name.start()] + other + fact[name.end() :]
        yield fact[: name.start()] + word.capitalize() + fact[name.end() :]
    yield re.sub(r"\)\.$", ", 1).", fact)
    for number in re.finditer(r"(?<=[(, ])\d+(?=[,)])", fact):
        yield f"{fact}\n{fact[: number.start()]}7{fact[number.end() :]}"


def refused(folder: Path) -> list[str] | None:
    try:
        load_policy(folder)
    except PolicyError as error:
        return [p.words("zh") for p in error.problems]
    return None


@pytest.mark.no_cover
def test_no_fact_can_be_spoilt_in_silence(tmp_path: Path) -> None:
    """A sample of all; what is neither refused nor said makes no difference to the rules."""
    every = [(*fact, new) for fact in facts() for new in mutants(fact[3])]
    assert len(every) > 2000
    said = differs = 0
    for file, start, end, old, new in random.Random(26).sample(every, 40):
        folder = tmp_path / f"{said + differs}"
        copy_policy(folder, "cases", "properties")
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text[:start] + new + text[end:], encoding="utf-8")
        problems = refused(folder)
        if problems is not None:
            assert 0 < len(problems) <= 3, (old, new, problems)
            for words in problems:
                place = re.match(r"[a-z_]+\.lp:\d+:[\d-]+[： ]", words)
                assert place, (old, new, words)
                assert re.search(r"[\u4e00-\u9fff]", words[place.end() :]), words
            said += 1
        else:
            found = differences(folder, read_rules)
            assert found is not None
            assert found[1], (old, new)
            differs += 1
    assert said > differs


# every name

WAYS: dict[str, Callable[[str], str]] = {
    "two change places": lambda w: w[:-2] + w[-1] + w[-2],
    "one forgotten": lambda w: w[: len(w) // 2] + w[len(w) // 2 + 1 :],
    "one doubled": lambda w: w[: len(w) // 2] + w[len(w) // 2] * 2 + w[len(w) // 2 + 1 :],
}


def test_a_name_one_letter_off_is_named_wherever_it_stands() -> None:
    """Every name that stands in three places or more, at the first and the last of them, in the
    ways by turns."""
    used, words = uses(read_rules(rule_files(SHIPPED)).rules)
    assert misspelt(used, words) == {}
    ways, tried = list(WAYS.values()), 0
    for number, (name, places) in enumerate(used.items()):
        for n, place in enumerate((places[0], places[-1])):
            wrong = ways[(number + n) % len(ways)](name)
            if len(set(places)) < 3 or len(name) < 6 or wrong in used or wrong == name:
                continue
            left = [p for p in places if p != place]
            found = misspelt({**used, name: left, wrong: [place]}, words)
            # one word of a name may be too short to tell
            short = "school_bu_" in wrong or name in ("yes_no", "asks_for", "listed_by")
            assert found == {wrong: name} or short, (name, wrong, found)
            tried += 1
    assert tried > 100


SHORT: dict[str, Callable[[str, int], str]] = {
    "another": lambda w, k: w[:k] + "q" + w[k + 1 :],
    "forgotten": lambda w, k: w[:k] + w[k + 1 :],
    "one more": lambda w, k: w[:k] + "x" + w[k:],
}


def test_a_short_name_one_letter_off_in_one_place_is_named_too() -> None:
    """Every letter of every name of three to five letters, in one of the places of each sort."""
    used, words = uses(read_rules(rule_files(SHIPPED)).rules)
    named = unnamed = 0
    for name, places in used.items():
        sorts = {at: (file, line, column, at) for file, line, column, at in places}
        for k, (way, place) in enumerate(itertools.product(SHORT, sorts.values())):
            wrong = SHORT[way](name, k % len(name))
            if not 3 <= len(name) <= 5 or len(set(places)) < 3 or wrong in used or wrong in words:
                continue
            left = [p for p in places if p != place]
            if misspelt({**used, name: left, wrong: [place]}, words).get(wrong) == name:
                named += 1
            else:
                unnamed += 1  # where no other name stands, none is known to be right
    assert named > 60
    assert unnamed * 20 < named


@pytest.mark.parametrize(
    ("one", "other"),
    [("household", "households"), ("count", "county"), ("part_1", "part_2"), ("zone_a", "zone_b"),
     ("east", "west"), ("mayor", "major"), ("nobody", "no_body"), ("grade", "graded")],
)  # fmt: skip
def test_names_that_differ_by_more_than_a_slip_are_left_alone(one: str, other: str) -> None:
    here = [("a.lp", n, 1, "a/1 0") for n in range(1, 4)]
    there = [("a.lp", n, 1, "b/1 0") for n in range(4, 6)]
    assert misspelt({one: here, other: there}, {}) == {}


def test_a_status_misspelt_in_a_template_is_named_once_in_each_place(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    copy_policy(folder)
    path = folder / "templates.lp"
    text = path.read_text(encoding="utf-8")
    spoilt = text.replace("verdict(m,X,undetermined)", "verdict(m,X,undetermned)")
    path.write_text(spoilt, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    places = [
        f"templates.lp:{n}:{line.index('undetermned') + 1}"
        for n, line in enumerate(spoilt.split("\n"), 1)
        if "undetermned" in line
    ]
    assert len(places) == 2
    assert [p.place for p in caught.value.problems] == places
    assert {p.nearest for p in caught.value.problems} == {"undetermined"}
    assert {p.found for p in caught.value.problems} == {"undetermned"}


REDEFINED = [
    ("verdict(village,U,met) :- standard(village,U).", "由共同规则得出（templates.lp:"),
    ('unit(village,"V").', "`unit/2` 是数据给出的"),
    ("holder(I,U) :- standard(village,U), incident(I,U,T,G,L,D).", "由共同规则得出（common.lp:"),
    ("here(U) :- standard(village,U).", "共同规则内部的名称（remedies/missing.lp:"),
]
"""What a notice gives although the shared rules or the data do, and what is said of it."""


def test_what_the_shared_rules_derive_is_not_given_again(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    new_policy(folder)
    load_policy(folder)
    text = "%*!\n自有 / own\n*%\n" + "".join(f"{rule}\n" for rule, _ in REDEFINED)
    (folder / "own.lp").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    problems = caught.value.problems
    for n, ((rule, said), problem) in enumerate(zip(REDEFINED, problems, strict=True)):
        words = problem.words("zh")
        assert words.startswith(f"own.lp:{n + 4}:1：`{rule.partition('(')[0]}/")
        assert said in words
        assert f"`own_{rule.partition('(')[0]}/" in words
        assert not re.search(r"[\u4e00-\u9fff]", problem.words("en"))
    assert {(f.rule, f.line) for f in lint(folder)} == {
        ("redefined-predicate", n + 4) for n in range(len(REDEFINED))
    }


def test_a_notice_gives_what_is_declared_and_its_own_names(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    new_policy(folder)
    own = """%*!
自有 / own
*%
may_give(own_thing, 1).
notice_text(odd, "奇数", "odd").
notice(odd,U) :- odd_unit(U).
odd_unit(U) :- standard(village,U), absent(U).
said_by_check(odd).
"""
    (folder / "own.lp").write_text(own.replace("may_give(own_thing, 1).\n", ""), encoding="utf-8")
    assert load_policy(folder).notice_texts["odd"] == ("奇数", "odd")
    (folder / "own.lp").write_text(own, encoding="utf-8")
    with pytest.raises(PolicyError, match="may_give/2"):
        load_policy(folder)
