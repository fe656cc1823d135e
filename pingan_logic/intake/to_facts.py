"""Facts of tables as they were read: every value converted and checked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from attrs import define, evolve

from pingan_logic.catalogue import Policy
from pingan_logic.errors import InputError, Problem, Problems
from pingan_logic.intake.checking import Torn
from pingan_logic.intake.forms import using
from pingan_logic.intake.given import set_aside
from pingan_logic.intake.item_columns import unfolded
from pingan_logic.intake.lives import said_of_years
from pingan_logic.intake.names import Lost, NamedUnits, ids_for_names
from pingan_logic.intake.rows import RawTable, read_rows
from pingan_logic.intake.source import Source, Watch
from pingan_logic.intake.validation import check_facts, default_policy
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.model import TABLES, Facts
from pingan_logic.table import Table

__all__ = [
    "to_facts",
    "to_records",
]


_EXAMPLES = ("示例", "example-", "example:")


@define
class Records:
    """What was read of a source: tables of whole records with the rows in which they stand, the
    other rows, the tables of which rows are missing, and what became of names."""

    kept: dict[str, Sequence[int]]
    lost: list[Lost]
    missing: frozenset[str]
    named: NamedUnits


def to_records(
    source: Source, policy: Policy, problems: list[Problem], watch: Watch | None = None
) -> Records:
    """Read the rows of `source`, with ids in the place of names; what cannot be read is added to
    `problems`, what was passed over to the notices."""
    known = Vocabulary.of_tables(policy)
    if source.by_item:
        plain = source.tables.get("values")
        source.tables["values"] = unfolded(source.by_item, plain, policy, problems)
        source.by_item = []
    tables: dict[str, Table[Any]] = {}
    kept: dict[str, Sequence[int]] = {}
    missing = set(source.partial)
    lost: list[Lost] = []
    examples = 0
    for raw in source.ordered():
        size = len(raw.rows)
        data = _without_examples(raw) if raw.examples else raw
        with using(source.forms):
            read = read_rows(
                data,
                known,
                problems,
                watch and partial(_tell, watch, raw.table, size),
                policy.inputs,
            )
        tables[raw.table] = Table.of_columns(TABLES[raw.table], read.columns)
        kept[raw.table] = read.numbers
        lost += (Lost(raw.table, number, values) for values, number in read.torn)
        if watch:
            watch(raw.table, size, size)
        if not raw.whole:
            missing.add(raw.table)
        examples += size - len(data.rows)
    if examples:
        source.notices.append(
            (f"跳过模板的示例行{examples}行", f"example rows of the template skipped: {examples}")
        )
    aside = set_aside(tables, lost, policy, known["units", "kind"])
    named = ids_for_names(tables, kept, lost, source.tables)
    aside.put_back(named.tables)
    return Records(kept, lost, frozenset(missing), named)


def to_facts(source: Source, policy: Policy | None = None, *, watch: Watch | None = None) -> Facts:
    """Return the checked records of `source`. Raises InputError with every problem."""
    policy = policy or default_policy()
    problems = Problems(source.problems, source.problems.more)
    read = to_records(source, policy, problems, watch)
    problems += read.named.problems
    source.notices += read.named.notices
    torn = [
        Torn(t.table, t.values, partial(source.tables[t.table].at, t.number)) for t in read.lost
    ]

    def place(table: str, index: int, column: str) -> str:
        return source.tables[table].at(read.kept[table][index], column)

    facts = Facts(**read.named.tables)
    try:
        facts = check_facts(
            facts,
            policy,
            place=place,
            problems=problems,
            torn=torn,
            partial=read.missing,
            told=read.named.settled,
        )
    except InputError as error:
        # a cell of a row that became several is told once
        once = dict.fromkeys(error.problems)
        raise InputError(source.in_order(once), error.more) from None
    source.notices += said_of_years(facts, policy.period, place)
    return facts


def _tell(watch: Watch, table: str, size: int, done: int) -> None:
    watch(table, done, size)


def _without_examples(raw: RawTable) -> RawTable:
    """Return a table without the example rows of a template."""
    data = [
        n
        for n, row in enumerate(raw.rows)
        if not (row and isinstance(row[0], str) and row[0].startswith(_EXAMPLES))
    ]
    if len(data) == len(raw.rows):
        return raw
    return evolve(raw, rows=[raw.rows[n] for n in data], numbers=[raw.numbers[n] for n in data])
