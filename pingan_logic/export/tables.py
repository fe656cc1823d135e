"""Facts as tables of cells for people: sheet names, headers and words in their language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import NOTHING, Attribute, frozen

from pingan_logic.catalogue import Input, Policy
from pingan_logic.intake.headers import header_name, table_name
from pingan_logic.intake.load import EXAMPLES
from pingan_logic.intake.rows import columns
from pingan_logic.intake.vocabulary import Vocabulary
from pingan_logic.messages.template import NO_EXAMPLE, NOTES, WORDS
from pingan_logic.model import TABLES, Facts

__all__ = ["Column", "SheetTable", "example_day", "sheet_tables", "template_words", "used_tables"]


@frozen
class Column:
    """A column to write; `choices` are the words to choose from, None where it holds no words, and
    `note` says what to write there."""

    name: str
    header: str
    kind: str
    required: bool
    choices: tuple[str, ...] | None
    note: str


@frozen
class SheetTable:
    """A table to write, with its title, columns and example rows."""

    table: str
    title: str
    columns: tuple[Column, ...]
    vocabularies: dict[str, Vocabulary]
    lang: str
    examples: tuple[tuple[Any, ...], ...]
    inputs: dict[str, Input]

    def rows(self, facts: Facts) -> Iterator[list[Any]]:
        """Yield the cells of each record: text, whole numbers, Decimal, date or None."""
        for record in getattr(facts, self.table):
            cells = [self.cell(c.name, getattr(record, c.name)) for c in self.columns]
            if self.table == "values" and self.lang == "zh":
                cells[-1] = self.inputs[record.item].label(record.value)
            yield cells

    def cell(self, column: str, value: Any) -> Any:
        """Return what to write for a value: the name of a word, None for a blank."""
        if value is None or value == "":
            return None
        known = self.vocabularies.get(column)
        return known.label(value) if known is not None and self.lang == "zh" else value


def sheet_tables(policy: Policy, lang: str = "zh") -> list[SheetTable]:
    """Return every table in the order of the model; that of values if the policy has items."""
    known = Vocabulary.of_tables(policy)
    out = []
    for table in TABLES if policy.inputs else (t for t in TABLES if t != "values"):
        mine = {c: v for (t, c), v in known.items() if t == table}
        cells = []
        for name, column in columns(table).items():
            if name == "affiliation" and not policy.affiliable:
                continue
            words = mine.get(name)
            choices = None
            if words is not None:
                choices = tuple(words.labels if lang == "zh" else words.words)
            cells.append(
                Column(
                    name,
                    header_name(table, name) if lang == "zh" else name,
                    column.metadata["kind"],
                    column.metadata["column"] and _needed(column),
                    choices,
                    _note(f"{table}.{name}", policy, lang),
                )
            )
        title = table_name(table) if lang == "zh" else table
        first, *rest = (_example(table, c, policy, mine.get(c.name), lang) for c in cells)
        if not str(first).startswith(EXAMPLES[lang]):
            first = EXAMPLES[lang] + ("：" if lang == "zh" else ":") + str(first)
        examples: tuple[tuple[Any, ...], ...] = ((first, *rest),)
        if table == "units":
            examples = tuple(_unit_examples(policy, [c.name for c in cells], mine["kind"], lang))
        out.append(SheetTable(table, title, tuple(cells), mine, lang, examples, policy.inputs))
    return out


def _example_year(policy: Policy) -> int:
    """Return a year in which a period begins, to show how data is written: the policy's own, or
    that of the period before this one."""
    last = date.today().year - policy.period.years
    return policy.default_year or policy.period.around(last)


def example_day(policy: Policy) -> date:
    """Return a day in the period of the example, one that has come."""
    year = _example_year(policy)
    day = policy.period.day_in(year, 5, 1)
    return day if day <= date.today() else policy.period.begins(year)


def template_words(policy: Policy, lang: str) -> dict[str, str]:
    """Return the words of a template, with days and years of the policy's own as examples."""
    period, words = policy.period, WORDS[lang]
    year = _example_year(policy)
    named = {
        "year": year, "day": example_day(policy).isoformat(), "period": period.said(year, lang),
    }  # fmt: skip
    end = "" if period.calendar else "_begun"
    dated = {"date": "date", "before_closing": "before_closing"}
    dated |= {key: f"{key}{end}" for key in ("year", "once_a_year")}
    return {**words, **{key: words[of].format(**named) for key, of in dated.items()}}


def used_tables(policy: Policy) -> frozenset[str]:
    """Return the tables of which a policy judges something: a workbook to fill in has no others."""
    clauses = policy.clauses.values()
    used = {
        "incidents": bool(policy.types),
        "ledgers": bool(policy.types),
        "scores": any(c.pass_mark is not None for c in clauses),
        "polls": bool(policy.poll_clauses),
        "requirements": bool(policy.poll_clauses),
        "not_applicable": bool(policy.may_be_declared),
        "values": bool(policy.inputs),
    }
    return frozenset(t for t in TABLES if used.get(t, True))


def _note(column: str, policy: Policy, lang: str) -> str:
    """Say what to write in a column, with the kinds of the policy that it is about."""

    def named(kinds: Iterable[str]) -> str:
        names = [policy.kinds[k].en if lang == "en" else policy.kinds[k].zh for k in kinds]
        return (" and " if lang == "en" else "和").join(names)

    nested = _nested(policy)[-2:]
    words = {
        "units.name": {"kinds": named(k for k in policy.kinds if k in policy.counted_only)},
        "units.affiliation": {"kinds": named(k for k in policy.kinds if k in policy.affiliable)},
        "units.parent": {"outer": named(nested[:1]), "inner": named(nested[1:])},
    }.get(column, {})
    said = NOTES[column if all(words.values()) else f"{column}.plain"]
    return said[lang == "en"].format(**words)


def _unit_examples(
    policy: Policy, names: Sequence[str], kinds: Vocabulary, lang: str
) -> Iterator[tuple[Any, ...]]:
    """Yield one unit inside another, from the top to the bottom."""
    above = None
    for number, kind in enumerate(_nested(policy), 1):
        unit = f"{EXAMPLES[lang]}-{number}"
        label = kinds.label(kind) if lang == "zh" else kind
        said = label.removeprefix("平安") if lang == "zh" else policy.kinds[kind].en
        name = f"（{EXAMPLES[lang]}）{said}" if lang == "zh" else f"({EXAMPLES[lang]}) {said}"
        row = {"id": unit, "kind": label, "name": name, "parent": above}
        yield tuple(row.get(column) for column in names)
        above = unit


def _nested(policy: Policy) -> list[str]:
    """Return the kinds that can stand one in another, as many as can be."""

    def longest(kind: str, inside: tuple[str, ...]) -> list[str]:
        below = [
            longest(k, (*inside, kind))
            for k, above in policy.may_sit_in.items()
            if kind in above and k not in inside and k != kind
        ]
        return [kind, *max(below, key=len, default=[])]

    chains = [longest(k, ()) for k in policy.unit_kinds if k not in policy.may_sit_in]
    return max(chains, key=len, default=policy.judged_units[:1])


def _needed(column: Attribute[Any]) -> bool:
    return column.default is NOTHING


def _example(
    table: str, column: Column, policy: Policy, known: Vocabulary | None, lang: str
) -> Any:
    """Return an example for a column; optional ids and ranks are left blank."""
    if f"{table}.{column.name}" in NO_EXAMPLE:
        return None
    if known is not None and column.choices:
        codes = list(known.words)
        code = policy.judged_units[0] if codes == list(policy.unit_kinds) else codes[0]
        return column.choices[codes.index(code)]
    if column.kind in ("id", "count") and not column.required:
        return None
    if column.kind == "value":
        about = next(iter(policy.inputs.values()))
        value = about.value(about.least)
        return about.label(value) if lang == "zh" else value
    year = _example_year(policy)
    examples: dict[str, Any] = {
        "id": f"{EXAMPLES[lang]}-1",
        "text": ("（{}）" if lang == "zh" else "({})").format(WORDS[lang]["example"]),
        "year": year,
        "date": example_day(policy),
        "score": Decimal("88.5"),
        "count": 3,
    }
    # a policy may have no words for a column, such as grades
    return examples.get(column.kind)
