"""Facts as they are written for the rules, word for word."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from pingan_logic import (
    Change,
    Facts,
    Incident,
    Ledger,
    NotApplicable,
    Poll,
    Requirement,
    Score,
    Unit,
)
from pingan_logic.intake.validation import default_policy
from pingan_logic.solving.encode import Word, fact_atoms, quote, write_atoms
from pingan_logic.table import Table


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("青竹镇", '"青竹镇"'),
        ('a"b', '"a\\"b"'),
        ("a\\b", '"a\\\\b"'),
        ("a\nb\nc", '"a\\nb\\nc"'),
        ('\\"', '"\\\\\\""'),
        ('x"). evil("', '"x\\"). evil(\\""'),
    ],
)
def test_text_is_quoted(text: str, written: str) -> None:
    assert quote(text) == written


def test_atoms_are_names_numbers_text_and_terms() -> None:
    out = io.StringIO()
    rows: list[tuple[str, tuple[object, ...]]] = [
        ("holds", (Word("village_households"), "V-1", -3, 10)),
        ("against", (Word("c2"), "U", (Word("rank"), 5, (Word("at_least"), Word("major"))))),
        ("wanted", ("x,y",)),
    ]
    write_atoms(rows, out)
    assert out.getvalue() == (
        'holds(village_households,"V-1",-3,10).\n'
        'against(c2,"U",rank(5,at_least(major))).\n'
        'wanted("x,y").\n'
    )


@pytest.mark.parametrize("word", ["", "A", "a b", "a)", "1a", "a.", "中"])
def test_a_word_that_is_no_name_is_refused(word: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        write_atoms([("p", (Word(word),))], io.StringIO())
    assert refusal.value.args == (word,)


FACTS = Facts(
    units=[
        Unit("K", "county"),
        Unit('V"1', "village", "村", "K", None, date(2014, 1, 2), date(2015, 11, 30)),
        Unit("S", "school", "", "K", "county"),
        Unit("H1", "household", "", 'V"1'),
        Unit("H2", "household", "", 'V"1'),
        Unit("H3", "household", "", 'V"1'),
    ],
    incidents=[
        Incident("I1", 'V"1', "gambling", date(2014, 10, 9)),
        Incident("I2", "S", "safety_accident", date(2013, 3, 4), "major", "K", "yes"),
    ],
    ledgers=[
        Ledger('V"1', "*", 2014),
        Ledger("H1", "gambling", 2013),
        Ledger("H2", "gambling", 2013),
    ],
    scores=[Score("K", 2014, Decimal("89.95")), Score("H2", 2014, Decimal(7))],
    polls=[Poll("K", 2014, "met"), Poll("S", 2013, None, 12), Poll("H2", 2014, "failed")],
    requirements=[Requirement("township", 2014, 30)],
    not_applicable=[
        NotApplicable("K", "compound_buildings", 2014, "无"),
        NotApplicable("H2", "compound_buildings", 2014, "无"),
    ],
    changes=[
        Change("S", date(2014, 5, 6), "renamed", '新"校'),
        Change("S", date(2014, 12, 31), "moved", 'V"1'),
    ],
)
HEAD = "year(2014).\ncut_off(20140630).\n"
UNITS = """\
unit(county,"K").
unit(village,"V\\"1").
unit(school,"S").
unit(household,"H1").
unit(household,"H2").
unit(household,"H3").
"""
PARENTS = """\
parent("V\\"1","K").
parent("S","K").
parent("H1","V\\"1").
parent("H2","V\\"1").
parent("H3","V\\"1").
"""
DATED = """\
affiliation("S",county).
opened("V\\"1",20140102).
closed("V\\"1",20151130).
"""
CHANGED = """\
changed("S",20140506,renamed("新\\"校")).
changed("S",20141231,moved("V\\"1")).
"""
HAPPENED = """\
incident("I1","V\\"1",gambling,none,none,20141009).
incident("I2","S",safety_accident,major,yes,20130304).
responsible("I2","K").
"""
RECORDED = """\
ledger("V\\"1",all,2014).
ledger("H1",gambling,2013).
ledger("H2",gambling,2013).
score("K",2014,8995).
score("H2",2014,700).
poll("K",2014,met).
poll("S",2013,rank(12)).
poll("H2",2014,failed).
requirement(township,2014,30).
not_applicable("K",compound_buildings,2014).
not_applicable("H2",compound_buildings,2014).
"""
REST = PARENTS + DATED + CHANGED + HAPPENED + RECORDED


def written(facts: Facts, **options: object) -> str:
    policy = default_policy()
    atoms = fact_atoms(facts, policy, 2014, date(2014, 6, 30), **options)  # type: ignore[arg-type]
    assert all(a.startswith(f"{name}(") for name, some in atoms.items() for a in some)
    return "".join(f"{a}.\n" for some in atoms.values() for a in some)


def test_the_facts_are_written_predicate_by_predicate() -> None:
    assert written(FACTS) == HEAD + UNITS + REST
    assert written(FACTS, asked=("attainment", "more")) == (
        HEAD + "asked(attainment).\nasked(more).\n" + UNITS + REST
    )


def test_columns_that_are_not_given_are_not_written() -> None:
    columns = {"id": ["K", "V"], "kind": ["county", "village"], "parent": [None, "K"]}
    facts = Facts(units=Table.of_columns(Unit, columns))
    assert written(facts) == HEAD + ('unit(county,"K").\nunit(village,"V").\nparent("V","K").\n')
