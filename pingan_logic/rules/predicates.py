"""The predicates that the program gives to the rules or reads of them, each once.

What is written as facts, read back, checked for its form, known to the linter, shown after a run,
said of every unit of a class, and given by the data in the reference follows from this table. What
a predicate means stands in its docstring in the rules. The checker of certificates has a table of
its own: it rests on nothing of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from attrs import frozen

__all__ = [
    "COSTS", "DERIVED", "GIVEN", "INHERITED", "KNOWN", "PREDICATES", "RECORDED", "SUPPLIED",
    "Predicate",
]  # fmt: skip

_TEXTS = frozenset({"unit", "incident", "text"})
_NUMBERS = frozenset({"number", "units", "year", "day", "happened"})
_TERMS = frozenset({"term", "change"})


@frozen
class Predicate:
    """A predicate and the sort of each of its `places`: unit, incident and text are texts; number,
    units (how many are alike), year, day and happened (the day of an incident) whole numbers; term
    and change any terms; kind, clause, matter, item, status and name are names.

    It is `given` by the data, from the table `records` if units alike may differ in it; `derived`
    by each run, as `Outcome.field`, whose keys are the sorts `by` where it is the same for all
    units of a class but for their incidents; or stated by a policy, and read when that is loaded
    (policy), when a question needs it (question) or from its text alone (text).
    """

    name: str
    places: tuple[str, ...]
    source: str
    records: str | None = None
    field: str | None = None
    by: tuple[str, ...] = ()

    @property
    def arity(self) -> int:
        """How many places it has."""
        return len(self.places)

    @property
    def key(self) -> tuple[str, int]:
        """Name and arity."""
        return self.name, self.arity

    @property
    def signature(self) -> str:
        """Name and arity as they are written, such as `unit/2`."""
        return f"{self.name}/{self.arity}"

    @property
    def form(self) -> str:
        """The form of each argument: n a name, s a text, i a whole number, t any term."""
        return "".join(
            "s" if p in _TEXTS else "i" if p in _NUMBERS else "t" if p in _TERMS else "n"
            for p in self.places
        )

    def speaks_of(self, sort: str) -> bool:
        """Whether some place holds a unit, an incident or another sort."""
        return sort in self.places


def _of(source: str) -> Callable[..., Predicate]:
    def made(
        name: str,
        places: str = "",
        records: str | None = None,
        field: str | None = None,
        by: str = "",
    ) -> Predicate:
        return Predicate(name, tuple(places.split()), source, records, field, tuple(by.split()))

    return made


_given, _derived, _policy = _of("given"), _of("derived"), _of("policy")
_question, _text = _of("question"), _of("text")

PREDICATES = (
    # the data
    _given("unit", "kind unit"),
    _given("parent", "unit unit"),
    _given("affiliation", "unit name"),
    _given("incident", "incident unit item name name happened"),
    _given("responsible", "incident unit"),
    _given("alike", "unit"),
    _given("counts", "unit unit units"),
    _given("ledger", "unit item year", "ledgers"),
    _given("score", "unit year number", "scores"),
    _given("poll", "unit year term", "polls"),
    _given("requirement", "kind year number"),
    _given("not_applicable", "unit clause year", "not_applicable"),
    _given("value", "unit item year number", "values"),
    _given("given", "kind item year number"),
    _given("opened", "unit day"),
    _given("closed", "unit day"),
    _given("changed", "unit day change"),
    _given("asked", "name"),
    _given("cut_off", "number"),
    _given("year", "year"),
    # what a run derives
    _derived("verdict", "kind unit status", field="verdicts", by="unit"),
    _derived("overall", "unit status", field="overall", by="unit"),
    _derived("finding", "clause kind unit status term", field="findings", by="unit"),
    _derived("at_level", "unit kind", field="at_level", by="unit"),
    _derived("next_level", "unit kind", field="next_level", by="unit"),
    _derived("tally", "clause unit number number number", field="shares", by="clause unit"),
    _derived("breach", "clause matter unit incident", field="breaches", by="clause matter unit"),
    _derived("below", "clause matter unit incident", field="below", by="clause matter unit"),
    _derived("ungraded", "clause matter unit incident", field="ungraded", by="clause matter unit"),
    _derived("unrecorded", "clause matter unit item", field="unrecorded", by="clause matter unit"),
    _derived("holds", "unit item", field="holds", by="unit"),
    _derived("notice", "name term", field="notices"),
    _derived("answers", "matter item", field="answers"),
    _derived("accountable", "unit incident", field="accountable"),
    _derived("absent", "unit", field="absent"),
    _derived("relocated", "unit", field="relocated"),
    _derived("put", "unit unit", field="relocated"),
    _derived("named", "unit text", field="named"),
    _derived("heir", "unit unit", field="heirs"),
    _derived("attainment", "kind term number number number", field="attainment"),
    _derived("short", "kind term number", field="attainment"),
    _derived("attained", "kind term name", field="attainment"),
    _derived("final", field="final"),
    _derived("defect", "term"),
    _derived("amount", "clause unit item number", field="amounts", by="clause unit"),
    _derived("no_value", "clause unit item", field="no_value", by="clause unit"),
    _derived("refuted", "clause unit term", field="refuted", by="clause unit"),
    _derived("compared", "clause name number term", field="compared"),
    _derived(
        "unrecorded_then",
        "clause matter unit item year",
        field="unrecorded_then",
        by="clause matter unit",
    ),
    _derived("in_rate", "clause matter unit incident", field="in_rate", by="clause matter unit"),
    _derived("allows", "clause unit number", field="allows", by="clause unit"),
    _derived("sure_from", "clause unit number", field="due", by="clause unit"),
    _derived("points", "clause unit number number", field="points", by="clause unit"),
    # what a policy states, or its rules derive of that alone
    _policy("adds", "clause name term number"),
    _policy("affiliable", "kind"),
    _policy("all_of", "clause clause"),
    _policy("also_called", "name name text"),
    _policy("any_of", "clause clause"),
    _policy("asks_for", "clause name number"),
    _policy("asks_for", "clause name number number"),
    _policy("asks_for_given", "clause name item"),
    _policy("assigned", "kind kind"),
    _policy("attainment_by", "kind"),
    _policy("base_points", "clause number"),
    _policy("best_of", "clause number"),
    _policy("best_of", "clause number number"),
    _policy("best_within", "clause kind"),
    _policy("body", "name text text"),
    _policy("clause", "clause kind text text"),
    _policy("default_year", "year"),
    _policy("effort_is", "text text"),
    _policy("english", "clause text"),
    _policy("given_for_kind", "item"),
    _policy("grade", "name term text text"),
    _policy("group_limits", "clause name number number"),
    _policy("incident_type", "item text text"),
    _policy("includes", "kind kind"),
    _policy("input", "item name term text text"),
    _policy("input_choice", "item number name text text"),
    _policy("input_limits", "item number number"),
    _policy("input_unit", "item text text"),
    _policy("interpretation", "number name text text"),
    _policy("kind", "kind text text text"),
    _policy("lasting", "item"),
    _policy("level", "kind number kind"),
    _policy("list_of", "kind text text number"),
    _policy("listed_by", "kind name"),
    _policy("lists", "name status"),
    _policy("lists_highest", "name"),
    _policy("looks_back", "clause matter number"),
    _policy("may_be_declared", "clause"),
    _policy("may_give", "name number"),
    _policy("may_sit_in", "kind kind"),
    _policy("measures", "clause term"),
    _policy("members", "clause kind"),
    _policy("notice_name", "text text"),
    _policy("notice_text", "name text text"),
    _policy("on_claim", "item"),
    _policy("one_for_each", "name kind"),
    _policy("only_at_year_end", "name"),
    _policy("pass_mark", "clause number"),
    _policy("poll_clause", "clause"),
    _policy("period_begins", "number number"),
    _policy("period_years", "number year"),
    _policy("points_like", "clause clause"),
    _policy("posted", "name"),
    _policy("programme_name", "text text"),
    _policy("programme_year", "year"),
    _policy("prohibits", "clause matter term text text"),
    _policy("recorded_of", "item kind"),
    _policy("result_before", "item"),
    _policy("role", "name kind name"),
    _policy("role_name", "name text text"),
    _policy("said_by_check", "name"),
    _policy("settle_words", "item text text"),
    _policy("switch", "name term"),
    _policy("switch_value", "name term"),
    _policy("switch_words", "name number text text"),
    _policy("target", "kind number number"),
    _policy("template", "term"),
    _policy("threshold", "clause number number"),
    _policy("tied_out", "clause"),
    _policy("lowest_first", "clause"),
    _policy("title", "kind text"),
    _policy("value_words", "name term text text"),
    # what questions look at
    _question("change_cost", "item number number"),
    _question("declare_cost", "number"),
    _question("grade_cost", "number"),
    _question("hints_rest_on", "name"),
    _question("ledger_cost", "kind number"),
    _question("point_cost", "number"),
    _question("record_cost", "name number"),
    _question("settle_cost", "item kind number"),
    _question("supply_cost", "item number"),
    _question("term", "clause term unit item number number"),
    # what is read of a rule file as text
    _text("answers_text", "term text text"),
    _text("background", "text text text"),
    _text("connective", "text"),
    _text("defect_text", "name text text"),
    _text("differs_by", "term term"),
    _text("human_judgement", "text text text text"),
    _text("out_of_scope", "text text text text"),
    _text("tested_by", "term name"),
)

GIVEN: Mapping[str, int] = MappingProxyType(
    {p.name: p.arity for p in PREDICATES if p.source == "given"}
)
"""The predicates that data is written as, with their arity."""
SUPPLIED = frozenset(p.signature for p in PREDICATES if p.source == "given")
"""The same as they are written in rules, `unit/2`."""
RECORDED: Mapping[tuple[str, int], str] = MappingProxyType(
    {p.key: p.records for p in PREDICATES if p.records is not None}
)
"""The tables of records of units, by the predicate as which they are written."""
DERIVED = tuple(p for p in PREDICATES if p.source == "derived")
"""The predicates whose atoms are read after each run."""
KNOWN = frozenset(p.signature for p in PREDICATES if p.source != "given")
"""The predicates that are read from outside the rules."""
COSTS = frozenset(p.signature for p in PREDICATES if p.name.endswith("_cost"))
"""The predicates that say what effort a remedy takes."""
INHERITED = (("inside", 2), *(p.key for p in DERIVED if p.name in ("relocated", "put", "named")))
"""What units have from their surroundings."""
