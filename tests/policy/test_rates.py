"""Clauses that ask for rates of incidents, against all completions of small worlds, and asked
everything."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from pingan_logic import (
    Facts,
    Policy,
    Status,
    evaluate,
    load_facts,
    load_policy,
)
from pingan_logic.audit import audit
from pingan_logic.lint import lint
from pingan_logic.model import Incident, Ledger, Unit, Value
from pingan_logic.policy.sentences import sentences
from pingan_logic.questions.fix import find_remedy
from pingan_logic.questions.margin import find_margin
from pingan_logic.questions.missing import find_missing
from tests import rates
from tests.one_standard import (
    ask_everything,
    certified,
    changed,
    compare_remedies,
    notice_fixtures,
    proven_unless,
    refused,
    side_by_side,
    together,
    told,
    without,
    write_csv,
)
from tests.rates import CLAUSES, PEOPLE, YEAR, World, random_world

folder, notice = notice_fixtures(rates.folder)


def test_each_clause_is_as_all_completions_say(notice: Policy) -> None:
    rng = random.Random(1)
    worlds = [random_world(rng, 7) for _ in range(500)]
    result = evaluate(side_by_side(worlds), notice, YEAR)
    seen = Counter[str]()
    for n, w in enumerate(worlds):
        for c in CLAUSES:
            found = result.finding(f"w{n}V", c).status.value
            assert found == w.status(c), w
            seen[f"{c} {found}"] += 1
    assert len(seen) == 6
    assert min(seen.values()) >= 30


def every(number: int, people: int, kind: str = "criminal_case") -> World:
    happened = tuple(("VH"[n % 2], kind, "large") for n in range(number))
    return World(happened, frozenset(("V", t) for t, *_ in CLAUSES.values()), people)


def test_the_boundaries_are_exact(notice: Policy) -> None:
    numbers = [(n, p) for p in PEOPLE for n in range(6)]
    for clause, (kind, _, will_do) in CLAUSES.items():
        worlds = [every(n, p, kind) for n, p in numbers]
        result = evaluate(side_by_side(worlds), notice, YEAR)
        met = [result.finding(f"w{n}V", clause).status is Status.MET for n in range(len(worlds))]
        assert met == [will_do(n, p) for n, p in numbers]


def test_the_remedy_is_the_least_of_all_edits(notice: Policy) -> None:
    rng = random.Random(12)
    worlds = [random_world(rng, 3) for _ in range(40)]
    result = evaluate(side_by_side(worlds), notice, YEAR)
    seen = compare_remedies(result, {f"w{n}V": w.cheapest() for n, w in enumerate(worlds)})
    assert min(seen[a] for a in ("ledger", "settle", "grade", "record_value")) >= 2


def test_what_cannot_be_settled_is_named(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / folder.name
    shutil.copytree(folder, made)
    text = (made / "village.lp").read_text(encoding="utf-8")
    costs = "settle_cost((criminal_case;public_security_case), (village;household), 7).\n"
    assert costs in text
    (made / "village.lp").write_text(text.replace(costs, ""), encoding="utf-8")
    result = evaluate(every(2, 4).facts(), load_policy(made), YEAR)
    answer = find_remedy(result, "V")
    assert [(o.clause, o.incidents) for o in answer.obstacles] == [("village_rate", ("0", "1"))]
    assert answer.complete
    assert answer.first_year == YEAR + 1


def test_the_records_needed_are_the_fewest(notice: Policy) -> None:
    rng = random.Random(7)
    undecided = (w for w in iter(lambda: random_world(rng, 4), None) if not w.decided())
    worlds = list(islice(undecided, 60))
    result = evaluate(side_by_side(worlds), notice, YEAR)
    seen = Counter[str]()
    for n, w in enumerate(worlds):
        answer = find_missing(result, f"w{n}V")
        assert answer.proven
        assert answer.unsettled == ()
        assert len(answer.records) == w.fewest(), w
        seen.update(r.kind for r in answer.records)
    assert min(seen[k] for k in ("ledger", "grade", "value")) >= 3


def test_what_a_record_could_decide(notice: Policy) -> None:
    """A ledger may hold any number of incidents, also hundreds."""
    w = World((), frozenset({("V", "public_security_case")}), 8)
    (record,) = find_missing(evaluate(w.facts(), notice, YEAR), "V").records
    assert (record.kind, record.item, record.effect) == ("ledger", "criminal_case", "either")


def test_the_margin_is_how_many_more_may_happen(notice: Policy) -> None:
    some = World((*every(1, 8).happened, ("V", "public_security_case", None)),
                 every(0, 8).ledgers, 8)  # fmt: skip
    over = every(3, 4)
    result = evaluate(side_by_side([some, over]), notice, YEAR)
    spare = {d.clause: d.spare for d in find_margin(result, "w0V").distances}
    assert spare == {"village_rate": 2, "village_grave": 1}
    short = {d.clause: d.spare for d in find_margin(result, "w1V").distances}
    assert short == {"village_rate": -2, "village_grave": 1}


def test_only_the_year_counts_and_a_year_that_is_not_over_is_open(notice: Policy) -> None:
    w = every(0, 8)
    past = [Incident(f"p{n}", "V", "criminal_case", date(YEAR - 1, 5, 5)) for n in range(9)]
    facts = w.facts()
    before = Facts(units=facts.units, ledgers=facts.ledgers, values=facts.values, incidents=past)
    assert evaluate(before, notice, YEAR).status("V") is Status.MET
    early = evaluate(every(1, 8).facts(), notice, YEAR, as_of=date(YEAR, 6, 30))
    assert early.status("V") is Status.UNDETERMINED
    assert find_margin(early, "V").status is Status.MET


ASKED = [
    ("explain M", "刑事案件 2起，人口 4人；要求两者之比低于1/2", "required: a ratio of less than"),
    ("explain M", "案事件：m0", "criminal case 2, people 4 people; required: a ratio of less than"),
    ("explain N", "没有登记人口；要求两者之比低于1/2", "not recorded: people"),
    ("explain N", "缺台账：刑事案件", "no ledger is filed for: criminal case"),
    ("explain N", "未定级", "public-security case"),
    ("fix M", "刑事案件", "criminal case"),
    ("fix N", "登记人口", "record people"),
    ("margin M", "差1起", "1 short"),
    ("missing N", "数值1份", "value: 1"),
    ("whatif --set asks_for(village_rate)=1/1", "要求由低于1/2改为低于1", "less than 1"),
    ("evaluate", "未达标1，待核1", "1 not met, 1 undetermined"),
    ("programme --list", "村", "village"),
]
"""What is asked of two villages, and what the answer says in both languages."""


def written(data: Path, worlds: Mapping[str, World]) -> None:
    """Write the data of worlds, whose units bear their names."""
    write_csv(data, together(w.facts(name) for name, w in worlds.items()))


def test_everything_is_answered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_ = World((("V", "public_security_case", None), ("H", "criminal_case", None)),
                  frozenset({("V", "public_security_case")}), None)  # fmt: skip
    written(tmp_path / "data", {"m": every(2, 4), "n": open_})
    asked = [(re.sub(r" ([MN])$", lambda m: f" {m[1].lower()}V", c), z, e) for c, z, e in ASKED]
    ask_everything(folder, Path("data"), asked)


def test_the_notice_passes_every_check(notice: Policy, folder: Path) -> None:
    assert lint(folder) == []
    untested = "没有检验用例，也没有性质"
    assert [o.words() for o in audit(notice).orphans if o.zh != untested] == []
    said = {s.clause: s.said for s in sentences(notice).found}
    assert said["village_rate"] == (
        "判定期间计入的刑事案件与人口之比低于1/2，没有登记人口、缺台账的待核。",
        "The ratio of criminal case, as they count in the period judged, to people is less than "
        "1/2, and undetermined until people and the ledgers are recorded.",
    )
    assert said["village_grave"][0] == (
        "判定期间计入的等级为“较大”及以上的治安案件与人口之比不高于1/3，没有登记人口、缺台账，"
        "或者未定级的可能使它超出的，待核。"
    )


def test_met_and_failed_are_proven_and_a_wrong_rule_is_found(folder: Path, tmp_path: Path) -> None:
    old = "waiting(c,U)       :- unrecorded(c,M,U,T).\n"
    found = proven_unless(folder, tmp_path / "wrong", "rates.lp", old)
    assert not found.as_expected


@pytest.mark.parametrize(
    ("change", "defect"),
    [
        (("below, 1, 2)", "above, 1, 2)"), "rate_above"),
        (("asks_for(village_rate, below, 1, 2).", ""), "half_a_measure"),
        (("below, 1, 2)", "below, 1, 2000000000)"), "too_large"),
        (("input_range(people, 1, 8)", "input_range(people, 0, 8)"), "per_nothing"),
        (("rate(criminal_case,people)", "rate(people,people)"), "unknown_matter"),
        (("rate(criminal_case,people)", "rate(criminal_case,income)"), "没有定义"),
        (("at_least(large)", "at_least(huge)"), "rate_test"),
        (("asks_for(village_rate, below, 1, 2).", "asks_for(village_rate, below, 1, 2). "
          "prohibits(village_rate, gambling, any, \"赌博\", \"gambling\")."), "two_forms"),
        (("measures(village_rate, rate(criminal_case,people)).", "measures(village_rate, "
          "rate(criminal_case,people)). measures(village_rate, item(people))."), "two_forms"),
        (("whole, \"人口\"", "date, \"人口\""), "not_comparable"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(
    folder: Path, tmp_path: Path, change: tuple[str, str], defect: str
) -> None:
    made = changed(folder, tmp_path / "made", ["village.lp"], *change)
    assert told(defect) in refused(made, "village.lp")


def test_a_cost_that_a_rate_needs_is_missed(folder: Path, tmp_path: Path) -> None:
    for cost in ("supply_cost(people, 3).\n", "ledger_cost(village, 15).\n", "grade_cost(2).\n"):
        made = without(folder, tmp_path, ("village.lp", "remedies.lp"), cost)
        assert [f.rule for f in lint(made)] == ["missing-cost"], cost


def test_units_alike_are_judged_once(notice: Policy) -> None:
    worlds = [every(1, 8)] * 9 + [every(1, 2)]
    result = evaluate(side_by_side(worlds), notice, YEAR)
    assert len(result.outcome.groups.sizes) < len(result.facts.units)
    assert {result.status(f"w{n}V").value for n in range(9)} == {"met"}
    assert result.finding("w8V", "village_rate").measured == "1/8"
    assert result.finding("w8V", "village_rate").counted == ("w80",)


def test_the_certificate_is_rechecked_and_a_forged_number_is_found(
    folder: Path, notice: Policy, tmp_path: Path
) -> None:
    rng = random.Random(4)
    data = tmp_path / "data"
    worlds = {f"w{n}": random_world(rng) for n in range(20)}
    written(data, {**worlds, "x": every(2, 4)})
    result = evaluate(load_facts(data, notice), notice, YEAR)
    assert {result.status(f"{n}V") for n in worlds} == set(Status)
    wrong = certified(result, data, folder)
    values = (data / "values.csv").read_text(encoding="utf-8")
    (data / "values.csv").write_text(values.replace("xV,people,2020,4", "xV,people,2020,5"))
    assert any("values.csv" in said for said in wrong())


def test_an_incident_of_a_rate_is_no_incident_that_counts_for_none(notice: Policy) -> None:
    facts = Facts(
        units=[Unit("V", "village")],
        incidents=[
            Incident("a", "V", "criminal_case", date(YEAR, 1, 2)),
            Incident("b", "V", "gambling", date(YEAR, 1, 2)),
        ],
        ledgers=[Ledger("V", "*", YEAR)],
        values=[Value("V", "people", YEAR, 8)],
    )
    said = evaluate(facts, notice, YEAR).notices
    assert [x for n, x in said if n == "counts_for_none"] == ["b"]
