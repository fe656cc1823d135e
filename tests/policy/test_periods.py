"""Periods that are no calendar years: what falls in them, how they are called, asked everything."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import clingo
import pytest
from click.testing import CliRunner

from pingan_logic import Facts, Policy, Status, evaluate, load_facts, load_policy
from pingan_logic.audit import audit
from pingan_logic.cli import main
from pingan_logic.errors import InputError, RequestError
from pingan_logic.library import verify
from pingan_logic.lint import lint
from pingan_logic.model import Incident, Ledger, Score, Unit, Value
from pingan_logic.period import CALENDAR, Period
from pingan_logic.policy.sentences import sentences
from pingan_logic.questions.edits import apply
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.missing import find_missing
from pingan_logic.recheck import checker
from pingan_logic.rules.find import base_folder
from tests import periods
from tests.one_standard import (
    ask_everything,
    certified,
    changed,
    notice_fixtures,
    refused,
    side_by_side,
    together,
    told,
    write_csv,
)
from tests.periods import CLAUSES, DAYS, END, YEAR, World, random_world

EVERY = frozenset((t, y) for t, _, _, ys in CLAUSES.values() for y in ys)
GOOD = World((), EVERY, END)
CYCLE = Period(7, 1, 2, 2016)


folder, notice = notice_fixtures(periods.folder)


@pytest.mark.parametrize(
    "period",
    [CALENDAR, CYCLE, Period(7, 1), Period(3, 1), Period(3, 1, 2, 2000), Period(12, 21),
     Period(12, 31, 3, 2001), Period(1, 2), Period(10, 1, 4, 2003), Period(2, 28)],
)  # fmt: skip
def test_the_rules_and_the_program_agree_on_every_day(period: Period) -> None:
    text = (base_folder() / "periods.lp").read_text(encoding="utf-8")
    if (period.month, period.day) != (1, 1):
        text += f"period_begins({period.month},{period.day})."
    if period.years > 1:
        text += f"period_years({period.years},{period.first})."
    day, called = date(1999, 1, 1), Counter[int]()
    while day < date(2017, 1, 1):
        called[period.of(day)] += 1
        assert period.holds(period.of(day), day)
        day += timedelta(days=1)
    for year, days in list(called.items())[1:-1]:
        ctl = clingo.Control(["--warn=none"])
        ctl.add("base", [], f"{text} year({year}).")
        ctl.ground([("base", [])])
        assert not list(ctl.symbolic_atoms.by_signature("defect", 1))
        ((_, first, last),) = (
            [a.number for a in found.symbol.arguments]
            for found in ctl.symbolic_atoms.by_signature("span", 3)
        )
        begins, ends = (
            date.fromisoformat(f"{n // 10000}-{n // 100 % 100:02}-{n % 100:02}")
            for n in (first, last)
        )
        assert (begins, ends) == (period.begins(year), period.ends(year))
        assert (ends - begins).days + 1 == days


def test_each_clause_is_as_all_completions_say(notice: Policy) -> None:
    rng = random.Random(5)
    worlds = [random_world(rng) for _ in range(300)]
    result = evaluate(side_by_side(worlds), notice, YEAR)
    seen = Counter[str]()
    for n, w in enumerate(worlds):
        for c in (*CLAUSES, "village_title"):
            found = result.finding(f"w{n}V", c).status.value
            assert found == w.status(c), (c, w)
            seen[f"{c} {found}"] += 1
    assert len(seen) == 9


def test_an_incident_counts_from_the_first_day_to_the_last(notice: Policy) -> None:
    worlds = [World((("criminal_case", d),), EVERY, END) for d in DAYS]
    result = evaluate(side_by_side(worlds), notice, YEAR)
    met = [result.status(f"w{n}V") is Status.MET for n in range(len(DAYS))]
    assert met == [True, True, True, False, False, False, True]
    earlier = evaluate(side_by_side(worlds), notice, 2016)
    failed = [earlier.finding(f"w{n}V", "village_crime").status for n in range(len(DAYS))]
    assert [s is Status.FAILED for s in failed] == [False, True, True, False, False, False, False]


def test_the_remedy_is_the_least_of_all_edits(notice: Policy) -> None:
    rng = random.Random(3)
    seen = Counter[str]()
    while sum(seen.values()) < 40 or len(seen) < 2:
        w = random_world(rng)
        result = evaluate(w.facts(), notice, YEAR)
        answer = find_remedy(result, "V")
        found = 0 if answer.status is Status.MET else None
        if answer.plans:
            found = answer.plans[0].cost
            after = evaluate(apply(result.facts, answer.plans[0].changes, YEAR), notice, YEAR)
            assert after.status("V") is Status.MET
        assert answer.proven
        assert found == w.cheapest(), w
        seen["none" if found is None else "plan"] += 1


def test_the_records_needed_are_the_fewest(notice: Policy) -> None:
    rng = random.Random(8)
    seen = 0
    while seen < 25:
        w = random_world(rng)
        if w.decided():
            continue
        answer = find_missing(evaluate(w.facts(), notice, YEAR), "V")
        assert (answer.proven, answer.unsettled) == (True, ())
        assert len(answer.records) == w.fewest(), w
        seen += 1


def test_time_helps_in_a_later_period(notice: Policy) -> None:
    often = World((("gambling", "2019-12-31"), ("criminal_case", "2019-12-31")), EVERY, END)
    answer = find_remedy(evaluate(often.facts(), notice, YEAR), "V")
    assert answer.first_year == 2020
    said = answer.text("zh")
    assert "2018年7月—2020年6月已不能达标" in said
    assert "从2020年7月—2022年6月起可以重新参评；这一期间各条" in said


def test_before_its_end_a_period_is_preliminary(notice: Policy) -> None:
    facts = GOOD.facts()
    for day, early in ((date(2019, 12, 31), True), (date(2020, 6, 29), True),
                       (date(2020, 6, 30), False), (date(2021, 1, 1), False)):  # fmt: skip
        found = evaluate(facts, notice, YEAR, as_of=day)
        assert found.preliminary is early
        assert (found.status("V") is Status.MET) is not early
        assert found.cut_off == min(day, date(2020, 6, 30))
    assert find_missing(evaluate(facts, notice, YEAR, as_of=date(2020, 1, 1)), "V").status == "met"


def test_a_period_is_called_by_the_year_in_which_it_begins(notice: Policy) -> None:
    with pytest.raises(RequestError) as said:
        evaluate(GOOD.facts(), notice, 2019)
    (problem,) = said.value.problems
    assert (problem.place, problem.found, problem.nearest) == ("year", "2019", "2018")
    facts = Facts(units=[Unit("V", "village")], ledgers=[Ledger("V", "*", 2017)],
                  scores=[Score("V", 2019, 80)])  # fmt: skip
    with pytest.raises(InputError) as wrong:
        evaluate(facts, notice, YEAR)
    assert [(p.place, p.nearest) for p in wrong.value.problems] == [
        ("ledgers[0] year", "2016"), ("scores[0] year", "2018"),
    ]  # fmt: skip
    crime = Facts(units=[Unit("V", "village")],
                  incidents=[Incident("I", "V", "criminal_case", date(2020, 3, 3))])  # fmt: skip
    assert evaluate(crime, notice).year == 2018
    assert crime.years() == (2020,)
    assert crime.years(notice.period) == (2018,)


ASKED = [
    ("explain V", "2018年7月—2020年6月：未达标", "July 2018 to June 2020: not met"),
    (
        "explain W",
        "缺2016年7月—2018年6月的台账：赌博",
        "July 2016 to June 2018: gambling",
    ),
    ("explain X", "2016年7月—2020年6月台账，没有计入", "for July 2018 to June 2020; no incident"),
    (
        "fix V",
        "从2020年7月—2022年6月起可以重新参评",
        "again for July 2020 to June 2022",
    ),
    ("fix W --as-of 2019-09-01", "按2020年6月30日作答", "this is about 30 June 2020"),
    ("missing W", "赌博（2016年7月—2018年6月）", "gambling (July 2016 to June 2018)"),
    ("missing X --as-of 2020-01-01", "2018年7月—2020年6月结束以后才能作出结论", ""),
    ("margin X", "不早于2018-06-30", ""),
    ("evaluate", "2018年7月—2020年6月", "July 2018 to June 2020"),
    ("evaluate --json", '"ends": "2020-06-30"', '"ends": "2020-06-30"'),
    ("programme --list", "2018年7月—2020年6月", "July 2018 to June 2020"),
    ("programme", "2016.7—2018.6", "2016.7—2018.6"),
    ("whatif --set switch(contained_incidents)=ignore", "2018年7月—2020年6月", ""),
    ("report --overwrite --out r.docx", "r.docx", "r.docx"),
]
"""What is asked of three villages, and what the answer says in both languages."""


def three() -> Facts:
    """Return three villages: one with a crime, one without a ledger, one that is met."""
    worlds = {
        "V": World((("criminal_case", "2019-12-31"),), EVERY, END),
        "W": World((), EVERY - {("gambling", 2016)}, END), "X": GOOD,
    }  # fmt: skip
    parts = {name: w.facts(name) for name, w in worlds.items()}
    return Facts(
        units=[Unit(name, "village") for name in worlds],
        incidents=[Incident("I", "V", "criminal_case", date(2019, 12, 31))],
        ledgers=[Ledger(n, x.item, x.year) for n, f in parts.items() for x in f.ledgers],
        values=[Value(n, v.item, v.year, v.value) for n, f in parts.items() for v in f.values],
    )


def test_everything_is_answered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "data", three())
    ask_everything(folder, Path("data"), ASKED)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "July 2018 to June 2020" in page or "2018年7月—2020年6月" in page
    common = ["--policy", str(folder)]
    done = CliRunner().invoke(main, ["template", "t.xlsx", *common])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(main, ["check", "t.xlsx", *common])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(main, ["new-year", "data", "next.xlsx", *common])
    assert done.exit_code == 0, done.output


def test_the_notice_passes_every_check(notice: Policy, folder: Path) -> None:
    assert lint(folder) == []
    untested = "没有检验用例，也没有性质"
    assert [o.words() for o in audit(notice).orphans if o.zh != untested] == []
    assert (
        sentences(notice)
        .text("zh")
        .startswith("判定期间：每2年一个周期，从7月1日起，如2018年7月—2020年6月")
    )


def test_met_is_proven_and_wrong_ends_of_a_period_are_found(folder: Path, tmp_path: Path) -> None:
    proven = ("preliminary_never_met", "other_years_do_not_count")
    assert verify(load_policy(folder), properties=proven).as_expected
    for name, file, old, new in (
        (proven[0], "common.lp", "span(Y,F,L), C >= L.", "span(Y,F,L), C >= F."),
        (proven[1], "common.lp", "begins(F), F <= D, cut_off(C)", "begins(F), F > D, cut_off(C)"),
    ):
        wrong = tmp_path / name
        shutil.copytree(folder, wrong)
        shared = (base_folder() / file).read_text(encoding="utf-8")
        assert old in shared
        (wrong / file).write_text(shared.replace(old, new), encoding="utf-8")
        assert not verify(load_policy(wrong), properties=(name,)).as_expected


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (("period_begins(7, 1).", "period_begins(13, 1)."), "period_begins"),
        (("period_begins(7, 1).", "period_begins(2, 29)."), "period_begins"),
        (("period_begins(7, 1).", "period_begins(7, 1). period_begins(8, 1)."), "twice"),
        (("period_years(2, 2016).", "period_years(0, 2016)."), "period_years"),
        (("period_years(2, 2016).", "period_years(11, 2016)."), "period_years"),
        (("period_years(2, 2016).", "period_years(2, 2015)."), "no_period"),
        (("programme_year((2016;2018))", "programme_year((2016;2017))"), "no_period"),
        (("period_years(2, 2016).", "period_years(3, 2016). "), "years_back"),
        (("period_years(2, 2016).", "period_years(4, 2018). "), "years_back"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(
    folder: Path, tmp_path: Path, change: tuple[str, str], defect: str
) -> None:
    made = changed(folder, tmp_path / "made", ["programme.lp"], *change)
    assert told(defect) in refused(made, ".lp")


def test_the_certificate_is_rechecked_and_a_forged_day_is_found(
    folder: Path, notice: Policy, tmp_path: Path
) -> None:
    rng = random.Random(4)
    data = tmp_path / "data"
    worlds = [random_world(rng) for _ in range(24)]
    write_csv(data, together(w.facts(f"w{n}") for n, w in enumerate([*worlds, GOOD])))
    result = evaluate(load_facts(data, notice), notice, YEAR)
    assert {result.status(f"w{n}V") for n in range(25)} == set(Status)
    wrong = certified(result, data, folder)
    path = data.parent / "certificate"
    first, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(first.replace(b'"cut_off":20200630', b'"cut_off":20200731') + b"\n" + rest)
    assert any("late_cut_off" in said or "cut_off" in said for said in wrong())
    said = checker.recheck(path, data, folder, base=base_folder())[0]
    assert said == []


def test_units_alike_are_judged_once_within_a_period(folder: Path, tmp_path: Path) -> None:
    """Without a look-back: what happened on days of the same period is the same."""
    made = changed(folder, tmp_path / "some", ["village.lp"],
                   "looks_back(village_gambling, gambling, 4).", "")  # fmt: skip
    files = ("village.lp", "notice.txt", "notice.md")
    made = changed(made, tmp_path / "made", files, "四年内赌博", "赌博")
    notice = load_policy(made)
    assert notice.proof.distinctions == ()
    rng = random.Random(11)
    worlds = [random_world(rng, 0.05) for _ in range(200)]
    facts = side_by_side(worlds)
    merged, single = (evaluate(facts, notice, YEAR, grouped=g) for g in (True, False))
    assert len(merged.outcome.groups.sizes) < 150
    for n in range(len(worlds)):
        assert merged[f"w{n}V"].findings == single[f"w{n}V"].findings
