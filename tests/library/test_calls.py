"""Every question as a typed call, and what a caller's own mistakes are answered with."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

import pingan_logic
from pingan_logic import Assessment, Facts, Incident, InputError, Ledger, RequestError, Score, Unit
from pingan_logic.rules.find import data_folder

SAMPLE = data_folder("facts") / "sample-county"
FACTS = Facts(
    units=[Unit("B", "building", "一栋"), Unit("H", "household", parent="B"), Unit("V", "village")],
    incidents=[Incident("I", "H", "neighbour_dispute", dt.date(2014, 5, 1))],
    ledgers=[Ledger("B", "*", 2014)],
)


@pytest.fixture(scope="module")
def result(policy: pingan_logic.Policy) -> Assessment:
    return pingan_logic.evaluate(FACTS, policy, 2014)


ASKED: dict[str, Callable[[Assessment], Any]] = {
    "explain": lambda r: pingan_logic.explain(r, "一栋"),
    "fix": lambda r: pingan_logic.fix(r, "B"),
    "margin": lambda r: pingan_logic.margin(r, "H"),
    "missing": lambda r: pingan_logic.missing(r, "V"),
    "whatif": lambda r: pingan_logic.whatif(r, set=["threshold(building_households)=1/100"]),
    "switches": lambda r: pingan_logic.switches(r, set=["switch(repeated)=3"]),
    "programme": lambda r: pingan_logic.programme(r),
    "certificate": lambda r: pingan_logic.certificate(r),
    "check": lambda r: pingan_logic.check(FACTS.to_dict(), r.policy),
    "audit": lambda r: pingan_logic.audit(r.policy),
    "lint": lambda r: pingan_logic.lint(r.policy.folder / "village.lp"),
    "verify": lambda r: pingan_logic.verify(r.policy, "empty_ratio", bound=1),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.no_cover] * (n in ("audit", "switches"))) for n in ASKED],
)
def test_an_answer_is_rows_words_json_and_one_line(name: str, result: Assessment) -> None:
    found = ASKED[name](result)
    assert attrs.has(type(found))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(found, attrs.fields(type(found))[0].name, None)
    assert json.loads(json.dumps(found.to_dict()))["schema"] >= 1
    assert repr(found).startswith(f"<{type(found).__name__}")
    assert "\n" not in repr(found)
    assert len(repr(found)) < 120
    assert len(found) == len(list(found))
    assert bool(found)
    for number, row in enumerate(found):
        assert found[number] == row
        assert found[found.name_of(row)] in list(found)
    assert found._repr_html_().startswith("<")
    with pytest.raises(RequestError, match="没有这一项"):
        found["no such row"]


def test_answers_are_those_of_the_methods_and_the_right_ones(result: Assessment) -> None:
    fix = pingan_logic.fix(FACTS, "B", year=2014)
    assert [c.action for c in fix[0].changes] == ["settle"]
    assert fix.to_dict() == result.fix("B").to_dict() == pingan_logic.fix(result, "B").to_dict()
    assert pingan_logic.explain(result, "B")["building_households"].evidence == ("H",)
    missing = pingan_logic.missing(FACTS, "V", year=2014)
    assert missing.to_dict() == result.missing("V").to_dict()
    assert {r.kind for r in missing} == {"ledger"}
    flips = result.whatif(remove={"incidents": [{"id": "I"}]})
    assert [(f.unit, f.before, f.after) for f in flips] == [
        ("B", "failed", "met"), ("H", "failed", "met"),
    ]  # fmt: skip
    assert flips["H"].clauses == ("household_disputes",)
    assert pingan_logic.programme(FACTS, year=2014)["building"].failed == 1
    assert pingan_logic.test(path=result.policy.folder / "cases" / "household.yaml").passed


def test_data_is_written_and_read_back(tmp_path: Path, result: Assessment) -> None:
    target = tmp_path / "county.json"
    assert pingan_logic.convert(FACTS, target) == FACTS
    assert pingan_logic.load_facts(target) == FACTS
    with pytest.raises(RequestError, match="overwrite") as caught:
        pingan_logic.convert(FACTS, target)
    assert "--" not in str(caught.value)
    page = pingan_logic.report(result, tmp_path / "report.html")
    assert page.stat().st_size > 5000
    proof = result.certificate().write(tmp_path / "proof.jsonl")
    assert proof.read_bytes() == b"".join(result.certificate())
    checked = pingan_logic.check(tmp_path / "county.json", since=FACTS.to_dict())
    assert checked.ok
    assert checked.since == ()
    bad = pingan_logic.check({"units": [{"id": "B", "kind": "bilding"}]})
    assert (bad.ok, [p.nearest for p in bad]) == (False, ["building"])


def test_facts_are_read_from_whatever_holds_them(tmp_path: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    document = FACTS.to_dict()
    assert Facts.from_dict(document) == FACTS
    text = json.dumps(document)
    assert pingan_logic.load_facts(io.StringIO(text)) == FACTS
    assert pingan_logic.load_facts(io.BytesIO(text.encode())) == FACTS
    url = f"sqlite:///{tmp_path}/county.db"
    pingan_logic.convert(FACTS, url)
    engine = sqlalchemy.create_engine(url)
    assert pingan_logic.load_facts(engine) == pingan_logic.load_facts(url) == FACTS


def test_exact_values_of_other_types_are_taken() -> None:
    class Whole:
        def __index__(self) -> int:
            return 2014

    noon = dt.datetime(2014, 5, 1, 12)
    odd: Any = Whole()
    assert Score("B", odd, 85) == Score("B", 2014, Decimal(85))  # type: ignore[arg-type]
    assert Incident("I", "H", "gambling", dt.datetime(2014, 5, 1)).date == dt.date(2014, 5, 1)
    for wrong, said in (
        (Score("B", 2014, 84.5), "浮点数不精确"),  # type: ignore[arg-type]
        (Score("B", 2014.0, Decimal(1)), "浮点数不精确"),  # type: ignore[arg-type]
    ):
        with pytest.raises(InputError, match=said):
            pingan_logic.evaluate(attrs.evolve(FACTS, scores=[wrong]))
    with pytest.raises(InputError, match="不带时刻"):
        pingan_logic.evaluate(attrs.evolve(FACTS, incidents=[Incident("I", "H", "gambling", noon)]))


WRONG: dict[str, Callable[[Any], Any]] = {
    "facts": lambda r: pingan_logic.evaluate("facts/"),  # type: ignore[arg-type]
    "a float for a year": lambda r: pingan_logic.evaluate(FACTS, year=2014.0),  # type: ignore[arg-type]
    "a text for a year": lambda r: pingan_logic.evaluate(FACTS, year="2014"),  # type: ignore[arg-type]
    "a later year": lambda r: pingan_logic.evaluate(FACTS, year=9999),
    "a policy": lambda r: pingan_logic.evaluate(FACTS, 5),  # type: ignore[arg-type]
    "no policy": lambda r: pingan_logic.load_policy("xiangyin-2104"),
    "a day": lambda r: pingan_logic.evaluate(FACTS, as_of="2014-06-30"),  # type: ignore[arg-type]
    "a unit": lambda r: r[5],
    "a list for a unit": lambda r: pingan_logic.explain(r, ["B"]),  # type: ignore[arg-type]
    "no unit": lambda r: r.fix("nobody"),
    "a language": lambda r: r.explain("B").text("fr"),
    "a kind": lambda r: r.select(kind="bilding"),
    "a status": lambda r: r.select(status="good"),
    "a source": lambda r: pingan_logic.load_facts(5),  # type: ignore[arg-type]
    "a table": lambda r: Facts(units=5),  # type: ignore[arg-type]
    "a record": lambda r: pingan_logic.evaluate(Facts(units=["B"])),  # type: ignore[list-item]
    "no kind": lambda r: pingan_logic.evaluate(Facts(units=[Unit("B", None)])),  # type: ignore[arg-type]
    "a frame": lambda r: Facts.from_frames(units=5),
    "a year beside": lambda r: pingan_logic.fix(r, "B", year=2014),
    "nothing to compare": lambda r: r.whatif(),
    "a setting": lambda r: r.whatif(set=["treshold(x)=1"]),
    "settings": lambda r: r.whatif(set=[5]),
    "settings of switches": lambda r: pingan_logic.switches(r, set=5),  # type: ignore[arg-type]
    "rows": lambda r: r.whatif(add=["incidents"]),
    "a time": lambda r: r.fix("B", time_limit="60"),
    "no time": lambda r: r.margin("B", time_limit=0),
    "half a second": lambda r: r.missing("B", time_limit=0.5),
    "plans": lambda r: r.fix("B", alternatives=True),
    "data": lambda r: pingan_logic.margin({}, "B"),  # type: ignore[arg-type]
    "no data": lambda r: pingan_logic.missing(None, "B"),  # type: ignore[arg-type]
    "properties": lambda r: pingan_logic.verify(properties=5),  # type: ignore[arg-type]
    "a size": lambda r: pingan_logic.verify(r.policy, "one_status", bound=0),
    "a path of rules": lambda r: pingan_logic.lint(5),  # type: ignore[arg-type]
    "a path of cases": lambda r: pingan_logic.test(5),  # type: ignore[arg-type]
    "a path": lambda r: r.report(5),
    "a target": lambda r: pingan_logic.convert(r.facts, 5),  # type: ignore[arg-type]
    "a property": lambda r: pingan_logic.verify(r.policy, "empty_ration"),
    "a report": lambda r: r.report("report.odt"),
    "a folder of rules": lambda r: pingan_logic.lint("nowhere"),
}


@pytest.mark.no_cover
def test_one_setting_is_a_text_or_a_list_of_one(result: Assessment) -> None:
    one = pingan_logic.switches(result, set="switch(repeated)=3")
    assert one.policy.switches["repeated"] == 3
    assert {e.switch for e in one} == set(result.policy.switches)
    assert one.to_dict() == result.switches(set=["switch(repeated)=3"]).to_dict()


def test_what_is_proven_within_a_time_is_the_same_for_a_small_unit(result: Assessment) -> None:
    assert result.missing("B", time_limit=5).to_dict() == result.missing("B").to_dict()
    assert result.margin("B", time_limit=5).to_dict() == result.margin("B").to_dict()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_said_in_the_words_of_the_library(
    name: str, result: Assessment
) -> None:
    with pytest.raises(pingan_logic.PinganError) as caught:
        WRONG[name](result)
    for said in (str(caught.value), caught.value.words("zh"), caught.value.words("en")):
        assert said
        assert "--" not in said
    assert all(not p.place.startswith("--") for p in caught.value.problems)


def test_a_package_does_not_hide_the_question_of_its_name() -> None:
    import pingan_logic.audit.ledger
    import pingan_logic.explain.text
    import pingan_logic.lint.run

    assert callable(pingan_logic.lint)
    assert callable(pingan_logic.audit)
    assert callable(pingan_logic.explain)


def pyright(*arguments: str) -> str:
    pytest.importorskip("basedpyright")
    command = [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, *arguments]
    here = Path(pingan_logic.__file__).parents[1]
    # an installation that only points to this folder is not always found
    place = {**os.environ, "PYTHONPATH": str(here)}
    done = subprocess.run(command, cwd=here, env=place, capture_output=True, text=True, check=False)
    return done.stdout


def test_pyright_takes_lists_of_records_and_knows_every_type(tmp_path: Path) -> None:
    program = tmp_path / "own.py"
    program.write_text(
        "from pingan_logic import Facts, Unit, evaluate, fix\n"
        'facts = Facts(units=[Unit("H", "household")], incidents=())\n'
        'cost: int = fix(evaluate(facts, year=2014), "H")[0].cost\n'
        'wrong: int = Facts(units=["H"])\n',
        encoding="utf-8",
    )
    said = pyright("--level", "error", str(program))
    assert {int(n) for n in re.findall(r"own\.py:(\d+):\d+ - error", said)} == {4}, said
    complete = pyright("--verifytypes", "pingan_logic", "--ignoreexternal")
    assert "Type completeness score: 100%" in complete, complete[-3000:]


UNFIT: dict[str, Callable[[Assessment], Any]] = {
    "alternatives：应为整数；发现 `'a'`": lambda r: r.fix("H", alternatives="a"),
    "alternatives：应在1至20之间；发现 `0`": lambda r: r.fix("H", alternatives=0),
    "time_limit：应为整数；发现 `True`": lambda r: pingan_logic.margin(r, "H", time_limit=True),
    "time_limit：应在1至3600之间": lambda r: pingan_logic.missing(r, "H", time_limit=-1),
    "set：应为文字的列表；发现 `5`": lambda r: pingan_logic.whatif(r, set=5),
    "add：应为按表名给出的行": lambda r: r.whatif(add=[1]),
    "year_b：应为整数；发现 `'x'`": lambda r: r.whatif(year_b="x"),
    "bound：应为整数；发现 `'x'`": lambda r: pingan_logic.verify(r.policy, bound="x"),
    "properties：应为文字的列表": lambda r: pingan_logic.verify(r.policy, 5),
    "jobs：应不小于1；发现 `0`": lambda r: pingan_logic.verify(r.policy, jobs=0),
    "path：应为路径；发现 `5`": lambda r: pingan_logic.report(r, 5),
    "target：应为路径；发现 `5`": lambda r: pingan_logic.convert(FACTS, 5),
    "csv_encoding：应为 utf-8-sig、gb18030；发现 `'utf8'`；最接近的有效值：`utf-8-sig`": (
        lambda r: pingan_logic.convert(FACTS, "x", csv_encoding="utf8")
    ),
    "policy：应为规则名称": lambda r: pingan_logic.lint(5),
    "kind：应为": lambda r: r.to_dict("bilding"),
    "status：应为": lambda r: r.to_dict(status="mett"),
}


@pytest.mark.parametrize("said", UNFIT)
def test_wrong_inputs_are_refused_in_the_librarys_words(said: str, result: Assessment) -> None:
    with pytest.raises(pingan_logic.PinganError) as caught:
        UNFIT[said](result)
    assert said in str(caught.value)
    assert "--" not in str(caught.value)


def test_all_wrong_inputs_are_told_at_once(result: Assessment) -> None:
    with pytest.raises(RequestError) as caught:
        pingan_logic.fix(result, "H", alternatives=99, time_limit="soon")
    assert [p.where() for p in caught.value.problems] == ["alternatives", "time_limit"]


def test_a_question_does_not_compare_the_data_row_by_row(
    policy: pingan_logic.Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compared(*_: object) -> bool:
        raise AssertionError("a county has hundreds of thousands of rows")

    monkeypatch.setattr(type(FACTS.units), "__eq__", compared)
    for question in ("explain", "fix", "margin", "missing"):
        found = getattr(pingan_logic, question)(FACTS, "H", year=2014, policy=policy)
        assert found.assessment.year == 2014
    with pytest.raises(AssertionError):
        assert attrs.evolve(FACTS, polls=()) == FACTS
