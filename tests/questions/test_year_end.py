"""Questions about a year that is not over ask about its last day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pingan_logic import Facts, Policy, Status, evaluate
from pingan_logic.model import Incident, Ledger, Unit
from pingan_logic.programme import programme
from pingan_logic.questions.year_end import assumed_line, at_year_end
from pingan_logic.reports.write import write_report

UNITS = (Unit("V", "village"), Unit("A", "household", "", "V"), Unit("B", "household", "", "V"))
JUNE = date(2014, 6, 30)


def facts(*incidents: Incident, ledger: bool = True) -> Facts:
    kept = (Ledger("V", "*", 2014),) if ledger else ()
    return Facts(units=UNITS, ledgers=kept, incidents=incidents)


def test_a_ledger_that_is_entered_counts_as_kept_to_the_years_end(policy: Policy) -> None:
    now = evaluate(facts(), policy, 2014, as_of=JUNE)
    then = at_year_end(now, "A")
    assert (now.status("A"), now.assumes) == (Status.UNDETERMINED, ())
    assert then.status("A") is Status.MET
    assert then.assumes == ("year_end", "nothing_new", "ledgers_kept")
    (line,) = assumed_line(then, "zh")
    assert line.startswith("预评（数据截至2014-06-30）")
    assert line.endswith("已登记的2014年度台账视为记到年末")
    (line,) = assumed_line(then, "en")
    assert line.startswith("Preliminary (data up to 2014-06-30)")


def test_without_a_ledger_it_stays_open_and_nothing_is_taken_as_kept(policy: Policy) -> None:
    then = at_year_end(evaluate(facts(ledger=False), policy, 2014, as_of=JUNE), "V")
    assert then.status("A") is Status.UNDETERMINED
    assert then.assumes == ("year_end", "nothing_new")


def test_what_is_recorded_after_the_cut_off_is_not_supposed_to_happen(policy: Policy) -> None:
    later = Incident("I", "A", "gambling", date(2014, 9, 1))
    now = evaluate(facts(later), policy, 2014, as_of=JUNE)
    assert at_year_end(now).status("A") is Status.MET
    assert evaluate(facts(later), policy, 2014).status("A") is Status.FAILED


def test_a_year_that_is_over_is_asked_as_it_is(policy: Policy) -> None:
    now = evaluate(facts(), policy, 2014)
    assert at_year_end(now, "A") is now
    assert now.header("A")["assumes"] == []
    assert assumed_line(now, "zh") == []


def test_an_explanation_says_which_records_are_still_to_come(policy: Policy) -> None:
    one = facts(ledger=False)
    kept = Ledger("V", "gambling", 2014)
    text = (
        evaluate(Facts(units=one.units, ledgers=(kept,)), policy, 2014, as_of=JUNE)
        .explain("A")
        .text()
    )
    assert "台账已经登记，须记到年末：赌博" in text
    assert "缺台账：家庭暴力" in text
    now = evaluate(Facts(units=one.units, ledgers=(kept,)), policy, 2014, as_of=JUNE)
    assert now.explain("A").to_dict()["to_come"] == ["gambling"]
    over = evaluate(Facts(units=one.units, ledgers=(kept,)), policy, 2014).explain("A")
    assert "须记到年末" not in over.text()
    assert "to_come" not in over.to_dict()


def test_a_report_of_an_unfinished_year_says_what_its_remedies_assume(
    policy: Policy, tmp_path: Path
) -> None:
    quarrel = Incident("I", "A", "neighbour_dispute", date(2014, 3, 1))
    found = programme(facts(quarrel), policy, 2014, as_of=JUNE)
    text = write_report(found, tmp_path / "r.html").read_text(encoding="utf-8")
    assert "按2014年12月31日作答，假定此后没有新的案事件和变动" in text
    assert "调处化解邻里纠纷：A，案事件I，工作量3" in text
